// Part of lammps-glass, GPL-2.0.

#include "pattern_matching.h"

#include "../matching/torus.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace glass {

namespace {

using Point = std::array<double, 3>;

void check_particles(const Configuration &configuration, const Configuration &reference,
                     int n_types)
{
  const std::size_t n = configuration.size();
  if (n != reference.size())
    throw std::invalid_argument("the reference has " + std::to_string(reference.size()) +
                                " atoms, this configuration has " + std::to_string(n));
  for (std::size_t i = 0; i < n; ++i) {
    const std::string atom = "atom " + std::to_string(configuration.id_n[i]);
    if (configuration.id_n[i] != reference.id_n[i])
      throw std::invalid_argument(atom + " is not in the reference");
    if (configuration.type_n[i] != reference.type_n[i])
      throw std::invalid_argument(atom + " was of type " + std::to_string(reference.type_n[i]) +
                                  " in the reference and is of type " +
                                  std::to_string(configuration.type_n[i]));
    if (configuration.type_n[i] < 1 || configuration.type_n[i] > n_types)
      throw std::invalid_argument(atom + " is of an unknown type");
  }
}

/// r -> low' + H' H^-1 (r - low), H the edges; along other directions than periodic ones nothing.
class AffineMap {
 public:
  AffineMap(const Configuration &from, const Configuration &to) : from_(from), to_(to)
  {
    for (int k = 0; k < 3; ++k)
      if (!to.cell.periodic[k]) {
        from_.h[k] = to_.h[k];
        from_.low[k] = to_.low[k];
      }
    identity_ = from_.h == to_.h && from_.low == to_.low;
  }

  Point operator()(const double *r) const
  {
    if (identity_) return {r[0], r[1], r[2]};
    const std::array<double, 6> &h = from_.h, &g = to_.h;
    const double z = (r[2] - from_.low[2]) / h[2];
    const double y = (r[1] - from_.low[1] - h[3] * z) / h[1];
    const double x = (r[0] - from_.low[0] - h[5] * y - h[4] * z) / h[0];
    return {to_.low[0] + g[0] * x + g[5] * y + g[4] * z, to_.low[1] + g[1] * y + g[3] * z,
            to_.low[2] + g[2] * z};
  }

 private:
  struct Frame {
    explicit Frame(const Configuration &c) : h(c.cell.h), low(c.low) {}
    std::array<double, 6> h;    // xx yy zz yz xz xy
    Point low;
  };
  Frame from_, to_;
  bool identity_ = true;
};

/// Sums of squares to root mean squares.
PatternDistance distance(double n, double squares, double labelled, double lower_bound)
{
  PatternDistance result;
  result.n = n;
  if (n == 0.0) return result;
  result.d_min = std::sqrt(squares / n);
  result.rmsd = std::sqrt(labelled / n);
  result.gap = result.d_min - std::sqrt(std::max(lower_bound, 0.0) / n);
  return result;
}

}    // namespace

MatchingCell continued(const MatchingCell &cell, const MatchingCell &previous)
{
  MatchingCell result = cell;
  const double xx = cell.h[0], yy = cell.h[1];
  double &yz = result.h[3], &xz = result.h[4], &xy = result.h[5];
  // c + k b first, which changes xz, too; then b + k a and c + k a.
  const double k = std::round((previous.h[3] - yz) / yy);
  yz += k * yy;
  xz += k * xy;
  xy += std::round((previous.h[5] - xy) / xx) * xx;
  xz += std::round((previous.h[4] - xz) / xx) * xx;
  return result;
}

PatternComparison PatternMatcher::compare(const Configuration &configuration,
                                          const Configuration &reference, int n_types)
{
  check_particles(configuration, reference, n_types);
  const int dimension = configuration.cell.dimension;
  const AffineMap map(reference, configuration);
  const Torus torus(configuration.cell);
  const std::size_t n = configuration.size();

  PatternComparison result;
  result.type_t.resize(n_types);
  result.partner_n.resize(n);
  result.displacement_n3.resize(3 * n);
  const Point center = map(reference.center.data());
  for (int k = 0; k < dimension; ++k)
    result.drift[k] = configuration.center[k] - center[k];

  std::vector<std::vector<std::size_t>> members_t(n_types);
  for (std::size_t i = 0; i < n; ++i)
    members_t[configuration.type_n[i] - 1].push_back(i);

  double squares = 0.0, labelled = 0.0, lower_bound = 0.0;
  std::vector<double> position_m3, reference_m3;
  for (int t = 0; t < n_types; ++t) {
    const std::vector<std::size_t> &members = members_t[t];
    if (members.empty()) continue;
    position_m3.clear();
    reference_m3.clear();
    double labelled_t = 0.0;
    for (const std::size_t i : members) {
      const Point then = map(&reference.position_n3[3 * i]);
      for (int k = 0; k < 3; ++k) {
        const double now = configuration.position_n3[3 * i + k] - result.drift[k];
        position_m3.push_back(now);
        reference_m3.push_back(then[k]);
        if (k < dimension) labelled_t += (now - then[k]) * (now - then[k]);
      }
    }

    Matcher &matcher = matcher_t_[t];
    matcher.set_progress(report_);
    const Matching matching = matcher.match(position_m3, reference_m3, configuration.cell);
    // Where the labels are the best permutation, rounding may still put it above them.
    const double squares_t = std::min(matching.sum_of_squares, labelled_t);
    result.type_t[t] =
        distance(static_cast<double>(members.size()), squares_t, labelled_t, matching.lower_bound);
    squares += squares_t;
    labelled += labelled_t;
    lower_bound += matching.lower_bound;

    for (std::size_t m = 0; m < members.size(); ++m) {
      const std::size_t partner = matching.partner[m], i = members[m];
      result.partner_n[i] = reference.id_n[members[partner]];
      const Point d =
          torus.difference(torus.wrap(&position_m3[3 * m]), torus.wrap(&reference_m3[3 * partner]));
      for (int k = 0; k < 3; ++k)
        result.displacement_n3[3 * i + k] = d[k];
    }
  }
  result.all = distance(static_cast<double>(n), squares, labelled, lower_bound);
  return result;
}

void PatternMatcher::forget()
{
  for (auto &[type, matcher] : matcher_t_)
    matcher.reset();
}

}    // namespace glass
