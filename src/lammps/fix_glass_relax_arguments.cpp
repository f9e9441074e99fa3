// Part of lammps-glass, GPL-2.0.

// Arguments of fix glass/relax.

#include "fix_glass_relax.h"

#include "domain.h"
#include "error.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace LAMMPS_NS;

static constexpr int MOST_TIMES = 100000;

// A time that is meant to be on the edge of the window may be beside it in the last digit.
static constexpr double EDGE = 1.0e-9;

void FixGlassRelax::parse(int narg, char **arg)
{
  if (narg < 5) utils::missing_cmd_args(FLERR, "fix glass/relax", error);
  step_unit = utils::bnumeric(FLERR, arg[3], false, lmp);
  segment = utils::bnumeric(FLERR, arg[4], false, lmp);
  if (step_unit < 1) error->all(FLERR, "Fix glass/relax Nevery must be >= 1, not {}", arg[3]);
  if (segment < step_unit)
    error->all(FLERR,
               "Fix glass/relax Nsegment {} is shorter than the first sampled time, Nevery {}",
               segment, step_unit);
  if (segment % step_unit != 0)
    error->all(FLERR, "Fix glass/relax Nsegment must be a multiple of Nevery {}, not {}", step_unit,
               segment);
  arguments = fmt::format("{} {}", step_unit, segment);
  for (int iarg = 5; iarg < narg;) {
    const std::string keyword = arg[iarg];
    const int n_values = parse_keyword(keyword, narg - iarg - 1, arg + iarg + 1);
    // Where results are written may change from one restart to the next.
    for (int k = 0; k <= n_values && keyword != "file"; ++k)
      arguments += std::string(" ") + arg[iarg + k];
    iarg += 1 + n_values;
  }
  if (q_is_given && !vectors.empty())
    error->all(FLERR, "Fix glass/relax takes q or vectors, not both");
  if (segment % (n_origins * step_unit) != 0)
    error->all(FLERR,
               "Fix glass/relax Nsegment {} must be a multiple of origins {} times Nevery {}",
               segment, n_origins, step_unit);
  if (!vectors.empty()) average.emplace(domain->dimension, vectors);
  if (wave_number > 0.0) average.emplace(domain->dimension, wave_number);
}

/* ----------------------------------------------------------------------
   returns how many values belong to the keyword
------------------------------------------------------------------------- */

int FixGlassRelax::parse_keyword(const std::string &keyword, int narg, char **values)
{
  const std::vector<std::string> keywords = {"q",       "vectors", "cutoff", "times", "threshold",
                                             "origins", "window",  "drift",  "file"};
  if (std::find(keywords.begin(), keywords.end(), keyword) == keywords.end())
    error->all(FLERR, "Unknown fix glass/relax keyword: {}", keyword);
  if (narg < (keyword == "window" ? 2 : 1))
    utils::missing_cmd_args(FLERR, "fix glass/relax " + keyword, error);
  const char *const value = values[0];
  const auto at_least = [&](int least) {
    const int number = utils::inumeric(FLERR, value, false, lmp);
    if (number < least)
      error->all(FLERR, "Fix glass/relax {} must be >= {}, not {}", keyword, least, value);
    return number;
  };
  const auto positive_or = [&](const char *word) {
    if (strcmp(value, word) == 0) return 0.0;
    const double number = utils::numeric(FLERR, value, false, lmp);
    if (!(number > 0.0 && std::isfinite(number)))
      error->all(FLERR, "Fix glass/relax {} must be > 0 or {}, not {}", keyword, word, value);
    return number;
  };

  if (keyword == "q") {
    wave_number = positive_or("peak");
    q_is_given = true;
  } else if (keyword == "cutoff")
    cutoff = positive_or("minimum");
  else if (keyword == "times") {
    n_times = at_least(2);
    if (n_times > MOST_TIMES)
      error->all(FLERR, "Fix glass/relax times must be <= {}, not {}", MOST_TIMES, value);
  } else if (keyword == "origins")
    n_origins = at_least(1);
  else if (keyword == "threshold") {
    threshold = utils::numeric(FLERR, value, false, lmp);
    if (!(threshold > 0.0 && threshold < 1.0))
      error->all(FLERR, "Fix glass/relax threshold must be > 0 and < 1, not {}", value);
  } else if (keyword == "window") {
    window_lo = utils::numeric(FLERR, values[0], false, lmp);
    window_hi = utils::numeric(FLERR, values[1], false, lmp);
    if (!(window_lo >= 0.0 && window_lo < window_hi && window_hi <= 1.0))
      error->all(FLERR, "Fix glass/relax window must be two numbers 0 <= lo < hi <= 1, not {} {}",
                 values[0], values[1]);
    return 2;
  } else if (keyword == "drift") {
    if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
      error->all(FLERR, "Fix glass/relax drift must be yes or no, not {}", value);
    drift = strcmp(value, "yes") == 0;
  } else if (keyword == "file")
    file = value;
  else
    return parse_vectors(at_least(1), narg, values);
  return 1;
}

int FixGlassRelax::parse_vectors(int n, int narg, char **values)
{
  if (n > (narg - 1) / 3) utils::missing_cmd_args(FLERR, "fix glass/relax vectors", error);
  vectors.clear();
  for (int k = 0; k < n; ++k) {
    Eigen::Vector3d q;
    for (int alpha = 0; alpha < 3; ++alpha)
      q[alpha] = utils::numeric(FLERR, values[1 + 3 * k + alpha], false, lmp);
    if (!(q.norm() > 0.0)) error->all(FLERR, "Fix glass/relax vector {} is zero", k + 1);
    if (domain->dimension == 2 && q.z() != 0.0)
      error->all(FLERR, "Fix glass/relax vector {} has a z component in a 2d simulation", k + 1);
    vectors.push_back(q);
  }
  return 1 + 3 * n;
}

void FixGlassRelax::define_window()
{
  const auto last = static_cast<double>(times.back());
  const auto is_before = [last](double time, double part) { return time < part * last; };
  const auto first = std::lower_bound(times.begin(), times.end(), window_lo - EDGE, is_before);
  const auto end = std::lower_bound(times.begin(), times.end(), window_hi + EDGE, is_before);
  settings.window_first = first - times.begin();
  settings.window_end = end - times.begin();
  if (settings.window_first + 2 > settings.window_end)
    error->all(FLERR, "Fix glass/relax window {} {} holds fewer than two of the {} sampled times",
               window_lo, window_hi, times.size());
}
