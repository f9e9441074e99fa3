// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_STILLINGER_WEBER_H
#define GLASS_STILLINGER_WEBER_H

#include "bond_order_rule.h"

namespace glass {

/// Parameters of one triplet of elements (i, j, k), in the names of the source.
struct StillingerWeberEntry {
  double epsilon = 0.0;    ///< energy
  double sigma = 0.0;      ///< distance
  double a = 0.0, lambda = 0.0, gamma = 0.0;
  double cos_theta0 = 0.0;
  double A = 0.0, B = 0.0, p = 0.0, q = 0.0;
  double tol = 0.0;    ///< where exp() is cut before its end, as LAMMPS does; 0 for nowhere

  /// a sigma, or somewhat less where tol says so.
  double cutoff() const;
};

/// Stillinger and Weber, Phys. Rev. B 31, 5262 (1985), for several elements as LAMMPS's pair style
/// sw evaluates it:
///
///   U_i = 1/2 sum_j v2(r_ij) + sum_{j<k} h(r_ij, r_ik, theta_jik)
///   v2 = A epsilon [B (sigma/r)^p - (sigma/r)^q] exp[sigma/(r - a sigma)]
///   h = lambda epsilon (cos theta - cos theta0)^2 exp[gamma sigma/(r_ij - a sigma)]
///       exp[gamma sigma/(r_ik - a sigma)]
///
/// with v2 and the exponential of r_ij from the entry (i, j, j), that of r_ik from (i, k, k), and
/// lambda epsilon and cos theta0 from (i, j, k). Entries (i, j, k) and (i, k, j) count half each.
/// In the form of BondOrderFunctional: phi = v2 + xi, theta = h.
std::unique_ptr<SiteRule> make_stillinger_weber_rule(TripletTable<StillingerWeberEntry> parameters,
                                                     std::vector<int> element_t);

}    // namespace glass

#endif
