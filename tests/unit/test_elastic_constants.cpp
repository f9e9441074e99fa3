// Part of lammps-glass, GPL-2.0.

// Elastic constants against differences of energies and of the stresses of cells that were strained
// and relaxed again, which know nothing of Born terms and Hessians.

#include "observable/elastic_constants.h"
#include "ranks.h"
#include "relaxed.h"
#include "spectrum/linear_solver.h"
#include "spectrum/planar.h"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <gtest/gtest.h>

using namespace glass;
using namespace glass_test;

namespace {

constexpr int voigt_pair[6][2] = {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};

/// The symmetric tensor of an engineering strain: half of it in both places of a shear.
Eigen::Matrix3d strain_of(int v, double gamma)
{
  Eigen::Matrix3d strain = Eigen::Matrix3d::Zero();
  const auto [i, j] = voigt_pair[v];
  strain(i, j) += 0.5 * gamma;
  strain(j, i) += 0.5 * gamma;
  return strain;
}

/// Area if the third edge stands for nothing.
double volume_of(const Cell &cell, int dimension)
{
  return dimension == 3 ? cell.box_33.determinant()
                        : cell.box_33.topLeftCorner<2, 2>().determinant();
}

Eigen::Matrix3d stress_of(const Cell &cell, const TestPotential &potential, int dimension)
{
  return affine_energy(RankPart(cell, potential, alone()).expansion, alone()).stress_times_volume /
         volume_of(cell, dimension);
}

ElasticConstants relaxed_constants(const Cell &cell, const TestPotential &potential,
                                   const Communicator &communicator, int dimension = 3,
                                   SolveMethod method = SolveMethod::direct)
{
  RankPart part(cell, potential, communicator);
  if (dimension == 2) make_planar(part.hessian);
  BlockVector xi = columns_of(affine_forces(part.expansion, communicator));
  SolveOptions options;
  options.method = method;
  options.tolerance = 1.0e-12;
  options.dimension = dimension;
  const BlockVector response = LinearSolver(part.hessian, options, communicator).solve(xi).x;
  return elastic_constants(affine_energy(part.expansion, communicator),
                           nonaffine_energy(xi, response, communicator), volume_of(cell, dimension),
                           dimension);
}

ElasticConstants affine_constants(const Cell &cell, const TestPotential &potential)
{
  return elastic_constants(affine_energy(RankPart(cell, potential, alone()).expansion, alone()),
                           Matrix6::Zero(), volume_of(cell, 3));
}

double largest(const Eigen::MatrixXd &m)
{
  return m.cwiseAbs().maxCoeff();
}

class Stressed :
    public testing::TestWithParam<double> {};    // lattice constant: the larger the more tension

TEST_P(Stressed, AffineConstantsAreSecondDerivativesByGreenStrain)
{
  const TestPotential potential = smooth_lennard_jones();
  // No minimum: nothing is to relax.
  const Cell cell = rattled_cell(4, 0.65 * GetParam(), 0.08, 0.05, 2);
  const ElasticConstants constants = affine_constants(cell, potential);
  ASSERT_GT(largest(constants.stress_33), 0.5);
  EXPECT_LE(largest(constants.green_66 - constants.green_66.transpose()),
            1.0e-12 * largest(constants.green_66));
  const double step = 1.0e-4, volume = volume_of(cell, 3);
  const auto energy = [&](int v, double eta_v, int w, double eta_w) {
    const Eigen::Matrix3d square =
        Eigen::Matrix3d::Identity() + 2.0 * (strain_of(v, eta_v) + strain_of(w, eta_w));
    const Eigen::Matrix3d root =
        Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(square).operatorSqrt();
    return potential.energy(deformed(cell, root));
  };
  for (int v = 0; v < 6; ++v)
    for (int w = v; w < 6; ++w) {
      const double expected = (energy(v, step, w, step) - energy(v, step, w, -step) -
                               energy(v, -step, w, step) + energy(v, -step, w, -step)) /
                              (4.0 * step * step * volume);
      EXPECT_NEAR(constants.green_66(v, w), expected, 3.0e-6 * largest(constants.green_66))
          << v << " " << w;
    }
}

TEST_P(Stressed, RelaxedConstantsAreDerivativesOfTheStressOfRelaxedCells)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = alloy(potential, 3, GetParam(), 2);
  const ElasticConstants constants = relaxed_constants(cell, potential, alone());
  const ElasticConstants affine = affine_constants(cell, potential);
  ASSERT_GT(largest(affine.stress_strain_66 - constants.stress_strain_66),
            0.1 * largest(constants.stress_strain_66));
  EXPECT_LE(largest(constants.stress_33 - stress_of(cell, potential, 3)),
            1.0e-12 * largest(constants.stress_strain_66));
  EXPECT_LE(largest(constants.green_66 - constants.green_66.transpose()),
            1.0e-11 * largest(constants.green_66));

