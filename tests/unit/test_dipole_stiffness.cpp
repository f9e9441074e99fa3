// Part of lammps-glass, GPL-2.0.

// Responses to force dipoles against dense pseudo-inverses. Everything named Distributed runs on
// any number of ranks; each compares its part with that of a matrix that it has assembled alone.

#include "hessian/rattlers.h"
#include "observable/dipole_stiffness.h"
#include "observable/pair_sample.h"
#include "observable/stiffness_statistics.h"
#include "ranks.h"
#include "relaxed.h"
#include "spectrum/dense_inverse.h"
#include "spectrum/no_minimum.h"
#include "spectrum/planar.h"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>

using namespace glass;
using namespace glass_test;

namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// A dipole on every bond of own sites to a higher row.
std::vector<Dipole> own_dipoles(const RankPart &part)
{
  const Environment &around = part.environment;
  std::vector<Dipole> dipoles;
  for (std::size_t s = 0; s < around.n_sites; ++s)
    for (std::size_t b = around.first_bond_s[s]; b < around.first_bond_s[s + 1]; ++b) {
      Dipole dipole;
      dipole.i = around.row_a[s];
      dipole.j = around.row_a[around.atom_b[b]];
      if (dipole.i == no_row || dipole.j == no_row || dipole.i >= dipole.j) continue;
      const Eigen::Vector3d n = around.r_b3[b].normalized();
      std::copy_n(n.data(), 3, dipole.n_3);
      dipoles.push_back(dipole);
    }
  return dipoles;
}

/// d in `dimension` components a row.
Eigen::VectorXd vector_of(const Dipole &dipole, Eigen::Index n_rows, int dimension)
{
  Eigen::VectorXd d = Eigen::VectorXd::Zero(dimension * n_rows);
  for (int alpha = 0; alpha < dimension; ++alpha) {
    d[dimension * dipole.j + alpha] += std::sqrt(0.5) * dipole.n_3[alpha];
    d[dimension * dipole.i + alpha] -= std::sqrt(0.5) * dipole.n_3[alpha];
  }
  return d;
}

/// The matrix of all ranks on each of them, in the numbering of its rows.
Eigen::MatrixXd whole_matrix(const BlockMatrix &matrix, int dimension)
{
  const Eigen::MatrixXd root =
      gather_dense(matrix, std::vector<double>(matrix.layout.size(), 1.0), dimension, world());
  const std::vector<double> all =
      world().gather_on_all(std::vector<double>(root.data(), root.data() + root.size()));
  const Eigen::Index n = dimension * matrix.layout.size();
  return Eigen::Map<const Eigen::MatrixXd>(all.data(), n, n);
}

void expect_responses(const std::vector<DipoleResponse> &response,
                      const std::vector<Dipole> &dipoles, const Eigen::MatrixXd &inverse,
                      int dimension, double tolerance)
{
  ASSERT_EQ(response.size(), dipoles.size());
  for (std::size_t k = 0; k < dipoles.size(); ++k) {
    const Eigen::VectorXd d = vector_of(dipoles[k], inverse.rows() / dimension, dimension);
    const Eigen::VectorXd z = inverse * d;
    EXPECT_NEAR(response[k].compliance, d.dot(z), tolerance * d.dot(z));
    EXPECT_NEAR(response[k].response_squared, z.squaredNorm(), tolerance * z.squaredNorm());
    EXPECT_NEAR(response[k].stiffness(), d.dot(z) / z.squaredNorm(), 2.0 * tolerance * 1.0e3);
  }
}

SolveOptions with(SolveMethod method)
{
  SolveOptions options;
  options.method = method;
  options.tolerance = 1.0e-11;
  return options;
}

constexpr std::array both_methods{SolveMethod::direct, SolveMethod::conjugate_gradients};

/* ---- engines --------------------------------------------------------------- */

