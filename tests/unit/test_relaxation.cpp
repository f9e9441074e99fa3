// Part of lammps-glass, GPL-2.0.

#include "observable/relaxation.h"
#include "observable/time_origin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace glass;

namespace {

const double infinity = std::numeric_limits<double>::infinity();

TEST(WaveAverage, is_the_mean_over_directions)
{
  // Midpoint sums over the sphere and over the circle.
  const Eigen::Vector3d d(0.3, -0.7, 0.4);
  const double q = 7.2;
  const int n = 2000;
  double sphere = 0.0, circle = 0.0;
  for (int k = 0; k < n; ++k) {
    const double cosine = (2.0 * k + 1.0) / n - 1.0, angle = 2.0 * M_PI * (k + 0.5) / n;
    sphere += std::cos(q * d.norm() * cosine) / n;
    circle += std::cos(q * (d.x() * std::cos(angle) + d.y() * std::sin(angle))) / n;
  }
  EXPECT_NEAR(WaveAverage(3, q)(d), sphere, 1e-5);
  EXPECT_NEAR(WaveAverage(2, q)(d), circle, 1e-12);
  EXPECT_EQ(WaveAverage(3, q)(Eigen::Vector3d::Zero()), 1.0);
  EXPECT_EQ(WaveAverage(2, q)(Eigen::Vector3d::Zero()), 1.0);
  EXPECT_NEAR(WaveAverage(3, q)(Eigen::Vector3d(1e-9, 0.0, 0.0)), 1.0, 1e-15);
}

TEST(WaveAverage, over_given_vectors)
{
  const WaveAverage average(3, {{1.0, 0.0, 0.0}, {0.0, 3.0, 4.0}});
  EXPECT_DOUBLE_EQ(average.wave_number(), 3.0);
  EXPECT_DOUBLE_EQ(average({0.5, 0.1, 0.2}), 0.5 * (std::cos(0.5) + std::cos(1.1)));
  EXPECT_THROW(WaveAverage(3, 0.0), std::invalid_argument);
  EXPECT_THROW(WaveAverage(3, std::vector<Eigen::Vector3d>{}), std::invalid_argument);
  EXPECT_THROW(WaveAverage(3, {{0.0, 0.0, 0.0}}), std::invalid_argument);
}

TEST(LogarithmicTimes, are_distinct_and_end_where_they_should)
{
  EXPECT_EQ(logarithmic_times(4, 1000), (std::vector<std::int64_t>{1, 10, 100, 1000}));
  EXPECT_EQ(logarithmic_times(60, 5), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(logarithmic_times(2, 1), std::vector<std::int64_t>{1});
  const std::vector<std::int64_t> times = logarithmic_times(60, 123456789012);
  EXPECT_EQ(times.back(), 123456789012);
  for (std::size_t k = 1; k < times.size(); ++k)
    EXPECT_GT(times[k], times[k - 1]);
  EXPECT_THROW(logarithmic_times(1, 10), std::invalid_argument);
  EXPECT_THROW(logarithmic_times(10, 0), std::invalid_argument);
}

TEST(CrossingTime, is_linear_in_the_logarithm)
{
  // f = 1 - log10(t)/4 is crossed exactly.
  std::vector<double> t, f;
  for (const double exponent : {0.0, 0.75, 1.5, 2.25, 3.0}) {
    t.push_back(std::pow(10.0, exponent));
    f.push_back(1.0 - exponent / 4.0);
  }
  EXPECT_NEAR(crossing_time(t, f, 0.5), 100.0, 1e-10);
  EXPECT_EQ(crossing_time(t, f, 0.2), infinity);
  EXPECT_TRUE(std::isnan(crossing_time({1.0, 2.0}, {0.3, 0.1}, 0.5)));
  EXPECT_TRUE(std::isnan(crossing_time({1.0, 2.0}, {std::nan(""), std::nan("")}, 0.5)));
  // The first crossing counts.
  EXPECT_LT(crossing_time({1.0, 2.0, 3.0, 4.0}, {1.0, 0.4, 0.6, 0.3}, 0.5), 2.0);
  // What only touches the threshold has not fallen below it.
  EXPECT_EQ(crossing_time({1.0, 2.0}, {1.0, 0.5}, 0.5), infinity);
}

/* ----------------------------------------------------------------------
   one origin: some atoms in a row, each near its two neighbours in the list
------------------------------------------------------------------------- */

class TimeOriginDistributed : public testing::Test {
 protected:
  static constexpr int n_atoms = 41, n_types = 2;
  Communicator communicator{MPI_COMM_WORLD};
  std::mt19937 random{7};
  RowLayout layout;
  std::vector<Eigen::Vector3d> x_i3, d_i3;
  std::vector<int> type_i;

  void SetUp() override
  {
    // Uneven, and one rank may have none.
    layout.first_p = {0};
    for (int p = 1; p <= communicator.size(); ++p)
      layout.first_p.push_back(p == communicator.size() ? n_atoms
                                                        : n_atoms * p * p / (p * p + p + 1));
    if (communicator.size() > 2) layout.first_p[2] = layout.first_p[1];
    std::normal_distribution<double> normal;
    for (int i = 0; i < n_atoms; ++i) {
      x_i3.emplace_back(normal(random), normal(random), normal(random));
      d_i3.emplace_back(normal(random), normal(random), normal(random));
      type_i.push_back(i % 3 == 0 ? 1 : 0);
    }
  }

  bool is_ours(Row row) const { return layout.owner(row) == communicator.rank(); }

  TimeOrigin origin(int dimension = 3) const
  {
    std::vector<TimeOrigin::Atom> atoms;
    std::vector<TimeOrigin::Pair> pairs;
    for (Row i = 0; i < n_atoms; ++i) {
      if (!is_ours(i)) continue;
      atoms.push_back({100 + i, type_i[i], {x_i3[i][0], x_i3[i][1], x_i3[i][2]}});
      for (const Row j : {(i + 1) % n_atoms, (i + 17) % n_atoms})
        pairs.push_back({i, j});
    }
    return {communicator, layout, atoms, pairs, n_types, dimension};
  }

  /// Every atom is held by some rank, which changes with `turn`.
  std::vector<TimeOrigin::Position> held(int turn) const
  {
    std::vector<TimeOrigin::Position> positions;
    for (int i = n_atoms - 1; i >= 0; --i)
      if ((i * 7 + turn) % communicator.size() == communicator.rank()) {
        const Eigen::Vector3d x = x_i3[i] + d_i3[i];
        positions.push_back({i, {x[0], x[1], x[2]}});
      }
    return positions;
  }
};

TEST_F(TimeOriginDistributed, sums_are_those_over_a_list)
{
  const WaveAverage average(3, 1.7);
  const Eigen::Vector3d drift(0.1, -0.2, 0.3);
  TimeOrigin at = origin();
  for (int turn = 0; turn < 3; ++turn) {
    const std::vector<RelaxationSums> sums_s = at.sums(held(turn), drift, average);
    ASSERT_EQ(sums_s.size(), 3u);
    std::vector<RelaxationSums> expected_s(3);
    std::vector<double> pairs_s(3);
    for (int i = 0; i < n_atoms; ++i) {
      const Eigen::Vector3d d = d_i3[i] - drift;
      for (const int s : {0, 1 + type_i[i]}) {
        expected_s[s].self += average(d);
        expected_s[s].square += d.squaredNorm();
        expected_s[s].fourth += std::pow(d.norm(), 4);
      }
      // Both ends of a pair, each for its own species.
      for (const int j : {(i + 1) % n_atoms, (i + 17) % n_atoms})
        for (const int end : {i, j})
          for (const int s : {0, 1 + type_i[end]}) {
            pairs_s[s] += 1.0;
            expected_s[s].plus += average(0.5 * (d + d_i3[j] - drift));
            expected_s[s].minus += average(0.5 * (d - d_i3[j] + drift));
          }
    }
    EXPECT_EQ(at.pairs(), pairs_s);
    for (int s = 0; s < 3; ++s) {
      EXPECT_NEAR(sums_s[s].self, expected_s[s].self, 1e-12 * n_atoms);
      EXPECT_NEAR(sums_s[s].square, expected_s[s].square, 1e-12 * expected_s[s].square);
      EXPECT_NEAR(sums_s[s].fourth, expected_s[s].fourth, 1e-12 * expected_s[s].fourth);
      EXPECT_NEAR(sums_s[s].plus, expected_s[s].plus, 1e-12 * n_atoms);
      EXPECT_NEAR(sums_s[s].minus, expected_s[s].minus, 1e-12 * n_atoms);
    }
  }
}

TEST_F(TimeOriginDistributed, who_holds_an_atom_does_not_matter_to_the_last_digit)
{
  const WaveAverage average(3, 1.7);
  TimeOrigin at = origin();
  const auto a = at.sums(held(0), Eigen::Vector3d::Zero(), average);
  const auto b = at.sums(held(1), Eigen::Vector3d::Zero(), average);
  for (int s = 0; s < 3; ++s) {
    EXPECT_EQ(a[s].self, b[s].self);
    EXPECT_EQ(a[s].plus, b[s].plus);
    EXPECT_EQ(a[s].minus, b[s].minus);
  }
}

TEST_F(TimeOriginDistributed, pairs_and_atoms_can_be_read_back)
{
  const TimeOrigin at = origin();
  TimeOrigin again(communicator, at.layout(), at.own_atoms(), at.own_pairs(), n_types, 3);
  TimeOrigin first = origin();
  const WaveAverage average(3, 1.7);
  const auto a = first.sums(held(0), Eigen::Vector3d::Zero(), average);
  const auto b = again.sums(held(2), Eigen::Vector3d::Zero(), average);
  EXPECT_EQ(first.pairs(), again.pairs());
  for (int s = 0; s < 3; ++s)
    EXPECT_EQ(a[s].minus, b[s].minus);
}

TEST_F(TimeOriginDistributed, in_two_dimensions_heights_do_not_count)
{
  const WaveAverage average(2, 1.7);
  TimeOrigin at = origin(2);
  const auto sums_s = at.sums(held(0), Eigen::Vector3d(0.0, 0.0, 5.0), average);
  double square = 0.0, self = 0.0;
  for (const Eigen::Vector3d &d : d_i3) {
    square += d.x() * d.x() + d.y() * d.y();
    self += std::cyl_bessel_j(0.0, 1.7 * std::hypot(d.x(), d.y()));
  }
  EXPECT_NEAR(sums_s[0].square, square, 1e-12 * square);
  EXPECT_NEAR(sums_s[0].self, self, 1e-12 * n_atoms);
}

TEST_F(TimeOriginDistributed, missing_and_doubled_atoms_are_found)
{
  const WaveAverage average(3, 1.7);
  const Eigen::Vector3d still = Eigen::Vector3d::Zero();
  TimeOrigin at = origin();
  std::vector<TimeOrigin::Position> some = held(0);
  if (communicator.root()) some.pop_back();
  EXPECT_THROW(at.sums(some, still, average), std::runtime_error);
  if (communicator.root()) some.push_back(some.front());
  EXPECT_THROW(at.sums(some, still, average), std::runtime_error);
  std::vector<TimeOrigin::Position> doubled = held(0);
  if (communicator.root()) doubled.push_back(doubled.front());
  EXPECT_THROW(at.sums(doubled, still, average), std::runtime_error);
  EXPECT_NO_THROW(at.sums(held(0), still, average));
}

/* ---------------------------------------------------------------------- */

class RelaxationEstimates : public testing::Test {
 protected:
  Communicator communicator{MPI_COMM_SELF};
  RelaxationSettings settings;
  static constexpr double atoms = 50.0;

  RelaxationEstimates()
  {
    settings.threshold = 0.5;
    settings.t_k = {1.0, 2.0, 4.0, 8.0};
    settings.window_first = 1;
    settings.window_end = 4;
  }

  /// F_s = F_- = 1 - a log2(t)/4, F_+ = 1 - a log2(t)/2; MSD = 6 b t + 1; fourth moments of a
  /// Gaussian.
  RelaxationBlock block(double a, double b, double pairs) const
  {
    RelaxationBlock one(4, 1);
    one.origins = 1.0;
    one.pairs_s = {pairs};
    for (std::size_t t = 0; t < 4; ++t) {
      const double u = a * static_cast<double>(t), slow = 1.0 - u / 4.0, fast = 1.0 - u / 2.0;
      const double square = 6.0 * b * settings.t_k[t] + 1.0;
      one.set(t,
              {{atoms * slow, atoms * square, atoms * 5.0 / 3.0 * square * square, pairs * fast,
                pairs * slow}},
              {atoms});
    }
    return one;
  }
};

TEST_F(RelaxationEstimates, of_exact_curves)
{
  RelaxationBlocks blocks(RelaxationBlock(4, 1), 10);
  blocks.add(block(1.0, 0.25, 100.0));
  const RelaxationEstimate one = estimate_relaxation(blocks, 0, atoms, settings, communicator);
  EXPECT_NEAR(one.times.alpha, 4.0, 1e-12);
  EXPECT_NEAR(one.times.plus, 2.0, 1e-12);
  EXPECT_NEAR(one.times.minus, 4.0, 1e-12);
  EXPECT_NEAR(one.times.ratio, 0.5, 1e-12);
  EXPECT_NEAR(one.times.diffusion, 0.25, 1e-12);
  for (const double alpha2 : one.curves.alpha2_k)
    EXPECT_NEAR(alpha2, 0.0, 1e-14);
  EXPECT_TRUE(std::isnan(one.curves.chi4_k[1]));
  EXPECT_EQ(one.time_errors.alpha, infinity);
  EXPECT_EQ(one.curve_errors.self_k[2], infinity);
}

TEST_F(RelaxationEstimates, averages_errors_and_fluctuations_of_two_origins)
{
  RelaxationBlocks blocks(RelaxationBlock(4, 1), 10);
  blocks.add(block(1.0, 0.2, 100.0));
  blocks.add(block(0.8, 0.3, 300.0));
  const RelaxationEstimate two = estimate_relaxation(blocks, 0, atoms, settings, communicator);
  // At t = 4: F_s of the origins are 0.5 and 0.6.
  EXPECT_NEAR(two.curves.self_k[2], 0.55, 1e-14);
  EXPECT_NEAR(two.curve_errors.self_k[2], 0.05, 1e-14);
  EXPECT_NEAR(two.curves.chi4_k[2], atoms * 2.0 * 0.05 * 0.05, 1e-12);
  EXPECT_EQ(two.curve_errors.chi4_k[2], infinity);
  // Pairs count alike, whatever their origin: F_+ are 0 and 0.2.
  EXPECT_NEAR(two.curves.plus_k[2], 0.75 * 0.2, 1e-14);
  EXPECT_NEAR(two.times.diffusion, 0.25, 1e-12);
  EXPECT_NEAR(two.time_errors.diffusion, 0.05, 1e-12);
}

TEST_F(RelaxationEstimates, errors_are_the_scatter_of_many_origins)
{
  std::mt19937 random(3);
  std::normal_distribution<double> normal(0.25, 0.05);
  const int n = 1000, repeats = 40;
  double squares = 0.0, announced = 0.0;
  for (int r = 0; r < repeats; ++r) {
    RelaxationBlocks blocks(RelaxationBlock(4, 1), 10);
    for (int k = 0; k < n; ++k)
      blocks.add(block(1.0, normal(random), 100.0));
    const RelaxationEstimate all = estimate_relaxation(blocks, 0, atoms, settings, communicator);
    squares += std::pow(all.times.diffusion - 0.25, 2) / repeats;
    announced += std::pow(all.time_errors.diffusion, 2) / repeats;
  }
  const double exact = 0.05 / std::sqrt(n);
  EXPECT_NEAR(std::sqrt(announced), exact, 0.15 * exact);
  EXPECT_NEAR(std::sqrt(squares), exact, 0.4 * exact);
}

TEST_F(RelaxationEstimates, origins_that_overlap_share_a_block)
{
  RelaxationBlocks blocks(RelaxationBlock(4, 1), 2, 3);
  for (int k = 0; k < 7; ++k)
    blocks.add(block(1.0, 0.25, 100.0));
  ASSERT_EQ(blocks.blocks().size(), 3u);
  EXPECT_EQ(blocks.blocks()[0].origins, 3.0);
  EXPECT_EQ(blocks.blocks()[2].origins, 1.0);
  for (int k = 7; k < 13; ++k)
    blocks.add(block(1.0, 0.25, 100.0));
  ASSERT_EQ(blocks.blocks().size(), 3u);
  EXPECT_EQ(blocks.blocks()[0].origins, 6.0);
  EXPECT_EQ(blocks.blocks()[2].origins, 1.0);
}

TEST_F(RelaxationEstimates, fluctuations_keep_their_digits_at_short_times)
{
  // F_s of the origins differ in the sixth digit, their squares in no more than that.
  RelaxationBlocks blocks(RelaxationBlock(4, 1), 10);
  blocks.add(block(1.0e-5, 0.25, 100.0));
  blocks.add(block(1.2e-5, 0.25, 100.0));
  const RelaxationEstimate two = estimate_relaxation(blocks, 0, atoms, settings, communicator);
  const double chi4 = atoms * 2.0 * std::pow(0.5 * 0.2e-5 * 2.0 / 4.0, 2);
  EXPECT_NEAR(two.curves.chi4_k[2], chi4, 1e-9 * chi4);
}

TEST_F(RelaxationEstimates, what_is_not_reached_has_no_error)
{
  RelaxationBlocks blocks(RelaxationBlock(4, 1), 10);
  for (int k = 0; k < 4; ++k)
    blocks.add(block(0.2, 0.25, 100.0));
  const RelaxationEstimate all = estimate_relaxation(blocks, 0, atoms, settings, communicator);
  EXPECT_EQ(all.times.alpha, infinity);
  EXPECT_EQ(all.time_errors.alpha, infinity);
  EXPECT_TRUE(std::isnan(all.times.ratio));
  EXPECT_EQ(all.time_errors.ratio, infinity);
  EXPECT_NEAR(all.time_errors.diffusion, 0.0, 1e-12);
}

TEST_F(RelaxationEstimates, of_no_atoms_are_zero)
{
  RelaxationBlocks blocks(RelaxationBlock(4, 1), 10);
  blocks.add(block(1.0, 0.25, 100.0));
  const RelaxationEstimate none = estimate_relaxation(blocks, 0, 0.0, settings, communicator);
  EXPECT_EQ(none.times.alpha, 0.0);
  EXPECT_EQ(none.curves.self_k, std::vector<double>(4));
}

TEST_F(RelaxationEstimates, go_on_from_what_was_written)
{
  RelaxationBlocks before(RelaxationBlock(4, 1), 2), whole(RelaxationBlock(4, 1), 2);
  for (int k = 0; k < 9; ++k) {
    const RelaxationBlock one = block(1.0 - 0.02 * k, 0.25 + 0.01 * k, 100.0 + k);
    whole.add(one);
    if (k < 5) before.add(one);
  }
  std::vector<char> bytes;
  before.write(bytes);
  RelaxationBlocks after(RelaxationBlock(4, 1), 2);
  const char *cursor = bytes.data();
  after.read(cursor);
  EXPECT_EQ(cursor, bytes.data() + bytes.size());
  for (int k = 5; k < 9; ++k)
    after.add(block(1.0 - 0.02 * k, 0.25 + 0.01 * k, 100.0 + k));
  const RelaxationEstimate a = estimate_relaxation(after, 0, atoms, settings, communicator);
  const RelaxationEstimate b = estimate_relaxation(whole, 0, atoms, settings, communicator);
  EXPECT_EQ(a.curves.self_k, b.curves.self_k);
  EXPECT_EQ(a.times.diffusion, b.times.diffusion);
  EXPECT_EQ(a.time_errors.diffusion, b.time_errors.diffusion);
}

}    // namespace
