// Part of lammps-glass, GPL-2.0.

#include "candidates.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace glass {

namespace {

/// Longer lists need fewer searches and more memory, and every look at them takes longer.
constexpr std::size_t most = 10;
constexpr std::int64_t infinite = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

}    // namespace

Candidates::Candidates(PriceTree &tree, std::vector<Torus::Point> point_r3) :
    tree_(tree), point_r3_(std::move(point_r3)), length_(std::min(most, point_r3_.size())),
    column_k_(length_ * point_r3_.size()), cost_k_(column_k_.size()),
    complete_below_r_(point_r3_.size(), unknown)
{
  for (std::int32_t row = 0; row < size(); ++row)
    refresh(row);
}

void Candidates::refresh(std::int32_t row)
{
  if (complete_below_r_[row] != unknown) {
    // What the list has already has as many columns that are at least as good.
    std::int64_t below = 0;
    for_each(row, [&](std::int32_t column, std::int64_t cost) {
      below = std::max(below, cost + tree_.price(column) + 1);
    });
    tree_.best(point_r3_[row], length_, PriceTree::ALL, found_, below);
  } else {
    // What the row before needed is a guess; without one the search looks at far more.
    const std::int64_t before = row == 0 ? infinite : complete_below_r_[row - 1];
    const std::int64_t guess = before == infinite ? infinite : before + before / 8;
    tree_.best(point_r3_[row], length_, PriceTree::ALL, found_, guess);
    if (found_.size() < length_) tree_.best(point_r3_[row], length_, PriceTree::ALL, found_);
  }
  for (std::size_t k = 0; k < length_; ++k) {
    column_k_[row * length_ + k] = found_[k].index;
    cost_k_[row * length_ + k] = found_[k].cost;
  }
  complete_below_r_[row] = length_ == point_r3_.size() ? infinite : found_.back().value;
}

Candidates::Two Candidates::best_two(std::int32_t row, std::int64_t tolerance)
{
  for (;;) {
    Two two{{infinite, 0, -1}, {infinite, 0, -1}};
    for_each(row, [&](std::int32_t column, std::int64_t cost) {
      const std::int64_t value = cost + tree_.price(column);
      if (value < two.first.value)
        two.second = std::exchange(two.first, {value, cost, column});
      else if (value < two.second.value)
        two.second = {value, cost, column};
    });
    if (two.second.value - tolerance <= complete_below_r_[row]) return two;
    refresh(row);
  }
}

}    // namespace glass
