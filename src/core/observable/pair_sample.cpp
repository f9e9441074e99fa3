// Part of lammps-glass, GPL-2.0.

#include "pair_sample.h"

#include <algorithm>

namespace glass {

namespace {

std::uint64_t mixed(std::uint64_t x)
{
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}    // namespace

std::uint64_t pair_lot(std::int64_t low_id, std::int64_t high_id, int image, std::uint64_t seed)
{
  std::uint64_t lot = mixed(seed);
  for (const std::int64_t part : {low_id, high_id, static_cast<std::int64_t>(image)})
    lot = mixed(lot ^ static_cast<std::uint64_t>(part));
  return lot;
}

std::uint64_t lot_of_sample(const std::vector<std::uint64_t> &own_lots, double n,
                            const Communicator &communicator)
{
  std::vector<std::uint64_t> sorted = own_lots;
  std::sort(sorted.begin(), sorted.end());
  // The smallest lot that n of them do not exceed, bit by bit.
  std::uint64_t low = 0, high = ~std::uint64_t{0};
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto below = std::upper_bound(sorted.begin(), sorted.end(), middle) - sorted.begin();
    if (communicator.sum(static_cast<double>(below)) >= n)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}    // namespace glass
