// Part of lammps-glass, GPL-2.0.

#include "bond_order_rule.h"

#include <algorithm>
#include <utility>

namespace glass {

namespace {

/// target += a (x) b
void add_product(Eigen::Matrix3d &target, const Eigen::Vector3d &a, const Eigen::Vector3d &b)
{
  target.noalias() += a * b.transpose();
}

/// The second derivative of theta by one of the two vectors, r n, the other one pointing along m:
///
///   transverse 1 + along n(x)n + mixed (n(x)m + m(x)n) + across m(x)m,
///
/// from d theta/dr and d theta/dc of that vector, with p = dc/d(r n) = (m - c n)/r and
/// d2c = -(p(x)n + n(x)p)/r - c (1 - n(x)n)/r^2.
struct OneSidedCurvature {
  double transverse, along, mixed, across;

  OneSidedCurvature(double inverse, double c, double d, double dd, double dc,
                    const AngleDerivatives &t)
  {
    const double square = inverse * inverse;
    transverse = (d - c * t.c * inverse) * inverse;
    across = t.cc * square;
    mixed = dc * inverse - (c * t.cc + t.c) * square;
    along = dd - (d + 2.0 * c * dc) * inverse + (c * t.cc + 3.0 * t.c) * c * square;
  }
};

/// d2 theta/dr_ij dr_ik, rows belonging to j:
///
///   isotropic 1 + jj n_j(x)n_j + jk n_j(x)n_k + kj n_k(x)n_j + kk n_k(x)n_k
struct MixedCurvature {
  double isotropic, jj, jk, kj, kk;

