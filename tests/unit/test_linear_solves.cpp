// Part of lammps-glass, GPL-2.0.

// Products and linear solves against dense matrices. Everything named Distributed runs on any
// number of ranks; each compares its rows with those of a dense matrix that it has assembled alone.

#include "observable/elastic_constants.h"
#include "ranks.h"
#include "relaxed.h"
#include "spectrum/dense_eigen.h"
#include "spectrum/linear_solver.h"
#include "spectrum/nested_dissection.h"
#include "spectrum/no_minimum.h"
#include "spectrum/planar.h"

#include <Eigen/Cholesky>
#include <gtest/gtest.h>

#include <array>
#include <map>

using namespace glass;
using namespace glass_test;

namespace {

Eigen::MatrixXd dense(const BlockMatrix &matrix)
{
  return gather_dense(matrix, std::vector<double>(matrix.layout.size(), 1.0), 3, alone());
}

/// The Hessian of all atoms, in their order.
Eigen::MatrixXd dense_hessian(const Cell &cell, const TestPotential &potential)
{
  return dense(RankPart(cell, potential, alone()).hessian);
}

double error(const Eigen::MatrixXd &value, const Eigen::MatrixXd &expected)
{
  return (value - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff();
}

/// A cubic lattice of springs between neighbours, periodic, in rows of one rank.
BlockMatrix spring_lattice(int side)
{
  const int n = side * side * side;
  const auto number = [&](int a, int b, int c) {
    return ((a + side) % side * side + (b + side) % side) * side + (c + side) % side;
  };
  std::vector<std::map<int, Eigen::Matrix3d>> row_i(n);
  for (int a = 0; a < side; ++a)
    for (int b = 0; b < side; ++b)
      for (int c = 0; c < side; ++c)
        for (const auto &[da, db, dc] :
             {std::array{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {0, 1, 1}, {1, 0, 1}}) {
          const int i = number(a, b, c), j = number(a + da, b + db, c + dc);
          const Eigen::Vector3d d = Eigen::Vector3d(da, db, dc).normalized();
          const Eigen::Matrix3d k = (1.0 + 0.5 * std::sin(i)) * d * d.transpose();
          row_i[i].try_emplace(i, Eigen::Matrix3d::Zero()).first->second += k;
          row_i[j].try_emplace(j, Eigen::Matrix3d::Zero()).first->second += k;
          row_i[std::min(i, j)]
              .try_emplace(std::max(i, j), Eigen::Matrix3d::Zero())
              .first->second -= k;
        }
  BlockMatrix matrix;
  matrix.layout.first_p = {0, n};
  for (const auto &row : row_i) {
    for (const auto &[j, block] : row) {
      matrix.column_k.push_back(j);
      matrix.value_k9.insert(matrix.value_k9.end(), block.data(), block.data() + 9);
    }
    matrix.first_r.push_back(matrix.n_blocks());
  }
  return matrix;
}

/// Adds to every diagonal entry.
void shift(BlockMatrix &matrix, double by)
{
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (const int m : {0, 4, 8})
      matrix.value_k9[9 * matrix.first_r[r] + m] += by;
}

SolveOptions with(SolveMethod method, double tolerance = 1.0e-12)
{
  SolveOptions options;
  options.method = method;
  options.tolerance = tolerance;
  return options;
}

constexpr std::array both_methods{SolveMethod::direct, SolveMethod::conjugate_gradients};

/* ---- the product --------------------------------------------------------- */

TEST(DistributedOperator, EqualsTheDenseProduct)
{
  for (const auto &make : {&lennard_jones, &embedded_atom}) {
    const TestPotential potential = make();
    const Cell cell = rattled_cell(4, 1.06, 0.12, 0.1, 3);
    const Eigen::MatrixXd hessian = dense_hessian(cell, potential);
    const RankPart part(cell, potential, world());
    BlockOperator product(part.hessian, world());
    ASSERT_EQ(product.size(), 3 * part.atom_r.size());
    for (int s = 1; s <= 19; s += s < 11 ? 1 : 4) {
      const Eigen::MatrixXd x = random_matrix(hessian.rows(), s, s);
      const BlockVector y = product * BlockVector(part.rows_of(x));
      EXPECT_LE((Eigen::MatrixXd(y) - part.rows_of(hessian * x)).cwiseAbs().maxCoeff(),
                1.0e-12 * hessian.cwiseAbs().maxCoeff() * 10.0)
          << potential.name << " s = " << s;
    }
  }
}

TEST(DistributedOperator, WorksWhereARankHasNoRows)
{
  // Few atoms: ranks beyond the first two have none.
  const TestPotential potential = smooth_lennard_jones();
  Cell cell = rattled_cell(4, 1.06, 0.1, 0.0, 1);
  std::vector<bool> fixed_i(cell.size(), true);
  fixed_i[0] = fixed_i[1] = false;
  const RankPart part(cell, potential, world(), fixed_i), whole(cell, potential, alone(), fixed_i);
  const Eigen::MatrixXd x = random_matrix(6, 5, 1), expected = dense(whole.hessian) * x;
  BlockOperator product(part.hessian, world());
  const Eigen::Index rows = 3 * static_cast<Eigen::Index>(part.atom_r.size());
  const Eigen::Index first = 3 * part.hessian.layout.first(world().rank());
  const BlockVector y = product * BlockVector(x.middleRows(first, rows));
  EXPECT_LE((Eigen::MatrixXd(y) - expected.middleRows(first, rows)).norm(), 1.0e-10);
}

/* ---- solutions ------------------------------------------------------------- */

TEST(DistributedSolves, EqualThePseudoInverse)
{
  for (const auto &make : {&smooth_lennard_jones, &embedded_atom}) {
    const TestPotential potential = make();
    const Cell cell = alloy(potential, 3, 1.55, 2);
    const Eigen::MatrixXd hessian = dense_hessian(cell, potential);
    const Eigen::MatrixXd inverse = pseudo_inverse(hessian);
    const RankPart part(cell, potential, world());

    // Affine forces, which sum to zero; ones that do not; dependent ones; nothing; translations.
    Eigen::MatrixXd b(hessian.rows(), 14);
    b << columns_of(affine_forces(RankPart(cell, potential, alone()).expansion, alone())),
        random_matrix(hessian.rows(), 8, 4);
    b.col(6) = b.col(0) - 2.0 * b.col(3);    // of those that are solved for together
    b.col(7) = 1.0e-9 * b.col(7) + b.col(2);
    b.col(8) = 1.0e6 * b.col(1);
    b.col(10).setZero();
    b.col(11) = Eigen::VectorXd::Ones(b.rows());
    b.col(12) = hessian * b.col(9);

    const Eigen::MatrixXd expected = inverse * b;

    for (const SolveMethod method : both_methods) {
      LinearSolver solver(part.hessian, with(method), world());
      const SolveResult result = solver.solve(BlockVector(part.rows_of(b)));
      ASSERT_EQ(result.report.residual_c.size(), 14u);
      EXPECT_TRUE(result.report.converged);
      EXPECT_EQ(result.report.method, method);
      for (int c = 0; c < 14; ++c) {
        EXPECT_LE(result.report.residual_c[c], 1.0e-12);
        const double scale = c == 10 || c == 11 ? 1.0 : expected.col(c).cwiseAbs().maxCoeff();
        EXPECT_LE((Eigen::VectorXd(result.x.col(c)) - part.rows_of(expected.col(c)))
                      .cwiseAbs()
                      .maxCoeff(),
                  1.0e-9 * scale)
            << potential.name << " column " << c << " method " << static_cast<int>(method);
      }
    }
  }
}

TEST(DistributedSolves, OfPartOfTheAtomsKnowNoTranslations)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = alloy(potential, 2, 1.55, 2);
  std::vector<bool> fixed_i(cell.size(), false);
  for (std::size_t i = 0; i < cell.size(); i += 3)
    fixed_i[i] = true;
  const RankPart part(cell, potential, world(), fixed_i), whole(cell, potential, alone(), fixed_i);
  const Eigen::MatrixXd hessian = dense(whole.hessian);
  const Eigen::MatrixXd b = random_matrix(3 * cell.size(), 3, 1);
  Eigen::MatrixXd expected(3 * cell.size(), 3);
  const Eigen::MatrixXd solution = hessian.ldlt().solve(whole.rows_of(b));
  for (std::size_t r = 0; r < whole.atom_r.size(); ++r)
    expected.middleRows<3>(3 * whole.atom_r[r]) = solution.middleRows<3>(3 * r);
  for (const SolveMethod method : both_methods) {
    SolveOptions options = with(method);
    options.translations = false;
    LinearSolver solver(part.hessian, options, world());
    const SolveResult result = solver.solve(BlockVector(part.rows_of(b)));
    EXPECT_TRUE(result.report.converged);
    EXPECT_LE(error(result.x, part.rows_of(expected)), 1.0e-9);
  }
}

TEST(DistributedSolves, InThePlane)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = planar_alloy(potential, 8, 1.08, 1);
  RankPart part(cell, potential, world());
  make_planar(part.hessian);
  RankPart whole(cell, potential, alone());
  make_planar(whole.hessian);
  const Eigen::MatrixXd hessian = dense(whole.hessian);
  EXPECT_EQ(hessian.diagonal()[2], 1.0);
  const Eigen::MatrixXd b = random_matrix(hessian.rows(), 4, 1);
  const Eigen::MatrixXd expected = pseudo_inverse(hessian) * b;
  for (const SolveMethod method : both_methods) {
    SolveOptions options = with(method);
    options.dimension = 2;
    LinearSolver solver(part.hessian, options, world());
    const SolveResult result = solver.solve(BlockVector(part.rows_of(b)));
    EXPECT_TRUE(result.report.converged);
    EXPECT_LE((Eigen::MatrixXd(result.x) - part.rows_of(expected)).cwiseAbs().maxCoeff(),
              1.0e-9 * expected.cwiseAbs().maxCoeff());
  }
}

TEST(DistributedSolves, RefuseWhatIsNoMinimum)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = alloy(potential, 2, 1.55, 2);
  const Eigen::MatrixXd b = random_matrix(3 * cell.size(), 6, 1);

