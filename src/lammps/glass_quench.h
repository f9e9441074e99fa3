// Part of lammps-glass, GPL-2.0.

#ifndef LMP_GLASS_QUENCH_H
#define LMP_GLASS_QUENCH_H

#include "command.h"

#include <string>
#include <vector>

namespace glass {
class QuietOutput;
}

namespace LAMMPS_NS {

/// Command glass/quench: visits the inherent structure of the current configuration, that is, the
/// minimum of the potential energy to which LAMMPS's minimiser leads from it (Stillinger and Weber,
/// Science 225, 983 (1984)), evaluates computes and variables there, and goes back.
class GlassQuench : public Command {
 public:
  explicit GlassQuench(class LAMMPS *lmp) : Command(lmp) {}
  void command(int, char **) override;

 private:
  /// A scalar or an element of a compute, or an equal-style variable, as in thermo output.
  struct Value {
    std::string label;
    class Compute *compute = nullptr;
    int variable = -1;
    int index1 = 0, index2 = 0;    // from 1 on; 0: none
  };

  void parse(int narg, char **arg);
  void parse_keywords(int iarg, int narg, char **arg);
  void check() const;
  bool random_forces() const;
  void find_fix();
  Value find_value(const std::string &label) const;
  double evaluate(const Value &value) const;
  std::vector<double> minimise_and_evaluate(const std::vector<Value> &values,
                                            glass::QuietOutput *quiet);
  void run_minimiser() const;
  void warn_if_not_converged(const std::vector<double> &row) const;
  double largest_force() const;
  double transition_threshold(double energy) const;
  void write_row() const;
  std::string name() const;

  std::string id, file;
  double etol = 0.0, ftol = 0.0;
  int maxiter = 0, maxeval = 0;
  std::vector<std::string> labels;
  double transition = -1.0;    // negative: a fraction of the energy of an atom
  bool restore = true, verbose = false;
  class FixGlassQuench *fix = nullptr;
};

}    // namespace LAMMPS_NS

#endif
