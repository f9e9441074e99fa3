// Part of lammps-glass, GPL-2.0.

#include "slots.h"

#include <algorithm>
#include <numeric>

namespace glass {

namespace {

template <typename T> void sort_unique(std::vector<T> &values)
{
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}    // namespace

Slots::Slots(const Environment &environment)
{
  for (const Row row : environment.row_a)
    if (row != no_row) row_v_.push_back(row);
  sort_unique(row_v_);
  n_of_atoms_ = row_v_.size();
  slot_a_.assign(environment.row_a.size(), none);
  for (std::size_t a = 0; a < slot_a_.size(); ++a)
    if (environment.row_a[a] != no_row) slot_a_[a] = slot_of_row(environment.row_a[a]);
  position_v_.resize(n_of_atoms_);
  std::iota(position_v_.begin(), position_v_.end(), 0);
  slot_at_ = position_v_;
}

void Slots::add(std::vector<std::int32_t> rows)
{
  sort_unique(rows);
  const auto end_of_atoms = row_v_.begin() + static_cast<std::ptrdiff_t>(n_of_atoms_);
  std::vector<Row> added;
  std::set_difference(rows.begin(), rows.end(), row_v_.begin(), end_of_atoms,
                      std::back_inserter(added));
  row_v_.insert(row_v_.end(), added.begin(), added.end());

  slot_at_.resize(size());
  std::iota(slot_at_.begin(), slot_at_.end(), 0);
  std::inplace_merge(slot_at_.begin(), slot_at_.begin() + static_cast<std::ptrdiff_t>(n_of_atoms_),
                     slot_at_.end(), [this](int a, int b) { return row_v_[a] < row_v_[b]; });
  position_v_.resize(size());
  for (std::size_t position = 0; position < size(); ++position)
    position_v_[slot_at_[position]] = static_cast<int>(position);
}

int Slots::slot_of_row(Row row) const
{
  const auto end_of_atoms = row_v_.begin() + static_cast<std::ptrdiff_t>(n_of_atoms_);
  auto found = std::lower_bound(row_v_.begin(), end_of_atoms, row);
  if (found == end_of_atoms || *found != row)
    found = std::lower_bound(end_of_atoms, row_v_.end(), row);
  return static_cast<int>(found - row_v_.begin());
}

}    // namespace glass
