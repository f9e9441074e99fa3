// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_CANDIDATES_H
#define GLASS_CANDIDATES_H

#include "price_tree.h"

namespace glass {

/// Of every row (a position) a short list of columns (references) that were of least value when it
/// was made, and the value that no other column was below then. As prices only rise, none is below
/// it ever after: what the list says below that value is said of all columns.
class Candidates {
 public:
  /// @param point_r3  the rows, wrapped, in an order in which neighbours are near
  Candidates(PriceTree &tree, std::vector<Torus::Point> point_r3);

  /// The best two columns of a row; no other is better than the second by more than the
  /// tolerance. There must be two.
  struct Two {
    PriceTree::Column first, second;
  };
  Two best_two(std::int32_t row, std::int64_t tolerance);

  /// Makes the list anew, at the prices of now.
  void refresh(std::int32_t row);

  const Torus::Point &point(std::int32_t row) const { return point_r3_[row]; }
  std::int32_t size() const { return static_cast<std::int32_t>(point_r3_.size()); }
  std::size_t length() const { return length_; }
  /// Columns outside of the list have at least this value.
  std::int64_t complete_below(std::int32_t row) const { return complete_below_r_[row]; }

  template <typename Visit> void for_each(std::int32_t row, Visit &&visit) const
  {
    for (std::size_t k = row * length_; k < (row + 1) * length_; ++k)
      visit(column_k_[k], cost_k_[k]);
  }

 private:
  PriceTree &tree_;
  std::vector<Torus::Point> point_r3_;
  std::size_t length_;
  std::vector<std::int32_t> column_k_;
  std::vector<std::int64_t> cost_k_;
  std::vector<std::int64_t> complete_below_r_;
  std::vector<PriceTree::Column> found_;
};

}    // namespace glass

#endif
