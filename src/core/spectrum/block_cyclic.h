// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BLOCK_CYCLIC_H
#define GLASS_BLOCK_CYCLIC_H

#include "../hessian/environment.h"

namespace glass {

/// Blocks of items dealt out in turn to `n_parts`: item i is in block i/block, which belongs to
/// part (i/block) mod n_parts.
struct BlockCyclic {
  int n_parts = 1;
  Row block = 1;

  int owner(Row item) const { return static_cast<int>((item / block) % n_parts); }
  /// Number of an item within its part.
  Row local(Row item) const { return item / (block * n_parts) * block + item % block; }
  /// The item that has a number within a part.
  Row global(Row local, int part) const
  {
    return (local / block * n_parts + part) * block + local % block;
  }
  /// Items of a part, of n in all.
  Row count(Row n, int part) const
  {
    const Row whole = n / block, round = whole / n_parts, left = whole % n_parts;
    return round * block + (part < left ? block : part == left ? n % block : 0);
  }
};

/// A matrix whose rows and columns are components of atoms, on a grid of ranks, in the layout of
/// ScaLAPACK. Blocks hold whole atoms. Rank p is in row p / n_columns of the grid.
struct AtomGrid {
  Row n_atoms = 0;
  int dimension = 3;
  BlockCyclic rows, columns;

  /// As square as the number of ranks allows, with blocks of about 48 rows, fewer where some rank
  /// would have none.
  AtomGrid(Row atoms, int dim, int n_ranks);

  int row_of(int rank) const { return rank / columns.n_parts; }
  int column_of(int rank) const { return rank % columns.n_parts; }
  int owner(Row row_atom, Row column_atom) const
  {
    return rows.owner(row_atom) * columns.n_parts + columns.owner(column_atom);
  }
  Row n_rows(int rank) const { return dimension * rows.count(n_atoms, row_of(rank)); }
  Row n_columns(int rank) const { return dimension * columns.count(n_atoms, column_of(rank)); }
};

}    // namespace glass

#endif
