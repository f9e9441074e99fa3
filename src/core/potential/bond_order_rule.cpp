// Part of lammps-glass, GPL-2.0.

#include "bond_order_rule.h"

#include <algorithm>
#include <utility>

namespace glass {

namespace {

/// target += factor (a (x) b)
void add_product(Eigen::Matrix3d &target, double factor, const Eigen::Vector3d &a,
                 const Eigen::Vector3d &b)
{
  target.noalias() += factor * a * b.transpose();
}

/// target += a (x) b + b (x) a
void add_symmetric(Eigen::Matrix3d &target, const Eigen::Vector3d &a, const Eigen::Vector3d &b)
{
  const Eigen::Matrix3d product = a * b.transpose();
  target += product + product.transpose();
}

/// The second derivative of theta by one of the two vectors, r n, the other one pointing along m:
///
///   transverse 1 + along n(x)n + mixed (n(x)m + m(x)n) + across m(x)m,
///
/// from d theta/dr and d theta/dc of that vector, with p = dc/d(r n) = (m - c n)/r and
/// d2c = -(p(x)n + n(x)p)/r - c (1 - n(x)n)/r^2.
struct OneSidedCurvature {
  double transverse, along, mixed, across;

  OneSidedCurvature(double r, double c, double d, double dd, double dc, const AngleDerivatives &t)
  {
    const double inverse = 1.0 / r, square = inverse * inverse;
    transverse = (d - c * t.c * inverse) * inverse;
    across = t.cc * square;
    mixed = dc * inverse - (c * t.cc + t.c) * square;
    along = dd - (d + 2.0 * c * dc) * inverse + (c * t.cc + 3.0 * t.c) * c * square;
  }
};

/// factor d2 theta/dr_ij dr_ik, rows belonging to j.
Eigen::Matrix3d mixed_curvature(double factor, const AngleDerivatives &t, double c, double r_j,
                                const Eigen::Vector3d &n_j, double r_k, const Eigen::Vector3d &n_k)
{
  const double inverse_j = factor / r_j, inverse_k = factor / r_k, inverse_jk = inverse_j / r_k;
  const double bend = (c * t.cc + t.c) * inverse_jk;
  const double jj = t.jc * inverse_k - bend;
  const double kk = t.kc * inverse_j - bend;
  const double jk = factor * t.jk - c * (t.jc * inverse_k + t.kc * inverse_j - bend);
  const double kj = t.cc * inverse_jk;
  // Two products instead of four: n_j (x) (..) + n_k (x) (..)
  Eigen::Matrix3d g_33 = n_j * (jj * n_j + jk * n_k).transpose();
  g_33.noalias() += n_k * (kj * n_j + kk * n_k).transpose();
  g_33.diagonal().array() += t.c * inverse_jk;
  return g_33;
}

}    // namespace

BondOrderRule::BondOrderRule(std::unique_ptr<BondOrderFunctional> functional,
                             std::vector<int> element_t) :
    functional_(std::move(functional)),
    element_t_(std::move(element_t))
{
  const int n = functional_->n_elements();
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) {
      double reach = functional_->bond_cutoff(i, k);
      for (int j = 0; j < n; ++j)
        reach = std::max(reach, functional_->leg_cutoff(i, j, k));
      reach_squared_ee_.push_back(reach * reach);
    }
}

void BondOrderRule::evaluate(const Site &site, SiteDerivatives &out) const
{
  const int element = element_t_[site.type - 1];
  if (element < 0) return;
  find_neighbours(site, element);

  // Room for every pair; several bonds add to each.
  const std::size_t n = neighbour_n_.size();
  const std::size_t first = out.coupling_m.size();
  first_coupling_n_.clear();
  for (std::size_t a = 0; a < n; ++a) {
    first_coupling_n_.push_back(static_cast<std::ptrdiff_t>(out.coupling_m.size()) -
                                static_cast<std::ptrdiff_t>(a + 1));
    for (std::size_t b = a + 1; b < n; ++b)
      out.coupling_m.push_back(
          {neighbour_n_[a].number, neighbour_n_[b].number, Eigen::Matrix3d::Zero()});
  }

  for (std::size_t j = 0; j < n; ++j)
    if (neighbour_n_[j].r < functional_->bond_cutoff(element, neighbour_n_[j].element))
      add_bond(element, j, out);

  out.coupling_m.erase(
      std::remove_if(out.coupling_m.begin() + static_cast<std::ptrdiff_t>(first),
                     out.coupling_m.end(),
                     [](const Coupling &coupling) { return coupling.g_jk_33.isZero(0.0); }),
      out.coupling_m.end());
}

