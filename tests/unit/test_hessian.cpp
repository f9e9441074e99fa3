// Part of lammps-glass, GPL-2.0.

// One finite-difference oracle for every potential and every quantity assembled from it: energies
// are written down independently of the rules, forces are held against their differences, and the
// Hessian, affine forces and Born term against differences of the forces.

#include "cell.h"

#include <gtest/gtest.h>

using namespace glass;
using namespace glass_test;

namespace {

constexpr double step = 1.0e-5;

struct Case {
  std::string name;
  TestPotential (*potential)();
  int side;
  double spacing, tilt;
};

void PrintTo(const Case &c, std::ostream *out)
{
  *out << c.name;
}

/// The first of a series of rattled cells in which no pair is within two steps of a cutoff or of a
/// knot, where finite differences mean nothing.
Cell cell_of(const Case &c, const TestPotential &potential)
{
  for (unsigned seed = 1; seed < 200; ++seed) {
    Cell cell = rattled_cell(c.side, c.spacing, 0.12 * c.spacing, c.tilt, seed);
    if (potential.distance_to_break(cell) > 2.0 * step) return cell;
  }
  throw std::logic_error("no cell clear of breaks");
}

Eigen::MatrixXd dense(const BlockMatrix &matrix)
{
  return gather_dense(matrix, std::vector<double>(matrix.layout.size(), 1.0), 3,
                      Communicator(MPI_COMM_SELF));
}

Eigen::VectorXd flat(const std::vector<Eigen::Vector3d> &v_i3)
{
  Eigen::VectorXd v(3 * v_i3.size());
  for (std::size_t i = 0; i < v_i3.size(); ++i)
    v.segment<3>(3 * i) = v_i3[i];
  return v;
}

/// Column 3j + beta is -df/dx_j,beta by central differences.
Eigen::MatrixXd difference_hessian(const Cell &cell, const TestPotential &potential)
{
  Eigen::MatrixXd hessian(3 * cell.size(), 3 * cell.size());
  for (std::size_t j = 0; j < cell.size(); ++j)
    for (int beta = 0; beta < 3; ++beta) {
      Cell forward = cell, backward = cell;
      forward.x_i3[j][beta] += step;
      backward.x_i3[j][beta] -= step;
      hessian.col(3 * j + beta) =
          (flat(forces_of(backward, potential)) - flat(forces_of(forward, potential))) /
          (2.0 * step);
    }
  return hessian;
}

class Assembly : public testing::TestWithParam<Case> {
 protected:
  Assembly() :
      potential(GetParam().potential()), cell(cell_of(GetParam(), potential)),
      environment(environment_of(cell, potential.cutoff)),
      expansion(expand_sites(environment, *potential.rule)), communicator(MPI_COMM_SELF)
  {
  }

