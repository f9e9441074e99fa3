// Part of lammps-glass, GPL-2.0.

#include "observable/viscosity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

using namespace glass;

namespace {

constexpr double pi = 3.14159265358979323846;

/// Modes with lambda = -16, -4, -0.01, 0.04, 1, 9, of two components of strain.
NormalModes six_modes()
{
  NormalModes modes;
  modes.lambda_p.resize(6);
  modes.lambda_p << -16.0, -4.0, -0.01, 0.04, 1.0, 9.0;
  modes.omega_p = modes.lambda_p.unaryExpr(&signed_frequency);
  modes.participation_ratio_p.resize(6);
  modes.participation_ratio_p << 0.1, 0.5, 0.6, 0.1, 0.5, 0.2;
  modes.xi_squared_pc.resize(6, 2);
  modes.xi_squared_pc << 16.0, 48.0, 8.0, 8.0, 1.0, 3.0, 2.0, 2.0, 5.0, 7.0, 81.0, 0.0;
  return modes;
}

TEST(Viscosity, SumsOfClassesAddUp)
{
  const ViscositySums sums = viscosity_sums(six_modes(), 0.3, 0.0);
  EXPECT_DOUBLE_EQ(sums.localized, 32.0 / 256.0);
  EXPECT_DOUBLE_EQ(sums.delocalized, 8.0 / 16.0 + 2.0 / 1.0e-4);
  EXPECT_DOUBLE_EQ(sums.stable, 2.0 / 0.0016 + 6.0 / 1.0 + 40.5 / 81.0);
  EXPECT_NEAR(sums.localized + sums.delocalized + sums.stable, sums.all, 1.0e-15 * sums.all);
  EXPECT_EQ(sums.n_left_out, 0);
}

TEST(Viscosity, ModesBelowTheCutoffAreLeftOutOnBothBranches)
{
  const ViscositySums sums = viscosity_sums(six_modes(), 0.3, 1.0);
  EXPECT_DOUBLE_EQ(sums.localized, 32.0 / 256.0);
  EXPECT_DOUBLE_EQ(sums.delocalized, 8.0 / 16.0);
  EXPECT_DOUBLE_EQ(sums.stable, 6.0 / 1.0 + 40.5 / 81.0);    // |omega| = omega_min counts
  EXPECT_EQ(sums.n_left_out, 2);
}

TEST(Viscosity, AModeWithoutFrequencyMakesItInfinite)
{
  NormalModes modes = six_modes();
  modes.lambda_p[3] = modes.omega_p[3] = 0.0;
  EXPECT_TRUE(std::isinf(viscosity_sums(modes, 0.3, 0.0).all));
  EXPECT_TRUE(std::isfinite(viscosity_sums(modes, 0.3, 0.05).all));
}

TEST(Viscosity, FrictionOfABrownianParticle)
{
  EXPECT_DOUBLE_EQ(einstein_friction(1.5, 2.0, 0.05), 15.0);
  EXPECT_THROW(einstein_friction(1.5, 2.0, 0.0), std::invalid_argument);
  EXPECT_THROW(einstein_friction(std::nan(""), 2.0, 0.1), std::invalid_argument);
}

TEST(Viscosity, LongestWave)
{
  EXPECT_NEAR(longest_wave(16.0, 4.0, 27.0, 3), 2.0 * pi * 2.0 / 3.0, 1.0e-14);
  EXPECT_NEAR(longest_wave(16.0, 4.0, 9.0, 2), 2.0 * pi * 2.0 / 3.0, 1.0e-14);
  EXPECT_THROW(longest_wave(-1.0, 4.0, 9.0, 2), std::invalid_argument);
  EXPECT_THROW(longest_wave(1.0, 4.0, 9.0, 1), std::invalid_argument);
}

}    // namespace
