// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BLOCK_MATRIX_H
#define GLASS_BLOCK_MATRIX_H

#include "../communicator.h"
#include "../large_vector.h"
#include "environment.h"

namespace glass {

/// A symmetric sparse matrix of 3x3 blocks, one row of blocks an atom, rows spread over ranks as
/// the layout says. Only the diagonal and what is right of it is stored. This is the part that one
/// rank holds; columns are numbered over all ranks and ascend within a row, from the diagonal on.
struct BlockMatrix {
  RowLayout layout;
  std::vector<std::size_t> first_r{
      0};    ///< blocks of the rank's r-th row: first_r[r] .. first_r[r+1]-1
  std::vector<std::int32_t> column_k;    ///< column of each block
  LargeVector<double> value_k9;          ///< nine entries a block, row by row

  std::size_t n_rows() const { return first_r.size() - 1; }
  std::size_t n_blocks() const { return column_k.size(); }
  std::size_t bytes() const
  {
    return n_rows() * sizeof(std::size_t) +
           n_blocks() * (sizeof(std::int32_t) + 9 * sizeof(double));
  }
};

/// sum_i sum_alpha H_iα,iα over the first `dimension` components. Collective.
double trace(const BlockMatrix &matrix, int dimension, const Communicator &communicator);

/// The largest sum of |elements| of a row, which no |eigenvalue| exceeds, over the first
/// `dimension` components. Collective.
/// @throws std::invalid_argument, on all ranks, if an element is no number
double largest_row_sum(const BlockMatrix &matrix, int dimension, const Communicator &communicator);

/// M^(-1/2) H M^(-1/2) as a dense matrix on the root, over the first `dimension` Cartesian
/// components; element (dimension * i + alpha, dimension * j + beta) for rows i, j. Empty on the
/// other ranks.
/// @param inverse_sqrt_mass_i  factor of each row, on the root; one a row of the whole matrix
Eigen::MatrixXd gather_dense(const BlockMatrix &matrix,
                             const std::vector<double> &inverse_sqrt_mass_i, int dimension,
                             const Communicator &communicator);

}    // namespace glass

#endif
