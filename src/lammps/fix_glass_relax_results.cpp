// Part of lammps-glass, GPL-2.0.

// What fix glass/relax gives out: scalar, vector, array, file.

#include "fix_glass_relax.h"

#include "text_file.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "group.h"

#include <cmath>

using namespace LAMMPS_NS;

static constexpr int VALUES_PER_SPECIES = 11, COMMON_VALUES = 4, COLUMNS_PER_SPECIES = 12;

/// The values that are not of a species follow those of the group.
static std::size_t first_value(std::size_t species)
{
  return species == 0 ? 0 : COMMON_VALUES + VALUES_PER_SPECIES * species;
}

void FixGlassRelax::shape_output()
{
  const auto n = static_cast<int>(atoms_s.size());
  size_vector = COMMON_VALUES + VALUES_PER_SPECIES * n;
  size_array_rows = static_cast<int>(times.size());
  size_array_cols = 1 + COLUMNS_PER_SPECIES * n;
  values.assign(size_vector, 0.0);
  table.assign(static_cast<std::size_t>(size_array_rows) * size_array_cols, 0.0);
}

void FixGlassRelax::evaluate()
{
  const glass::RelaxationBlock whole = blocks.sum();
  double *const common = &values[VALUES_PER_SPECIES];
  common[0] = average->wave_number();
  common[1] = cutoff;
  common[2] = 0.5 * whole.pairs_s[0] / whole.origins;
  common[3] = whole.origins;
  for (std::size_t t = 0; t < times.size(); ++t)
    table[t * size_array_cols] = settings.t_k[t];
  for (std::size_t s = 0; s < atoms_s.size(); ++s) {
    glass::RelaxationEstimate estimate =
        glass::estimate_relaxation(blocks, s, atoms_s[s], settings, communicator);
    warn_of_early_crossing(s, estimate.times.alpha);
    tabulate(s, estimate);
  }
  write_table();
}

void FixGlassRelax::warn_of_early_crossing(std::size_t species, double tau_alpha)
{
  if (warned_of_crossing || !std::isnan(tau_alpha)) return;
  warned_of_crossing = true;
  if (comm->me == 0)
    error->warning(FLERR,
                   "{}: F_s of {} is below the threshold at the first sampled time {:.6g} already; "
                   "use a smaller Nevery",
                   name(),
                   species == 0 ? fmt::format("group {}", group->names[igroup])
                                : fmt::format("type {}", species),
                   settings.t_k[0]);
}

void FixGlassRelax::tabulate(std::size_t s, glass::RelaxationEstimate &estimate)
{
  const std::vector<double *> times_of = estimate.times.list(),
                              errors_of = estimate.time_errors.list();
  double *value = &values[first_value(s)];
  for (std::size_t k = 0; k < times_of.size(); ++k) {
    *value++ = *times_of[k];
    if (times_of[k] != &estimate.times.exponent) *value++ = *errors_of[k];
  }
  const auto curves = estimate.curves.lists(), errors = estimate.curve_errors.lists();
  for (std::size_t t = 0; t < times.size(); ++t) {
    double *column = &table[t * size_array_cols + 1 + COLUMNS_PER_SPECIES * s];
    for (std::size_t k = 0; k < curves.size(); ++k) {
      *column++ = (*curves[k])[t];
      *column++ = (*errors[k])[t];
    }
  }
}

/* ----------------------------------------------------------------------
   as of the last complete origin
------------------------------------------------------------------------- */

double FixGlassRelax::compute_scalar()
{
  return values[0];
}

double FixGlassRelax::compute_vector(int i)
{
  return values[i];
}

double FixGlassRelax::compute_array(int i, int j)
{
  return table[static_cast<std::size_t>(i) * size_array_cols + j];
}

/* ---------------------------------------------------------------------- */

std::string FixGlassRelax::times_in_words(std::size_t species) const
{
  const double *value = &values[first_value(species)];
  std::string text = species == 0 ? "group:" : fmt::format("type {}:", species);
  for (const char *what :
       {"tau_alpha", "tau_plus", "tau_minus", "gamma", "diffusion coefficient"}) {
    text += std::isinf(value[0]) ? fmt::format(" {} not reached,", what)
                                 : fmt::format(" {} {:.8g} +- {:.3g},", what, value[0], value[1]);
    value += 2;
  }
  return text + fmt::format(" exponent {:.4g}", *value);
}

void FixGlassRelax::write_table() const
{
  if (file.empty() || comm->me != 0) return;
  const double *const common = &values[VALUES_PER_SPECIES];
  std::string text = fmt::format(
      "# fix {} glass/relax: {:.0f} atoms of group {}, {:.8g} pairs closer than {:.8g} (mean of "
      "{:.0f} origins), q {:.8g}, threshold {:.6g}, segments of {} steps of {}\n",
      id, atoms_s[0], group->names[igroup], common[2], common[1], common[3], common[0], threshold,
      segment, dt);
  std::string names = "# t";
  for (std::size_t s = 0; s < atoms_s.size(); ++s) {
    text += "# " + times_in_words(s) + "\n";
    const std::string of = s == 0 ? "" : fmt::format("_{}", s);
    for (const char *column : {"fs", "fplus", "fminus", "msd", "alpha2", "chi4"})
      names += fmt::format(" {}{} {}_error{}", column, of, column, of);
  }
  text += names + "\n";
  for (int t = 0; t < size_array_rows && common[3] > 0.0; ++t)
    for (int k = 0; k < size_array_cols; ++k)
      text += fmt::format("{:.10g}{}", table[static_cast<std::size_t>(t) * size_array_cols + k],
                          k + 1 < size_array_cols ? " " : "\n");
  if (!glass::write_text(file, text)) error->one(FLERR, "{}: cannot write file {}", name(), file);
}

void FixGlassRelax::check_file() const
{
  if (!file.empty() && comm->me == 0 && !glass::is_writable(file))
    error->one(FLERR, "{}: cannot write file {}", name(), file);
}
