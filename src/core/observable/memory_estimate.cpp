// Part of lammps-glass, GPL-2.0.

#include "memory_estimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace glass {

namespace {

MemoryKernel kernel_of(const MomentumCorrelations &correlations, const Species &species,
                       const EstimateSettings &settings)
{
  return memory_kernel(correlations, settings.spacing, species.inertia, settings.form);
}

/// v_k, beta_k and the friction rate, one after the other.
std::vector<double> in_one_list(const MemoryKernel &kernel, double plateau)
{
  std::vector<double> list = kernel.v_k;
  list.insert(list.end(), kernel.beta_k.begin(), kernel.beta_k.end());
  list.push_back(friction_rate(kernel.beta_k, plateau));
  return list;
}

MemoryEstimate estimate(const CorrelationBlocks &blocks, const CorrelationBlock &whole,
                        const Species &species, const EstimateSettings &settings,
                        const Communicator &communicator)
{
  const std::size_t n_lags = whole.pairs_k.size();
  const std::vector<double> nothing(n_lags);
  MemoryEstimate result;
  result.correlations = whole.correlations(species.first, species.last, species.n_degrees);
  if (species.n_degrees == 0.0) {
    result.kernel = {nothing, nothing};
    result.v_error_k = result.beta_error_k = nothing;
    result.nu = {nothing, nothing};
    return result;
  }
  result.kernel = kernel_of(result.correlations, species, settings);
  const std::vector<double> of_all = in_one_list(result.kernel, settings.plateau);
  const std::vector<double> error = jackknife_errors(
      blocks.blocks(), whole, of_all,
      [&](const CorrelationBlock &block) {
        const MomentumCorrelations correlations =
            block.correlations(species.first, species.last, species.n_degrees);
        return in_one_list(kernel_of(correlations, species, settings), settings.plateau);
      },
      communicator);
  const auto middle = error.begin() + static_cast<std::ptrdiff_t>(n_lags);
  result.v_error_k.assign(error.begin(), middle);
  result.beta_error_k.assign(middle, error.end() - 1);
  result.friction_rate = of_all.back();
  result.friction_rate_error = error.back();
  result.kT = result.correlations.pp_k[0] / species.inertia;
  std::vector<double> nu_k = result.kernel.v_k;
  for (double &nu : nu_k)
    nu /= species.inertia;
  result.nu = kernel_spectrum(nu_k, settings.spacing);
  return result;
}

}    // namespace

double friction_rate(const std::vector<double> &beta_k, double plateau)
{
  if (!(plateau > 0.0 && plateau <= 1.0))
    throw std::invalid_argument("the plateau must be more than none of the lags, and not more than "
                                "all");
  const auto n = static_cast<double>(beta_k.size() - 1);
  const auto first = beta_k.begin() + static_cast<std::ptrdiff_t>(std::ceil((1.0 - plateau) * n));
  return std::accumulate(first, beta_k.end(), 0.0) / static_cast<double>(beta_k.end() - first);
}

std::vector<MemoryEstimate> estimate_memory(const CorrelationBlocks &blocks,
                                            const std::vector<Species> &species,
                                            const EstimateSettings &settings,
                                            const Communicator &communicator)
{
  const CorrelationBlock whole = blocks.sum();
  std::vector<MemoryEstimate> estimates;
  estimates.reserve(species.size());
  for (const Species &one : species)
    estimates.push_back(estimate(blocks, whole, one, settings, communicator));
  return estimates;
}

}    // namespace glass
