// Part of lammps-glass, GPL-2.0.

#include "relaxation.h"

#include <cmath>
#include <stdexcept>

namespace glass {

namespace {

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();

/// Not a number, rather than minus one, where there is nothing to divide by.
double quotient(double a, double b)
{
  return b != 0.0 && std::isfinite(b) ? a / b : NOT_A_NUMBER;
}

/// Least squares with intercept; not a number for fewer than two points.
double slope(const double *x, const double *y, std::size_t n)
{
  double mean_x = 0.0, mean_y = 0.0, xx = 0.0, xy = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    mean_x += x[k] / static_cast<double>(n);
    mean_y += y[k] / static_cast<double>(n);
  }
  for (std::size_t k = 0; k < n; ++k) {
    xx += (x[k] - mean_x) * (x[k] - mean_x);
    xy += (x[k] - mean_x) * (y[k] - mean_y);
  }
  return quotient(xy, xx);
}

RelaxationCurves curves_of(const RelaxationBlock &block, std::size_t s, double atoms, int dimension)
{
  const double n = block.origins, d = dimension;
  RelaxationCurves curves;
  for (std::size_t t = 0; t < block.n_times(); ++t) {
    const RelaxationBlock::Entry &sum = block.entry(t, s);
    const double lost = sum.lost / n, square = sum.square / n;
    curves.self_k.push_back(1.0 - lost);
    curves.plus_k.push_back(quotient(sum.plus, block.pairs_s[s]));
    curves.minus_k.push_back(quotient(sum.minus, block.pairs_s[s]));
    curves.square_k.push_back(square);
    curves.alpha2_k.push_back(quotient(d * (sum.fourth / n), (d + 2.0) * square * square) - 1.0);
    curves.chi4_k.push_back(quotient(atoms * n * (sum.lost_squared / n - lost * lost), n - 1.0));
  }
  return curves;
}

RelaxationTimes times_of(const RelaxationCurves &curves, const RelaxationSettings &settings)
{
  const std::vector<double> &t_k = settings.t_k;
  RelaxationTimes times;
  times.alpha = crossing_time(t_k, curves.self_k, settings.threshold);
  times.plus = crossing_time(t_k, curves.plus_k, settings.threshold);
  times.minus = crossing_time(t_k, curves.minus_k, settings.threshold);
  times.ratio = quotient(times.plus, times.minus);

  const std::size_t first = settings.window_first, n = settings.window_end - first;
  times.diffusion = slope(&t_k[first], &curves.square_k[first], n) / (2.0 * settings.dimension);
  std::vector<double> log_t(n), log_square(n);
  for (std::size_t k = 0; k < n; ++k) {
    log_t[k] = std::log(t_k[first + k]);
    log_square[k] = std::log(curves.square_k[first + k]);
  }
  times.exponent = slope(log_t.data(), log_square.data(), n);
  return times;
}

}    // namespace

std::vector<std::int64_t> logarithmic_times(int n, std::int64_t last)
{
  if (n < 2 || last < 1)
    throw std::invalid_argument("a series of times needs two or more, and an end > 0");
  std::vector<std::int64_t> times;
  for (int j = 0; j < n; ++j) {
    const double exponent = j / (n - 1.0) * std::log(static_cast<double>(last));
    const std::int64_t time = j + 1 < n ? std::llround(std::exp(exponent)) : last;
    if (times.empty() || time > times.back()) times.push_back(time);
  }
  return times;
}

double crossing_time(const std::vector<double> &t_k, const std::vector<double> &f_k,
                     double threshold)
{
  if (!(f_k[0] >= threshold)) return NOT_A_NUMBER;
  for (std::size_t k = 1; k < f_k.size(); ++k) {
    if (f_k[k] >= threshold) continue;
    const double part = (f_k[k - 1] - threshold) / (f_k[k - 1] - f_k[k]);
    return t_k[k - 1] * std::pow(t_k[k] / t_k[k - 1], part);
  }
  return std::numeric_limits<double>::infinity();
}

std::vector<std::vector<double> *> RelaxationCurves::lists()
{
  return {&self_k, &plus_k, &minus_k, &square_k, &alpha2_k, &chi4_k};
}

std::vector<double *> RelaxationTimes::list()
{
  return {&alpha, &plus, &minus, &ratio, &diffusion, &exponent};
}

RelaxationEstimate estimate_relaxation(const RelaxationBlocks &blocks, std::size_t species,
                                       double atoms, const RelaxationSettings &settings,
                                       const Communicator &communicator)
{
  const std::size_t n_times = settings.t_k.size();
  RelaxationEstimate result;
  if (atoms == 0.0) {
    for (RelaxationCurves *curves : {&result.curves, &result.curve_errors})
      for (std::vector<double> *list : curves->lists())
        list->assign(n_times, 0.0);
    return result;
  }
  const auto in_one_list = [](RelaxationCurves curves, RelaxationTimes times) {
    std::vector<double> all;
    for (const std::vector<double> *list : curves.lists())
      all.insert(all.end(), list->begin(), list->end());
    for (const double *time : times.list())
      all.push_back(*time);
    return all;
  };
  const RelaxationBlock whole = blocks.sum();
  result.curves = curves_of(whole, species, atoms, settings.dimension);
  result.times = times_of(result.curves, settings);
  const std::vector<double> errors = jackknife_errors(
      blocks.blocks(), whole, in_one_list(result.curves, result.times),
      [&](const RelaxationBlock &block) {
        const RelaxationCurves curves = curves_of(block, species, atoms, settings.dimension);
        return in_one_list(curves, times_of(curves, settings));
      },
      communicator);

  auto error = errors.begin();
  for (std::vector<double> *list : result.curve_errors.lists()) {
    list->assign(error, error + static_cast<std::ptrdiff_t>(n_times));
    error += static_cast<std::ptrdiff_t>(n_times);
  }
  for (double *time : result.time_errors.list())
    *time = *error++;
  return result;
}

}    // namespace glass
