// Part of lammps-glass, GPL-2.0.

// The three forms of the memory kernel on correlation functions that are known exactly.

#include "observable/memory_kernel.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <stdexcept>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

using namespace glass;

namespace {

constexpr double pi = 3.14159265358979323846;

/// A process whose correlations and kernel are known, mass and kT of it.
struct ExactCase {
  const char *name;
  double mass, kT;
  std::function<MomentumCorrelations(double, int)> correlations;    // of spacing, lags
  std::function<double(double)> kernel;
};

void PrintTo(const ExactCase &exact, std::ostream *out)
{
  *out << exact.name;
}

/// Linear equations of motion dx/dt = M x + noise with x_0 = P and dP/dt the sum of the other
/// elements that `force` picks: <P P>(t) = kT m [exp(Mt)]_00, <F(0) P(t)> = -d/dt <P P> and
/// <F F> = -d^2/dt^2 <P P>.
MomentumCorrelations of_linear_process(const Eigen::MatrixXd &m, double kT_mass, double spacing,
                                       int lags)
{
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(m);
  const Eigen::MatrixXcd vectors = solver.eigenvectors();
  const Eigen::MatrixXcd inverse = vectors.inverse();
  MomentumCorrelations c;
  for (int k = 0; k <= lags; ++k) {
    std::complex<double> pp = 0.0, first = 0.0, second = 0.0;
    for (Eigen::Index j = 0; j < m.rows(); ++j) {
      const std::complex<double> lambda = solver.eigenvalues()[j];
      const std::complex<double> part =
          vectors(0, j) * inverse(j, 0) * std::exp(lambda * (k * spacing));
      pp += part;
      first += lambda * part;
      second += lambda * lambda * part;
    }
    c.pp_k.push_back(kT_mass * pp.real());
    c.fp_k.push_back(-kT_mass * first.real());
    c.ff_k.push_back(-kT_mass * second.real());
  }
  return c;
}

struct Exponential {
  double amplitude, time;
};

/// v(t) = sum A exp(-t/tau): dP/dt = sum z, dz/dt = -z/tau - (A/m) P + noise.
ExactCase exponentials(const char *name, double mass, double kT, std::vector<Exponential> terms)
{
  const auto n = static_cast<Eigen::Index>(terms.size());
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(n + 1, n + 1);
  for (Eigen::Index j = 0; j < n; ++j) {
    m(0, j + 1) = 1.0;
    m(j + 1, 0) = -terms[j].amplitude / mass;
    m(j + 1, j + 1) = -1.0 / terms[j].time;
  }
  return {name, mass, kT,
          [=](double spacing, int lags) { return of_linear_process(m, kT * mass, spacing, lags); },
          [=](double t) {
            double v = 0.0;
            for (const Exponential &term : terms)
              v += term.amplitude * std::exp(-t / term.time);
            return v;
          }};
}

/// v(t) = sum_j A_j cos(w_j t): a particle coupled to oscillators.
ExactCase oscillator_bath()
{
  const int n = 12;
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(2 * n + 1, 2 * n + 1);
  std::vector<double> amplitude, frequency;
  for (int j = 0; j < n; ++j) {
    frequency.push_back(0.4 + 0.37 * j + 0.05 * j * j / n);
    amplitude.push_back(0.6 + 0.3 * std::cos(1.7 * j));
    const int z = 2 * j + 1;
    m(0, z) = 1.0;
    m(z, 0) = -amplitude[j];
    m(z, z + 1) = -frequency[j];
    m(z + 1, z) = frequency[j];
  }
  return {"bath", 1.0, 1.0,
          [=](double spacing, int lags) { return of_linear_process(m, 1.0, spacing, lags); },
          [=](double t) {
            double v = 0.0;
            for (int j = 0; j < n; ++j)
              v += amplitude[j] * std::cos(frequency[j] * t);
            return v;
          }};
}

/// An atom of the infinite harmonic chain of masses and springs 1 at kT = 1: <P P> = J0(2t), whose
/// Laplace transform 1/sqrt(s^2 + 4) has the kernel sqrt(s^2 + 4) - s, or 2 J1(2t)/t.
ExactCase harmonic_chain()
{
  const auto bessel_ratio = [](double x) { return x > 0.0 ? std::cyl_bessel_j(1, x) / x : 0.5; };
  return {"chain", 1.0, 1.0,
          [=](double spacing, int lags) {
            MomentumCorrelations c;
            for (int k = 0; k <= lags; ++k) {
              const double x = 2.0 * k * spacing;
              c.pp_k.push_back(std::cyl_bessel_j(0, x));
              c.fp_k.push_back(2.0 * std::cyl_bessel_j(1, x));
              c.ff_k.push_back(4.0 * (std::cyl_bessel_j(0, x) - bessel_ratio(x)));
            }
            return c;
          },
          [=](double t) { return 4.0 * bessel_ratio(2.0 * t); }};
}

const std::vector<ExactCase> cases = {
    exponentials("exponential", 1.0, 1.0, {{4.0, 0.5}}),
    exponentials("heavy", 3.0, 0.7, {{4.0, 0.5}}),
    exponentials("two_exponentials", 1.0, 1.0, {{20.0, 0.2}, {5.0, 4.0}}), oscillator_bath(),
    harmonic_chain()};

/// Largest error of v over v(0), up to the time 4.
double largest_error(const ExactCase &exact, double spacing, KernelForm form)
{
  const int lags = static_cast<int>(std::lround(4.0 / spacing));
  const MemoryKernel kernel =
      memory_kernel(exact.correlations(spacing, lags), spacing, exact.mass, form);
  double largest = 0.0;
  for (int k = 0; k <= lags; ++k)
    largest = std::max(largest, std::abs(kernel.v_k[k] - exact.kernel(k * spacing)));
  return largest / exact.kernel(0.0);
}

class OnExactCorrelations : public testing::TestWithParam<ExactCase> {};

TEST_P(OnExactCorrelations, every_form_is_of_second_order)
{
  for (const KernelForm form : {KernelForm::impulse, KernelForm::trapezoid, KernelForm::volterra}) {
    const double coarse = largest_error(GetParam(), 0.01, form);
    const double fine = largest_error(GetParam(), 0.005, form);
    EXPECT_GE(std::log2(coarse / fine), 1.95) << static_cast<int>(form);
    EXPECT_LE(std::log2(coarse / fine), 2.2) << static_cast<int>(form);
    EXPECT_LT(fine, 5e-3) << static_cast<int>(form);
  }
}

TEST_P(OnExactCorrelations, running_friction_is_the_integral_of_the_kernel)
{
  const double spacing = 0.005;
  const int lags = 800;
  const int fine_per_lag = 4;
  for (const KernelForm form : {KernelForm::impulse, KernelForm::trapezoid, KernelForm::volterra}) {
    const MemoryKernel kernel =
        memory_kernel(GetParam().correlations(spacing, lags), spacing, GetParam().mass, form);
    const double step = spacing / fine_per_lag;
    double integral = 0.0;    // by Simpson's rule
    for (int k = 1; k <= lags; ++k) {
      const double t = (k - 1) * spacing;
      for (int j = 0; j < fine_per_lag; j += 2)
        integral += step / 3.0 *
                    (GetParam().kernel(t + j * step) + 4.0 * GetParam().kernel(t + (j + 1) * step) +
                     GetParam().kernel(t + (j + 2) * step));
      ASSERT_NEAR(kernel.beta_k[k], integral / GetParam().mass, 2e-3 * GetParam().kernel(0.0))
          << k << " " << static_cast<int>(form);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(MemoryKernel, OnExactCorrelations, testing::ValuesIn(cases),
                         [](const auto &info) { return std::string(info.param.name); });

/// The figures that the project's survey found: both forms are what was surveyed.
TEST(MemoryKernel, errors_are_those_of_the_survey)
{
  const double trapezoid[] = {7.8e-4, 2.0e-4, 4.9e-5, 1.2e-5};
  const double spacing[] = {0.08, 0.04, 0.02, 0.01};
  for (int k = 0; k < 4; ++k)
    EXPECT_NEAR(largest_error(cases[0], spacing[k], KernelForm::trapezoid) / trapezoid[k], 1.0,
                0.06);
  EXPECT_NEAR(largest_error(cases[0], 0.08, KernelForm::impulse) / 1.6e-3, 1.0, 0.06);
  EXPECT_NEAR(largest_error(cases[0], 0.01, KernelForm::impulse) / 2.5e-5, 1.0, 0.06);
}

/// Five sums over origins per lag, as published, with each quantity's own time index.
MemoryKernel five_sums(const std::vector<double> &p, const std::vector<double> &f, double delta,
                       double kT, int lags)
{
  const std::size_t n = p.size();    // periodic
  std::vector<double> projected = f;
  MemoryKernel kernel;
  const auto sum = [&](const std::vector<double> &a, std::size_t shift_a,
                       const std::vector<double> &b, std::size_t shift_b) {
    double total = 0.0;
    for (std::size_t m = 0; m < n; ++m)
      total += a[(m + shift_a) % n] * b[(m + shift_b) % n];
    return total;
  };
  for (int k = 0; k <= lags; ++k) {
    const double s = sum(p, k, p, k);
    const double beta = sum(p, k, projected, 0) / s;
    const double kappa = sum(f, k, p, k) / s;
    const double gamma = sum(p, k + 1, projected, 0) / s;
    const double big_delta = sum(f, k, p, k + 1) / s;
    kernel.beta_k.push_back(beta);
    kernel.v_k.push_back(sum(f, k, projected, 0) / static_cast<double>(n) / kT);
    for (std::size_t m = 0; m < n; ++m)
      projected[m] +=
          0.5 * delta *
          (beta * f[(m + k) % n] + f[(m + k + 1) % n] * (gamma + big_delta * beta * 0.5 * delta) /
                                       (1.0 - kappa * 0.5 * delta));
  }
  return kernel;
}

TEST(MemoryKernel, trapezoid_is_the_published_recurrence)
{
  // Over one period of a periodic trajectory, averages over origins are stationary, and <F P> = 0.
  const int n = 400;
  const double delta = 2.0 * pi / n;
  std::vector<double> p(n), f(n);
  for (int k = 0; k < n; ++k)
    for (int h = 1; h <= 9; ++h) {
      const double phase = h * k * delta + 0.7 * h * h;
      p[k] += std::cos(phase) / h;
      f[k] += -std::sin(phase);
    }
  const int lags = 150;
  MomentumCorrelations c;
  for (int k = 0; k <= lags; ++k) {
    double pp = 0.0, fp = 0.0, pf = 0.0, ff = 0.0;
    for (int m = 0; m < n; ++m) {
      const int later = (m + k) % n;
      pp += p[m] * p[later] / n;
      fp += f[m] * p[later] / n;
      pf += p[m] * f[later] / n;
      ff += f[m] * f[later] / n;
    }
    c.pp_k.push_back(pp);
    c.fp_k.push_back(0.5 * (fp - pf));
    c.ff_k.push_back(ff);
  }
  const double mass = 2.0;
  const MemoryKernel ours = memory_kernel(c, delta, mass, KernelForm::trapezoid);
  const MemoryKernel published = five_sums(p, f, delta, c.pp_k[0] / mass, lags);
  const double scale = published.v_k[0];
  for (int k = 0; k <= lags; ++k) {
    EXPECT_NEAR(ours.v_k[k], published.v_k[k], 1e-12 * scale) << k;
    EXPECT_NEAR(ours.beta_k[k], published.beta_k[k], 1e-12 * scale) << k;
  }
}

/// Putting the kernel back into the generalised Langevin equation gives the correlation it is from.
TEST(MemoryKernel, langevin_equation_returns_the_velocity_correlation)
{
  const double delta = 0.01;
  const int lags = 600;
  for (const ExactCase &exact : cases) {
    const MomentumCorrelations c = exact.correlations(delta, lags);
    const MemoryKernel kernel = memory_kernel(c, delta, exact.mass, KernelForm::impulse);
    // Trapezoid rule in the memory integral and in time.
    std::vector<double> pp = {c.pp_k[0]}, slope = {0.0};
    for (int k = 1; k <= lags; ++k) {
      double memory = 0.5 * kernel.v_k[k] * pp[0];
      for (int j = 1; j < k; ++j)
        memory += kernel.v_k[j] * pp[k - j];
      const double known = -delta / exact.mass * memory;
      const double half = 0.5 * delta / exact.mass * kernel.v_k[0];    // times pp_k, also unknown
      pp.push_back((pp[k - 1] + 0.5 * delta * (slope[k - 1] + known)) / (1.0 + 0.5 * delta * half));
      slope.push_back(known - half * pp[k]);
      ASSERT_NEAR(pp[k], c.pp_k[k], 2e-3 * c.pp_k[0]) << exact.name << " " << k;
    }
  }
}

/// v(s) = kT/(s^2 W(s)) - m s in Laplace space, W half the mean square displacement per component.
TEST(MemoryKernel, laplace_transform_is_that_of_the_displacement)
{
  const ExactCase &exact = cases[1];    // mass 3
  const double delta = 0.005;
  const int lags = 8000;
  const MomentumCorrelations c = exact.correlations(delta, lags);
  const MemoryKernel kernel = memory_kernel(c, delta, exact.mass, KernelForm::impulse);
  // W'' is the velocity autocorrelation: integrated twice, then transformed.
  std::vector<double> w = {0.0};
  double velocity = 0.0;
  for (int k = 1; k <= lags; ++k) {
    const double before = c.pp_k[k - 1] / exact.mass / exact.mass;
    const double now = c.pp_k[k] / exact.mass / exact.mass;
    w.push_back(w.back() + delta * velocity + delta * delta * (2.0 * before + now) / 6.0);
    velocity += 0.5 * delta * (before + now);
  }
  for (const double s : {0.8, 2.0, 5.0}) {
    double v_of_s = 0.0, w_of_s = 0.0;
    for (int k = 0; k <= lags; ++k) {
      const double weight = (k == 0 || k == lags ? 0.5 : 1.0) * delta * std::exp(-s * k * delta);
      v_of_s += weight * kernel.v_k[k];
      w_of_s += weight * w[k];
    }
    EXPECT_NEAR(v_of_s, exact.kT / (s * s * w_of_s) - exact.mass * s, 2e-4 * v_of_s) << s;
    EXPECT_NEAR(v_of_s, 4.0 / (s + 2.0), 2e-4 * v_of_s) << s;
  }
}

TEST(MemoryKernel, nothing_from_no_motion)
{
  const std::vector<double> zeros(5, 0.0);
  const MemoryKernel kernel = memory_kernel({zeros, zeros, zeros}, 0.1, 1.0, KernelForm::impulse);
  EXPECT_EQ(kernel.v_k, zeros);
  EXPECT_EQ(kernel.beta_k, zeros);
}

TEST(MemoryKernel, refuses_what_it_cannot_solve)
{
  const std::vector<double> three(3, 1.0), two(2, 1.0), one(1, 1.0);
  const KernelForm form = KernelForm::impulse;
  EXPECT_THROW(memory_kernel({three, three, two}, 0.1, 1.0, form), std::invalid_argument);
  EXPECT_THROW(memory_kernel({three, two, three}, 0.1, 1.0, form), std::invalid_argument);
  EXPECT_THROW(memory_kernel({one, one, one}, 0.1, 1.0, form), std::invalid_argument);
  EXPECT_THROW(memory_kernel({two, two, two}, 0.0, 1.0, form), std::invalid_argument);
  EXPECT_THROW(memory_kernel({two, two, two}, 0.1, 0.0, form), std::invalid_argument);
}

TEST(KernelSpectrum, is_exact_for_polygons)
{
  // Each piece of the polygon integrated by itself, in closed form.
  const double delta = 0.3;
  const std::vector<double> nu = {2.0, -1.0, 0.5, 0.25, 3.0, -0.7};
  const KernelSpectrum spectrum = kernel_spectrum(nu, delta);
  const std::size_t n = nu.size() - 1;
  ASSERT_EQ(spectrum.real_j.size(), n + 1);
  for (std::size_t j = 0; j <= n; ++j) {
    const double omega = pi * static_cast<double>(j) / (static_cast<double>(n) * delta);
    std::complex<double> value = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
      if (j == 0) {
        value += 0.5 * delta * (nu[k] + nu[k + 1]);
        continue;
      }
      const std::complex<double> i(0.0, 1.0);
      const double slope = (nu[k + 1] - nu[k]) / delta;
      const auto primitive = [&](double t, double x) {    // of (line) exp(-i omega t)
        return std::exp(-i * omega * t) * (i * x / omega + slope / (omega * omega));
      };
      value += primitive((static_cast<double>(k) + 1.0) * delta, nu[k + 1]) -
               primitive(static_cast<double>(k) * delta, nu[k]);
    }
    EXPECT_NEAR(spectrum.real_j[j], value.real(), 1e-14) << j;
    EXPECT_NEAR(spectrum.minus_imaginary_j[j], -value.imag(), 1e-14) << j;
  }
}

TEST(KernelSpectrum, approaches_that_of_an_exponential)
{
  // nu0/(1/tau + i omega): right from far below to far above 1/tau, where sums over samples are
  // not.
  const double delta = 0.01, tau = 0.5;
  const int n = 2000;
  std::vector<double> nu(n + 1);
  for (int k = 0; k <= n; ++k)
    nu[k] = 3.0 * std::exp(-k * delta / tau);
  const KernelSpectrum spectrum = kernel_spectrum(nu, delta);
  for (int j = 0; j <= n; j += 50) {
    const double omega = pi * j / (n * delta);
    const std::complex<double> exact = 3.0 / std::complex<double>(1.0 / tau, omega);
    EXPECT_NEAR(spectrum.real_j[j], exact.real(), 5e-5 * std::abs(exact) + 1e-9) << j;
    EXPECT_NEAR(spectrum.minus_imaginary_j[j], -exact.imag(), 5e-5 * std::abs(exact)) << j;
  }
  EXPECT_THROW(kernel_spectrum({1.0}, 0.1), std::invalid_argument);
  EXPECT_THROW(kernel_spectrum(nu, 0.0), std::invalid_argument);
}

}    // namespace
