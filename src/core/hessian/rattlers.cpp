// Part of lammps-glass, GPL-2.0.

#include "rattlers.h"

#include "../spectrum/no_minimum.h"

#include <Eigen/Eigenvalues>

#include <array>
#include <cmath>

namespace glass {

namespace {

// Of the mean: what is below the first is rounding, what is above the second holds an atom.
constexpr double least_floor = 1.0e-10;
constexpr double highest_floor = 1.0e-5;

using Block = Eigen::Matrix<double, 3, 3, Eigen::RowMajor>;

Eigen::Map<Block> block_of(BlockMatrix &matrix, std::size_t k)
{
  return Eigen::Map<Block>(matrix.value_k9.data() + 9 * k);
}

/// Own rows, not removed so far, that have a direction without stiffness.
std::vector<Row> own_rattlers(BlockMatrix &matrix, int dimension, double floor,
                              const RemovedRows &removed, const Communicator &communicator)
{
  const Row first = matrix.layout.first(communicator.rank());
  std::vector<Row> found;
  double lowest = 0.0;
  for (std::size_t r = 0; r < matrix.n_rows(); ++r) {
    const Row row = first + static_cast<Row>(r);
    if (removed.contain(row)) continue;
    const Eigen::MatrixXd own =
        block_of(matrix, matrix.first_r[r]).topLeftCorner(dimension, dimension);
    const double softest =
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(own, Eigen::EigenvaluesOnly)
            .eigenvalues()[0];
    if (std::abs(softest) <= floor) found.push_back(row);
    lowest = std::min(lowest, softest);
  }
  lowest = -communicator.maximum(-lowest);
  if (lowest < -floor)
    throw NoMinimum("displacing one atom alone lowers it; the stiffness is then negative", lowest);
  return found;
}

/// What the bonds to these rows add to the diagonal blocks of others is taken away.
void detach(BlockMatrix &matrix, const RemovedRows &leaving, const RemovedRows &gone_before,
            const Communicator &communicator)
{
  struct Correction {
    Row row;
    std::array<double, 9> value;
  };
  const Row first = matrix.layout.first(communicator.rank());
  std::vector<std::vector<Correction>> send_p(communicator.size());
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (std::size_t k = matrix.first_r[r] + 1; k < matrix.first_r[r + 1]; ++k) {
      const Row row = first + static_cast<Row>(r), column = matrix.column_k[k];
      const bool row_leaves = leaving.contain(row);
      if (row_leaves == leaving.contain(column)) continue;
      const Row stays = row_leaves ? column : row;
      if (gone_before.contain(stays)) continue;
      Correction correction{stays, {}};
      Eigen::Map<Block> value(correction.value.data());
      value = block_of(matrix, k);
      if (row_leaves) value.transposeInPlace();
      send_p[matrix.layout.owner(stays)].push_back(correction);
    }
  for (const auto &part : communicator.exchange(send_p))
    for (const Correction &correction : part)
      block_of(matrix, matrix.first_r[correction.row - first]) +=
          Eigen::Map<const Block>(correction.value.data());
}

BlockMatrix without(const BlockMatrix &matrix, const RemovedRows &removed,
                    const Communicator &communicator)
{
  BlockMatrix kept;
  for (const Row first : matrix.layout.first_p)
    kept.layout.first_p.push_back(removed.renumbered(first));
  const Row first = matrix.layout.first(communicator.rank());
  for (std::size_t r = 0; r < matrix.n_rows(); ++r) {
    if (removed.contain(first + static_cast<Row>(r))) continue;
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k) {
      if (removed.contain(matrix.column_k[k])) continue;
      kept.column_k.push_back(static_cast<std::int32_t>(removed.renumbered(matrix.column_k[k])));
      kept.value_k9.insert(kept.value_k9.end(), matrix.value_k9.begin() + 9 * k,
                           matrix.value_k9.begin() + 9 * (k + 1));
    }
    kept.first_r.push_back(kept.n_blocks());
  }
  return kept;
}

}    // namespace

RemovedRows remove_rattlers(BlockMatrix &hessian, int dimension, double floor,
                            const Communicator &communicator)
{
  RemovedRows removed;
  const auto n = static_cast<double>(hessian.layout.size());
  const double mean = std::abs(trace(hessian, dimension, communicator)) / (dimension * n);
  floor = std::clamp(floor, least_floor * mean, highest_floor * mean);
  for (;;) {
    const RemovedRows leaving{
        communicator.gather_on_all(own_rattlers(hessian, dimension, floor, removed, communicator))};
    if (leaving.row_k.empty()) break;
    detach(hessian, leaving, removed, communicator);
    removed.row_k.insert(removed.row_k.end(), leaving.row_k.begin(), leaving.row_k.end());
    std::sort(removed.row_k.begin(), removed.row_k.end());
  }
  if (!removed.row_k.empty()) hessian = without(hessian, removed, communicator);
  return removed;
}

}    // namespace glass
