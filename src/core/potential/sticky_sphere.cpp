// Part of lammps-glass, GPL-2.0.

#include "potential/sticky_sphere.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace glass {

namespace {

using Real = long double;
using Polynomial = std::vector<Real>;    ///< coefficients of powers 0, 1, ...

Polynomial operator*(const Polynomial &a, const Polynomial &b)
{
  Polynomial product(a.size() + b.size() - 1, 0.0L);
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j)
      product[i + j] += a[i] * b[j];
  return product;
}

Polynomial operator+(Polynomial a, const Polynomial &b)
{
  a.resize(std::max(a.size(), b.size()), 0.0L);
  for (std::size_t i = 0; i < b.size(); ++i)
    a[i] += b[i];
  return a;
}

Polynomial derivative(const Polynomial &a)
{
  Polynomial result(a.size() - 1);
  for (std::size_t i = 1; i < a.size(); ++i)
    result[i - 1] = static_cast<Real>(i) * a[i];
  return result;
}

/// The coefficients of powers of x - x_0.
Polynomial about(const Polynomial &a, Real x_0)
{
  Polynomial sum{0.0L};
  for (std::size_t i = a.size(); i-- > 0;)
    sum = sum * Polynomial{x_0, 1.0L} + Polynomial{a[i]};
  sum.resize(a.size());
  return sum;
}

/// Numerators of a function t^3 w^-6 R and its derivatives t^2 w^-7 T and t w^-8 V by w, t = 1 - w,
/// all as polynomials of w - w_0: powers of t would cancel in powers of w.
struct Numerators {
  Polynomial r, t, v;
  Numerators(const Polynomial &numerator, Real w_0) : r(numerator)
  {
    const Polynomial w{w_0, 1.0L}, one_less_w{1.0L - w_0, -1.0L}, w_t = w * one_less_w;
    t = r * about({-6.0L, 3.0L}, w_0) + w_t * derivative(r);
    v = t * about({-7.0L, 5.0L}, w_0) + w_t * derivative(t);
  }
};

/// c_k = factor shifted_k scale^k
template <std::size_t n>
void store(const Polynomial &shifted, std::size_t first, Real factor, Real scale,
           std::array<double, n> &c_k)
{
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t power = k + first;
    c_k[k] = power < shifted.size() ? static_cast<double>(factor * shifted[power] *
                                                          std::pow(scale, static_cast<Real>(power)))
                                    : 0.0;
  }
}

}    // namespace

StickySphere::StickySphere(double x_c) : x_c_(x_c), s_c_(x_c * x_c), s_0_(std::cbrt(2.0))
{
  const Real x_0 = std::pow(2.0L, 1.0L / 6.0L);
  if (!(x_c >= x_0 * 1.001L) || !(x_c <= 10.0))
    throw std::invalid_argument("the cutoff xc must be from 1.001 * 2^(1/6), which is " +
                                std::to_string(static_cast<double>(1.001L * x_0)) +
                                ", to 10, not " + std::to_string(x_c));
  // The joints are where the rounded numbers are: s - s_0 and s_c - s are exact next to them.
  const Real s_0 = s_0_, s_c = s_c_, w_0 = s_0 / s_c;

  // Three functions that span those with a zero of third order at w = 1, each with one more order
  // than the one before, so that they stay apart when x_c is close to x_0:
  // (1-w)^3, (1-w)^4 (1 + 4w + 10w^2) w^-3 and (1-w)^5 (5 + 25w + 75w^2 + 133w^3 + 140w^4) w^-6.
  // The latter two are what remains of w^-3 and, with some of it, of w^-6 when all that a cubic in
  // w can is taken away (see InversePower).
  const Real t_0 = 1.0L - w_0;
  const Polynomial t{t_0, -1.0L};
  const Numerators basis[3] = {{about({0.0L, 0.0L, 0.0L, 0.0L, 0.0L, 0.0L, 1.0L}, w_0), w_0},
                               {t * about({0.0L, 0.0L, 0.0L, 1.0L, 4.0L, 10.0L}, w_0), w_0},
                               {t * t * about({5.0L, 25.0L, 75.0L, 133.0L, 140.0L}, w_0), w_0}};

  // phi, phi' and phi'' at the minimum, in units of 1 - w_0 for w.
  Eigen::Matrix<Real, 3, 3> at_minimum;
  for (int k = 0; k < 3; ++k) {
    const Real factor = t_0 * t_0 * t_0 / std::pow(w_0, 6.0L), scale = 1.0L / std::pow(t_0, k);
    at_minimum(0, k) = scale * factor * basis[k].r[0];
    at_minimum(1, k) = scale * factor / w_0 * basis[k].t[0];
    at_minimum(2, k) = scale * factor / (w_0 * w_0) * basis[k].v[0];
  }
  // 4 (42 s^-8 - 12 s^-5) = 72 s_0^-8 with s_0^3 = 2
  const Real curvature = 18.0L / (s_0 * s_0) * s_c * s_c * t_0 * t_0;
  const Eigen::Matrix<Real, 3, 1> strength =
      at_minimum.fullPivLu().solve(Eigen::Matrix<Real, 3, 1>{-1.0L, 0.0L, curvature});

  Polynomial numerator(7, 0.0L);
  for (int k = 0; k < 3; ++k)
    numerator =
        numerator + Polynomial{strength[k] / std::pow(t_0, static_cast<Real>(k))} * basis[k].r;
  const Numerators phi(numerator, w_0);
  const Real s_c3 = s_c * s_c * s_c;
  store(phi.r, 0, s_c3, 1.0L / s_c, energy_k_);
  // -2 d/ds; the value at the minimum is zero and left out, with one power of s - s_0
  store(phi.t, 1, -2.0L * s_c3 * s_c, 1.0L / s_c, force_k_);
  store(phi.v, 0, s_c3 * s_c * s_c, 1.0L / s_c, curvature_k_);

  const Polynomial all = about(t * t * t * numerator, -w_0);    // of w
  coefficients_ = {static_cast<double>(all[0] * s_c3 * s_c3),
                   static_cast<double>(-all[3] * s_c3),
                   static_cast<double>(all[6]),
                   static_cast<double>(all[7] / s_c),
                   static_cast<double>(all[8] / (s_c * s_c)),
                   static_cast<double>(all[9] / s_c3)};
}

Radial StickySphere::derivatives(double s) const
{
  if (s >= s_c_) return {};
  const double v = 1.0 / s, v3 = v * v * v, minus_du = force_over_x(s);
  const double d2phi_ds2 = s <= s_0_ ? v3 * v3 * v * v * (168.0 - 48.0 * (s * s * s))
                                     : (s_c_ - s) * v3 * v3 * v * v * polynomial(curvature_k_, s);
  return {energy(s), -std::sqrt(s) * minus_du, 4.0 * s * d2phi_ds2 - minus_du};
}

}    // namespace glass