  MixedCurvature(double inverse_j, double inverse_k, double c, const AngleDerivatives &t)
  {
    const double inverse_jk = inverse_j * inverse_k, bend = (c * t.cc + t.c) * inverse_jk;
    isotropic = t.c * inverse_jk;
    jj = t.jc * inverse_k - bend;
    kk = t.kc * inverse_j - bend;
    jk = t.jk - c * (t.jc * inverse_k + t.kc * inverse_j - bend);
    kj = t.cc * inverse_jk;
  }
};

}    // namespace

BondOrderRule::BondOrderRule(std::unique_ptr<BondOrderFunctional> functional,
                             std::vector<int> element_t) :
    functional_(std::move(functional)),
    element_t_(std::move(element_t))
{
  const int n = functional_->n_elements();
  leg_cutoff_.n_elements = n;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < n; ++k)
        leg_cutoff_.entry_eee.push_back(functional_->leg_cutoff(i, j, k));
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) {
      double reach = functional_->bond_cutoff(i, k);
      for (int j = 0; j < n; ++j)
        reach = std::max(reach, leg_cutoff_(i, j, k));
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
  const auto first = static_cast<std::ptrdiff_t>(out.coupling_m.size());
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
      add_bond(element, j, out.coupling_m);

  for (const Neighbour &neighbour : neighbour_n_) {
    out.g_n3[neighbour.number] += neighbour.g;
    Eigen::Matrix3d &bond_33 = out.bond_n33[neighbour.number];
    const Eigen::Matrix3d along_33 = neighbour.n * neighbour.along.transpose();
    bond_33 += neighbour.rest_33 + along_33 + along_33.transpose();
    bond_33.diagonal().array() += neighbour.transverse;
  }
  out.coupling_m.erase(
      std::remove_if(out.coupling_m.begin() + first, out.coupling_m.end(),
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
    Neighbour &neighbour = neighbours.emplace_back();
    neighbour.number = static_cast<int>(j);
    neighbour.element = element_j;
    neighbour.r = std::sqrt(r_squared);
    neighbour.inverse_r = 1.0 / neighbour.r;
    neighbour.n = site.r_n3[j] * neighbour.inverse_r;
    neighbour.nn_33 = neighbour.n * neighbour.n.transpose();
    neighbour.g.setZero();
    neighbour.along.setZero();
    neighbour.transverse = 0.0;
    neighbour.rest_33.setZero();
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

void BondOrderRule::add_bond(int element, std::size_t j, std::vector<Coupling> &coupling_m) const
{
  Neighbour &second = neighbour_n_[j];    // i being the first atom of every triplet
  const Eigen::Vector3d n_j = second.n;
  const BondOrderFunctional::Leg leg_j{second.element, second.r, leg(second.element, j)};

  // xi and its gradient come first, as the derivatives of phi depend on it.
  double xi = 0.0;
  Eigen::Vector3d xi_j = Eigen::Vector3d::Zero();
  triplet_k_.clear();
  for (std::size_t k = functional_->additive() ? j + 1 : 0; k < neighbour_n_.size(); ++k) {
    const Neighbour &third = neighbour_n_[k];
    if (k == j || third.r >= leg_cutoff_(element, second.element, third.element)) continue;
    Triplet &triplet = triplet_k_.emplace_back();
    triplet.k = k;
    const double c = triplet.c = n_j.dot(third.n);
    const AngleDerivatives &t = triplet.theta =
        functional_->theta(element, leg_j, {third.element, third.r, leg(second.element, k)}, c);
    const double by_j = t.c * second.inverse_r, by_k = t.c * third.inverse_r;
    xi += t.value;
    xi_j += (t.j - c * by_j) * n_j + by_j * third.n;
    triplet.xi_k = (t.k - c * by_k) * third.n + by_k * n_j;
  }

  // The site takes half of each bond.
  BondDerivatives phi = functional_->phi(element, second.element, second.r, xi);
  phi.r *= 0.5;
  phi.rr *= 0.5;
  phi.rxi *= 0.5;
  phi.xixi *= 0.5;
  if (!functional_->additive()) phi.xi *= 0.5;

  second.g += phi.r * n_j + phi.xi * xi_j;
  second.transverse += phi.r * second.inverse_r;
  second.along += 0.5 * (phi.rr - phi.r * second.inverse_r) * n_j + phi.rxi * xi_j;
  const bool nonlinear = phi.rxi != 0.0 || phi.xixi != 0.0;
  if (nonlinear) add_product(second.rest_33, phi.xixi * xi_j, xi_j);
  const Eigen::Vector3d gradient_j = phi.rxi * n_j + phi.xixi * xi_j;    // of phi_xi, by r_j

  for (std::size_t m = 0; m < triplet_k_.size(); ++m) {
    const auto &[k, c, t, xi_k] = triplet_k_[m];
    Neighbour &third = neighbour_n_[k];
    const Eigen::Vector3d &n_k = third.n;

    const OneSidedCurvature at_j(second.inverse_r, c, t.j, t.jj, t.jc, t);
    second.transverse += phi.xi * at_j.transverse;
    second.along += phi.xi * (0.5 * at_j.along * n_j + at_j.mixed * n_k);
    second.rest_33 += phi.xi * at_j.across * third.nn_33;

    third.g += phi.xi * xi_k;
    const OneSidedCurvature at_k(third.inverse_r, c, t.k, t.kk, t.kc, t);
    third.transverse += phi.xi * at_k.transverse;
    third.along += phi.xi * (0.5 * at_k.along * n_k + at_k.mixed * n_j);
    third.rest_33 += phi.xi * at_k.across * second.nn_33;

    const MixedCurvature mixed(second.inverse_r, third.inverse_r, c, t);
    const Eigen::Vector3d by_j = phi.xi * (mixed.jj * n_j + mixed.jk * n_k);
    const Eigen::Vector3d by_k = phi.xi * (mixed.kj * n_j + mixed.kk * n_k);
    const auto pair =
        first_coupling_n_[std::min(j, k)] + static_cast<std::ptrdiff_t>(std::max(j, k));
    Eigen::Matrix3d &g_33 = coupling_m[pair].g_jk_33;
    g_33.diagonal().array() += phi.xi * mixed.isotropic;
    if (j < k) {
      add_product(g_33, n_j, by_j);
      add_product(g_33, n_k, by_k);
      if (nonlinear) add_product(g_33, gradient_j, xi_k);
    } else {
      add_product(g_33, by_j, n_j);
      add_product(g_33, by_k, n_k);
      if (nonlinear) add_product(g_33, xi_k, gradient_j);
    }

    // Third neighbours of one bond are coupled by its xi, also without any angle between them.
    if (phi.xixi == 0.0) continue;
    const Eigen::Vector3d slope = phi.xixi * xi_k;
    add_product(third.rest_33, slope, xi_k);
    for (std::size_t l = 0; l < m; ++l)
      add_product(
          coupling_m[first_coupling_n_[triplet_k_[l].k] + static_cast<std::ptrdiff_t>(k)].g_jk_33,
          triplet_k_[l].xi_k, slope);
  }
}

}    // namespace glass
