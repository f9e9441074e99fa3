// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_DENSE_EIGEN_H
#define GLASS_DENSE_EIGEN_H

#include <Eigen/Core>

#include <cstddef>
#include <limits>
#include <string>

namespace glass {

/// Which eigenpairs are wanted: those with low < lambda <= high.
struct EigenvalueRange {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool all() const
  {
    return low == -std::numeric_limits<double>::infinity() &&
           high == std::numeric_limits<double>::infinity();
  }
};

/// Eigenvalues in ascending order and unit eigenvectors in the columns of the same order.
struct EigenPairs {
  Eigen::VectorXd value_p;
  Eigen::MatrixXd vector_np;
};

/// How a dense eigenproblem is solved, and what that costs beside the matrix itself.
struct DensePlan {
  std::string routine;      ///< LAPACK's name
  std::size_t bytes = 0;    ///< peak memory, the matrix included
};

/// dsyevd (divide and conquer) for all pairs, where its workspace fits into `available` bytes and
/// its length into LAPACK's 32-bit integers; else, and for a range, dsyevr.
DensePlan plan_dense(std::size_t n, const EigenvalueRange &range, std::size_t available);

/// Eigenpairs of a real symmetric matrix, of which the lower triangle is read, by the planned
/// LAPACK routine. Takes the matrix, whose memory is reused.
/// @throws std::invalid_argument if the matrix is not square or has an element that is no number
/// @throws std::runtime_error if LAPACK reports that it did not converge
EigenPairs solve_dense(Eigen::MatrixXd &&matrix, const EigenvalueRange &range,
                       const DensePlan &plan);

/// Name and build of the linear algebra library, as far as it tells.
std::string linear_algebra_library();

/// Threads that it uses; 1 if it does not tell.
int linear_algebra_threads();

}    // namespace glass

#endif
