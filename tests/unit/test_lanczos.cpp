// Part of lammps-glass, GPL-2.0.

#include "observable/complex_modulus.h"
#include "observable/kernel_polynomial.h"
#include "pi.h"

#include "ranks.h"
#include "relaxed.h"

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

#include <numeric>

using namespace glass;
using namespace glass_test;
using Complex = std::complex<double>;

namespace {

/// A liquid-like cell as DynamicalMatrix and as eigenvalues and eigenvectors of the whole, in the
/// order of atoms.
class Liquid {
 public:
  explicit Liquid(int dimension = 3, const Communicator &communicator = world()) :
      cell(rattled_cell(4, 1.15, 0.2, 0.1, 5)), potential(smooth_lennard_jones()),
      part(cell, potential, communicator)
  {
    for (const std::size_t i : part.atom_r) {
      mass_r.push_back(mass(i));
      id_r.push_back(static_cast<std::int64_t>(3 * i + 7));
    }
    matrix = std::make_unique<DynamicalMatrix>(BlockMatrix(part.hessian), mass_r, 2.0, dimension,
                                               true, communicator);
    const RankPart whole(cell, potential, alone());
    std::vector<double> scale_i;
    for (std::size_t i = 0; i < cell.size(); ++i)
      scale_i.push_back(std::sqrt(2.0 / mass(i)));
    Eigen::MatrixXd dense = gather_dense(whole.hessian, scale_i, 3, alone());
    for (Eigen::Index k = 2; k < dense.rows() && dimension == 2; k += 3) {
      dense.row(k).setZero();
      dense.col(k).setZero();
    }
    // Out of the way, as are z in dimension 2.
    null = Eigen::MatrixXd::Zero(dense.rows(), 3 + (dimension == 2 ? dense.rows() / 3 : 0));
    double total = 0.0;
    for (std::size_t i = 0; i < cell.size(); ++i)
      total += mass(i);
    for (std::size_t i = 0; i < cell.size(); ++i) {
      const auto row = static_cast<Eigen::Index>(3 * i);
      for (int alpha = 0; alpha < dimension; ++alpha)
        null(row + alpha, alpha) = std::sqrt(mass(i) / total);
      if (dimension == 2) null(row + 2, 3 + static_cast<Eigen::Index>(i)) = 1.0;
    }
    const double beyond = 3.0 * dense.cwiseAbs().colwise().sum().maxCoeff();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(dense +
                                                                beyond * null * null.transpose());
    const Eigen::Index n = matrix->n_modes();
    lambda_p = solver.eigenvalues().head(n);
    e_np = solver.eigenvectors().leftCols(n);
  }

  static double mass(std::size_t i) { return 1.0 + 0.3 * static_cast<double>(i % 4); }

  BlockVector rows_of(const Eigen::MatrixXd &whole) const { return part.rows_of(whole); }

  Cell cell;
  TestPotential potential;
  RankPart part;
  std::vector<double> mass_r;
  std::vector<std::int64_t> id_r;
  std::unique_ptr<DynamicalMatrix> matrix;
  Eigen::VectorXd lambda_p;
  Eigen::MatrixXd e_np, null;
};

class DistributedDynamicalMatrix : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Dimensions, DistributedDynamicalMatrix, testing::Values(2, 3));

TEST_P(DistributedDynamicalMatrix, MultipliesAndProjects)
{
  Liquid liquid(GetParam());
  EXPECT_EQ(liquid.matrix->n_modes(), GetParam() * 63);
  const Eigen::MatrixXd whole = random_matrix(192, 4, 1);
  BlockVector x = liquid.rows_of(whole);
  liquid.matrix->project(x);
  const Eigen::MatrixXd inside = liquid.e_np * (liquid.e_np.transpose() * whole);
  EXPECT_LT((x - liquid.rows_of(inside)).cwiseAbs().maxCoeff(), 1e-12);
  BlockVector y(x.rows(), 4);
  liquid.matrix->apply(x.data(), y.data(), 4);
  const Eigen::MatrixXd expected =
      liquid.e_np * liquid.lambda_p.asDiagonal() * (liquid.e_np.transpose() * whole);
  EXPECT_LT((y - liquid.rows_of(expected)).cwiseAbs().maxCoeff(),
            1e-12 * liquid.lambda_p.cwiseAbs().maxCoeff());
}