  const double step = 3.0e-6;
  const auto stress_after = [&](const Eigen::Matrix3d &displacement_gradient) {
    const Eigen::Matrix3d f = Eigen::Matrix3d::Identity() + displacement_gradient;
    return stress_of(relaxed(deformed(cell, f), potential), potential, 3);
  };
  for (int w = 0; w < 6; ++w) {
    const Eigen::Matrix3d change =
        (stress_after(strain_of(w, step)) - stress_after(strain_of(w, -step))) / (2.0 * step);
    for (int v = 0; v < 6; ++v)
      EXPECT_NEAR(constants.stress_strain_66(v, w), change(voigt_pair[v][0], voigt_pair[v][1]),
                  1.0e-6 * largest(constants.stress_strain_66))
          << v << " " << w;
  }
}

TEST_P(Stressed, ShearModuliAreCurvaturesOfTheRelaxedEnergy)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = alloy(potential, 3, GetParam(), 2);
  const ElasticConstants constants = relaxed_constants(cell, potential, alone());
  const double step = 3.0e-4, volume = volume_of(cell, 3), energy = potential.energy(cell);
  double mean = 0.0;
  for (int s = 0; s < 3; ++s) {
    const StrainComponent &plane = strain_components[3 + s];
    const double expected =
        (potential.energy(relaxed(strained(cell, plane, step), potential)) - 2.0 * energy +
         potential.energy(relaxed(strained(cell, plane, -step), potential))) /
        (step * step * volume);
    EXPECT_NEAR(constants.simple_shear_s[s], expected, 1.0e-3 * std::abs(expected)) << s;
    EXPECT_EQ(constants.simple_shear_s[s], constants.simple_66(3 + s, 3 + s));
    mean += constants.simple_shear_s[s] / 3.0;
  }
  EXPECT_NEAR(constants.simple_shear, mean, 1.0e-12 * mean);
}

INSTANTIATE_TEST_SUITE_P(Lattices, Stressed, testing::Values(1.45, 1.52, 1.57));

TEST(ElasticConstants, OfALayerAreDerivativesOfItsStress)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = planar_alloy(potential, 8, 1.06, 1);
  const ElasticConstants constants = relaxed_constants(cell, potential, alone(), 2);
  const double step = 3.0e-6;
  for (const int w : {0, 1, 5}) {
    Eigen::Matrix3d change = Eigen::Matrix3d::Zero();
    for (const double sign : {1.0, -1.0}) {
      const Eigen::Matrix3d f = Eigen::Matrix3d::Identity() + strain_of(w, sign * step);
      change +=
          sign / (2.0 * step) * stress_of(relaxed(deformed(cell, f), potential, 2), potential, 2);
    }
    for (const int v : {0, 1, 5})
      EXPECT_NEAR(constants.stress_strain_66(v, w), change(voigt_pair[v][0], voigt_pair[v][1]),
                  1.0e-6 * largest(constants.stress_strain_66))
          << v << " " << w;
  }
  for (const int z : {2, 3, 4}) {
    EXPECT_TRUE(constants.stress_strain_66.row(z).isZero(0.0));
    EXPECT_TRUE(constants.green_66.col(z).isZero(0.0));
  }
  EXPECT_EQ(constants.simple_shear, constants.simple_66(3, 3));
  EXPECT_EQ(constants.simple_shear_s[1], 0.0);
  EXPECT_GT(constants.bulk.voigt, constants.bulk.reuss);
  EXPECT_GT(constants.shear.voigt, constants.shear.reuss);
  EXPECT_GT(constants.shear.reuss, 0.0);
}

