// Part of lammps-glass, GPL-2.0.

#include "shortest_paths.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace glass {

namespace {

constexpr std::int64_t infinite = std::numeric_limits<std::int64_t>::max();

}    // namespace

/// Columns before rows of the same length: when a row is looked at again, all columns that it has
/// been looked at for are settled, and every search finds others.
bool ShortestPaths::later(const Event &a, const Event &b)
{
  return a.length > b.length || (a.length == b.length && a.index < b.index);
}

ShortestPaths::ShortestPaths(PriceTree &tree, Candidates &candidates, Assignment &assignment) :
    tree_(tree), candidates_(candidates), assignment_(assignment), length_c_(tree.size(), infinite),
    from_c_(tree.size(), -1), refreshed_r_(tree.size(), -1)
{
}

/// The length of a path by way of the row to a column is this and the column's value to the row.
/// The free row's own value is taken as zero.
std::int64_t ShortestPaths::length_less_value(std::int32_t row) const
{
  if (row == free_row_) return 0;
  const std::int32_t column = assignment_.column_r[row];
  return length_c_[column] - (assignment_.cost_r[row] + tree_.price(column));
}

void ShortestPaths::add_event(std::int64_t length, std::int32_t index)
{
  heap_.push_back({length, index});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void ShortestPaths::reach(std::int32_t row, std::int32_t column, std::int64_t length)
{
  if (length >= shortest_ || length >= length_c_[column]) return;
  if (length_c_[column] == infinite) reached_.push_back(column);
  length_c_[column] = length;
  from_c_[column] = row;
  if (assignment_.row_c[column] < 0) {
    shortest_ = length;
    free_column_ = column;
  } else
    add_event(length, column);
}

void ShortestPaths::scan(std::int32_t row)
{
  const std::int64_t base = length_less_value(row);
  candidates_.for_each(row, [&](std::int32_t column, std::int64_t cost) {
    if (!tree_.closed(column)) reach(row, column, base + cost + tree_.price(column));
  });
  const std::int64_t others = candidates_.complete_below(row);
  if (others != infinite && base + others < shortest_) add_event(base + others, ~row);
}

void ShortestPaths::look_again(std::int32_t row)
{
  if (std::exchange(refreshed_r_[row], search_) != search_) {
    candidates_.refresh(row);
    scan(row);
    return;
  }
  const std::int64_t base = length_less_value(row);
  const std::int64_t below = shortest_ == infinite ? infinite : shortest_ - base;
  tree_.best(candidates_.point(row), candidates_.length(), PriceTree::OPEN, found_, below);
  for (const PriceTree::Column &column : found_)
    reach(row, column.index, base + column.value);
  // Fewer: there are no others that lead anywhere.
  if (found_.size() == candidates_.length()) add_event(base + found_.back().value, ~row);
}

void ShortestPaths::augment(std::int32_t free_row)
{
  free_row_ = free_row;
  free_column_ = -1;
  shortest_ = infinite;
  ++search_;
  scan(free_row);
  while (!heap_.empty() && heap_.front().length < shortest_) {
    const Event next = heap_.front();
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
    if (next.index < 0)
      look_again(~next.index);
    else if (!tree_.closed(next.index)) {
      tree_.close(next.index);
      settled_.push_back(next.index);
      scan(assignment_.row_c[next.index]);
    }
  }
  finish();
}

/// Raises the prices of settled columns, such that the path costs nothing, and follows it back.
void ShortestPaths::finish()
{
  for (const std::int32_t column : settled_)
    tree_.raise(column, shortest_ - length_c_[column]);
  for (std::int32_t column = free_column_; column >= 0;) {
    const std::int32_t row = from_c_[column];
    const std::int32_t before = assignment_.column_r[row];
    assignment_.column_r[row] = column;
    assignment_.row_c[column] = row;
    assignment_.cost_r[row] = tree_.cost(candidates_.point(row), column);
    column = before;
  }
  for (const std::int32_t column : reached_)
    length_c_[column] = infinite;
  tree_.open_all();
  reached_.clear();
  settled_.clear();
  heap_.clear();
}

}    // namespace glass
