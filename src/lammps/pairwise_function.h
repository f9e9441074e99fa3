// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PAIRWISE_FUNCTION_H
#define GLASS_PAIRWISE_FUNCTION_H

#include "potential/pair_rule.h"

#include <string>

namespace LAMMPS_NS {
class Pair;
}

namespace glass {

/// u' and u'' of a pairwise style of LAMMPS.
///
/// Where the style has a born_matrix() that belongs to its single(), or a single_hessian(), that
/// one's values are taken:
/// u' is held against single() at every bond, u'' once for each pair of types. Some styles inherit
/// born_matrix() from a style with another energy (lj/cut/coul/debye, nm/cut/split), some leave
/// out their inner cutoffs in it, and lj96/cut has a slip in u'' (4Feb2025). There, and in styles
/// without born_matrix(), u'' is a one-dimensional difference of the force that single() returns:
/// of fourth order, with its error estimated from the one of second order, and one-sided next to
/// the cutoff and to points where the force is not smooth. Of the first bonds of each pair of types
/// it is held against a wide difference, too, which tells a force that is constant piece by piece.
class PairwiseFunction : public PairFunction {
 public:
  /// Whether the style says what its second derivative is; formula_holds() sees whether it is.
  static bool has_formula(const LAMMPS_NS::Pair *pair);

  /// `exact`: the formula is known to be right, as that of the pair styles of this plugin.
  PairwiseFunction(LAMMPS_NS::Pair *pair, int n_types, bool exact = false);

  PairDerivatives derivatives(int i, int j, int type_i, int type_j,
                              double r_squared) const override;

  /// The largest difference between the orders of differentiation so far, relative to the largest
  /// |u'/r| + |u''|: a bound on the error of u''; 0 if every u'' came from a formula of the style.
  double difference_error() const { return scale_ > 0.0 ? difference_error_ / scale_ : 0.0; }

 private:
  struct Bond {
    int i, j, type_i, type_j;
  };
  double slope(const Bond &bond, double r) const;
  double curvature(const Bond &bond, double r, double slope_at_r, double &error) const;
  double disagreement_with_wide(const Bond &bond, double r, double slope_at_r, double d2u) const;
  PairDerivatives formula(const Bond &bond, double r_squared) const;
  bool formula_holds(const Bond &bond, double r, const PairDerivatives &u) const;

  LAMMPS_NS::Pair *pair_;
  int n_types_;
  enum class Trust : char { unknown, formula, difference };
  mutable std::vector<Trust> trust_tt_;
  mutable std::vector<int> n_wide_tt_;    ///< bonds held against a wide difference
  mutable double difference_error_ = 0.0, scale_ = 0.0;
};

}    // namespace glass

#endif
