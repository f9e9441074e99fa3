// Part of lammps-glass, GPL-2.0.

#include "distributed_modes.h"

#include "../spectrum/whole_vectors.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace glass {

namespace {

// Blocks that a rank sends at a time, so that messages stay small beside the matrix.
constexpr std::size_t blocks_a_message = 100000;

/// A block of the lower triangle on its way to the rank that has its place.
struct TravellingBlock {
  std::int32_t row, column;    ///< atoms
  double value[9];
};

void place(const TravellingBlock &block, const AtomGrid &grid, Eigen::MatrixXd &local)
{
  const int d = grid.dimension;
  const Eigen::Index i = d * grid.rows.local(block.row), j = d * grid.columns.local(block.column);
  for (int alpha = 0; alpha < d; ++alpha)
    for (int beta = 0; beta < d; ++beta)
      local(i + alpha, j + beta) = block.value[3 * alpha + beta];
}

/// This rank's part of the lower triangle of the matrix.
Eigen::MatrixXd block_cyclic(const BlockMatrix &matrix, const AtomGrid &grid,
                             const Communicator &communicator)
{
  const int rank = communicator.rank();
  Eigen::MatrixXd local = Eigen::MatrixXd::Zero(grid.n_rows(rank), grid.n_columns(rank));
  const Row first_row = matrix.layout.first(rank);
  std::size_t r = 0;
  const double most = communicator.maximum(static_cast<double>(matrix.n_blocks()));
  for (std::size_t begin = 0; static_cast<double>(begin) < most; begin += blocks_a_message) {
    std::vector<std::vector<TravellingBlock>> send_p(communicator.size());
    const std::size_t end = std::min(begin + blocks_a_message, matrix.n_blocks());
    for (std::size_t k = begin; k < end; ++k) {
      while (k >= matrix.first_r[r + 1])
        ++r;
      // Stored is what is right of the diagonal; below it is the transpose.
      const auto column = static_cast<std::int32_t>(first_row + static_cast<Row>(r));
      TravellingBlock block{matrix.column_k[k], column, {}};
      for (int alpha = 0; alpha < 3; ++alpha)
        for (int beta = 0; beta < 3; ++beta)
          block.value[3 * alpha + beta] = matrix.value_k9[9 * k + 3 * beta + alpha];
      send_p[grid.owner(block.row, block.column)].push_back(block);
    }
    for (const auto &part : communicator.exchange(send_p))
      for (const TravellingBlock &block : part)
        place(block, grid, local);
  }
  return local;
}

/// D += sigma T T^T in place, with T as in uniform_translations().
void lift_translations(Eigen::MatrixXd &local, const AtomGrid &grid, int rank, double sigma,
                       const Eigen::VectorXd &direction_i)
{
  const int d = grid.dimension;
  for (Eigen::Index j = 0; j < local.cols() / d; ++j) {
    const double pull = sigma * direction_i[grid.columns.global(j, grid.column_of(rank))];
    for (Eigen::Index i = 0; i < local.rows() / d; ++i) {
      const double shift = pull * direction_i[grid.rows.global(i, grid.row_of(rank))];
      for (int alpha = 0; alpha < d; ++alpha)
        local(d * i + alpha, d * j + alpha) += shift;
    }
  }
}

/// Which of the eigenpairs are modes, numbered in order; -1 for the others.
std::vector<Eigen::Index> number_modes(const Eigen::VectorXd &value_p,
                                       const Eigen::MatrixXd &translation_pd,
                                       const EigenvalueRange &range)
{
  std::vector<Eigen::Index> number_p(static_cast<std::size_t>(value_p.size()), -1);
  Eigen::Index found = 0;
  for (Eigen::Index p = 0; p < value_p.size(); ++p)
    if (value_p[p] > range.low && value_p[p] <= range.high &&
        translation_pd.row(p).squaredNorm() <= 0.5)
      number_p[p] = found++;
  return number_p;
}

/// The eigenpairs must give the quadratic form of the matrix at its fields Xi: ScaLAPACK may fail
/// inside and return as if nothing had happened.
/// @param projection_pc  of the fields on the eigenvectors
void check_quadratic_form(DynamicalMatrix &dynamical, const BlockVector &xi,
                          const Eigen::VectorXd &value_p, const Eigen::MatrixXd &projection_pc,
                          double bound)
{
  BlockVector product(xi.rows(), xi.cols());
  dynamical.apply(xi.data(), product.data(), static_cast<int>(xi.cols()));
  const Eigen::VectorXd norm_c = column_dots(xi, xi, dynamical.communicator());
  const Eigen::VectorXd form_c = column_dots(xi, product, dynamical.communicator());
  const Eigen::VectorXd sum_c = projection_pc.cwiseAbs2().transpose() * value_p;
  if (((sum_c - form_c).array().abs() > 1.0e-9 * bound * norm_c.array()).any())
    throw std::runtime_error("ScaLAPACK pdsyevd has returned what are no eigenvectors");
}

}    // namespace

