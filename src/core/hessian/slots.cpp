// Part of lammps-glass, GPL-2.0.

#include "slots.h"

namespace glass {

Slots::Slots(const Environment &environment) : environment_(environment)
{
  for (const Row row : environment.row_a)
    if (row != no_row) row_v_.push_back(row);
  renumber();
}

void Slots::add(Span<const std::int32_t> rows)
{
  row_v_.insert(row_v_.end(), rows.begin(), rows.end());
  renumber();
}

void Slots::renumber()
{
  std::sort(row_v_.begin(), row_v_.end());
  row_v_.erase(std::unique(row_v_.begin(), row_v_.end()), row_v_.end());
  slot_a_.assign(environment_.row_a.size(), none);
  for (std::size_t a = 0; a < slot_a_.size(); ++a)
    if (environment_.row_a[a] != no_row) slot_a_[a] = slot_of_row(environment_.row_a[a]);
}

}    // namespace glass
