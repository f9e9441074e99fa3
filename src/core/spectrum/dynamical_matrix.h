// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_DYNAMICAL_MATRIX_H
#define GLASS_DYNAMICAL_MATRIX_H

#include "block_operator.h"

#include <cstdint>

namespace glass {

/// The dynamical matrix D = M^-1/2 H M^-1/2 of a distributed Hessian, as an operator on the space
/// of the modes: without uniform translations, if those are null vectors, and without z in
/// dimension 2. Products keep to that space what is in it. Members are collective.
class DynamicalMatrix {
 public:
  /// @param hessian     consumed: its blocks are scaled in place
  /// @param mass_r      of the own rows
  /// @param factor      turns energy/(mass distance^2) into 1/time^2 (LAMMPS's ftm2v)
  /// @param translations  whether uniform translations are null vectors: nothing is frozen
  DynamicalMatrix(BlockMatrix &&hessian, const std::vector<double> &mass_r, double factor,
                  int dimension, bool translations, const Communicator &communicator);
  DynamicalMatrix(const DynamicalMatrix &) = delete;
  DynamicalMatrix &operator=(const DynamicalMatrix &) = delete;

  const BlockMatrix &matrix() const { return matrix_; }
  const Communicator &communicator() const { return communicator_; }
  int dimension() const { return dimension_; }

  /// Components of a vector on this rank; z is among them in dimension 2, too.
  std::size_t size() const { return operator_.size(); }

  /// Eigenvectors of the space: d (N - 1), or d N without translations.
  Eigen::Index n_modes() const;

  /// Y = D X, both row-major size() x s.
  void apply(const double *x, double *y, int s) { operator_.apply(x, y, s); }

  /// Subtracts what vectors have of mass-weighted uniform translations and, in dimension 2, of z.
  void project(BlockVector &v) const;

  /// v_i = f_i sqrt(factor/m_i), then project(): forces as D's eigenvectors see them, such that
  /// v.v has the unit energy/time^2 if f.f is force^2.
  BlockVector mass_weighted(const BlockVector &force) const;

  /// Elements +1 or -1, projected; they depend on the seed, the number of the vector, and the IDs
  /// and components of the atoms alone: the same for any number of ranks and order of atoms.
  /// E[v v^T] is the projector on the space, so that E[v.f(D) v] = tr f(D).
  /// @param id_r   IDs of the atoms of the own rows
  /// @param first  number of the first vector
  BlockVector random_vectors(const std::vector<std::int64_t> &id_r, std::uint64_t seed, int first,
                             int n) const;

 private:
  std::vector<double> sqrt_mass_r_;
  double total_mass_ = 0.0;
  double sqrt_factor_;
  int dimension_;
  bool translations_;
  Communicator communicator_;
  BlockMatrix matrix_;
  BlockOperator operator_;
};

/// a_c . b_c of all columns, over all ranks.
Eigen::VectorXd column_dots(const BlockVector &a, const BlockVector &b,
                            const Communicator &communicator);

}    // namespace glass

#endif
