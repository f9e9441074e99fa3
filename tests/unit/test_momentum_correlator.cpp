// Part of lammps-glass, GPL-2.0.

// Streaming correlations against direct sums over stored series, wandering atoms, restarts, and the
// kernel of a process that is known.

#include "observable/memory_estimate.h"
#include "observable/momentum_correlator.h"

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>
#include <mpi.h>
#include <unsupported/Eigen/MatrixFunctions>

using namespace glass;

namespace {

/// Momenta and forces of some atoms in some samples, correlated in time.
struct Series {
  int atoms, dimension, samples;
  std::vector<double> p, f;

  Series(int atoms, int dimension, int samples) :
      atoms(atoms), dimension(dimension), samples(samples), p(1ul * atoms * dimension * samples),
      f(p.size())
  {
    std::mt19937 random(7);
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const std::size_t before = static_cast<std::size_t>(atoms) * dimension;
      p[i] = normal(random) + (i >= before ? 0.9 * p[i - before] : 0.0);
      f[i] = 3.0 * normal(random) - 0.8 * p[i];
    }
  }

  const double *momentum(int t, int i) const { return &p[(1ul * t * atoms + i) * dimension]; }
  const double *force(int t, int i) const { return &f[(1ul * t * atoms + i) * dimension]; }

  /// Samples [first, last), each atom on a rank that changes from sample to sample.
  void play(MomentumCorrelator &correlator, const Communicator &communicator, int first, int last,
            int speed = 1) const
  {
    for (int t = first; t < last; ++t) {
      for (int i = atoms - 1; i >= 0; --i)
        if ((i + t / speed) % communicator.size() == communicator.rank())
          correlator.record(i, momentum(t, i), force(t, i));
      correlator.finish_sample();
    }
  }

  /// Sums over the atoms for which (*class_i) is c and over pairs of samples of [first, last).
  LagSums direct(const std::vector<int> &class_i, int c, int lags, int first, int last) const
  {
    LagSums sums(lags);
    for (int i = 0; i < atoms; ++i)
      for (int k = 0; k <= lags && class_i[i] == c; ++k)
        for (int t = first; t + k < last; ++t)
          for (int d = 0; d < dimension; ++d) {
            sums.pp_k[k] += momentum(t, i)[d] * momentum(t + k, i)[d];
            sums.ff_k[k] += force(t, i)[d] * force(t + k, i)[d];
            sums.fp_k[k] += 0.5 * (force(t, i)[d] * momentum(t + k, i)[d] -
                                   momentum(t, i)[d] * force(t + k, i)[d]);
          }
    return sums;
  }
};

void expect_equal(const LagSums &sums, const LagSums &expected, double tolerance)
{
  for (std::size_t k = 0; k < expected.pp_k.size(); ++k) {
    EXPECT_NEAR(sums.pp_k[k], expected.pp_k[k], tolerance * expected.pp_k[0]) << k;
    EXPECT_NEAR(sums.ff_k[k], expected.ff_k[k], tolerance * expected.ff_k[0]) << k;
    EXPECT_NEAR(sums.fp_k[k], expected.fp_k[k],
                tolerance * std::sqrt(expected.pp_k[0] * expected.ff_k[0]))
        << k;
  }
}

std::vector<int> alternating_classes(int atoms)
{
  std::vector<int> class_i(atoms);
  for (int i = 0; i < atoms; ++i)
    class_i[i] = i % 3 == 0 ? 1 : 0;
  return class_i;
}

class Correlator : public testing::Test {
 protected:
  Communicator communicator{MPI_COMM_WORLD};

  static std::vector<char> on_all(std::vector<char> bytes)
  {
    auto size = static_cast<int>(bytes.size());
    MPI_Bcast(&size, 1, MPI_INT, 0, MPI_COMM_WORLD);
    bytes.resize(size);
    MPI_Bcast(bytes.data(), size, MPI_CHAR, 0, MPI_COMM_WORLD);
    return bytes;
  }

