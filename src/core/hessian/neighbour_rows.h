// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_NEIGHBOUR_ROWS_H
#define GLASS_NEIGHBOUR_ROWS_H

#include "environment.h"

namespace glass {

/// The atoms that own rows interact with, by their rows: every pair is seen from both its ends, and
/// every periodic image is one.
struct NeighbourRows {
  std::vector<std::size_t> first_r{0};    ///< of own row r: first_r[r] .. first_r[r + 1] - 1
  std::vector<Row> row_b;
};

}    // namespace glass

#endif