  // One direction below zero, which no displacement of a single atom shows.
  RankPart part(cell, potential, world());
  const Eigen::MatrixXd hessian = dense_hessian(cell, potential);
  const auto plan = plan_dense(hessian.rows(), {}, std::numeric_limits<std::size_t>::max());
  const double lowest = solve_dense(Eigen::MatrixXd(hessian), {}, plan).value_p[3];
  ASSERT_GT(lowest, 0.01);
  shift(part.hessian, -1.1 * lowest);
  SolveOptions direct = with(SolveMethod::direct);
  SolveOptions iterative = with(SolveMethod::conjugate_gradients);
  direct.translations = iterative.translations = false;
  EXPECT_THROW(LinearSolver(part.hessian, direct, world()), NoMinimum);
  LinearSolver solver(part.hessian, iterative, world());
  EXPECT_THROW(solver.solve(BlockVector(part.rows_of(b))), NoMinimum);

  // Zero modes: translations, of which nothing was said.
  const RankPart unshifted(cell, potential, world());
  EXPECT_THROW(LinearSolver(unshifted.hessian, direct, world()), NoMinimum);

  // So far from a minimum that single atoms are unstable.
  const RankPart rattled(rattled_cell(4, 1.5, 0.3, 0.0, 1), potential, world());
  for (const SolveMethod method : both_methods)
    EXPECT_THROW(LinearSolver(rattled.hessian, with(method), world()), NoMinimum);
}

