// Part of lammps-glass, GPL-2.0.

#include "site_expansion.h"

namespace glass {

SiteExpansion expand_sites(const Environment &environment, const SiteRule &rule)
{
  const std::size_t n_bonds = environment.r_b3.size();
  SiteExpansion expansion;
  expansion.environment = &environment;
  expansion.g_b3.assign(n_bonds, Eigen::Vector3d::Zero());
  expansion.bond_b33.assign(n_bonds, Eigen::Matrix3d::Zero());

  SiteDerivatives out;
  std::vector<int> type_n;
  for (std::size_t s = 0; s < environment.n_sites; ++s) {
    const std::size_t first = environment.first_bond_s[s];
    const std::size_t n = environment.first_bond_s[s + 1] - first;

    type_n.resize(n);
    for (std::size_t j = 0; j < n; ++j)
      type_n[j] = environment.type_a[environment.atom_b[first + j]];

    Site site;
    site.atom = static_cast<int>(s);
    site.type = environment.type_a[s];
    site.atom_n = {environment.atom_b.data() + first, n};
    site.type_n = type_n;
    site.r_n3 = {environment.r_b3.data() + first, n};

    out.g_n3 = {expansion.g_b3.data() + first, n};
    out.bond_n33 = {expansion.bond_b33.data() + first, n};
    out.curvature_c.clear();
    out.u_cn3.clear();
    out.coupling_m.clear();
    rule.evaluate(site, out);

    for (std::size_t c = 0; c < out.curvature_c.size(); ++c) {
      expansion.curvature_c.push_back(out.curvature_c[c]);
      expansion.first_u_c.push_back(expansion.u_m3.size() + c * n);
    }
    if (s == 0) {    // the first site tells what all will take
      expansion.u_m3.reserve(out.curvature_c.size() * n_bonds);
      expansion.coupling_m.reserve(out.coupling_m.size() * environment.n_sites);
    }
    expansion.u_m3.insert(expansion.u_m3.end(), out.u_cn3.begin(), out.u_cn3.end());
    expansion.first_collective_s.push_back(expansion.curvature_c.size());
    expansion.coupling_m.insert(expansion.coupling_m.end(), out.coupling_m.begin(),
                                out.coupling_m.end());
    expansion.first_coupling_s.push_back(expansion.coupling_m.size());
  }
  return expansion;
}

}    // namespace glass
