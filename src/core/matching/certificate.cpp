// Part of lammps-glass, GPL-2.0.

#include "certificate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace glass {

namespace {

__extension__ using Wide = __int128;

/// The largest double that is not above n/scale, scale a power of two.
double divided_down(Wide n, double scale)
{
  auto nearest = static_cast<double>(n);
  if (static_cast<Wide>(nearest) > n)
    nearest = std::nextafter(nearest, -std::numeric_limits<double>::infinity());
  return nearest / scale;
}

}    // namespace

MatchingCertificate certify(const MatchingProblem &problem, Span<const std::int32_t> partner_n,
                            const PriceTree &tree, Span<const std::int32_t> order_n)
{
  const auto n = static_cast<std::int32_t>(problem.size());
  MatchingCertificate result;
  std::vector<std::int32_t> column_of_reference(n);
  for (std::int32_t column = 0; column < n; ++column)
    column_of_reference[tree.atom(column)] = column;

  std::vector<bool> taken(n, false);
  for (std::int32_t i = 0; i < n; ++i) {
    const std::int32_t reference = partner_n[i];
    if (reference < 0 || reference >= n || taken[reference]) {
      result.position = i;
      result.reference = reference;
      return result;
    }
    taken[reference] = true;
  }
  result.bijective = true;

  Wide dual = 0;
  for (std::int32_t column = 0; column < n; ++column)
    dual -= tree.price(column);
  long double sum = 0.0L;
  for (const std::int32_t i : order_n) {
    const Torus::Point &x = problem.position_n3[i];
    const std::int32_t column = column_of_reference[partner_n[i]];
    sum += problem.torus.squared_distance(x, tree.point(column));
    const std::int64_t u = tree.cost(x, column) + tree.price(column);
    dual += u;
    const std::int32_t better = tree.any_below(x, u);
    if (better >= 0 && result.position < 0) {
      result.position = i;
      result.reference = tree.atom(better);
    }
  }
  result.sum_of_squares = static_cast<double>(sum);
  result.optimal = result.position < 0;
  if (result.optimal) result.lower_bound = std::max(divided_down(dual, problem.scale), 0.0);
  return result;
}

}    // namespace glass
