// Part of lammps-glass, GPL-2.0.

#include "momentum_correlator.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace glass {

MomentumCorrelator::MomentumCorrelator(const Communicator &communicator, std::vector<int> class_i,
                                       int n_classes, int dimension, std::size_t lags,
                                       int fewest_blocks) :
    communicator_(communicator),
    class_i_(std::move(class_i)), degrees_c_(n_classes), n_classes_(n_classes),
    dimension_(dimension), lags_(lags), block_(LaggedProducts::efficient_block(lags)),
    begin_(first_atom(communicator.rank())), end_(first_atom(communicator.rank() + 1)),
    blocks_(CorrelationBlock(n_classes, lags), fewest_blocks)
{
  if (class_i_.empty() || lags < 1)
    throw std::invalid_argument("correlation functions need atoms and lags");
  for (const int c : class_i_)
    degrees_c_.at(c) += dimension_;
  old_.resize(n_home() * 2 * dimension_ * lags_);
}

double MomentumCorrelator::bytes(const Communicator &communicator, std::size_t n_atoms,
                                 std::size_t n_own_atoms, int n_classes, std::size_t lags,
                                 int fewest_blocks)
{
  const std::size_t block = LaggedProducts::efficient_block(lags);
  const std::size_t most_at_home = (n_atoms + communicator.size() - 1) / communicator.size();
  const auto home = static_cast<double>(most_at_home), own = static_cast<double>(n_own_atoms);
  // Samples wait with their owner; they are packed, arrive and are put together, if there is a way
  // to go.
  const double sampled = communicator.size() > 1 ? 2.0 * (own + home) : own;
  return home * 6.0 * sizeof(double) * static_cast<double>(lags) +
         static_cast<double>(block) * (sampled * sizeof(Sample) + home * sizeof(void *)) +
         2.0 * CorrelationBlocks(CorrelationBlock(n_classes, lags), fewest_blocks).bytes() +
         LaggedProducts::bytes(lags, block);
}

std::size_t MomentumCorrelator::first_atom(int rank) const
{
  return class_i_.size() * rank / communicator_.size();
}

int MomentumCorrelator::home(std::size_t atom) const
{
  auto rank = static_cast<int>(atom * communicator_.size() / class_i_.size());
  while (first_atom(rank + 1) <= atom)
    ++rank;
  return rank;
}

double *MomentumCorrelator::old_samples(std::size_t home_atom, int series)
{
  return &old_[(home_atom * 2 * dimension_ + series) * lags_];
}

void MomentumCorrelator::record(std::size_t i, const double *momentum, const double *force)
{
  Sample sample{static_cast<std::int32_t>(i), static_cast<std::int32_t>(n_new_), {}, {}};
  std::copy(momentum, momentum + dimension_, sample.momentum.begin());
  std::copy(force, force + dimension_, sample.force.begin());
  new_samples_.push_back(sample);
}

void MomentumCorrelator::finish_sample()
{
  ++n_new_;
  ++n_samples_;
  if (n_new_ == block_) blocks_.add(correlate_new(true));
}

void MomentumCorrelator::break_series()
{
  if (n_new_ > 0) blocks_.add(correlate_new(true));
  n_old_ = 0;
}

CorrelationBlocks MomentumCorrelator::blocks()
{
  CorrelationBlocks all = blocks_;
  if (n_new_ > 0) all.add(correlate_new(false));
  return all;
}

/// Collected samples of the atoms whose home is here.
LargeVector<MomentumCorrelator::Sample> MomentumCorrelator::send_home() const
{
  std::vector<std::vector<Sample>> send_p(communicator_.size());
  std::vector<std::size_t> count_p(communicator_.size());
  for (const Sample &sample : new_samples_)
    ++count_p[home(sample.atom)];
  for (int p = 0; p < communicator_.size(); ++p)
    send_p[p].reserve(count_p[p]);
  for (const Sample &sample : new_samples_)
    send_p[home(sample.atom)].push_back(sample);
  LargeVector<Sample> samples;
  for (const std::vector<Sample> &part : communicator_.exchange(send_p))
    samples.insert(samples.end(), part.begin(), part.end());
  return samples;
}

MomentumCorrelator::HomeSamples MomentumCorrelator::samples_at_home() const
{
  const bool alone = communicator_.size() == 1;
  HomeSamples home;
  if (!alone) home.received = send_home();
  const LargeVector<Sample> &samples = alone ? new_samples_ : home.received;
  home.sample_it.resize(n_home() * n_new_);
  for (const Sample &sample : samples)
    home.sample_it[(sample.atom - begin_) * n_new_ + sample.time] = &sample;
  const auto missing = std::count(home.sample_it.begin(), home.sample_it.end(), nullptr);
  const bool wrong = missing > 0 || samples.size() != home.sample_it.size();
  if (communicator_.sum(wrong ? 1.0 : 0.0) > 0.0)
    throw std::runtime_error("tagged atoms are missing from samples, or are there twice");
  return home;
}

/// @param keep  whether new samples become old ones; if not, nothing changes
CorrelationBlock MomentumCorrelator::correlate_new(bool keep)
{
  const HomeSamples samples = samples_at_home();
  CorrelationBlock stretch(n_classes_, lags_);
  LaggedProducts products(lags_, block_);
  for (int c = 0; c < n_classes_; ++c) {
    for (std::size_t i = 0; i < n_home(); ++i)
      if (class_i_[begin_ + i] == c) correlate_atom(samples, i, keep, products);
    stretch.sums_c[c] = products.take();
    for (std::vector<double> *list : stretch.sums_c[c].lists())
      communicator_.sum_in_place(list->data(), static_cast<int>(list->size()));
  }
  for (std::size_t k = 0; k <= lags_; ++k)
    if (k < n_old_ + n_new_)
      stretch.pairs_k[k] = static_cast<double>(k > n_old_ ? n_old_ + n_new_ - k : n_new_);

  if (keep) {
    n_old_ = std::min(lags_, n_old_ + n_new_);
    n_new_ = 0;
    new_samples_.clear();
  }
  return stretch;
}

void MomentumCorrelator::correlate_atom(const HomeSamples &samples, std::size_t home_atom,
                                        bool keep, LaggedProducts &products)
{
  const Sample *const *const sample_t = &samples.sample_it[home_atom * n_new_];
  std::vector<double> new_p(n_new_), new_f(n_new_);
  for (int k = 0; k < dimension_; ++k) {
    for (std::size_t t = 0; t < n_new_; ++t) {
      new_p[t] = sample_t[t]->momentum[k];
      new_f[t] = sample_t[t]->force[k];
    }
    double *const old_p = old_samples(home_atom, k);
    double *const old_f = old_samples(home_atom, dimension_ + k);
    products.add(old_p, old_f, n_old_, new_p.data(), new_f.data(), n_new_);
    if (!keep) continue;
    remember(old_p, new_p);
    remember(old_f, new_f);
  }
}

/// Appends new samples; the oldest go where there is no room.
void MomentumCorrelator::remember(double *old, const std::vector<double> &newest) const
{
  const std::size_t n_added = std::min(lags_, newest.size());
  const std::size_t n_kept = std::min(n_old_, lags_ - n_added);
  std::copy(old + (n_old_ - n_kept), old + n_old_, old);
  std::copy(newest.end() - static_cast<std::ptrdiff_t>(n_added), newest.end(), old + n_kept);
}

}    // namespace glass
