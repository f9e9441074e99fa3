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
#include <cmath>
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

struct TallyAccess : Pair {
  static int &number(Pair *pair) { return pair->*&TallyAccess::num_tally_compute; }
};

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
    const bool ours = style == "glass/ipl" || style == "glass/sticky";
    functions.push_back(std::make_unique<PairwiseFunction>(pair, n_types, ours));
    return {std::make_unique<PairRule>(*functions.back()),
            std::string("pair rule, ") +
                (pair->born_matrix_enable      ? "second derivatives by born_matrix()"
                 : pair->single_hessian_enable ? "second derivatives by single_hessian()"
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

/// A style that acts, alone or in a hybrid, and between which types (as CompositeRule::Part).
struct ActingStyle {
  Pair *pair;
  std::string name;
  std::vector<double> cutoff_squared_tt;
};

std::vector<ActingStyle> acting_styles(LAMMPS *lmp)
{
  Pair *pair = lmp->force->pair;
  const std::string name = lmp->force->pair_style;
  const bool is_hybrid = utils::strmatch(name, "^hybrid");
  auto *hybrid = static_cast<PairHybrid *>(pair);    // if it is one
  const int n_types = lmp->atom->ntypes;
  std::vector<ActingStyle> styles;
  for (int m = 0; m < (is_hybrid ? HybridAccess::n_styles(hybrid) : 1); ++m) {
    ActingStyle style{is_hybrid ? HybridAccess::styles_of(hybrid)[m] : pair,
                      is_hybrid ? HybridAccess::names(hybrid)[m] : name,
                      {}};
    bool acts = false;
    for (int i = 1; i <= n_types; ++i)
      for (int j = 1; j <= n_types; ++j) {
        bool mapped = true;
        if (is_hybrid) {
          const int *first = HybridAccess::style_map(hybrid)[i][j];
          const int *last = first + HybridAccess::n_map(hybrid)[i][j];
          mapped = std::find(first, last, m) != last;
        }
        style.cutoff_squared_tt.push_back(mapped ? style.pair->cutsq[i][j] : 0.0);
        acts = acts || mapped;
      }
    if (acts) styles.push_back(std::move(style));
  }
  return styles;
}

PairStyleRule hybrid_rule(LAMMPS *lmp)
{
  PairStyleRule result;
  auto *hybrid = static_cast<PairHybrid *>(lmp->force->pair);
  double **lj = HybridAccess::lj_factors(hybrid), **coul = HybridAccess::coul_factors(hybrid);
  for (int m = 0; m < HybridAccess::n_styles(hybrid); ++m)
    if ((lj && lj[m]) || (coul && coul[m])) {
      result.refusal = std::string("pair_modify special changes the weights of pair style ") +
                       HybridAccess::names(hybrid)[m];
      return result;
    }

  const int n_types = lmp->atom->ntypes;
  std::vector<CompositeRule::Part> parts;
  for (ActingStyle &style : acting_styles(lmp)) {
    SingleRule single = single_rule(style.pair, style.name, n_types, result.functions);
    if (!single.rule) {
      result.refusal = "in a hybrid, " + single.refusal;
      return result;
    }
    parts.push_back({std::move(single.rule), std::move(style.cutoff_squared_tt)});
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

int &number_of_tallies(Pair *pair)
{
  return TallyAccess::number(pair);
}

double force_at_cutoff(LAMMPS *lmp)
{
  const Atom *atom = lmp->atom;
  std::vector<int> atom_of_type(atom->ntypes + 1, -1);    // single() may ask for charges
  for (int i = 0; i < atom->nlocal; ++i)
    atom_of_type[atom->type[i]] = i;

  double largest = 0.0;
  for (const ActingStyle &style : acting_styles(lmp)) {
    if (style.pair->manybody_flag || !style.pair->single_enable) continue;
    for (int i = 1; i <= atom->ntypes; ++i)
      for (int j = i; j <= atom->ntypes; ++j) {
        const double cutoff_squared = style.cutoff_squared_tt[(i - 1) * atom->ntypes + j - 1];
        if (atom_of_type[i] < 0 || atom_of_type[j] < 0 || !(cutoff_squared > 0.0)) continue;
        constexpr double below = 1.0 - 1.0e-9;
        double force_over_r = 0.0;
        style.pair->single(atom_of_type[i], atom_of_type[j], i, j, cutoff_squared * below, 1.0, 1.0,
                           force_over_r);
        largest = std::max(largest, std::abs(force_over_r) * std::sqrt(cutoff_squared));
      }
  }
  return largest;
}

std::vector<std::string> acting_style_names(LAMMPS *lmp)
{
  std::vector<std::string> names;
  for (const ActingStyle &style : acting_styles(lmp))
    names.push_back(style.name);
  return names;
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
  if (utils::strmatch(style, "^hybrid")) return hybrid_rule(lmp);

  PairStyleRule result;
  SingleRule single = single_rule(pair, style, n_types, result.functions);
  result.rule = std::move(single.rule);
  result.description = single.description;
  result.refusal = single.refusal;
  return result;
}

}    // namespace glass
