// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TERSOFF_H
#define GLASS_TERSOFF_H

#include "bond_order_rule.h"

namespace glass {

/// Parameters of one triplet of elements (i, j, k), in the names of the sources.
struct TersoffEntry {
  double A = 0.0, lambda1 = 0.0;           ///< repulsion A exp(-lambda1 r)
  double B = 0.0, lambda2 = 0.0;           ///< attraction -B exp(-lambda2 r)
  double beta = 0.0, n = 0.0;              ///< bond order [1 + (beta xi)^n]^(-1/(2 delta))
  double delta = 0.0;                      ///< equal to n but in the modified form
  double lambda3 = 0.0;                    ///< exp[lambda3^m (r_ij - r_ik)^m]
  int m = 3;                               ///< 1 or 3
  double gamma = 0.0, c = 0.0, d = 0.0;    ///< g(theta)
  double h = 0.0;                          ///< cos theta0
  double R = 0.0, D = 0.0;                 ///< f_C falls from 1 to 0 between R - D and R + D

  double c1 = 0.0, c2 = 0.0, c3 = 0.0, c4 = 0.0, c5 = 0.0;    ///< g(theta) of the modified form

  double Z_i = 0.0, Z_j = 0.0;    ///< screened nuclear repulsion
  double zbl_r_c = 0.0,
         zbl_inverse_a = 0.0;    ///< Fermi function 1/(1 + exp[-inverse_a (r - r_c)])
};

enum class TersoffForm {
  original,    ///< Tersoff, Phys. Rev. B 37, 6991 (1988); 39, 5566 (1989)
  modified,    ///< Kumagai et al., Comput. Mater. Sci. 39, 457 (2007): other f_C, g and exponent
  zbl,    ///< original, joined to Ziegler-Biersack-Littmark repulsion (Devanathan et al., 1998)
};

/// Constants of the screened nuclear repulsion in the units of the caller.
struct ZblConstants {
  double bohr_radius = 0.0;
  double coulomb = 0.0;    ///< e^2/(4 pi epsilon_0), energy times distance
};

/// The potential of Tersoff as LAMMPS's pair styles tersoff, tersoff/mod and tersoff/zbl evaluate
/// it:
///
///   U_i = 1/2 sum_j [V_R(r_ij) + b(xi_ij) V_A(r_ij)]
///   V_R = f_C A exp(-lambda1 r),   V_A = -f_C B exp(-lambda2 r)
///   b(xi) = [1 + (beta xi)^n]^(-1/(2 delta))
///   xi_ij = sum_{k != j} f_C(r_ik) g(theta_jik) exp[lambda3^m (r_ij - r_ik)^m]
///
/// with xi from the entries (i, j, k) and the rest from (i, j, j). With F the Fermi function, form
/// zbl has F V_R + (1 - F) V_ZBL and F V_A.
std::unique_ptr<SiteRule> make_tersoff_rule(TersoffForm form, TripletTable<TersoffEntry> parameters,
                                            std::vector<int> element_t, ZblConstants zbl = {});

}    // namespace glass

#endif