TEST_P(DistributedDynamicalMatrix, RandomVectorsAreThoseOfTheAtoms)
{
  Liquid liquid(GetParam()), lone(GetParam(), alone());
  const BlockVector v = liquid.matrix->random_vectors(liquid.id_r, 3, 5, 3);
  const BlockVector all = lone.matrix->random_vectors(lone.id_r, 3, 4, 4);
  EXPECT_LT((v - liquid.rows_of(all).rightCols(3)).cwiseAbs().maxCoeff(), 1e-13);
  EXPECT_LT((liquid.null.transpose() * all).cwiseAbs().maxCoeff(), 1e-12);
  // Mean and correlation of 768 signs, which the projection hardly changes.
  if (GetParam() == 3) {
    EXPECT_LT(std::abs(all.mean()), 0.1);
    EXPECT_LT(std::abs(all.col(0).dot(all.col(1))) / 192.0, 0.25);
  }
}

TEST(DistributedLanczos, ContinuedFractionIsTheModeSumWithinItsBound)
{
  Liquid liquid;
  const Eigen::MatrixXd whole = random_matrix(192, 3, 2);
  BlockVector start = liquid.rows_of(whole);
  start.col(1).setZero();
  liquid.matrix->project(start);
  Lanczos lanczos(*liquid.matrix, start);
  const Eigen::VectorXd xi_squared_p = (liquid.e_np.transpose() * whole.col(2)).cwiseAbs2();
  int advanced = 0;
  for (const int steps : {5, 20, 60, 400, 1500}) {
    lanczos.advance(steps - advanced);
    advanced = steps;
    ASSERT_EQ(lanczos.column(2).size(), steps);
    const SpectralRange range = ritz_range(lanczos.column(2));
    EXPECT_GE(range.low, liquid.lambda_p[0] - 1e-9);
    EXPECT_LE(range.high, liquid.lambda_p[188] + 1e-9);
    for (const double omega : {0.3, 2.0, 10.0, 40.0})
      for (const Complex nu : {Complex(4.0, 0.0), Complex(0.5, -3.0)}) {
        const Complex z = shift(omega, nu);
        const Complex expected = nonaffine_response(liquid.lambda_p, xi_squared_p, z).sum;
        const NonaffineResponse found = nonaffine_response(lanczos.column(2), range, z);
        EXPECT_LE(std::abs(found.sum - expected), found.error + 1e-10 * std::abs(expected))
            << steps << " steps, omega " << omega;
        if (steps == 1500 && z.imag() < -30.0) {
          EXPECT_LT(found.error, 1e-9 * std::abs(expected));
        }
      }
  }
  EXPECT_EQ(lanczos.column(1).size(), 0);
  EXPECT_EQ(nonaffine_response(lanczos.column(1), {}, {1.0, -1.0}).sum, 0.0);
}

// Translations have the eigenvalue zero, which is below the others at a minimum of the energy.
TEST(DistributedLanczos, TranslationsStayOut)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = alloy(potential, 2, 1.6, 3);
  const RankPart part(cell, potential, world());
  DynamicalMatrix matrix(BlockMatrix(part.hessian), std::vector<double>(part.atom_r.size(), 1.0),
                         1.0, 3, true, world());
  BlockVector start = part.rows_of(random_matrix(3 * static_cast<Eigen::Index>(cell.size()), 1, 8));
  matrix.project(start);
  Lanczos lanczos(matrix, start);
  lanczos.advance(60);
  const double converged = ritz_range(lanczos.column(0)).low;
  EXPECT_GT(converged, 0.1);
  lanczos.advance(1000);
  EXPECT_NEAR(ritz_range(lanczos.column(0)).low, converged, 0.1 * converged);
}

