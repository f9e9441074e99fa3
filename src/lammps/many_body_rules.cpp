// Part of lammps-glass, GPL-2.0.

#include "many_body_rules.h"

#include "potential/stillinger_weber.h"
#include "potential/tersoff.h"

#include "lammps.h"
#include "pair_sw.h"
#include "pair_tersoff.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <regex>

using namespace LAMMPS_NS;

namespace glass {

namespace {

/// What the pair styles keep protected, through classes that are never constructed.
struct StillingerWeberAccess : PairSW {
  static Param *parameters(PairSW *pair) { return pair->*&StillingerWeberAccess::params; }
};

struct TersoffAccess : PairTersoff {
  static Param *parameters(PairTersoff *pair) { return pair->*&TersoffAccess::params; }
  static bool shifted(PairTersoff *pair) { return (pair->*&TersoffAccess::shift_flag) != 0; }
};

struct PairAccess : Pair {
  static int *element_of_type(Pair *pair) { return pair->*&PairAccess::map; }
  static int ***entry_of_triplet(Pair *pair) { return pair->*&PairAccess::elem3param; }
  static int n_elements(Pair *pair) { return pair->*&PairAccess::nelements; }
  static std::string element(Pair *pair, int e) { return (pair->*&PairAccess::elements)[e]; }
  static const char *units(Pair *pair) { return (pair->*&PairAccess::lmp)->update->unit_style; }
};

std::vector<int> elements_of_types(Pair *pair, int n_types)
{
  const int *element = PairAccess::element_of_type(pair);
  return {element + 1, element + 1 + n_types};
}

/// Whether numbers that have to agree do, up to the digits that are lost when entries of a
/// potential file are multiplied out.
bool agree(std::initializer_list<double> a, std::initializer_list<double> b)
{
  return std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
    return std::abs(x - y) <= 1.0e-6 * std::max(std::abs(x), std::abs(y));
  });
}

std::string file_entry(Pair *pair, int i, int j, int k)
{
  return PairAccess::element(pair, i) + " " + PairAccess::element(pair, j) + " " +
         PairAccess::element(pair, k);
}

/// Where entries differ that enter one term of the energy, LAMMPS takes the one or the other by the
/// atoms' IDs or their order in memory: no function of the positions.
std::string disagreement(const std::string &first, const std::string &second)
{
  return "entries " + first + " and " + second +
         " of the potential file disagree on a term that they share, of which LAMMPS takes one by "
         "atom ID or order; make them equal";
}

/// Runs through all elements i and pairs of different elements j, k: the pair energy of i with j
/// is in (i, j, j) and (j, i, i), an angle at i in (i, j, k) and (i, k, j).
template <typename Entry, typename SamePair, typename SameAngle>
std::string disagreements(Pair *pair, const TripletTable<Entry> &table, SamePair &&same_pair,
                          SameAngle &&same_angle)
{
  for (int i = 0; i < table.n_elements; ++i)
    for (int j = 0; j < table.n_elements; ++j) {
      if (i < j && !same_pair(table(i, j, j), table(j, i, i)))
        return disagreement(file_entry(pair, i, j, j), file_entry(pair, j, i, i));
      for (int k = j + 1; k < table.n_elements; ++k)
        if (!same_angle(table(i, j, k), table(i, k, j)))
          return disagreement(file_entry(pair, i, j, k), file_entry(pair, i, k, j));
    }
  return {};
}

/// The entries in the order of TripletTable; `convert` makes ours of one of LAMMPS's.
template <typename Entry, typename Param, typename Convert>
TripletTable<Entry> table_of(Pair *pair, const Param *parameters, Convert &&convert)
{
  TripletTable<Entry> table{PairAccess::n_elements(pair), {}};
  int ***entry = PairAccess::entry_of_triplet(pair);
  for (int i = 0; i < table.n_elements; ++i)
    for (int j = 0; j < table.n_elements; ++j)
      for (int k = 0; k < table.n_elements; ++k)
        table.entry_eee.push_back(convert(parameters[entry[i][j][k]]));
  return table;
}

StillingerWeberEntry stillinger_weber_entry(const PairSW::Param &from)
{
  StillingerWeberEntry entry;
  entry.epsilon = from.epsilon;
  entry.sigma = from.sigma;
  entry.a = from.littlea;
  entry.lambda = from.lambda;    // 0 with threebody off
  entry.gamma = from.gamma;
  entry.cos_theta0 = from.costheta;
  entry.A = from.biga;
  entry.B = from.bigb;
  entry.p = from.powerp;
  entry.q = from.powerq;
  entry.tol = from.tol;
  return entry;
}

TersoffEntry tersoff_entry(const PairTersoff::Param &from, ManyBodyStyle style)
{
  TersoffEntry entry;
  entry.A = from.biga;
  entry.lambda1 = from.lam1;
  entry.B = from.bigb;
  entry.lambda2 = from.lam2;
  entry.beta = from.beta;
  entry.n = from.powern;
  entry.lambda3 = from.lam3;
  entry.m = from.powermint;
  entry.h = from.h;
  entry.R = from.bigr;
  entry.D = from.bigd;
  if (style == ManyBodyStyle::tersoff_mod) {
    entry.delta = from.powern_del;
    entry.c1 = from.c1;    // other styles keep thresholds of their own here
    entry.c2 = from.c2;
    entry.c3 = from.c3;
    entry.c4 = from.c4;
    entry.c5 = from.c5;
  } else {
    entry.delta = from.powern;
    entry.gamma = from.gamma;
    entry.c = from.c;
    entry.d = from.d;
  }
  if (style == ManyBodyStyle::tersoff_zbl) {
    entry.Z_i = from.Z_i;
    entry.Z_j = from.Z_j;
    entry.zbl_r_c = from.ZBLcut;
    entry.zbl_inverse_a = from.ZBLexpscale;
  }
  return entry;
}

