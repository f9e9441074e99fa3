// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_LOWEST_EIGENPAIRS_H
#define GLASS_LOWEST_EIGENPAIRS_H

#include "dynamical_matrix.h"

#include <functional>

namespace glass {

/// The lowest eigenpairs of a dynamical matrix.
struct LowestEigenPairs {
  Eigen::VectorXd value_p;          ///< ascending
  BlockVector vector_np;            ///< own rows of unit eigenvectors, one a column
  double bound = 0.0;               ///< no |eigenvalue| of the matrix exceeds it
  double largest_residual = 0.0;    ///< of |D e - lambda e|
  int n_products = 0;
  int n_missed = 0;    ///< copies of degenerate eigenvalues that the first search had missed
};

/// What lowest_eigenpairs() allocates on a rank, beside the matrix: whole vectors, on every one.
std::size_t bytes_of_lowest(Eigen::Index n_atoms, int n);

/// The n lowest eigenpairs by a restarted Lanczos iteration (Spectra). The translations are moved
/// to the upper end of the spectrum, as are afterwards the pairs that were found: a further search
/// shows whether copies of degenerate eigenvalues were missed, until nothing lower is left.
/// Collective.
/// @param progress  called after every product with their number; must not communicate
/// @throws std::invalid_argument unless n >= 1 and no more than half of the modes are asked for
/// @throws std::runtime_error if it does not converge
LowestEigenPairs lowest_eigenpairs(DynamicalMatrix &matrix, int n,
                                   const std::function<void(int)> &progress);

}    // namespace glass

#endif
