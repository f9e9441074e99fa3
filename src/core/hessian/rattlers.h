// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_RATTLERS_H
#define GLASS_RATTLERS_H

#include "block_matrix.h"

namespace glass {

/// Rows of a distributed matrix that are taken out of it, ascending, the same on every rank.
struct RemovedRows {
  std::vector<Row> row_k;

  bool contain(Row row) const { return std::binary_search(row_k.begin(), row_k.end(), row); }
  /// The number of a row that stays, among those that stay.
  Row renumbered(Row row) const
  {
    return row - (std::lower_bound(row_k.begin(), row_k.end(), row) - row_k.begin());
  }
};

/// Takes atoms out of a Hessian that have a direction in which nothing holds them (rattlers): those
/// whose own block has an eigenvalue of no more than `floor` in size. What they add to the blocks
/// of their neighbours goes with them, so that rows still add up to zero, as if they were not
/// there; then others may have lost their hold, and so on. Collective.
/// @param dimension  Cartesian components that count
/// @param floor      between 1e-10 and 1e-5 of the mean stiffness, or the nearer of these is taken.
///                   A force f that is left turns a contact at distance r into one of stiffness
///                   -f/r across it; an atom that is held has a tenth of the mean or more.
/// @throws NoMinimum if displacing one atom alone lowers the energy
RemovedRows remove_rattlers(BlockMatrix &hessian, int dimension, double floor,
                            const Communicator &communicator);

}    // namespace glass

#endif
