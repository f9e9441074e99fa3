// Part of lammps-glass, GPL-2.0.

#ifndef LMP_FIX_GLASS_QUENCH_H
#define LMP_FIX_GLASS_QUENCH_H

#include "fix.h"

#include <string>
#include <vector>

namespace LAMMPS_NS {

/// What command glass/quench remembers from call to call, and gives to the rest of the script as
/// f_ID. The command makes it; it does nothing in a run.
class FixGlassQuench : public Fix {
 public:
  /// Of a row, before the values that the user names.
  enum Column { STEP, ENERGY, ITERATIONS, LARGEST_FORCE, CONVERGED, TRANSITIONS, RATE, FIXED };

  /// arg: ID group style, and the names of the values.
  FixGlassQuench(class LAMMPS *, int, char **);
  ~FixGlassQuench() override;
  int setmask() override { return 0; }
  double compute_scalar() override;
  double compute_vector(int) override;
  void write_restart(FILE *) override;
  void restart(char *) override;

  /// One inherent structure: row holds the columns but TRANSITIONS and RATE, which this fills in.
  /// A transition is a change of the energy by more than `threshold` since the last converged one;
  /// time is that of the trajectory.
  void add(std::vector<double> row, double threshold, double time);

  /// Whether rows are to go behind what the file has: it was begun by this fix, or by that of the
  /// run that wrote the restart file. From now on they do.
  bool appends_to(const std::string &file);

  const std::vector<std::string> labels;    // of the values
  std::vector<double> row;                  // the last one, zero before the first

 private:
  std::string file_begun;
  bool restarted = false;
  int n_quenches = 0;
  int n_transitions = 0;
  bool has_energy = false;    // whether any quench converged
  double energy = 0.0;        // of the last one that did
  double first_time = 0.0;
};

}    // namespace LAMMPS_NS

#endif
