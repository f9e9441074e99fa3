// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TIME_ORIGIN_H
#define GLASS_TIME_ORIGIN_H

#include "../spectrum/halo_exchange.h"
#include "relaxation_block.h"
#include "wave_average.h"

#include <array>
#include <cstdint>
#include <vector>

namespace glass {

/// Where the followed atoms were at a time origin, and which of them were near each other then.
///
/// Atoms are rows (see RowLayout). The rank that holds an atom at the origin stays its home for all
/// times after it: there its displacements are found, whoever holds the atom by then and sends its
/// position, and there are the pairs in which it comes first. Nearly all atoms and partners stay
/// near, so that little is sent; and sums do not depend on where atoms are now.
///
/// Members are collective unless they are const and no more than a look.
class TimeOrigin {
 public:
  /// A followed atom.
  struct Atom {
    std::int64_t id;
    int type;                   ///< 0, 1 ...
    std::array<double, 3> x;    ///< unwrapped
  };
  /// Each pair of atoms on the home rank of the first.
  struct Pair {
    Row first, second;
    bool operator<(const Pair &other) const
    {
      return first != other.first ? first < other.first : second < other.second;
    }
    bool operator==(const Pair &other) const
    {
      return first == other.first && second == other.second;
    }
  };
  /// Where an atom is now, unwrapped.
  struct Position {
    Row row;
    std::array<double, 3> x;
  };

  /// @param atoms    of the own rows, in their order
  /// @param pairs    whose first atoms are own rows; those that are there again do not count
  /// @param n_types  of atoms; sums are over all (species 0) and, if there are several types, over
  ///                 each of them (species 1, 2 ...)
  TimeOrigin(const Communicator &communicator, const RowLayout &layout, std::vector<Atom> atoms,
             std::vector<Pair> pairs, int n_types, int dimension);

  /// Sums over all atoms and pairs, on every rank.
  /// @param held   followed atoms that are now on this rank, in any order
  /// @param drift  is taken off all displacements
  /// Throws std::runtime_error, on every rank, if an atom is missing or there twice.
  std::vector<RelaxationSums> sums(const std::vector<Position> &held, const Eigen::Vector3d &drift,
                                   const WaveAverage &average);

  std::size_t n_species() const { return pairs_s_.size(); }
  /// Pairs of which one atom is of the species, those of which both are twice; of all atoms twice
  /// the number of pairs.
  const std::vector<double> &pairs() const { return pairs_s_; }

  const RowLayout &layout() const { return layout_; }
  const std::vector<Atom> &own_atoms() const { return atoms_; }
  std::vector<Pair> own_pairs() const;

  /// Of this rank.
  double bytes() const { return bytes(atoms_.size(), pairs_.size()) + bytes_of_halo(); }
  /// The same of so many atoms and pairs, but for what is at the borders of ranks.
  static double bytes(std::size_t atoms, std::size_t pairs);
  static std::size_t number_of_species(int n_types) { return n_types > 1 ? 1 + n_types : 1; }

 private:
  /// Places in atoms_, and from atoms_.size() on in halo_h_.
  struct LocalPair {
    std::uint32_t first, second;
  };

  /// What has come to this rank: as many positions as atoms, if all is well.
  struct Arrivals {
    std::size_t positions = 0, atoms = 0;
  };

  double bytes_of_halo() const;
  Arrivals receive(const std::vector<Position> &held);
  void displace(const Eigen::Vector3d &drift);
  void add_atoms(std::vector<RelaxationSums> &sums_s, const WaveAverage &average) const;
  void add_pairs(std::vector<RelaxationSums> &sums_s, const double *halo_h3,
                 const WaveAverage &average) const;
  void share(std::vector<RelaxationSums> &sums_s, const Arrivals &arrivals) const;
  int type(std::uint32_t place) const
  {
    return place < atoms_.size() ? atoms_[place].type : halo_type_h_[place - atoms_.size()];
  }

  Communicator communicator_;
  RowLayout layout_;
  std::vector<Atom> atoms_;
  std::vector<Row> halo_h_;    ///< partners whose home is elsewhere
  HaloExchange halo_;
  std::vector<int> halo_type_h_;
  std::vector<LocalPair> pairs_;
  std::vector<double> pairs_s_;
  int dimension_;

  std::vector<Eigen::Vector3d> d_i3_;    ///< positions as they come in, then displacements
};

}    // namespace glass

#endif
