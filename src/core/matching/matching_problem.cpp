// Part of lammps-glass, GPL-2.0.

#include "matching_problem.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace glass {

namespace {

std::vector<Torus::Point> wrapped(const Torus &torus, Span<const double> x_n3)
{
  std::vector<Torus::Point> point_n3(x_n3.size() / 3);
  for (std::size_t i = 0; i < point_n3.size(); ++i) {
    point_n3[i] = torus.wrap(&x_n3[3 * i]);
    for (const double x : point_n3[i])
      if (!std::isfinite(x)) throw std::invalid_argument("A position to match is not finite");
  }
  return point_n3;
}

/// No squared distance of a position and a reference is larger, length^2.
double largest_squared_distance(const MatchingProblem &problem)
{
  if (problem.size() == 0) return 0.0;
  if (problem.torus.periodic_edges() == problem.torus.dimension()) return problem.torus.farthest();
  // Open directions: the diagonal of all points, of which one image each is looked at.
  double squared = 0.0;
  for (int k = 0; k < 3; ++k) {
    double low = problem.position_n3[0][k], high = low;
    for (const auto *points : {&problem.position_n3, &problem.reference_n3})
      for (const Torus::Point &point : *points) {
        low = std::min(low, point[k]);
        high = std::max(high, point[k]);
      }
    squared += (high - low) * (high - low);
  }
  return squared;
}

/// The power of two for which S times the largest squared distance is below 2^59: sums of a few
/// costs and prices then fit into 63 bits (prices of an optimum differ by no more than the largest
/// cost, and the auction goes beyond that by no more than its epsilon).
double cost_scale(double largest)
{
  if (!std::isfinite(largest))
    throw std::invalid_argument("Positions to match are too far apart for their squares");
  if (largest == 0.0) return 1.0;
  int exponent = 0;
  std::frexp(largest * (1.0 + 1.0e-9), &exponent);    // largest < 2^exponent
  return std::ldexp(1.0, std::min(59 - exponent, std::numeric_limits<double>::max_exponent - 64));
}

}    // namespace

MatchingProblem::MatchingProblem(Span<const double> position_i, Span<const double> reference_i,
                                 const MatchingCell &cell) :
    torus(cell)
{
  if (position_i.size() != reference_i.size())
    throw std::invalid_argument("Configurations to match have different numbers of atoms");
  if (position_i.size() % 3 != 0)
    throw std::invalid_argument("Configurations to match need three coordinates an atom");
  if (position_i.size() / 3 > std::numeric_limits<std::int32_t>::max())
    throw std::invalid_argument("Configurations to match have more than 2^31 - 1 atoms");
  position_n3 = wrapped(torus, position_i);
  reference_n3 = wrapped(torus, reference_i);
  scale = cost_scale(largest_squared_distance(*this));
}

}    // namespace glass
