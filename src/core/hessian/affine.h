// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_AFFINE_H
#define GLASS_AFFINE_H

#include "../communicator.h"
#include "site_expansion.h"

#include <array>

namespace glass {

/// One component of strain, x_kappa -> x_kappa + epsilon x_chi; a simple shear where the two differ.
struct StrainComponent {
  int kappa, chi;
};

/// The components that LAMMPS names xx, yy, zz, xy, xz, yz, in that order; xy is x += epsilon y.
constexpr std::array<StrainComponent, 6> strain_components{
    {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}}};

/// The linear and quadratic response of the site energies to affine strain (docs/theory.rst).
/// Components c, d are numbered as strain_components.
struct AffineResponse {
  /// Xi_c = df/d epsilon_c at fixed fractional coordinates, energy/distance, for the own rows. Forces are
  /// compared as Cartesian vectors before and after (Lemaitre and Maloney, J. Stat. Phys. 123, 415 (2006);
  /// Huang et al., arXiv:2408.07937, App. D).
  std::vector<std::array<Eigen::Vector3d, 6>> xi_r63;

  /// d2U/d epsilon_c d epsilon_d, energy, summed over all ranks.
  Eigen::Matrix<double, 6, 6> born_66 = Eigen::Matrix<double, 6, 6>::Zero();

  /// dU/d epsilon_kappa,chi = sum g_kappa r_chi, energy, summed over all ranks: minus the virial.
  Eigen::Matrix3d stress_times_volume = Eigen::Matrix3d::Zero();
};

/// Collective.
AffineResponse affine_response(const SiteExpansion &expansion, const Communicator &communicator);

/// Forces on the own rows, -dU/dx, energy/distance. Collective.
std::vector<Eigen::Vector3d> forces(const SiteExpansion &expansion, const Communicator &communicator);

}    // namespace glass

#endif