TEST(DistributedDipoles, EveryEngineAgreesWithEigenvectors)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell cell = alloy(potential, 2, 1.55, 2);
  const RankPart part(cell, potential, world());
  const std::vector<Dipole> dipoles = own_dipoles(part);
  const Eigen::MatrixXd inverse = pseudo_inverse(whole_matrix(part.hessian, 3));

  DenseDipoleReport report;
  expect_responses(
      invert_for_dipoles(part.hessian, 3, true, 0.0, dipoles, no_limit, report, world()), dipoles,
      inverse, 3, 1.0e-10);
  EXPECT_EQ(report.n_zero_modes, 0);
  EXPECT_EQ(report.n_floppy, 0u);
  EXPECT_EQ(report.n_residuals, 64);
  EXPECT_LE(report.largest_residual, 1.0e-12);

  for (const SolveMethod method : both_methods) {
    LinearSolver solver(part.hessian, with(method), world());
    SolveReport solved;
    double last = 0.0, all = -1.0;
    const auto progress = [&](double n, double of) {
      last = n;
      all = of;
    };
    expect_responses(
        solve_dipoles(solver, 0.0, part.hessian.layout, dipoles, progress, solved, world()),
        dipoles, inverse, 3, 1.0e-9);
    EXPECT_LE(solved.residual_c[0], 1.0e-11);
    EXPECT_EQ(last, world().sum(static_cast<double>(dipoles.size())));
    EXPECT_EQ(all, last);
  }
}

TEST(DistributedDipoles, InThePlaneAndWithFrozenAtoms)
{
  const TestPotential potential = smooth_lennard_jones();
  const Cell planar_cell = planar_alloy(potential, 8, 1.08, 1);
  RankPart planar(planar_cell, potential, world());
  make_planar(planar.hessian);
  DenseDipoleReport report;
  std::vector<Dipole> dipoles = own_dipoles(planar);
  expect_responses(
      invert_for_dipoles(planar.hessian, 2, true, 0.0, dipoles, no_limit, report, world()), dipoles,
      pseudo_inverse(whole_matrix(planar.hessian, 2)), 2, 1.0e-9);
  EXPECT_LE(report.largest_residual, 1.0e-12);

  const Cell cell = alloy(potential, 2, 1.55, 2);
  std::vector<bool> fixed_i(cell.size(), false);
  for (std::size_t i = 0; i < cell.size(); i += 3)
    fixed_i[i] = true;
  const RankPart frozen(cell, potential, world(), fixed_i);
  dipoles = own_dipoles(frozen);
  expect_responses(
      invert_for_dipoles(frozen.hessian, 3, false, 0.0, dipoles, no_limit, report, world()),
      dipoles, whole_matrix(frozen.hessian, 3).inverse(), 3, 1.0e-9);
}

TEST(DistributedDipoles, StopWhereTheSolverDoes)
{
  const TestPotential potential = smooth_lennard_jones();
  const RankPart part(alloy(potential, 2, 1.55, 2), potential, world());
  SolveOptions options = with(SolveMethod::conjugate_gradients);
  options.max_iterations = 3;
  LinearSolver solver(part.hessian, options, world());
  SolveReport report;
  try {
    solve_dipoles(solver, 0.0, part.hessian.layout, own_dipoles(part), {}, report, world());
    ADD_FAILURE() << "three iterations are enough";
  } catch (const std::runtime_error &reason) {
    EXPECT_EQ(std::string(reason.what()).find("3 iterations leave a residual of "), 0u);
  }
}

/* ---- the inverse -------------------------------------------------------------- */

