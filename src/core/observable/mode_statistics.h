// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MODE_STATISTICS_H
#define GLASS_MODE_STATISTICS_H

#include "normal_modes.h"

#include <array>

namespace glass {

/// Classes of modes (Huang et al., arXiv:2408.07937): stable lambda >= 0, unstable lambda < 0; of
/// the unstable ones, localized those with a participation ratio below P_c, delocalized the rest.
enum class ModeClass { all, stable, unstable, localized, delocalized };

/// Whether mode p belongs to a class. The threshold P_c matters to the last two only.
bool belongs(const NormalModes &modes, Eigen::Index p, ModeClass mode_class, double threshold);

/// Number of modes of a class.
Eigen::Index count(const NormalModes &modes, ModeClass mode_class, double threshold);

/// sum_p xi_p^2 / lambda_p^2 over the modes of a class with |omega_p| >= omega_min, xi_p^2 the mean
/// over components: the sum in Eq. 1 of Huang et al., time^2 energy if xi^2 is energy/time^2. Zero
/// without components.
double inverse_square_sum(const NormalModes &modes, ModeClass mode_class, double threshold,
                          double omega_min);

/// Equal bins over [low, high).
struct FrequencyBins {
  double low = 0.0, high = 0.0;
  int n = 0;

  double width() const { return (high - low) / n; }
  double centre(int b) const { return low + (b + 0.5) * width(); }
};

/// A range that holds all frequencies with a tenth of their spread to spare on either side, its
/// ends rounded outwards, and zero an edge between bins (if there are bins enough for that).
FrequencyBins enclosing_bins(double lowest, double highest, int n);

/// The spectrum in bins.
struct BinnedSpectrum {
  FrequencyBins bins;
  Eigen::VectorXd density_b;              ///< g(omega): with all modes in range, integrates to 1
  Eigen::VectorXd count_b;                ///< modes in the bin
  Eigen::VectorXd participation_sum_b;    ///< sum of P over them
  Eigen::MatrixXd xi_squared_sum_bc;      ///< sum of xi^2 over them
  Eigen::Index n_outside = 0;             ///< modes in no bin

  /// Mean over the modes in the bin; 0 for an empty bin.
  double participation_ratio(int b) const;
  double gamma(int b, Eigen::Index component) const;    ///< Gamma(omega)
};

BinnedSpectrum bin_spectrum(const NormalModes &modes, const FrequencyBins &bins);

/// The frequency on the unstable branch at which the bin-averaged participation ratio, followed
/// from the edge of the spectrum towards zero, first reaches P_c; linear between the centres of
/// bins that hold modes. NaN if it does not.
double mobility_edge(const BinnedSpectrum &spectrum, double threshold);

}    // namespace glass

#endif
