// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_VISCOSITY_H
#define GLASS_VISCOSITY_H

#include "mode_statistics.h"

namespace glass {

/// Eq. 1 of Huang et al. (arXiv:2408.07937), eta = (gamma/V) sum_p xi_p^2/lambda_p^2, without its
/// prefactor: the sums over the modes of each class with |omega_p| >= omega_min. Unit: time^2
/// energy if xi^2 is energy/time^2.
struct ViscositySums {
  double localized = 0.0, delocalized = 0.0;    ///< of the unstable modes, split at P_c
  double stable = 0.0;
  double all = 0.0;
  Eigen::Index n_left_out = 0;    ///< modes with |omega_p| < omega_min
};

/// xi_p^2 is the mean over the components of strain. Infinite or NaN if a mode with lambda = 0 is
/// not left out.
ViscositySums viscosity_sums(const NormalModes &modes, double threshold, double omega_min);

/// Friction rate gamma = k_B T/(m D) of a Brownian particle (Einstein), 1/time; thermal_energy is
/// k_B T in units mass distance^2/time^2, diffusion is D in distance^2/time.
double einstein_friction(double thermal_energy, double mass, double diffusion);

/// Angular frequency of the longest wave in a box, 2 pi v/L with v = sqrt(B/rho), L = V^(1/d): the
/// omega_min of Huang et al. Energies in units mass distance^2/time^2: the modulus B is one by
/// volume, the density rho a mass by volume (by area if d = 2).
double longest_wave(double modulus, double density, double volume, int dimension);

}    // namespace glass

#endif
