// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SITE_EXPANSION_H
#define GLASS_SITE_EXPANSION_H

#include "../large_vector.h"
#include "../potential/site_rule.h"
#include "environment.h"

namespace glass {

/// The derivatives of all site energies of one rank (see SiteDerivatives), indexed by the bonds of
/// its environment: the one calculation that forces, virial, Hessian, affine forces and Born
/// constants share.
struct SiteExpansion {
  const Environment *environment = nullptr;
  LargeVector<Eigen::Vector3d> g_b3;
  LargeVector<Eigen::Matrix3d> bond_b33;
  LargeVector<Eigen::Vector3d> u_b3;    ///< empty if the rule has no collective variable
  std::vector<double> curvature_s;      ///< empty likewise

  bool collective() const { return !curvature_s.empty(); }
};

/// Applies the rule to every site. The environment must outlive the result.
SiteExpansion expand_sites(const Environment &environment, const SiteRule &rule);

}    // namespace glass

#endif