  /// What a restart file would hold, on all ranks.
  std::vector<char> whole_state(MomentumCorrelator &correlator) const
  {
    std::vector<char> state = correlator.state(true);
    EXPECT_EQ(state.empty(), !communicator.root());
    const double expected = static_cast<double>(state.size()) + correlator.series_bytes();
    correlator.write_series([&](const void *data, std::size_t bytes) {
      const char *const begin = static_cast<const char *>(data);
      state.insert(state.end(), begin, begin + bytes);
    });
    if (communicator.root()) {
      EXPECT_EQ(static_cast<double>(state.size()), expected);
    }
    return on_all(state);
  }
};

using CorrelatorDistributed = Correlator;

TEST(RealFFT, fast_sizes)
{
  EXPECT_EQ(fast_fft_size(1), 2u);
  EXPECT_EQ(fast_fft_size(1500), 1500u);
  EXPECT_EQ(fast_fft_size(1501), 1512u);
  EXPECT_EQ(fast_fft_size(22), 24u);
  EXPECT_THROW(RealFFT(0), std::invalid_argument);
}

TEST_F(CorrelatorDistributed, sums_are_those_of_stored_series)
{
  const struct {
    int atoms, dimension, samples, lags;
  } sets[] = {{7, 3, 500, 40}, {5, 2, 130, 1}, {1, 3, 300, 150}, {9, 3, 30, 100}};
  for (const auto &set : sets) {
    const Series series(set.atoms, set.dimension, set.samples);
    const std::vector<int> class_i = alternating_classes(set.atoms);
    MomentumCorrelator correlator(communicator, class_i, 2, set.dimension, set.lags, 4);
    series.play(correlator, communicator, 0, set.samples);
    const CorrelationBlock whole = correlator.blocks().sum();
    for (int c = 0; c < 2; ++c)
      expect_equal(whole.sums_c[c], series.direct(class_i, c, set.lags, 0, set.samples), 1e-12);
    for (int k = 0; k <= set.lags; ++k)
      EXPECT_EQ(whole.pairs_k[k], std::max(0, set.samples - k));
    EXPECT_EQ(correlator.n_samples(), set.samples);
    EXPECT_EQ(correlator.n_degrees(0) + correlator.n_degrees(1), set.atoms * set.dimension);
  }
}

TEST_F(CorrelatorDistributed, looking_changes_nothing)
{
  const Series series(5, 3, 400);
  const std::vector<int> class_i(5, 0);
  MomentumCorrelator looked_at(communicator, class_i, 1, 3, 50, 4),
      left_alone(communicator, class_i, 1, 3, 50, 4);
  series.play(left_alone, communicator, 0, 400);
  for (int t = 0; t < 400; t += 37) {
    series.play(looked_at, communicator, t, std::min(400, t + 37));
    looked_at.blocks();
    whole_state(looked_at);
    looked_at.state(false);
  }
  const CorrelationBlock a = looked_at.blocks().sum(), b = left_alone.blocks().sum();
  EXPECT_EQ(a.sums_c[0].pp_k, b.sums_c[0].pp_k);
  EXPECT_EQ(a.sums_c[0].fp_k, b.sums_c[0].fp_k);
  EXPECT_EQ(a.sums_c[0].ff_k, b.sums_c[0].ff_k);
}

TEST_F(CorrelatorDistributed, nothing_is_formed_across_a_break)
{
  const Series series(4, 3, 300);
  const std::vector<int> class_i(4, 0);
  MomentumCorrelator correlator(communicator, class_i, 1, 3, 60, 4);
  series.play(correlator, communicator, 0, 170);
  correlator.break_series();
  series.play(correlator, communicator, 170, 300);
  LagSums expected = series.direct(class_i, 0, 60, 0, 170);
  expected += series.direct(class_i, 0, 60, 170, 300);
  const CorrelationBlock whole = correlator.blocks().sum();
  expect_equal(whole.sums_c[0], expected, 1e-12);
  EXPECT_EQ(whole.pairs_k[60], 110 + 70);
}

