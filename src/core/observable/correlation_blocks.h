// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_CORRELATION_BLOCKS_H
#define GLASS_CORRELATION_BLOCKS_H

#include "lagged_products.h"
#include "memory_kernel.h"

#include <cstdint>
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
};

/// A run of unknown length in blocks for the jackknife: at least `fewest` once there are so many
/// stretches, and less than twice as many. When they become too many, neighbours are joined.
class CorrelationBlocks {
 public:
  CorrelationBlocks() = default;
  CorrelationBlocks(std::size_t n_classes, std::size_t lags, int fewest);

  void add(const CorrelationBlock &stretch);
  /// Blocks of equal numbers of stretches, the last perhaps of fewer.
  const std::vector<CorrelationBlock> &blocks() const { return blocks_; }
  /// The whole run.
  CorrelationBlock sum() const;
  /// Pairs of samples at one lag, in the whole run.
  double pairs(std::size_t lag) const;

  double bytes() const;
  void write(std::vector<char> &bytes) const;
  /// What write() has written for the same number of classes and lags.
  void read(const char *&bytes);

 private:
  std::size_t n_classes_ = 0, lags_ = 0;
  std::int64_t fewest_ = 0;
  std::int64_t stretches_per_block_ = 1, stretches_in_last_ = 0;
  std::vector<CorrelationBlock> blocks_;
};

}    // namespace glass

#endif
