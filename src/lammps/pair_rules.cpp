// Part of lammps-glass, GPL-2.0.

#include "pair_rules.h"

#include "many_body_rules.h"

#include "potential/composite_rule.h"
#include "potential/eam_rule.h"

#include "atom.h"
#include "force.h"
#include "lammps.h"
#include "pair.h"
#include "pair_eam.h"
#include "pair_hybrid.h"
#include "utils.h"

#include <algorithm>
#include <regex>

using namespace LAMMPS_NS;

namespace glass {

namespace {

/// PairEAM keeps its thermodynamic-integration factors protected.
struct EamAccess : PairEAM {
  static double **scale_factors(PairEAM *pair) { return pair->*&EamAccess::scale; }
};

EamTables eam_tables(PairEAM *pair, int n_types)
{
  EamTables tables;
  tables.n_types = n_types;
  for (int i = 1; i <= n_types; ++i) {
    tables.embedding_t.push_back(
        {pair->frho_spline[std::max(pair->type2frho[i], 0)], pair->nrho, pair->rdrho});
    for (int j = 1; j <= n_types; ++j) {
      // -1 for types that other styles of a hybrid handle
      const int density = std::max(pair->type2rhor[i][j], 0),
                repulsion = std::max(pair->type2z2r[i][j], 0);
      tables.density_tt.push_back({pair->rhor_spline[density], pair->nr, pair->rdr});
      tables.pair_tt.push_back({pair->z2r_spline[repulsion], pair->nr, pair->rdr});
    }
  }
  return tables;
}

/// What one style of possibly several contributes.
struct SingleRule {
  std::unique_ptr<SiteRule> rule;
  std::string description, refusal;
};

SingleRule eam_rule(PairEAM *pair, const std::string &style, int n_types)
{
  if (!pair->frho_spline || !pair->rhor_spline || !pair->z2r_spline)
    return {nullptr, "", "pair style " + style + " keeps no tables on the host"};
  double **scale = EamAccess::scale_factors(pair);
  for (int i = 1; i <= n_types; ++i)
    for (int j = i; j <= n_types; ++j)
      if (scale && pair->setflag[i][j] && scale[i][j] != 1.0)
        return {nullptr, "", "pair style " + style + " is scaled (fix adapt)"};
  return {std::make_unique<EamRule>(eam_tables(pair, n_types)),
          "embedded-atom rule, exact derivatives of the tables of pair style " + style, ""};
}

SingleRule single_rule(Pair *pair, const std::string &style, int n_types,
                       std::vector<std::unique_ptr<PairwiseFunction>> &functions)
{
  // By name and static_cast: a dynamic_cast needs a symbol that a LAMMPS without MANYBODY lacks.
  static const std::regex eam("eam(/alloy|/fs)?(/opt|/omp|/intel|/gpu|/kk|/kk/host|/kk/device)?");
  if (std::regex_match(style, eam)) return eam_rule(static_cast<PairEAM *>(pair), style, n_types);

  const ManyBodyStyle many_body = many_body_style(style);
  if (many_body != ManyBodyStyle::none) {
    std::string refusal;
    auto rule = many_body == ManyBodyStyle::stillinger_weber
        ? stillinger_weber_rule(pair, n_types, refusal)
        : tersoff_rule(pair, many_body, n_types, refusal);
    return {std::move(rule), "exact rule of pair style " + style, refusal};
  }

  if (!pair->manybody_flag && (pair->single_enable || pair->born_matrix_enable)) {
    functions.push_back(std::make_unique<PairwiseFunction>(pair, n_types));
    return {std::make_unique<PairRule>(*functions.back()),
            std::string("pair rule, ") +
                (pair->born_matrix_enable ? "second derivatives by born_matrix()"
                                          : "second derivatives by differences of single()") +
                " of pair style " + style,
            ""};
  }
  return {nullptr, "", "pair style " + style + " has no rule for its second derivatives"};
}

/// PairHybrid keeps what it is made of protected.
struct HybridAccess : PairHybrid {
  static int n_styles(PairHybrid *pair) { return pair->*&HybridAccess::nstyles; }
  static Pair **styles_of(PairHybrid *pair) { return pair->*&HybridAccess::styles; }
  static char **names(PairHybrid *pair) { return pair->*&HybridAccess::keywords; }
  static int **n_map(PairHybrid *pair) { return pair->*&HybridAccess::nmap; }
  static int ***style_map(PairHybrid *pair) { return pair->*&HybridAccess::map; }
  static double **lj_factors(PairHybrid *pair) { return pair->*&HybridAccess::special_lj; }
  static double **coul_factors(PairHybrid *pair) { return pair->*&HybridAccess::special_coul; }
};

PairStyleRule hybrid_rule(PairHybrid *hybrid, int n_types)
{
  PairStyleRule result;
  std::vector<CompositeRule::Part> parts;
  int **n_map = HybridAccess::n_map(hybrid), ***map = HybridAccess::style_map(hybrid);
  for (int m = 0; m < HybridAccess::n_styles(hybrid); ++m) {
    Pair *pair = HybridAccess::styles_of(hybrid)[m];
    const std::string style = HybridAccess::names(hybrid)[m];
    double **lj = HybridAccess::lj_factors(hybrid), **coul = HybridAccess::coul_factors(hybrid);
    if ((lj && lj[m]) || (coul && coul[m])) {
      result.refusal = "pair_modify special changes weights of pair style " + style;
      return result;
    }
    CompositeRule::Part part;
    bool acts = false;
    for (int i = 1; i <= n_types; ++i)
      for (int j = 1; j <= n_types; ++j) {
        // Maps are filled for i <= j.
        const int low = std::min(i, j), high = std::max(i, j);
        const int *first = map[low][high];
        const bool mapped =
            std::find(first, first + n_map[low][high], m) != first + n_map[low][high];
        part.cutoff_squared_tt.push_back(mapped ? pair->cutsq[i][j] : 0.0);
        acts = acts || mapped;
      }
    if (!acts) continue;
    SingleRule single = single_rule(pair, style, n_types, result.functions);
    if (!single.rule) {
      result.refusal = "in a hybrid, " + single.refusal;
      return result;
    }
    part.rule = std::move(single.rule);
    parts.push_back(std::move(part));
    result.description += (result.description.empty() ? "" : "; ") + single.description;
  }
  result.rule = std::make_unique<CompositeRule>(std::move(parts), n_types);
  return result;
}

}    // namespace

double PairStyleRule::difference_error() const
{
  double error = 0.0;
  for (const auto &function : functions)
    error = std::max(error, function->difference_error());
  return error;
}

std::vector<Pair *> pair_and_sub_styles(LAMMPS *lmp)
{
  std::vector<Pair *> pairs;
  Pair *pair = lmp->force->pair;
  if (!pair) return pairs;
  pairs.push_back(pair);
  if (utils::strmatch(lmp->force->pair_style, "^hybrid")) {
    auto *hybrid = static_cast<PairHybrid *>(pair);
    Pair **styles = HybridAccess::styles_of(hybrid);
    pairs.insert(pairs.end(), styles, styles + HybridAccess::n_styles(hybrid));
  }
  return pairs;
}

PairStyleRule make_pair_style_rule(LAMMPS *lmp)
{
  Pair *pair = lmp->force->pair;
  const std::string style = lmp->force->pair_style;
  const int n_types = lmp->atom->ntypes;
  if (utils::strmatch(style, "^hybrid/scaled")) {
    PairStyleRule result;
    result.refusal = "pair style " + style + " has no rule for its second derivatives";
    return result;
  }
  if (utils::strmatch(style, "^hybrid"))
    return hybrid_rule(static_cast<PairHybrid *>(pair), n_types);

  PairStyleRule result;
  SingleRule single = single_rule(pair, style, n_types, result.functions);
  result.rule = std::move(single.rule);
  result.description = single.description;
  result.refusal = single.refusal;
  return result;
}

}    // namespace glass
