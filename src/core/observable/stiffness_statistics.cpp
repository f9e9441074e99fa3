// Part of lammps-glass, GPL-2.0.

#include "stiffness_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace glass {

double StiffnessStatistics::standard_error(double n_pairs) const
{
  if (n == 1.0 && n_pairs > 1.0) return std::numeric_limits<double>::quiet_NaN();
  return n > 0.0 ? standard_deviation * std::sqrt(std::max(0.0, 1.0 - n / n_pairs) / n) : 0.0;
}

StiffnessStatistics stiffness_statistics(const std::vector<double> &own_kappa,
                                         const Communicator &communicator)
{
  StiffnessStatistics result;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double sum = 0.0, low = infinity, high = -infinity;
  for (const double kappa : own_kappa) {
    sum += kappa;
    low = std::min(low, kappa);
    high = std::max(high, kappa);
  }
  result.n = communicator.sum(static_cast<double>(own_kappa.size()));
  if (result.n == 0.0) return result;
  result.mean = communicator.sum(sum) / result.n;
  result.smallest = -communicator.maximum(-low);
  result.largest = communicator.maximum(high);
  double squares = 0.0;
  for (const double kappa : own_kappa)
    squares += (kappa - result.mean) * (kappa - result.mean);
  squares = communicator.sum(squares);
  if (result.n > 1.0) result.standard_deviation = std::sqrt(squares / (result.n - 1.0));
  return result;
}

double LogarithmicBins::edge(int b) const
{
  return b == 0 ? low : b == n ? high : low * std::pow(high / low, static_cast<double>(b) / n);
}

double LogarithmicBins::centre(int b) const
{
  return std::sqrt(edge(b) * edge(b + 1));
}

LogarithmicBins enclosing_logarithmic_bins(double smallest, double largest, int n)
{
  if (!(largest > smallest)) return {smallest / std::sqrt(10.0), smallest * std::sqrt(10.0), n};
  // A little beyond: the ends belong to the bins.
  return {smallest * (1.0 - 1.0e-9), largest * (1.0 + 1.0e-9), n};
}

StiffnessHistogram stiffness_histogram(const std::vector<double> &own_kappa,
                                       const LogarithmicBins &bins,
                                       const Communicator &communicator)
{
  StiffnessHistogram result;
  std::vector<double> edges;
  edges.reserve(bins.n + 1);
  for (int b = 0; b <= bins.n; ++b)
    edges.push_back(bins.edge(b));
  // Values below, in the bins, and in all.
  std::vector<double> count(bins.n + 2, 0.0);
  for (const double kappa : own_kappa) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), kappa);
    if (above != edges.end()) count[above - edges.begin()] += 1.0;
  }
  count.back() = static_cast<double>(own_kappa.size());
  communicator.sum_in_place(count.data(), static_cast<int>(count.size()));
  double below = count.front();
  for (int b = 0; b < bins.n; ++b) {
    const double n = count[b + 1];
    below += n;
    result.count_b.push_back(n);
    result.density_b.push_back(count.back() > 0.0 ? n / (count.back() * (edges[b + 1] - edges[b]))
                                                  : 0.0);
    result.cumulative_b.push_back(count.back() > 0.0 ? below / count.back() : 0.0);
  }
  return result;
}

}    // namespace glass
