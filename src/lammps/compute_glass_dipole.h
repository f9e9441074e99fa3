// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_DIPOLE_H
#define LMP_COMPUTE_GLASS_DIPOLE_H

#include "compute_glass_pairs.h"
#include "step_results.h"

#include "observable/stiffness_statistics.h"

namespace LAMMPS_NS {

/// compute glass/dipole: stiffness of responses to force dipoles (docs/compute_glass_dipole.rst).
class ComputeGlassDipole : public ComputeGlassPairs, public glass::StepResults {
 public:
  ComputeGlassDipole(class LAMMPS *, int, char **);
  ~ComputeGlassDipole() override;
  void init() override;
  void forget_results() override { step_of_stiffness = -1; }
  double compute_scalar() override;
  void compute_vector() override;
  void compute_array() override;
  void compute_peratom() override;
  void compute_local() override;
  double memory_usage() override;

 private:
  void parse(int narg, char **arg);
  void compute_stiffness();
  void fill_global(const Structure &structure, const Solution &solution);
  void fill_histogram(const std::vector<double> &kappa_k,
                      const glass::StiffnessStatistics &statistics);
  void fill_peratom(const Structure &structure, const Solution &solution);
  void fill_local(const Structure &structure, const Solution &solution);

  glass::LogarithmicBins bins{0.0, 0.0, 50};    // low < high once the range is given or chosen
  bigint step_of_stiffness = -1;
  int max_atoms = 0, max_pairs = 0;
};

}    // namespace LAMMPS_NS

#endif
