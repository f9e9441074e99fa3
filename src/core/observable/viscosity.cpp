// Part of lammps-glass, GPL-2.0.

#include "viscosity.h"

#include "../pi.h"

#include <cmath>
#include <stdexcept>

namespace glass {

ViscositySums viscosity_sums(const NormalModes &modes, double threshold, double omega_min)
{
  const auto sum = [&](ModeClass mode_class) {
    return inverse_square_sum(modes, mode_class, threshold, omega_min);
  };
  ViscositySums sums;
  sums.localized = sum(ModeClass::localized);
  sums.delocalized = sum(ModeClass::delocalized);
  sums.stable = sum(ModeClass::stable);
  sums.all = sum(ModeClass::all);
  sums.n_left_out = (modes.omega_p.array().abs() < omega_min).count();
  return sums;
}

double einstein_friction(double thermal_energy, double mass, double diffusion)
{
  if (!(thermal_energy > 0.0 && mass > 0.0 && diffusion > 0.0))
    throw std::invalid_argument("temperature, mass and diffusion coefficient must be > 0");
  return thermal_energy / (mass * diffusion);
}

double longest_wave(double modulus, double density, double volume, int dimension)
{
  if (!(modulus > 0.0 && density > 0.0 && volume > 0.0))
    throw std::invalid_argument("bulk modulus, density and volume must be > 0");
  if (dimension != 2 && dimension != 3) throw std::invalid_argument("dimension must be 2 or 3");
  return 2.0 * PI * std::sqrt(modulus / density) / std::pow(volume, 1.0 / dimension);
}

}    // namespace glass
