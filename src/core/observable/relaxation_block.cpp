// Part of lammps-glass, GPL-2.0.

#include "relaxation_block.h"

#include "byte_stream.h"

namespace glass {

RelaxationBlock::RelaxationBlock(std::size_t n_times, std::size_t n_species) :
    pairs_s(n_species), entry_ts(n_times * n_species)
{
}

void RelaxationBlock::set(std::size_t t, const std::vector<RelaxationSums> &sums_s,
                          const std::vector<double> &atoms_s)
{
  for (std::size_t s = 0; s < n_species(); ++s) {
    if (atoms_s[s] == 0.0) continue;
    const RelaxationSums &sums = sums_s[s];
    Entry &entry = entry_ts[t * n_species() + s];
    entry.lost = 1.0 - sums.self / atoms_s[s];
    entry.lost_squared = entry.lost * entry.lost;
    entry.square = sums.square / atoms_s[s];
    entry.fourth = sums.fourth / atoms_s[s];
    entry.plus = sums.plus;
    entry.minus = sums.minus;
  }
}

template <typename Combine>
void RelaxationBlock::combine(const RelaxationBlock &other, const Combine &combine)
{
  combine(origins, other.origins);
  for (std::size_t s = 0; s < pairs_s.size(); ++s)
    combine(pairs_s[s], other.pairs_s[s]);
  for (std::size_t k = 0; k < entry_ts.size(); ++k)
    for (double Entry::*const value : {&Entry::lost, &Entry::lost_squared, &Entry::square,
                                       &Entry::fourth, &Entry::plus, &Entry::minus})
      combine(entry_ts[k].*value, other.entry_ts[k].*value);
}

RelaxationBlock &RelaxationBlock::operator+=(const RelaxationBlock &other)
{
  combine(other, [](double &a, double b) { a += b; });
  return *this;
}

RelaxationBlock &RelaxationBlock::operator-=(const RelaxationBlock &other)
{
  combine(other, [](double &a, double b) { a -= b; });
  return *this;
}

double RelaxationBlock::bytes() const
{
  return static_cast<double>(sizeof(origins) + pairs_s.size() * sizeof(double) +
                             entry_ts.size() * sizeof(Entry));
}

void RelaxationBlock::write(std::vector<char> &bytes) const
{
  append(bytes, origins);
  append(bytes, pairs_s);
  append(bytes, entry_ts);
}

void RelaxationBlock::read(const char *&bytes)
{
  origins = take<double>(bytes);
  take(bytes, pairs_s);
  take(bytes, entry_ts);
}

}    // namespace glass