TEST(DistributedSolves, ReportAndChoose)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = alloy(potential, 3, 1.55, 2);
  const RankPart part(cell, potential, world());
  const BlockVector b = part.rows_of(random_matrix(3 * cell.size(), 6, 1));

  const SolveReport direct =
      LinearSolver(part.hessian, with(SolveMethod::direct), world()).solve(b).report;
  EXPECT_GT(direct.factor_bytes, 9 * sizeof(double) * cell.size());
  EXPECT_GT(direct.factor_flops, 0.0);
  const SolveReport iterative =
      LinearSolver(part.hessian, with(SolveMethod::conjugate_gradients), world()).solve(b).report;
  EXPECT_EQ(iterative.factor_bytes, 0u);
  EXPECT_GT(iterative.iterations, 10);

  SolveOptions options;
  options.n_columns = 1000000;
  EXPECT_EQ(LinearSolver(part.hessian, options, world()).method(), SolveMethod::direct);
  options.available_bytes = 1000;
  EXPECT_EQ(LinearSolver(part.hessian, options, world()).method(),
            SolveMethod::conjugate_gradients);
  options.method = SolveMethod::direct;
  EXPECT_THROW(LinearSolver(part.hessian, options, world()), std::runtime_error);

  options = with(SolveMethod::conjugate_gradients);
  options.max_iterations = 7;
  int calls = 0;
  options.progress = [&](int, double) { ++calls; };
  const SolveReport cut_short = LinearSolver(part.hessian, options, world()).solve(b).report;
  EXPECT_FALSE(cut_short.converged);
  EXPECT_EQ(cut_short.iterations, 7);
  EXPECT_EQ(calls, 0);
  EXPECT_GT(*std::max_element(cut_short.residual_c.begin(), cut_short.residual_c.end()), 1.0e-12);
  options.max_iterations = 60;
  LinearSolver(part.hessian, options, world()).solve(b);
  EXPECT_EQ(calls, 1);
}

