// Part of lammps-glass, GPL-2.0.

#include "correlation_blocks.h"

#include "byte_stream.h"

namespace glass {

CorrelationBlock::CorrelationBlock(std::size_t n_classes, std::size_t lags) :
    sums_c(n_classes, LagSums(lags)), pairs_k(lags + 1)
{
}

CorrelationBlock &CorrelationBlock::operator+=(const CorrelationBlock &other)
{
  for (std::size_t c = 0; c < sums_c.size(); ++c)
    sums_c[c] += other.sums_c[c];
  for (std::size_t k = 0; k < pairs_k.size(); ++k)
    pairs_k[k] += other.pairs_k[k];
  return *this;
}

CorrelationBlock &CorrelationBlock::operator-=(const CorrelationBlock &other)
{
  for (std::size_t c = 0; c < sums_c.size(); ++c)
    sums_c[c] -= other.sums_c[c];
  for (std::size_t k = 0; k < pairs_k.size(); ++k)
    pairs_k[k] -= other.pairs_k[k];
  return *this;
}

MomentumCorrelations CorrelationBlock::correlations(std::size_t first, std::size_t last,
                                                    double n_degrees) const
{
  LagSums sums(pairs_k.size() - 1);
  for (std::size_t c = first; c < last; ++c)
    sums += sums_c[c];
  for (std::size_t k = 0; k < pairs_k.size(); ++k) {
    const double n = pairs_k[k] * n_degrees;
    for (std::vector<double> *list : sums.lists())
      (*list)[k] = n > 0.0 ? (*list)[k] / n : 0.0;
  }
  return {std::move(sums.pp_k), std::move(sums.fp_k), std::move(sums.ff_k)};
}

CorrelationBlocks::CorrelationBlocks(std::size_t n_classes, std::size_t lags, int fewest) :
    n_classes_(n_classes), lags_(lags), fewest_(fewest)
{
}

void CorrelationBlocks::add(const CorrelationBlock &stretch)
{
  if (blocks_.empty() || stretches_in_last_ == stretches_per_block_) {
    if (static_cast<std::int64_t>(blocks_.size()) == 2 * fewest_) {
      for (std::size_t b = 0; b < blocks_.size() / 2; ++b) {
        if (b > 0) blocks_[b] = std::move(blocks_[2 * b]);
        blocks_[b] += blocks_[2 * b + 1];
      }
      blocks_.resize(fewest_);
      stretches_per_block_ *= 2;
    }
    blocks_.emplace_back(n_classes_, lags_);
    stretches_in_last_ = 0;
  }
  blocks_.back() += stretch;
  ++stretches_in_last_;
}

CorrelationBlock CorrelationBlocks::sum() const
{
  CorrelationBlock whole(n_classes_, lags_);
  for (const CorrelationBlock &block : blocks_)
    whole += block;
  return whole;
}

double CorrelationBlocks::pairs(std::size_t lag) const
{
  double sum = 0.0;
  for (const CorrelationBlock &block : blocks_)
    sum += block.pairs_k[lag];
  return sum;
}

double CorrelationBlocks::bytes() const
{
  const auto blocks = static_cast<double>(2 * fewest_),
             lists = static_cast<double>(3 * n_classes_ + 1);
  return 3 * sizeof(std::int64_t) +
         blocks * lists * static_cast<double>(lags_ + 1) * sizeof(double);
}

void CorrelationBlocks::write(std::vector<char> &bytes) const
{
  append(bytes, static_cast<std::int64_t>(blocks_.size()));
  append(bytes, stretches_per_block_);
  append(bytes, stretches_in_last_);
  for (const CorrelationBlock &block : blocks_) {
    for (const LagSums &sums : block.sums_c)
      for (const std::vector<double> *list : sums.lists())
        append(bytes, *list);
    append(bytes, block.pairs_k);
  }
}

void CorrelationBlocks::read(const char *&bytes)
{
  const auto n = take<std::int64_t>(bytes);
  stretches_per_block_ = take<std::int64_t>(bytes);
  stretches_in_last_ = take<std::int64_t>(bytes);
  blocks_.assign(n, CorrelationBlock(n_classes_, lags_));
  for (CorrelationBlock &block : blocks_) {
    for (LagSums &sums : block.sums_c)
      for (std::vector<double> *list : sums.lists())
        take(bytes, *list);
    take(bytes, block.pairs_k);
  }
}

}    // namespace glass
