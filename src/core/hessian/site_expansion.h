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

  /// Collective variables of site s: first_collective_s[s] .. first_collective_s[s + 1] - 1; the
  /// vectors of variable c, one a bond of its site, begin at first_u_c[c].
  std::vector<std::size_t> first_collective_s{0};
  std::vector<double> curvature_c;
  std::vector<std::size_t> first_u_c;
  LargeVector<Eigen::Vector3d> u_m3;

  /// Couplings of site s: first_coupling_s[s] .. first_coupling_s[s + 1] - 1; j and k count from
  /// the first bond of the site.
  std::vector<std::size_t> first_coupling_s{0};
  LargeVector<Coupling> coupling_m;
};

/// Applies the rule to every site. The environment must outlive the result.
SiteExpansion expand_sites(const Environment &environment, const SiteRule &rule);

}    // namespace glass

#endif