TEST(ElasticConstants, OfACrystalHaveItsSymmetryAndThatOfCentralForces)
{
  const TestPotential potential = smooth_lennard_jones();
  // Bisection for the lattice without stress.
  double low = 1.4, high = 1.7;
  for (int step = 0; step < 50; ++step) {
    const double middle = 0.5 * (low + high);
    (stress_of(crystal(3, middle), potential, 3)(0, 0) > 0.0 ? high : low) = middle;
  }
  for (const double compression : {1.0, 0.97}) {
    const Cell cell = crystal(3, compression * low);
    const ElasticConstants e = relaxed_constants(cell, potential, alone());
    const double pressure = -e.stress_33(0, 0), scale = largest(e.green_66);
    EXPECT_EQ(std::abs(pressure) < 1.0e-9 * scale, compression == 1.0);
    // The lattice does not relax.
    EXPECT_LE(largest(e.green_66 - affine_constants(cell, potential).green_66), 1.0e-10 * scale);
    for (const Matrix6 &m : {e.green_66, e.stress_strain_66}) {
      Matrix6 cubic = Matrix6::Zero();
      cubic.topLeftCorner<3, 3>().setConstant(m(0, 1));
      cubic.diagonal() << m(0, 0), m(0, 0), m(0, 0), m(3, 3), m(3, 3), m(3, 3);
      EXPECT_LE(largest(m - cubic), 1.0e-10 * scale);
    }
    EXPECT_GT(e.green_66(0, 0), 1.1 * e.green_66(0, 1));
    EXPECT_NEAR(e.green_66(0, 1), e.green_66(3, 3), 1.0e-10 * scale);
    EXPECT_NEAR(e.stress_strain_66(0, 1) - e.stress_strain_66(3, 3), 2.0 * pressure,
                1.0e-10 * scale);

    const double c11 = e.stress_strain_66(0, 0), c12 = e.stress_strain_66(0, 1),
                 c44 = e.stress_strain_66(3, 3);
    EXPECT_NEAR(e.bulk.voigt, (c11 + 2.0 * c12) / 3.0, 1.0e-10 * scale);
    EXPECT_NEAR(e.bulk.reuss, (c11 + 2.0 * c12) / 3.0, 1.0e-10 * scale);
    EXPECT_NEAR(e.shear.voigt, (c11 - c12 + 3.0 * c44) / 5.0, 1.0e-10 * scale);
    EXPECT_NEAR(e.shear.reuss, 5.0 * (c11 - c12) * c44 / (4.0 * c44 + 3.0 * (c11 - c12)),
                1.0e-10 * scale);
    EXPECT_EQ(e.shear.hill, 0.5 * (e.shear.voigt + e.shear.reuss));
  }
}

/// A tensor of fourth rank in dimension 2 after a rotation, Voigt xx yy xy. `shear_factor` is 1 for
/// constants, 2 for compliances, in which a shear counts twice.
Eigen::Matrix3d rotated(const Eigen::Matrix3d &m_33, double angle, double shear_factor)
{
  Eigen::Matrix2d r;
  r << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  const int pair[3][2] = {{0, 0}, {1, 1}, {0, 1}};
  const auto voigt = [](int i, int j) { return i == j ? i : 2; };
  const auto factor = [&](int v) { return v == 2 ? shear_factor : 1.0; };
  Eigen::Matrix3d result = Eigen::Matrix3d::Zero();
  for (int v = 0; v < 3; ++v)
    for (int w = 0; w < 3; ++w)
      for (int n = 0; n < 16; ++n) {
        const int a = n & 1, b = n >> 1 & 1, c = n >> 2 & 1, d = n >> 3 & 1;
        const int ab = voigt(a, b), cd = voigt(c, d);
        result(v, w) += r(pair[v][0], a) * r(pair[v][1], b) * r(pair[w][0], c) * r(pair[w][1], d) *
                        m_33(ab, cd) / (factor(ab) * factor(cd)) * factor(v) * factor(w);
      }
  return result;
}

