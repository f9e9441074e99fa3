// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_INHERENT_H
#define LMP_COMPUTE_GLASS_INHERENT_H

#include "compute_glass.h"

#include "spectrum/linear_solver.h"

namespace LAMMPS_NS {

/// What computes share that solve for the response of an inherent structure: the keywords of the
/// solver, and the check that there is a minimum. Not a style of its own.
class ComputeGlassInherent : public ComputeGlass {
 public:
  using ComputeGlass::ComputeGlass;

 protected:
  /// Reads one of the keywords solver, tolerance, maxiter, fmax, moves iarg behind its value and
  /// returns true; false if arg[iarg] is another.
  /// @param dense_offered  whether dense is one of the solvers
  bool parse_solver_keyword(int &iarg, int narg, char **arg, bool dense_offered);

  /// Ends the run with an error if the largest force component is larger than an inherent structure
  /// can have; returns it.
  /// @param also  what else a user may do than to minimize, to follow a comma
  double check_inherent_structure(const std::vector<Eigen::Vector3d> &force_r,
                                  const glass::BlockMatrix &hessian, const std::string &also);

  double largest_component(const std::vector<Eigen::Vector3d> &force_r) const;

  glass::SolveOptions options;
  bool dense_wanted = false;

 private:
  double largest_force_allowed = 0.0;    // 0: from the stiffness
};

}    // namespace LAMMPS_NS

#endif
