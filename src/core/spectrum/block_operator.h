// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BLOCK_OPERATOR_H
#define GLASS_BLOCK_OPERATOR_H

#include "../hessian/block_matrix.h"
#include "halo_exchange.h"

namespace glass {

/// Several vectors over the atoms of a rank: row 3r + alpha has component alpha of the rank's r-th
/// row of blocks, one column a vector. Row-major, so that a product passes once over the matrix for
/// all of them.
using BlockVector = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Products Y = A X of a distributed symmetric matrix with several vectors at once.
///
/// Every stored block is read once: y_i += A_ij x_j and, off the diagonal, y_j += A_ij^T x_i. The
/// rows x_j of other ranks arrive while blocks within the rank are multiplied; what belongs to
/// their y_j is sent back at the end.
class BlockOperator {
 public:
  /// Collective. The matrix must outlive the operator and stay as it is.
  BlockOperator(const BlockMatrix &matrix, const Communicator &communicator);

  /// Components of a vector on this rank.
  std::size_t size() const { return 3 * n_rows_; }

  /// Y = A X, both row-major size() x s. Vectors are multiplied one, two, four or eight at a time,
  /// so that six take the time of eight; eight take about twice that of one. Collective; x and y
  /// must not overlap.
  void apply(const double *x, double *y, int s);

  /// Collective.
  BlockVector operator*(const BlockVector &x)
  {
    BlockVector y(x.rows(), x.cols());
    apply(x.data(), y.data(), static_cast<int>(x.cols()));
    return y;
  }

 private:
  BlockOperator(const BlockMatrix &matrix, const std::vector<Row> &halo_h,
                const Communicator &communicator);

  void apply_one(const double *x, double *y);

  /// For s = 2, 4, 8; for s = 1 with four numbers an atom, of which the first is padding.
  void apply_width(const double *x, double *y, int s);

  const BlockMatrix &matrix_;
  std::size_t n_rows_;
  /// Own columns are numbered from 0, those of other ranks on from n_rows, in the order of halo_.
  LargeVector<std::int32_t> column_k_;
  std::vector<std::size_t> first_halo_r_;    ///< first block of each row whose column is elsewhere
  HaloExchange halo_;
  std::vector<double> halo_y_;
  BlockVector part_x_, part_y_;
};

}    // namespace glass

#endif
