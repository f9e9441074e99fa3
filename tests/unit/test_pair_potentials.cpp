// Part of lammps-glass, GPL-2.0.

// The functions behind the pair styles. High-precision arithmetic for them is in
// tests/styles/test_pair_styles.py.

#include "potential/inverse_power.h"
#include "potential/sticky_sphere.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>

#include <cmath>
#include <stdexcept>
#include <vector>

using namespace glass;

namespace {

using Real = long double;

/// sum_k c_k x^p_k and its derivatives by x in extended precision, and the size of what is added
/// up.
struct PowerSum {
  std::vector<int> power_k;
  std::vector<Real> c_k;

  struct Value {
    Real sum = 0.0L, size = 0.0L;
  };
  Value derivative(int order, Real x) const
  {
    Value result;
    for (std::size_t k = 0; k < power_k.size(); ++k) {
      Real term = c_k[k];
      for (int i = 0; i < order; ++i)
        term *= power_k[k] - i;
      term *= std::pow(x, static_cast<Real>(power_k[k] - order));
      result.sum += term;
      result.size += std::abs(term);
    }
    return result;
  }
};

/// x^-n + sum c_2l x^2l with q + 1 derivatives from the zeroth zero at x_c: the definition, solved
/// as it stands.
PowerSum smoothed_power(int n, Real x_c, int q)
{
  PowerSum sum{{-n}, {1.0L}};
  for (int l = 0; l <= q; ++l) {
    sum.power_k.push_back(2 * l);
    sum.c_k.push_back(1.0L);
  }
  Eigen::Matrix<Real, -1, -1> a(q + 1, q + 1);
  Eigen::Matrix<Real, -1, 1> b(q + 1);
  for (int order = 0; order <= q; ++order) {
    b(order) = -PowerSum{{-n}, {1.0L}}.derivative(order, x_c).sum;
    for (int l = 0; l <= q; ++l)
      a(order, l) = PowerSum{{2 * l}, {1.0L}}.derivative(order, x_c).sum;
  }
  const Eigen::Matrix<Real, -1, 1> c = a.fullPivLu().solve(b);
  for (int l = 0; l <= q; ++l)
    sum.c_k[l + 1] = c(l);
  return sum;
}

PowerSum sticky_outside(const StickySphere &phi)
{
  const auto c = phi.coefficients();
  return {{-12, -6, 0, 2, 4, 6}, {c[0], -c[1], c[2], c[3], c[4], c[5]}};
}

const PowerSum lennard_jones{{-12, -6}, {4.0L, -4.0L}};

/// |value - expected| in units of what a double can say of the terms.
void expect_sum(double value, const PowerSum::Value &expected, double digits, const char *what,
                double x)
{
  EXPECT_NEAR(value, static_cast<double>(expected.sum),
              digits * 2.3e-16 * static_cast<double>(expected.size))
      << what << " at " << x;
}

TEST(InversePower, CoefficientsOfTheLiterature)
{
  const InversePower<> phi(10, 1.48, 3);
  const double published[] = {-1.1106337662511795, 1.2676152372297063, -0.4960406072849211,
                              0.0660511826415732};
  for (int l = 0; l < 4; ++l)
    EXPECT_NEAR(phi.coefficient(l), published[l], 1e-15);
}

TEST(InversePower, IsTheSumOfItsPowers)
{
  struct Case {
    int n, q;
    double x_c;
  };
  const Case cases[] = {{10, 3, 1.48}, {2, 2, 2.5}, {12, 4, 1.25}, {6, 3, 0.7}, {18, 2, 1.3}};
  for (const Case &c : cases) {
    const InversePower<> phi(c.n, c.x_c, c.q);
    const PowerSum sum = smoothed_power(c.n, c.x_c, c.q);
    for (int k = 1; k < 60; ++k) {
      const double x = c.x_c * (0.4 + 0.01 * k);
      const Radial u = phi.derivatives(x * x);
      expect_sum(u.f, sum.derivative(0, x), 30, "phi", x);
      expect_sum(u.df, sum.derivative(1, x), 30, "phi'", x);
      expect_sum(u.d2f, sum.derivative(2, x), 30, "phi''", x);
      EXPECT_EQ(u.f, phi.energy(x * x));
      EXPECT_NEAR(u.df, -x * phi.force_over_x(x * x), 1e-15 * std::abs(u.df));
    }
    for (int l = 0; l <= c.q; ++l)
      EXPECT_NEAR(phi.coefficient(l) / static_cast<double>(sum.c_k[l + 1]), 1.0, 1e-11);
  }
}

TEST(InversePower, FixedExponentsAreTheSameFunction)
{
  const InversePower<> general(10, 1.48, 3);
  const InversePower<5, 3> fixed(10, 1.48, 3);
  for (int k = 50; k < 219; ++k) {
    const double s = 0.01 * k;
    EXPECT_DOUBLE_EQ(general.energy(s), fixed.energy(s));
    EXPECT_DOUBLE_EQ(general.force_over_x(s), fixed.force_over_x(s));
    EXPECT_DOUBLE_EQ(general.derivatives(s).d2f, fixed.derivatives(s).d2f);
  }
}

/// Next to x_c, phi is C(m+q, q+1) x_c^-n t^(q+1), t = 1 - (x/x_c)^2, to first order in t, and its
/// derivatives by s accordingly: relative accuracy where the function is 1e-20 and less.
TEST(InversePower, OrderOfTheZeroAtTheCutoff)
{
  for (const int q : {2, 3, 5}) {
    const double x_c = 1.5, s_c = x_c * x_c;
    const int m = 5;
    const InversePower<> phi(2 * m, x_c, q);
    double binomial = 1.0;    // C(m + q, q + 1)
    for (int k = 1; k <= q + 1; ++k)
      binomial = binomial * (m - 1 + k) / k;
    const double leading = binomial * std::pow(x_c, -2 * m);
    for (const double t : {0x1p-10, 0x1p-16, 0x1p-24}) {
      const double s = s_c * (1.0 - t);
      const Radial u = phi.derivatives(s);
      const double first_order = (m + q) * 2.0 * t;
      EXPECT_NEAR(u.f / (leading * std::pow(t, q + 1)), 1.0, first_order);
      EXPECT_NEAR(phi.force_over_x(s) / (2.0 * (q + 1) / s_c * leading * std::pow(t, q)), 1.0,
                  first_order);
      const double d2phi_ds2 = (u.d2f - u.df / std::sqrt(s)) / (4.0 * s);
      EXPECT_NEAR(d2phi_ds2 / (q * (q + 1) / (s_c * s_c) * leading * std::pow(t, q - 1)), 1.0,
                  first_order);
    }
    for (const double s : {s_c, s_c * 1.1}) {
      const Radial u = phi.derivatives(s);
      EXPECT_EQ(u.f, 0.0);
      EXPECT_EQ(u.df, 0.0);
      EXPECT_EQ(u.d2f, 0.0);
    }
  }
}

TEST(InversePower, RefusesWhatItIsNot)
{
  EXPECT_THROW(InversePower<>(9, 1.48, 3), std::invalid_argument);
  EXPECT_THROW(InversePower<>(0, 1.48, 3), std::invalid_argument);
  EXPECT_THROW(InversePower<>(62, 1.48, 3), std::invalid_argument);
  EXPECT_THROW(InversePower<>(10, 0.0, 3), std::invalid_argument);
  EXPECT_THROW(InversePower<>(10, std::nan(""), 3), std::invalid_argument);
  EXPECT_THROW(InversePower<>(10, 101.0, 3), std::invalid_argument);
  EXPECT_THROW(InversePower<>(10, 1.48, 1), std::invalid_argument);
  EXPECT_THROW(InversePower<>(10, 1.48, 13), std::invalid_argument);
  EXPECT_THROW((InversePower<5, 3>(12, 1.48, 3)), std::invalid_argument);
  EXPECT_NO_THROW(InversePower<>(60, 1.48, 12));
}

TEST(StickySphere, CoefficientsOfTheModel)
{
  const double model[] = {-106.99161352665233, -304.91846905956694, -939.38803799421098,
                          1190.7096225600227,  -541.30013158755142, 85.868493691471312};
  const auto c = StickySphere(1.3469544579712476).coefficients();
  for (std::size_t k = 0; k < 6; ++k)
    EXPECT_NEAR(c[k] / model[k], 1.0, 1e-15);
}

TEST(StickySphere, IsTheSumOfItsPowers)
{
  for (const double x_c : {1.15, 1.2, 1.3469544579712476, 1.6, 2.5, 6.0}) {
    const StickySphere phi(x_c);
    const PowerSum outside = sticky_outside(phi);
    const double x_0 = std::pow(2.0, 1.0 / 6.0);
    for (int k = 1; k < 100; ++k) {
      const double x = x_0 + (x_c - x_0) * (k - 50) / 50.0;
      if (x < 0.8) continue;
      const PowerSum &sum = x < x_0 ? lennard_jones : outside;
      const Radial u = phi.derivatives(x * x);
      expect_sum(u.f, sum.derivative(0, x), 30, "phi", x);
      expect_sum(u.df, sum.derivative(1, x), 30, "phi'", x);
      expect_sum(u.d2f, sum.derivative(2, x), 30, "phi''", x);
      EXPECT_EQ(u.f, phi.energy(x * x));
      EXPECT_NEAR(u.df, -x * phi.force_over_x(x * x), 1e-15 * std::abs(u.df));
    }
  }
}

/// With the test before, this is the definition: six conditions for six coefficients.
TEST(StickySphere, JointsAreSmooth)
{
  const double s_0 = std::cbrt(2.0);
  for (const double x_c : {1.1237, 1.15, 1.3469544579712476, 2.5, 9.9}) {
    const StickySphere phi(x_c);
    const double s_c = x_c * x_c, width = s_c - s_0;
    const Radial minimum = phi.derivatives(s_0);
    EXPECT_NEAR(minimum.f, -1.0, 1e-15);
    EXPECT_NEAR(minimum.df, 0.0, 1e-14);
    EXPECT_NEAR(minimum.d2f, 72.0 / s_0, 1e-13);
    // Energy, slope and curvature go over into each other to first order in the distance, whose
    // scale is the width of the outer part.
    const double e = 1e-7 * width;
    const Radial beyond = phi.derivatives(s_0 + e), before = phi.derivatives(s_0 - e);
    const double curvature_scale = 1.0 / (width * width) + 72.0;
    EXPECT_NEAR(beyond.f, -1.0, 1e-15 + e * e * curvature_scale / 10);
    EXPECT_NEAR(beyond.df, e * 36.0 / std::sqrt(s_0) / s_0, 1e-4 * e * curvature_scale);
    EXPECT_NEAR(beyond.d2f, minimum.d2f, 1e-4 * curvature_scale);
    EXPECT_NEAR(before.d2f, minimum.d2f, 1e-4 * curvature_scale);
    EXPECT_GT(beyond.df, 0.0);
    EXPECT_LT(before.df, 0.0);

    // t^3, t^2, t at the other end: halving t divides by 8, 4, 2, far below the size of the terms.
    const double t = 0x1p-18 * width / s_c;
    const Radial u = phi.derivatives(s_c * (1.0 - t)), half = phi.derivatives(s_c * (1.0 - t / 2));
    EXPECT_NEAR(u.f / half.f, 8.0, 1e-3);
    EXPECT_NEAR(u.df / half.df, 4.0, 1e-3);
    EXPECT_NEAR(u.d2f / half.d2f, 2.0, 1e-3);
    EXPECT_EQ(phi.derivatives(s_c * 1.01).f, 0.0);
  }
}

TEST(StickySphere, RefusesWhatItIsNot)
{
  EXPECT_THROW(StickySphere(1.12), std::invalid_argument);
  EXPECT_THROW(StickySphere(1.1235), std::invalid_argument);
  EXPECT_THROW(StickySphere(10.1), std::invalid_argument);
  EXPECT_THROW(StickySphere(std::nan("")), std::invalid_argument);
  EXPECT_NO_THROW(StickySphere(1.1236));
  EXPECT_NO_THROW(StickySphere(10.0));
}

}    // namespace
