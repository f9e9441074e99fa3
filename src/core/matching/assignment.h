// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_ASSIGNMENT_H
#define GLASS_ASSIGNMENT_H

#include <cstdint>
#include <vector>

namespace glass {

/// A partial matching of rows (positions) and columns (references).
struct Assignment {
  explicit Assignment(std::size_t n) : column_r(n, -1), row_c(n, -1), cost_r(n, 0) {}

  std::vector<std::int32_t> column_r, row_c;    ///< -1: free
  std::vector<std::int64_t> cost_r;             ///< of the pair of a row

  /// @returns the row that had the column before, -1 if it was free
  std::int32_t match(std::int32_t row, std::int32_t column, std::int64_t cost)
  {
    const std::int32_t before = row_c[column];
    if (before >= 0) column_r[before] = -1;
    column_r[row] = column;
    row_c[column] = row;
    cost_r[row] = cost;
    return before;
  }
};

}    // namespace glass

#endif
