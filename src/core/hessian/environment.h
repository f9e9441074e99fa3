// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_ENVIRONMENT_H
#define GLASS_ENVIRONMENT_H

#include "../large_vector.h"

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace glass {

/// Number of a row of 3 (one atom) in a matrix that is spread over all ranks.
using Row = std::int64_t;
constexpr Row no_row = -1;

/// Which rank holds which rows: rank p holds [first_p[p], first_p[p + 1]).
struct RowLayout {
  std::vector<Row> first_p;

  Row size() const { return first_p.back(); }
  Row first(int rank) const { return first_p[rank]; }
  Row count(int rank) const { return first_p[rank + 1] - first_p[rank]; }
  int owner(Row row) const
  {
    const auto next = std::upper_bound(first_p.begin(), first_p.end(), row);
    return static_cast<int>(next - first_p.begin()) - 1;
  }
};

/// What one rank knows of the configuration: its own atoms (sites), the images within the cutoff,
/// and the row of the matrix that each of them belongs to.
///
/// Atoms are numbered as the caller numbers them, own atoms first: 0 .. n_sites-1 are the sites,
/// larger numbers are periodic images and atoms of other ranks. An atom whose row is no_row is held
/// fixed: it is a neighbour and a site like any other, but no degree of freedom. Rows of own atoms
/// lie in the own range of the layout.
struct Environment {
  std::size_t n_sites = 0;
  std::vector<int> type_a;
  std::vector<Row> row_a;

  /// Neighbours of site s: bonds first_bond_s[s] .. first_bond_s[s + 1] - 1.
  std::vector<std::size_t> first_bond_s;
  std::vector<int> atom_b;
  LargeVector<Eigen::Vector3d> r_b3;

  RowLayout layout;
};

}    // namespace glass

#endif
