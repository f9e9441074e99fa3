// Part of lammps-glass, GPL-2.0.

// Exact matching of two configurations: against all permutations, against the Hungarian method on
// the dense matrix, and its certificate, which must hold and must not hold for what is broken.

#include "observable/matching.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <ostream>
#include <random>

using namespace glass;

namespace {

using Numbers = std::vector<double>;

double brute_force_distance(const double *x, const double *y, const MatchingCell &cell)
{
  const auto &[xx, yy, zz, yz, xz, xy] = cell.h;
  std::array<int, 3> images{};
  for (int k = 0; k < cell.dimension; ++k)
    images[k] = cell.periodic[k] ? 3 : 0;
  double least = std::numeric_limits<double>::infinity();
  for (int a = -images[0]; a <= images[0]; ++a)
    for (int b = -images[1]; b <= images[1]; ++b)
      for (int c = -images[2]; c <= images[2]; ++c) {
        const double rx = x[0] - y[0] + a * xx + b * xy + c * xz;
        const double ry = x[1] - y[1] + b * yy + c * yz;
        const double rz = cell.dimension == 3 ? x[2] - y[2] + c * zz : 0.0;
        least = std::min(least, rx * rx + ry * ry + rz * rz);
      }
  return least;
}

Numbers cost_matrix(const Numbers &position, const Numbers &reference, const MatchingCell &cell)
{
  const std::size_t n = position.size() / 3;
  const Torus torus(cell);
  std::vector<Torus::Point> x, y;
  for (std::size_t i = 0; i < n; ++i) {
    x.push_back(torus.wrap(&position[3 * i]));
    y.push_back(torus.wrap(&reference[3 * i]));
  }
  Numbers cost(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      cost[n * i + j] = torus.squared_distance(x[i], y[j]);
  return cost;
}

/// The least sum by the Hungarian method, O(n^3), in the form of e-maxx; rows and columns from 1.
double hungarian(const Numbers &cost, std::size_t n)
{
  const double infinity = std::numeric_limits<double>::infinity();
  Numbers u(n + 1, 0.0), v(n + 1, 0.0);
  std::vector<std::size_t> row_of(n + 1, 0), way(n + 1, 0);
  for (std::size_t i = 1; i <= n; ++i) {
    row_of[0] = i;
    std::size_t j0 = 0;
    Numbers least(n + 1, infinity);
    std::vector<bool> used(n + 1, false);
    do {
      used[j0] = true;
      const std::size_t i0 = row_of[j0];
      double delta = infinity;
      std::size_t j1 = 0;
      for (std::size_t j = 1; j <= n; ++j) {
        if (used[j]) continue;
        const double reduced = cost[n * (i0 - 1) + j - 1] - u[i0] - v[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          way[j] = j0;
        }
        if (least[j] < delta) {
          delta = least[j];
          j1 = j;
        }
      }
      for (std::size_t j = 0; j <= n; ++j)
        if (used[j]) {
          u[row_of[j]] += delta;
          v[j] -= delta;
        } else
          least[j] -= delta;
      j0 = j1;
    } while (row_of[j0] != 0);
    for (; j0 != 0; j0 = way[j0])
      row_of[j0] = row_of[way[j0]];
  }
  long double sum = 0.0L;
  for (std::size_t j = 1; j <= n; ++j)
    sum += cost[n * (row_of[j] - 1) + j - 1];
  return static_cast<double>(sum);
}

double all_permutations(const Numbers &cost, std::size_t n)
{
  std::vector<std::size_t> partner(n);
  std::iota(partner.begin(), partner.end(), 0);
  double least = std::numeric_limits<double>::infinity();
  do {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      sum += cost[n * i + partner[i]];
    least = std::min(least, sum);
  } while (std::next_permutation(partner.begin(), partner.end()));
  return least;
}

double labelled(const Numbers &cost, std::size_t n)
{
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i)
    sum += cost[n * i + i];
  return sum;
}

MatchingCell cube(double length)
{
  MatchingCell cell;
  cell.h = {length, length, length, 0.0, 0.0, 0.0};
  return cell;
}

MatchingCell tilted(double length, double yz, double xz, double xy)
{
  MatchingCell cell = cube(length);
  cell.h = {length, length, length, yz * length, xz * length, xy * length};
  return cell;
}

class Configurations {
 public:
  explicit Configurations(unsigned seed) : random_(seed) {}

