// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_INM_H
#define LMP_COMPUTE_GLASS_INM_H

#include "compute_glass.h"
#include "step_results.h"

#include "hessian/affine.h"
#include "observable/mode_statistics.h"

namespace LAMMPS_NS {

/// compute glass/inm: normal modes of the current configuration (docs/compute_glass_inm.rst).
class ComputeGlassINM : public ComputeGlass, public glass::StepResults {
 public:
  ComputeGlassINM(class LAMMPS *, int, char **);
  ~ComputeGlassINM() override;
  void init() override;
  void forget_results() override { step_of_modes = -1; }
  double compute_scalar() override;
  void compute_vector() override;
  void compute_array() override;
  void compute_local() override;
  double memory_usage() override;

  /// For styles that use the modes of this one. Vectors are kept from the next solve on.
  void keep_vectors() { vectors_wanted = true; }
  /// Solves for the current configuration unless that has been done. Collective.
  void compute_modes();
  /// The modes, on the first rank; elsewhere empty. Vectors are ordered by row.
  const glass::NormalModes &normal_modes() const { return modes; }
  /// P_c, or 0 if none was given.
  double participation_threshold() const { return threshold; }
  /// The part of the spectrum that is solved for.
  const glass::EigenvalueRange &eigenvalue_range() const { return range; }
  /// Whether the whole spectrum is solved for.
  bool has_all_modes() const { return range.all(); }
  /// The components of strain of the columns of xi_squared_pc, as of glass::strain_components.
  const std::vector<int> &strain_of_modes() const { return components; }
  /// Own atoms of the group, as the rows of the modes are ordered within this rank.
  using ComputeGlass::group_atoms;

 private:
  void parse(int narg, char **arg);
  glass::DensePlan plan_solve(std::size_t n);
  glass::ModeProblem pose_problem();
  Eigen::MatrixXd gather_xi(const std::vector<glass::AffineForce> &xi_r63,
                            const std::vector<double> &mass_r) const;
  void solve(glass::ModeProblem &&problem, const glass::DensePlan &plan);
  void share_statistics();
  void fill_local();

  // settings
  glass::FrequencyBins bins{0.0, 0.0, 100};    // low < high once the range is given or chosen
  std::vector<int> components;                 // of glass::strain_components
  double threshold = 0.0;                      // P_c; 0: no split of the unstable modes
  double omega_min = 0.0;
  glass::EigenvalueRange range;

  glass::NormalModes modes;
  bool vectors_wanted = false;
  bool vectors_kept = false;    // of the modes at hand; the same on all ranks
  bigint step_of_modes = -1;
  int max_local_rows = 0;
};

}    // namespace LAMMPS_NS

#endif
