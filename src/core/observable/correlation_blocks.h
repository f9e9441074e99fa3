// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_CORRELATION_BLOCKS_H
#define GLASS_CORRELATION_BLOCKS_H

#include "jackknife.h"
#include "lagged_products.h"
#include "memory_kernel.h"

#include <vector>

namespace glass {

/// Lag sums of one stretch of a run, for each class of degrees of freedom.
struct CorrelationBlock {
  std::vector<LagSums> sums_c;
  std::vector<double> pairs_k;    ///< pairs of samples at lag k, the same for every degree

  CorrelationBlock() = default;
  CorrelationBlock(std::size_t n_classes, std::size_t lags);
  CorrelationBlock &operator+=(const CorrelationBlock &other);
  CorrelationBlock &operator-=(const CorrelationBlock &other);

  /// Averages over the pairs of classes [first, last), which have n_degrees together. Zero where
  /// there is no pair.
  MomentumCorrelations correlations(std::size_t first, std::size_t last, double n_degrees) const;

  double bytes() const;
  void write(std::vector<char> &bytes) const;
  /// What write() has written for the same number of classes and lags.
  void read(const char *&bytes);
};

/// A run in blocks of stretches.
using CorrelationBlocks = JackknifeBlocks<CorrelationBlock>;

}    // namespace glass

#endif
