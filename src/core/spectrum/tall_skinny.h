// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TALL_SKINNY_H
#define GLASS_TALL_SKINNY_H

#include <Eigen/Core>

namespace glass {

/// The most vectors that are iterated together: a product with the matrix takes hardly longer for
/// eight than for one, with more it does.
constexpr int most_vectors = 8;

/// A matrix between sets of at most eight vectors.
using SmallMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor,
                                  most_vectors, most_vectors>;

/// gram += X^T Y, for row-major X of n rows and gram.rows() columns, Y of gram.cols() columns.
void add_gram(const double *x, const double *y, Eigen::Index n, SmallMatrix &gram);

/// Y += X M, for row-major X of n rows and m.rows() columns, Y of m.cols() columns.
void add_times(const double *x, const SmallMatrix &m, Eigen::Index n, double *y);

}    // namespace glass

#endif
