// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_RELAXATION_BLOCK_H
#define GLASS_RELAXATION_BLOCK_H

#include <cstddef>
#include <vector>

namespace glass {

/// Sums over atoms and pairs at one time after an origin, of one species. A pair is in the sums of
/// the species of both its atoms, twice if they are of the same.
struct RelaxationSums {
  double self = 0.0;                 ///< sum_i <exp iq.d_i>
  double square = 0.0;               ///< sum_i d_i^2
  double fourth = 0.0;               ///< sum_i d_i^4
  double plus = 0.0, minus = 0.0;    ///< sum_ij <exp iq.(d_i +- d_j)/2>
};

/// Sums over time origins, of which averages over origins are made.
struct RelaxationBlock {
  /// Of one species at one time.
  struct Entry {
    /// Of means over atoms: 1 - F_s, its square, which keeps its digits while F_s is close to 1,
    /// d^2 and d^4.
    double lost = 0.0, lost_squared = 0.0, square = 0.0, fourth = 0.0;
    double plus = 0.0, minus = 0.0;    ///< of sums over pairs
  };

  double origins = 0.0;
  std::vector<double> pairs_s;    ///< of each species, over all origins
  std::vector<Entry> entry_ts;    ///< time by time, each with all species

  RelaxationBlock() = default;
  RelaxationBlock(std::size_t n_times, std::size_t n_species);

  std::size_t n_species() const { return pairs_s.size(); }
  std::size_t n_times() const { return entry_ts.size() / pairs_s.size(); }
  const Entry &entry(std::size_t t, std::size_t s) const { return entry_ts[t * n_species() + s]; }

  /// What one origin has given at time t.
  /// @param atoms_s  numbers of atoms; the entry of a species without atoms stays zero
  void set(std::size_t t, const std::vector<RelaxationSums> &sums_s,
           const std::vector<double> &atoms_s);

  RelaxationBlock &operator+=(const RelaxationBlock &other);
  RelaxationBlock &operator-=(const RelaxationBlock &other);
  double bytes() const;
  void write(std::vector<char> &bytes) const;
  /// What write() has written for the same numbers of times and species.
  void read(const char *&bytes);

 private:
  template <typename Combine> void combine(const RelaxationBlock &other, const Combine &combine);
};

}    // namespace glass

#endif
