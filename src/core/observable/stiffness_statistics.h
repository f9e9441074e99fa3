// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_STIFFNESS_STATISTICS_H
#define GLASS_STIFFNESS_STATISTICS_H

#include "../communicator.h"

namespace glass {

/// Of the stiffnesses kappa_ij of the pairs that were taken, on all ranks.
struct StiffnessStatistics {
  double n = 0.0;    ///< pairs taken
  double mean = 0.0;
  double standard_deviation = 0.0;    ///< over pairs
  double smallest = 0.0, largest = 0.0;

  /// Of the mean, for pairs that were drawn from `n_pairs` without putting any back:
  /// s/sqrt(n) sqrt(1 - n/n_pairs). Not a number for one of several, of which nothing is known.
  double standard_error(double n_pairs) const;
};

/// Collective.
StiffnessStatistics stiffness_statistics(const std::vector<double> &own_kappa,
                                         const Communicator &communicator);

/// Bins of equal width in ln kappa: its low tail is what matters.
struct LogarithmicBins {
  double low = 0.0, high = 0.0;
  int n = 0;

  double edge(int b) const;      ///< lower edge of bin b; of b = n the upper end
  double centre(int b) const;    ///< geometric
};

/// Bins that hold all values from smallest to largest, or one decade around them if they are the
/// same. Both must be > 0.
LogarithmicBins enclosing_logarithmic_bins(double smallest, double largest, int n);

/// Distribution of kappa_ij.
struct StiffnessHistogram {
  std::vector<double> count_b;
  std::vector<double> density_b;       ///< integral over kappa is 1 over all, also outside the bins
  std::vector<double> cumulative_b;    ///< fraction of all values below the bin's upper edge
};

/// Collective.
StiffnessHistogram stiffness_histogram(const std::vector<double> &own_kappa,
                                       const LogarithmicBins &bins,
                                       const Communicator &communicator);

}    // namespace glass

#endif
