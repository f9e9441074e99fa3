// Part of lammps-glass, GPL-2.0.

// D_min of whole configurations: species, drift, boxes that change. The matching of one species has
// its own tests.

#include "observable/pattern_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

namespace {

using glass::Configuration;

Configuration random_configuration(int n, std::array<double, 6> h, unsigned seed)
{
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  Configuration c;
  c.cell.h = h;
  c.low = {-1.0, 2.0, 0.5};
  for (int i = 0; i < n; ++i) {
    const double x = uniform(random), y = uniform(random), z = uniform(random);
    c.id_n.push_back(10 + 3 * i);
    c.type_n.push_back(1 + i % 2);
    c.position_n3.insert(c.position_n3.end(),
                         {c.low[0] + h[0] * x + h[5] * y + h[4] * z, c.low[1] + h[1] * y + h[3] * z,
                          c.low[2] + h[2] * z});
  }
  return c;
}

void set_center(Configuration &c)
{
  c.center = {};
  for (std::size_t i = 0; i < c.size(); ++i)
    for (int k = 0; k < 3; ++k)
      c.center[k] += c.position_n3[3 * i + k] / static_cast<double>(c.size());
}

const std::array<double, 6> tilted_cell = {4.0, 5.0, 6.0, 0.7, -1.1, 1.9};

TEST(PatternMatching, SwapOfLikeAtomsIsNoChange)
{
  Configuration reference = random_configuration(40, tilted_cell, 1);
  set_center(reference);
  Configuration now = reference;
  for (int k = 0; k < 3; ++k) {
    std::swap(now.position_n3[3 * 4 + k], now.position_n3[3 * 8 + k]);
    std::swap(now.position_n3[3 * 5 + k], now.position_n3[3 * 7 + k]);
  }
  glass::PatternMatcher matcher;
  const auto result = matcher.compare(now, reference, 2);
  EXPECT_LT(result.all.d_min, 1e-14);
  EXPECT_GT(result.all.rmsd, 0.1);
  EXPECT_EQ(result.partner_n[4], reference.id_n[8]);
  EXPECT_EQ(result.partner_n[7], reference.id_n[5]);
}

TEST(PatternMatching, SwapOfUnlikeAtomsCounts)
{
  Configuration reference = random_configuration(40, tilted_cell, 2);
  set_center(reference);
  Configuration now = reference;
  for (int k = 0; k < 3; ++k)
    std::swap(now.position_n3[3 * 4 + k], now.position_n3[3 * 5 + k]);
  glass::PatternMatcher matcher;
  const auto result = matcher.compare(now, reference, 2);
  EXPECT_GT(result.all.d_min, 0.01);
  EXPECT_LE(result.all.d_min, result.all.rmsd);
  EXPECT_NEAR(result.all.n * std::pow(result.all.d_min, 2),
              result.type_t[0].n * std::pow(result.type_t[0].d_min, 2) +
                  result.type_t[1].n * std::pow(result.type_t[1].d_min, 2),
              1e-13);
}

TEST(PatternMatching, DriftAndAffineStrainDoNotCount)
{
  Configuration reference = random_configuration(60, tilted_cell, 3);
  set_center(reference);
  const std::array<double, 6> strained = {4.4, 4.9, 6.1, 0.2, -0.9, 2.5};
  Configuration now = random_configuration(60, strained, 3);    // the same fractions of the edges
  for (std::size_t i = 0; i < now.position_n3.size(); ++i)
    now.position_n3[i] += 7.0 * double(i % 3);
  for (double &low : now.low)
    low += 0.3;
  set_center(now);
  glass::PatternMatcher matcher;
  const auto result = matcher.compare(now, reference, 2);
  EXPECT_LT(result.all.rmsd, 1e-13);
  EXPECT_LT(result.all.d_min, 1e-13);
}

TEST(PatternMatching, BoxAlongFreeDirectionDoesNotMoveTheReference)
{
  Configuration reference = random_configuration(30, {4.0, 5.0, 6.0, 0.0, 0.0, 0.0}, 4);
  reference.cell.periodic[2] = false;
  set_center(reference);
  Configuration now = reference;
  now.cell.h[2] = 9.0;    // as a shrink-wrapped box that one atom has widened
  now.low[2] = -1.0;
  glass::PatternMatcher matcher;
  EXPECT_EQ(matcher.compare(now, reference, 2).all.d_min, 0.0);
}

TEST(PatternMatching, OtherParticlesAreRefused)
{
  const Configuration reference = random_configuration(6, tilted_cell, 5);
  glass::PatternMatcher matcher;
  Configuration fewer = random_configuration(5, tilted_cell, 5);
  EXPECT_THROW(matcher.compare(fewer, reference, 2), std::invalid_argument);
  Configuration other = reference;
  other.id_n[5] = 99;
  EXPECT_THROW(matcher.compare(other, reference, 2), std::invalid_argument);
  Configuration species = reference;
  species.type_n[0] = 2;
  EXPECT_THROW(matcher.compare(species, reference, 2), std::invalid_argument);
  EXPECT_THROW(matcher.compare(reference, reference, 1), std::invalid_argument);
}

}    // namespace
