// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SLOTS_H
#define GLASS_SLOTS_H

#include "../span.h"
#include "environment.h"

namespace glass {

/// The distinct rows that one rank's sites touch, numbered compactly ("slots") in ascending order
/// of row: images of one atom share a slot, so that folding periodic images onto atoms is adding to
/// a slot.
class Slots {
 public:
  static constexpr int none = -1;

  /// Slots of all atoms of the environment.
  explicit Slots(const Environment &environment);

  /// Adds rows that no atom here has (parts of the own rows that other ranks computed reach
  /// further).
  void add(Span<const std::int32_t> rows);

  std::size_t size() const { return row_v_.size(); }
  Row row(int slot) const { return row_v_[slot]; }
  int slot_of_atom(int atom) const { return slot_a_[atom]; }
  int slot_of_row(Row row) const
  {
    return static_cast<int>(std::lower_bound(row_v_.begin(), row_v_.end(), row) - row_v_.begin());
  }

 private:
  void renumber();

  const Environment &environment_;
  std::vector<Row> row_v_;
  std::vector<int> slot_a_;
};

}    // namespace glass

#endif
