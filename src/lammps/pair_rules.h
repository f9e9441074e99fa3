// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PAIR_RULES_H
#define GLASS_PAIR_RULES_H

#include "potential/pair_rule.h"

#include <memory>
#include <string>

namespace LAMMPS_NS {
class LAMMPS;
}

namespace glass {

/// The site rule of LAMMPS's current pair style, with a word for the log on where it comes from.
/// The only file that knows the insides of pair styles is the one behind this header.
struct PairStyleRule {
  std::unique_ptr<PairFunction> function;    ///< what a pairwise rule refers to
  std::unique_ptr<SiteRule> rule;            ///< empty if the style has none
  std::string description;
  std::string refusal;    ///< why there is no rule, and the mend
};

/// To be called once LAMMPS has initialised the pair style; tables may change with every run.
PairStyleRule make_pair_style_rule(LAMMPS_NS::LAMMPS *lmp);

}    // namespace glass

#endif
