// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SITE_RULE_H
#define GLASS_SITE_RULE_H

#include "../span.h"

#include <Eigen/Core>

#include <vector>

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

/// G_jk of two different neighbours j and k, kept once for the pair.
struct Coupling {
  int j = 0, k = 0;           ///< numbers of the neighbours within the site
  Eigen::Matrix3d g_jk_33;    ///< d2U_i/dr_ij dr_ik, energy/distance^2
};

/// First and second derivatives of one site energy:
///
///   g_j  = dU_i/dr_ij,
///   G_jk = d2U_i/dr_ij dr_ik = delta_jk bond_j + sum_c curvature_c u_cj (x) u_ck + coupling_jk.
///
/// bond_j (symmetric) collects what is diagonal in the neighbours. A collective variable rho_c, as
/// the density of the embedded-atom method, couples all neighbours at the price of one vector
/// each: u_cj = d rho_c/dr_ij, curvature_c = d2U_i/d rho_c2. What couples only a few neighbours, as
/// angular terms do, is listed pair by pair.
struct SiteDerivatives {
  Span<Eigen::Vector3d> g_n3;            ///< energy/distance
  Span<Eigen::Matrix3d> bond_n33;        ///< energy/distance^2
  std::vector<double> curvature_c;       ///< one a collective variable
  std::vector<Eigen::Vector3d> u_cn3;    ///< one a neighbour for every collective variable
  std::vector<Coupling> coupling_m;
};

/// A potential, as the rule that differentiates the energy of one site (docs/theory.rst).
///
/// Everything the package computes from a potential - forces, virial, Hessian, affine force field,
/// Born constants - is assembled from what evaluate() returns; a new potential is a new rule.
class SiteRule {
 public:
  virtual ~SiteRule() = default;

  /// Adds the derivatives of U_i to `out`: to g and bond, which have one element a neighbour, and
  /// at the end of the lists. Neighbours are passed up to the largest cutoff of the two types;
  /// the rule leaves out those beyond its own.
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
