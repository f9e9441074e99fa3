// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_RELAXATION_H
#define GLASS_RELAXATION_H

#include "jackknife.h"
#include "relaxation_block.h"

#include <cstdint>
#include <vector>

namespace glass {

using RelaxationBlocks = JackknifeBlocks<RelaxationBlock>;

/// 1 ... last, spread evenly over the logarithm: the distinct among the integers nearest to n
/// numbers of a geometric series. Throws std::invalid_argument unless n > 1 and last > 0.
std::vector<std::int64_t> logarithmic_times(int n, std::int64_t last);

/// When f_k falls below the threshold for the first time: linear in f and in ln t between t_(k-1)
/// and t_k. Infinity if it does not; not a number if it is below already at the first time, or
/// if a value is not a number.
double crossing_time(const std::vector<double> &t_k, const std::vector<double> &f_k,
                     double threshold);

/// How averages over origins are read.
struct RelaxationSettings {
  int dimension = 3;
  double threshold = 0.0;          ///< of F_s, F_+ and F_-
  std::vector<double> t_k;         ///< times after the origin
  std::size_t window_first = 0;    ///< the straight line of the MSD is fitted from this time
  std::size_t window_end = 0;      ///< to the one before this
};

/// Of one species, at each time: Tian et al. (2024), Eq. 1, and the usual companions.
struct RelaxationCurves {
  std::vector<double> self_k;      ///< F_s
  std::vector<double> plus_k;      ///< F_+, pairs move together
  std::vector<double> minus_k;     ///< F_-, pairs move against each other
  std::vector<double> square_k;    ///< MSD, distance^2
  std::vector<double> alpha2_k;    ///< d<D^4>/((d+2)<D^2>^2) - 1
  /// N n/(n-1) (<F_s,o^2> - <F_s,o>^2) over n origins o; not a number for one origin
  std::vector<double> chi4_k;

  std::vector<std::vector<double> *> lists();
};

/// What the curves come to.
struct RelaxationTimes {
  double alpha = 0.0, plus = 0.0, minus = 0.0;    ///< crossing times of F_s, F_+, F_-
  double ratio = 0.0;                             ///< gamma_tau = tau_+/tau_-
  double diffusion = 0.0;                         ///< slope of the MSD over 2d, distance^2/time
  double exponent = 0.0;                          ///< slope of ln MSD against ln t in the window

  std::vector<double *> list();
};

struct RelaxationEstimate {
  RelaxationCurves curves, curve_errors;
  RelaxationTimes times, time_errors;
};

/// Averages over all origins of one species, with jackknife errors (see jackknife_errors).
/// Collective.
/// @param atoms  of the species; without any, all is zero
RelaxationEstimate estimate_relaxation(const RelaxationBlocks &blocks, std::size_t species,
                                       double atoms, const RelaxationSettings &settings,
                                       const Communicator &communicator);

}    // namespace glass

#endif