TEST(DenseInverse, LeavesOutWhatHasNoStiffness)
{
  // Stiffness 1, 2, ..., of which some directions have none.
  const Eigen::Index n = 40;
  const Eigen::MatrixXd basis =
      Eigen::HouseholderQR<Eigen::MatrixXd>(random_matrix(n, n, 3)).householderQ();
  Eigen::VectorXd value = Eigen::VectorXd::LinSpaced(n, 1.0, n);
  const auto matrix = [&]() -> Eigen::MatrixXd {
    return basis * value.asDiagonal() * basis.transpose();
  };
  const DenseInverse definite = invert_stiffness(matrix(), 0.0, no_limit);
  EXPECT_EQ(definite.zero_mode_nz.cols(), 0);
  EXPECT_LE(
      (definite.inverse_nn * matrix() - Eigen::MatrixXd::Identity(n, n)).cwiseAbs().maxCoeff(),
      1.0e-13);
  EXPECT_EQ(definite.inverse_nn, definite.inverse_nn.transpose());

  for (const double nothing : {0.0, 1.0e-13, -1.0e-13}) {
    value[5] = value[11] = nothing;
    const DenseInverse singular = invert_stiffness(matrix(), 0.0, no_limit);
    EXPECT_EQ(singular.zero_mode_nz.cols(), 2);
    EXPECT_LE((singular.inverse_nn - pseudo_inverse(matrix())).cwiseAbs().maxCoeff(), 1.0e-12);
  }
  // Little stiffness is none if the floor says so.
  value[5] = value[11] = 1.0e-4;
  EXPECT_EQ(invert_stiffness(matrix(), 2.0e-4, no_limit).zero_mode_nz.cols(), 2);
  EXPECT_EQ(invert_stiffness(matrix(), 5.0e-5, no_limit).zero_mode_nz.cols(), 0);
  value[11] = -0.25;
  try {
    invert_stiffness(matrix(), 0.0, no_limit);
    ADD_FAILURE() << "a negative eigenvalue passes";
  } catch (const NoMinimum &reason) {
    EXPECT_NE(std::string(reason.what()).find("negative eigenvalue, -0.25"), std::string::npos);
  }
}

/* ---- rattlers ------------------------------------------------------------------- */

/// Blocks of a matrix of all rows, in whichever order.
using Blocks = std::map<std::pair<Row, Row>, Eigen::Matrix3d>;

/// A spring of stiffness k along n between rows.
void connect(Blocks &blocks, Row i, Row j, const Eigen::Vector3d &along, double k)
{
  const Eigen::Vector3d n = along.normalized();
  const Eigen::Matrix3d stiffness = k * n * n.transpose();
  for (const auto &[a, b, sign] : {std::tuple(i, i, 1.0), {j, j, 1.0}, {i, j, -1.0}})
    blocks.try_emplace({std::min(a, b), std::max(a, b)}, Eigen::Matrix3d::Zero()).first->second +=
        sign * stiffness;
}

/// This rank's rows, spread evenly.
BlockMatrix distributed(const Blocks &blocks, Row n)
{
  BlockMatrix matrix;
  for (int p = 0; p <= world().size(); ++p)
    matrix.layout.first_p.push_back(n * p / world().size());
  Row row = matrix.layout.first(world().rank());
  const auto close_rows_below = [&](Row next) {
    for (; row < next; ++row)
      matrix.first_r.push_back(matrix.n_blocks());
  };
  for (const auto &[at, block] : blocks) {
    if (matrix.layout.owner(at.first) != world().rank()) continue;
    close_rows_below(at.first);
    matrix.column_k.push_back(static_cast<std::int32_t>(at.second));
    const Eigen::Matrix<double, 3, 3, Eigen::RowMajor> by_rows = block;
    matrix.value_k9.insert(matrix.value_k9.end(), by_rows.data(), by_rows.data() + 9);
  }
  close_rows_below(matrix.layout.first(world().rank() + 1));
  return matrix;
}

/// Every two of `n` rows connected, from `first` on: rigid.
void clump(Blocks &blocks, Row first, Row n)
{
  const Eigen::MatrixXd place = random_matrix(n, 3, 7);
  for (Row i = 0; i < n; ++i)
    for (Row j = i + 1; j < n; ++j)
      connect(blocks, first + i, first + j, (place.row(j) - place.row(i)).transpose(),
              1.0 + static_cast<double>(i));
}