  double uniform() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }
  double normal() { return std::normal_distribution<double>()(random_); }

  /// n points anywhere in the cell.
  Numbers packing(std::size_t n, const MatchingCell &cell)
  {
    const auto &[xx, yy, zz, yz, xz, xy] = cell.h;
    Numbers x;
    for (std::size_t i = 0; i < n; ++i) {
      const double a = uniform(), b = uniform(), c = uniform();
      x.insert(x.end(), {a * xx + b * xy + c * xz, b * yy + c * yz, c * zz});
    }
    return x;
  }
  Numbers rattled(Numbers x, double by)
  {
    for (double &coordinate : x)
      coordinate += by * normal();
    return x;
  }
  /// Every tenth atom takes the place of the one five before it in the list, which is in no
  /// order: string motion, with ends, and far jumps.
  static Numbers hopped(Numbers x)
  {
    const Numbers before = x;
    for (std::size_t i = 10; i < x.size() / 3; i += 10)
      std::copy_n(&before[3 * (i - 5)], 3, &x[3 * i]);
    return x;
  }
  Numbers permuted(const Numbers &x)
  {
    std::vector<std::size_t> order(x.size() / 3);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random_);
    Numbers y;
    for (const std::size_t i : order)
      y.insert(y.end(), {x[3 * i], x[3 * i + 1], x[3 * i + 2]});
    return y;
  }
  Numbers clustered(std::size_t n, const MatchingCell &cell)
  {
    Numbers x = packing(3, cell), y;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0, from = static_cast<std::size_t>(3.0 * uniform()); k < 3; ++k)
        y.push_back(x[3 * from + k] + 0.01 * cell.h[0] * normal());
    return y;
  }
  static Numbers scaled(Numbers x, double by)
  {
    for (double &coordinate : x)
      coordinate *= by;
    return x;
  }

 private:
  std::mt19937 random_;
};

struct Case {
  const char *name;
  MatchingCell cell;
  Numbers position, reference;
};

std::ostream &operator<<(std::ostream &out, const Case &c)
{
  return out << c.name;
}

MatchingCell open(MatchingCell cell, std::array<bool, 3> periodic)
{
  cell.periodic = periodic;
  return cell;
}

MatchingCell flat(MatchingCell cell)
{
  cell.dimension = 2;
  return cell;
}

std::vector<Case> cases()
{
  Configurations make(11);
  const MatchingCell box = cube(6.0);
  const std::vector<MatchingCell> cells = {box,
                                           cube(1.0),
                                           tilted(6.0, 0.2, -0.3, 0.5),
                                           tilted(6.0, 2.4, -1.7, 5.3),
                                           tilted(6.0, 0.0, 0.0, 1.0),
                                           flat(box),
                                           flat(tilted(6.0, 0.0, 0.0, 3.4)),
                                           open(box, {false, false, false}),
                                           open(box, {true, true, false}),
                                           open(tilted(6.0, 0.0, 0.0, 0.7), {true, true, false}),
                                           open(tilted(6.0, 0.5, 0.0, 0.0), {false, true, true})};
  const std::vector<const char *> names = {
      "cube",        "unit cube", "tilted", "strongly tilted", "tilted by an edge", "flat",
      "flat tilted", "open",      "slab",   "tilted slab",     "tilted wire wall"};
  std::vector<Case> all;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const Numbers x = make.packing(120, cells[k]);
    const double rattle = 0.01 * cells[k].h[0];
    all.push_back({names[k], cells[k], make.rattled(Configurations::hopped(x), rattle), x});
    all.push_back({names[k], cells[k], make.packing(120, cells[k]), x});
  }
  const Numbers x = make.packing(300, box);
  all.push_back({"rattled", box, make.rattled(x, 0.05), x});
  all.push_back({"hopped", box, make.rattled(Configurations::hopped(x), 0.05), x});
  all.push_back({"unrelated", box, make.packing(300, box), x});
  all.push_back(
      {"sparse", cube(1000.0), make.packing(20, cube(1000.0)), make.packing(20, cube(1000.0))});
  all.push_back({"clustered", box, make.clustered(200, box), make.clustered(200, box)});
  all.push_back({"cluster spreads", box, make.packing(150, box), make.clustered(150, box)});
  MatchingCell rod = box;
  rod.h[0] = 200.0;
  all.push_back({"rod", rod, make.packing(150, rod), make.packing(150, rod)});
  rod.h[5] = 77.0;
  all.push_back({"tilted rod", rod, make.packing(150, rod), make.packing(150, rod)});
  Numbers twice = make.packing(40, box);
  twice.insert(twice.end(), twice.begin(), twice.end());
  all.push_back({"duplicates", box, twice, make.packing(80, box)});
  all.push_back({"duplicates of both", box, make.rattled(twice, 0.0), make.permuted(twice)});
  // A lattice between the sites of another one: all nearest references are equally near.
  Numbers lattice;
  for (int i = 0; i < 125; ++i)
    lattice.insert(lattice.end(), {1.0 * (i % 5), 1.0 * (i / 5 % 5), 1.0 * (i / 25)});
  Numbers between = lattice;
  for (double &coordinate : between)
    coordinate += 0.5;
  all.push_back({"lattice", cube(5.0), between, lattice});
  Numbers away = x;
  for (std::size_t i = 0; i < away.size(); ++i)
    away[i] += 6.0 * static_cast<double>(i % 7) - 6.0e5;
  all.push_back({"other images", box, make.rattled(away, 0.1), x});
  for (const double unit : {1.0e-10, 1.0e4}) {
    MatchingCell cell = tilted(6.0 * unit, 0.1, 0.2, 0.3);
    all.push_back({"other units", cell, Configurations::scaled(make.packing(100, box), unit),
                   Configurations::scaled(x, unit)});
    all.back().reference.resize(300);
  }
  for (const std::size_t n : {1, 2, 3, 7, 8, 9, 13})
    all.push_back({"few", box, make.packing(n, box), make.packing(n, box)});
  return all;
}

