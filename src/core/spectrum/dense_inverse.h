// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_DENSE_INVERSE_H
#define GLASS_DENSE_INVERSE_H

#include <Eigen/Core>

#include <cstddef>

namespace glass {

/// The inverse of a symmetric matrix on the space of its eigenvectors that have stiffness.
struct DenseInverse {
  Eigen::MatrixXd inverse_nn;      ///< the whole of it, both triangles
  Eigen::MatrixXd zero_mode_nz;    ///< eigenvectors left out, one a column
};

/// Peak memory of invert_stiffness() with the buffers of OpenBLAS, if the matrix is definite; its
/// eigenvectors take three times that.
std::size_t dense_inverse_bytes(std::size_t n);

/// Inverts a stiffness matrix, of which both triangles are given: by its Cholesky factor (LAPACK's
/// dpotrf and dpotri, n^3 operations) where that says that it is definite, else by its eigenvectors
/// (dsyevd), leaving out those whose eigenvalue is of no more than `floor` in size. Takes the
/// matrix, whose memory is reused.
/// @param floor  not less than 1e-10 of the mean eigenvalue is taken
/// @throws NoMinimum if an eigenvalue is negative
/// @throws std::invalid_argument, std::runtime_error as solve_dense()
DenseInverse invert_stiffness(Eigen::MatrixXd &&matrix_nn, double floor,
                              std::size_t available_bytes);

}    // namespace glass

#endif
