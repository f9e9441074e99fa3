// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MOMENTUM_CORRELATOR_H
#define GLASS_MOMENTUM_CORRELATOR_H

#include "communicator.h"
#include "correlation_blocks.h"
#include "large_vector.h"

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace glass {

/// Correlates momenta and forces of tagged atoms while they are sampled, over MPI. Atoms wander
/// over ranks, their history does not: each atom has a home, a rank that keeps its last samples and
/// does its arithmetic. Ranks collect what their atoms of the moment do and send it home some
/// hundred samples at a time; nothing is sent in between, and homes are of equal size however the
/// atoms are spread.
class MomentumCorrelator {
 public:
  /// @param class_i  class of each tagged atom, from 0; the same on every rank
  /// @param fewest_blocks  blocks for the jackknife, see CorrelationBlocks
  /// @throws std::invalid_argument without atoms or lags
  MomentumCorrelator(const Communicator &communicator, std::vector<int> class_i, int n_classes,
                     int dimension, std::size_t lags, int fewest_blocks);

  /// Bytes on a rank that has n_own_atoms of the n_atoms, at their most.
  static double bytes(const Communicator &communicator, std::size_t n_atoms,
                      std::size_t n_own_atoms, int n_classes, std::size_t lags, int fewest_blocks);

  /// Tagged atom i, of those that this rank has at present, in the sample that is being taken.
  /// `dimension` elements each.
  void record(std::size_t i, const double *momentum, const double *force);
  /// After every rank has recorded its atoms. Collective.
  /// @throws std::runtime_error on all ranks if atoms are missing or were recorded twice, which is
  ///   found when samples are sent home
  void finish_sample();
  /// The next sample does not continue the series: products with those before are not formed.
  /// Collective.
  void break_series();

  /// All samples so far. Collective; changes nothing.
  CorrelationBlocks blocks();

  std::int64_t n_samples() const { return n_samples_; }
  std::size_t n_atoms() const { return class_i_.size(); }
  double n_degrees(int c) const { return degrees_c_[c]; }

  /// The correlations, for a restart on any number of ranks; the series of samples that are still
  /// needed are to follow, or are left out: then all samples so far are correlated, and the series
  /// breaks there. Collective; on the first rank, else empty.
  std::vector<char> state(bool series_follow);
  using Sink = std::function<void(const void *, std::size_t)>;
  /// Hands the series to `sink`, piece after piece, on the first rank. Collective.
  void write_series(const Sink &sink);
  double series_bytes() const;
  /// Bytes of a state, at their most.
  double state_bytes() const;
  /// Returns false, with nothing changed, if the state is that of other atoms, classes or lags.
  bool restore(const char *bytes);

 private:
  struct Sample {
    std::int32_t atom, time;
    std::array<double, 3> momentum, force;
  };

  /// The new samples of the atoms at home, atom after atom and in the order of time.
  struct HomeSamples {
    LargeVector<Sample> received;    // empty on a single rank, which has them already
    std::vector<const Sample *> sample_it;
  };

  std::size_t first_atom(int rank) const;
  int home(std::size_t atom) const;
  std::size_t n_home() const { return end_ - begin_; }
  double *old_samples(std::size_t home_atom, int series);
  LargeVector<Sample> send_home() const;
  HomeSamples samples_at_home() const;
  std::size_t series_bytes_per_atom() const;
  void append_series(const HomeSamples &samples, std::size_t home_atom,
                     std::vector<double> &values);
  CorrelationBlock correlate_new(bool keep);
  void correlate_atom(const HomeSamples &samples, std::size_t home_atom, bool keep,
                      LaggedProducts &products);
  void remember(double *old, const std::vector<double> &newest) const;

  const Communicator &communicator_;
  std::vector<int> class_i_;
  std::vector<double> degrees_c_;
  int n_classes_, dimension_;
  std::size_t lags_, block_;
  std::size_t begin_, end_;    // atoms at home here

  LargeVector<Sample> new_samples_;    // of this rank's atoms of the moment
  std::size_t n_new_ = 0, n_old_ = 0;
  LargeVector<double> old_;    // n_home x 2 dimension series x lags, the first n_old_ of them set
  CorrelationBlocks blocks_;
  std::int64_t n_samples_ = 0;
};

}    // namespace glass

#endif
