// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SITE_RULE_H
#define GLASS_SITE_RULE_H

#include "../span.h"

#include <Eigen/Core>

namespace glass {

/// One site i and its neighbours j: the argument of the site energy U_i({r_ij}).
///
/// Every periodic image within the cutoff is a neighbour of its own; r_ij points from i to that
/// image.
struct Site {
  int atom = 0;                        ///< index of atom i in the caller's arrays
  int type = 0;                        ///< type of atom i
  Span<const int> atom_n;              ///< index of each neighbour in the caller's arrays
  Span<const int> type_n;              ///< type of each neighbour
  Span<const Eigen::Vector3d> r_n3;    ///< r_ij = r_j - r_i
};

/// First and second derivatives of one site energy, in the form that all supported potentials
/// share:
///
///   g_j  = dU_i/dr_ij,
///   G_jk = d2U_i/dr_ij dr_ik = delta_jk bond_j + curvature * u_j (x) u_k.
///
/// bond_j (symmetric) collects what depends on one neighbour alone; u_j = d rho_i/dr_ij is the
/// gradient of the one collective variable rho_i through which neighbours couple, and curvature =
/// d2U_i/drho_i2. A potential without collective variable leaves curvature at zero and u untouched.
struct SiteDerivatives {
  Span<Eigen::Vector3d> g_n3;        ///< energy/distance
  Span<Eigen::Matrix3d> bond_n33;    ///< energy/distance^2
  Span<Eigen::Vector3d> u_n3;        ///< empty if !SiteRule::collective()
  double curvature = 0.0;
};

/// A potential, as the rule that differentiates the energy of one site (docs/theory.rst).
///
/// Everything the package computes from a potential - forces, virial, Hessian, affine force field,
/// Born constants - is assembled from what evaluate() returns; a new potential is a new rule.
class SiteRule {
 public:
  virtual ~SiteRule() = default;

  /// True if the rule has a collective variable, i.e. fills u and curvature.
  virtual bool collective() const = 0;

  /// Writes the derivatives of U_i. All spans of `out` have one element a neighbour; the caller
  /// passes only neighbours within the cutoff of the two types.
  virtual void evaluate(const Site &site, SiteDerivatives &out) const = 0;
};

/// Second derivative of a radial function along the bond r: f'' n(x)n + (f'/r)(1 - n(x)n).
inline Eigen::Matrix3d radial_curvature(const Eigen::Vector3d &n, double r, double df, double d2f)
{
  const double transverse = df / r;
  Eigen::Matrix3d curvature = (d2f - transverse) * n * n.transpose();
  curvature.diagonal().array() += transverse;
  return curvature;
}

}    // namespace glass

#endif
