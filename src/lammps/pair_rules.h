// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PAIR_RULES_H
#define GLASS_PAIR_RULES_H

#include "pairwise_function.h"

#include <memory>
#include <string>
#include <vector>

namespace LAMMPS_NS {
class LAMMPS;
}

namespace glass {

/// The site rule of LAMMPS's current pair style, with a word for the log on where it comes from.
struct PairStyleRule {
  std::vector<std::unique_ptr<PairwiseFunction>> functions;    ///< what pairwise rules refer to
  std::unique_ptr<SiteRule> rule;                              ///< empty if the style has none
  std::string description;
  std::string refusal;    ///< why there is no rule

  /// See PairwiseFunction.
  double difference_error() const;
};

/// To be called once LAMMPS has initialised the pair style; tables may change with every run.
PairStyleRule make_pair_style_rule(LAMMPS_NS::LAMMPS *lmp);

/// How many computes tally the pairs of a pair style, which it keeps to itself.
int &number_of_tallies(LAMMPS_NS::Pair *pair);

/// The largest force that a pairwise style still exerts right below its cutoff, where it then
/// steps to zero; many-body styles, of which nothing is known, count as 0. Of this rank's atoms.
double force_at_cutoff(LAMMPS_NS::LAMMPS *lmp);

/// Names of the styles that act: of a hybrid those that a pair of types is mapped to.
std::vector<std::string> acting_style_names(LAMMPS_NS::LAMMPS *lmp);

/// The current pair style, followed by its sub-styles if it is a hybrid.
std::vector<LAMMPS_NS::Pair *> pair_and_sub_styles(LAMMPS_NS::LAMMPS *lmp);

}    // namespace glass

#endif
