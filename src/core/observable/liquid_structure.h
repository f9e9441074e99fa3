// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_LIQUID_STRUCTURE_H
#define GLASS_LIQUID_STRUCTURE_H

#include "../communicator.h"

#include <Eigen/Core>

#include <optional>
#include <vector>

namespace glass {

/// Number of pairs by distance, for the first minimum of g(r).
class PairDistances {
 public:
  /// Distances up to `reach`.
  PairDistances(int dimension, double reach);

  void add(double r);
  /// Adds what other ranks have. Collective.
  void sum(const Communicator &communicator);

  /// Where g(r) is lowest beyond its highest peak, by a fit to the values near there. None if it
  /// does not rise again within the reach.
  std::optional<double> first_minimum() const;

 private:
  double bin_middle(std::size_t b) const { return (static_cast<double>(b) + 0.5) * width_; }
  std::vector<double> smooth_distribution() const;

  int dimension_;
  double width_;
  std::vector<double> pairs_b_;
};

/// Where S(q) = |sum_i exp iq.x_i|^2/N is highest up to q_max, by a fit to the peak. S is that of
/// one configuration, averaged over wave vectors of the box of similar length: all of them if it is
/// small, some at random if it is large. None if there is no peak. Collective.
/// @param s_i3           positions of own atoms in units of the edges of a periodic box
/// @param edge_inverse   columns of its inverse transposed are the reciprocal vectors over 2 pi, as
///                       q = 2 pi edge_inverse^T n
std::optional<double> structure_peak(const std::vector<Eigen::Vector3d> &s_i3,
                                     const Eigen::Matrix3d &edge_inverse, int dimension,
                                     double q_max, const Communicator &communicator);

}    // namespace glass

#endif
