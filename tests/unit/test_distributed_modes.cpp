// Part of lammps-glass, GPL-2.0.

#include "observable/distributed_modes.h"

#include "ranks.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <numeric>

using namespace glass;
using namespace glass_test;

namespace {

/// A matrix of n^3 atoms in a cubic lattice, neighbours joined by springs of every direction; some
/// springs are negative. Its rows are spread over the ranks of a communicator.
struct Lattice {
  BlockMatrix hessian;
  std::vector<double> mass_r;
  BlockVector force;

  /// @param disorder  of the springs; 0: a crystal, whose modes are degenerate
  /// @param held      whether every atom is tied to its place, too
  Lattice(int n, double disorder, bool held, const Communicator &communicator)
  {
    const int n_atoms = n * n * n;
    for (int p = 0; p <= communicator.size(); ++p)
      hessian.layout.first_p.push_back(static_cast<Row>(n_atoms) * p / communicator.size());

    Eigen::MatrixXd h = Eigen::MatrixXd::Zero(3 * n_atoms, 3 * n_atoms);
    unsigned state = 5;
    const auto random = [&]() {    // the same on all ranks
      state = state * 1664525u + 1013904223u;
      return static_cast<double>(state >> 8u) / (1 << 24) - 0.5;
    };
    const auto number = [&](int x, int y, int z) {
      return ((x + n) % n * n + (y + n) % n) * n + (z + n) % n;
    };
    for (int i = 0; i < n_atoms; ++i)
      for (int axis = 0; axis < 3; ++axis) {
        const int x = i / (n * n), y = i / n % n, z = i % n;
        const int j = number(x + (axis == 0), y + (axis == 1), z + (axis == 2));
        Eigen::Matrix3d k = 0.3 * Eigen::Matrix3d::Identity();
        k(axis, axis) = 1.0;
        for (int alpha = 0; alpha < 3; ++alpha)
          for (int beta = 0; beta <= alpha; ++beta)
            k(alpha, beta) = k(beta, alpha) = k(alpha, beta) + disorder * random();
        h.block<3, 3>(3 * i, 3 * i) += k;
        h.block<3, 3>(3 * j, 3 * j) += k;
        h.block<3, 3>(3 * i, 3 * j) -= k;
        h.block<3, 3>(3 * j, 3 * i) -= k;
      }

    if (held) h.diagonal().array() += 0.2;

    const Row first = hessian.layout.first(communicator.rank());
    const Row count = hessian.layout.count(communicator.rank());
    force.resize(3 * count, 2);
    for (Row i = 0; i < n_atoms; ++i) {
      const bool own = i >= first && i < first + count;
      const double mass = 1.0 + (disorder > 0.0 ? random() : 0.0);
      Eigen::Matrix<double, 3, 2> f;
      for (double &x : f.reshaped())
        x = random();
      if (!own) continue;
      mass_r.push_back(mass);
      force.middleRows<3>(3 * (i - first)) = f;
      for (Row j = i; j < n_atoms; ++j) {
        const Eigen::Matrix<double, 3, 3, Eigen::RowMajor> block = h.block<3, 3>(3 * i, 3 * j);
        if (i != j && block.isZero(0.0)) continue;
        hessian.column_k.push_back(static_cast<std::int32_t>(j));
        hessian.value_k9.insert(hessian.value_k9.end(), block.data(), block.data() + 9);
      }
      hessian.first_r.push_back(hessian.column_k.size());
    }
  }
};

struct Case {
  std::unique_ptr<DynamicalMatrix> matrix;
  std::vector<double> mass_r;
  BlockVector xi;

