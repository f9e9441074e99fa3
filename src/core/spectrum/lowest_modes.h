// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_LOWEST_MODES_H
#define GLASS_LOWEST_MODES_H

#include "linear_solver.h"

namespace glass {

/// Some eigenpairs of a distributed matrix.
struct PartialEigenPairs {
  Eigen::VectorXd value_p;          ///< ascending
  Eigen::MatrixXd vector_np;        ///< own rows of unit eigenvectors, one a column
  double largest_residual = 0.0;    ///< of |H e - lambda e|/lambda
};

/// The n lowest eigenpairs, above uniform translations, of a positive definite matrix: those of the
/// highest eigenvalues of its inverse, which Spectra finds by a restarted Lanczos iteration, every
/// product one linear solve. Of degenerate eigenvalues it may miss copies. Collective.
/// @param solver  its tolerance must be well below that wanted of the eigenvalues
/// @param dimension  2 if the matrix was made planar, whose unit eigenvalues are no modes
/// @throws std::invalid_argument if there are not more than n eigenvalues
/// @throws std::runtime_error if it does not converge
PartialEigenPairs lowest_modes(LinearSolver &solver, const BlockMatrix &matrix, int dimension,
                               int n, const Communicator &communicator);

}    // namespace glass

#endif
