// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PLANAR_H
#define GLASS_PLANAR_H

#include "../hessian/block_matrix.h"

namespace glass {

/// Confines a Hessian to the x and y components, for a system of dimension 2: couplings of z are
/// set to zero and its diagonal to one, so that the blocks remain 3x3 and a force without z
/// component has a response without. Uniform translations along x and y remain null vectors.
inline void make_planar(BlockMatrix &matrix)
{
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k) {
      double *block = matrix.value_k9.data() + 9 * k;
      block[2] = block[5] = block[6] = block[7] = 0.0;
      block[8] = k == matrix.first_r[r] ? 1.0 : 0.0;
    }
}

}    // namespace glass

#endif
