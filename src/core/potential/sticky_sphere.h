// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_STICKY_SPHERE_H
#define GLASS_STICKY_SPHERE_H

#include "potential/radial.h"

#include <array>

namespace glass {

/// Sticky spheres: Lennard-Jones up to its minimum, x_0 = 2^(1/6), from there to zero at x_c, in
/// reduced units, as a function of s = x^2:
///
///   phi = 4 (x^-12 - x^-6)                           x <= x_0,
///   phi = a x^-12 - b x^-6 + sum_{l=0..3} c_2l x^2l  x_0 < x < x_c,
///
/// where phi, phi' and phi'' are continuous at x_0 and zero at x_c, which determines the six
/// coefficients (one of the models of G. Kapteijns et al., J. Chem. Phys. 155, 074502 (2021), with
/// x_c = 1.2 x_0; the conditions are from memory of the literature, not read in it).
///
/// The coefficients are large and cancel: some hundreds times, for x_c = 1.2 x_0, what they add up
/// to. What is evaluated is, with w = s/s_c, t = 1 - w, and h = (s - s_0)/(s_c - s_0) from 0 to 1,
///
///   phi = t^3 w^-6 R(h),   d phi/dw = t^2 w^-7 h T(h),   d2 phi/dw2 = t w^-8 V(h)
///
/// with polynomials R, T and V of degrees 6, 6 and 8: zeros at the joints are factors.
class StickySphere {
 public:
  /// Throws std::invalid_argument unless 1.001 * 2^(1/6) <= x_c <= 10.
  explicit StickySphere(double x_c);

  double cutoff() const { return x_c_; }

  /// phi
  double energy(double s) const
  {
    const double v = 1.0 / s, v3 = v * v * v, v6 = v3 * v3;
    // Both sides of the joint, and then a choice: a branch would be mispredicted half of the time.
    const double inner = 4.0 * (1.0 - s * s * s);
    const double t = s_c_ - s;
    const double outer = t * t * t * polynomial(energy_k_, s);
    return v6 * (s <= s_0_ ? inner : outer);
  }

  /// -(d phi/dx)/x = -2 d phi/ds
  double force_over_x(double s) const
  {
    const double v = 1.0 / s, v3 = v * v * v, v7 = v3 * v3 * v;
    const double inner = 48.0 - 24.0 * (s * s * s);
    const double t = s_c_ - s;
    const double outer = t * t * (s - s_0_) * polynomial(force_k_, s);
    return v7 * (s <= s_0_ ? inner : outer);
  }

  /// phi and its first two derivatives by x; zero from x_c on, unlike the two above, which are for
  /// pairs within it.
  Radial derivatives(double s) const;

  /// a, b, c_0, c_2, c_4, c_6: only to be compared with published ones.
  std::array<double, 6> coefficients() const { return coefficients_; }

 private:
  template <std::size_t n> double polynomial(const std::array<double, n> &c_k, double s) const
  {
    const double z = s - s_0_;
    double sum = c_k[n - 1];
    for (std::size_t k = n - 1; k-- > 0;)
      sum = sum * z + c_k[k];
    return sum;
  }

  double x_c_, s_c_, s_0_;
  std::array<double, 7> energy_k_{}, force_k_{};    ///< of powers of s - s_0
  std::array<double, 9> curvature_k_{};
  std::array<double, 6> coefficients_{};
};

}    // namespace glass

#endif