/// The constants that pair style tersoff/zbl has for the two unit styles it accepts. Not read from
/// the pair style: tersoff/zbl/omp is no PairTersoffZBL.
ZblConstants zbl_constants(Pair *pair)
{
  const bool real = strcmp(PairAccess::units(pair), "real") == 0;
  const double epsilon_0 = 0.00552635 * (real ? 0.043365121 : 1.0);
  return {0.529, 1.0 / (4.0 * std::acos(-1.0) * epsilon_0)};
}

}    // namespace

ManyBodyStyle many_body_style(const std::string &style)
{
  static const std::regex names(
      "(sw|tersoff|tersoff/mod|tersoff/zbl)(/opt|/omp|/intel|/gpu|/kk|/kk/host|/kk/device)?");
  std::smatch match;
  if (!std::regex_match(style, match, names)) return ManyBodyStyle::none;
  if (match[1] == "sw") return ManyBodyStyle::stillinger_weber;
  if (match[1] == "tersoff/mod") return ManyBodyStyle::tersoff_mod;
  return match[1] == "tersoff/zbl" ? ManyBodyStyle::tersoff_zbl : ManyBodyStyle::tersoff;
}

std::unique_ptr<SiteRule> stillinger_weber_rule(Pair *pair, int n_types, std::string &refusal)
{
  const auto *parameters = StillingerWeberAccess::parameters(static_cast<PairSW *>(pair));
  if (!parameters || !PairAccess::entry_of_triplet(pair)) {
    refusal = "pair style sw has no parameters yet";
    return nullptr;
  }
  auto table = table_of<StillingerWeberEntry>(pair, parameters, stillinger_weber_entry);
  refusal = disagreements(
      pair, table,
      [](const StillingerWeberEntry &a, const StillingerWeberEntry &b) {
        const double scale_a = a.A * a.epsilon, scale_b = b.A * b.epsilon;
        return (scale_a == 0.0 && scale_b == 0.0) ||
               agree({scale_a, a.sigma, a.a, a.B, a.p, a.q, a.cutoff()},
                     {scale_b, b.sigma, b.a, b.B, b.p, b.q, b.cutoff()});
      },
      [](const StillingerWeberEntry &a, const StillingerWeberEntry &b) {
        const double scale_a = a.lambda * a.epsilon, scale_b = b.lambda * b.epsilon;
        return (scale_a == 0.0 && scale_b == 0.0) ||
               agree({scale_a, a.cos_theta0}, {scale_b, b.cos_theta0});
      });
  if (!refusal.empty()) return nullptr;
  return make_stillinger_weber_rule(std::move(table), elements_of_types(pair, n_types));
}

std::unique_ptr<SiteRule> tersoff_rule(Pair *pair, ManyBodyStyle style, int n_types,
                                       std::string &refusal)
{
  auto *tersoff = static_cast<PairTersoff *>(pair);
  const auto *parameters = TersoffAccess::parameters(tersoff);
  if (!parameters || !PairAccess::entry_of_triplet(pair)) {
    refusal = "pair style tersoff has no parameters yet";
    return nullptr;
  }
  if (TersoffAccess::shifted(tersoff)) {
    refusal = "option shift of pair style tersoff is not supported; use it without";
    return nullptr;
  }
  auto table = table_of<TersoffEntry>(
      pair, parameters, [style](const auto &entry) { return tersoff_entry(entry, style); });
  for (int i = 0; i < table.n_elements; ++i)
    for (int j = 0; j < table.n_elements; ++j) {
      const TersoffEntry &bond = table(i, j, j);
      if (bond.B != 0.0 && (bond.n <= 0.0 || bond.delta <= 0.0)) {
        refusal = "entry " + file_entry(pair, i, j, j) +
                  " of the potential file has no exponent of the bond order (n = 0)";
        return nullptr;
      }
    }
  refusal = disagreements(
      pair, table,
      [](const TersoffEntry &a, const TersoffEntry &b) {
        return agree({a.A, a.lambda1, a.R, a.D, a.Z_i, a.Z_j, a.zbl_r_c, a.zbl_inverse_a},
                     {b.A, b.lambda1, b.R, b.D, b.Z_j, b.Z_i, b.zbl_r_c, b.zbl_inverse_a});
      },
      [](const TersoffEntry &, const TersoffEntry &) { return true; });    // xi_ij is no xi_ik
  if (!refusal.empty()) return nullptr;

  TersoffForm form = TersoffForm::original;
  ZblConstants zbl;
  if (style == ManyBodyStyle::tersoff_mod) form = TersoffForm::modified;
  if (style == ManyBodyStyle::tersoff_zbl) {
    form = TersoffForm::zbl;
    zbl = zbl_constants(pair);
  }
  return make_tersoff_rule(form, std::move(table), elements_of_types(pair, n_types), zbl);
}

}    // namespace glass
