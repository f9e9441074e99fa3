// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BLOCK_CG_H
#define GLASS_BLOCK_CG_H

#include "block_jacobi.h"

#include <functional>

namespace glass {

struct IterationOptions {
  double tolerance = 1.0e-10;    ///< of |b - A x|/|b|, for every column
  int max_iterations = 20000;
  /// Called on all ranks every `progress_every` iterations with their number and the largest
  /// estimated relative residual.
  std::function<void(int, double)> progress;
  int progress_every = 50;
};

struct IterationResult {
  BlockVector x;                     ///< own rows; without translation
  int iterations = 0;                ///< products with the matrix, of up to eight vectors each
  std::vector<double> residual_c;    ///< |b - A x|/|b|, computed from x; 0 where b = 0
  bool converged = false;            ///< all residuals are within the tolerance
};

/// Solves A x = b for every column of b, own rows, by preconditioned block conjugate gradients: all
/// columns (up to eight at a time) search the sum of their Krylov spaces, in the variables of
/// BlockJacobi. The part of b along translations is left out.
///
/// The variant is BCGrQ (Dubrulle, Electron. Trans. Numer. Anal. 12, 216 (2001)), which keeps the
/// block of residuals orthonormal, so that columns that depend on each other, vanish, or converge
/// early do no harm: directions that have vanished are dropped. What the recurrence has lost to
/// rounding by the time it ends is made up by a restart from the residual b - A x. Collective.
///
/// @throws NoMinimum if a direction is met along which the energy falls. One that the right-hand
///         sides do not couple to may go unnoticed, as against SparseCholesky.
IterationResult block_cg(BlockOperator &a, const BlockJacobi &jacobi, const BlockVector &b,
                         const IterationOptions &options, const Communicator &communicator);

}    // namespace glass

#endif