TEST_F(CorrelatorDistributed, state_continues_to_the_last_bit)
{
  const Series series(6, 3, 700);
  const std::vector<int> class_i = alternating_classes(6);
  MomentumCorrelator uninterrupted(communicator, class_i, 2, 3, 80, 3);
  series.play(uninterrupted, communicator, 0, 700);
  for (const int stop : {10, 81, 500}) {
    MomentumCorrelator before(communicator, class_i, 2, 3, 80, 3),
        after(communicator, class_i, 2, 3, 80, 3);
    series.play(before, communicator, 0, stop);
    const std::vector<char> state = whole_state(before);
    ASSERT_TRUE(after.restore(state.data()));
    series.play(after, communicator, stop, 700, 3);    // other wanderings
    EXPECT_EQ(after.n_samples(), 700);
    const CorrelationBlocks a = after.blocks(), b = uninterrupted.blocks();
    ASSERT_EQ(a.blocks().size(), b.blocks().size());
    for (std::size_t k = 0; k < a.blocks().size(); ++k)
      for (int c = 0; c < 2; ++c) {
        EXPECT_EQ(a.blocks()[k].sums_c[c].pp_k, b.blocks()[k].sums_c[c].pp_k);
        EXPECT_EQ(a.blocks()[k].sums_c[c].fp_k, b.blocks()[k].sums_c[c].fp_k);
        EXPECT_EQ(a.blocks()[k].sums_c[c].ff_k, b.blocks()[k].sums_c[c].ff_k);
      }

    // Without the series: the correlations go on, with every sample in them.
    const std::vector<char> without_series = on_all(before.state(false));
    MomentumCorrelator broken(communicator, class_i, 2, 3, 80, 3);
    ASSERT_TRUE(broken.restore(without_series.data()));
    series.play(broken, communicator, stop, 700);
    before.break_series();
    series.play(before, communicator, stop, 700);
    const CorrelationBlock with = before.blocks().sum(), without = broken.blocks().sum();
    EXPECT_EQ(without.pairs_k[0], 700);
    EXPECT_EQ(without.pairs_k, with.pairs_k);
    for (int c = 0; c < 2; ++c)
      expect_equal(without.sums_c[c], with.sums_c[c], 1e-13);

    MomentumCorrelator other_lags(communicator, class_i, 2, 3, 81, 3),
        other_classes(communicator, std::vector<int>(6, 0), 2, 3, 80, 3);
    EXPECT_FALSE(other_lags.restore(state.data()));
    EXPECT_FALSE(other_classes.restore(state.data()));
  }
}

TEST_F(CorrelatorDistributed, lost_and_doubled_atoms_are_found)
{
  const double zero[3] = {};
  for (const bool doubled : {false, true}) {
    MomentumCorrelator correlator(communicator, {0, 0, 0}, 1, 3, 10, 4);
    if (communicator.root())
      for (const int i : {0, 1})
        correlator.record(i, zero, zero);
    if (doubled && communicator.root()) correlator.record(1, zero, zero);
    correlator.finish_sample();
    EXPECT_THROW(correlator.blocks(), std::runtime_error);
  }
}

TEST_F(Correlator, refuses_nothing_to_do)
{
  EXPECT_THROW(MomentumCorrelator(communicator, {}, 1, 3, 10, 4), std::invalid_argument);
  EXPECT_THROW(MomentumCorrelator(communicator, {0}, 1, 3, 0, 4), std::invalid_argument);
}

TEST(CorrelationBlocks, neighbours_are_joined)
{
  CorrelationBlocks blocks(CorrelationBlock(1, 1), 3);
  double sum = 0.0;
  for (int s = 1; s <= 50; ++s) {
    CorrelationBlock stretch(1, 1);
    stretch.sums_c[0].pp_k[0] = s;
    stretch.pairs_k[0] = 1;
    blocks.add(stretch);
    sum += s;
    EXPECT_EQ(blocks.sum().sums_c[0].pp_k[0], sum);
    EXPECT_EQ(blocks.sum().pairs_k[0], s);
    EXPECT_GE(blocks.blocks().size(), static_cast<std::size_t>(std::min(s, 3)));
    EXPECT_LE(blocks.blocks().size(), 6u);
    for (std::size_t b = 0; b + 1 < blocks.blocks().size(); ++b)
      EXPECT_EQ(blocks.blocks()[b].pairs_k[0], blocks.blocks()[0].pairs_k[0]);
  }
}

/* ----------------------------------------------------------------------
   v(t) = 20 exp(-t/0.2) + 5 exp(-t/200), a liquid's collisions and a glass's
   cage, as a linear stochastic process that is propagated exactly
------------------------------------------------------------------------- */

