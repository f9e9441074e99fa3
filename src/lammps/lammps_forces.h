// Part of lammps-glass, GPL-2.0.

#ifndef LMP_LAMMPS_FORCES_H
#define LMP_LAMMPS_FORCES_H

#include "pointers.h"

#include "hessian/difference_derivatives.h"

#include <string>
#include <utility>
#include <vector>

namespace LAMMPS_NS {

/// The forces that LAMMPS itself computes - pair style, bonded interactions, long-range part; no
/// fixes - at positions near the current ones. While it lives, positions, forces, accumulated
/// energies and virials, and the box are its own; its end brings all of them back, bit for bit.
/// Construction and every evaluation are collective.
class LammpsForces : public glass::ForceField, protected Pointers {
 public:
  explicit LammpsForces(class LAMMPS *lmp);
  ~LammpsForces() noexcept override;
  LammpsForces(const LammpsForces &) = delete;
  LammpsForces &operator=(const LammpsForces &) = delete;

  /// Why forces cannot be evaluated at will in this system, with the mend; empty if they can.
  static std::string obstacle(class LAMMPS *lmp);

  /// Whether the neighbour lists of the pair style still serve the current positions. They may not
  /// once a fix has moved atoms or the box at the end of a step. Collective.
  static bool lists_are_current(class LAMMPS *lmp);

  std::vector<Eigen::Vector3d>
  displaced_forces(const std::vector<Eigen::Vector3d> &displacement_i3) override;

  /// @throws std::runtime_error for a shear of a long-range part in a box without tilt factors
  StrainedState strained_forces(const glass::StrainComponent &component, double epsilon) override;

 private:
  void save_accumulators();
  void set_box(const Eigen::Matrix3d &deformation);
  std::vector<Eigen::Vector3d> own_forces() const;
  Eigen::Matrix3d total_virial() const;

  struct Box {
    double lo[3], hi[3], xy, xz, yz;
  };
  Box current_box() const;
  void apply(const Box &box, bool set_up_kspace = true);

  int n_all;    // own atoms and ghosts
  std::vector<double> x_saved, f_saved, torque_saved;
  Box box_saved;
  bool box_changed = false;
  bool moved = false;    // whether forces were evaluated anywhere else; the same on all ranks
  std::vector<int> tallies_saved;
  std::vector<std::pair<double *, int>> accumulators;    // where energies and virials are kept
  std::vector<double> accumulators_saved;
};

}    // namespace LAMMPS_NS

#endif
