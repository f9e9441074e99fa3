// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TRAJECTORY_STATE_H
#define GLASS_TRAJECTORY_STATE_H

#include "lmptype.h"

#include <array>
#include <vector>

namespace LAMMPS_NS {
class LAMMPS;
}

namespace glass {

/// Where a trajectory stands, so that something else can be done with the atoms in between and the
/// trajectory then goes on as if nothing had been.
///
/// Kept are all that migrates with the atoms (by LAMMPS's own packing for exchange: positions,
/// velocities, images, topology, and what fixes store per atom), the forces, the order of the atoms
/// and their ranks (sums of forces depend on it in their last digits), the box, the time step
/// counters, and which computes are wanted at which steps. Random numbers and the global state of
/// fixes need no copy: a minimisation calls no hook of a fix that advances them.
///
/// Bytes: about 20 doubles an atom.
class TrajectoryState {
 public:
  /// Copies the state of this rank. lmp must live as long as this.
  explicit TrajectoryState(LAMMPS_NS::LAMMPS *lmp);

  /// Puts everything back. What follows from the positions (ghosts, neighbour lists, energies,
  /// virials) is made anew, so that whatever is evaluated next is right, and a run may go on
  /// without setup. Returns false, and has changed no atom, if fixes that store values per atom
  /// came or went since, so that the copy cannot be read. Collective.
  bool restore();

  /// Puts back the counters and the computes' lists of steps, and keeps the atoms where they are.
  void keep_atoms();

 private:
  struct Box {
    std::array<double, 3> lo, hi;
    std::array<double, 3> tilt;
  };
  /// Members of LAMMPS's Update.
  struct Time {
    double dt, atime;
    double etol, ftol;
    LAMMPS_NS::bigint ntimestep, atimestep, firststep, laststep, beginstep, endstep;
    LAMMPS_NS::bigint eflag_global, eflag_atom, vflag_global, vflag_atom;
    int nsteps, whichflag, first_update, max_eval, restrict_output;
  };
  /// Of one compute: the steps at which it is wanted, and whether it was this step.
  struct Invocation {
    std::vector<LAMMPS_NS::bigint> steps;
    bool invoked;
  };

  void save_atoms();
  void restore_atoms();
  void restore_box();
  void restore_time();
  void restore_invocations();
  void initialise_run();
  bool atoms_at_home() const;
  void find_ghosts();
  void find_forces();

  LAMMPS_NS::LAMMPS *lmp;
  Box box;
  Time time;
  std::vector<Invocation> invocation_c;
  std::vector<double> packed;                     // one atom after the other
  std::vector<double> position, force, torque;    // three an atom
  std::vector<int> storing_fixes;
  int n_atoms;
};

}    // namespace glass

#endif
