// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_QLM_H
#define LMP_COMPUTE_GLASS_QLM_H

#include "compute_glass_pairs.h"
#include "step_results.h"

#include "observable/pseudo_harmonic.h"
#include "spectrum/lowest_modes.h"

namespace LAMMPS_NS {

/// compute glass/qlm: pseudo-harmonic modes (docs/compute_glass_qlm.rst).
class ComputeGlassQLM : public ComputeGlassPairs, public glass::StepResults {
 public:
  ComputeGlassQLM(class LAMMPS *, int, char **);
  ~ComputeGlassQLM() override;
  void init() override;
  void forget_results() override { step_of_modes = -1; }
  double compute_scalar() override;
  void compute_vector() override;
  void compute_array() override;
  void compute_peratom() override;
  double memory_usage() override;

 private:
  void parse(int narg, char **arg);
  void compute_modes();
  std::vector<glass::Dipole> choose_starts(const Structure &structure, const Solution &solution);
  std::vector<glass::PseudoHarmonicMode> minimise(const Structure &structure,
                                                  const std::vector<glass::Dipole> &starts,
                                                  glass::LinearSolver &solver);
  void fill(const Structure &structure, std::vector<glass::PseudoHarmonicMode> &modes);
  void fill_normal(const Structure &structure, const std::vector<glass::PseudoHarmonicMode> &modes,
                   const glass::PartialEigenPairs &normal);
  void fill_peratom(const Structure &structure,
                    const std::vector<glass::PseudoHarmonicMode> &modes);
  Eigen::Vector3d centre(const Structure &structure, const Eigen::VectorXd &field) const;

  int most_starts = 100, n_modes = 10, n_fields = 1, n_normal = 0;
  glass::PseudoHarmonicOptions minimiser;
  bigint step_of_modes = -1;
  int max_atoms = 0;
};

}    // namespace LAMMPS_NS

#endif
