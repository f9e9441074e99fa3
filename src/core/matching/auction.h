// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_AUCTION_H
#define GLASS_AUCTION_H

#include "assignment.h"
#include "candidates.h"

#include <functional>

namespace glass {

struct AuctionRules {
  std::int64_t epsilon = 0;
  /// Look for columns beyond a row's list only when those in it have become worse by this than
  /// any other may be. Saves nearly all searches, and the end is within epsilon + tolerance.
  std::int64_t tolerance = 0;
  std::int64_t most_bids = 0;    ///< ends when they are spent
};

/// Lets rows bid for columns (Bertsekas, Ann. Oper. Res. 14, 105 (1988)): a free row takes the
/// column of least value c + p and raises its price until it is worth epsilon less than the second
/// best; who had the column is free again. Rows are then within epsilon of their best column. With
/// epsilon and tolerance 0 this is the augmenting row reduction of Jonker and Volgenant (Computing
/// 38, 325 (1987)): matched rows have their very best column.
/// @param waiting  free rows, bidding in turn
/// @param report  called now and then with the number of free rows
/// @returns the rows that are free still
std::vector<std::int32_t> auction(PriceTree &tree, Candidates &candidates, Assignment &assignment,
                                  std::vector<std::int32_t> waiting, const AuctionRules &rules,
                                  const std::function<void(std::size_t)> &report);

}    // namespace glass

#endif
