// Part of lammps-glass, GPL-2.0.

#include "kernel_polynomial.h"

#include "../fourier/real_fft.h"
#include "../pi.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace glass {

namespace {

// So far from zero that the kernel brings nothing there of what is near zero, where 1/lambda^2 is
// large.
constexpr double widths_from_zero = 4.0;

double eigenvalue_of(double omega)
{
  return omega * std::abs(omega);
}

double kernel_width(const ChebyshevInterval &interval, double lambda, double n_moments)
{
  const double x = std::clamp(interval.to_x(lambda), -1.0, 1.0);
  const double square = 1.0 - x * x + (4.0 * x * x - 3.0) / n_moments;
  return interval.half_width * PI / n_moments * std::sqrt(std::max(0.0, square));
}

/// Mean over the columns, and its standard error.
struct Mean {
  double value, error;
};

Mean mean_of(const Eigen::RowVectorXd &value_c)
{
  const auto n = static_cast<double>(value_c.size());
  const double mean = value_c.mean();
  const double error = n > 1.0
                           ? std::sqrt((value_c.array() - mean).square().sum() / (n * (n - 1.0)))
                           : std::numeric_limits<double>::infinity();
  return {mean, error};
}

}    // namespace

KernelPolynomial::KernelPolynomial(const ChebyshevInterval &interval, int n_moments) :
    interval_(interval), jackson_n_(n_moments)
{
  if (n_moments < 2 || !(interval.half_width > 0.0))
    throw std::invalid_argument("a kernel polynomial needs two or more moments over an interval");
  const double step = PI / (n_moments + 1.0);
  for (int n = 0; n < n_moments; ++n)
    jackson_n_[n] =
        ((n_moments - n + 1.0) * std::cos(n * step) + std::sin(n * step) / std::tan(step)) /
        (n_moments + 1.0);
}

double KernelPolynomial::width(double lambda) const
{
  return kernel_width(interval_, lambda, n_moments());
}

Eigen::VectorXd KernelPolynomial::cumulative(double lambda) const
{
  Eigen::VectorXd coefficient_n(n_moments());
  const double theta = std::acos(std::clamp(interval_.to_x(lambda), -1.0, 1.0));
  coefficient_n[0] = (PI - theta) / PI;
  for (int n = 1; n < n_moments(); ++n)
    coefficient_n[n] = -2.0 * jackson_n_[n] * std::sin(n * theta) / (n * PI);
  return coefficient_n;
}

KernelPolynomial::Points KernelPolynomial::points(const Eigen::VectorXd &mu_n) const
{
  // Gauss' quadrature of Chebyshev: x_k = cos(pi (k + 1/2)/K), all weights alike; the sum over n is
  // a Fourier transform.
  const auto n_points = static_cast<Eigen::Index>(fast_fft_size(2 * mu_n.size()));
  RealFFT fft(static_cast<std::size_t>(2 * n_points));
  std::fill_n(fft.spectrum(), fft.n_frequencies(), 0.0);
  const auto count = static_cast<double>(n_points);
  for (Eigen::Index n = 0; n < mu_n.size(); ++n)
    fft.spectrum()[n] = std::polar(1.0, 0.5 * PI * static_cast<double>(n) / count) *
                        (jackson_n_[n] * mu_n[n] / count);
  fft.inverse();
  Points points{Eigen::VectorXd(n_points), Eigen::VectorXd(n_points)};
  for (Eigen::Index k = 0; k < n_points; ++k) {
    const double x = std::cos(PI * (static_cast<double>(k) + 0.5) / count);
    points.lambda_k[k] = interval_.centre + interval_.half_width * x;
    points.weight_k[k] = fft.series()[k];
  }
  return points;
}

int moments_for_width(const ChebyshevInterval &interval, double lambda, double dlambda)
{
  double few = 15.0, many = 16.0;    // fewer are no series for kernel_width
  while (many < 1.0e9 && kernel_width(interval, lambda, many) > dlambda)
    many *= 2.0;
  while (many - few > 1.0) {
    const double middle = std::floor(0.5 * (few + many));
    (kernel_width(interval, lambda, middle) > dlambda ? few : many) = middle;
  }
  return static_cast<int>(many);
}

PolynomialSpectrum polynomial_spectrum(const KernelPolynomial &polynomial,
                                       const Eigen::MatrixXd &mu_nc, const Eigen::MatrixXd &xi_nc,
                                       const FrequencyBins &bins, Eigen::Index n_modes,
                                       double omega_min)
{
  PolynomialSpectrum spectrum;
  BinnedSpectrum &binned = spectrum.binned;
  binned.bins = bins;
  binned.density_b = binned.count_b = binned.participation_sum_b = spectrum.density_error_b =
      Eigen::VectorXd::Zero(bins.n);
  binned.xi_squared_sum_bc = Eigen::MatrixXd::Zero(bins.n, xi_nc.cols());

  const Eigen::MatrixXd unit_nc = mu_nc * mu_nc.row(0).cwiseInverse().asDiagonal();
  const auto n = static_cast<double>(n_modes);
  double inside = 0.0;
  spectrum.resolved_from = std::numeric_limits<double>::infinity();
  Eigen::VectorXd lower = polynomial.cumulative(eigenvalue_of(bins.low));
  for (int b = 0; b < bins.n; ++b) {
    const Eigen::VectorXd upper =
        polynomial.cumulative(eigenvalue_of(bins.low + (b + 1) * bins.width()));
    const Eigen::VectorXd bin_n = upper - lower;
    lower = upper;
    const Mean share = mean_of(bin_n.transpose() * unit_nc);
    binned.count_b[b] = n * share.value;
    binned.density_b[b] = share.value / bins.width();
    spectrum.density_error_b[b] = share.error / bins.width();
    binned.xi_squared_sum_bc.row(b) = bin_n.transpose() * xi_nc;
    inside += share.value;
    // In omega the kernel is d lambda/(2 |omega|) wide.
    const double omega = std::abs(bins.centre(b));
    if (polynomial.width(eigenvalue_of(bins.centre(b))) > 2.0 * omega * bins.width()) continue;
    spectrum.resolved_from = std::min(spectrum.resolved_from, omega);
    spectrum.resolved_fraction += share.value;
  }
  spectrum.n_outside = n * (1.0 - inside);

  const Mean unstable = mean_of(polynomial.cumulative(0.0).transpose() * unit_nc);
  spectrum.fraction_unstable = unstable.value;
  spectrum.fraction_stable = 1.0 - unstable.value;
  spectrum.fraction_error = unstable.error;

  if (!(omega_min * omega_min >= widths_from_zero * polynomial.width(0.0))) {
    spectrum.stable_sum = spectrum.unstable_sum = std::numeric_limits<double>::quiet_NaN();
    return spectrum;
  }
  const KernelPolynomial::Points points = polynomial.points(xi_nc.rowwise().mean());
  for (Eigen::Index k = 0; k < points.lambda_k.size(); ++k) {
    const double lambda = points.lambda_k[k];
    if (std::abs(lambda) < omega_min * omega_min) continue;
    (lambda < 0.0 ? spectrum.unstable_sum : spectrum.stable_sum) +=
        points.weight_k[k] / (lambda * lambda);
  }
  return spectrum;
}

}    // namespace glass
