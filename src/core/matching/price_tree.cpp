// Part of lammps-glass, GPL-2.0.

#include "price_tree.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace glass {

namespace {

struct Extent {
  Torus::Point low, high;
};

template <typename PointOf>
Extent extent(std::int32_t begin, std::int32_t end, const PointOf &point_of)
{
  Extent e{point_of(begin), point_of(begin)};
  for (std::int32_t i = begin + 1; i < end; ++i) {
    const Torus::Point x = point_of(i);
    for (int k = 0; k < 3; ++k) {
      e.low[k] = std::min(e.low[k], x[k]);
      e.high[k] = std::max(e.high[k], x[k]);
    }
  }
  return e;
}

}    // namespace

int levels_of_halving(std::size_t n)
{
  int levels = 0;
  while ((n >> levels) >= 8)
    ++levels;
  return levels;
}

void halve(const std::vector<Torus::Point> &point_n3, std::int32_t *begin, std::int32_t *end,
           int levels)
{
  if (levels == 0 || end - begin < 2) return;
  const Extent e = extent(0, static_cast<std::int32_t>(end - begin),
                          [&](std::int32_t i) { return point_n3[begin[i]]; });
  int axis = 0;
  for (int k = 1; k < 3; ++k)
    if (e.high[k] - e.low[k] > e.high[axis] - e.low[axis]) axis = k;
  std::int32_t *middle = begin + (end - begin) / 2;
  // Ties by index: an order that every library makes the same halves of.
  std::nth_element(begin, middle, end, [&](std::int32_t i, std::int32_t j) {
    const double x = point_n3[i][axis], y = point_n3[j][axis];
    return x < y || (x == y && i < j);
  });
  halve(point_n3, begin, middle, levels - 1);
  halve(point_n3, middle, end, levels - 1);
}

PriceTree::PriceTree(const Torus &torus, double scale, const std::vector<Point> &point_n3) :
    torus_(torus), scale_(scale), levels_(levels_of_halving(point_n3.size())),
    atom_c_(point_n3.size()), closed_c_(point_n3.size(), 0)
{
  if (point_n3.empty()) return;
  std::iota(atom_c_.begin(), atom_c_.end(), 0);
  halve(point_n3, atom_c_.data(), atom_c_.data() + atom_c_.size(), levels_);
  const std::size_t n_nodes = (std::size_t{2} << levels_) - 1;
  for (int k = 0; k < 3; ++k) {
    x_c_[k].resize(point_n3.size() + 7, 0.0);
    for (std::int32_t c = 0; c < size(); ++c)
      x_c_[k][c] = point_n3[atom_c_[c]][k];
    centre_k_[k].resize(n_nodes + 7, 0.0);
  }
  radius_k_.resize(n_nodes + 7, 0.0);
  least_price_k_.resize(n_nodes + 7, 0);
  open_k_.resize(n_nodes);

  const Extent e = extent(0, size(), [&](std::int32_t c) { return point(c); });
  slack_ = torus.size();
  for (int k = 0; k < 3; ++k)
    slack_ += e.high[k] - e.low[k];
  slack_ *= 64.0 * std::numeric_limits<double>::epsilon();    // far beyond what rounding can do
  build(0, 0, 0, size());
  first_of_leaf_.push_back(size());
  set_prices(std::vector<std::int64_t>(point_n3.size(), 0));
}

PriceTree::Children PriceTree::children(std::size_t node, int level) const
{
  const int step = level == 0 && levels_ % 3 != 0 ? levels_ % 3 : 3;
  return {((node + 1) << step) - 1, 1 << step, level + step};
}

/// Fills what the children of a node's parent need to know of it, for all nodes of the binary tree.
void PriceTree::build(std::size_t k, int level, std::int32_t begin, std::int32_t end)
{
  const Extent e = extent(begin, end, [&](std::int32_t c) { return point(c); });
  Point centre{};
  for (int a = 0; a < 3; ++a)
    centre[a] = 0.5 * (e.low[a] + e.high[a]);
  centre = torus_.wrap(centre.data());
  double squared = 0.0;
  for (std::int32_t c = begin; c < end; ++c)
    squared = std::max(squared, torus_.squared_distance(centre, point(c)));
  radius_k_[k] = std::sqrt(squared) + slack_;
  for (int a = 0; a < 3; ++a)
    centre_k_[a][k] = centre[a];
  if (level == levels_) {
    open_k_[k] = end - begin;
    first_of_leaf_.push_back(begin);
    return;
  }
  open_k_[k] = children(k, level).n;
  const std::int32_t middle = begin + (end - begin) / 2;    // as in halve()
  build(2 * k + 1, level + 1, begin, middle);
  build(2 * k + 2, level + 1, middle, end);
}

void PriceTree::set_prices(std::vector<std::int64_t> price_c)
{
  price_c_ = std::move(price_c);
  if (size() > 0) update(0, 0);
}

void PriceTree::update(std::size_t k, int level)
{
  if (level == levels_) {
    const auto first = price_c_.begin() + first_of_leaf_[leaf(k)];
    least_price_k_[k] = *std::min_element(first, price_c_.begin() + first_of_leaf_[leaf(k) + 1]);
    return;
  }
  const Children c = children(k, level);
  for (int i = 0; i < c.n; ++i)
    update(c.first + i, c.level);
  least_price_k_[k] = least_of_children(c);
}