DistributedModes distributed_modes(DynamicalMatrix &dynamical, const std::vector<double> &mass_r,
                                   const BlockVector &xi, const EigenvalueRange &range,
                                   const ScalapackPlan &plan)
{
  const Communicator &communicator = dynamical.communicator();
  const BlockMatrix &matrix = dynamical.matrix();
  const AtomGrid &grid = plan.grid;
  const int d = dynamical.dimension(), rank = communicator.rank();
  const bool translations = dynamical.n_modes() < d * grid.n_atoms;

  const std::vector<double> mass_i = communicator.gather_on_all(mass_r);
  const Eigen::VectorXd direction_i =
      Eigen::Map<const Eigen::VectorXd>(mass_i.data(), grid.n_atoms).cwiseSqrt().normalized();
  const double bound = largest_row_sum(matrix, d, communicator);
  Eigen::MatrixXd local = block_cyclic(matrix, grid, communicator);
  if (translations)
    lift_translations(local, grid, rank, bound > 0.0 ? 2.0 * bound : 1.0, direction_i);

  ModeVectors::Part part;
  const Eigen::VectorXd value_p =
      solve_scalapack(std::move(local), plan, communicator, part.vector_nq);
  const auto n = value_p.size();
  for (Eigen::Index q = 0; q < part.vector_nq.cols(); ++q)
    part.mode_q.push_back(d * grid.columns.global(q / d, grid.column_of(rank)) + q % d);
  for (Row i = 0; i < part.vector_nq.rows() / d; ++i)
    part.row_i.push_back(grid.rows.global(i, grid.row_of(rank)));

  // Xi and the translations, side by side, for the atoms of this part.
  const Eigen::MatrixXd xi_nc = whole_vectors(xi, d, communicator);
  Eigen::MatrixXd beside_nc = Eigen::MatrixXd::Zero(part.vector_nq.rows(), xi_nc.cols() + d);
  for (std::size_t i = 0; i < part.row_i.size(); ++i)
    for (int alpha = 0; alpha < d; ++alpha) {
      const auto row = static_cast<Eigen::Index>(d * i) + alpha;
      beside_nc.row(row).head(xi_nc.cols()) = xi_nc.row(d * part.row_i[i] + alpha);
      if (translations) beside_nc(row, xi_nc.cols() + alpha) = direction_i[part.row_i[i]];
    }

  DistributedModes modes{{}, ModeVectors(std::move(part), d, matrix.layout, communicator)};
  const Eigen::MatrixXd projection_pc = modes.vectors.projections(beside_nc, n);
  check_quadratic_form(dynamical, xi, value_p, projection_pc.leftCols(xi_nc.cols()), bound);
  const std::vector<Eigen::Index> number_p =
      number_modes(value_p, projection_pc.rightCols(d), range);
  modes.vectors.renumber(number_p);

  NormalModes &known = modes.known;
  known.n_atoms = grid.n_atoms;
  known.n_degrees = dynamical.n_modes();
  const Eigen::Index found = 1 + *std::max_element(number_p.begin(), number_p.end());
  known.lambda_p.resize(found);
  known.xi_squared_pc.resize(found, xi_nc.cols());
  for (Eigen::Index p = 0; p < n; ++p) {
    if (number_p[p] < 0) continue;
    known.lambda_p[number_p[p]] = value_p[p];
    known.xi_squared_pc.row(number_p[p]) = projection_pc.row(p).head(xi_nc.cols()).cwiseAbs2();
  }
  known.omega_p = known.lambda_p.unaryExpr(&signed_frequency);
  known.participation_ratio_p = modes.vectors.participation_ratio(known.n_atoms, found);
  return modes;
}

DistributedModes partial_modes(const DynamicalMatrix &dynamical, LowestEigenPairs &&pairs,
                               const BlockVector &xi)
{
  const Communicator &communicator = dynamical.communicator();
  const RowLayout &layout = dynamical.matrix().layout;
  const int d = dynamical.dimension();
  const Eigen::Index n = pairs.value_p.size(), n_own = layout.count(communicator.rank());

  ModeVectors::Part part;
  part.row_i.resize(static_cast<std::size_t>(n_own));
  std::iota(part.row_i.begin(), part.row_i.end(), layout.first(communicator.rank()));
  part.mode_q.resize(static_cast<std::size_t>(n));
  std::iota(part.mode_q.begin(), part.mode_q.end(), 0);
  part.vector_nq.resize(d * n_own, n);
  Eigen::MatrixXd xi_nc(d * n_own, xi.cols());
  for (Eigen::Index i = 0; i < n_own; ++i) {
    part.vector_nq.middleRows(d * i, d) = pairs.vector_np.middleRows(3 * i, d);
    xi_nc.middleRows(d * i, d) = xi.middleRows(3 * i, d);
  }

  DistributedModes modes{{}, ModeVectors(std::move(part), d, layout, communicator)};
  NormalModes &known = modes.known;
  known.n_atoms = layout.size();
  known.n_degrees = dynamical.n_modes();
  known.lambda_p = std::move(pairs.value_p);
  known.omega_p = known.lambda_p.unaryExpr(&signed_frequency);
  known.xi_squared_pc = modes.vectors.projections(xi_nc, n).cwiseAbs2();
  known.participation_ratio_p = modes.vectors.participation_ratio(known.n_atoms, n);
  return modes;
}

}    // namespace glass
