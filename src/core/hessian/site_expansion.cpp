// Part of lammps-glass, GPL-2.0.

#include "site_expansion.h"

namespace glass {

SiteExpansion expand_sites(const Environment &environment, const SiteRule &rule)
{
  const std::size_t n_bonds = environment.r_b3.size();
  SiteExpansion expansion;
  expansion.environment = &environment;
  expansion.g_b3.resize(n_bonds);
  expansion.bond_b33.resize(n_bonds);
  if (rule.collective()) {
    expansion.u_b3.resize(n_bonds);
    expansion.curvature_s.resize(environment.n_sites);
  }

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

    SiteDerivatives out;
    out.g_n3 = {expansion.g_b3.data() + first, n};
    out.bond_n33 = {expansion.bond_b33.data() + first, n};
    if (rule.collective()) out.u_n3 = {expansion.u_b3.data() + first, n};
    rule.evaluate(site, out);

    if (rule.collective()) expansion.curvature_s[s] = out.curvature;
  }
  return expansion;
}

}    // namespace glass
