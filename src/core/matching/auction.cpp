// Part of lammps-glass, GPL-2.0.

#include "auction.h"

#include <utility>

namespace glass {

std::vector<std::int32_t> auction(PriceTree &tree, Candidates &candidates, Assignment &assignment,
                                  std::vector<std::int32_t> waiting, const AuctionRules &rules,
                                  const std::function<void(std::size_t)> &report)
{
  std::vector<std::int32_t> outbid, left;
  std::int64_t bids = 0;
  while (!waiting.empty()) {
    outbid.clear();
    for (const std::int32_t row : waiting) {
      if (bids == rules.most_bids) {
        left.push_back(row);
        continue;
      }
      if (++bids % 1'000'000 == 0) report(waiting.size());
      const auto [first, second] = candidates.best_two(row, rules.tolerance);
      const std::int64_t raise = second.value - first.value + rules.epsilon;
      PriceTree::Column taken = first;
      if (raise == 0 && assignment.row_c[first.index] >= 0) {
        // Nothing to bid: two rows would take the column from each other for ever.
        if (assignment.row_c[second.index] >= 0) {
          left.push_back(row);
          continue;
        }
        taken = second;
      }
      tree.raise(taken.index, raise);
      const std::int32_t before = assignment.match(row, taken.index, taken.cost);
      if (before >= 0) outbid.push_back(before);
    }
    std::swap(waiting, outbid);
  }
  return left;
}

}    // namespace glass
