// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SHORTEST_PATHS_H
#define GLASS_SHORTEST_PATHS_H

#include "assignment.h"
#include "candidates.h"

namespace glass {

/// Matches one free row after another along a shortest augmenting path in reduced costs (Dijkstra),
/// which keeps all matched rows at their very best column: once no row is free, the assignment is
/// optimal. The graph is that of all pairs. A row that was reached is worth another look when the
/// path has become as long as to the best column that it has not been looked at for; only then are
/// the next such columns searched for, among those that the path search has not settled. So no
/// list grows, however far the path must go.
class ShortestPaths {
 public:
  /// Every matched row has a column of its least value.
  ShortestPaths(PriceTree &tree, Candidates &candidates, Assignment &assignment);

  /// Matches a free row.
  void augment(std::int32_t free_row);

 private:
  struct Event {
    std::int64_t length;
    std::int32_t index;    ///< column to settle, or ~row to look at again
  };
  static bool later(const Event &a, const Event &b);
  void scan(std::int32_t row);
  void look_again(std::int32_t row);
  void reach(std::int32_t row, std::int32_t column, std::int64_t length);
  void add_event(std::int64_t length, std::int32_t index);
  std::int64_t length_less_value(std::int32_t row) const;
  void finish();

  PriceTree &tree_;
  Candidates &candidates_;
  Assignment &assignment_;
  std::vector<std::int64_t> length_c_;       ///< of the shortest path known
  std::vector<std::int32_t> from_c_;         ///< the row before a column on it
  std::vector<std::int32_t> refreshed_r_;    ///< number of the search that last refreshed a row
  std::vector<std::int32_t> reached_, settled_;
  std::vector<Event> heap_;
  std::vector<PriceTree::Column> found_;
  std::int32_t search_ = 0;
  std::int32_t free_row_ = -1, free_column_ = -1;
  std::int64_t shortest_ = 0;    ///< to a free column
};

}    // namespace glass

#endif
