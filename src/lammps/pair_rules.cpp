// Part of lammps-glass, GPL-2.0.

#include "pair_rules.h"

#include "potential/eam_rule.h"

#include "atom.h"
#include "force.h"
#include "lammps.h"
#include "pair.h"
#include "pair_eam.h"
#include "utils.h"

#include <cmath>
#include <regex>
#include <stdexcept>

using namespace LAMMPS_NS;

namespace glass {

namespace {

/// u' and u'' as the pair style gives them to compute born/matrix, held against the force of
/// single().
///
/// Some styles inherit born_matrix() from a style with another energy (lj/cut/coul/debye,
/// nm/cut/split), some leave out their inner cutoffs in it, and lj96/cut has a slip in u''
/// (4Feb2025). So u' is checked at every bond, and u'' by a difference of the force at the first
/// bond of each pair of types.
class BornMatrixFunction : public PairFunction {
 public:
  BornMatrixFunction(Pair *pair, std::string style, int n_types) :
      pair_(pair), style_(std::move(style)), n_types_(n_types),
      checked_tt_(n_types * n_types, false)
  {
  }

  PairDerivatives derivatives(int i, int j, int type_i, int type_j, double r_squared) const override
  {
    PairDerivatives u;
    pair_->born_matrix(i, j, type_i, type_j, r_squared, 1.0, 1.0, u.du, u.d2u);
    if (!std::isfinite(u.du) || !std::isfinite(u.d2u))
      throw std::runtime_error(
          "two atoms overlap: the potential is not finite at their distance, " +
          std::to_string(std::sqrt(r_squared)));
    const double r = std::sqrt(r_squared);
    const double scale = std::abs(u.du) / r + std::abs(u.d2u);
    check(u.du / r, -force_over_r(i, j, type_i, type_j, r), 1.0e-9 * scale);

    const int types = (type_i - 1) * n_types_ + type_j - 1;
    if (!checked_tt_[types]) {
      checked_tt_[types] = true;
      const double step = 1.0e-5 * r, above = r + step, below = r - step;
      const double d2u = -(above * force_over_r(i, j, type_i, type_j, above) -
                           below * force_over_r(i, j, type_i, type_j, below)) /
                         (2.0 * step);
      check(u.d2u, d2u, 1.0e-6 * scale);
    }
    return u;
  }

 private:
  double force_over_r(int i, int j, int type_i, int type_j, double r) const
  {
    double value = 0.0;
    pair_->single(i, j, type_i, type_j, r * r, 1.0, 1.0, value);
    return value;
  }

  void check(double value, double expected, double tolerance) const
  {
    if (!(std::abs(value - expected) <= tolerance))
      throw std::runtime_error("the second derivatives of pair style " + style_ +
                               " do not belong to its forces; it cannot be used here");
  }

  Pair *pair_;
  std::string style_;
  int n_types_;
  mutable std::vector<bool> checked_tt_;
};

/// PairEAM keeps its thermodynamic-integration factors protected.
struct EamAccess : PairEAM {
  static double **scale_factors(PairEAM *pair) { return pair->*&EamAccess::scale; }
};

EamTables eam_tables(PairEAM *pair, int n_types)
{
  EamTables tables;
  tables.n_types = n_types;
  for (int i = 1; i <= n_types; ++i) {
    tables.embedding_t.push_back({pair->frho_spline[pair->type2frho[i]], pair->nrho, pair->rdrho});
    for (int j = 1; j <= n_types; ++j) {
      tables.density_tt.push_back({pair->rhor_spline[pair->type2rhor[i][j]], pair->nr, pair->rdr});
      tables.pair_tt.push_back({pair->z2r_spline[pair->type2z2r[i][j]], pair->nr, pair->rdr});
    }
  }
  return tables;
}

PairStyleRule eam_rule(PairEAM *pair, const std::string &style, int n_types)
{
  PairStyleRule result;
  if (!pair->frho_spline || !pair->rhor_spline || !pair->z2r_spline) {
    result.refusal = "pair style " + style + " keeps no tables on the host; use it without suffix";
    return result;
  }
  double **scale = EamAccess::scale_factors(pair);
  for (int i = 1; i <= n_types; ++i) {
    for (int j = 1; j <= n_types; ++j) {
      if (scale && scale[i][j] != 1.0) {
        result.refusal =
            "pair style " + style + " is scaled (fix adapt); only the full potential is supported";
        return result;
      }
    }
  }
  result.rule = std::make_unique<EamRule>(eam_tables(pair, n_types));
  result.description = "embedded-atom rule, exact derivatives of the tables of pair style " + style;
  return result;
}

}    // namespace

PairStyleRule make_pair_style_rule(LAMMPS *lmp)
{
  Pair *pair = lmp->force->pair;
  const std::string style = lmp->force->pair_style;

  // By name and static_cast: a dynamic_cast needs a symbol that a LAMMPS without MANYBODY lacks.
  static const std::regex eam("eam(/alloy|/fs)?(/opt|/omp|/intel|/gpu|/kk|/kk/host|/kk/device)?");
  if (std::regex_match(style, eam))
    return eam_rule(static_cast<PairEAM *>(pair), style, lmp->atom->ntypes);

  PairStyleRule result;
  if (pair->born_matrix_enable && !utils::strmatch(style, "^hybrid")) {
    result.function = std::make_unique<BornMatrixFunction>(pair, style, lmp->atom->ntypes);
    result.rule = std::make_unique<PairRule>(*result.function);
    result.description = "pair rule, exact derivatives of pair style " + style;
    return result;
  }
  result.refusal = "pair style " + style +
                   " is not supported; supported are eam, eam/alloy, eam/fs and pairwise styles "
                   "that offer second "
                   "derivatives to compute born/matrix (lj/cut, buck, born, nm/cut, coul/cut, "
                   "harmonic/cut, ...)";
  return result;
}

}    // namespace glass
