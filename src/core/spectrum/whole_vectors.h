// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_WHOLE_VECTORS_H
#define GLASS_WHOLE_VECTORS_H

#include "block_operator.h"

namespace glass {

/// Distributed vectors whole on every rank: row dimension * i + alpha has component alpha of the
/// i-th atom of all. Collective.
inline Eigen::MatrixXd whole_vectors(const BlockVector &v, int dimension,
                                     const Communicator &communicator)
{
  const std::vector<double> whole =
      communicator.gather_on_all(std::vector<double>(v.data(), v.data() + v.size()));
  const Eigen::Index n_atoms =
      v.cols() > 0 ? static_cast<Eigen::Index>(whole.size()) / (3 * v.cols()) : 0;
  const Eigen::Map<const BlockVector> rows(whole.data(), 3 * n_atoms, v.cols());
  Eigen::MatrixXd confined(dimension * n_atoms, v.cols());
  for (Eigen::Index i = 0; i < n_atoms; ++i)
    confined.middleRows(dimension * i, dimension) = rows.middleRows(3 * i, dimension);
  return confined;
}

}    // namespace glass

#endif
