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

double CorrelationBlock::bytes() const
{
  const auto lists = static_cast<double>(3 * sums_c.size() + 1);
  return lists * static_cast<double>(pairs_k.size() * sizeof(double));
}

void CorrelationBlock::write(std::vector<char> &bytes) const
{
  for (const LagSums &sums : sums_c)
    for (const std::vector<double> *list : sums.lists())
      append(bytes, *list);
  append(bytes, pairs_k);
}

void CorrelationBlock::read(const char *&bytes)
{
  for (LagSums &sums : sums_c)
    for (std::vector<double> *list : sums.lists())
      take(bytes, *list);
  take(bytes, pairs_k);
}

}    // namespace glass
