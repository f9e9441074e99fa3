// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_INVERSE_POWER_H
#define GLASS_INVERSE_POWER_H

#include "potential/radial.h"

#include <array>

namespace glass {

/// The inverse power law that vanishes smoothly at x_c, in reduced units, as a function of s = x^2:
///
///   phi = x^-n + sum_{l=0..q} c_2l x^2l,   x < x_c,
///
/// where phi and its first q derivatives are zero at x_c (E. Lerner, E. Bouchbinder, J. Chem. Phys.
/// 148, 214502 (2018); there n = 10, q = 3, x_c = 1.48).
///
/// With m = n/2 and w = (x/x_c)^2, phi x^n is a polynomial in w that has a zero of order q + 1 at
/// w = 1 and no powers between 0 and m. There is one such,
///
///   phi = x_c^-n w^-m (1 - w)^(q+1) sum_{j<m} C(j + q, j) w^j,
///
/// whose terms are of one sign. So is its derivative by s: x^-n loses, with its polynomial, one
/// order of the zero and becomes x^-(n+2) times -m, and is smoothed the same way,
///
///   d phi/ds = -m x_c^-(n+2) w^-(m+1) (1 - w)^q sum_{j<=m} C(j + q - 1, j) w^j,
///
/// and once more for the second. No coefficient c_2l is needed, and nothing cancels near x_c.
///
/// Exponents given at compile time (not 0) make the sums loops of fixed length.
template <int fixed_m = 0, int fixed_q = 0> class InversePower {
 public:
  static constexpr int max_n = 60, max_q = 12;

  /// Throws std::invalid_argument unless n is even and from 2 to max_n, 0.1 <= x_c <= 100, and q is
  /// from 2 to max_q.
  InversePower(int n, double x_c, int q);

  double cutoff() const { return x_c_; }

  /// phi
  double energy(double s) const
  {
    return energy_factor_ * smoothed(s, order() + 1, half() - 1, energy_k_);
  }

  /// -(d phi/dx)/x = -2 d phi/ds
  double force_over_x(double s) const
  {
    return force_factor_ * smoothed(s, order(), half(), force_k_);
  }

  /// phi and its first two derivatives by x; zero from x_c on, unlike the two above, which are for
  /// pairs within it.
  Radial derivatives(double s) const;

  /// The coefficient c_2l of x^2l: only to be compared with published ones.
  double coefficient(int l) const;

 private:
  int half() const { return fixed_m ? fixed_m : m_; }
  int order() const { return fixed_q ? fixed_q : q_; }

  using Binomials = std::array<double, max_n / 2 + 2>;

  /// (s_c - s)^p w^-(last+1) sum_{j<=last} c_j w^j
  double smoothed(double s, int p, int last, const Binomials &c_k) const
  {
    const double v = s_c_ / s, t = s_c_ - s;    // exact next to the cutoff
    double sum = c_k[0];
    for (int j = 1; j <= last; ++j)
      sum = sum * v + c_k[j];
    sum *= v;
    for (int j = 0; j < p; ++j)
      sum *= t;
    return sum;
  }

  int m_, q_;
  double x_c_, s_c_, energy_factor_, force_factor_, curvature_factor_;
  Binomials energy_k_{}, force_k_{}, curvature_k_{};    ///< C(j + p - 1, j), p = q + 1, q, q - 1
};

extern template class InversePower<>;
extern template class InversePower<5, 3>;

}    // namespace glass

#endif
