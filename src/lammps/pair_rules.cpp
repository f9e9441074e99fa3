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

/// u' and u'' as the pair style gives them to compute born/matrix.
///
/// Some styles inherit born_matrix() from a style with another energy (lj/cut/coul/debye, nm/cut/split), and some
/// leave out their inner cutoffs in it, so u' is held against the force of single() at every bond.
class BornMatrixFunction : public PairFunction {
 public:
  BornMatrixFunction(Pair *pair, std::string style) : pair_(pair), style_(std::move(style)) {}

  PairDerivatives derivatives(int i, int j, int type_i, int type_j, double r_squared) const override
  {
    PairDerivatives u;
    pair_->born_matrix(i, j, type_i, type_j, r_squared, 1.0, 1.0, u.du, u.d2u);
    double force_over_r = 0.0;
    pair_->single(i, j, type_i, type_j, r_squared, 1.0, 1.0, force_over_r);
    const double r = std::sqrt(r_squared);
    if (std::abs(u.du + force_over_r * r) > 1.0e-9 * (std::abs(u.du) + std::abs(u.d2u) * r))
      throw std::runtime_error("the second derivatives of pair style " + style_ +
                               " do not belong to its forces; it cannot be used here");
    return u;
  }

 private:
  Pair *pair_;
  std::string style_;
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
        result.refusal = "pair style " + style + " is scaled (fix adapt); only the full potential is supported";
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
    result.function = std::make_unique<BornMatrixFunction>(pair, style);
    result.rule = std::make_unique<PairRule>(*result.function);
    result.description = "pair rule, exact derivatives of pair style " + style;
    return result;
  }
  result.refusal = "pair style " + style +
      " is not supported; supported are eam, eam/alloy, eam/fs and pairwise styles that offer second "
      "derivatives to compute born/matrix (lj/cut, buck, born, nm/cut, coul/cut, lj96/cut, harmonic/cut, ...)";
  return result;
}

}    // namespace glass
