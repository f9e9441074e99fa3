// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PRICE_TREE_H
#define GLASS_PRICE_TREE_H

#include "torus.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace glass {

/// Finds the references j of least value c_ij + p_j for a position i, among all of them, where
/// c_ij = floor(S |r_i - R_j|^2) and p_j are prices, both integers.
///
/// A balanced tree of balls: a node knows a centre, a radius that holds all its points, and a lower
/// bound of its prices. By the triangle inequality, which holds in periodic space as well, none of
/// its points is nearer to x than |x - centre| - radius. References are called columns here and
/// numbered as in the tree, so that those of a node are consecutive.
///
/// Halving makes a binary tree, of which every third level is used, counted from the leaves: a node
/// has eight children, looked at together (the root may have two or four).
class PriceTree {
 public:
  using Point = Torus::Point;
  static constexpr std::int64_t infinite = std::numeric_limits<std::int64_t>::max();

  struct Column {
    std::int64_t value, cost;
    std::int32_t index;
  };

  /// @param point_n3  wrapped
  PriceTree(const Torus &torus, double scale, const std::vector<Point> &point_n3);

  std::int32_t size() const { return static_cast<std::int32_t>(atom_c_.size()); }
  Point point(std::int32_t column) const
  {
    return {x_c_[0][column], x_c_[1][column], x_c_[2][column]};
  }
  /// Index in point_n3.
  std::int32_t atom(std::int32_t column) const { return atom_c_[column]; }

  std::int64_t cost(const Point &x, std::int32_t column) const
  {
    return quantize(torus_.squared_distance(x, point(column)));
  }
  std::int64_t price(std::int32_t column) const { return price_c_[column]; }
  void set_prices(std::vector<std::int64_t> price_c);
  /// The bounds of the nodes stay valid as prices rise; searches sharpen them again.
  void raise(std::int32_t column, std::int64_t by) { price_c_[column] += by; }

  enum Which { ALL, OPEN };
  /// The columns of least value, of all or of those that are not closed: at most n, ascending. No
  /// other of them has a value below that of the last.
  /// @param below  a value that at least n of them are below, if one is known: saves time
  void best(const Point &x, std::size_t n, Which which, std::vector<Column> &found,
            std::int64_t below = infinite);
  /// Some column of a value below the limit, closed or not; -1 if there is none.
  std::int32_t any_below(const Point &x, std::int64_t limit) const;

  /// Leaves a column out of best(OPEN) until open_all(). Of little cost, amortized.
  void close(std::int32_t column);
  bool closed(std::int32_t column) const { return closed_c_[column]; }
  void open_all();

 private:
  struct Best;
  /// The children of a node: consecutive, too. Nodes are numbered as in a binary heap.
  struct Children {
    std::size_t first;
    int n, level;
  };

  std::int64_t quantize(double squared) const
  {
    return static_cast<std::int64_t>(scale_ * squared);
  }
  Children children(std::size_t node, int level) const;
  void bounds(const Point &x, const Children &children, std::int64_t *bound_8) const;
  std::size_t leaf(std::size_t node) const { return node + 1 - (std::size_t{1} << levels_); }
  void build(std::size_t node, int level, std::int32_t begin, std::int32_t end);
  std::int64_t least_of_children(const Children &children) const;
  void update(std::size_t node, int level);
  void search(std::size_t node, int level, Best &best);
  std::int32_t search_any(std::size_t node, int level, const Point &x, std::int64_t limit) const;

  const Torus &torus_;
  double scale_, slack_ = 0.0;
  int levels_ = 0;
  std::vector<std::int32_t> atom_c_;
  // Coordinates have places for seven more, to be read, not used, when eight are looked at
  // together.
  std::array<std::vector<double>, 3> x_c_, centre_k_;
  std::vector<double> radius_k_;
  std::vector<std::int64_t> price_c_, least_price_k_;
  std::vector<std::int32_t> first_of_leaf_;
  std::vector<char> closed_c_;
  std::vector<std::int32_t> open_k_;    ///< open columns of a leaf, or open children
  std::vector<std::int32_t> closed_columns_, touched_nodes_;
};

/// Orders indices of points such that those near in space are near in it: by halving along the
/// longest extent, levels times, into parts that differ in size by no more than one.
void halve(const std::vector<Torus::Point> &point_n3, std::int32_t *begin, std::int32_t *end,
           int levels);
/// Levels of halving after which no part has more than eight points.
int levels_of_halving(std::size_t n);

}    // namespace glass

#endif
