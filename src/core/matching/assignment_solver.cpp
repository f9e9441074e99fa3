// Part of lammps-glass, GPL-2.0.

#include "assignment_solver.h"

#include "auction.h"
#include "shortest_paths.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>

namespace glass {

namespace {

// In units of spacing(). Tuned for speed alone; every value of each gives the optimum.
constexpr double coarse_epsilon = 0.05, fine_epsilon = 1.0e-3, epsilon_ratio = 5.0;
constexpr double tolerance = 4.0;    ///< of the auction, for columns that are not in the lists
// Bids for each row: until an auction is given up, and in the exact round.
constexpr std::int64_t most_bids = 100, most_exact_bids = 3;

/// Speaks up when there has been silence for 10 s.
class Reporter {
 public:
  explicit Reporter(const std::function<void(const std::string &)> &report) : report_(report) {}

  void operator()(const char *doing, std::size_t left)
  {
    const auto now = std::chrono::steady_clock::now();
    if (!report_ || now - last_ < std::chrono::seconds(10)) return;
    last_ = now;
    report_("matching: " + std::string(doing) + ", " + std::to_string(left) + " atoms to match");
  }

 private:
  const std::function<void(const std::string &)> &report_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Typical squared distance of a reference and the fourth other one, as a cost: about (V/N)^(2/3)
/// in three dimensions, whatever the units and however much of the box is empty.
std::int64_t spacing(PriceTree &tree)
{
  const std::int32_t samples = std::min(tree.size(), 1000);
  std::vector<std::int64_t> cost_s(samples);
  std::vector<PriceTree::Column> found;
  for (std::int32_t s = 0; s < samples; ++s) {
    const auto column = static_cast<std::int32_t>(std::int64_t{s} * tree.size() / samples);
    tree.best(tree.point(column), 5, PriceTree::ALL, found);
    cost_s[s] = found.back().cost;
  }
  std::nth_element(cost_s.begin(), cost_s.begin() + samples / 2, cost_s.end());
  return std::max(cost_s[samples / 2], std::int64_t{1});
}

std::vector<std::int32_t> all(std::size_t n)
{
  std::vector<std::int32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

class Solver {
 public:
  Solver(PriceTree &tree, Candidates &candidates, Reporter &say) :
      tree_(tree), candidates_(candidates), n_(tree.size()), say_(say),
      unit_(static_cast<double>(spacing(tree))), assignment_(n_)
  {
  }

  Assignment solve(bool warm)
  {
    approach(warm);
    std::vector<std::int32_t> free_rows = reduce();
    // Rows that are much nearer to each other than the typical ones need smaller steps.
    while (free_rows.size() > 20 + n_ / 50 && epsilon_ * unit_ > 1.0) {
      epsilon_ /= epsilon_ratio;
      match_within_epsilon(0.0);
      free_rows = reduce();
    }
    ShortestPaths paths(tree_, candidates_, assignment_);
    for (; !free_rows.empty(); free_rows.pop_back()) {
      paths.augment(free_rows.back());
      say_("shortest paths", free_rows.size());
    }
    return std::move(assignment_);
  }

 private:
  /// Prices near the optimum by auctions of falling epsilon, each from the prices of that before.
  void approach(bool warm)
  {
    epsilon_ = warm ? fine_epsilon : coarse_epsilon;
    // Where atoms must go far, as from a dense region into an empty one, prices rise to the square
    // of that distance, which small steps would take for ever.
    const double up = epsilon_ratio * epsilon_ratio;
    while (!match_within_epsilon(tolerance) && epsilon_ * unit_ * up < largest_cost)
      epsilon_ *= up;
    while (epsilon_ > fine_epsilon * epsilon_ratio) {
      epsilon_ /= epsilon_ratio;
      match_within_epsilon(tolerance);
    }
  }

  /// @returns whether all rows were matched within the bids that are allowed
  bool match_within_epsilon(double within)
  {
    AuctionRules rules;
    rules.epsilon = std::llround(std::max(epsilon_ * unit_, 1.0));
    rules.tolerance = std::llround(within * unit_);
    rules.most_bids = most_bids * static_cast<std::int64_t>(n_);
    return bid("auction", rules).empty();
  }

  /// Matches most rows with their very best column. @returns the others
  std::vector<std::int32_t> reduce()
  {
    AuctionRules exact;
    exact.most_bids = most_exact_bids * static_cast<std::int64_t>(n_);
    return bid("row reduction", exact);
  }

  std::vector<std::int32_t> bid(const char *name, const AuctionRules &rules)
  {
    assignment_ = Assignment(n_);
    return auction(tree_, candidates_, assignment_, all(n_), rules,
                   [&](std::size_t left) { say_(name, left); });
  }

  PriceTree &tree_;
  Candidates &candidates_;
  std::size_t n_;
  Reporter &say_;
  double unit_;    ///< of epsilon and tolerance, in units of cost
  double epsilon_ = coarse_epsilon;
  Assignment assignment_;
};

}    // namespace

std::vector<std::int32_t> spatial_order(const std::vector<Torus::Point> &point_n3)
{
  std::vector<std::int32_t> order = all(point_n3.size());
  halve(point_n3, order.data(), order.data() + order.size(), levels_of_halving(order.size()));
  return order;
}

AssignmentSolution solve_assignment(const MatchingProblem &problem,
                                    const std::vector<std::int64_t> &price_n,
                                    const std::function<void(const std::string &)> &report)
{
  const std::size_t n = problem.size();
  AssignmentSolution solution;
  if (n == 0) {
    solution.certificate.bijective = solution.certificate.optimal = true;
    return solution;
  }
  Reporter say(report);
  PriceTree tree(problem.torus, problem.scale, problem.reference_n3);
  std::vector<std::int64_t> price_c(n, 0);
  if (price_n.size() == n)
    for (std::int32_t column = 0; column < tree.size(); ++column)
      price_c[column] = price_n[tree.atom(column)];
  tree.set_prices(price_c);
  const std::vector<std::int32_t> order_r = spatial_order(problem.position_n3);

  Assignment assignment(n);
  if (n == 1)
    assignment.match(0, 0, 0);
  else {
    std::vector<Torus::Point> point_r3;
    point_r3.reserve(n);
    for (const std::int32_t atom : order_r)
      point_r3.push_back(problem.position_n3[atom]);
    Candidates candidates(tree, std::move(point_r3));
    assignment = Solver(tree, candidates, say).solve(price_n.size() == n);
  }

  solution.partner_n.resize(n);
  for (std::size_t row = 0; row < n; ++row)
    solution.partner_n[order_r[row]] = tree.atom(assignment.column_r[row]);
  for (std::int32_t column = 0; column < tree.size(); ++column)
    price_c[column] = tree.price(column);
  const std::int64_t least = *std::min_element(price_c.begin(), price_c.end());
  solution.price_n.resize(n);
  for (std::int32_t column = 0; column < tree.size(); ++column) {
    price_c[column] -= least;
    solution.price_n[tree.atom(column)] = price_c[column];
  }
  tree.set_prices(std::move(price_c));
  solution.certificate = certify(problem, solution.partner_n, tree, order_r);
  return solution;
}

}    // namespace glass
