// Part of lammps-glass, GPL-2.0.

#include "matching.h"

#include "../matching/assignment_solver.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace glass {

double squared_distance(const double *x, const double *y, const MatchingCell &cell)
{
  const Torus torus(cell);
  return torus.squared_distance(torus.wrap(x), torus.wrap(y));
}

double matching_scale(Span<const double> position_n3, Span<const double> reference_n3,
                      const MatchingCell &cell)
{
  return MatchingProblem(position_n3, reference_n3, cell).scale;
}

MatchingCertificate certify(Span<const double> position_n3, Span<const double> reference_n3,
                            const MatchingCell &cell, Span<const std::int32_t> partner_n,
                            Span<const std::int64_t> price_n)
{
  const MatchingProblem problem(position_n3, reference_n3, cell);
  if (partner_n.size() != problem.size() || price_n.size() != problem.size())
    throw std::invalid_argument("A partner and a price of every atom are needed");
  for (const std::int64_t price : price_n)    // so that sums with costs fit
    if (std::abs(static_cast<double>(price)) > 4.0 * largest_cost)
      throw std::invalid_argument("A price is larger than any that can make sense");
  PriceTree tree(problem.torus, problem.scale, problem.reference_n3);
  std::vector<std::int64_t> price_c(problem.size());
  for (std::int32_t column = 0; column < tree.size(); ++column)
    price_c[column] = price_n[tree.atom(column)];
  tree.set_prices(std::move(price_c));
  return certify(problem, partner_n, tree, spatial_order(problem.position_n3));
}

double Matcher::memory(std::size_t n)
{
  return 480.0 * static_cast<double>(n);    // measured; a third of it are the lists of Candidates
}

Matching Matcher::match(Span<const double> position_n3, Span<const double> reference_n3,
                        const MatchingCell &cell)
{
  const MatchingProblem problem(position_n3, reference_n3, cell);
  const std::size_t n = problem.size();
  Matching matching;
  if (n != price_n_.size()) price_n_.clear();
  // In today's units of cost, which depend on the cell and the extent.
  for (std::int64_t &price : price_n_)
    price =
        std::llround(std::min(static_cast<double>(price) / scale_ * problem.scale, largest_cost));
  scale_ = problem.scale;

  const AssignmentSolution solution = solve_assignment(problem, price_n_, report_);
  price_n_ = solution.price_n;
  matching.partner = solution.partner_n;
  const MatchingCertificate &certificate = solution.certificate;
  if (!certificate.optimal)
    throw std::logic_error("Matching: position " + std::to_string(certificate.position) +
                           " and reference " + std::to_string(certificate.reference) +
                           " contradict its optimality, please report this");
  matching.sum_of_squares = certificate.sum_of_squares;
  matching.lower_bound = certificate.lower_bound;
  return matching;
}

}    // namespace glass