/* ---- the factorisation ----------------------------------------------------- */

TEST(SparseCholesky, AgreesWithConjugateGradientsOnALatticeCutManyTimes)
{
  const BlockMatrix matrix = spring_lattice(10);
  const BlockVector b = random_matrix(3000, 3, 1);
  const SolveResult direct = LinearSolver(matrix, with(SolveMethod::direct), alone()).solve(b);
  const SolveResult iterative =
      LinearSolver(matrix, with(SolveMethod::conjugate_gradients), alone()).solve(b);
  EXPECT_TRUE(direct.report.converged);
  EXPECT_TRUE(iterative.report.converged);
  EXPECT_LE(error(direct.x, iterative.x), 1.0e-9);
}

TEST(SparseCholesky, PlansWhatItTakes)
{
  const BlockMatrix matrix = spring_lattice(10);
  SparseCholesky cholesky(matrix, 3, alone());
  EXPECT_EQ(cholesky.factor_bytes(), 0u);
  cholesky.factorise();
  const auto predicted = static_cast<double>(cholesky.plan().factor_bytes);
  const auto actual = static_cast<double>(cholesky.factor_bytes());
  EXPECT_NEAR(predicted / actual, 1.0, 0.3);
  EXPECT_GT(static_cast<double>(cholesky.plan().bytes), actual);
}

TEST(SparseCholesky, RefusesAPartThatFloats)
{
  // Two lattices without a bond between them have three more zero modes than one.
  const BlockMatrix one = spring_lattice(4);
  BlockMatrix two = one;
  for (std::size_t r = 0; r < one.n_rows(); ++r) {
    for (std::size_t k = one.first_r[r]; k < one.first_r[r + 1]; ++k)
      two.column_k.push_back(one.column_k[k] + 64);
    two.first_r.push_back(one.n_blocks() + one.first_r[r + 1]);
  }
  two.value_k9.insert(two.value_k9.end(), one.value_k9.begin(), one.value_k9.end());
  two.layout.first_p = {0, 128};
  EXPECT_THROW(LinearSolver(two, with(SolveMethod::direct), alone()), NoMinimum);
}

TEST(NestedDissection, SeparatesAndComesLater)
{
  const BlockMatrix matrix = spring_lattice(10);
  const std::vector<std::int64_t> first_j(matrix.first_r.begin(), matrix.first_r.end());
  const std::vector<std::int64_t> row_k(matrix.column_k.begin(), matrix.column_k.end());
  const std::vector<std::int64_t> label_v = nested_dissection(first_j, row_k);
  const std::int64_t n_labels = *std::max_element(label_v.begin(), label_v.end()) + 1;
  EXPECT_GT(n_labels, 8);
  std::vector<int> size_l(n_labels);
  for (const std::int64_t label : label_v)
    ++size_l[label];
  for (const int size : size_l)
    EXPECT_GT(size, 0);
  // Once the last separator is taken out, what is left falls apart.
  std::vector<int> reached_v(label_v.size(), 0);
  std::vector<std::size_t> stack;
  for (std::size_t v = 0; v < label_v.size() && stack.empty(); ++v)
    if (label_v[v] != n_labels - 1) stack.push_back(v);
  reached_v[stack.front()] = 1;
  std::size_t n_reached = 0;
  while (!stack.empty()) {
    const auto v = static_cast<std::int64_t>(stack.back());
    stack.pop_back();
    ++n_reached;
    for (std::size_t j = 0; j + 1 < first_j.size(); ++j)
      for (std::int64_t k = first_j[j]; k < first_j[j + 1]; ++k) {
        const auto u = static_cast<std::int64_t>(j) == v ? row_k[k]
                       : row_k[k] == v                   ? static_cast<std::int64_t>(j)
                                                         : v;
        if (reached_v[u] == 0 && label_v[u] != n_labels - 1) {
          reached_v[u] = 1;
          stack.push_back(static_cast<std::size_t>(u));
        }
      }
  }
  EXPECT_LT(n_reached, label_v.size() - size_l.back());
}

}    // namespace
