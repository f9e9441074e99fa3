// Part of lammps-glass, GPL-2.0.

// Dynamical mechanical analysis of signals whose harmonics, moduli and noise are known.

#include "observable/oscillation.h"

#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

using namespace glass;

namespace {

constexpr double pi = 3.14159265358979323846;

/// A signal of known harmonics at the angle theta, written otherwise than in the code under test.
double signal(double theta)
{
  return 12.5 + 3.0 * std::sin(theta + 0.3) - 0.7 * std::sin(2.0 * theta - 1.1) +
         0.05 * std::cos(3.0 * theta);
}

OscillationSums sums_of_cycle(std::int64_t samples, int cycles = 1)
{
  OscillationSums sums;
  for (std::int64_t k = 0; k < cycles * samples; ++k)
    sums.add(phasor(k, samples), signal(2.0 * pi * static_cast<double>(k) / double(samples)));
  return sums;
}

void expect_known_signal(const Oscillation &fit)
{
  EXPECT_NEAR(fit.offset, 12.5, 1e-12 * 12.5);
  EXPECT_NEAR(fit.in_phase_h[0], 3.0 * std::cos(0.3), 1e-12);
  EXPECT_NEAR(fit.out_of_phase_h[0], 3.0 * std::sin(0.3), 1e-12);
  EXPECT_NEAR(fit.in_phase_h[1], -0.7 * std::cos(1.1), 1e-12);
  EXPECT_NEAR(fit.out_of_phase_h[1], 0.7 * std::sin(1.1), 1e-12);
  EXPECT_NEAR(fit.in_phase_h[2], 0.0, 1e-12);
  EXPECT_NEAR(fit.out_of_phase_h[2], 0.05, 1e-12);
  EXPECT_NEAR(fit.amplitude(2), 0.7, 1e-12);
}

/// Cycles of unit strain amplitude with independent Gaussian noise in G' and G'', and correlated.
std::vector<Oscillation> noisy_cycles(int n, std::mt19937 &random)
{
  std::normal_distribution<double> normal;
  std::vector<Oscillation> stress(n);
  for (Oscillation &cycle : stress) {
    const double common = 0.1 * normal(random);
    cycle.offset = 5.0 + 0.3 * normal(random);
    cycle.in_phase_h[0] = 20.0 + 0.2 * normal(random) + common;
    cycle.out_of_phase_h[0] = 10.0 + 0.1 * normal(random) - common;
  }
  return stress;
}

}    // namespace

TEST(Oscillation, RecoversOffsetAndHarmonics)
{
  for (const std::int64_t samples : {7, 8, 9, 50, 101, 4096})
    expect_known_signal(sums_of_cycle(samples).fit());
  expect_known_signal(sums_of_cycle(64, 5).fit());
}

TEST(Oscillation, SumsGoOnWhereTheyWere)
{
  OscillationSums sums;
  for (std::int64_t k = 0; k < 40; ++k) {
    const OscillationSums stored = sums;    // as in a restart file
    sums = OscillationSums();
    sums = stored;
    sums.add(phasor(k, 40), signal(2.0 * pi * static_cast<double>(k) / 40.0));
  }
  const Oscillation pieces = sums.fit(), whole = sums_of_cycle(40).fit();
  EXPECT_EQ(pieces.offset, whole.offset);
  EXPECT_EQ(pieces.in_phase_h, whole.in_phase_h);
  EXPECT_EQ(pieces.out_of_phase_h, whole.out_of_phase_h);
}

TEST(Oscillation, WholeCyclesAreExact)
{
  for (const std::int64_t phases : {7, 1000, 123457})
    for (const std::int64_t cycle : {0, 1, 1000000}) {
      EXPECT_EQ(phasor(cycle * phases, phases).sine, 0.0);
      EXPECT_EQ(phasor(cycle * phases, phases).cosine, 1.0);
    }
  EXPECT_NEAR(phasor(1, 4).sine, 1.0, 1e-15);
  EXPECT_NEAR(phasor(2, 4).cosine, -1.0, 1e-15);
}

TEST(Oscillation, RefusesTooFewSamples)
{
  EXPECT_THROW(sums_of_cycle(6).fit(), std::invalid_argument);
  EXPECT_THROW(OscillationSums().fit(), std::invalid_argument);
}

TEST(DynamicModulus, IsStressOverStrain)
{
  const DynamicModulus modulus = dynamic_modulus(sums_of_cycle(100).fit(), 0.02);
  EXPECT_NEAR(modulus.storage, 150.0 * std::cos(0.3), 1e-9);
  EXPECT_NEAR(modulus.loss, 150.0 * std::sin(0.3), 1e-9);
  EXPECT_NEAR(modulus.delta, 0.3, 1e-12);
  EXPECT_NEAR(modulus.mean_stress, 12.5, 1e-9);
  EXPECT_NEAR(modulus.second, 0.7 / 3.0, 1e-12);
  EXPECT_NEAR(modulus.third, 0.05 / 3.0, 1e-12);
}

TEST(DynamicModulus, OfNoStressIsZero)
{
  const DynamicModulus modulus = dynamic_modulus(Oscillation(), 0.01);
  EXPECT_EQ(modulus.storage, 0.0);
  EXPECT_EQ(modulus.second, 0.0);
}

TEST(DynamicModulus, RefusesNoStrain)
{
  for (const double amplitude : {0.0, -0.1, std::nan("")})
    EXPECT_THROW(dynamic_modulus(Oscillation(), amplitude), std::invalid_argument);
}

TEST(MeanModulus, KnowsNoErrorBelowTwoCycles)
{
  const std::vector<Oscillation> one = {sums_of_cycle(100).fit()};
  EXPECT_TRUE(std::isinf(mean_modulus(Span<const Oscillation>(), 0.01).storage_error));
  const MeanModulus single = mean_modulus(one, 0.01);
  EXPECT_DOUBLE_EQ(single.mean.storage, dynamic_modulus(one[0], 0.01).storage);
  for (const double error :
       {single.storage_error, single.loss_error, single.delta_error, single.mean_stress_error})
    EXPECT_TRUE(std::isinf(error));
}

// The scatter of the means of many repetitions is what the errors of each say.
TEST(MeanModulus, ErrorsAreThoseOfTheNoise)
{
  std::mt19937 random(4711);
  constexpr int repetitions = 20000, cycles = 10;
  double sum[4] = {}, square[4] = {}, predicted[4] = {};
  for (int r = 0; r < repetitions; ++r) {
    const MeanModulus m = mean_modulus(noisy_cycles(cycles, random), 1.0);
    const double value[] = {m.mean.storage, m.mean.loss, m.mean.delta, m.mean.mean_stress};
    const double error[] = {m.storage_error, m.loss_error, m.delta_error, m.mean_stress_error};
    for (int k = 0; k < 4; ++k) {
      sum[k] += value[k] / repetitions;
      square[k] += value[k] * value[k] / repetitions;
      predicted[k] += error[k] * error[k] / repetitions;
    }
  }
  const double storage_variance = (0.04 + 0.01) / cycles, loss_variance = (0.01 + 0.01) / cycles;
  EXPECT_NEAR(predicted[0] / storage_variance, 1.0, 0.02);
  EXPECT_NEAR(predicted[1] / loss_variance, 1.0, 0.02);
  for (int k = 0; k < 4; ++k)
    EXPECT_NEAR(predicted[k] / (square[k] - sum[k] * sum[k]), 1.0, 0.04) << k;
  EXPECT_NEAR(sum[2], std::atan2(10.0, 20.0), 1e-4);
}
