// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_ZONES_H
#define GLASS_ZONES_H

#include <Eigen/Core>

#include <array>
#include <vector>

namespace glass {

/// The cell that a configuration repeats in: columns of edge_33 are its edges.
struct PeriodicBox {
  Eigen::Matrix3d edge_33 = Eigen::Matrix3d::Identity();
  std::array<bool, 3> periodic{true, true, true};
};

/// Finds the atoms within a radius of an atom, any of its images, by bins.
class Zones {
 public:
  /// @param x_a3  all atoms, wherever they are relative to the box
  Zones(const PeriodicBox &box, const std::vector<Eigen::Vector3d> &x_a3, double radius);

  std::size_t size() const { return s_a3_.size(); }
  double radius() const { return radius_; }

  /// Calls visit(b) for every atom b of which an image is within the radius of atom a, once,
  /// a included.
  template <typename Visit> void for_each_within(int a, Visit &&visit) const
  {
    std::array<std::array<int, 3>, 3> bin_kn{};
    std::array<int, 3> n_k{};
    for (int k = 0; k < 3; ++k)
      n_k[k] = neighbour_bins(k, bin_of(a, k), bin_kn[k]);
    for (int i = 0; i < n_k[0]; ++i)
      for (int j = 0; j < n_k[1]; ++j)
        for (int k = 0; k < n_k[2]; ++k) {
          const int bin = (bin_kn[0][i] * n_bins_[1] + bin_kn[1][j]) * n_bins_[2] + bin_kn[2][k];
          for (int m = first_in_bin_[bin]; m < first_in_bin_[bin + 1]; ++m)
            if (distance_squared(a, atom_in_bin_[m]) <= radius_ * radius_) visit(atom_in_bin_[m]);
        }
  }

  /// Squared distance of the nearest images of two atoms.
  double distance_squared(int a, int b) const;

  /// All atoms, those of one bin after those of another: an order in which neighbours are near.
  const std::vector<int> &order() const { return atom_in_bin_; }

 private:
  int bin_of(int a, int k) const;
  int neighbour_bins(int k, int bin, std::array<int, 3> &bins) const;

  PeriodicBox box_;
  double radius_;
  std::vector<Eigen::Vector3d> s_a3_;    ///< in units of the edges; in [0, 1) where periodic
  Eigen::Vector3d low_3_, length_3_;     ///< range of s
  std::array<int, 3> n_bins_{}, shells_{};
  std::vector<int> first_in_bin_, atom_in_bin_;
};

/// A colour for every atom that is to be displaced, such that no atom at all is within the zone of
/// two displaced atoms of one colour; -1 for the others.
struct Coloring {
  int n_colors = 0;
  std::vector<int> color_a;
};

/// Greedy coloring along the bins (Curtis, Powell and Reid, J. Inst. Math. Appl. 13, 117 (1974):
/// columns of a sparse matrix that share no row are found by one difference). The number of
/// colours does not grow with the number of atoms once the box is larger than two zones.
Coloring color_zones(const Zones &zones, const std::vector<bool> &displaced_a);

}    // namespace glass

#endif
