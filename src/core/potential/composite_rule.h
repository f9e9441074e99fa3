// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_COMPOSITE_RULE_H
#define GLASS_COMPOSITE_RULE_H

#include "site_rule.h"

#include <memory>

namespace glass {

/// A sum of potentials, each between some pairs of types within a cutoff of its own.
class CompositeRule : public SiteRule {
 public:
  struct Part {
    std::unique_ptr<SiteRule> rule;
    /// For types i, j (1-based) element (i - 1) * n_types + j - 1; 0 where the part does not act.
    std::vector<double> cutoff_squared_tt;
  };

  CompositeRule(std::vector<Part> parts, int n_types) : parts_(std::move(parts)), n_types_(n_types)
  {
  }
  void evaluate(const Site &site, SiteDerivatives &out) const override;

 private:
  std::vector<Part> parts_;
  int n_types_;
};

}    // namespace glass

#endif
