// Part of lammps-glass, GPL-2.0.

// What a restart needs of a MomentumCorrelator.

#include "byte_stream.h"
#include "momentum_correlator.h"

#include <algorithm>

namespace glass {

namespace {

/// What a state begins with.
struct Header {
  std::int64_t n_atoms, n_classes, dimension, lags, n_old, n_new, n_samples;
};

// Series go to the first rank in pieces of about this size.
constexpr std::size_t piece_bytes = std::size_t{1} << 22;

}    // namespace

std::size_t MomentumCorrelator::series_bytes_per_atom() const
{
  return 2 * dimension_ * (n_old_ + n_new_) * sizeof(double);
}

double MomentumCorrelator::series_bytes() const
{
  return static_cast<double>(n_atoms()) * static_cast<double>(series_bytes_per_atom());
}

double MomentumCorrelator::state_bytes() const
{
  return sizeof(Header) + static_cast<double>(n_atoms() * sizeof(int)) + blocks_.bytes();
}

std::vector<char> MomentumCorrelator::state(bool series_follow)
{
  const CorrelationBlocks written = series_follow ? blocks_ : blocks();
  std::vector<char> bytes;
  if (!communicator_.root()) return bytes;
  append(bytes, Header{static_cast<std::int64_t>(n_atoms()), n_classes_, dimension_,
                       static_cast<std::int64_t>(lags_),
                       series_follow ? static_cast<std::int64_t>(n_old_) : 0,
                       series_follow ? static_cast<std::int64_t>(n_new_) : 0, n_samples_});
  append(bytes, class_i_);
  written.write(bytes);
  return bytes;
}

void MomentumCorrelator::write_series(const Sink &sink)
{
  const HomeSamples samples = samples_at_home();
  const std::size_t per_atom = std::max<std::size_t>(series_bytes_per_atom(), 1);
  const std::size_t atoms_per_piece = std::max<std::size_t>(1, piece_bytes / per_atom);
  std::vector<double> piece;
  for (int p = 0; p < communicator_.size(); ++p) {
    const bool from_here = p == communicator_.rank();
    if (!from_here && !communicator_.root()) continue;
    for (std::size_t first = first_atom(p); first < first_atom(p + 1); first += atoms_per_piece) {
      const std::size_t last = std::min(first + atoms_per_piece, first_atom(p + 1));
      piece.clear();
      for (std::size_t i = first; i < last && from_here; ++i)
        append_series(samples, i - begin_, piece);
      const std::size_t bytes = (last - first) * series_bytes_per_atom();
      piece.resize(bytes / sizeof(double));
      if (p != 0) {
        const int peer = from_here ? 0 : p;
        auto transfer = communicator_.start({{peer, !from_here, piece.data(), bytes}});
        Communicator::finish(transfer);
      }
      if (communicator_.root()) sink(piece.data(), bytes);
    }
  }
}

/// Old and new samples of one atom, series after series.
void MomentumCorrelator::append_series(const HomeSamples &samples, std::size_t home_atom,
                                       std::vector<double> &values)
{
  for (int series = 0; series < 2 * dimension_; ++series) {
    const double *const old = old_samples(home_atom, series);
    values.insert(values.end(), old, old + n_old_);
    for (std::size_t t = 0; t < n_new_; ++t) {
      const Sample &sample = *samples.sample_it[home_atom * n_new_ + t];
      values.push_back(series < dimension_ ? sample.momentum[series]
                                           : sample.force[series - dimension_]);
    }
  }
}

bool MomentumCorrelator::restore(const char *bytes)
{
  const auto header = take<Header>(bytes);
  if (header.n_atoms != static_cast<std::int64_t>(n_atoms()) || header.n_classes != n_classes_ ||
      header.dimension != dimension_ || header.lags != static_cast<std::int64_t>(lags_))
    return false;
  std::vector<int> class_i(n_atoms());
  take(bytes, class_i);
  if (class_i != class_i_) return false;
  blocks_.read(bytes);
  n_old_ = header.n_old;
  n_new_ = header.n_new;
  n_samples_ = header.n_samples;

  // Waiting samples stay at home, where they would be sent.
  new_samples_.resize(n_home() * n_new_);
  const std::size_t length = n_old_ + n_new_;
  std::vector<double> series_t(length);
  bytes += begin_ * 2 * dimension_ * length * sizeof(double);
  for (std::size_t i = 0; i < n_home(); ++i)
    for (int series = 0; series < 2 * dimension_; ++series) {
      take(bytes, series_t);
      std::copy(series_t.begin(), series_t.begin() + static_cast<std::ptrdiff_t>(n_old_),
                old_samples(i, series));
      for (std::size_t t = 0; t < n_new_; ++t) {
        Sample &sample = new_samples_[i * n_new_ + t];
        sample.atom = static_cast<std::int32_t>(begin_ + i);
        sample.time = static_cast<std::int32_t>(t);
        (series < dimension_ ? sample.momentum[series] : sample.force[series - dimension_]) =
            series_t[n_old_ + t];
      }
    }
  return true;
}

}    // namespace glass
