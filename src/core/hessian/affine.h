// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_AFFINE_H
#define GLASS_AFFINE_H

#include "../communicator.h"
#include "site_expansion.h"

#include <array>

namespace glass {

/// One component of strain, x_kappa -> x_kappa + epsilon x_chi; a simple shear where the two
/// differ.
struct StrainComponent {
  int kappa, chi;
};

/// The components that LAMMPS names xx, yy, zz, xy, xz, yz, in that order; xy is x += epsilon y.
constexpr std::array<StrainComponent, 6> strain_components{
    {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}}};

/// The six components at one atom, numbered as strain_components.
using AffineForce = std::array<Eigen::Vector3d, 6>;

/// Xi_c = df/d epsilon_c at fixed fractional coordinates, energy/distance, of the own rows. Forces
/// are compared as Cartesian vectors before and after (Lemaitre and Maloney, J. Stat. Phys. 123,
/// 415 (2006); Huang et al., arXiv:2408.07937, App. D). Collective.
std::vector<AffineForce> affine_forces(const SiteExpansion &expansion,
                                       const Communicator &communicator);

/// What the energy does under affine strain, summed over all ranks.
struct AffineEnergy {
  /// dU/d epsilon_kappa,chi = sum g_kappa r_chi, energy: minus the virial.
  Eigen::Matrix3d stress_times_volume = Eigen::Matrix3d::Zero();

  /// The Born term d2U/d epsilon_c d epsilon_d at fixed fractional coordinates, energy.
  Eigen::Matrix<double, 6, 6> born_66 = Eigen::Matrix<double, 6, 6>::Zero();
};

/// Collective.
AffineEnergy affine_energy(const SiteExpansion &expansion, const Communicator &communicator);

/// Forces on the own rows, -dU/dx, energy/distance. Collective.
std::vector<Eigen::Vector3d> forces(const SiteExpansion &expansion,
                                    const Communicator &communicator);

}    // namespace glass

#endif
