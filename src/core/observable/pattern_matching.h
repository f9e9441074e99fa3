// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PATTERN_MATCHING_H
#define GLASS_PATTERN_MATCHING_H

#include "matching.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace glass {

/// Particles at one time, in the order of their IDs.
struct Configuration {
  MatchingCell cell;
  std::array<double, 3> low{};        ///< corner of the cell, length
  std::array<double, 3> center{};     ///< mean position of the whole system, unwrapped, length
  std::vector<std::int64_t> id_n;     ///< ascending
  std::vector<int> type_n;            ///< from 1 on
  std::vector<double> position_n3;    ///< unwrapped, length

  std::size_t size() const { return id_n.size(); }
};

/// Edges of the same lattice as those of `cell`, with tilts as near to those of `previous` as whole
/// edges make them. LAMMPS flips boxes that have been sheared far; a strain from one cell to the
/// other can only be told from edges that continue each other.
MatchingCell continued(const MatchingCell &cell, const MatchingCell &previous);

/// Distances of one species, or of all particles, between two configurations.
struct PatternDistance {
  double n = 0.0;
  double d_min = 0.0;    ///< length
  double rmsd = 0.0;     ///< of the labelled particles, length
  double gap = 0.0;      ///< d_min less the proved lower bound of any d_min, length
};

struct PatternComparison {
  PatternDistance all;
  std::vector<PatternDistance> type_t;    ///< of type t + 1
  std::array<double, 3> drift{};          ///< removed before, length
  std::vector<std::int64_t> partner_n;    ///< ID of the reference particle each is matched with
  std::vector<double> displacement_n3;    ///< from it, least image, without the drift, length
};

/// Compares configurations with a reference as configuration pattern matching does.
class PatternMatcher {
 public:
  /// D_min = [ (1/N) min_X sum_ij X_ij |r_i(t) - r_j(t0)|^2 ]^(1/2), X a permutation within each
  /// species, distances those of the nearest images, and the root mean square displacement of the
  /// labelled particles, never less (H.-B. Yu et al., Natl. Sci. Rev. 11, nwae091 (2024), Eqs. 2
  /// and 3). The drift of the whole system is removed first. If the cell has changed, the reference
  /// is mapped with it affinely along periodic directions, so that only what is not affine counts.
  /// @param n_types  types are 1 .. n_types
  /// @throws std::invalid_argument if the particles are not those of the reference, or as Matcher
  PatternComparison compare(const Configuration &configuration, const Configuration &reference,
                            int n_types);

  /// Another reference follows: what was learned of this one is of no use.
  void forget();

  void set_progress(std::function<void(const std::string &)> report)
  {
    report_ = std::move(report);
  }

 private:
  std::map<int, Matcher> matcher_t_;
  std::function<void(const std::string &)> report_;
};

}    // namespace glass

#endif