class Glass {
 public:
  static constexpr double fast = 0.2, slow = 200.0, a_fast = 20.0, a_slow = 5.0;
  static double kernel(double t)
  {
    return a_fast * std::exp(-t / fast) + a_slow * std::exp(-t / slow);
  }

  /// x = (P, z1, z2); stationary covariance diag(1, A1, A2) at kT = m = 1.
  Glass(double step, int n, unsigned seed) : random_(seed), x_(3, n)
  {
    Eigen::Matrix3d m = Eigen::Matrix3d::Zero();
    m.row(0) << 0.0, 1.0, 1.0;
    m.col(0) << 0.0, -a_fast, -a_slow;
    m(1, 1) = -1.0 / fast;
    m(2, 2) = -1.0 / slow;
    propagator_ = (m * step).exp();
    const Eigen::Matrix3d covariance = Eigen::Vector3d(1.0, a_fast, a_slow).asDiagonal();
    const Eigen::Matrix3d noise = covariance - propagator_ * covariance * propagator_.transpose();
    // Of P there is next to no noise: a Cholesky factor that stands semidefinite matrices.
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(noise);
    noise_ = solver.eigenvectors() * solver.eigenvalues().cwiseMax(0.0).cwiseSqrt().asDiagonal();
    for (Eigen::Index i = 0; i < n; ++i)
      x_.col(i) << normal_(random_), std::sqrt(a_fast) * normal_(random_),
          std::sqrt(a_slow) * normal_(random_);
  }

  void step()
  {
    x_ = propagator_ * x_;
    for (Eigen::Index i = 0; i < x_.cols(); ++i)
      x_.col(i) += noise_ * Eigen::Vector3d(normal_(random_), normal_(random_), normal_(random_));
  }
  double momentum(Eigen::Index i) const { return x_(0, i); }
  double force(Eigen::Index i) const { return x_(1, i) + x_(2, i); }

 private:
  std::mt19937 random_;
  std::normal_distribution<double> normal_;
  Eigen::Matrix3d propagator_, noise_;
  Eigen::MatrixXd x_;
};

constexpr double glass_step = 0.02, glass_time = 20.0;

/// 64 degrees of freedom, 5000 steps, sampled every `stride` of them up to the lag `time`.
MemoryEstimate sampled_glass(const Communicator &self, double time, int stride, KernelForm form,
                             unsigned seed)
{
  const int lags = static_cast<int>(std::lround(time / glass_step)) / stride;
  Glass glass(glass_step, 64, seed);
  MomentumCorrelator correlator(self, std::vector<int>(32, 0), 1, 2, lags, 10);
  for (int t = 0; t < 5000; ++t) {
    if (t % stride == 0) {
      for (int i = 0; i < 32; ++i) {
        const double p[] = {glass.momentum(2 * i), glass.momentum(2 * i + 1)};
        const double f[] = {glass.force(2 * i), glass.force(2 * i + 1)};
        correlator.record(i, p, f);
      }
      correlator.finish_sample();
    }
    glass.step();
  }
  EstimateSettings settings;
  settings.spacing = stride * glass_step;
  settings.form = form;
  return estimate_memory(correlator.blocks(), {{0, 1, 64.0, 1.0}}, settings, self)[0];
}

struct Scatter {
  double mean = 0.0, deviation = 0.0, error = 0.0;
};

/// Over repetitions: mean and scatter of v at the last lag, mean of the error that each reports.
Scatter repeated(double time, int stride, KernelForm form)
{
  const Communicator self(MPI_COMM_SELF);
  const int n = 24;
  Scatter scatter;
  double squares = 0.0;
  for (int k = 0; k < n; ++k) {
    const MemoryEstimate one = sampled_glass(self, time, stride, form, 100 + k);
    const double v = one.kernel.v_k.back();
    scatter.mean += v / n;
    squares += v * v / n;
    scatter.error += one.v_error_k.back() / n;
  }
  scatter.deviation = std::sqrt((squares - scatter.mean * scatter.mean) * n / (n - 1.0));
  return scatter;
}

