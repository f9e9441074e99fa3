// Part of lammps-glass, GPL-2.0.

// Details of the bond-order rule that rattled cells do not isolate.

#include "cell.h"

#include "potential/stillinger_weber.h"
#include "potential/tersoff.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace glass;
using namespace glass_test;

namespace {

/// One site of type 1 and what a rule says about it.
struct OneSite {
  std::vector<int> atom_n, type_n;
  std::vector<Eigen::Vector3d> r_n3, g_n3;
  std::vector<Eigen::Matrix3d> bond_n33;
  SiteDerivatives out;

  OneSite(const SiteRule &rule, std::vector<Eigen::Vector3d> neighbours, std::vector<int> types,
          int type = 1) :
      type_n(std::move(types)),
      r_n3(std::move(neighbours)), g_n3(r_n3.size(), {0.0, 0.0, 0.0}),
      bond_n33(r_n3.size(), Eigen::Matrix3d::Zero())
  {
    for (std::size_t j = 0; j < r_n3.size(); ++j)
      atom_n.push_back(static_cast<int>(j) + 1);
    out.g_n3 = g_n3;
    out.bond_n33 = bond_n33;
    rule.evaluate({0, type, atom_n, type_n, r_n3}, out);
  }

  Eigen::Matrix3d coupling(int j, int k) const
  {
    for (const Coupling &coupling : out.coupling_m) {
      if (coupling.j == j && coupling.k == k) return coupling.g_jk_33;
      if (coupling.j == k && coupling.k == j) return coupling.g_jk_33.transpose();
    }
    return Eigen::Matrix3d::Zero();
  }

