// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MATCHING_PROBLEM_H
#define GLASS_MATCHING_PROBLEM_H

#include "torus.h"

#include "../span.h"

#include <cstdint>
#include <vector>

namespace glass {

constexpr double largest_cost = 0x1p59;    ///< costs are below it, so that sums of some fit

/// Two configurations of one species, wrapped, and the unit of their costs.
struct MatchingProblem {
  /// @throws std::invalid_argument as Matcher::match
  MatchingProblem(Span<const double> position_n3, Span<const double> reference_n3,
                  const MatchingCell &cell);

  std::size_t size() const { return position_n3.size(); }

  Torus torus;
  std::vector<Torus::Point> position_n3, reference_n3;
  double scale = 1.0;    ///< S: costs are floor(S |r_i - R_j|^2)
};

}    // namespace glass

#endif
