// Part of lammps-glass, GPL-2.0.

#include "observable/liquid_structure.h"

#include <Eigen/LU>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace glass;

namespace {

TEST(FirstMinimum, of_a_known_distribution)
{
  // g(r) = 1 + 2 exp(-((r-1)/0.12)^2) - 0.5 exp(-((r-1.45)/0.2)^2), with the noise of counts.
  for (const int dimension : {2, 3}) {
    PairDistances distances(dimension, 1.9);
    std::mt19937 random(11);
    std::uniform_real_distribution<double> uniform;
    for (int k = 0; k < 2000000; ++k) {
      const double r = 1.9 * uniform(random);
      const double g = r < 0.8 ? 0.0
                               : 1.0 + 2.0 * std::exp(-std::pow((r - 1.0) / 0.12, 2)) -
                                     0.5 * std::exp(-std::pow((r - 1.45) / 0.2, 2));
      if (uniform(random) < g / 3.0 * std::pow(r / 1.9, dimension - 1)) distances.add(r);
    }
    const std::optional<double> minimum = distances.first_minimum();
    ASSERT_TRUE(minimum);
    EXPECT_NEAR(*minimum, 1.45, 0.02);
  }
}

TEST(FirstMinimum, is_not_made_up)
{
  PairDistances none(3, 2.0);
  EXPECT_FALSE(none.first_minimum());
  // g(r) still falls where the reach ends.
  PairDistances falling(3, 1.3);
  for (int step = 0; step < 3000; ++step) {
    const double r = 1.0 + 0.0001 * step;
    for (int k = 0; k < 100.0 * (1.3 - r) * r * r; ++k)
      falling.add(r);
  }
  EXPECT_FALSE(falling.first_minimum());
}

TEST(FirstMinimum, is_not_the_end_of_a_noisy_fall)
{
  std::mt19937 random(2);
  std::uniform_real_distribution<double> uniform;
  for (int repeat = 0; repeat < 20; ++repeat) {
    PairDistances falling(3, 1.35);
    for (int k = 0; k < 20000; ++k) {
      const double r = 1.0 + 0.35 * uniform(random);
      if (uniform(random) < 1.5 - r) falling.add(r);
    }
    EXPECT_FALSE(falling.first_minimum());
  }
}

/// Atoms of a simple cubic lattice, shaken; its first peak of S(q) is at 2 pi.
std::vector<Eigen::Vector3d> shaken_lattice(int n, double width, const Communicator &communicator)
{
  std::vector<Eigen::Vector3d> s_i3;
  std::mt19937 random(5);
  std::normal_distribution<double> normal(0.0, width / n);
  int count = 0;
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b)
      for (int c = 0; c < n; ++c) {
        const Eigen::Vector3d s(a + n * normal(random), b + n * normal(random),
                                c + n * normal(random));
        if (count++ % communicator.size() == communicator.rank()) s_i3.emplace_back(s / n);
      }
  return s_i3;
}

TEST(StructurePeakDistributed, of_a_lattice)
{
  const Communicator communicator(MPI_COMM_WORLD);
  const int n = 10;
  const auto s_i3 = shaken_lattice(n, 0.1, communicator);
  const Eigen::Matrix3d inverse = Eigen::Matrix3d::Identity() / n;
  const auto peak = structure_peak(s_i3, inverse, 3, 8.0, communicator);
  ASSERT_TRUE(peak);
  EXPECT_NEAR(*peak, 2.0 * M_PI, 0.1);
}

TEST(StructurePeakDistributed, of_a_replicated_box_is_that_of_the_box)
{
  // 8 atoms to an edge, replicated: most wave vectors of the large box have S = 0.
  const Communicator communicator(MPI_COMM_WORLD);
  const int n = 8;
  const auto s_i3 = shaken_lattice(n, 0.1, communicator);
  std::vector<Eigen::Vector3d> replicated;
  replicated.reserve(64 * s_i3.size());
  for (const double a : {0.0, 1.0, 2.0, 3.0})
    for (const double b : {0.0, 1.0, 2.0, 3.0})
      for (const double c : {0.0, 1.0, 2.0, 3.0})
        for (const Eigen::Vector3d &s : s_i3)
          replicated.emplace_back((s + Eigen::Vector3d(a, b, c)) / 4.0);
  const auto small = structure_peak(s_i3, Eigen::Matrix3d::Identity() / n, 3, 8.0, communicator);
  const auto large =
      structure_peak(replicated, Eigen::Matrix3d::Identity() / (4 * n), 3, 8.0, communicator);
  ASSERT_TRUE(small);
  ASSERT_TRUE(large);
  EXPECT_NEAR(*large, *small, 0.1);
}

TEST(StructurePeakDistributed, of_a_gas_is_none)
{
  const Communicator communicator(MPI_COMM_WORLD);
  const auto s_i3 = shaken_lattice(10, 5.0, communicator);
  EXPECT_FALSE(structure_peak(s_i3, Eigen::Matrix3d::Identity() / 10, 3, 8.0, communicator));
}

TEST(StructurePeakDistributed, does_not_depend_on_the_choice_of_the_cell)
{
  // The same periodic lattice in a cell whose second edge is inclined by a whole lattice vector.
  const Communicator communicator(MPI_COMM_WORLD);
  const int n = 10;
  const auto s_i3 = shaken_lattice(n, 0.1, communicator);
  Eigen::Matrix3d edge = n * Eigen::Matrix3d::Identity();
  const auto straight = structure_peak(s_i3, edge.inverse(), 3, 8.0, communicator);
  edge(0, 1) = n;
  std::vector<Eigen::Vector3d> inclined;
  inclined.reserve(s_i3.size());
  for (const Eigen::Vector3d &s : s_i3)
    inclined.emplace_back(edge.inverse() * (n * s));
  const auto tilted = structure_peak(inclined, edge.inverse(), 3, 8.0, communicator);
  ASSERT_TRUE(straight);
  ASSERT_TRUE(tilted);
  EXPECT_NEAR(*straight, *tilted, 0.02);
}

}    // namespace
