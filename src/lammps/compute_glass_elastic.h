// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_ELASTIC_H
#define LMP_COMPUTE_GLASS_ELASTIC_H

#include "compute_glass_inherent.h"
#include "step_results.h"

#include "observable/elastic_constants.h"

namespace LAMMPS_NS {

/// compute glass/elastic: affine and relaxed elastic constants (docs/compute_glass_elastic.rst).
class ComputeGlassElastic : public ComputeGlassInherent, public glass::StepResults {
 public:
  ComputeGlassElastic(class LAMMPS *, int, char **);
  ~ComputeGlassElastic() override;
  void init() override;
  void forget_results() override { step_of_constants = -1; }
  double compute_scalar() override;
  void compute_vector() override;
  void compute_array() override;

 private:
  void parse(int narg, char **arg);
  void compute_elastic();
  glass::Matrix6 nonaffine_energy(Derivatives &derivatives);
  void report(const glass::SolveReport &solve, double took);
  void fill(const glass::ElasticConstants &affine, const glass::ElasticConstants &relaxed);

  bool relaxed = true;
  bigint step_of_constants = -1;
};

}    // namespace LAMMPS_NS

#endif
