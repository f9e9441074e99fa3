// Part of lammps-glass, GPL-2.0.

// The keywords of compute glass/inm.

#include "compute_glass_inm.h"

#include "error.h"

#include <cmath>
#include <map>

using namespace LAMMPS_NS;

/// Ends the run unless n_values follow the keyword.
void ComputeGlassINM::need(int iarg, int n_values, int narg, char **arg)
{
  if (iarg + n_values >= narg)
    utils::missing_cmd_args(FLERR, std::string("compute glass/inm ") + arg[iarg], error);
}

void ComputeGlassINM::parse(int narg, char **arg)
{
  int iarg = 3;
  std::string word_of_polynomials;
  const auto number = [&](int n) { return utils::numeric(FLERR, arg[n], false, lmp); };

  while (iarg < narg) {
    const std::string keyword = arg[iarg];
    if (parse_common_keyword(iarg, narg, arg)) continue;
    if (keyword == "bins") {
      need(iarg, 1, narg, arg);
      bins.n = utils::inumeric(FLERR, arg[iarg + 1], false, lmp);
      if (bins.n <= 0) error->all(FLERR, "Compute glass/inm bins must be > 0, not {}", bins.n);
      iarg += 2;
    } else if (keyword == "range") {
      need(iarg, 2, narg, arg);
      bins.low = number(iarg + 1);
      bins.high = number(iarg + 2);
      if (bins.low >= bins.high)
        error->all(FLERR, "Compute glass/inm range: lo {} must be < hi {}", bins.low, bins.high);
      iarg += 3;
    } else if (keyword == "strain") {
      components = parse_strain(iarg, narg, arg);
    } else if (keyword == "pc") {
      need(iarg, 1, narg, arg);
      threshold = number(iarg + 1);
      if (!(threshold > 0.0 && threshold <= 1.0))
        error->all(FLERR, "Compute glass/inm pc must be in (0, 1], not {}", arg[iarg + 1]);
      iarg += 2;
    } else if (keyword == "omega_min") {
      need(iarg, 1, narg, arg);
      omega_min = number(iarg + 1);
      if (!(omega_min >= 0.0))
        error->all(FLERR, "Compute glass/inm omega_min must be >= 0, not {}", arg[iarg + 1]);
      iarg += 2;
    } else if (keyword == "modes") {
      parse_modes(iarg, narg, arg);
    } else if (keyword == "solver") {
      parse_solver(iarg, narg, arg);
    } else if (keyword == "moments" || keyword == "vectors" || keyword == "seed") {
      need(iarg, 1, narg, arg);
      int &value = keyword == "moments" ? n_moments : keyword == "vectors" ? n_vectors : seed;
      value = utils::inumeric(FLERR, arg[iarg + 1], false, lmp);
      const int least = keyword == "moments" ? 16 : keyword == "vectors" ? 2 : 1;
      if (value < least)
        error->all(FLERR, "Compute glass/inm {} must be >= {}, not {}", keyword, least,
                   arg[iarg + 1]);
      word_of_polynomials = keyword;
      iarg += 2;
    } else
      error->all(FLERR, "Unknown compute glass/inm keyword: {}", keyword);
  }

  if (components.empty()) components.push_back(3);    // xy
  if (solver == Solver::KPM && (threshold > 0.0 || !range.all()))
    error->all(FLERR,
               "Compute glass/inm solver kpm finds the density of all modes and none of them: it "
               "goes with modes all and without pc");
  if (solver != Solver::KPM && !word_of_polynomials.empty())
    error->all(FLERR, "Compute glass/inm {} belongs to solver kpm", word_of_polynomials);
  if (solver == Solver::PARTIAL && !range.all())
    error->all(
        FLERR,
        "Compute glass/inm solver partial finds modes by their number; use it with modes all");
}

void ComputeGlassINM::parse_modes(int &iarg, int narg, char **arg)
{
  need(iarg, 1, narg, arg);
  range = {};
  const std::string kind = arg[iarg + 1];
  if (kind == "all") {
    iarg += 2;
  } else if (kind == "unstable") {
    range.high = 0.0;
    iarg += 2;
  } else if (kind == "window") {
    need(iarg, 3, narg, arg);
    const double low = utils::numeric(FLERR, arg[iarg + 2], false, lmp);
    const double high = utils::numeric(FLERR, arg[iarg + 3], false, lmp);
    if (low >= high)
      error->all(FLERR, "Compute glass/inm modes window: lo {} must be < hi {}", low, high);
    range = {low * std::abs(low), high * std::abs(high)};
    iarg += 4;
  } else
    error->all(FLERR, "Compute glass/inm modes must be all, unstable or window, not {}", kind);
}

void ComputeGlassINM::parse_solver(int &iarg, int narg, char **arg)
{
  need(iarg, 1, narg, arg);
  const std::string kind = arg[iarg + 1];
  const std::map<std::string, Solver> solvers = {{"auto", Solver::AUTO},
                                                 {"lapack", Solver::LAPACK},
                                                 {"scalapack", Solver::SCALAPACK},
                                                 {"partial", Solver::PARTIAL},
                                                 {"kpm", Solver::KPM}};
  const auto found = solvers.find(kind);
  if (found == solvers.end())
    error->all(FLERR,
               "Compute glass/inm solver must be auto, lapack, scalapack, partial or kpm, not {}",
               kind);
  solver = found->second;
  if (solver == Solver::PARTIAL) {
    need(iarg, 2, narg, arg);
    n_lowest = utils::inumeric(FLERR, arg[iarg + 2], false, lmp);
    if (n_lowest < 1)
      error->all(FLERR, "Compute glass/inm solver partial must be >= 1, not {}", n_lowest);
    ++iarg;
  }
  iarg += 2;
}
