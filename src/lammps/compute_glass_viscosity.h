// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_VISCOSITY_H
#define LMP_COMPUTE_GLASS_VISCOSITY_H

#include "compute.h"

#include "inm_reference.h"
#include "value_source.h"

#include <optional>
#include <string>
#include <vector>

namespace LAMMPS_NS {

/// compute glass/viscosity: viscosity from the modes of a compute glass/inm, by class
/// (docs/compute_glass_viscosity.rst). Keeps nothing between evaluations: what costs time is the
/// modes, which glass/inm keeps and forgets.
class ComputeGlassViscosity : public Compute {
 public:
  ComputeGlassViscosity(class LAMMPS *, int, char **);
  ~ComputeGlassViscosity() override;
  void init() override;
  double compute_scalar() override;
  void compute_vector() override;
  double memory_usage() override;

 private:
  struct Thermostat {
    class Fix *fix;
    const double *target;
  };

  void parse(int narg, char **arg);
  void check_modes(const class ComputeGlassINM &inm) const;
  void evaluate();
  double friction_rate();
  double lowest_frequency();
  double target_temperature() const;
  std::vector<Thermostat> find_thermostats() const;
  double mean_mass() const;
  double positive(ValueSource &source, bool zero_allowed) const;
  bool fully_periodic() const;
  void log_once();
  void log(const std::string &line) const;
  std::string name() const;

  INMReference source;
  std::optional<ValueSource> friction, diffusion, temperature, mass, omega_min, modulus;
  bool verbose = true;
};

}    // namespace LAMMPS_NS

#endif
