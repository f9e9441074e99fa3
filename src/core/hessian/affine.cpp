// Part of lammps-glass, GPL-2.0.

#include "affine.h"

#include "slots.h"

namespace glass {

namespace {

/// Sums of n numbers per slot, and the way home for those that belong to other ranks.
template <std::size_t n> class SlotSums {
 public:
  using Value = std::array<double, n>;

  explicit SlotSums(const Environment &environment) :
      environment_(environment), slots_(environment), value_v_(slots_.size(), Value{})
  {
  }

  /// The sum of an atom's row, or nullptr for an atom that is held fixed.
  double *of_atom(int atom)
  {
    const int slot = slots_.slot_of_atom(atom);
    return slot == Slots::none ? nullptr : value_v_[slot].data();
  }

  /// The own rows, with what all ranks contributed.
  std::vector<Value> collect(const Communicator &communicator) const
  {
    std::vector<std::vector<Row>> row_p(communicator.size());
    std::vector<std::vector<Value>> value_p(communicator.size());
    for (std::size_t v = 0; v < slots_.size(); ++v) {
      const Row row = slots_.row(static_cast<int>(v));
      const int owner = environment_.layout.owner(row);
      row_p[owner].push_back(row);
      value_p[owner].push_back(value_v_[v]);
    }
    row_p = communicator.exchange(row_p);
    value_p = communicator.exchange(value_p);

    const Row first = environment_.layout.first(communicator.rank());
    std::vector<Value> value_r(environment_.layout.count(communicator.rank()), Value{});
    for (int p = 0; p < communicator.size(); ++p)
      for (std::size_t k = 0; k < row_p[p].size(); ++k)
        for (std::size_t m = 0; m < n; ++m)
          value_r[row_p[p][k] - first][m] += value_p[p][k][m];
    return value_r;
  }

 private:
  const Environment &environment_;
  Slots slots_;
  std::vector<Value> value_v_;
};

/// target += sign * v, unless the atom is held fixed.
void add_to(double *target, const Eigen::Vector3d &v, double sign)
{
  if (target) Eigen::Map<Eigen::Vector3d>(target) += sign * v;
}

/// The rates of g_j under the six components, a_j = sum_k G_jk (e_kappa r_ik,chi), for every bond
/// of one site. All that strain does to a site follows from these.
void rates_of_site(const SiteExpansion &expansion, std::size_t site, std::vector<AffineForce> &a_n)
{
  const Environment &environment = *expansion.environment;
  const std::size_t first = environment.first_bond_s[site];
  const std::size_t n = environment.first_bond_s[site + 1] - first;
  const Eigen::Vector3d *r_n3 = environment.r_b3.data() + first;

  a_n.resize(n);
  for (std::size_t j = 0; j < n; ++j)
    for (int c = 0; c < 6; ++c) {
      const auto [kappa, chi] = strain_components[c];
      a_n[j][c] = expansion.bond_b33[first + j].col(kappa) * r_n3[j][chi];
    }

  for (std::size_t v = expansion.first_collective_s[site];
       v < expansion.first_collective_s[site + 1]; ++v) {
    const Eigen::Vector3d *u_n3 = expansion.u_m3.data() + expansion.first_u_c[v];
    // d rho/d epsilon_c = sum_j u_j,kappa r_ij,chi, times the curvature
    std::array<double, 6> pull_c{};
    for (std::size_t j = 0; j < n; ++j)
      for (int c = 0; c < 6; ++c)
        pull_c[c] += expansion.curvature_c[v] * u_n3[j][strain_components[c].kappa] *
                     r_n3[j][strain_components[c].chi];
    for (std::size_t j = 0; j < n; ++j)
      for (int c = 0; c < 6; ++c)
        a_n[j][c] += pull_c[c] * u_n3[j];
  }

  for (std::size_t m = expansion.first_coupling_s[site]; m < expansion.first_coupling_s[site + 1];
       ++m) {
    const auto &[j, k, g_jk_33] = expansion.coupling_m[m];
    for (int c = 0; c < 6; ++c) {
      const auto [kappa, chi] = strain_components[c];
      a_n[j][c] += g_jk_33.col(kappa) * r_n3[k][chi];
      a_n[k][c] += g_jk_33.row(kappa).transpose() * r_n3[j][chi];
    }
  }
}

}    // namespace

std::vector<AffineForce> affine_forces(const SiteExpansion &expansion,
                                       const Communicator &communicator)
{
  const Environment &environment = *expansion.environment;
  SlotSums<18> xi(environment);    // component after component
  std::vector<AffineForce> a_n;
  for (std::size_t s = 0; s < environment.n_sites; ++s) {
    double *centre = xi.of_atom(static_cast<int>(s));
    rates_of_site(expansion, s, a_n);
    for (std::size_t j = 0; j < a_n.size(); ++j) {
      double *neighbour = xi.of_atom(environment.atom_b[environment.first_bond_s[s] + j]);
      for (int c = 0; c < 6; ++c) {
        add_to(neighbour ? neighbour + 3 * c : nullptr, a_n[j][c], -1.0);
        add_to(centre ? centre + 3 * c : nullptr, a_n[j][c], 1.0);
      }
    }
  }

  const auto sum_r = xi.collect(communicator);
  std::vector<AffineForce> xi_r63(sum_r.size());
  for (std::size_t r = 0; r < sum_r.size(); ++r)
    for (int c = 0; c < 6; ++c)
      xi_r63[r][c] = Eigen::Vector3d(sum_r[r].data() + 3 * c);
  return xi_r63;
}

AffineEnergy affine_energy(const SiteExpansion &expansion, const Communicator &communicator)
{
  const Environment &environment = *expansion.environment;
  AffineEnergy energy;
  std::vector<AffineForce> a_n;
  for (std::size_t s = 0; s < environment.n_sites; ++s) {
    rates_of_site(expansion, s, a_n);
    for (std::size_t j = 0; j < a_n.size(); ++j) {
      const std::size_t b = environment.first_bond_s[s] + j;
      const Eigen::Vector3d &r = environment.r_b3[b];
      energy.stress_times_volume += expansion.g_b3[b] * r.transpose();
      for (int c = 0; c < 6; ++c)
        for (int d = 0; d < 6; ++d)
          energy.born_66(c, d) +=
              a_n[j][c][strain_components[d].kappa] * r[strain_components[d].chi];
    }
  }
  communicator.sum_in_place(energy.stress_times_volume.data(), 9);
  communicator.sum_in_place(energy.born_66.data(), 36);
  return energy;
}

std::vector<Eigen::Vector3d> forces(const SiteExpansion &expansion,
                                    const Communicator &communicator)
{
  const Environment &environment = *expansion.environment;
  SlotSums<3> force(environment);
  for (std::size_t s = 0; s < environment.n_sites; ++s) {
    double *centre = force.of_atom(static_cast<int>(s));
    for (std::size_t b = environment.first_bond_s[s]; b < environment.first_bond_s[s + 1]; ++b) {
      add_to(force.of_atom(environment.atom_b[b]), expansion.g_b3[b], -1.0);
      add_to(centre, expansion.g_b3[b], 1.0);
    }
  }
  std::vector<Eigen::Vector3d> f_r3;
  for (const auto &f : force.collect(communicator))
    f_r3.emplace_back(f[0], f[1], f[2]);
  return f_r3;
}

}    // namespace glass