class MatchingOf : public testing::TestWithParam<Case> {
 protected:
  const MatchingCell &cell = GetParam().cell;
  const Numbers &position = GetParam().position, &reference = GetParam().reference;
  std::size_t n = position.size() / 3;
};

TEST_P(MatchingOf, IsTheOptimum)
{
  const Numbers cost = cost_matrix(position, reference, cell);
  Matcher matcher;
  const Matching matching = matcher.match(position, reference, cell);
  const double expected = hungarian(cost, n);
  EXPECT_NEAR(matching.sum_of_squares, expected, 1.0e-12 * expected);
  EXPECT_LE(matching.sum_of_squares, labelled(cost, n) * (1.0 + 1.0e-15));
  EXPECT_LE(matching.lower_bound, matching.sum_of_squares);
  EXPECT_LE(matching.sum_of_squares - matching.lower_bound, 1.0e-12 * matching.sum_of_squares);

  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i)
    sum += cost[n * i + matching.partner[i]];
  EXPECT_NEAR(matching.sum_of_squares, sum, 1.0e-13 * sum);

  const MatchingCertificate certificate =
      certify(position, reference, cell, matching.partner, matcher.prices());
  EXPECT_TRUE(certificate.optimal);
  EXPECT_EQ(certificate.sum_of_squares, matching.sum_of_squares);
  EXPECT_EQ(certificate.lower_bound, matching.lower_bound);
}

TEST_P(MatchingOf, HasPricesThatHoldForEveryPair)
{
  // What certify() says, without its search.
  const Numbers cost = cost_matrix(position, reference, cell);
  const double scale = matching_scale(position, reference, cell);
  Matcher matcher;
  const Matching matching = matcher.match(position, reference, cell);
  const auto value = [&](std::size_t i, std::size_t j) {
    return static_cast<std::int64_t>(scale * cost[n * i + j]) + matcher.prices()[j];
  };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      EXPECT_GE(value(i, j), value(i, matching.partner[i]));
}

TEST_P(MatchingOf, DoesNotDependOnTheStart)
{
  Matcher matcher;
  const double cold = matcher.match(position, reference, cell).sum_of_squares;
  EXPECT_NEAR(matcher.match(position, reference, cell).sum_of_squares, cold, 1.0e-12 * cold);
  // Prices of something else, and of another size of the cell.
  Configurations make(5);
  MatchingCell other = cell;
  other.h[0] *= 3.0;
  matcher.match(make.packing(n, other), make.packing(n, other), other);
  EXPECT_NEAR(matcher.match(position, reference, cell).sum_of_squares, cold, 1.0e-12 * cold);
}