void BondOrderRule::find_neighbours(const Site &site, int element) const
{
  const int n_elements = functional_->n_elements();
  std::vector<Neighbour> &neighbours = neighbour_n_;
  neighbours.clear();
  for (std::size_t j = 0; j < site.r_n3.size(); ++j) {
    const int element_j = element_t_[site.type_n[j] - 1];
    if (element_j < 0) continue;
    const double r_squared = site.r_n3[j].squaredNorm();
    if (r_squared >= reach_squared_ee_[element * n_elements + element_j]) continue;
    const double r = std::sqrt(r_squared);
    neighbours.push_back({static_cast<int>(j), element_j, r, site.r_n3[j] / r});
  }

  leg_en_.assign(n_elements * neighbours.size(), Radial());
  for (int e = 0; e < n_elements; ++e) {
    if (std::none_of(neighbours.begin(), neighbours.end(),
                     [e](const Neighbour &neighbour) { return neighbour.element == e; }))
      continue;
    for (std::size_t k = 0; k < neighbours.size(); ++k)
      leg_en_[e * neighbours.size() + k] =
          functional_->leg(element, e, neighbours[k].element, neighbours[k].r);
  }
}

void BondOrderRule::add_bond(int element, std::size_t j, SiteDerivatives &out) const
{
  const auto &[number_j, element_j, r_j, n_j] = neighbour_n_[j];
  const BondOrderFunctional::Leg leg_j{element_j, r_j, leg(element_j, j)};

  // xi and its gradient come first, as the derivatives of phi depend on it.
  double xi = 0.0;
  Eigen::Vector3d xi_j = Eigen::Vector3d::Zero();
  triplet_k_.clear();
  for (std::size_t k = 0; k < neighbour_n_.size(); ++k) {
    const Neighbour &third = neighbour_n_[k];
    if (k == j || third.r >= functional_->leg_cutoff(element, element_j, third.element)) continue;
    const double c = n_j.dot(third.n);
    const AngleDerivatives t =
        functional_->theta(element, leg_j, {third.element, third.r, leg(element_j, k)}, c);
    xi += t.value;
    xi_j += (t.j - c * t.c / r_j) * n_j + (t.c / r_j) * third.n;
    triplet_k_.push_back({k, c, t, (t.k - c * t.c / third.r) * third.n + (t.c / third.r) * n_j});
  }

  // The site takes half of each bond.
  BondDerivatives phi = functional_->phi(element, element_j, r_j, xi);
  for (double *derivative : {&phi.r, &phi.xi, &phi.rr, &phi.rxi, &phi.xixi})
    *derivative *= 0.5;

  out.g_n3[number_j] += phi.r * n_j + phi.xi * xi_j;
  Eigen::Matrix3d &g_jj_33 = out.bond_n33[number_j];
  // Everything of the form n_j (x) v + v (x) n_j and what is isotropic is summed up first.
  double transverse = phi.r / r_j;
  Eigen::Vector3d along = 0.5 * (phi.rr - phi.r / r_j) * n_j + phi.rxi * xi_j;
  if (phi.xixi != 0.0) add_product(g_jj_33, phi.xixi, xi_j, xi_j);
  const Eigen::Vector3d gradient_j = phi.rxi * n_j + phi.xixi * xi_j;    // of phi_xi, by r_j

  for (std::size_t m = 0; m < triplet_k_.size(); ++m) {
    const auto &[k, c, t, xi_k] = triplet_k_[m];
    const auto &[number_k, element_k, r_k, n_k] = neighbour_n_[k];
    out.g_n3[number_k] += phi.xi * xi_k;

    const OneSidedCurvature at_j(r_j, c, t.j, t.jj, t.jc, t);
    transverse += phi.xi * at_j.transverse;
    along += phi.xi * (0.5 * at_j.along * n_j + at_j.mixed * n_k);
    add_product(g_jj_33, phi.xi * at_j.across, n_k, n_k);

    const OneSidedCurvature at_k(r_k, c, t.k, t.kk, t.kc, t);
    Eigen::Matrix3d &g_kk_33 = out.bond_n33[number_k];
    g_kk_33.diagonal().array() += phi.xi * at_k.transverse;
    add_symmetric(g_kk_33, n_k, phi.xi * (0.5 * at_k.along * n_k + at_k.mixed * n_j));
    add_product(g_kk_33, phi.xi * at_k.across, n_j, n_j);

    Eigen::Matrix3d g_jk_33 = mixed_curvature(phi.xi, t, c, r_j, n_j, r_k, n_k);
    add_product(g_jk_33, 1.0, gradient_j, xi_k);
    if (j < k)
      out.coupling_m[first_coupling_n_[j] + static_cast<std::ptrdiff_t>(k)].g_jk_33 += g_jk_33;
    else
      out.coupling_m[first_coupling_n_[k] + static_cast<std::ptrdiff_t>(j)].g_jk_33 +=
          g_jk_33.transpose();

    // Third neighbours of one bond are coupled by its xi, also without any angle between them.
    if (phi.xixi == 0.0) continue;
    add_product(g_kk_33, phi.xixi, xi_k, xi_k);
    for (std::size_t l = 0; l < m; ++l)
      add_product(
          out.coupling_m[first_coupling_n_[triplet_k_[l].k] + static_cast<std::ptrdiff_t>(k)]
              .g_jk_33,
          phi.xixi, triplet_k_[l].xi_k, xi_k);
  }
  add_symmetric(g_jj_33, n_j, along);
  g_jj_33.diagonal().array() += transverse;
}

}    // namespace glass
