// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_INM_H
#define LMP_COMPUTE_GLASS_INM_H

#include "compute_glass.h"
#include "step_results.h"

#include "observable/distributed_modes.h"
#include "observable/kernel_polynomial.h"
#include "observable/mode_statistics.h"

#include <functional>
#include <memory>
#include <optional>

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
  /// What is known of the modes, on the first rank; elsewhere empty. Without vectors.
  const glass::NormalModes &normal_modes() const { return modes; }
  /// Where they live; there if keep_vectors() was called before compute_modes(). The rows are
  /// those of group_atoms().
  const glass::ModeVectors &mode_vectors() const { return *vectors; }
  /// P_c, or 0 if none was given.
  double participation_threshold() const { return threshold; }
  /// Whether the whole spectrum is solved for.
  bool has_all_modes() const { return range.all() && solver != Solver::PARTIAL && has_modes(); }
  /// Whether there are modes at all: kernel polynomials find none.
  bool has_modes() const { return solver != Solver::KPM; }
  /// Whether all unstable modes are among those found. With solver partial that depends on the
  /// configuration: it holds for the last solve, and is true before the first.
  bool has_unstable_modes() const { return unstable_complete; }
  /// The components of strain that modes are projected onto, of glass::strain_components.
  const std::vector<int> &strain_of_modes() const { return components; }
  /// Own atoms of the group, as the rows of the modes are ordered within this rank.
  using ComputeGlass::group_atoms;

 private:
  enum class Solver { AUTO, LAPACK, SCALAPACK, PARTIAL, KPM };

  /// The eigenproblem of the current configuration, spread over the ranks.
  struct Problem {
    std::unique_ptr<glass::DynamicalMatrix> matrix;
    glass::BlockVector xi;    ///< mass-weighted affine forces Xi_i/sqrt(m_i), a column a component
    std::vector<double> mass_r;
  };

  // compute_glass_inm_arguments.cpp
  void parse(int narg, char **arg);
  void parse_modes(int &iarg, int narg, char **arg);
  void parse_solver(int &iarg, int narg, char **arg);
  void need(int iarg, int n_values, int narg, char **arg);

  // compute_glass_inm_solvers.cpp
  Solver choose_solver() const;
  std::size_t degrees_of_freedom() const;
  std::size_t available_on_each_rank() const;
  Problem pose_problem();
  glass::DensePlan plan_on_first_rank();
  void solve_on_first_rank();
  void solve_together(const std::function<void()> &solve);
  glass::ScalapackPlan plan_on_all_ranks();
  void solve_on_all_ranks();
  void plan_lowest();
  void solve_for_lowest();
  void keep(glass::DistributedModes &&found);

  // compute_glass_inm_kpm.cpp
  void expand_in_polynomials();
  void plan_moments(const glass::ChebyshevInterval &interval, const glass::SpectralRange &extremes);
  void share_polynomials(const glass::PolynomialSpectrum &spectrum,
                         const glass::SpectralRange &extremes, int enough_moments);
  void fill_local(const Eigen::MatrixXd &mu_nc, const Eigen::MatrixXd &xi_nc);

  // compute_glass_inm_results.cpp
  void share_statistics();
  void fill_vector(const glass::BinnedSpectrum &spectrum);
  void fill_array(const glass::BinnedSpectrum &spectrum);
  void fill_local();
  void grow_local(int n_rows);

  // settings
  glass::FrequencyBins bins{0.0, 0.0, 100};    // low < high once the range is given or chosen
  std::vector<int> components;                 // of glass::strain_components
  double threshold = 0.0;                      // P_c; 0: no split of the unstable modes
  double omega_min = 0.0;
  glass::EigenvalueRange range;
  Solver solver = Solver::AUTO;
  int n_lowest = 0;    // of solver partial

  // of solver kpm; 0: chosen
  int n_moments = 0, n_vectors = 0, seed = 12345;

  glass::NormalModes modes;
  std::optional<glass::ModeVectors> vectors;
  double seconds_of_solve = 0.0;
  bool vectors_wanted = false;
  bool unstable_complete = true;    // the same on all ranks
  bigint step_of_modes = -1;
  int max_local_rows = 0;
};

}    // namespace LAMMPS_NS

#endif
