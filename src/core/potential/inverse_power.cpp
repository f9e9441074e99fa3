// Part of lammps-glass, GPL-2.0.

#include "potential/inverse_power.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace glass {

template <int fixed_m, int fixed_q>
InversePower<fixed_m, fixed_q>::InversePower(int n, double x_c, int q) :
    m_(n / 2), q_(q), x_c_(x_c), s_c_(x_c * x_c)
{
  if (n < 2 || n > max_n || n % 2 != 0)
    throw std::invalid_argument("the exponent n must be even and from 2 to " +
                                std::to_string(max_n) + ", not " + std::to_string(n));
  if (q < 2 || q > max_q)
    throw std::invalid_argument("the order q must be from 2 to " + std::to_string(max_q) +
                                ", not " + std::to_string(q));
  if (!(x_c >= 0.1) || !(x_c <= 100.0))    // below, powers of it overflow
    throw std::invalid_argument("the cutoff xc must be from 0.1 to 100, not " +
                                std::to_string(x_c));
  if ((fixed_m && m_ != fixed_m) || (fixed_q && q_ != fixed_q))
    throw std::invalid_argument("exponents other than those that were fixed");

  const auto binomials = [](int p, int last, Binomials &c_k) {
    c_k[0] = 1.0;
    for (int j = 1; j <= last; ++j)
      c_k[j] = c_k[j - 1] * (j + p - 1) / j;
  };
  binomials(q + 1, m_ - 1, energy_k_);
  binomials(q, m_, force_k_);
  binomials(q - 1, m_ + 1, curvature_k_);
  energy_factor_ = std::pow(s_c_, -(m_ + q_ + 1));
  force_factor_ = 2.0 * m_ * std::pow(s_c_, -(m_ + q_ + 1));
  curvature_factor_ = m_ * (m_ + 1.0) * std::pow(s_c_, -(m_ + q_ + 1));
}

template <int fixed_m, int fixed_q>
Radial InversePower<fixed_m, fixed_q>::derivatives(double s) const
{
  if (s >= s_c_) return {};
  const double minus_du = force_over_x(s);
  const double d2phi_ds2 = curvature_factor_ * smoothed(s, order() - 1, half() + 1, curvature_k_);
  return {energy(s), -std::sqrt(s) * minus_du, 4.0 * s * d2phi_ds2 - minus_du};
}

template <int fixed_m, int fixed_q> double InversePower<fixed_m, fixed_q>::coefficient(int l) const
{
  // That of w^(m+l) in (1 - w)^(q+1) sum_{j<m} C(j + q, j) w^j.
  double sum = 0.0;
  for (int j = 0; j < m_; ++j) {
    const int k = m_ + l - j;    // power of w that (1 - w)^(q+1) contributes
    if (k > q_ + 1) continue;
    double binomial = 1.0;
    for (int i = 1; i <= k; ++i)
      binomial = binomial * (q_ + 2 - i) / i;
    sum += (k % 2 ? -1.0 : 1.0) * binomial * energy_k_[j];
  }
  return sum * std::pow(s_c_, -(m_ + l));
}

template class InversePower<>;
template class InversePower<5, 3>;

}    // namespace glass
