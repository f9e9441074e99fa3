// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_JACKKNIFE_H
#define GLASS_JACKKNIFE_H

#include "../byte_stream.h"
#include "../communicator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace glass {

/// A run of unknown length in blocks for the jackknife: at least `fewest` once there are so many
/// stretches, and less than twice as many. When they become too many, neighbours are joined.
///
/// Block is a sum over stretches: it has +=, -=, bytes(), write(bytes), read(bytes).
template <typename Block> class JackknifeBlocks {
 public:
  JackknifeBlocks() = default;

  /// @param empty                a block of nothing, of the shape of all others
  /// @param stretches_per_block  at first; stretches that overlap belong together
  JackknifeBlocks(const Block &empty, int fewest, int stretches_per_block = 1) :
      empty_(empty), fewest_(fewest), stretches_per_block_(stretches_per_block)
  {
  }

  void add(const Block &stretch)
  {
    if (blocks_.empty() || stretches_in_last_ == stretches_per_block_) {
      if (static_cast<std::int64_t>(blocks_.size()) == 2 * fewest_) join_neighbours();
      blocks_.push_back(empty_);
      stretches_in_last_ = 0;
    }
    blocks_.back() += stretch;
    ++stretches_in_last_;
  }

  /// Blocks of equal numbers of stretches, the last perhaps of fewer.
  const std::vector<Block> &blocks() const { return blocks_; }

  /// The whole run.
  Block sum() const
  {
    Block whole = empty_;
    for (const Block &block : blocks_)
      whole += block;
    return whole;
  }

  /// What it may come to take.
  double bytes() const
  {
    return 3.0 * sizeof(std::int64_t) + 2.0 * static_cast<double>(fewest_) * empty_.bytes();
  }

  void write(std::vector<char> &bytes) const
  {
    append(bytes, static_cast<std::int64_t>(blocks_.size()));
    append(bytes, stretches_per_block_);
    append(bytes, stretches_in_last_);
    for (const Block &block : blocks_)
      block.write(bytes);
  }

  /// What write() has written of blocks of the same shape.
  void read(const char *&bytes)
  {
    const auto n = take<std::int64_t>(bytes);
    stretches_per_block_ = take<std::int64_t>(bytes);
    stretches_in_last_ = take<std::int64_t>(bytes);
    blocks_.assign(n, empty_);
    for (Block &block : blocks_)
      block.read(bytes);
  }

 private:
  void join_neighbours()
  {
    for (std::size_t b = 0; b < blocks_.size() / 2; ++b) {
      if (b > 0) blocks_[b] = std::move(blocks_[2 * b]);
      blocks_[b] += blocks_[2 * b + 1];
    }
    blocks_.resize(fewest_);
    stretches_per_block_ *= 2;
  }

  Block empty_;
  std::int64_t fewest_ = 1;
  std::int64_t stretches_per_block_ = 1, stretches_in_last_ = 0;
  std::vector<Block> blocks_;
};

/// Standard errors of quantities x from what they are with one block left out each:
/// error^2 = (B-1)/B sum_b (x_b - mean x)^2. Infinite below two blocks, and where one of the x_b is
/// not finite. Ranks share the work.
///
/// @param whole     the sum of all blocks, the same on all ranks
/// @param of_all    the quantities for it; deviations from them have squares that do not cancel
/// @param estimate  the quantities for a block, std::vector<double>(const Block &)
template <typename Block, typename Estimate>
std::vector<double> jackknife_errors(const std::vector<Block> &blocks, const Block &whole,
                                     const std::vector<double> &of_all, const Estimate &estimate,
                                     const Communicator &communicator)
{
  const std::size_t n = of_all.size();
  const auto n_blocks = static_cast<double>(blocks.size());
  const double infinity = std::numeric_limits<double>::infinity();
  if (blocks.size() < 2) return std::vector<double>(n, infinity);
  std::vector<double> sums(2 * n);    // of deviations, of their squares
  for (std::size_t b = communicator.rank(); b < blocks.size(); b += communicator.size()) {
    Block rest = whole;
    rest -= blocks[b];
    const std::vector<double> of_rest = estimate(rest);
    for (std::size_t k = 0; k < n; ++k) {
      const double deviation = of_rest[k] - of_all[k];
      sums[k] += deviation;
      sums[n + k] += deviation * deviation;
    }
  }
  communicator.sum_in_place(sums.data(), static_cast<int>(sums.size()));
  std::vector<double> error(n);
  for (std::size_t k = 0; k < n; ++k) {
    const double variance = sums[n + k] - sums[k] * sums[k] / n_blocks;
    error[k] = std::isfinite(variance)
                   ? std::sqrt((n_blocks - 1.0) / n_blocks * std::max(0.0, variance))
                   : infinity;
  }
  return error;
}

}    // namespace glass

#endif
