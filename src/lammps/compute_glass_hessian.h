// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_HESSIAN_H
#define LMP_COMPUTE_GLASS_HESSIAN_H

#include "compute_glass.h"
#include "step_results.h"

namespace LAMMPS_NS {

/// compute glass/hessian: the sparse Hessian or dynamical matrix itself
/// (docs/compute_glass_hessian.rst).
class ComputeGlassHessian : public ComputeGlass, public glass::StepResults {
 public:
  ComputeGlassHessian(class LAMMPS *, int, char **);
  ~ComputeGlassHessian() override;
  void init() override;
  void forget_results() override { step_of_matrix = -1; }
  double compute_scalar() override;
  void compute_local() override;
  double memory_usage() override;

 private:
  enum class Format { NONE, MATRIX_MARKET, NUMPY };

  void compute_matrix();
  void scale_by_masses(const std::vector<double> &mass_r);
  void write(const std::vector<double> &mass_r);
  std::string unit() const;

  bool dynamical = false;
  Format format = Format::NONE;
  std::string file;

  glass::BlockMatrix matrix;
  std::vector<std::int64_t> id_row;    // of all rows, on every rank
  double trace = 0.0;
  bigint step_of_matrix = -1;
  int max_local_rows = 0;
};

}    // namespace LAMMPS_NS

#endif
