// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MANY_BODY_RULES_H
#define GLASS_MANY_BODY_RULES_H

#include "potential/site_rule.h"

#include <memory>
#include <string>

namespace LAMMPS_NS {
class Pair;
}

namespace glass {

/// Pair styles with angles that have an exact rule.
enum class ManyBodyStyle { none, stillinger_weber, tersoff, tersoff_mod, tersoff_zbl };

/// By the name of a pair style, whatever its suffix: sw, tersoff, tersoff/mod and tersoff/zbl.
/// Other styles of these families (sw/mod, tersoff/table, ...) have other energies.
ManyBodyStyle many_body_style(const std::string &style);

/// The rule of a pair style that LAMMPS has initialized, or empty and why. The pair style must be
/// what its name says, as nothing else tells. Parameters are copied.
/// @param pair  the pair style itself: of pair style hybrid, the sub-style; types that are not
///              mapped to an element (NULL) do not interact
std::unique_ptr<SiteRule> stillinger_weber_rule(LAMMPS_NS::Pair *pair, int n_types,
                                                std::string &refusal);
std::unique_ptr<SiteRule> tersoff_rule(LAMMPS_NS::Pair *pair, ManyBodyStyle style, int n_types,
                                       std::string &refusal);

}    // namespace glass

#endif