TEST(Averages, InThePlaneAreThoseOverAllAngles)
{
  const Eigen::MatrixXd root = random_matrix(3, 3, 5);
  const Eigen::Matrix3d constants = root * root.transpose() + Eigen::Matrix3d::Identity();
  Matrix6 constants_66 = Matrix6::Zero();
  const std::array kept{0, 1, 5};
  for (int v = 0; v < 3; ++v)
    for (int w = 0; w < 3; ++w)
      constants_66(kept[v], kept[w]) = constants(v, w);
  Eigen::Matrix3d mean_c = Eigen::Matrix3d::Zero(), mean_s = mean_c;
  const int n = 12;    // exact for what has no more than four-fold angles
  for (int k = 0; k < n; ++k) {
    const double angle = 2.0 * 3.14159265358979323846 * k / n;
    mean_c += rotated(constants, angle, 1.0) / n;
    mean_s += rotated(constants.inverse(), angle, 2.0) / n;
  }
  Average bulk, shear;
  average_moduli(constants_66, 2, bulk, shear);
  EXPECT_NEAR(bulk.voigt, 0.5 * (mean_c(0, 0) + mean_c(0, 1)), 1.0e-12);
  EXPECT_NEAR(shear.voigt, mean_c(2, 2), 1.0e-12);
  EXPECT_NEAR(bulk.reuss, 0.5 / (mean_s(0, 0) + mean_s(0, 1)), 1.0e-12);
  EXPECT_NEAR(shear.reuss, 1.0 / mean_s(2, 2), 1.0e-12);
}

TEST(Averages, ReussOfAnUnstableMatrixIsNotANumber)
{
  Matrix6 constants = Matrix6::Identity();
  constants(4, 4) = -0.1;
  Average bulk, shear;
  average_moduli(constants, 3, bulk, shear);
  EXPECT_NEAR(bulk.voigt, 1.0 / 3.0, 1.0e-15);
  EXPECT_NEAR(shear.voigt, (3.0 + 3.0 * 1.9) / 15.0, 1.0e-15);
  for (const double value : {bulk.reuss, bulk.hill, shear.reuss, shear.hill})
    EXPECT_TRUE(std::isnan(value));
}

TEST(DistributedElasticConstants, DoNotDependOnRanksOrMethod)
{
  const Communicator world(MPI_COMM_WORLD);
  for (const auto &make : {&smooth_lennard_jones, &embedded_atom}) {
    const TestPotential potential = make();
    const Cell cell = alloy(potential, 3, 1.55, 2);
    const ElasticConstants expected = relaxed_constants(cell, potential, alone());
    for (const SolveMethod method :
         {SolveMethod::automatic, SolveMethod::direct, SolveMethod::conjugate_gradients}) {
      const ElasticConstants constants = relaxed_constants(cell, potential, world, 3, method);
      EXPECT_LE(largest(constants.stress_strain_66 - expected.stress_strain_66),
                1.0e-10 * largest(expected.stress_strain_66));
      // Reuss averages need not exist in so small a cell, which may be unstable under strain.
      EXPECT_NEAR(constants.bulk.voigt, expected.bulk.voigt, 1.0e-10 * expected.bulk.voigt);
      EXPECT_NEAR(constants.shear.voigt, expected.shear.voigt, 1.0e-10 * expected.bulk.voigt);
      EXPECT_NEAR(constants.simple_shear, expected.simple_shear, 1.0e-10 * expected.bulk.voigt);
    }
  }
}

}    // namespace