TEST(DistributedRattlers, GoWithTheirBonds)
{
  // Rows 3 to 8 are rigid. Row 9 hangs on 4 by two springs, row 10 on 9 by two and on 8: once 9 is
  // gone 10 hangs, too. Row 0 has nothing; 1 and 2 have two springs each into the clump.
  Blocks blocks, clump_alone;
  clump(blocks, 3, 6);
  clump(clump_alone, 0, 6);
  blocks[{0, 0}] = Eigen::Matrix3d::Zero();
  for (const Row loose : {1, 2}) {
    connect(blocks, loose, 5, {1.0, 0.2 * static_cast<double>(loose), 0.0}, 2.0);
    connect(blocks, loose, 6, {0.0, 1.0, 0.3}, 1.0);
  }
  connect(blocks, 9, 4, {1.0, 1.0, 0.0}, 1.0);
  connect(blocks, 10, 9, {0.0, 1.0, 0.0}, 3.0);
  connect(blocks, 10, 8, {0.0, 0.1, 1.0}, 3.0);
  connect(blocks, 10, 7, {1.0, 0.1, 0.0}, 3.0);
  BlockMatrix matrix = distributed(blocks, 11);
  const RemovedRows removed = remove_rattlers(matrix, 3, 1.0e-10, world());
  EXPECT_EQ(removed.row_k, (std::vector<Row>{0, 1, 2, 9, 10}));
  EXPECT_EQ(removed.renumbered(3), 0);
  EXPECT_EQ(removed.renumbered(8), 5);
  EXPECT_EQ(matrix.layout.size(), 6);
  const Eigen::MatrixXd left = whole_matrix(matrix, 3);
  BlockMatrix expected = distributed(clump_alone, 6);
  EXPECT_LE((left - whole_matrix(expected, 3)).cwiseAbs().maxCoeff(), 1.0e-14);

  EXPECT_TRUE(remove_rattlers(expected, 3, 1.0e-10, world()).row_k.empty());
}

TEST(DistributedRattlers, ToldFromAtomsThatAreUnstable)
{
  Blocks blocks;
  clump(blocks, 0, 6);
  blocks[{5, 5}] -= 100.0 * Eigen::Matrix3d::Identity();
  BlockMatrix unstable = distributed(blocks, 6);
  EXPECT_THROW(remove_rattlers(unstable, 3, 1.0e-10, world()), NoMinimum);

  // A contact that pushes with a small force is unstable across, within what that force explains.
  Blocks resting;
  clump(resting, 0, 6);
  connect(resting, 6, 2, {0.0, 0.0, 1.0}, 5.0);
  resting[{6, 6}].diagonal().head<2>().array() -= 1.0e-6;
  resting[{2, 2}].diagonal().head<2>().array() -= 1.0e-6;
  resting[{2, 6}].diagonal().head<2>().array() += 1.0e-6;
  BlockMatrix matrix = distributed(resting, 7);
  const double mean = trace(matrix, 3, world()) / 21.0;
  EXPECT_EQ(stiffness_floor(matrix, 3, 0.0, world()), 1.0e-10 * mean);
  EXPECT_EQ(stiffness_floor(matrix, 3, 1.0e-7 * mean, world()), 1.0e-7 * mean);
  EXPECT_EQ(stiffness_floor(matrix, 3, 1.0e6 * mean, world()), 1.0e-5 * mean);
  EXPECT_THROW(remove_rattlers(matrix, 3, 1.0e-7, world()), NoMinimum);
  matrix = distributed(resting, 7);
  EXPECT_EQ(remove_rattlers(matrix, 3, 1.0e-5, world()).row_k, std::vector<Row>{6});
}

