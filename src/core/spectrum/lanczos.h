// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_LANCZOS_H
#define GLASS_LANCZOS_H

#include "dynamical_matrix.h"

#include <complex>
#include <vector>

namespace glass {

/// What Lanczos' recurrence finds from one start vector v: the symmetric tridiagonal matrix T of D
/// in the orthonormal basis of its Krylov space. For functions f that polynomials represent well,
/// v.f(D) v = |v|^2 e_1.f(T) e_1 (Golub and Meurant, Matrices, Moments and Quadrature, ch. 4 and
/// 6). Without reorthogonalization eigenvalues repeat in T, which such functions do not mind.
struct Tridiagonal {
  double norm_squared = 0.0;      ///< v.v
  std::vector<double> alpha_k;    ///< diagonal
  std::vector<double> beta_k;     ///< beta_k[k] couples k and k + 1; the last leads out of T

  int size() const { return static_cast<int>(alpha_k.size()); }
};

/// One Lanczos recurrence a column, side by side, so that a product serves all of them. Three
/// vectors a column are kept, no basis. Members are collective.
class Lanczos {
 public:
  /// @param start  of the space of the matrix's modes; a column may be zero
  Lanczos(DynamicalMatrix &matrix, const BlockVector &start);

  /// n further steps.
  void advance(int n);

  /// The recurrence of a column. It ends early where the Krylov space is exhausted (beta = 0).
  const Tridiagonal &column(Eigen::Index c) const { return tridiagonal_c_[c]; }

  /// Numbers that are kept, vectors and coefficients, on this rank.
  std::size_t bytes() const;

 private:
  DynamicalMatrix &matrix_;
  BlockVector previous_, current_, next_;
  std::vector<Tridiagonal> tridiagonal_c_;
  int steps_ = 0;
  Eigen::VectorXd beta_c_;           ///< that of the last step; 0 where a column has ended
  std::vector<double> largest_c_;    ///< of |alpha| + beta, the scale of rounding
};

/// An element of the resolvent, and what is left out.
struct ResolventElement {
  std::complex<double> value;    ///< e_1.(T - z)^-1 e_1

  /// |beta_k e_k.(T - z)^-1 e_1|^2: v.v times this, over the distance of z from the spectrum of D,
  /// bounds the error of v.v value. For v - (D - z) x is a multiple of the next basis vector q, the
  /// factor beta_k e_k.(T - z)^-1 e_1 |v|, and orthogonal to x, so that the error of v.x is that
  /// factor squared times q.(D - z)^-1 q.
  double residual_squared = 0.0;
};

/// By the continued fraction, from its end. z must not be an eigenvalue of T.
ResolventElement resolvent(const Tridiagonal &t, std::complex<double> z);

/// The extreme eigenvalues of T, which are within the spectrum of D up to rounding. T is not empty.
struct SpectralRange {
  double low = 0.0, high = 0.0;
};

SpectralRange ritz_range(const Tridiagonal &t);

}    // namespace glass

#endif
