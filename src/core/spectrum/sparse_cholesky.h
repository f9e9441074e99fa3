// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SPARSE_CHOLESKY_H
#define GLASS_SPARSE_CHOLESKY_H

#include "block_operator.h"

#include <memory>

namespace glass {

/// What a factorisation is expected to take, known before it is begun.
struct CholeskyPlan {
  std::size_t factor_bytes = 0;    ///< memory of the factor
  std::size_t bytes = 0;           ///< peak on the root: factor, matrix and workspace
  double flops = 0.0;              ///< operations of the numeric factorisation
};

/// Solves H x = b on the root with a sparse Cholesky factor (CHOLMOD, supernodal) of the whole
/// matrix, which is gathered there.
///
/// A matrix with uniform translations as null vectors is made definite by holding the first atom
/// fixed (its rows and columns are left out): exact for forces that sum to zero, as the force on
/// the first atom is then minus that on all others. Solutions are shifted to have no mean.
/// Members are collective: all ranks must call them, and what is thrown is thrown on all.
class SparseCholesky {
 public:
  /// Gathers the pattern and finds an order of elimination (nested dissection of the graph of
  /// atoms, or minimum degree where that is predicted to take less).
  /// @param n_translations  leading Cartesian components of which uniform translations are null
  ///                        vectors: 3, 2 for a planar matrix, 0 if part of the atoms is frozen
  SparseCholesky(const BlockMatrix &matrix, int n_translations, const Communicator &communicator);
  ~SparseCholesky();
  SparseCholesky(const SparseCholesky &) = delete;
  SparseCholesky &operator=(const SparseCholesky &) = delete;

  const CholeskyPlan &plan() const { return plan_; }

  /// Gathers and factorises the matrix given to the constructor. Other ranks sleep meanwhile.
  /// @throws NoMinimum if the matrix is not positive definite, or singular to rounding
  /// @throws std::runtime_error if memory does not suffice
  void factorise();

  /// Bytes of the factor; 0 before factorise().
  std::size_t factor_bytes() const { return factor_bytes_; }

  /// The solution for each column, own rows; b is taken without its part along translations.
  BlockVector solve(const BlockVector &b) const;

 private:
  struct Factor;
  enum class Outcome { done, not_definite, singular, out_of_memory, failed };
  void agree(Outcome outcome) const;
  void gather_values();
  Outcome factorise_on_root();

  const BlockMatrix &matrix_;
  Communicator communicator_;
  int n_translations_;
  std::unique_ptr<Factor> factor_;    ///< on the root
  CholeskyPlan plan_;
  std::size_t factor_bytes_ = 0;
};

}    // namespace glass

#endif