TEST(DistributedDipoles, OnFloppyBondsHaveNoStiffness)
{
  // A clump that is held in place. Rows 6 and 7, on springs along x and y and tied to each other,
  // can move along z: a zero mode, which no block of a single atom shows.
  Blocks blocks;
  clump(blocks, 0, 6);
  for (Row i = 0; i < 6; ++i)
    blocks[{i, i}] += Eigen::Matrix3d::Identity();
  connect(blocks, 6, 0, {1.0, 0.0, 0.0}, 1.0);
  connect(blocks, 6, 1, {0.0, 1.0, 0.0}, 1.0);
  connect(blocks, 6, 7, {0.0, 0.0, 1.0}, 1.0);
  connect(blocks, 7, 2, {1.0, 0.0, 0.0}, 1.0);
  connect(blocks, 7, 3, {0.0, 1.0, 0.0}, 1.0);
  const BlockMatrix matrix = distributed(blocks, 8);
  std::vector<Dipole> dipoles;
  if (world().root())
    dipoles = {{0, 1, {1.0, 0.0, 0.0}}, {1, 6, {0.0, 0.6, 0.8}}, {6, 7, {0.0, 0.0, 1.0}}};
  DenseDipoleReport report;
  const std::vector<DipoleResponse> response =
      invert_for_dipoles(matrix, 3, false, 0.0, dipoles, no_limit, report, world());
  EXPECT_EQ(report.n_zero_modes, 1);
  EXPECT_EQ(report.n_floppy, 1u);
  EXPECT_EQ(report.n_residuals, 2);
  EXPECT_LE(report.largest_residual, 1.0e-13);
  if (!world().root()) return;
  EXPECT_GT(response[0].stiffness(), 0.0);
  EXPECT_EQ(response[1].stiffness(), 0.0);
  EXPECT_NEAR(response[2].stiffness(), 2.0, 1.0e-12);    // both ends follow the spring
}

TEST(DistributedDipoles, NeedAUniqueResponse)
{
  // The clump of six can turn, which no spring within it notices: solutions exist and are not
  // unique. Held in place it is.
  Blocks blocks;
  clump(blocks, 0, 6);
  for (const bool held : {false, true}) {
    for (Row i = 0; i < 6 && held; ++i)
      blocks[{i, i}] += Eigen::Matrix3d::Identity();
    const BlockMatrix matrix = distributed(blocks, 6);
    SolveOptions options = with(SolveMethod::conjugate_gradients);
    options.translations = !held;
    LinearSolver solver(matrix, options, world());
    SolveReport report;
    if (held) {
      EXPECT_NO_THROW(solver.check_unique(0.1));
      EXPECT_THROW(solver.check_unique(10.0), NoMinimum);    // the clump as a whole has 1
      EXPECT_NO_THROW(solve_dipoles(solver, 0.0, matrix.layout, {}, {}, report, world()));
    } else {
      EXPECT_THROW(solve_dipoles(solver, 0.0, matrix.layout, {}, {}, report, world()), NoMinimum);
    }
  }
}

/* ---- samples and statistics --------------------------------------------------- */

TEST(DistributedPairSample, IsTheSameHoweverPairsAreSpread)
{
  std::vector<std::uint64_t> all, own;
  for (int i = 0; i < 60; ++i)
    for (int j = i + 1; j < 60; ++j) {
      all.push_back(pair_lot(i, j, 0, 42));
      if ((i + j) % world().size() == world().rank()) own.push_back(all.back());
    }
  EXPECT_EQ(std::set<std::uint64_t>(all.begin(), all.end()).size(), all.size());
  std::sort(all.begin(), all.end());
  for (const std::size_t n : {std::size_t{1}, std::size_t{17}, all.size()})
    EXPECT_EQ(lot_of_sample(own, static_cast<double>(n), world()), all[n - 1]);
}

TEST(PairSample, IsFairAndHasASeed)
{
  // Of 1770 pairs a third, with every seed another: how often each was drawn is binomial.
  constexpr int n_seeds = 400;
  std::map<std::pair<int, int>, int> drawn;
  for (int seed = 1; seed <= n_seeds; ++seed) {
    std::vector<std::uint64_t> lots;
    for (int i = 0; i < 60; ++i)
      for (int j = i + 1; j < 60; ++j)
        lots.push_back(pair_lot(i, j, 0, seed));
    const std::uint64_t last = lot_of_sample(lots, 590, alone());
    std::size_t k = 0;
    for (int i = 0; i < 60; ++i)
      for (int j = i + 1; j < 60; ++j, ++k)
        if (lots[k] <= last) ++drawn[{i, j}];
  }
  double chi_squared = 0.0;
  const double expected = n_seeds / 3.0, variance = expected * 2.0 / 3.0;
  for (const auto &[pair, count] : drawn)
    chi_squared += (count - expected) * (count - expected) / variance;
  EXPECT_NEAR(chi_squared, 1770.0, 5.0 * std::sqrt(2.0 * 1770.0));
  EXPECT_NE(pair_lot(1, 2, 0, 1), pair_lot(2, 1, 0, 1));
  EXPECT_NE(pair_lot(1, 2, 0, 1), pair_lot(1, 2, 1, 1));
}