TEST(MemoryEstimate, plateau_of_a_glass_at_every_stride)
{
  const double exact = Glass::kernel(glass_time);
  for (const int stride : {1, 4}) {
    const Scatter impulse = repeated(glass_time, stride, KernelForm::impulse);
    // Sparse samples bias the plateau by less than one run knows it.
    EXPECT_NEAR(impulse.mean, exact, 0.6 * impulse.deviation) << stride;
    EXPECT_LT(impulse.deviation, 0.8) << stride;
    // Blocks shorter than the lags, as here, overestimate the error; they must not underestimate
    // it.
    EXPECT_GT(impulse.error, 0.9 * impulse.deviation) << stride;
    EXPECT_LT(impulse.error, 3.5 * impulse.deviation) << stride;
  }
  // What the other form makes of sparse samples, which is why it is not the default.
  EXPECT_LT(repeated(glass_time, 4, KernelForm::trapezoid).mean, 0.6 * exact);
}

TEST(MemoryEstimate, errors_are_right_once_blocks_are_longer_than_the_lags)
{
  const double time = 4.0;    // blocks of 10
  for (const int stride : {1, 4}) {
    const Scatter impulse = repeated(time, stride, KernelForm::impulse);
    EXPECT_NEAR(impulse.mean, Glass::kernel(time), impulse.deviation) << stride;
    EXPECT_NEAR(impulse.error / impulse.deviation, 1.15, 0.3) << stride;
  }
}

TEST_F(CorrelatorDistributed, estimates_are_the_same_on_any_number_of_ranks)
{
  const Series series(12, 3, 600);
  const std::vector<int> class_i = alternating_classes(12);
  const std::vector<Species> species = {
      {0, 2, 36.0, 1.3}, {0, 1, 24.0, 1.0}, {1, 2, 12.0, 1.9}, {2, 2, 0.0, 0.0}};
  EstimateSettings settings;
  settings.spacing = 0.1;
  MomentumCorrelator together(communicator, class_i, 2, 3, 30, 5);
  series.play(together, communicator, 0, 600);
  const Communicator self(MPI_COMM_SELF);
  MomentumCorrelator alone(self, class_i, 2, 3, 30, 5);
  series.play(alone, self, 0, 600);
  const auto a = estimate_memory(together.blocks(), species, settings, communicator);
  const auto b = estimate_memory(alone.blocks(), species, settings, self);
  for (std::size_t s = 0; s < species.size(); ++s) {
    for (int k = 0; k <= 30; ++k) {
      EXPECT_NEAR(a[s].kernel.v_k[k], b[s].kernel.v_k[k], 1e-10 * std::abs(b[s].kernel.v_k[0]));
      EXPECT_NEAR(a[s].v_error_k[k], b[s].v_error_k[k], 1e-9 * std::abs(b[s].kernel.v_k[0]));
      EXPECT_NEAR(a[s].nu.real_j[k], b[s].nu.real_j[k], 1e-10 * std::abs(b[s].nu.real_j[0]));
    }
    EXPECT_NEAR(a[s].friction_rate, b[s].friction_rate, 1e-10 * std::abs(b[s].friction_rate));
    EXPECT_NEAR(a[s].kT, b[s].kT, 1e-12 * b[s].kT);
  }
  EXPECT_EQ(a[3].friction_rate, 0.0);
}

TEST(MemoryEstimate, friction_is_the_mean_of_the_last_lags)
{
  const std::vector<double> beta = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0};
  EXPECT_DOUBLE_EQ(friction_rate(beta, 0.1), 9.5);
  EXPECT_DOUBLE_EQ(friction_rate(beta, 1.0), 5.0);
  EXPECT_DOUBLE_EQ(friction_rate(beta, 0.01), 10.0);
  EXPECT_THROW(friction_rate(beta, 0.0), std::invalid_argument);
  EXPECT_THROW(friction_rate(beta, 1.1), std::invalid_argument);
}

TEST(MemoryEstimate, no_error_from_one_block)
{
  const Communicator self(MPI_COMM_SELF);
  const Series series(3, 3, 20);
  MomentumCorrelator correlator(self, {0, 0, 0}, 1, 3, 10, 5);
  series.play(correlator, self, 0, 20);
  EstimateSettings settings;
  settings.spacing = 0.1;
  const auto estimate = estimate_memory(correlator.blocks(), {{0, 1, 9.0, 1.0}}, settings, self)[0];
  EXPECT_EQ(estimate.friction_rate_error, std::numeric_limits<double>::infinity());
}

}    // namespace
