// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_COMPLEX_MODULUS_H
#define GLASS_COMPLEX_MODULUS_H

#include "../spectrum/lanczos.h"

namespace glass {

/// Nonaffine response of damped modes at one frequency (Lemaitre and Maloney, J. Stat. Phys. 123,
/// 415 (2006); Cui et al., Phys. Rev. B 96, 094203 (2017), Eqs. 5-7):
///
///   G* = G_A - S/V,  S = sum_p xi_p^2/(lambda_p - z),  z = omega^2 - i omega nu~(omega),
///
/// with lambda_p and xi_p^2 in 1/time^2 and energy/time^2: S is an energy.
struct NonaffineResponse {
  std::complex<double> sum = 0.0;    ///< S
  double error = 0.0;                ///< a bound of |error| of S
};

/// z of the above. -Im z = omega nu_1 is the width of the line.
std::complex<double> shift(double omega, std::complex<double> nu);

/// The sum over modes as it stands.
/// @param xi_squared_p  one component of strain
NonaffineResponse nonaffine_response(const Eigen::VectorXd &lambda_p,
                                     const Eigen::VectorXd &xi_squared_p, std::complex<double> z);

/// The same from the recurrence that started from the mass-weighted affine force, Xi.(D - z)^-1 Xi
/// as a continued fraction. The bound of the error is that of resolvent() with a distance of z from
/// the spectrum: |Im z| and, where Re z is outside of the eigenvalues of T, half as far from them
/// as it is, since those of D reach a little further.
/// @param spectrum  ritz_range() of T, and of others from the same D
NonaffineResponse nonaffine_response(const Tridiagonal &t, const SpectralRange &spectrum,
                                     std::complex<double> z);

/// Modes within the width s = -Im z of a line at lambda = Re z,
///
///   (1/pi) sum_p s^2/((lambda_p - Re z)^2 + s^2) = (s/pi) |Im tr (D - z)^-1|
///
/// Below one the response at this frequency is that of single modes of this box: finite-size noise.
double modes_in_line(const Eigen::VectorXd &lambda_p, std::complex<double> z);

/// The same with the trace estimated by one random vector, from its recurrence.
double modes_in_line(const Tridiagonal &random, Eigen::Index n_modes, std::complex<double> z);

}    // namespace glass

#endif
