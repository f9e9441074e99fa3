// Part of lammps-glass, GPL-2.0.

#include "composite_rule.h"

namespace glass {

void CompositeRule::evaluate(const Site &site, SiteDerivatives &out) const
{
  const std::size_t n_neighbours = site.r_n3.size();
  std::vector<int> neighbour_m, atom_m, type_m;
  std::vector<Eigen::Vector3d> r_m3, g_m3;
  std::vector<Eigen::Matrix3d> bond_m33;
  SiteDerivatives part_out;

  for (const Part &part : parts_) {
    const double *cutoff_squared_t = &part.cutoff_squared_tt[(site.type - 1) * n_types_];
    neighbour_m.clear();
    atom_m.clear();
    type_m.clear();
    r_m3.clear();
    for (std::size_t j = 0; j < n_neighbours; ++j) {
      if (site.r_n3[j].squaredNorm() >= cutoff_squared_t[site.type_n[j] - 1]) continue;
      neighbour_m.push_back(static_cast<int>(j));
      atom_m.push_back(site.atom_n[j]);
      type_m.push_back(site.type_n[j]);
      r_m3.push_back(site.r_n3[j]);
    }
    const std::size_t n = neighbour_m.size();
    if (n == 0) continue;

    g_m3.assign(n, Eigen::Vector3d::Zero());
    bond_m33.assign(n, Eigen::Matrix3d::Zero());
    part_out.g_n3 = g_m3;
    part_out.bond_n33 = bond_m33;
    part_out.curvature_c.clear();
    part_out.u_cn3.clear();
    part_out.coupling_m.clear();
    part.rule->evaluate({site.atom, site.type, atom_m, type_m, r_m3}, part_out);

    for (std::size_t m = 0; m < n; ++m) {
      out.g_n3[neighbour_m[m]] += g_m3[m];
      out.bond_n33[neighbour_m[m]] += bond_m33[m];
    }
    for (std::size_t c = 0; c < part_out.curvature_c.size(); ++c) {
      const std::size_t first = out.u_cn3.size();
      out.curvature_c.push_back(part_out.curvature_c[c]);
      out.u_cn3.resize(first + n_neighbours, Eigen::Vector3d::Zero());
      for (std::size_t m = 0; m < n; ++m)
        out.u_cn3[first + neighbour_m[m]] = part_out.u_cn3[c * n + m];
    }
    for (const auto &[j, k, g_jk_33] : part_out.coupling_m)
      out.coupling_m.push_back({neighbour_m[j], neighbour_m[k], g_jk_33});
  }
}

}    // namespace glass
