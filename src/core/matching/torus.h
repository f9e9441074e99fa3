// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TORUS_H
#define GLASS_TORUS_H

#include <array>
#include <vector>

namespace glass {

/// LAMMPS's box: edges a = (xx, 0, 0), b = (xy, yy, 0), c = (xz, yz, zz).
struct MatchingCell {
  std::array<double, 6> h{1.0, 1.0, 1.0, 0.0, 0.0, 0.0};    ///< xx yy zz yz xz xy, length
  std::array<bool, 3> periodic{true, true, true};    ///< edges along others than these are ignored
  int dimension = 3;                                 ///< 2: z is ignored
};

/// Space modulo the periodic edges of a cell: the true minimum image distance, however tilted.
///
/// The edges are reduced to an obtuse superbase: m + 1 vectors of sum zero, no two of them at an
/// acute angle, m of them a basis (Selling's reduction; it exists up to three dimensions). The
/// sums of its subsets contain all vectors whose bisectors bound the Voronoi cell of the lattice
/// (Conway and Sloane, Proc. R. Soc. Lond. A 436, 55 (1992)), so that a difference which none of
/// them shortens is the shortest of its images. With edges at right angles rounding does it.
class Torus {
 public:
  using Point = std::array<double, 3>;

  /// @throws std::invalid_argument if the cell is not finite, a periodic edge has no length, or
  ///   the dimension is neither 2 nor 3
  explicit Torus(const MatchingCell &cell);

  /// The image of x in the reduced cell; z = 0 in two dimensions.
  Point wrap(const double *x) const;

  /// Least squared distance of the images of two wrapped points, length^2. Its root is a metric but
  /// for rounding, some 1e-15 of size() and of the extent of the points.
  double squared_distance(const Point &x, const Point &y) const
  {
    const Point r = difference(x, y);
    return r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
  }

  /// x - y, of all its images the shortest; both are wrapped points.
  Point difference(const Point &x, const Point &y) const
  {
    Point r{x[0] - y[0], x[1] - y[1], x[2] - y[2]};
    if (!orthogonal_) return tilted(r);
    for (int a = 0; a < 3; ++a)
      r[a] = nearest(r[a], edge_[a], half_[a]);
    return r;
  }

  /// The same of x and eight points, their coordinates given one after another; bit for bit.
  void squared_distances(const Point &x, const double *y0_8, const double *y1_8, const double *y2_8,
                         double *squared_8) const;

  /// Number of independent periodic edges.
  int periodic_edges() const { return static_cast<int>(basis_m3_.size()); }
  int dimension() const { return dimension_; }
  /// Sum of the lengths of the reduced edges.
  double size() const { return size_; }
  /// No difference within the span of the periodic edges has a larger squared distance, length^2.
  double farthest() const { return farthest_; }

 private:
  /// Image of a difference along an edge. In this form compilers vectorise it.
  static double nearest(double r, double edge, double half)
  {
    return r - (r > half ? edge : 0.0) + (r < -half ? edge : 0.0);
  }
  Point tilted(Point r) const;

  int dimension_;
  bool orthogonal_ = true;
  Point edge_{}, half_{};            ///< of the orthogonal case; infinite where not periodic
  std::vector<Point> basis_m3_;      ///< reduced edges
  std::vector<Point> dual_m3_;       ///< dual_k . basis_l = delta_kl
  std::vector<Point> voronoi_v3_;    ///< sums of subsets of the superbase, one of each +- pair
  double safe_ = 0.0;                ///< (shortest vector / 2)^2: below it no image is nearer
  double size_ = 0.0, farthest_ = 0.0;
};

}    // namespace glass

#endif
