// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BLOCK_JACOBI_H
#define GLASS_BLOCK_JACOBI_H

#include "block_operator.h"
#include "tall_skinny.h"

namespace glass {

/// Symmetric scaling by the Cholesky factors L L^T of the 3x3 diagonal blocks of a matrix A, which
/// turns A x = b into (L^-1 A L^-T)(L^T x) = L^-1 b with unit diagonal blocks, and the null vectors
/// t of A, uniform translations, into L^T t.
///
/// Vectors are those of a range of atoms, row-major, `width` columns; `first` is the first atom.
class BlockJacobi {
 public:
  /// Collective.
  /// @param n_translations  leading Cartesian components of which uniform translations are null
  ///                        vectors: 3, 2 for a planar matrix, 0 if part of the atoms is frozen
  /// @throws NoMinimum if a diagonal block is not positive definite: displacing that atom alone
  ///         lowers the energy
  BlockJacobi(const BlockMatrix &matrix, int n_translations, const Communicator &communicator);

  std::size_t n_atoms() const { return l_r_.size(); }
  int n_translations() const { return n_translations_; }

  /// v = L^-1 v
  void solve_lower(std::size_t first, std::size_t n, int width, double *v) const;
  /// y = L^-T x
  void solve_upper(std::size_t first, std::size_t n, int width, const double *x, double *y) const;

  /// shadow_ta += sum over the atoms of (L v) of the components with translations: what v has of
  /// the null vectors.
  void add_shadow(std::size_t first, std::size_t n, int width, const double *v,
                  SmallMatrix &shadow_ta) const;
  /// The factors of the null vectors that remove what has the given shadow, and what that takes
  /// from the Gram matrix of v.
  SmallMatrix null_factors(const SmallMatrix &shadow_ta) const;
  /// v -= L^T t for the translations of these factors.
  void remove_null(std::size_t first, std::size_t n, int width, const SmallMatrix &factor_ta,
                   double *v) const;

  /// gram += (L v)^T (L v)
  void add_unscaled_gram(std::size_t first, std::size_t n, int width, const double *v,
                         SmallMatrix &gram) const;

 private:
  /// The lower triangle by rows, with the inverse of its diagonal.
  struct Lower {
    double l10, l20, l21, l00, l11, l22, inverse0, inverse1, inverse2;
  };

  std::vector<Lower> l_r_;
  int n_translations_;
  SmallMatrix inverse_sum_tt_;    ///< (sum_i L_i L_i^T)^-1
};

}    // namespace glass

#endif