TEST_P(MatchingOf, DoesNotDependOnTheOrder)
{
  Configurations make(6);
  const double sum = Matcher().match(position, reference, cell).sum_of_squares;
  EXPECT_NEAR(
      Matcher().match(make.permuted(position), make.permuted(reference), cell).sum_of_squares, sum,
      1.0e-12 * sum);
}

TEST_P(MatchingOf, CostsNothingIfOnlyLabelsChange)
{
  Configurations make(7);
  const Matching matching = Matcher().match(make.permuted(position), position, cell);
  EXPECT_EQ(matching.sum_of_squares, 0.0);
  EXPECT_EQ(matching.lower_bound, 0.0);
  EXPECT_EQ(Matcher().match(position, position, cell).sum_of_squares, 0.0);
}

TEST_P(MatchingOf, IsNotCertifiedIfBroken)
{
  if (n < 2 || std::string(GetParam().name).find("duplicates") == 0) return;
  Matcher matcher;
  Matching matching = matcher.match(position, reference, cell);
  std::vector<std::int64_t> price = matcher.prices();
  const auto certificate = [&] {
    return certify(position, reference, cell, matching.partner, price);
  };
  // A price that is too low makes others want the reference; far too high, its own atom another.
  const double scale = matching_scale(position, reference, cell);
  const auto far = static_cast<std::int64_t>(1.01 * 0x1p59);
  for (const std::int64_t change : {-far, far}) {
    price[n / 2] += change;
    const MatchingCertificate broken = certificate();
    EXPECT_FALSE(broken.optimal);
    EXPECT_EQ(broken.lower_bound, 0.0);
    EXPECT_GE(broken.position, 0);
    price[n / 2] -= change;
  }
  EXPECT_TRUE(certificate().optimal);

  // Two partners swapped: not optimal, unless they are as good that way (the lattice).
  const Numbers cost = cost_matrix(position, reference, cell);
  for (std::size_t i = 0; i + 1 < n; i += 1 + n / 20) {
    std::swap(matching.partner[i], matching.partner[i + 1]);
    double sum = 0.0;
    for (std::size_t k = 0; k < n; ++k)
      sum += std::floor(scale * cost[n * k + matching.partner[k]]) / scale;
    const bool worse = sum > matching.sum_of_squares * (1.0 + 1.0e-12);
    EXPECT_EQ(certificate().optimal, !worse);
    EXPECT_TRUE(certificate().bijective);
    std::swap(matching.partner[i], matching.partner[i + 1]);
  }

  for (const std::int32_t wrong : {matching.partner[1], -1, static_cast<std::int32_t>(n)}) {
    const std::int32_t right = std::exchange(matching.partner[0], wrong);
    EXPECT_FALSE(certificate().bijective);
    EXPECT_FALSE(certificate().optimal);
    matching.partner[0] = right;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, MatchingOf, testing::ValuesIn(cases()));

TEST(Matching, IsTheBestOfAllPermutations)
{
  Configurations make(3);
  for (int round = 0; round < 30; ++round)
    for (std::size_t n = 1; n <= 6; ++n) {
      const MatchingCell cell = tilted(1.0, make.uniform(), make.uniform(), make.normal());
      const Numbers x = make.packing(n, cell), y = make.packing(n, cell);
      const double expected = all_permutations(cost_matrix(x, y, cell), n);
      EXPECT_NEAR(Matcher().match(x, y, cell).sum_of_squares, expected, 1.0e-12 * expected);
    }
  const Numbers x = make.packing(7, cube(2.0)), y = make.packing(7, cube(2.0));
  const double expected = all_permutations(cost_matrix(x, y, cube(2.0)), 7);
  EXPECT_NEAR(Matcher().match(x, y, cube(2.0)).sum_of_squares, expected, 1.0e-12 * expected);
}

TEST(Matching, OfNothingIsNothing)
{
  const Matching matching = Matcher().match(Numbers(), Numbers(), cube(1.0));
  EXPECT_TRUE(matching.partner.empty());
  EXPECT_EQ(matching.sum_of_squares, 0.0);
  EXPECT_EQ(matching.lower_bound, 0.0);
}

TEST(Matching, OfThousandsIsCertifiedByEveryPair)
{
  Configurations make(4);
  const MatchingCell cell = cube(12.0);
  const std::size_t n = 2000;
  const Numbers x = make.packing(n, cell), y = make.packing(n, cell);
  Matcher matcher;
  const Matching matching = matcher.match(x, y, cell);
  const double scale = matching_scale(x, y, cell);
  const Numbers cost = cost_matrix(x, y, cell);
  std::size_t contradictions = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = [&](std::size_t j) {
      return static_cast<std::int64_t>(scale * cost[n * i + j]) + matcher.prices()[j];
    };
    for (std::size_t j = 0; j < n; ++j)
      contradictions += value(j) < value(matching.partner[i]);
  }
  EXPECT_EQ(contradictions, 0u);
}