std::int64_t PriceTree::least_of_children(const Children &c) const
{
  return *std::min_element(&least_price_k_[c.first], &least_price_k_[c.first] + c.n);
}

/// Lower bounds of the values of the children's columns.
void PriceTree::bounds(const Point &x, const Children &c, std::int64_t *bound_8) const
{
  double squared_8[8];
  torus_.squared_distances(x, &centre_k_[0][c.first], &centre_k_[1][c.first],
                           &centre_k_[2][c.first], squared_8);
  for (int i = 0; i < 8; ++i) {
    const double gap = std::max(std::sqrt(squared_8[i]) - radius_k_[c.first + i], 0.0);
    squared_8[i] = gap * gap * (1.0 - 1.0e-14);
  }
  for (int i = 0; i < c.n; ++i)
    bound_8[i] = least_price_k_[c.first + i] + quantize(squared_8[i]);
}

/// The best columns found so far; limit is the value that another must be below.
struct PriceTree::Best {
  const Point &x;
  std::size_t n;
  bool only_open;
  std::vector<Column> &found;
  std::int64_t limit;

  void add(const Column &column)
  {
    if (found.size() < n) found.push_back(column);
    std::size_t place = found.size() - 1;
    for (; place > 0 && found[place - 1].value > column.value; --place)
      found[place] = found[place - 1];
    found[place] = column;
    if (found.size() == n) limit = std::min(limit, found.back().value);
  }
};

void PriceTree::search(std::size_t k, int level, Best &best)
{
  if (level == levels_) {
    const std::int32_t begin = first_of_leaf_[leaf(k)], end = first_of_leaf_[leaf(k) + 1];
    double squared_8[8];
    torus_.squared_distances(best.x, &x_c_[0][begin], &x_c_[1][begin], &x_c_[2][begin], squared_8);
    std::int64_t least = infinite;
    for (std::int32_t c = begin; c < end; ++c) {
      const std::int64_t price = price_c_[c], cost = quantize(squared_8[c - begin]);
      least = std::min(least, price);
      if (cost + price < best.limit && !(best.only_open && closed_c_[c]))
        best.add({cost + price, cost, c});
    }
    least_price_k_[k] = least;
    return;
  }
  const Children c = children(k, level);
  std::int64_t bound_8[8];
  bounds(best.x, c, bound_8);
  // From the nearest on, as long as they can matter.
  struct Child {
    std::int64_t bound;
    std::size_t node;
  } child_8[8];
  int n = 0;
  for (int i = 0; i < c.n; ++i) {
    if (bound_8[i] >= best.limit || (best.only_open && open_k_[c.first + i] == 0)) continue;
    int place = n++;
    for (; place > 0 && child_8[place - 1].bound > bound_8[i]; --place)
      child_8[place] = child_8[place - 1];
    child_8[place] = {bound_8[i], c.first + i};
  }
  for (int i = 0; i < n && child_8[i].bound < best.limit; ++i)
    search(child_8[i].node, c.level, best);
  least_price_k_[k] = least_of_children(c);
}

void PriceTree::best(const Point &x, std::size_t n, Which which, std::vector<Column> &found,
                     std::int64_t below)
{
  found.clear();
  Best best{x, n, which == OPEN, found, below};
  if (size() > 0) search(0, 0, best);
}

std::int32_t PriceTree::search_any(std::size_t k, int level, const Point &x,
                                   std::int64_t limit) const
{
  if (level == levels_) {
    for (std::int32_t c = first_of_leaf_[leaf(k)]; c < first_of_leaf_[leaf(k) + 1]; ++c)
      if (cost(x, c) + price_c_[c] < limit) return c;
    return -1;
  }
  const Children c = children(k, level);
  std::int64_t bound_8[8];
  bounds(x, c, bound_8);
  for (int i = 0; i < c.n; ++i) {
    if (bound_8[i] >= limit) continue;
    const std::int32_t found = search_any(c.first + i, c.level, x, limit);
    if (found >= 0) return found;
  }
  return -1;
}

std::int32_t PriceTree::any_below(const Point &x, std::int64_t limit) const
{
  return size() > 0 ? search_any(0, 0, x, limit) : -1;
}

void PriceTree::close(std::int32_t column)
{
  closed_c_[column] = 1;
  closed_columns_.push_back(column);
  // The leaf: down by the sizes of the halves, as in build().
  std::size_t k = 0;
  for (std::int32_t level = 0, begin = 0, end = size(); level < levels_; ++level) {
    const std::int32_t middle = begin + (end - begin) / 2;
    k = 2 * k + (column < middle ? 1 : 2);
    (column < middle ? end : begin) = middle;
  }
  for (int level = levels_;;) {
    touched_nodes_.push_back(static_cast<std::int32_t>(k));
    if (--open_k_[k] > 0 || level == 0) return;
    const int step = std::min(level, 3);
    k = ((k + 1) >> step) - 1;
    level -= step;
  }
}

void PriceTree::open_all()
{
  for (const std::int32_t column : closed_columns_)
    closed_c_[column] = 0;
  for (const std::int32_t node : touched_nodes_)
    ++open_k_[node];
  closed_columns_.clear();
  touched_nodes_.clear();
}

}    // namespace glass