  TestPotential potential;
  Cell cell;
  Environment environment;
  SiteExpansion expansion;
  Communicator communicator;
};

TEST_P(Assembly, ForcesAreMinusTheGradientOfTheEnergy)
{
  const auto f_i3 = forces(expansion, communicator);
  double largest = 0.0;
  for (const auto &f : f_i3)
    largest = std::max(largest, f.norm());
  ASSERT_GT(largest, 1.0) << "the cell is to be far from mechanical equilibrium";
  for (std::size_t i = 0; i < cell.size(); i += 7)
    for (int alpha = 0; alpha < 3; ++alpha) {
      Cell forward = cell, backward = cell;
      forward.x_i3[i][alpha] += step;
      backward.x_i3[i][alpha] -= step;
      const double expected =
          -(potential.energy(forward) - potential.energy(backward)) / (2.0 * step);
      EXPECT_NEAR(f_i3[i][alpha], expected, 1.0e-7 * largest);
    }
}

TEST_P(Assembly, HessianIsMinusTheDerivativeOfTheForces)
{
  const Eigen::MatrixXd hessian = dense(assemble_hessian(expansion, communicator));
  const Eigen::MatrixXd expected = difference_hessian(cell, potential);
  const double largest = expected.cwiseAbs().maxCoeff();
  EXPECT_LE((hessian - expected).cwiseAbs().maxCoeff(), 1.0e-7 * largest);
}

TEST_P(Assembly, HessianIsSymmetricAndItsRowsSumToZero)
{
  const Eigen::MatrixXd hessian = dense(assemble_hessian(expansion, communicator));
  const double largest = hessian.cwiseAbs().maxCoeff();
  EXPECT_LE((hessian - hessian.transpose()).cwiseAbs().maxCoeff(), 1.0e-12 * largest);
  for (int beta = 0; beta < 3; ++beta) {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(hessian.rows());
    for (std::size_t j = 0; j < cell.size(); ++j)
      sum += hessian.col(3 * j + beta);
    EXPECT_LE(sum.cwiseAbs().maxCoeff(), 1.0e-12 * largest);
  }
}

TEST_P(Assembly, ColumnsAscendFromTheDiagonal)
{
  const BlockMatrix matrix = assemble_hessian(expansion, communicator);
  ASSERT_EQ(matrix.n_rows(), cell.size());
  for (std::size_t r = 0; r < matrix.n_rows(); ++r) {
    EXPECT_EQ(matrix.column_k[matrix.first_r[r]], static_cast<int>(r));
    for (std::size_t k = matrix.first_r[r] + 1; k < matrix.first_r[r + 1]; ++k)
      EXPECT_LT(matrix.column_k[k - 1], matrix.column_k[k]);
  }
}

TEST_P(Assembly, AffineForcesAreTheDerivativeOfTheForcesByStrain)
{
  const auto xi_i63 = affine_forces(expansion, communicator);
  for (int c = 0; c < 6; ++c) {
    const Eigen::VectorXd expected =
        (flat(forces_of(strained(cell, strain_components[c], step), potential)) -
         flat(forces_of(strained(cell, strain_components[c], -step), potential))) /
        (2.0 * step);
    const double largest = expected.cwiseAbs().maxCoeff();
    for (std::size_t i = 0; i < cell.size(); ++i)
      for (int alpha = 0; alpha < 3; ++alpha)
        EXPECT_NEAR(xi_i63[i][c][alpha], expected[3 * i + alpha], 1.0e-7 * largest) << c;
  }
}

TEST_P(Assembly, BornTermIsTheSecondDerivativeOfTheEnergyByStrain)
{
  const auto stress = [&](const Cell &strained_cell) {
    const Environment around = environment_of(strained_cell, potential.cutoff);
    return affine_energy(expand_sites(around, *potential.rule), communicator).stress_times_volume;
  };
  const AffineEnergy response = affine_energy(expansion, communicator);
  const double energy_step = 1.0e-4;    // the error of an energy difference is least here
  for (int c = 0; c < 6; ++c) {
    const auto [kappa, chi] = strain_components[c];
    // Where the energy steps at the cutoff, this larger step would meet it: cell_of keeps pairs
    // away by two small steps only.
    if (!potential.energy_steps) {
      const double expected =
          (potential.energy(strained(cell, strain_components[c], energy_step)) -
           potential.energy(strained(cell, strain_components[c], -energy_step))) /
          (2.0 * energy_step);
      EXPECT_NEAR(response.stress_times_volume(kappa, chi), expected,
                  1.0e-6 * response.born_66.cwiseAbs().maxCoeff());
    }
    // d2U/d epsilon_c d epsilon_d at fixed fractional coordinates. Strains do not commute, so the
    // derivative of V sigma_kappa,chi(epsilon_d) carries a term that deforming on top of a
    // deformation adds; written out, U(1 + epsilon_c + epsilon_d) and U((1 + epsilon_c)(1 +
    // epsilon_d)) differ by V sigma : (epsilon_c epsilon_d).
    for (int d = 0; d < 6; ++d) {
      const Eigen::Matrix3d difference = (stress(strained(cell, strain_components[d], step)) -
                                          stress(strained(cell, strain_components[d], -step))) /
                                         (2.0 * step);
      const auto [mu, nu] = strain_components[d];
      const double product = chi == mu ? response.stress_times_volume(kappa, nu) : 0.0;
      EXPECT_NEAR(response.born_66(c, d), difference(kappa, chi) - product,
                  1.0e-7 * response.born_66.cwiseAbs().maxCoeff())
          << c << " " << d;
    }
  }
}

TEST_P(Assembly, FixedAtomsLeaveTheSubBlock)
{
  std::vector<bool> fixed_i(cell.size());
  for (std::size_t i = 0; i < cell.size(); ++i)
    fixed_i[i] = i % 2 == 1;
  const Environment half = environment_of(cell, potential.cutoff, 0, 1, fixed_i);
  const SiteExpansion half_expansion = expand_sites(half, *potential.rule);
  const Eigen::MatrixXd block = dense(assemble_hessian(half_expansion, communicator));
  const Eigen::MatrixXd whole = dense(assemble_hessian(expansion, communicator));
  const auto whole_xi = affine_forces(expansion, communicator);
  const auto half_xi = affine_forces(half_expansion, communicator);
  const std::vector<std::size_t> atoms = atom_of_row(cell, 1, fixed_i);
  ASSERT_EQ(block.rows(), static_cast<Eigen::Index>(3 * atoms.size()));
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    EXPECT_EQ(half_xi[i][3], whole_xi[atoms[i]][3]);
    for (std::size_t j = 0; j < atoms.size(); ++j)
      EXPECT_TRUE((block.block<3, 3>(3 * i, 3 * j))
                      .isApprox(whole.block<3, 3>(3 * atoms[i], 3 * atoms[j]), 1.0e-12));
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, Assembly,
                         testing::Values(Case{"pair_orthogonal", &lennard_jones, 5, 1.07, 0.0},
                                         Case{"pair_triclinic", &lennard_jones, 5, 1.07, 0.23},
                                         // Edges of 4.28 and 4.2: below two cutoffs, so that an
                                         // atom has several images in reach.
                                         Case{"pair_small", &lennard_jones, 4, 1.07, 0.0},
                                         Case{"eam_orthogonal", &embedded_atom, 5, 1.05, 0.0},
                                         Case{"eam_triclinic", &embedded_atom, 5, 1.05, 0.23},
                                         Case{"eam_small", &embedded_atom, 4, 1.05, 0.15},
                                         Case{"sw_orthogonal", &stillinger_weber, 4, 1.0, 0.0},
                                         Case{"sw_triclinic", &stillinger_weber, 4, 1.0, 0.23},
                                         // Two atoms an edge: several images of a neighbour, and
                                         // in the dense cells of the atom itself.
                                         Case{"sw_small", &stillinger_weber, 2, 1.0, 0.15},
                                         Case{"sw_dense", &stillinger_weber, 2, 0.65, 0.15},
                                         Case{"tersoff_orthogonal", &tersoff, 4, 1.0, 0.0},
                                         Case{"tersoff_triclinic", &tersoff, 4, 1.0, 0.23},
                                         Case{"tersoff_small", &tersoff, 2, 1.0, 0.15},
                                         Case{"tersoff_dense", &tersoff, 2, 0.65, 0.15},
                                         Case{"mod_orthogonal", &tersoff_mod, 4, 1.0, 0.0},
                                         Case{"mod_triclinic", &tersoff_mod, 4, 1.0, 0.23},
                                         Case{"mod_dense", &tersoff_mod, 2, 0.65, 0.15},
                                         Case{"zbl_orthogonal", &tersoff_zbl, 4, 1.0, 0.0},
                                         Case{"zbl_triclinic", &tersoff_zbl, 4, 1.0, 0.23},
                                         Case{"zbl_dense", &tersoff_zbl, 2, 0.65, 0.15}),
                         [](const testing::TestParamInfo<Case> &info) { return info.param.name; });

/// Runs on any number of ranks; each compares its rows with those that it assembles alone.
class Distributed : public testing::TestWithParam<TestPotential (*)()> {};

TEST_P(Distributed, RowsEqualThoseOfOneRank)
{
  const Communicator world(MPI_COMM_WORLD), alone(MPI_COMM_SELF);
  const TestPotential potential = GetParam()();
  const Cell cell = rattled_cell(4, 1.06, 0.12, 0.1, 3);
  std::vector<bool> fixed_i(cell.size(), false);
  for (std::size_t i = 0; i < cell.size(); i += 5)
    fixed_i[i] = true;

  const Environment whole = environment_of(cell, potential.cutoff, 0, 1, fixed_i);
  const SiteExpansion whole_expansion = expand_sites(whole, *potential.rule);
  const Eigen::MatrixXd expected = dense(assemble_hessian(whole_expansion, alone));
  const AffineEnergy expected_energy = affine_energy(whole_expansion, alone);
  const auto expected_xi = affine_forces(whole_expansion, alone);
  const auto expected_force = forces(whole_expansion, alone);
  const std::vector<std::size_t> atom_of_whole_row = atom_of_row(cell, 1, fixed_i);
  std::vector<std::size_t> whole_row_of_atom(cell.size());
  for (std::size_t row = 0; row < atom_of_whole_row.size(); ++row)
    whole_row_of_atom[atom_of_whole_row[row]] = row;

  const Environment part =
      environment_of(cell, potential.cutoff, world.rank(), world.size(), fixed_i);
  const SiteExpansion expansion = expand_sites(part, *potential.rule);
  const BlockMatrix matrix = assemble_hessian(expansion, world);
  const AffineEnergy energy = affine_energy(expansion, world);
  const auto xi = affine_forces(expansion, world);
  const auto force = forces(expansion, world);
  const std::vector<std::size_t> atoms = atom_of_row(cell, world.size(), fixed_i);

  const double largest = expected.cwiseAbs().maxCoeff();
  const Row first = matrix.layout.first(world.rank());
  ASSERT_EQ(static_cast<Row>(matrix.n_rows()), matrix.layout.count(world.rank()));
  for (std::size_t r = 0; r < matrix.n_rows(); ++r) {
    const std::size_t i = whole_row_of_atom[atoms[first + static_cast<Row>(r)]];
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k) {
      const std::size_t j = whole_row_of_atom[atoms[matrix.column_k[k]]];
      const Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>> block(
          &matrix.value_k9[9 * k]);
      EXPECT_LE((block - expected.block<3, 3>(3 * i, 3 * j)).cwiseAbs().maxCoeff(),
                1.0e-12 * largest);
    }
    EXPECT_LE((force[r] - expected_force[i]).norm(), 1.0e-12 * largest);
    for (int c = 0; c < 6; ++c)
      EXPECT_LE((xi[r][c] - expected_xi[i][c]).norm(), 1.0e-11 * largest);
  }
  EXPECT_TRUE(energy.born_66.isApprox(expected_energy.born_66, 1.0e-12));
  EXPECT_TRUE(energy.stress_times_volume.isApprox(expected_energy.stress_times_volume, 1.0e-12));

  // The dense matrix on the root is the same up to the order of rows.
  const std::vector<double> ones(atoms.size(), 1.0);
  const Eigen::MatrixXd gathered = gather_dense(matrix, ones, 3, world);
  ASSERT_EQ(gathered.rows(), world.root() ? expected.rows() : 0);
  for (std::size_t i = 0; i < atoms.size() && world.root(); ++i)
    for (std::size_t j = 0; j < atoms.size(); ++j)
      EXPECT_LE(
          (gathered.block<3, 3>(3 * i, 3 * j) -
           expected.block<3, 3>(3 * whole_row_of_atom[atoms[i]], 3 * whole_row_of_atom[atoms[j]]))
              .cwiseAbs()
              .maxCoeff(),
          1.0e-12 * largest);
}

INSTANTIATE_TEST_SUITE_P(Potentials, Distributed,
                         testing::Values(&lennard_jones, &embedded_atom, &stillinger_weber,
                                         &tersoff, &tersoff_mod, &tersoff_zbl));

}    // namespace
