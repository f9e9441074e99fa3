// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_KERNEL_POLYNOMIAL_H
#define GLASS_KERNEL_POLYNOMIAL_H

#include "../spectrum/chebyshev.h"
#include "mode_statistics.h"

namespace glass {

/// A density over eigenvalues from its Chebyshev moments mu_n = int rho(lambda) T_n(x) d lambda, by
/// Jackson's kernel (Weisse, Wellein, Alvermann, Fehske, Rev. Mod. Phys. 78, 275 (2006)):
///
///   rho(x) = [mu_0 + 2 sum_n g_n mu_n T_n(x)]/(pi sqrt(1 - x^2)),
///
/// positive, and a delta function becomes a near Gaussian of standard deviation width().
class KernelPolynomial {
 public:
  /// @throws std::invalid_argument unless n_moments >= 2 and the interval has a width
  KernelPolynomial(const ChebyshevInterval &interval, int n_moments);

  int n_moments() const { return static_cast<int>(jackson_n_.size()); }

  /// h pi/M [1 - x^2 + (4x^2 - 3)/M]^1/2, M the number of moments and h the half width of the
  /// interval; outside of it that of its end.
  double width(double lambda) const;

  /// Coefficients of the moments in int_(-inf)^lambda rho: in closed form, no grid.
  Eigen::VectorXd cumulative(double lambda) const;

  /// A sum over points that is exact for rho times a polynomial of degree up to 3M.
  struct Points {
    Eigen::VectorXd lambda_k, weight_k;
  };
  Points points(const Eigen::VectorXd &mu_n) const;

 private:
  ChebyshevInterval interval_;
  Eigen::VectorXd jackson_n_;
};

/// The least number of moments, sixteen at least, with which width() is dlambda or less at lambda.
int moments_for_width(const ChebyshevInterval &interval, double lambda, double dlambda);

/// What the dense spectrum (BinnedSpectrum) is, from moments: numbers of modes are expected ones.
struct PolynomialSpectrum {
  BinnedSpectrum binned;              ///< without participation ratios, which are zero
  Eigen::VectorXd density_error_b;    ///< standard error of binned.density_b
  double n_outside = 0.0;             ///< expected modes in no bin
  double fraction_stable = 0.0, fraction_unstable = 0.0, fraction_error = 0.0;
  /// sum xi^2/lambda^2, the mean over components, over |omega| >= omega_min; NaN if omega_min^2 is
  /// less than four kernel widths
  double stable_sum = 0.0, unstable_sum = 0.0;
  double resolved_from = 0.0;        ///< |omega| from which on bins are as wide as the kernel
  double resolved_fraction = 0.0;    ///< of the modes, in such bins
};

/// A bin [w_1, w_2) of signed frequencies is the interval [w_1|w_1|, w_2|w_2|) of eigenvalues: no
/// Jacobian is approximated.
/// @param mu_nc   moments of the random vectors; each column is normalised by its mu_0
/// @param xi_nc   moments of the mass-weighted affine forces
PolynomialSpectrum polynomial_spectrum(const KernelPolynomial &polynomial,
                                       const Eigen::MatrixXd &mu_nc, const Eigen::MatrixXd &xi_nc,
                                       const FrequencyBins &bins, Eigen::Index n_modes,
                                       double omega_min);

}    // namespace glass

#endif
