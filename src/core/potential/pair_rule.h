// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PAIR_RULE_H
#define GLASS_PAIR_RULE_H

#include "site_rule.h"

namespace glass {

/// u'(r) and u''(r) of one pair.
struct PairDerivatives {
  double du = 0.0;
  double d2u = 0.0;
};

/// The radial function of a pairwise potential. Atom indices are passed for potentials that need
/// more than the types, such as charges.
class PairFunction {
 public:
  virtual ~PairFunction() = default;
  virtual PairDerivatives derivatives(int atom_i, int atom_j, int type_i, int type_j,
                                      double r_squared) const = 0;
};

/// Site rule of a pairwise potential: U_i = 1/2 sum_j u(r_ij).
class PairRule : public SiteRule {
 public:
  explicit PairRule(const PairFunction &function) : function_(function) {}
  void evaluate(const Site &site, SiteDerivatives &out) const override;

 private:
  const PairFunction &function_;
};

}    // namespace glass

#endif
