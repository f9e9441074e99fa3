// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_CERTIFICATE_H
#define GLASS_CERTIFICATE_H

#include "matching_problem.h"
#include "price_tree.h"

namespace glass {

/// What a permutation and prices prove; see certify().
struct MatchingCertificate {
  bool bijective = false;    ///< every reference is the partner of one position
  bool optimal = false;      ///< bijective, and every position is matched with its best reference
  std::int32_t position = -1, reference = -1;    ///< a pair that contradicts, if there is one
  double sum_of_squares = 0.0;                   ///< length^2
  double lower_bound = 0.0;    ///< of all permutations, length^2; 0 if not optimal
};

/// Checks an assignment over all pairs, in exact integers (duality of linear programming).
///
/// Costs are c_ij = floor(S |r_i - R_j|^2). With prices p_j, v_j = -p_j and u_i = c_iπ(i) + p_π(i),
/// it is optimal if c_ij + p_j >= u_i for every pair, since then no permutation costs less than
/// sum_i u_i + sum_j v_j, which is the cost of π. As c_ij <= S |r_i - R_j|^2, no permutation has a
/// sum of squares below that number divided by S. Groups of references are left out only where a
/// lower bound of their distances and their least price prove the inequality (PriceTree).
/// @param partner_n  reference of each position
/// @param tree  of the references, with the prices
/// @param order_n  all positions, in an order in which neighbours are near (speed only)
MatchingCertificate certify(const MatchingProblem &problem, Span<const std::int32_t> partner_n,
                            const PriceTree &tree, Span<const std::int32_t> order_n);

}    // namespace glass

#endif
