// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PAIR_SAMPLE_H
#define GLASS_PAIR_SAMPLE_H

#include "../communicator.h"

#include <cstdint>

namespace glass {

/// A number that looks random and belongs to one pair of atoms and one seed, whatever rank holds
/// the pair (finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
/// @param image  which of the images between the same two atoms
std::uint64_t pair_lot(std::int64_t low_id, std::int64_t high_id, int image, std::uint64_t seed);

/// The lot up to which (included) a pair is among the n with the smallest ones, of all ranks'.
/// Collective.
std::uint64_t lot_of_sample(const std::vector<std::uint64_t> &own_lots, double n,
                            const Communicator &communicator);

}    // namespace glass

#endif
