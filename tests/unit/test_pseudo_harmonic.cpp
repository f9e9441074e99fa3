// Part of lammps-glass, GPL-2.0.

// Pseudo-harmonic modes and the lowest normal modes against dense matrices.

#include "observable/dipole_stiffness.h"
#include "observable/pseudo_harmonic.h"
#include "ranks.h"
#include "relaxed.h"
#include "spectrum/dense_eigen.h"
#include "spectrum/lowest_modes.h"
#include "spectrum/planar.h"

#include <gtest/gtest.h>

#include <limits>

using namespace glass;
using namespace glass_test;

namespace {

NeighbourRows neighbours_of(const Environment &around)
{
  NeighbourRows neighbours;
  for (std::size_t s = 0; s < around.n_sites; ++s) {
    for (std::size_t b = around.first_bond_s[s]; b < around.first_bond_s[s + 1]; ++b)
      neighbours.row_b.push_back(around.row_a[around.atom_b[b]]);
    neighbours.first_r.push_back(neighbours.row_b.size());
  }
  return neighbours;
}

/// b(z) by brute force over the bonds of a cell on one rank.
double quartic(const RankPart &whole, const Eigen::VectorXd &z)
{
  const Environment &around = whole.environment;
  double sum = 0.0;
  for (std::size_t s = 0; s < around.n_sites; ++s)
    for (std::size_t b = around.first_bond_s[s]; b < around.first_bond_s[s + 1]; ++b) {
      const Row i = around.row_a[s], j = around.row_a[around.atom_b[b]];
      const double square = (z.segment<3>(3 * j) - z.segment<3>(3 * i)).squaredNorm();
      sum += 0.5 * square * square;
    }
  return sum;
}

const TestPotential &potential()
{
  static const TestPotential smooth = smooth_lennard_jones();
  return smooth;
}

const Cell &cell()
{
  static const Cell made = alloy(potential(), 2, 1.55, 2);
  return made;
}

/// The dipole on the first bond of an atom, rows of `part`.
BlockVector response(const RankPart &part, LinearSolver &solver, int n)
{
  const RankPart whole(cell(), potential(), alone());
  Eigen::MatrixXd dipole = Eigen::MatrixXd::Zero(3 * static_cast<Eigen::Index>(cell().size()), n);
  for (int c = 0; c < n; ++c) {
    const std::size_t s = 3 * static_cast<std::size_t>(c), b = whole.environment.first_bond_s[s];
    const auto i = static_cast<Eigen::Index>(whole.environment.row_a[s]),
               j = static_cast<Eigen::Index>(whole.environment.row_a[whole.environment.atom_b[b]]);
    const Eigen::Vector3d d = std::sqrt(0.5) * whole.environment.r_b3[b].normalized();
    dipole.col(c).segment<3>(3 * i) -= d;
    dipole.col(c).segment<3>(3 * j) += d;
  }
  return solver.solve(part.rows_of(dipole)).x;
}

TEST(DistributedQuarticForm, HasTheGradientThatDifferencesGive)
{
  const RankPart whole(cell(), potential(), alone());
  const RankPart part(cell(), potential(), world());
  const NeighbourRows neighbours = neighbours_of(part.environment);
  QuarticForm form(neighbours, part.hessian.layout, world());
  const Eigen::MatrixXd z = random_matrix(3 * static_cast<Eigen::Index>(cell().size()), 3, 5);
  BlockVector gradient;
  const Eigen::VectorXd value_c = form.evaluate(part.rows_of(z), gradient);
  for (Eigen::Index c = 0; c < 3; ++c) {
    EXPECT_NEAR(value_c[c], quartic(whole, z.col(c)), 1.0e-12 * value_c[c]);
    // A polynomial of fourth degree: the five-point difference is exact.
    const Eigen::VectorXd along = random_matrix(z.rows(), 1, 11 + static_cast<unsigned>(c));
    const auto at = [&](double h) { return quartic(whole, z.col(c) + h * along); };
    const double slope = (8.0 * (at(0.5) - at(-0.5)) - (at(1.0) - at(-1.0))) / 6.0;
    const Eigen::VectorXd own_along = part.rows_of(along);
    EXPECT_NEAR(world().sum(gradient.col(c).dot(own_along)), slope, 1.0e-10 * std::abs(slope));
  }
}

TEST(DistributedPseudoHarmonicModes, AreMinimaOfTheirCost)
{
  const RankPart part(cell(), potential(), world());
  const NeighbourRows neighbours = neighbours_of(part.environment);
  std::vector<double> stiffness_by_method;
  for (const SolveMethod method : {SolveMethod::direct, SolveMethod::conjugate_gradients}) {
    SolveOptions solve;
    solve.method = method;
    LinearSolver solver(part.hessian, solve, world());
    BlockOperator hessian(part.hessian, world());
    QuarticForm form(neighbours, part.hessian.layout, world());
    const BlockVector start = response(part, solver, 4);
    const auto cost = [&](const BlockVector &z) {
      BlockVector unused;
      const double a = world().sum(z.col(0).dot((hessian * z).col(0)));
      return a * a / form.evaluate(z, unused)[0];
    };

    PseudoHarmonicOptions options;
    options.gradient_tolerance = 1.0e-10;
    const auto modes = pseudo_harmonic_modes(solver, hessian, form, start, options, world());
    ASSERT_EQ(modes.size(), 4u);
    for (std::size_t c = 0; c < modes.size(); ++c) {
      const PseudoHarmonicMode &mode = modes[c];
      EXPECT_LE(mode.gradient, 1.0e-10);
      EXPECT_GT(mode.steps, 1);
      EXPECT_NEAR(world().sum(mode.field.squaredNorm()), 1.0, 1.0e-12);
      EXPECT_LT(mode.stiffness, mode.start_stiffness);
      const BlockVector at_start = start.col(static_cast<Eigen::Index>(c));
      const BlockVector field = mode.field;
      EXPECT_LT(mode.cost, cost(at_start));
      EXPECT_NEAR(mode.cost, cost(field), 1.0e-11 * mode.cost);
      // A minimum: whichever way, the cost rises, and with the square of the step; also where
      // rising takes little energy, along responses to dipoles.
      const BlockVector away = part.rows_of(random_matrix(3 * cell().size(), 1, 21));
      const double rise = cost(field + 1.0e-3 * away) - mode.cost,
                   other = cost(field - 1.0e-3 * away) - mode.cost;
      EXPECT_GT(rise, 0.0);
      EXPECT_NEAR(rise, other, 0.2 * rise);
      for (Eigen::Index k = 0; k < start.cols(); ++k) {
        const double length = std::sqrt(world().sum(start.col(k).squaredNorm()));
        for (const double step : {-0.01, 0.01})
          EXPECT_GT(cost(field + step / length * start.col(k)), mode.cost);
      }
    }
    stiffness_by_method.push_back(modes[0].stiffness);

    // One step less cost than none, and less with every further one.
    double before = std::numeric_limits<double>::infinity();
    for (int steps = 0; steps < 6; ++steps) {
      options.most_steps = steps;
      const auto cut_short = pseudo_harmonic_modes(solver, hessian, form, start, options, world());
      EXPECT_EQ(cut_short[0].steps, steps);
      EXPECT_LT(cut_short[0].cost, before);
      before = cut_short[0].cost;
    }
  }
  EXPECT_NEAR(stiffness_by_method[0], stiffness_by_method[1], 1.0e-9 * stiffness_by_method[0]);
}

TEST(DistributedPseudoHarmonicModes, CountOnceWhatOverlaps)
{
  const Eigen::Index n = 2 + world().rank();
  const auto mode = [&](double along, double across, double stiffness, double cost) {
    PseudoHarmonicMode made;
    made.field = Eigen::VectorXd::Zero(3 * n);
    made.stiffness = stiffness;
    made.cost = cost;
    if (world().root()) made.field.head<2>() = Eigen::Vector2d(along, across).normalized();
    return made;
  };
  const auto distinct = distinct_modes({mode(1, 0, 3.0, 5.0), mode(0, 1, 2.0, 9.0),
                                        mode(-1, 0.1, 2.5, 4.0), mode(0.05, -1, 2.1, 8.0)},
                                       world());
  ASSERT_EQ(distinct.size(), 2u);
  EXPECT_EQ(distinct[0].stiffness, 2.1);
  EXPECT_EQ(distinct[1].stiffness, 2.5);
  EXPECT_EQ(distinct[0].n_starts + distinct[1].n_starts, 4);
  EXPECT_TRUE(distinct_modes({}, world()).empty());

  // Participation: one atom of all, and all alike; signs.
  Eigen::VectorXd field = Eigen::VectorXd::Zero(3 * n);
  if (world().root()) field[1] = -2.0;
  const double n_atoms = world().sum(static_cast<double>(n));
  EXPECT_NEAR(participation_ratio_of(field, n_atoms, world()), 1.0 / n_atoms, 1.0e-14);
  fix_sign(field, world());
  EXPECT_EQ(world().sum(field.sum()), 2.0);
  field.setConstant(0.3);
  EXPECT_NEAR(participation_ratio_of(field, n_atoms, world()), 1.0, 1.0e-14);
}

TEST(DistributedLowestModes, AreThoseOfTheDenseMatrix)
{
  for (const int dimension : {3, 2}) {
    const Cell here = dimension == 3 ? cell() : planar_alloy(potential(), 8, 1.08, 1);
    RankPart part(here, potential(), world()), whole(here, potential(), alone());
    if (dimension == 2) make_planar(part.hessian);
    Eigen::MatrixXd matrix =
        gather_dense(whole.hessian, std::vector<double>(here.size(), 1.0), dimension, alone());
    const auto plan = plan_dense(matrix.rows(), {}, std::numeric_limits<std::size_t>::max());
    const EigenPairs expected = solve_dense(std::move(matrix), {}, plan);
    for (const SolveMethod method : {SolveMethod::direct, SolveMethod::conjugate_gradients}) {
      SolveOptions options;
      options.method = method;
      options.dimension = dimension;
      options.tolerance = 1.0e-12;
      LinearSolver solver(part.hessian, options, world());
      const PartialEigenPairs lowest = lowest_modes(solver, part.hessian, dimension, 5, world());
      EXPECT_LE(lowest.largest_residual, 1.0e-7);
      for (int p = 0; p < 5; ++p) {
        EXPECT_NEAR(lowest.value_p[p], expected.value_p[dimension + p],
                    1.0e-9 * expected.value_p[dimension + p]);
        EXPECT_NEAR(world().sum(lowest.vector_np.col(p).squaredNorm()), 1.0, 1.0e-10);
      }
      const int degrees = dimension * static_cast<int>(here.size() - 1);
      for (const int n : {0, degrees})
        EXPECT_THROW(lowest_modes(solver, part.hessian, dimension, n, world()),
                     std::invalid_argument);
    }
  }
}

}    // namespace
