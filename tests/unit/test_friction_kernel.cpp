// Part of lammps-glass, GPL-2.0.

#include "observable/friction_kernel.h"

#include "observable/memory_kernel.h"
#include "pi.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

using namespace glass;
using Complex = std::complex<double>;

namespace {

void expect_close(Complex found, Complex expected, double tolerance)
{
  EXPECT_LE(std::abs(found - expected), tolerance * std::abs(expected))
      << found << " instead of " << expected;
}

/// int_0^inf exp(-u^b - ixu) du by Simpson's rule in v, u = v^8, in which u^b is smooth.
Complex by_simpson(double x, double b)
{
  constexpr int n = 200000;
  const double end = std::pow(36.0, 1.0 / (8.0 * b)), h = end / n;
  Complex sum = 0.0;
  for (int k = 0; k <= n; ++k) {
    const double v = k * h, u = std::pow(v, 8.0);
    const double weight = k == 0 || k == n ? 1.0 : (k % 2 == 1 ? 4.0 : 2.0);
    sum += weight * 8.0 * std::pow(v, 7.0) * std::exp(-std::pow(u, b)) * std::polar(1.0, -x * u);
  }
  return sum * h / 3.0;
}

TEST(FrictionKernel, ConstantAndMaxwell)
{
  expect_close(constant_kernel(2.5)->spectrum(7.0), 2.5, 1e-15);
  // nu_0 exp(-t/tau), as Prony term and as stretched exponential of b = 1
  for (const double omega : {0.0, 1e-6, 0.3, 20.0, 1e7}) {
    const Complex expected = 3.0 * 0.4 / Complex(1.0, 0.4 * omega);
    expect_close(prony_kernel({3.0}, {0.4})->spectrum(omega), expected, 1e-14);
    expect_close(stretched_kernel(3.0, 1.0 / 0.4, 1.0)->spectrum(omega), expected, 1e-12);
  }
  expect_close(prony_kernel({3.0, -1.0}, {0.4, 2.0})->spectrum(1.5),
               3.0 * 0.4 / Complex(1.0, 0.6) - 2.0 / Complex(1.0, 3.0), 1e-14);
}

TEST(FrictionKernel, StretchedIsAGaussianForBTwo)
{
  for (const double x : {0.0, 0.5, 3.0})
    EXPECT_NEAR(stretched_kernel(1.0, 1.0, 2.0)->spectrum(x).real(),
                0.5 * std::sqrt(PI) * std::exp(-0.25 * x * x), 1e-12);
}

TEST(FrictionKernel, StretchedAgreesWithSimpson)
{
  for (const double b : {0.58, 0.72, 1.5})
    for (const double x : {0.1, 1.0, 4.0})
      expect_close(stretched_kernel(1.0, 1.0, b)->spectrum(x), by_simpson(x, b), 1e-9);
}

// Williams and Watts' series for x -> 0 and x -> inf.
TEST(FrictionKernel, StretchedHasTheKnownLimits)
{
  for (const double b : {0.3, 0.58, 0.9}) {
    const double small = std::pow(10.0, -6.0 / b), large = std::pow(10.0, 4.0 / b);
    Complex low = 0.0, high = 0.0;
    double factorial = 1.0;
    for (int n = 0; n < 4; ++n) {
      if (n > 0) factorial *= n;
      low += std::pow(Complex(0.0, -small), n) * std::tgamma((n + 1) / b) / (b * factorial);
      high += (n % 2 == 0 ? 1.0 : -1.0) * std::tgamma(1.0 + n * b) / factorial /
              std::pow(Complex(0.0, large), 1.0 + n * b);
    }
    const auto kernel = stretched_kernel(1.0, 1.0, b);
    expect_close(kernel->spectrum(small), low, 1e-10);
    expect_close(kernel->spectrum(large), high, 1e-10);
    // The real part is the small one.
    EXPECT_NEAR(kernel->spectrum(large).real() / high.real(), 1.0, 1e-8);
  }
}

// nu~(0) = nu_0 tau Gamma(1/b)/b.
TEST(FrictionKernel, StretchedHasItsIntegral)
{
  for (const double b : {0.05, 0.1, 0.3, 1.0, 2.0})
    expect_close(stretched_kernel(2.0, 1.0, b)->spectrum(0.0), 2.0 * std::tgamma(1.0 / b) / b,
                 1e-12);
}

// Scales: nu_0 tau F(omega tau).
TEST(FrictionKernel, StretchedScales)
{
  const double r = 3.4e-6, b = 0.58, tau = std::pow(r, -1.0 / b);
  expect_close(stretched_kernel(0.137, r, b)->spectrum(2.0 / tau),
               0.137 * tau * stretched_kernel(1.0, 1.0, b)->spectrum(2.0), 1e-12);
}

TEST(FrictionKernel, TableIsThatOfItsPolygon)
{
  std::vector<double> t_k, nu_k;
  for (int k = 0; k <= 40; ++k) {
    t_k.push_back(0.05 * k);
    nu_k.push_back(std::exp(-1.3 * t_k.back()) * std::cos(4.0 * t_k.back()));
  }
  const KernelSpectrum expected = kernel_spectrum(nu_k, 0.05);
  const auto kernel = tabulated_kernel(t_k, nu_k);
  for (int j = 0; j <= 40; ++j)
    EXPECT_LT(std::abs(kernel->spectrum(PI * j / 2.0) -
                       Complex(expected.real_j[j], -expected.minus_imaginary_j[j])),
              1e-13);
  // Points on a straight line add nothing.
  expect_close(tabulated_kernel({0.0, 1.0, 3.0}, {3.0, 2.0, 0.0})->spectrum(0.7),
               tabulated_kernel({0.0, 3.0}, {3.0, 0.0})->spectrum(0.7), 1e-14);
}

TEST(FrictionKernel, FilesAreRead)
{
  const std::string plain = "# t nu\n0 3.0\n\n 1 2.0 ignored\n3 0.0  # end\n";
  expect_close(parse_table(plain)->spectrum(0.4),
               tabulated_kernel({0.0, 1.0, 3.0}, {3.0, 2.0, 0.0})->spectrum(0.4), 1e-15);
  // v = 2 nu: nu_1(0) says so.
  const std::string memory = "# t omega v v_error beta beta_error nu1 nu2\n"
                             "0 0 6.0 0 0 0 4.5 0\n1 0 4.0 0 0 0 0 0\n3 0 0.0 0 0 0 0 0\n";
  expect_close(parse_memory_table(memory)->spectrum(0.4),
               tabulated_kernel({0.0, 1.0, 3.0}, {3.0, 2.0, 0.0})->spectrum(0.4), 1e-15);
}

TEST(FrictionKernel, RefusesWhatIsNone)
{
  EXPECT_THROW(stretched_kernel(1.0, 0.0, 0.5), std::invalid_argument);
  EXPECT_THROW(stretched_kernel(1.0, 1.0, 2.1), std::invalid_argument);
  EXPECT_THROW(prony_kernel({1.0, 1.0}, {1.0, 0.0}), std::invalid_argument);
  EXPECT_THROW(prony_kernel({}, {}), std::invalid_argument);
  EXPECT_THROW(tabulated_kernel({0.0}, {1.0}), std::invalid_argument);
  EXPECT_THROW(tabulated_kernel({0.1, 1.0}, {1.0, 1.0}), std::invalid_argument);
  EXPECT_THROW(tabulated_kernel({0.0, 1.0, 1.0}, {1.0, 1.0, 0.0}), std::invalid_argument);
  EXPECT_THROW(tabulated_kernel({0.0, 1.0}, {1.0, NAN}), std::invalid_argument);
  EXPECT_THROW(parse_table("0 1\n1 x\n"), std::invalid_argument);
  EXPECT_THROW(parse_table("0 1\n1\n"), std::invalid_argument);
  EXPECT_THROW(parse_memory_table("0 0 0 0 0 0 0\n1 0 0 0 0 0 0\n"), std::invalid_argument);
}

}    // namespace
