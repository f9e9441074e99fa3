// Part of lammps-glass, GPL-2.0.

#include "memory_kernel.h"

#include "../pi.h"

#include "fourier/real_fft.h"

#include <cmath>
#include <complex>
#include <stdexcept>

#include <Eigen/Core>

namespace glass {

namespace {

using Map = Eigen::Map<const Eigen::VectorXd>;

/// c_n, c_(n-1), ... c_0, so that sums over c_(n-j) a_j run through both lists forwards.
Eigen::VectorXd reversed(const Eigen::VectorXd &c)
{
  return c.reverse();
}

/// sum_{j=first}^{last-1} a_j c_(shift-j), with c given reversed.
double folded(const Eigen::VectorXd &a, const Eigen::VectorXd &reversed_c, Eigen::Index first,
              Eigen::Index last, Eigen::Index shift)
{
  const Eigen::Index n = reversed_c.size() - 1;
  if (last <= first) return 0.0;
  return a.segment(first, last - first).dot(reversed_c.segment(n - shift + first, last - first));
}

/// The correlations and what all forms need of them.
struct Problem {
  Map pp, fp, ff;
  double delta, inertia, kT;
  Eigen::Index n;    ///< last lag
};

/// With g_j = (beta_j + beta_(j+1))/2 the equation of motion, integrated over one spacing, is exact
/// but for the change of g within it.
void impulse(const Problem &of, Eigen::VectorXd &v, Eigen::VectorXd &beta)
{
  const Eigen::Index n = of.n;
  const Eigen::VectorXd loss = reversed(of.pp.head(n) - of.pp.tail(n));    // C(k) - C(k+1)
  const Eigen::VectorXd gain = reversed(of.fp.tail(n) - of.fp.head(n));
  const double eta = 1.0 - of.pp[1] / of.pp[0];
  Eigen::VectorXd g = Eigen::VectorXd::Zero(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const double gamma = (of.fp[k + 1] + folded(g, loss, 0, k, k)) / of.pp[0];
    beta[k + 1] = (gamma + 0.5 * eta * beta[k]) / (1.0 - 0.5 * eta);
    g[k] = 0.5 * (beta[k] + beta[k + 1]);
    v[k + 1] = (of.ff[k + 1] + folded(g, gain, 0, k + 1, k)) / of.kT;
  }
}

/// The projected force at lag k is F(0) + int beta F, by the trapezoid rule; its products with P
/// and F are correlations.
void trapezoid(const Problem &of, Eigen::VectorXd &v, Eigen::VectorXd &beta)
{
  const Eigen::Index n = of.n;
  const Eigen::VectorXd fp = reversed(of.fp), ff = reversed(of.ff);
  // beta_0 = 0, and the end point of the integral for beta, with <F P> = 0, drops out.
  for (Eigen::Index k = 0; k < n; ++k) {
    beta[k + 1] = (of.fp[k + 1] + of.delta * folded(beta, fp, 1, k + 1, k + 1)) / of.pp[0];
    v[k + 1] = (of.ff[k + 1] + of.delta * folded(beta, ff, 1, k + 1, k + 1) +
                0.5 * of.delta * beta[k + 1] * of.ff[0]) /
               of.kT;
  }
}

/// v = <F F>/kT + int v(s) <F(0) P(t-s)>/<P^2> ds; <F P> = 0 at no lag.
void volterra(const Problem &of, Eigen::VectorXd &v, Eigen::VectorXd &beta)
{
  const Eigen::VectorXd fp = reversed(of.fp);
  for (Eigen::Index k = 1; k <= of.n; ++k) {
    v[k] =
        of.ff[k] / of.kT + of.delta / of.pp[0] * (0.5 * v[0] * of.fp[k] + folded(v, fp, 1, k, k));
    beta[k] = beta[k - 1] + 0.5 * of.delta * (v[k - 1] + v[k]) / of.inertia;
  }
}

}    // namespace

MemoryKernel memory_kernel(const MomentumCorrelations &correlations, double spacing, double inertia,
                           KernelForm form)
{
  const std::size_t size = correlations.pp_k.size();
  if (size < 2 || correlations.fp_k.size() != size || correlations.ff_k.size() != size)
    throw std::invalid_argument("a memory kernel needs three correlation functions of two or more "
                                "lags, all of one length");
  if (!(spacing > 0.0) || !(inertia > 0.0))
    throw std::invalid_argument("a memory kernel needs a spacing and a mass above zero");

  const auto n = static_cast<Eigen::Index>(size);
  const Problem problem{Map(correlations.pp_k.data(), n),
                        Map(correlations.fp_k.data(), n),
                        Map(correlations.ff_k.data(), n),
                        spacing,
                        inertia,
                        correlations.pp_k[0] / inertia,
                        n - 1};
  MemoryKernel kernel{std::vector<double>(size), std::vector<double>(size)};
  if (!(problem.kT > 0.0)) return kernel;
  Eigen::VectorXd v = Eigen::VectorXd::Zero(n), beta = Eigen::VectorXd::Zero(n);
  v[0] = problem.ff[0] / problem.kT;
  if (form == KernelForm::impulse)
    impulse(problem, v, beta);
  else if (form == KernelForm::trapezoid)
    trapezoid(problem, v, beta);
  else
    volterra(problem, v, beta);
  Eigen::Map<Eigen::VectorXd>(kernel.v_k.data(), n) = v;
  Eigen::Map<Eigen::VectorXd>(kernel.beta_k.data(), n) = beta;
  return kernel;
}

KernelSpectrum kernel_spectrum(const std::vector<double> &nu_k, double spacing)
{
  if (nu_k.size() < 2 || !(spacing > 0.0))
    throw std::invalid_argument("a kernel's spectrum needs two or more values and a spacing > 0");
  const std::size_t n = nu_k.size() - 1;
  RealFFT fft(2 * n);
  for (std::size_t k = 0; k < 2 * n; ++k)
    fft.series()[k] = k <= n ? nu_k[k] : 0.0;
  fft.forward();

  KernelSpectrum spectrum{std::vector<double>(n + 1), std::vector<double>(n + 1)};
  for (std::size_t j = 0; j <= n; ++j) {
    // The polygon is a sum of hats around the t_k: the transform of a hat times the sum over k, but
    // for the first and last, of which only half is there. Series below, where the closed forms
    // cancel.
    const double theta = PI * static_cast<double>(j) / static_cast<double>(n);
    const double square = theta * theta;
    const bool small = theta < 1e-2;
    const double half_real =
        small ? 0.5 - square / 24.0 + square * square / 720.0 : (1.0 - std::cos(theta)) / square;
    const double half_imaginary =
        small ? theta / 6.0 - theta * square / 120.0 : (theta - std::sin(theta)) / square;
    // int_0^1 (1-s) exp(-i theta s) ds = half_real - i half_imaginary
    const std::complex<double> missing_half(half_real, half_imaginary);
    const double at_end = (j % 2 == 0 ? 1.0 : -1.0) * nu_k[n];    // exp(-i omega n delta) = +-1
    const std::complex<double> value =
        spacing * (2.0 * half_real * fft.spectrum()[j] - nu_k[0] * missing_half -
                   at_end * std::conj(missing_half));
    spectrum.real_j[j] = value.real();
    spectrum.minus_imaginary_j[j] = -value.imag();
  }
  return spectrum;
}

}    // namespace glass
