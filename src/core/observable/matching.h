// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MATCHING_H
#define GLASS_MATCHING_H

#include "../matching/certificate.h"
#include "../span.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace glass {

/// Least squared distance of the images of two points, length^2: the true minimum, in a strongly
/// tilted cell, too. x, y: three coordinates each, any image. Slow: sets up a Torus each time.
/// @throws std::invalid_argument as Torus
double squared_distance(const double *x, const double *y, const MatchingCell &cell);

/// The permutation of one species that needs the least sum of squared displacements.
struct Matching {
  std::vector<std::int32_t> partner;    ///< position i matches reference partner[i]
  double sum_of_squares = 0.0;          ///< sum_i |r_i - R_partner(i)|^2, length^2
  double lower_bound = 0.0;             ///< no permutation has less, proved by the prices, length^2
};

/// Checks an assignment by itself (matching/certificate.h has the method).
/// @param position_n3, reference_n3  of one species, length; any image
/// @param partner_n  reference of each position
/// @param price_n  of each reference, in units 1/S, S = matching_scale()
/// @throws std::invalid_argument as Matcher::match, if sizes differ, or for |prices| above 2^61
MatchingCertificate certify(Span<const double> position_n3, Span<const double> reference_n3,
                            const MatchingCell &cell, Span<const std::int32_t> partner_n,
                            Span<const std::int64_t> price_n);

/// S, 1/length^2: the power of two for which the largest cost that can occur is below 2^59.
double matching_scale(Span<const double> position_n3, Span<const double> reference_n3,
                      const MatchingCell &cell);

/// min over permutations π of sum_i |r_i - R_π(i)|^2, exactly: N D_min^2 of one species in
/// "configuration pattern matching" (Yu et al., Natl. Sci. Rev. 11, nwae091 (2024), Eqs. 2-3).
///
/// Every pair can be matched; no cutoff enters. An auction brings prices near the optimum,
/// shortest augmenting paths end at it, both in integers (see certify()), both with searches of
/// all references that leave out what a lower bound excludes. The certificate is always checked.
/// sum_of_squares - lower_bound is at most n/S and the rounding of the squared distances,
/// relative to n (V/n)^(2/3) some 1e-15 to 1e-14. The same holds of the sum for another order of
/// the atoms, or after another warm start; which of several permutations of (to this accuracy) the
/// same sum is returned may depend on either.
class Matcher {
 public:
  /// @param position_n3, reference_n3  of one species, three coordinates each, any image, length
  /// @throws std::invalid_argument if the sizes differ or are no multiple of 3, for coordinates
  ///   that are not finite or so far apart that their squares are not, as Torus, and for more than
  ///   2^31 - 1 atoms; std::logic_error if the certificate does not hold
  Matching match(Span<const double> position_n3, Span<const double> reference_n3,
                 const MatchingCell &cell);

  /// Of each reference, for certify(), after match(). They start the next call of match() if the
  /// number of atoms is the same, which saves time if the configurations are similar.
  const std::vector<std::int64_t> &prices() const { return price_n_; }
  /// Forget them.
  void reset() { price_n_.clear(); }

  /// Bytes that match() needs at most, but for systems of very uneven density.
  static double memory(std::size_t n);

  /// Calls report with a line on the state of the work, at most once in some 10 s.
  void set_progress(std::function<void(const std::string &)> report)
  {
    report_ = std::move(report);
  }

 private:
  std::vector<std::int64_t> price_n_;
  double scale_ = 1.0;    ///< S of price_n_
  std::function<void(const std::string &)> report_;
};

}    // namespace glass

#endif