TEST(DistributedStiffnessStatistics, OfKnownValues)
{
  // 1 ... 100 spread over ranks.
  std::vector<double> own;
  for (int k = 1; k <= 100; ++k)
    if (k % world().size() == world().rank()) own.push_back(k);
  const StiffnessStatistics s = stiffness_statistics(own, world());
  EXPECT_EQ(s.n, 100.0);
  EXPECT_DOUBLE_EQ(s.mean, 50.5);
  EXPECT_NEAR(s.standard_deviation, std::sqrt(100.0 * 101.0 / 12.0), 1.0e-12);
  EXPECT_EQ(s.smallest, 1.0);
  EXPECT_EQ(s.largest, 100.0);
  EXPECT_EQ(s.standard_error(100.0), 0.0);
  EXPECT_NEAR(s.standard_error(400.0), s.standard_deviation / 10.0 * std::sqrt(0.75), 1.0e-12);

  const LogarithmicBins bins{0.5, 50.0, 4};
  EXPECT_NEAR(bins.edge(2), 5.0, 1.0e-14);
  EXPECT_NEAR(bins.centre(0), 0.5 * std::pow(10.0, 0.25), 1.0e-14);
  const StiffnessHistogram h = stiffness_histogram(own, bins, world());
  // Edges 0.5, 1.58, 5, 15.8, 50: the upper ones belong to the bin above.
  EXPECT_EQ(h.count_b, (std::vector<double>{1.0, 3.0, 11.0, 34.0}));
  EXPECT_NEAR(h.density_b[3], 0.34 / (50.0 - bins.edge(3)), 1.0e-14);
  EXPECT_NEAR(h.cumulative_b[2], 0.15, 1.0e-14);

  const LogarithmicBins found = enclosing_logarithmic_bins(s.smallest, s.largest, 7);
  const StiffnessHistogram whole = stiffness_histogram(own, found, world());
  EXPECT_NEAR(whole.cumulative_b.back(), 1.0, 1.0e-15);
  double integral = 0.0;
  for (int b = 0; b < found.n; ++b)
    integral += whole.density_b[b] * (found.edge(b + 1) - found.edge(b));
  EXPECT_NEAR(integral, 1.0, 1.0e-14);
  const LogarithmicBins single = enclosing_logarithmic_bins(3.0, 3.0, 5);
  EXPECT_NEAR(single.high / single.low, 10.0, 1.0e-14);

  const StiffnessStatistics single_pair =
      stiffness_statistics(std::vector<double>(world().root() ? 1 : 0, 3.0), world());
  EXPECT_TRUE(std::isnan(single_pair.standard_error(2.0)));
  EXPECT_EQ(single_pair.standard_error(1.0), 0.0);
  const StiffnessStatistics nothing = stiffness_statistics({}, world());
  EXPECT_EQ(nothing.n, 0.0);
  EXPECT_EQ(nothing.standard_error(10.0), 0.0);
}

TEST(PrefersInverse, ForManyDipolesOfFewAtoms)
{
  EXPECT_TRUE(prefers_inverse(20000.0, 1000.0, 40000.0, 3, 1));
  EXPECT_FALSE(prefers_inverse(8.0, 1000.0, 40000.0, 3, 1));
  EXPECT_FALSE(prefers_inverse(1000.0, 64000.0, 2.6e6, 3, 1));
}

}    // namespace
