// Part of lammps-glass, GPL-2.0.

#include "eam_rule.h"

#include <algorithm>

namespace glass {

CubicTable::Value CubicTable::operator()(double x) const
{
  const double position = x * inverse_step + 1.0;
  const int m = std::max(1, std::min(static_cast<int>(position), n - 1));
  double p = position - m;
  const bool beyond = p > 1.0;
  if (beyond) p = 1.0;
  const double *c = coefficients[m];
  return {((c[3] * p + c[4]) * p + c[5]) * p + c[6], (c[0] * p + c[1]) * p + c[2],
          beyond ? 0.0 : (2.0 * c[0] * p + c[1]) * inverse_step};
}

void EamRule::evaluate(const Site &site, SiteDerivatives &out) const
{
  const std::size_t n_neighbours = site.r_n3.size();

  // F' enters every bond, so the density comes first.
  struct Bond {
    double r;
    CubicTable::Value f;
  };
  std::vector<Bond> bond_n(n_neighbours);
  double rho = 0.0;
  for (std::size_t j = 0; j < n_neighbours; ++j) {
    const double r = site.r_n3[j].norm();
    bond_n[j] = {r, tables_.density(site.type_n[j], site.type)(r)};
    rho += bond_n[j].f.f;
  }

  const CubicTable::Value embedding = tables_.embedding(site.type)(rho);
  out.curvature_c.push_back(embedding.d2f);

  for (std::size_t j = 0; j < n_neighbours; ++j) {
    const auto &[r, f] = bond_n[j];
    const Eigen::Vector3d n = site.r_n3[j] / r;
    const CubicTable::Value z = tables_.pair(site.type, site.type_n[j])(r);    // z = r phi
    const double dphi = (z.df - z.f / r) / r;
    const double d2phi = (z.d2f - 2.0 * dphi) / r;
    const double du = embedding.df * f.df + 0.5 * dphi;
    const double d2u = embedding.df * f.d2f + 0.5 * d2phi;
    out.g_n3[j] += du * n;
    out.bond_n33[j] += radial_curvature(n, r, du, d2u);
    out.u_cn3.emplace_back(f.df * n);
  }
}

}    // namespace glass
