// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MEMORY_ESTIMATE_H
#define GLASS_MEMORY_ESTIMATE_H

#include "communicator.h"
#include "correlation_blocks.h"
#include "memory_kernel.h"

#include <vector>

namespace glass {

/// Classes of degrees of freedom that are averaged over together.
struct Species {
  std::size_t first = 0, last = 0;    ///< classes [first, last)
  double n_degrees = 0.0;
  double inertia = 0.0;    ///< mean of m in P = m dx/dt
};

struct EstimateSettings {
  double spacing = 0.0;    ///< between lags
  KernelForm form = KernelForm::impulse;
  double plateau = 0.1;    ///< the part of the lags, at their end, over which beta is averaged
};

/// What sampled correlations say of the memory of a species. Errors are standard errors, by the
/// jackknife over blocks; infinite below two blocks.
struct MemoryEstimate {
  MomentumCorrelations correlations;
  MemoryKernel kernel;
  std::vector<double> v_error_k, beta_error_k;
  KernelSpectrum nu;    ///< of v/inertia: 1/time
  double friction_rate = 0.0, friction_rate_error = 0.0;
  double kT = 0.0;    ///< <P^2>/inertia
};

/// One estimate a species; empty ones (no degrees) stay zero. The kernels of the jackknife are
/// shared out among the ranks; all get the results. Collective.
/// @throws std::invalid_argument as memory_kernel, and unless 0 < plateau <= 1
std::vector<MemoryEstimate> estimate_memory(const CorrelationBlocks &blocks,
                                            const std::vector<Species> &species,
                                            const EstimateSettings &settings,
                                            const Communicator &communicator);

/// Mean of beta over the last part of its lags, 0 < plateau <= 1: the friction rate, if beta has
/// become constant there.
double friction_rate(const std::vector<double> &beta_k, double plateau);

}    // namespace glass

#endif
