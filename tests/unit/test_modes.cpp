// Part of lammps-glass, GPL-2.0.

#include "observable/mode_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace glass;

namespace {

constexpr double pi = 3.14159265358979323846;

DensePlan plan_for(const ModeProblem &problem)
{
  return plan_dense(problem.dynamical_nn.rows(), problem.range,
                    std::numeric_limits<std::size_t>::max());
}

NormalModes solve(ModeProblem problem)
{
  const DensePlan plan = plan_for(problem);
  return normal_modes(std::move(problem), plan);
}

/// A ring of n atoms joined by springs of stiffness k along x and k_transverse along y and z.
ModeProblem ring(int n, double k, double k_transverse, const Eigen::VectorXd &mass_i)
{
  ModeProblem problem;
  problem.sqrt_mass_i = mass_i.cwiseSqrt();
  problem.xi_nc = Eigen::MatrixXd::Zero(3 * n, 1);
  Eigen::MatrixXd &d = problem.dynamical_nn = Eigen::MatrixXd::Zero(3 * n, 3 * n);
  for (int i = 0; i < n; ++i) {
    const int j = (i + 1) % n;
    for (int alpha = 0; alpha < 3; ++alpha) {
      const double stiffness = alpha == 0 ? k : k_transverse;
      d(3 * i + alpha, 3 * i + alpha) += stiffness / mass_i[i];
      d(3 * j + alpha, 3 * j + alpha) += stiffness / mass_i[j];
      d(3 * i + alpha, 3 * j + alpha) -= stiffness / std::sqrt(mass_i[i] * mass_i[j]);
      d(3 * j + alpha, 3 * i + alpha) -= stiffness / std::sqrt(mass_i[i] * mass_i[j]);
    }
  }
  return problem;
}

Eigen::VectorXd random_masses(int n)
{
  std::mt19937 random(3);
  std::uniform_real_distribution<double> between(1.0, 4.0);
  return Eigen::VectorXd::NullaryExpr(n, [&]() { return between(random); });
}

TEST(NormalModes, OfARingAreTheKnownWaves)
{
  const int n = 24;
  const NormalModes modes = solve(ring(n, 2.0, 0.5, Eigen::VectorXd::Ones(n)));
  std::vector<double> expected;
  for (int q = 1; q < n; ++q)
    for (const double k : {2.0, 0.5, 0.5})
      expected.push_back(2.0 * std::sqrt(k) * std::abs(std::sin(pi * q / n)));
  std::sort(expected.begin(), expected.end());
  ASSERT_EQ(modes.size(), 3 * n - 3);
  EXPECT_EQ(modes.n_degrees, 3 * n - 3);
  for (Eigen::Index p = 0; p < modes.size(); ++p)
    EXPECT_NEAR(modes.omega_p[p], expected[p], 1.0e-12);
}

TEST(NormalModes, ImaginaryFrequenciesAreNegative)
{
  const int n = 12;
  const NormalModes modes = solve(ring(n, 2.0, -0.5, Eigen::VectorXd::Ones(n)));
  EXPECT_NEAR(modes.omega_p[0], -2.0 * std::sqrt(0.5), 1.0e-12);
  EXPECT_EQ(count(modes, ModeClass::unstable, 0.0), 2 * (n - 1));
  EXPECT_EQ(count(modes, ModeClass::stable, 0.0), n - 1);
  EXPECT_DOUBLE_EQ(signed_frequency(-9.0), -3.0);
  EXPECT_DOUBLE_EQ(signed_frequency(4.0), 2.0);
}

TEST(NormalModes, ResidualsAndOrthogonalityWithUnequalMasses)
{
  const int n = 20;
  const ModeProblem problem = ring(n, 1.0, -0.3, random_masses(n));
  const NormalModes modes = solve(problem);
  ASSERT_EQ(modes.size(), 3 * n - 3);
  const Eigen::MatrixXd residual =
      problem.dynamical_nn * modes.vector_np - modes.vector_np * modes.lambda_p.asDiagonal();
  EXPECT_LE(residual.cwiseAbs().maxCoeff(),
            1.0e-12 * problem.dynamical_nn.cwiseAbs().maxCoeff() * n);
  const Eigen::MatrixXd gram = modes.vector_np.transpose() * modes.vector_np;
  EXPECT_LE((gram - Eigen::MatrixXd::Identity(modes.size(), modes.size())).cwiseAbs().maxCoeff(),
            1.0e-12);
  // No mode moves the centre of mass: sum_i sqrt(m_i) e_i = 0.
  for (int alpha = 0; alpha < 3; ++alpha) {
    Eigen::VectorXd translation = Eigen::VectorXd::Zero(3 * n);
    for (int i = 0; i < n; ++i)
      translation[3 * i + alpha] = problem.sqrt_mass_i[i];
    EXPECT_LE((modes.vector_np.transpose() * translation).cwiseAbs().maxCoeff(), 1.0e-11);
  }
}

TEST(NormalModes, OnlyTranslationsAreLeftOutOfManyZeroModes)
{
  // Two atoms without any bond add six zero modes to the three translations, and nothing tells them
  // apart but their overlap with uniform motion.
  const int n = 10;
  ModeProblem problem = ring(n - 2, 1.0, 0.7, random_masses(n - 2));
  Eigen::MatrixXd larger = Eigen::MatrixXd::Zero(3 * n, 3 * n);
  larger.topLeftCorner(3 * (n - 2), 3 * (n - 2)) = problem.dynamical_nn;
  problem.dynamical_nn = larger;
  problem.sqrt_mass_i.conservativeResize(n);
  problem.sqrt_mass_i.tail(2).setConstant(1.3);
  problem.xi_nc = Eigen::MatrixXd::Zero(3 * n, 1);
  const NormalModes modes = solve(problem);
  ASSERT_EQ(modes.size(), 3 * n - 3);
  EXPECT_EQ((modes.lambda_p.array().abs() < 1.0e-12).count(), 6);
}

TEST(NormalModes, AFixedFrameHasNoTranslations)
{
  ModeProblem problem = ring(6, 1.0, 1.0, Eigen::VectorXd::Ones(6));
  problem.dynamical_nn.diagonal().array() += 0.1;
  problem.translations = false;
  const NormalModes modes = solve(problem);
  EXPECT_EQ(modes.size(), 18);
  EXPECT_EQ(modes.n_degrees, 18);
  EXPECT_NEAR(modes.lambda_p[0], 0.1, 1.0e-13);
}

TEST(NormalModes, RangesAreParts)
{
  const int n = 30;
  ModeProblem problem = ring(n, 1.0, -0.3, random_masses(n));
  problem.xi_nc.setRandom();
  const NormalModes every = solve(problem);
  for (const EigenvalueRange range : {EigenvalueRange{-1.0e300, 0.0}, EigenvalueRange{-0.2, 0.5},
                                      EigenvalueRange{0.3, 1.0e300}, EigenvalueRange{50.0, 60.0}}) {
    ModeProblem part = problem;
    part.range = range;
    const NormalModes modes = solve(part);
    Eigen::Index first = 0;
    while (first < every.size() && every.lambda_p[first] <= range.low)
      ++first;
    Eigen::Index last = first;
    while (last < every.size() && every.lambda_p[last] <= range.high)
      ++last;
    ASSERT_EQ(modes.size(), last - first);
    EXPECT_EQ(modes.n_degrees, 3 * n - 3);
    for (Eigen::Index p = 0; p < modes.size(); ++p)
      EXPECT_NEAR(modes.lambda_p[p], every.lambda_p[first + p], 1.0e-12);
  }
}

TEST(NormalModes, ProjectionsOfACompleteSetAddUpToTheNorm)
{
  const int n = 16;
  ModeProblem problem = ring(n, 1.0, 0.4, Eigen::VectorXd::Ones(n));
  problem.xi_nc.setRandom(3 * n, 2);
  for (int alpha = 0; alpha < 3; ++alpha)    // no net force, as in nature
    for (int c = 0; c < 2; ++c) {
      double mean = 0.0;
      for (int i = 0; i < n; ++i)
        mean += problem.xi_nc(3 * i + alpha, c) / n;
      for (int i = 0; i < n; ++i)
        problem.xi_nc(3 * i + alpha, c) -= mean;
    }
  const NormalModes modes = solve(problem);
  for (int c = 0; c < 2; ++c)
    EXPECT_NEAR(modes.xi_squared_pc.col(c).sum(), problem.xi_nc.col(c).squaredNorm(), 1.0e-11);
}

TEST(ParticipationRatio, OfKnownVectors)
{
  const int n = 40;
  Eigen::MatrixXd e = Eigen::MatrixXd::Zero(3 * n, 3);
  e(7, 0) = 1.0;    // one atom
  for (int i = 0; i < n; ++i)
    e(3 * i + i % 3, 1) = 1.0 / std::sqrt(n);    // all alike
  for (int i = 0; i < n; ++i)
    e(3 * i, 2) = std::sqrt(2.0 / n) * std::cos(2.0 * pi * 3 * i / n);    // a wave
  const Eigen::VectorXd ratio = participation_ratio(e, 3);
  EXPECT_NEAR(ratio[0], 1.0 / n, 1.0e-15);
  EXPECT_NEAR(ratio[1], 1.0, 1.0e-12);
  EXPECT_NEAR(ratio[2], 2.0 / 3.0, 1.0e-12);
}

TEST(DenseEigen, RefusesWhatIsNoMatrix)
{
  const DensePlan plan{"dsyevd", 0};
  EXPECT_THROW(solve_dense(Eigen::MatrixXd::Zero(3, 4), {}, plan), std::invalid_argument);
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(4, 4);
  matrix(2, 1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(solve_dense(std::move(matrix), {}, plan), std::invalid_argument);
}

TEST(DenseEigen, BothRoutinesAgree)
{
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Random(50, 50);
  matrix = (matrix + matrix.transpose()).eval();
  const EigenPairs fast = solve_dense(Eigen::MatrixXd(matrix), {}, {"dsyevd", 0});
  const EigenPairs lean = solve_dense(Eigen::MatrixXd(matrix), {}, {"dsyevr", 0});
  EXPECT_LE((fast.value_p - lean.value_p).cwiseAbs().maxCoeff(), 1.0e-13 * 50);
  EXPECT_GE((fast.vector_np.transpose() * lean.vector_np).cwiseAbs().diagonal().minCoeff(),
            1.0 - 1.0e-10);
}

TEST(DenseEigen, PlanTakesTheFastRoutineWhereItFits)
{
  const std::size_t matrix = 8 * 3000ul * 3000ul;
  const std::size_t plenty = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(plan_dense(3000, {}, plenty).routine, "dsyevd");
  EXPECT_GE(plan_dense(3000, {}, plenty).bytes, 3 * matrix);
  EXPECT_EQ(plan_dense(3000, {}, 5 * matrix / 2).routine, "dsyevr");
  EXPECT_LT(plan_dense(3000, {}, 5 * matrix / 2).bytes, 5 * matrix / 2);
  EXPECT_EQ(plan_dense(3000, {-1.0, 1.0}, plenty).routine, "dsyevr");
  // The workspace of dsyevd would be longer than a 32-bit integer can say.
  EXPECT_EQ(plan_dense(40000, {}, plenty).routine, "dsyevr");
}

/// Modes with the given frequencies and participation ratios, one component of xi^2 equal to 1.
NormalModes made_modes(const std::vector<double> &omega, const std::vector<double> &ratio)
{
  NormalModes modes;
  const auto n = static_cast<Eigen::Index>(omega.size());
  modes.omega_p = Eigen::Map<const Eigen::VectorXd>(omega.data(), n);
  modes.lambda_p = modes.omega_p.cwiseProduct(modes.omega_p.cwiseAbs());
  modes.participation_ratio_p = Eigen::Map<const Eigen::VectorXd>(ratio.data(), n);
  modes.xi_squared_pc = Eigen::MatrixXd::Ones(n, 1);
  modes.n_atoms = n;
  modes.n_degrees = n;
  return modes;
}

TEST(ModeStatistics, Classes)
{
  const NormalModes modes = made_modes({-4, -2, -1, 1, 3}, {0.1, 0.2, 0.5, 0.6, 0.1});
  EXPECT_EQ(count(modes, ModeClass::all, 0.3), 5);
  EXPECT_EQ(count(modes, ModeClass::stable, 0.3), 2);
  EXPECT_EQ(count(modes, ModeClass::unstable, 0.3), 3);
  EXPECT_EQ(count(modes, ModeClass::localized, 0.3), 2);
  EXPECT_EQ(count(modes, ModeClass::delocalized, 0.3), 1);
  EXPECT_DOUBLE_EQ(inverse_square_sum(modes, ModeClass::unstable, 0.3, 0.0),
                   1.0 / 256 + 1.0 / 16 + 1.0);
  EXPECT_DOUBLE_EQ(inverse_square_sum(modes, ModeClass::unstable, 0.3, 1.5), 1.0 / 256 + 1.0 / 16);
  EXPECT_DOUBLE_EQ(inverse_square_sum(modes, ModeClass::localized, 0.15, 0.0), 1.0 / 256);
}

TEST(ModeStatistics, Bins)
{
  const NormalModes modes = made_modes({-4, -2, -1, 1, 3}, {0.1, 0.2, 0.5, 0.6, 0.1});
  const BinnedSpectrum spectrum = bin_spectrum(modes, {-4.0, 4.0, 4});
  EXPECT_EQ(spectrum.count_b,
            Eigen::Vector4d(1, 2, 1, 1));    // a frequency on an edge belongs to the right
  EXPECT_DOUBLE_EQ(spectrum.density_b.sum() * 2.0, 1.0);
  EXPECT_DOUBLE_EQ(spectrum.participation_ratio(1), 0.35);
  EXPECT_DOUBLE_EQ(spectrum.gamma(1, 0), 1.0);
  EXPECT_EQ(spectrum.n_outside, 0);
  EXPECT_EQ(bin_spectrum(modes, {-3.0, 3.0, 3}).n_outside, 2);
}

TEST(ModeStatistics, EnclosingBins)
{
  for (const int n : {1, 2, 7, 100})
    for (const auto &[lowest, highest] : std::vector<std::pair<double, double>>{
             {-15.4, 76.4}, {0.5, 30.0}, {-3.0, -0.1}, {-1.0e-4, 2.0e-3}, {0.0, 0.0}}) {
      const FrequencyBins bins = enclosing_bins(lowest, highest, n);
      EXPECT_EQ(bins.n, n);
      EXPECT_LT(bins.low, lowest);
      EXPECT_GT(bins.high, highest);
      if (n < 2) continue;
      const double bins_below_zero = -bins.low / bins.width();
      EXPECT_NEAR(bins_below_zero, std::round(bins_below_zero), 1.0e-9);
    }
}

TEST(ModeStatistics, MobilityEdge)
{
  // Bins of width 1 at -3.5, -2.5, -1.5, -0.5 with P = 0.1, -, 0.2, 0.4: crosses 0.3 half-way
  // between the last two.
  const NormalModes modes = made_modes({-3.5, -1.5, -0.5, 0.5}, {0.1, 0.2, 0.4, 0.1});
  const BinnedSpectrum spectrum = bin_spectrum(modes, {-4.0, 4.0, 8});
  EXPECT_NEAR(mobility_edge(spectrum, 0.3), -1.0, 1.0e-12);
  EXPECT_NEAR(mobility_edge(spectrum, 0.15), -2.5, 1.0e-12);    // across the empty bin
  EXPECT_TRUE(std::isnan(mobility_edge(spectrum, 0.5)));
  EXPECT_TRUE(std::isnan(mobility_edge(spectrum, 0.05)));
}

}    // namespace