TEST(Matching, RefusesWhatItCannotMatch)
{
  const Numbers one{0.0, 0.0, 0.0}, two(6, 0.0);
  Matcher matcher;
  EXPECT_THROW(matcher.match(one, two, cube(1.0)), std::invalid_argument);
  EXPECT_THROW(matcher.match(Numbers(4), Numbers(4), cube(1.0)), std::invalid_argument);
  for (const double wrong : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(matcher.match(one, Numbers{0.0, wrong, 0.0}, cube(1.0)), std::invalid_argument);
    EXPECT_THROW(matcher.match(one, one, cube(wrong)), std::invalid_argument);
  }
  EXPECT_THROW(matcher.match(one, one, cube(0.0)), std::invalid_argument);
  EXPECT_THROW(matcher.match(one, one, cube(-1.0)), std::invalid_argument);
  const MatchingCell wide = open(cube(1.0), {false, false, false});
  EXPECT_THROW(matcher.match(one, Numbers{1.0e200, 0.0, 0.0}, wide), std::invalid_argument);
  MatchingCell line = cube(1.0);
  line.dimension = 1;
  EXPECT_THROW(matcher.match(one, one, line), std::invalid_argument);
  const std::vector<std::int32_t> partner{0};
  const auto check = [&](const std::vector<std::int64_t> &price) {
    return certify(one, one, cube(1.0), partner, price).optimal;
  };
  EXPECT_TRUE(check({5}));
  EXPECT_THROW(check({5, 5}), std::invalid_argument);
  EXPECT_THROW(check({std::numeric_limits<std::int64_t>::min()}), std::invalid_argument);
}

TEST(MinimumImage, IsTheNearestOfAll)
{
  Configurations make(9);
  for (int round = 0; round < 60; ++round) {
    // Tilts up to what three images either way can undo.
    const auto tilt = [&] { return 2.4 * make.uniform() - 1.2; };
    MatchingCell cell = tilted(1.0, tilt(), tilt(), tilt());
    for (int k = 0; k < 3; ++k)
      cell.periodic[k] = round % 4 != k;
    cell.dimension = round % 5 == 0 ? 2 : 3;
    const Numbers x = make.packing(10, cell), y = make.packing(10, cell);
    for (std::size_t i = 0; i < 10; ++i) {
      const double expected = brute_force_distance(&x[3 * i], &y[3 * i], cell);
      EXPECT_NEAR(squared_distance(&x[3 * i], &y[3 * i], cell), expected, 1.0e-13);
    }
  }
}

TEST(MinimumImage, DoesNotDependOnTheChoiceOfEdges)
{
  Configurations make(10);
  for (int round = 0; round < 40; ++round) {
    const MatchingCell cell = tilted(1.0, make.uniform(), make.uniform(), make.uniform());
    // The same lattice, tilted by whole edges.
    MatchingCell other = cell;
    const double along_a = std::floor(9.0 * make.normal()),
                 along_b = std::floor(9.0 * make.normal());
    other.h[5] += along_a * cell.h[0];
    other.h[3] += along_b * cell.h[1];
    other.h[4] += along_b * cell.h[5] - along_a * cell.h[0];
    const Numbers x = make.packing(10, cell), y = make.packing(10, cell);
    for (std::size_t i = 0; i < 10; ++i)
      EXPECT_NEAR(squared_distance(&x[3 * i], &y[3 * i], cell),
                  squared_distance(&x[3 * i], &y[3 * i], other), 1.0e-12);
  }
}

}    // namespace
