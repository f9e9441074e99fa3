// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_CHEBYSHEV_H
#define GLASS_CHEBYSHEV_H

#include "lanczos.h"

#include <functional>

namespace glass {

/// An interval of eigenvalues, mapped to x = (lambda - centre)/half_width in [-1, 1].
struct ChebyshevInterval {
  double centre = 0.0, half_width = 1.0;

  double to_x(double lambda) const { return (lambda - centre) / half_width; }
};

/// The extreme eigenvalues of D, up to what a hundred Lanczos steps leave of the difference.
/// Collective.
/// @param start  one random vector
SpectralRange extreme_ritz_values(DynamicalMatrix &matrix, const BlockVector &start);

/// The range, and zero, with a hundredth of the width to spare on either side.
ChebyshevInterval enclosing_interval(const SpectralRange &range);

/// mu_n,c = v_c.T_n(X) v_c with X = (D - centre)/half_width, for n = 0 ... n_moments - 1, one
/// column a vector. Two moments a product, by 2 T_n T_n = T_2n + T_0 and 2 T_n+1 T_n = T_2n+1 +
/// T_1. Collective.
/// @param progress  called with the part that is done, now and then; may be empty
/// @throws std::runtime_error if a moment exceeds mu_0: an eigenvalue is outside the interval
Eigen::MatrixXd chebyshev_moments(DynamicalMatrix &matrix, const ChebyshevInterval &interval,
                                  const BlockVector &start, int n_moments,
                                  const std::function<void(double)> &progress);

}    // namespace glass

#endif
