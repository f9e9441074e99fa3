// Part of lammps-glass, GPL-2.0.

#include "mode_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace glass {

bool belongs(const NormalModes &modes, Eigen::Index p, ModeClass mode_class, double threshold)
{
  const bool unstable = modes.lambda_p[p] < 0.0;
  const bool localized = modes.participation_ratio_p[p] < threshold;
  switch (mode_class) {
    case ModeClass::stable: return !unstable;
    case ModeClass::unstable: return unstable;
    case ModeClass::localized: return unstable && localized;
    case ModeClass::delocalized: return unstable && !localized;
    case ModeClass::all: break;
  }
  return true;
}

Eigen::Index count(const NormalModes &modes, ModeClass mode_class, double threshold)
{
  Eigen::Index n = 0;
  for (Eigen::Index p = 0; p < modes.size(); ++p)
    n += belongs(modes, p, mode_class, threshold);
  return n;
}

double inverse_square_sum(const NormalModes &modes, ModeClass mode_class, double threshold,
                          double omega_min)
{
  if (modes.xi_squared_pc.cols() == 0) return 0.0;
  double sum = 0.0;
  for (Eigen::Index p = 0; p < modes.size(); ++p)
    if (std::abs(modes.omega_p[p]) >= omega_min && belongs(modes, p, mode_class, threshold))
      sum += modes.xi_squared_pc.row(p).mean() / (modes.lambda_p[p] * modes.lambda_p[p]);
  return sum;
}

FrequencyBins enclosing_bins(double lowest, double highest, int n)
{
  lowest = std::min(lowest, 0.0);
  highest = std::max(highest, 0.0);
  const double spread = highest > lowest ? highest - lowest : 1.0;
  const double unit = std::pow(10.0, std::floor(std::log10(spread)) - 1.0);
  const double low = unit * std::floor((lowest - 0.1 * spread) / unit);
  const double high = unit * std::ceil((highest + 0.1 * spread) / unit);
  if (n < 2) return {low, high, n};
  // Wider bins, so that a whole number of them lies on either side of zero.
  const double above = std::clamp(std::floor(n * high / (high - low)), 1.0, n - 1.0);
  const double width = std::max(high / above, -low / (n - above));
  return {(above - n) * width, above * width, n};
}

double BinnedSpectrum::participation_ratio(int b) const
{
  return count_b[b] > 0.0 ? participation_sum_b[b] / count_b[b] : 0.0;
}

double BinnedSpectrum::gamma(int b, Eigen::Index component) const
{
  return count_b[b] > 0.0 ? xi_squared_sum_bc(b, component) / count_b[b] : 0.0;
}

BinnedSpectrum bin_spectrum(const NormalModes &modes, const FrequencyBins &bins)
{
  BinnedSpectrum spectrum;
  spectrum.bins = bins;
  spectrum.count_b = spectrum.participation_sum_b = Eigen::VectorXd::Zero(bins.n);
  spectrum.xi_squared_sum_bc = Eigen::MatrixXd::Zero(bins.n, modes.xi_squared_pc.cols());
  for (Eigen::Index p = 0; p < modes.size(); ++p) {
    const double position = std::floor((modes.omega_p[p] - bins.low) / bins.width());
    if (position < 0.0 || position >= bins.n) {
      ++spectrum.n_outside;
      continue;
    }
    const auto b = static_cast<Eigen::Index>(position);
    spectrum.count_b[b] += 1.0;
    spectrum.participation_sum_b[b] += modes.participation_ratio_p[p];
    spectrum.xi_squared_sum_bc.row(b) += modes.xi_squared_pc.row(p);
  }
  spectrum.density_b = spectrum.count_b / (static_cast<double>(modes.n_degrees) * bins.width());
  return spectrum;
}

double mobility_edge(const BinnedSpectrum &spectrum, double threshold)
{
  int previous = -1;
  for (int b = 0; b < spectrum.bins.n && spectrum.bins.centre(b) < 0.0; ++b) {
    if (spectrum.count_b[b] == 0.0) continue;
    const double ratio = spectrum.participation_ratio(b);
    if (previous >= 0 && ratio >= threshold) {
      const double before = spectrum.participation_ratio(previous);
      if (before >= threshold) break;
      const double fraction = (threshold - before) / (ratio - before);
      return spectrum.bins.centre(previous) +
             fraction * (spectrum.bins.centre(b) - spectrum.bins.centre(previous));
    }
    previous = b;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}    // namespace glass
