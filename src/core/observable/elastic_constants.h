// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_ELASTIC_CONSTANTS_H
#define GLASS_ELASTIC_CONSTANTS_H

#include "../hessian/affine.h"
#include "../spectrum/block_operator.h"

namespace glass {

using Matrix6 = Eigen::Matrix<double, 6, 6>;

/// Affine forces as right-hand sides: column c is component component_c[c] of
/// strain_components. Own rows.
BlockVector columns_of(const std::vector<AffineForce> &xi_r63,
                       const std::vector<int> &component_c = {0, 1, 2, 3, 4, 5});

/// The energy that nonaffine motion takes from the Born term: Xi_c . H^-1 . Xi_d, energy, summed
/// over ranks. Collective.
/// @param xi        columns_of() the affine forces
/// @param response  H^-1 of them
Matrix6 nonaffine_energy(const BlockVector &xi, const BlockVector &response,
                         const Communicator &communicator);

/// Average of a modulus over orientations: under uniform strain (Voigt, an upper bound), under
/// uniform stress (Reuss, a lower bound), and the mean of both (Hill).
struct Average {
  double voigt = 0.0, reuss = 0.0, hill = 0.0;
};

/// Elastic constants of one configuration, energy/volume. In the order of Voigt, xx yy zz yz xz xy,
/// with the engineering shear gamma = 2 e; in dimension 2 whatever has a z is zero and volume means
/// area. Stress is positive under tension, sigma = (1/V) dU/d epsilon.
///
/// With A_ijkl = (1/V) d2U/d epsilon_ij d epsilon_kl for x_i -> x_i + epsilon_ij x_j, and U a
/// function of the Green strain eta = (F^T F - 1)/2 alone, of which the part of second order in
/// epsilon is (epsilon^T epsilon)/2:
///
///   C_ijkl = A_ijkl - delta_ik sigma_jl
///   B_ijkl = C_ijkl + (sigma_ik delta_jl + sigma_il delta_jk + sigma_jk delta_il
///                      + sigma_jl delta_ik - 2 sigma_ij delta_kl)/2
///
/// C is the second derivative of U by Green strain (Brugger). B is the change of the Cauchy stress
/// with a strain without rotation (Wallace; Barron and Klein, Proc. Phys. Soc. 85, 523 (1965)); its
/// symmetric part tells stability under stress, and averages are taken of that. All three are the
/// same where there is no stress.
struct ElasticConstants {
  Eigen::Matrix3d stress_33 = Eigen::Matrix3d::Zero();

  /// A in the order of strain_components (xx yy zz xy xz yz), not that of Voigt.
  Matrix6 simple_66 = Matrix6::Zero();
  Matrix6 green_66 = Matrix6::Zero();            ///< C
  Matrix6 stress_strain_66 = Matrix6::Zero();    ///< B; not symmetric under anisotropic stress

  /// Of the symmetric part of B. Reuss, and with it Hill, is not a number where that is not
  /// positive definite.
  Average bulk, shear;

  /// The modulus of simple shear xy, xz, yz, the diagonal of A: G of Kapteijns et al., J. Chem.
  /// Phys. 155, 074502 (2021), App. A. In dimension 2 only the first is defined, others are zero.
  std::array<double, 3> simple_shear_s{};
  double simple_shear = 0.0;    ///< mean of those defined
};

/// @param energy        of the configuration under affine strain
/// @param nonaffine_66  nonaffine_energy() for the moduli of slow deformation, during which atoms
///                      follow the minimum; zero for those at fixed fractional coordinates
/// @param volume        area in dimension 2
ElasticConstants elastic_constants(const AffineEnergy &energy, const Matrix6 &nonaffine_66,
                                   double volume, int dimension = 3);

/// Averages of a symmetric matrix of constants in the order of Voigt (Hill, Proc. Phys. Soc. A 65,
/// 349 (1952)), with S its inverse:
///
///   9 K_V = C11 + C22 + C33 + 2 (C12 + C13 + C23),  1/K_R = the same sum of S
///   15 G_V = C11 + C22 + C33 - C12 - C13 - C23 + 3 (C44 + C55 + C66)
///   15/G_R = 4 (S11 + S22 + S33 - S12 - S13 - S23) + 3 (S44 + S55 + S66)
///
/// and in dimension 2, from the two invariants C_iijj = 4K and C_ijij = 2K + 4G of a matrix that is
/// isotropic in the plane, and the like for S,
///
///   4 K_V = C11 + C22 + 2 C12,  1/K_R = S11 + S22 + 2 S12
///   8 G_V = C11 + C22 - 2 C12 + 4 C66,  2/G_R = S11 + S22 - 2 S12 + S66
void average_moduli(const Matrix6 &constants_66, int dimension, Average &bulk, Average &shear);

}    // namespace glass

#endif
