// Part of lammps-glass, GPL-2.0.

#include "pair_rule.h"

#include <cmath>

namespace glass {

void PairRule::evaluate(const Site &site, SiteDerivatives &out) const
{
  for (std::size_t j = 0; j < site.r_n3.size(); ++j) {
    const double r_squared = site.r_n3[j].squaredNorm();
    const double r = std::sqrt(r_squared);
    const Eigen::Vector3d n = site.r_n3[j] / r;
    const PairDerivatives u =
        function_.derivatives(site.atom, site.atom_n[j], site.type, site.type_n[j], r_squared);
    out.g_n3[j] += 0.5 * u.du * n;
    out.bond_n33[j] += radial_curvature(n, r, 0.5 * u.du, 0.5 * u.d2u);
  }
}

}    // namespace glass
