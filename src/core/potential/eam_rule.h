// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_EAM_RULE_H
#define GLASS_EAM_RULE_H

#include "site_rule.h"

#include <vector>

namespace glass {

/// A piecewise cubic on a uniform grid, in the layout of LAMMPS's EAM tables: knot m = 1..n, each
/// with seven coefficients; with x/step + 1 = m + p, 0 <= p <= 1,
///
///   value      = ((c[3] p + c[4]) p + c[5]) p + c[6]
///   derivative =  (c[0] p + c[1]) p + c[2]                (per unit of x)
///
/// The second derivative, (2 c[0] p + c[1]) / step, jumps at the knots: the interpolation is C1
/// only.
struct CubicTable {
  const double *const *coefficients = nullptr;    ///< [1..n][7], not owned
  int n = 0;
  double inverse_step = 0.0;

  struct Value {
    double f, df, d2f;
  };

  /// f, f', f'' at x as LAMMPS evaluates it: the first and the last-but-one cell are used beyond
  /// the ends of the table, with p held at 1 beyond the upper end (f'' = 0 there).
  Value operator()(double x) const;
};

/// All tables of an EAM potential and the maps from atom types (1-based) to them, as PairEAM has
/// them.
struct EamTables {
  std::vector<CubicTable> embedding_t;    ///< F of type t
  std::vector<CubicTable> density_tt;     ///< f of (source type, receiving type)
  std::vector<CubicTable> pair_tt;        ///< r phi(r)
  int n_types = 0;

  const CubicTable &embedding(int type) const { return embedding_t[type - 1]; }
  const CubicTable &density(int source, int receiver) const
  {
    return density_tt[(source - 1) * n_types + receiver - 1];
  }
  const CubicTable &pair(int type_i, int type_j) const
  {
    return pair_tt[(type_i - 1) * n_types + type_j - 1];
  }
};

/// Site rule of the embedded-atom method (Daw and Baskes, PRB 29, 6443 (1984); Finnis-Sinclair
/// where the density depends on both types):
///
///   U_i = F_i(rho_i) + 1/2 sum_j phi_ij(r_ij),   rho_i = sum_j f_{j->i}(r_ij)
///   u_j = f' n_j,   curvature = F_i'',   bond_j = curvature of F_i' f + phi/2 along r_ij.
class EamRule : public SiteRule {
 public:
  explicit EamRule(EamTables tables) : tables_(std::move(tables)) {}
  void evaluate(const Site &site, SiteDerivatives &out) const override;

 private:
  EamTables tables_;
};

}    // namespace glass

#endif