  Case(int n, double disorder, int dimension, bool translations, const Communicator &communicator)
  {
    Lattice lattice(n, disorder, !translations, communicator);
    mass_r = lattice.mass_r;
    matrix = std::make_unique<DynamicalMatrix>(std::move(lattice.hessian), mass_r, 1.7, dimension,
                                               translations, communicator);
    xi = matrix->mass_weighted(lattice.force);
  }
};

/// By LAPACK, on this rank alone.
NormalModes reference(const Case &c, const EigenvalueRange &range = {})
{
  ModeProblem problem;
  problem.dimension = c.matrix->dimension();
  problem.translations = c.matrix->n_modes() < problem.dimension * c.matrix->matrix().layout.size();
  problem.sqrt_mass_i =
      Eigen::Map<const Eigen::VectorXd>(c.mass_r.data(), static_cast<long>(c.mass_r.size()))
          .cwiseSqrt();
  problem.range = range;
  const Eigen::Index d = problem.dimension, n = problem.sqrt_mass_i.size();
  problem.xi_nc.resize(d * n, c.xi.cols());
  for (Eigen::Index i = 0; i < n; ++i)
    problem.xi_nc.middleRows(d * i, d) = c.xi.middleRows(3 * i, d);
  problem.dynamical_nn = gather_dense(c.matrix->matrix(), std::vector<double>(c.mass_r.size(), 1.0),
                                      problem.dimension, alone());
  const DensePlan plan =
      plan_dense(problem.dynamical_nn.rows(), range, std::numeric_limits<std::size_t>::max());
  return normal_modes(std::move(problem), plan);
}

DistributedModes by_scalapack(const Case &c, const EigenvalueRange &range = {})
{
  return distributed_modes(
      *c.matrix, c.mass_r, c.xi, range,
      plan_scalapack(c.matrix->matrix().layout.size(), c.matrix->dimension(), world().size()));
}

/// Those of the modes that are known to be the first ones of the reference.
void expect_same(const NormalModes &modes, const NormalModes &expected, bool vectors_comparable)
{
  const Eigen::Index n = modes.size();
  const double scale = expected.lambda_p.cwiseAbs().maxCoeff();
  ASSERT_LE(n, expected.size());
  EXPECT_EQ(modes.n_atoms, expected.n_atoms);
  EXPECT_EQ(modes.n_degrees, expected.n_degrees);
  EXPECT_LE((modes.lambda_p - expected.lambda_p.head(n)).cwiseAbs().maxCoeff(), 1.0e-10 * scale);
  if (!vectors_comparable) return;
  EXPECT_LE(
      (modes.participation_ratio_p - expected.participation_ratio_p.head(n)).cwiseAbs().maxCoeff(),
      1.0e-8);
  EXPECT_LE((modes.xi_squared_pc - expected.xi_squared_pc.topRows(n)).cwiseAbs().maxCoeff(),
            1.0e-8 * expected.xi_squared_pc.maxCoeff());
}

/// Weights, and the square of the product with the reference's vector, of own rows.
void expect_same_vectors(const ModeVectors &vectors, const NormalModes &expected, int dimension,
                         const RowLayout &layout, Eigen::Index n)
{
  std::vector<Eigen::Index> every(static_cast<std::size_t>(n));
  std::iota(every.begin(), every.end(), 0);
  const std::vector<double> weight_r = vectors.weights(every);
  const std::vector<double> e = vectors.vector(n / 2);
  const Row first = layout.first(world().rank());
  ASSERT_EQ(static_cast<Row>(weight_r.size()), layout.count(world().rank()));
  for (std::size_t r = 0; r < weight_r.size(); ++r) {
    const Eigen::Index i = dimension * (first + static_cast<Row>(r));
    EXPECT_NEAR(weight_r[r], expected.vector_np.block(i, 0, dimension, n).squaredNorm(), 1.0e-8);
    for (int alpha = 0; alpha < dimension; ++alpha)
      EXPECT_NEAR(e[3 * r + alpha], expected.vector_np(i + alpha, n / 2), 1.0e-7);
  }
}

bool without_scalapack()
{
  return !scalapack_is_missing(world()).empty();
}

TEST(BlockCyclic, PartsAreDealtOutAndCounted)
{
  for (const int parts : {1, 2, 3, 5})
    for (const Row block : {1, 4, 7})
      for (const Row n : {0, 1, 6, 29, 40}) {
        const BlockCyclic layout{parts, block};
        std::vector<Row> seen(static_cast<std::size_t>(parts), 0);
        for (Row i = 0; i < n; ++i) {
          const int part = layout.owner(i);
          EXPECT_EQ(layout.local(i), seen[part]++);
          EXPECT_EQ(layout.global(layout.local(i), part), i);
        }
        for (int p = 0; p < parts; ++p)
          EXPECT_EQ(layout.count(n, p), seen[p]);
      }
}

TEST(BlockCyclic, PlansSayWhatTheyNeed)
{
  const ScalapackPlan two = plan_scalapack(4000, 3, 2), eight = plan_scalapack(4000, 3, 8);
  EXPECT_GT(two.bytes, 4 * 8 * 12000ul * 6000ul);
  EXPECT_LT(two.bytes, 5 * 8 * 12000ul * 6000ul);
  EXPECT_LT(3 * eight.bytes, two.bytes);
  EXPECT_TRUE(two.addressable);
  EXPECT_FALSE(plan_scalapack(20000, 3, 2).addressable);
  EXPECT_EQ(plan_scalapack(4000, 3, 6).grid.rows.n_parts, 2);
}

TEST(DistributedModes, AreThoseOfLapack)
{
  if (without_scalapack()) GTEST_SKIP();
  for (const auto &[dimension, translations] :
       std::vector<std::pair<int, bool>>{{3, true}, {3, false}, {2, true}}) {
    const Case c(4, 0.9, dimension, translations, world());
    const NormalModes expected = reference(Case(4, 0.9, dimension, translations, alone()));
    const DistributedModes found = by_scalapack(c);
    ASSERT_EQ(found.known.size(), expected.size());
    expect_same(found.known, expected, true);
    expect_same_vectors(found.vectors, expected, dimension, c.matrix->matrix().layout, 50);
  }
}

TEST(DistributedModes, OfARangeAreThoseWithin)
{
  if (without_scalapack()) GTEST_SKIP();
  const EigenvalueRange range{-0.5, 2.0};
  const NormalModes expected = reference(Case(4, 0.9, 3, true, alone()), range);
  const DistributedModes found = by_scalapack(Case(4, 0.9, 3, true, world()), range);
  ASSERT_EQ(found.known.size(), expected.size());
  expect_same(found.known, expected, true);
  EXPECT_EQ(by_scalapack(Case(3, 0.9, 3, true, world()), {90.0, 91.0}).known.size(), 0);
}

TEST(DistributedModes, OfACrystalSpanTheSameSpaces)
{
  if (without_scalapack()) GTEST_SKIP();
  const Case c(4, 0.0, 3, true, world());
  const NormalModes expected = reference(Case(4, 0.0, 3, true, alone()));
  const DistributedModes found = by_scalapack(c);
  expect_same(found.known, expected, false);
  // The lowest modes up to a gap: their projections on a field, as a whole.
  Eigen::Index n = 20;
  while (expected.lambda_p[n] - expected.lambda_p[n - 1] < 0.01)
    ++n;
  for (Eigen::Index component = 0; component < 2; ++component)
    EXPECT_NEAR(found.known.xi_squared_pc.col(component).head(n).sum(),
                expected.xi_squared_pc.col(component).head(n).sum(), 1.0e-10);
}

TEST(DistributedModes, FewerAtomsThanRanks)
{
  if (without_scalapack()) GTEST_SKIP();
  const NormalModes expected = reference(Case(1, 0.9, 3, false, alone()));
  expect_same(by_scalapack(Case(1, 0.9, 3, false, world())).known, expected, true);
}

TEST(DistributedModes, RefuseWhatIsNoNumber)
{
  Lattice lattice(3, 0.5, false, world());
  if (!lattice.hessian.value_k9.empty() && world().root())
    lattice.hessian.value_k9[30] = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> mass_r = lattice.mass_r;
  DynamicalMatrix matrix(std::move(lattice.hessian), mass_r, 1.0, 3, true, world());
  EXPECT_THROW(distributed_modes(matrix, mass_r, matrix.mass_weighted(lattice.force), {},
                                 plan_scalapack(27, 3, world().size())),
               std::invalid_argument);
  EXPECT_THROW(lowest_eigenpairs(matrix, 5, [](int) {}), std::invalid_argument);
}

TEST(DistributedLowestModes, AreThoseOfLapack)
{
  for (const auto &[dimension, translations] :
       std::vector<std::pair<int, bool>>{{3, true}, {3, false}, {2, true}}) {
    const Case c(4, 0.9, dimension, translations, world());
    const NormalModes expected = reference(Case(4, 0.9, dimension, translations, alone()));
    int n_products = 0;
    LowestEigenPairs pairs =
        lowest_eigenpairs(*c.matrix, 12, [&](int products) { n_products = products; });
    EXPECT_EQ(pairs.n_products, n_products);
    EXPECT_LE(pairs.largest_residual, 1.0e-11 * pairs.bound);
    const DistributedModes found = partial_modes(*c.matrix, std::move(pairs), c.xi);
    ASSERT_EQ(found.known.size(), 12);
    expect_same(found.known, expected, true);
    expect_same_vectors(found.vectors, expected, dimension, c.matrix->matrix().layout, 12);
  }
}

TEST(DistributedLowestModes, OfACrystalAreAllFoundThough)
{
  // Frequencies of this crystal have up to 24 modes.
  const Case c(4, 0.0, 3, true, world());
  const NormalModes expected = reference(Case(4, 0.0, 3, true, alone()));
  const LowestEigenPairs pairs = lowest_eigenpairs(*c.matrix, 60, [](int) {});
  EXPECT_LE((pairs.value_p - expected.lambda_p.head(60)).cwiseAbs().maxCoeff(), 1.0e-9);
}

TEST(DistributedLowestModes, NumbersThatAreNone)
{
  const Case c(2, 0.9, 3, true, world());
  EXPECT_THROW(lowest_eigenpairs(*c.matrix, 0, [](int) {}), std::invalid_argument);
  EXPECT_THROW(lowest_eigenpairs(*c.matrix, 11, [](int) {}), std::invalid_argument);
  EXPECT_EQ(lowest_eigenpairs(*c.matrix, 10, [](int) {}).value_p.size(), 10);
}

}    // namespace