TEST(DistributedLanczos, EndsWhereTheKrylovSpaceEnds)
{
  Liquid liquid;
  // One oscillator, and four.
  Eigen::MatrixXd whole(192, 2);
  whole.col(0) = 3.0 * liquid.e_np.col(17);
  whole.col(1) = liquid.e_np.middleCols(40, 4).rowwise().sum();
  Lanczos lanczos(*liquid.matrix, liquid.rows_of(whole));
  lanczos.advance(30);
  const Tridiagonal &one = lanczos.column(0);
  const Complex z(0.7, -0.2);
  EXPECT_NEAR(
      std::abs(one.norm_squared * resolvent(one, z).value - 9.0 / (liquid.lambda_p[17] - z)), 0.0,
      1e-11);
  const Tridiagonal &four = lanczos.column(1);
  Complex sum = 0.0;
  for (int p = 40; p < 44; ++p)
    sum += 1.0 / (liquid.lambda_p[p] - z);
  EXPECT_NEAR(std::abs(four.norm_squared * resolvent(four, z).value - sum), 0.0, 1e-10);
}

TEST(Lanczos, RitzRangeIsThatOfTheTridiagonalMatrix)
{
  Tridiagonal t;
  t.alpha_k = {1.0, -2.0, 0.5, 3.0};
  t.beta_k = {0.7, 1.1, 0.2, 9.0};
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(4, 4);
  for (int k = 0; k < 4; ++k) {
    dense(k, k) = t.alpha_k[k];
    if (k < 3) dense(k, k + 1) = dense(k + 1, k) = t.beta_k[k];
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(dense);
  const SpectralRange range = ritz_range(t);
  EXPECT_NEAR(range.low, solver.eigenvalues()[0], 1e-13);
  EXPECT_NEAR(range.high, solver.eigenvalues()[3], 1e-13);
  const Complex z(0.3, -0.4);
  const Eigen::MatrixXcd inverse =
      (dense.cast<Complex>() - z * Eigen::MatrixXcd::Identity(4, 4)).inverse();
  const ResolventElement element = resolvent(t, z);
  EXPECT_NEAR(std::abs(element.value - inverse(0, 0)), 0.0, 1e-14);
  EXPECT_NEAR(element.residual_squared, 81.0 * std::norm(inverse(3, 0)), 1e-12);
}

TEST(ModesInLine, CountsModesOfAWideLine)
{
  // Levels 0.01 apart from -50 to 50: s/0.01 of them are within a line of width s.
  const Eigen::VectorXd lambda_p = Eigen::VectorXd::LinSpaced(10001, -50.0, 50.0);
  EXPECT_NEAR(modes_in_line(lambda_p, Complex(1.0, -0.2)), 20.0, 0.1);
}

TEST(DistributedChebyshev, MomentsAreThoseOfTheEigenvalues)
{
  Liquid liquid;
  const Eigen::MatrixXd whole = random_matrix(192, 3, 4);
  BlockVector start = liquid.rows_of(whole);
  liquid.matrix->project(start);
  const BlockVector random = liquid.matrix->random_vectors(liquid.id_r, 1, 0, 1);
  const SpectralRange extremes = extreme_ritz_values(*liquid.matrix, random);
  EXPECT_NEAR(extremes.low, liquid.lambda_p[0], 1e-6 * extremes.high);
  EXPECT_NEAR(extremes.high, liquid.lambda_p[188], 1e-6 * extremes.high);
  const ChebyshevInterval interval = enclosing_interval(extremes);
  EXPECT_LT(std::abs(interval.to_x(liquid.lambda_p[0])), 1.0);
  EXPECT_LT(std::abs(interval.to_x(liquid.lambda_p[188])), 1.0);
  const Eigen::MatrixXd weight_pc = (liquid.e_np.transpose() * whole).cwiseAbs2();
  for (const int n_moments : {1, 2, 31, 200}) {
    const Eigen::MatrixXd mu_nc = chebyshev_moments(*liquid.matrix, interval, start, n_moments, {});
    ASSERT_EQ(mu_nc.rows(), n_moments);
    for (int n = 0; n < n_moments; ++n)
      for (int c = 0; c < 3; ++c) {
        double expected = 0.0;
        for (int p = 0; p < 189; ++p)
          expected += weight_pc(p, c) * std::cos(n * std::acos(interval.to_x(liquid.lambda_p[p])));
        EXPECT_NEAR(mu_nc(n, c), expected, 1e-11 * mu_nc(0, c)) << n;
      }
  }
  const ChebyshevInterval tight{interval.centre, 0.8 * interval.half_width};
  EXPECT_THROW(chebyshev_moments(*liquid.matrix, tight, start, 200, {}), std::runtime_error);
}

/// Moments of delta functions at the given eigenvalues.
Eigen::VectorXd moments_of(const ChebyshevInterval &interval, const Eigen::VectorXd &lambda_p,
                           const Eigen::VectorXd &weight_p, int n_moments)
{
  Eigen::VectorXd mu_n = Eigen::VectorXd::Zero(n_moments);
  for (int n = 0; n < n_moments; ++n)
    for (Eigen::Index p = 0; p < lambda_p.size(); ++p)
      mu_n[n] += weight_p[p] * std::cos(n * std::acos(interval.to_x(lambda_p[p])));
  return mu_n;
}

TEST(KernelPolynomial, ADeltaFunctionBecomesANarrowGaussian)
{
  const ChebyshevInterval interval{10.0, 30.0};
  const KernelPolynomial polynomial(interval, 400);
  for (const double lambda : {-15.0, 2.0, 33.0}) {
    const Eigen::VectorXd one = Eigen::VectorXd::Ones(1);
    const Eigen::VectorXd mu_n = moments_of(interval, lambda * one, one, 400);
    const KernelPolynomial::Points points = polynomial.points(mu_n);
    EXPECT_NEAR(points.weight_k.sum(), 1.0, 1e-12);
    EXPECT_GT(points.weight_k.minCoeff(), -1e-12);    // Jackson's kernel is positive
    const double mean = points.weight_k.dot(points.lambda_k);
    const double square = points.weight_k.dot((points.lambda_k.array() - mean).square().matrix());
    EXPECT_NEAR(mean, lambda, 1e-3);
    EXPECT_NEAR(std::sqrt(square) / polynomial.width(lambda), 1.0, 0.01);
    // The closed integral agrees with Gauss' sum, up to the steps of the latter.
    double below = 0.0;
    for (Eigen::Index k = 0; k < points.lambda_k.size(); ++k)
      if (points.lambda_k[k] < lambda + 0.1) below += points.weight_k[k];
    EXPECT_NEAR(polynomial.cumulative(lambda + 0.1).dot(mu_n), below, 0.15);
    EXPECT_NEAR(polynomial.cumulative(lambda).dot(mu_n), 0.5, 0.01);
    EXPECT_NEAR(polynomial.cumulative(lambda - 5.0).dot(mu_n), 0.0, 1e-4);
    EXPECT_NEAR(polynomial.cumulative(lambda + 5.0).dot(mu_n), 1.0, 1e-4);
  }
  EXPECT_THROW(KernelPolynomial(interval, 1), std::invalid_argument);
}

// The derivative of the cumulative is the published series.
TEST(KernelPolynomial, IntegralIsThatOfTheDensity)
{
  const ChebyshevInterval interval{1.0, 4.0};
  const KernelPolynomial polynomial(interval, 24);
  const Eigen::VectorXd mu_n = random_matrix(24, 1, 9);
  const double lambda = 2.3, h = 1e-5, x = interval.to_x(lambda), step = PI / 25.0;
  double density = mu_n[0];
  for (int n = 1; n < 24; ++n) {
    const double jackson =
        ((25.0 - n) * std::cos(n * step) + std::sin(n * step) / std::tan(step)) / 25.0;
    density += 2.0 * jackson * mu_n[n] * std::cos(n * std::acos(x));
  }
  density /= PI * std::sqrt(1.0 - x * x) * interval.half_width;
  const double difference =
      (polynomial.cumulative(lambda + h) - polynomial.cumulative(lambda - h)).dot(mu_n) / (2.0 * h);
  EXPECT_NEAR(difference, density, 1e-7);
}

TEST(KernelPolynomial, FewestMomentsForAWidth)
{
  const ChebyshevInterval interval{10.0, 30.0};
  const int n = moments_for_width(interval, 0.0, 0.5);
  EXPECT_LE(KernelPolynomial(interval, n).width(0.0), 0.5);
  EXPECT_GT(KernelPolynomial(interval, n - 1).width(0.0), 0.5);
}

TEST(KernelPolynomial, SpectrumIsThatOfTheModes)
{
  // Exact moments in three columns that differ by known amounts.
  const int n_modes = 300, n_moments = 4000;
  NormalModes modes;
  modes.n_atoms = 101;
  modes.n_degrees = n_modes;
  modes.omega_p = Eigen::VectorXd::LinSpaced(n_modes, -4.03, 9.97);
  modes.lambda_p = modes.omega_p.cwiseProduct(modes.omega_p.cwiseAbs());
  modes.participation_ratio_p = Eigen::VectorXd::Ones(n_modes);
  modes.xi_squared_pc = (2.0 + modes.omega_p.array().sin()).matrix();
  const ChebyshevInterval interval{40.0, 62.0};
  Eigen::MatrixXd mu_nc(n_moments, 3);
  const Eigen::VectorXd one = Eigen::VectorXd::Ones(n_modes);
  for (int c = 0; c < 3; ++c) {
    const Eigen::VectorXd weight =
        (one.array() + (c - 1.0) * 0.1 * modes.omega_p.array().cos()).matrix();
    mu_nc.col(c) = moments_of(interval, modes.lambda_p, weight, n_moments);
  }
  const Eigen::VectorXd xi_n =
      moments_of(interval, modes.lambda_p, modes.xi_squared_pc.col(0), n_moments);
  const KernelPolynomial polynomial(interval, n_moments);
  const FrequencyBins bins{-4.0, 8.0, 12};
  const PolynomialSpectrum found = polynomial_spectrum(polynomial, mu_nc, xi_n, bins, n_modes, 1.0);
  const BinnedSpectrum expected = bin_spectrum(modes, bins);
  for (int b = 0; b < bins.n; ++b) {
    EXPECT_NEAR(found.binned.count_b[b], expected.count_b[b], 1.0) << b;
    EXPECT_NEAR(found.binned.density_b[b], found.binned.count_b[b] / n_modes, 1e-12);
    EXPECT_NEAR(found.binned.xi_squared_sum_bc(b, 0), expected.xi_squared_sum_bc(b, 0), 3.0) << b;
    EXPECT_LT(found.density_error_b[b], 0.01);
  }
  EXPECT_NEAR(found.n_outside, static_cast<double>(expected.n_outside), 1.0);
  EXPECT_NEAR(found.binned.count_b.sum() + found.n_outside, n_modes, 1e-9);
  const auto unstable = static_cast<double>(count(modes, ModeClass::unstable, 0.0));
  EXPECT_NEAR(found.fraction_unstable, unstable / n_modes, 0.005);
  EXPECT_DOUBLE_EQ(found.fraction_stable + found.fraction_unstable, 1.0);
  EXPECT_NEAR(found.stable_sum, inverse_square_sum(modes, ModeClass::stable, 0.0, 1.0),
              0.05 * found.stable_sum);
  EXPECT_NEAR(found.unstable_sum, inverse_square_sum(modes, ModeClass::unstable, 0.0, 1.0),
              0.05 * found.unstable_sum);
  // Columns y0 - d, y0, y0 + d have the standard error d/sqrt(3).
  const Eigen::VectorXd bin_n = polynomial.cumulative(49.0) - polynomial.cumulative(36.0);
  const Eigen::RowVectorXd share =
      bin_n.transpose() * mu_nc * mu_nc.row(0).cwiseInverse().asDiagonal();
  const double spread = (share.array() - share.mean()).square().sum() / 6.0;
  EXPECT_NEAR(found.density_error_b[10], std::sqrt(spread), 1e-12);
  // Not so near to zero that the kernel, 0.037 wide there, brings in what is at zero.
  for (const double omega_min : {0.0, 0.3})
    EXPECT_TRUE(std::isnan(
        polynomial_spectrum(polynomial, mu_nc, xi_n, bins, n_modes, omega_min).stable_sum));
  // Bins are resolved where d lambda/(2 omega) is less than their width.
  EXPECT_LE(found.resolved_from, 0.5);
  const KernelPolynomial coarse(interval, 40);
  const PolynomialSpectrum blurred =
      polynomial_spectrum(coarse, mu_nc.topRows(40), xi_n.head(40), bins, n_modes, 1.0);
  EXPECT_NEAR(blurred.resolved_from, 2.5, 1.1);
  EXPECT_LT(blurred.resolved_fraction, 0.9);
}

}    // namespace
