// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_MODULUS_H
#define LMP_COMPUTE_GLASS_MODULUS_H

#include "compute_glass.h"
#include "inm_reference.h"
#include "step_results.h"

#include "observable/complex_modulus.h"
#include "observable/friction_kernel.h"

#include <optional>

namespace LAMMPS_NS {

/// compute glass/modulus: the complex modulus of damped modes (docs/compute_glass_modulus.rst).
class ComputeGlassModulus : public ComputeGlass, public glass::StepResults {
 public:
  ComputeGlassModulus(class LAMMPS *, int, char **);
  ~ComputeGlassModulus() override;
  void init() override;
  void forget_results() override { step_of_moduli = -1; }
  double compute_scalar() override;
  void compute_vector() override;
  void compute_array() override;

 private:
  /// What was found at one frequency.
  struct Response {
    std::vector<std::complex<double>> sum_c;    // S of every component
    double error = 0.0;                         // bound of the error of their mean
    double relative_error = 0.0;                // the same over |G*|
    double modes_in_line = 0.0;
  };

  // in compute_glass_modulus_arguments.cpp
  void parse(int narg, char **arg);
  int parse_frequencies(int narg, char **arg);
  int parse_kernel(int narg, char **arg);
  std::string read_file(const std::string &file);

  std::vector<Eigen::Index> check_modes(const class ComputeGlassINM &inm) const;
  void evaluate();
  void respond_by_modes();
  void respond_by_lanczos(Derivatives &derivatives);
  bool judge(const glass::Lanczos &lanczos, Eigen::Index n_random, Eigen::Index n_modes);
  void check_static_limit(double lowest, double highest);
  void fill();
  double modulus_unit() const;

  // settings
  std::vector<double> omega_w;
  std::unique_ptr<glass::FrictionKernel> kernel;
  std::vector<int> components;           // of glass::strain_components
  std::optional<INMReference> source;    // of modes; none: Lanczos steps
  double tolerance = 1.0e-6;
  int most_steps = 10000;
  int seed = 12345;
  bool rescaled = false;
  double real_factor = 1.0, imaginary_factor = 1.0, affine_constant = 0.0;

  // of the configuration at hand
  std::vector<std::complex<double>> nu_w, shift_w;
  std::vector<Response> response_w;
  std::vector<double> affine_c;    // G_A
  int n_missed = 0;                // frequencies that are above the tolerance
  bool told_of_misses = false;     // in this run
  bigint step_of_moduli = -1;
};

}    // namespace LAMMPS_NS

#endif
