// Part of lammps-glass, GPL-2.0.

#include "complex_modulus.h"

#include "../pi.h"

#include <algorithm>
#include <cmath>

namespace glass {

std::complex<double> shift(double omega, std::complex<double> nu)
{
  return omega * omega - std::complex<double>(0.0, omega) * nu;
}

NonaffineResponse nonaffine_response(const Eigen::VectorXd &lambda_p,
                                     const Eigen::VectorXd &xi_squared_p, std::complex<double> z)
{
  NonaffineResponse response;
  for (Eigen::Index p = 0; p < lambda_p.size(); ++p)
    response.sum += xi_squared_p[p] / (lambda_p[p] - z);
  return response;
}

NonaffineResponse nonaffine_response(const Tridiagonal &t, const SpectralRange &spectrum,
                                     std::complex<double> z)
{
  NonaffineResponse response;
  if (t.size() == 0) return response;    // no affine force at all
  const ResolventElement element = resolvent(t, z);
  response.sum = t.norm_squared * element.value;
  const double beside = std::max({0.0, spectrum.low - z.real(), z.real() - spectrum.high});
  // The lowest eigenvalues of D are a little lower than those of T.
  if (element.residual_squared > 0.0)
    response.error = t.norm_squared * element.residual_squared / std::hypot(0.5 * beside, z.imag());
  return response;
}

double modes_in_line(const Eigen::VectorXd &lambda_p, std::complex<double> z)
{
  double sum = 0.0;
  for (Eigen::Index p = 0; p < lambda_p.size(); ++p)
    sum += 1.0 / std::norm(lambda_p[p] - z);
  return sum * z.imag() * z.imag() / PI;
}

double modes_in_line(const Tridiagonal &random, Eigen::Index n_modes, std::complex<double> z)
{
  if (z.imag() == 0.0) return 0.0;
  return static_cast<double>(n_modes) * std::abs(z.imag() * resolvent(random, z).value.imag()) / PI;
}

}    // namespace glass
