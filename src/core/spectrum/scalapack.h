// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SCALAPACK_H
#define GLASS_SCALAPACK_H

#include "../communicator.h"
#include "block_cyclic.h"

#include <string>

namespace glass {

/// Why there is no ScaLAPACK to use; empty if there is one. It is loaded when it is first needed.
/// The same on all ranks. Collective.
std::string scalapack_is_missing(const Communicator &communicator);

/// What pdsyevd needs.
struct ScalapackPlan {
  AtomGrid grid;
  std::size_t bytes = 0;      ///< peak memory of the rank that needs most, matrix included
  bool addressable = true;    ///< whether the workspace is within ScaLAPACK's 32-bit integers
};

ScalapackPlan plan_scalapack(Row n_atoms, int dimension, int n_ranks);

/// All eigenpairs of a real symmetric matrix in the layout of the plan's grid, of which the lower
/// triangle is read, by ScaLAPACK's pdsyevd (divide and conquer). Collective.
/// @param matrix  this rank's part; consumed
/// @param vector  this rank's part of the unit eigenvectors, column p that of value p
/// @return eigenvalues, ascending, on all ranks
/// @throws std::runtime_error, on all ranks, if there is no ScaLAPACK or if it does not converge
Eigen::VectorXd solve_scalapack(Eigen::MatrixXd &&matrix, const ScalapackPlan &plan,
                                const Communicator &communicator, Eigen::MatrixXd &vector);

/// Name and build of the linear algebra library below ScaLAPACK, as far as it tells.
std::string library_of_scalapack();

}    // namespace glass

#endif