  bool is_zero() const
  {
    for (std::size_t j = 0; j < r_n3.size(); ++j)
      if (!g_n3[j].isZero(0.0) || !bond_n33[j].isZero(0.0)) return false;
    return out.coupling_m.empty();
  }
};

const std::vector<Eigen::Vector3d> three_neighbours{
    {0.9, 0.1, -0.1}, {-0.3, 0.8, 0.2}, {0.1, -0.4, 0.9}};

/// phi = xi^2 on bonds up to 1, theta = r_k^2 for third neighbours from 1 up to 2.
struct DistantThirds : BondOrderFunctional {
  int n_elements() const override { return 1; }
  double bond_cutoff(int, int) const override { return 1.0; }
  double leg_cutoff(int, int, int) const override { return 2.0; }
  Radial leg(int, int, int, double) const override { return {}; }
  BondDerivatives phi(int, int, double, double xi) const override
  {
    return {0.0, 2.0 * xi, 0.0, 0.0, 2.0};
  }
  AngleDerivatives theta(int, const Leg &, const Leg &k, double) const override
  {
    AngleDerivatives t;
    t.value = k.r * k.r;
    t.k = 2.0 * k.r;
    t.kk = 2.0;
    return t;
  }
};

TEST(BondOrder, ThirdNeighboursOfOneBondAreCoupled)
{
  const BondOrderRule rule(std::make_unique<DistantThirds>(), {0});
  const Eigen::Vector3d j(0.5, 0.0, 0.0), k(0.0, 1.5, 0.1), l(0.3, 0.0, 1.2);
  const OneSite site(rule, {k, j, l}, {1, 1, 1});
  // U = 1/2 (k.k + l.l)^2: nothing couples to j, and G_kl = phi_xixi/2 (2 k) (x) (2 l).
  EXPECT_TRUE(site.coupling(0, 2).isApprox(4.0 * k * l.transpose(), 1.0e-14));
  ASSERT_EQ(site.out.coupling_m.size(), 1u);
  const double xi = k.squaredNorm() + l.squaredNorm();
  EXPECT_TRUE(site.g_n3[0].isApprox(2.0 * xi * k, 1.0e-14));
  EXPECT_TRUE(site.bond_n33[0].isApprox(
      2.0 * xi * Eigen::Matrix3d::Identity() + 4.0 * k * k.transpose(), 1.0e-14));
  EXPECT_TRUE(site.g_n3[1].isZero(0.0));
}

TEST(BondOrder, EveryCouplingIsListedOnce)
{
  for (const TestPotential &potential : {stillinger_weber(), tersoff()}) {
    const OneSite site(*potential.rule, three_neighbours, {1, 2, 1});
    EXPECT_EQ(site.out.coupling_m.size(), 3u) << potential.name;
    for (const Coupling &coupling : site.out.coupling_m)
      EXPECT_LT(coupling.j, coupling.k);
  }
}

TEST(BondOrder, RulesAddToWhatIsThere)
{
  const TestPotential potential = tersoff();
  OneSite site(*potential.rule, three_neighbours, {1, 2, 1});
  const Eigen::Vector3d g = site.g_n3[0];
  const Eigen::Matrix3d bond_33 = site.bond_n33[1];
  const std::vector<Coupling> couplings = site.out.coupling_m;
  potential.rule->evaluate({0, 1, site.atom_n, site.type_n, site.r_n3}, site.out);
  EXPECT_TRUE(site.g_n3[0].isApprox(2.0 * g, 1.0e-14));
  EXPECT_TRUE(site.bond_n33[1].isApprox(2.0 * bond_33, 1.0e-14));
  ASSERT_EQ(site.out.coupling_m.size(), 2 * couplings.size());
  for (std::size_t m = 0; m < couplings.size(); ++m) {
    EXPECT_EQ(site.out.coupling_m[m].g_jk_33, couplings[m].g_jk_33);
    EXPECT_EQ(site.out.coupling_m[couplings.size() + m].g_jk_33, couplings[m].g_jk_33);
  }
}

/// b' diverges at xi = 0 for n < 1, and a bond without third neighbours is exactly there.
TEST(BondOrder, BondWithoutThirdNeighboursIsAPairPotential)
{
  for (const TestPotential &potential :
       {stillinger_weber(), tersoff(), tersoff_mod(), tersoff_zbl()}) {
    const double r = 1.11, step = 1.0e-4;    // above R - D of the Tersoff potentials
    const Eigen::Vector3d n = Eigen::Vector3d(1.0, -2.0, 0.5).normalized();
    const OneSite dimer(*potential.rule, {r * n}, {1});
    EXPECT_TRUE(dimer.out.coupling_m.empty());
    const auto energy = [&](double distance) {
      return potential.energy(
          {20.0 * Eigen::Matrix3d::Identity(), {Eigen::Vector3d::Zero(), distance * n}, {1, 1}});
    };
    // Each of the two sites has half.
    const double slope = 0.5 * (energy(r + step) - energy(r - step)) / (2.0 * step);
    const double curvature =
        0.5 * (energy(r + step) - 2.0 * energy(r) + energy(r - step)) / (step * step);
    EXPECT_TRUE(dimer.g_n3[0].isApprox(slope * n, 1.0e-6)) << potential.name;
    EXPECT_TRUE(dimer.bond_n33[0].isApprox(radial_curvature(n, r, slope, curvature), 1.0e-5))
        << potential.name;
  }
}

TersoffEntry plain_tersoff(double n)
{
  TersoffEntry entry;
  entry.A = entry.B = entry.beta = 1.0;
  entry.n = entry.delta = n;
  entry.gamma = entry.c = entry.d = 1.0;
  entry.R = 2.0;
  entry.D = 0.1;
  return entry;
}

/// The bond order is a power of xi, or 1, where the other term is below rounding: there as well the
/// derivatives are those of [1 + (beta xi)^n]^(-1/2n).
TEST(BondOrder, ExtremeBondOrdersKeepTheirDerivatives)
{
  for (const double n : {0.5, 1.0, 3.0})
    for (const double magnitude : {1.0e-40, 1.0e-17, 1.0e-12, 1.0e-5, 1.0, 1.0e5, 1.0e30, 1.0e40}) {
      // theta = 1 for the one third neighbour, so that beta xi = beta; attraction alone.
      TersoffEntry entry = plain_tersoff(n);
      entry.A = 0.0;
      entry.c = 0.0;
      entry.beta = magnitude;
      const auto rule = make_tersoff_rule(TersoffForm::original, {1, {entry}}, {0});
      const OneSite site(*rule, {{1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}}, {1, 1});
      const double s = std::pow(magnitude, n);
      const double b = std::pow(magnitude > 1.0 ? magnitude : 1.0, -0.5) *
                       std::pow(magnitude > 1.0 ? 1.0 + 1.0 / s : 1.0 + s, -0.5 / n);
      // U_i = sum of two bonds of -b/2; f_C and the exponentials are flat.
      EXPECT_TRUE(site.g_n3[0].allFinite() && site.bond_n33[0].allFinite());
      entry.lambda2 = 1.0;
      const auto sloped = make_tersoff_rule(TersoffForm::original, {1, {entry}}, {0});
      const OneSite attracted(*sloped, {{1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}}, {1, 1});
      EXPECT_NEAR(attracted.g_n3[0].x() / (0.5 * b * std::exp(-1.0)), 1.0, 1.0e-13)
          << n << " " << magnitude;
    }
}

TEST(BondOrder, LargeExponentsAreClipped)
{
  TersoffEntry entry = plain_tersoff(0.8);
  for (const double lambda3 : {10.0, -10.0}) {
    entry.lambda3 = lambda3;
    const auto rule = make_tersoff_rule(TersoffForm::original, {1, {entry}}, {0});
    const OneSite site(*rule, {{1.9, 0.0, 0.0}, {0.0, 0.9, 0.1}, {0.1, 0.2, 1.5}}, {1, 1, 1});
    for (int j = 0; j < 3; ++j)
      EXPECT_TRUE(site.g_n3[j].allFinite() && site.bond_n33[j].allFinite());
    for (const Coupling &coupling : site.out.coupling_m)
      EXPECT_TRUE(coupling.g_jk_33.allFinite());
  }
}

TEST(BondOrder, TypesWithoutElementDoNotInteract)
{
  const auto rule = make_tersoff_rule(TersoffForm::original, {1, {plain_tersoff(0.8)}}, {0, -1});
  EXPECT_TRUE(OneSite(*rule, three_neighbours, {1, 1, 1}, 2).is_zero());
  EXPECT_TRUE(OneSite(*rule, three_neighbours, {2, 2, 2}).is_zero());

  const OneSite with(*rule, three_neighbours, {1, 2, 1});
  const OneSite without(*rule, {three_neighbours[0], three_neighbours[2]}, {1, 1});
  EXPECT_EQ(with.g_n3[0], without.g_n3[0]);
  EXPECT_TRUE(with.g_n3[1].isZero(0.0));
  EXPECT_EQ(with.g_n3[2], without.g_n3[1]);
  ASSERT_EQ(with.out.coupling_m.size(), 1u);
  EXPECT_EQ(with.coupling(0, 2), without.coupling(0, 1));
}

TEST(BondOrder, NeighboursBeyondTheOwnCutoffAreLeftOut)
{
  const auto rule = make_tersoff_rule(TersoffForm::original, {1, {plain_tersoff(0.8)}}, {0});
  EXPECT_TRUE(OneSite(*rule, {{2.11, 0.0, 0.0}, {0.0, 2.5, 0.0}}, {1, 1}).is_zero());
  EXPECT_TRUE(OneSite(*rule, {}, {}).is_zero());
}

TEST(BondOrder, StillingerWeberWithoutAnglesIsAPairPotential)
{
  StillingerWeberEntry entry;
  entry.epsilon = entry.sigma = 1.0;
  entry.a = 1.8;
  entry.gamma = 1.2;
  entry.A = 7.0;
  entry.B = 0.6;
  entry.p = 4.0;
  const auto rule = make_stillinger_weber_rule({1, {entry}}, {0});
  const OneSite all(*rule, three_neighbours, {1, 1, 1});
  EXPECT_TRUE(all.out.coupling_m.empty());
  const OneSite alone(*rule, {three_neighbours[1]}, {1});
  EXPECT_EQ(all.bond_n33[1], alone.bond_n33[0]);
}

/// LAMMPS ends a sigma where the exponential is below tol.
TEST(BondOrder, StillingerWeberToleranceShortensTheCutoff)
{
  StillingerWeberEntry entry;
  entry.sigma = 2.0;
  entry.a = 1.8;
  entry.gamma = 0.5;
  EXPECT_EQ(entry.cutoff(), 3.6);
  entry.tol = 1.0e-4;
  EXPECT_NEAR(std::exp(entry.gamma * entry.sigma / (entry.cutoff() - 3.6)), 1.0e-4, 1.0e-16);
  entry.gamma = 1.5;
  EXPECT_NEAR(std::exp(entry.sigma / (entry.cutoff() - 3.6)), 1.0e-4, 1.0e-16);
  entry.tol = 0.5;
  EXPECT_NEAR(std::exp(entry.sigma / (entry.cutoff() - 3.6)), 0.01, 1.0e-14);
}

}    // namespace
