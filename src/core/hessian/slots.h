// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SLOTS_H
#define GLASS_SLOTS_H

#include "environment.h"

namespace glass {

/// The distinct rows that one rank's sites touch, numbered compactly ("slots"): images of one atom
/// share a slot, so that folding periodic images onto atoms is adding to a slot.
///
/// Slots of the environment's atoms ascend with the row; rows added later get slots behind them,
/// and position() orders all by row.
class Slots {
 public:
  static constexpr int none = -1;

  /// Slots of all atoms of the environment.
  explicit Slots(const Environment &environment);

  /// Adds rows that no atom here has (parts of the own rows that other ranks computed reach
  /// further). To be called once, with all of them.
  void add(std::vector<std::int32_t> rows);

  std::size_t size() const { return row_v_.size(); }
  Row row(int slot) const { return row_v_[slot]; }
  int slot_of_atom(int atom) const { return slot_a_[atom]; }
  int slot_of_row(Row row) const;

  /// Place of a slot among all when ordered by row, and the reverse.
  int position(int slot) const { return position_v_[slot]; }
  int slot_at_position(int position) const { return slot_at_[position]; }

 private:
  std::vector<Row> row_v_;    ///< ascending up to n_of_atoms_, and again from there on
  std::size_t n_of_atoms_ = 0;
  std::vector<int> slot_a_, position_v_, slot_at_;
};

}    // namespace glass

#endif
