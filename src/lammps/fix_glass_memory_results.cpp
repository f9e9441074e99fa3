// Part of lammps-glass, GPL-2.0.

// What fix glass/memory gives out: scalar, vector, array, file and restart.

#include "fix_glass_memory.h"

#include "byte_stream.h"

#include "comm.h"
#include "error.h"
#include "force.h"
#include "group.h"
#include "math_const.h"
#include "update.h"

#include <climits>

using namespace LAMMPS_NS;

static constexpr int COMMON_VALUES = 2, VALUES_PER_SPECIES = 4;
static constexpr int COMMON_COLUMNS = 2, COLUMNS_PER_SPECIES = 9;

// Below this correlation of momenta from one sample to the next the kernel's errors of second order
// in the spacing are no longer small.
static constexpr double LOWEST_CORRELATION = 0.8;

void FixGlassMemory::shape_output()
{
  const auto n = static_cast<int>(species.size());
  size_vector = COMMON_VALUES + VALUES_PER_SPECIES * n;
  size_array_rows = lags + 1;
  size_array_cols = COMMON_COLUMNS + COLUMNS_PER_SPECIES * n;
  values.assign(size_vector, 0.0);
  table.assign(static_cast<std::size_t>(size_array_rows) * size_array_cols, 0.0);
}

/* ----------------------------------------------------------------------
   kernels of everything sampled so far
------------------------------------------------------------------------- */

void FixGlassMemory::evaluate()
{
  std::vector<glass::MemoryEstimate> estimates;
  follow([&] {
    estimates = glass::estimate_memory(correlator->blocks(), species, settings, communicator);
  });
  tabulate(estimates);
  write_table();

  const std::vector<double> &pp_k = estimates[0].correlations.pp_k;
  if (!warned_of_spacing && pp_k[1] < LOWEST_CORRELATION * pp_k[0] && comm->me == 0)
    error->warning(FLERR,
                   "{}: momenta keep only {:.2f} of their correlation from one sample to the next; "
                   "the kernel is coarse, use a smaller Nevery",
                   name(), pp_k[1] / pp_k[0]);
  warned_of_spacing = true;
}

void FixGlassMemory::tabulate(const std::vector<glass::MemoryEstimate> &estimates)
{
  values[0] = static_cast<double>(correlator->n_samples());
  values[1] = estimates[0].kT / force->boltz;
  for (std::size_t s = 0; s < species.size(); ++s) {
    const glass::MemoryEstimate &of = estimates[s];
    const double inertia = species[s].inertia;
    const bool has_friction = of.friction_rate != 0.0 && species[s].n_degrees > 0.0;
    double *const value = &values[COMMON_VALUES + VALUES_PER_SPECIES * s];
    value[0] = of.friction_rate;
    value[1] = of.friction_rate_error;
    value[2] = of.kernel.v_k[0];
    value[3] = has_friction ? of.kT / (inertia * of.friction_rate) : 0.0;

    const double per_inertia = species[s].n_degrees > 0.0 ? 1.0 / inertia : 0.0;
    for (int k = 0; k <= lags; ++k) {
      double *const row = &table[static_cast<std::size_t>(k) * size_array_cols];
      row[0] = k * settings.spacing;
      row[1] = MathConst::MY_PI * k / (lags * settings.spacing);
      double *const column = row + COMMON_COLUMNS + COLUMNS_PER_SPECIES * s;
      column[0] = of.kernel.v_k[k];
      column[1] = of.v_error_k[k];
      column[2] = of.kernel.beta_k[k];
      column[3] = of.beta_error_k[k];
      column[4] = of.nu.real_j[k];
      column[5] = of.nu.minus_imaginary_j[k];
      column[6] = of.correlations.pp_k[k] * per_inertia * per_inertia;
      column[7] = of.correlations.ff_k[k];
      column[8] = of.correlations.fp_k[k] * per_inertia;
    }
  }
}

/* ----------------------------------------------------------------------
   as of the last multiple of Nfreq
------------------------------------------------------------------------- */

double FixGlassMemory::compute_scalar()
{
  return values[COMMON_VALUES];
}

double FixGlassMemory::compute_vector(int i)
{
  return values[i];
}

double FixGlassMemory::compute_array(int i, int j)
{
  return table[static_cast<std::size_t>(i) * size_array_cols + j];
}

void FixGlassMemory::write_table() const
{
  if (file.empty() || comm->me != 0) return;
  std::string text = fmt::format(
      "# fix {} glass/memory: {} atoms of group {}, {:.0f} samples every "
      "{} steps of {}, form {}, temperature {:.8g}\n",
      id, tagged.size(), group->names[igroup], values[0], nevery, dt, form_name, values[1]);
  std::string names = "# t omega";
  for (std::size_t s = 0; s < species.size(); ++s) {
    const double *const value = &values[COMMON_VALUES + VALUES_PER_SPECIES * s];
    const std::string of = s == 0 ? "" : fmt::format("_{}", s);
    text += fmt::format("# {}: friction rate {:.8g} +- {:.3g}, v(0) {:.8g}, diffusion coefficient "
                        "{:.8g}\n",
                        s == 0 ? "group" : fmt::format("type {}", s), value[0], value[1], value[2],
                        value[3]);
    for (const char *column :
         {"v", "v_error", "beta", "beta_error", "nu1", "nu2", "vacf", "facf", "cross"})
      names += fmt::format(" {}{}", column, of);
  }
  text += names + "\n";
  for (int k = 0; k < size_array_rows && values[0] > 0.0; ++k)
    for (int j = 0; j < size_array_cols; ++j)
      text += fmt::format("{:.10g}{}", table[static_cast<std::size_t>(k) * size_array_cols + j],
                          j + 1 < size_array_cols ? " " : "\n");
  FILE *out = fopen(file.c_str(), "w");
  if (!out) error->one(FLERR, "{}: cannot write file {}", name(), file);
  const bool written = fputs(text.c_str(), out) >= 0;
  if (fclose(out) != 0 || !written) error->one(FLERR, "{}: cannot write file {}", name(), file);
}

/* ---------------------------------------------------------------------- */

namespace {

/// What a restart file holds before the results and the state of the correlator.
struct Header {
  int nevery, lags, every_tagged, fewest_blocks;
  bigint last_sample;
  double dt;
  FixGlassMemory::Moment moment;
  std::size_t n_values, n_table;
};

}    // namespace

void FixGlassMemory::write_restart(FILE *fp)
{
  // While no run is under way, atoms may have been touched since the end of the last one.
  Moment here = end_of_run;
  if (update->whichflag == 1 && last_sample >= 0) here = in_all(own_moment());
  std::vector<char> bytes;
  glass::append(bytes, Header{nevery, lags, every_tagged, fewest_blocks, last_sample, dt, here,
                              values.size(), table.size()});
  glass::append(bytes, values);
  glass::append(bytes, table);
  std::vector<char> state;
  follow([&] {
    state = correlator->state(static_cast<double>(INT_MAX) - static_cast<double>(bytes.size()));
  });
  if (comm->me != 0) return;
  bytes.insert(bytes.end(), state.begin(), state.end());
  const int size = static_cast<int>(bytes.size());
  fwrite(&size, sizeof(int), 1, fp);
  fwrite(bytes.data(), 1, bytes.size(), fp);
}

void FixGlassMemory::restart(char *buffer)
{
  const char *bytes = buffer;
  const auto header = glass::take<Header>(bytes);
  const auto refuse = [this, &header] {
    error->all(
        FLERR,
        "{}: the restart file goes on with other atoms, or with Nevery {}, Nlags {}, tag {}, "
        "blocks {} and a time step of {}; use the same, or another fix ID to begin anew",
        name(), header.nevery, header.lags, header.every_tagged, header.fewest_blocks, header.dt);
  };
  if (header.nevery != nevery || header.lags != lags || header.every_tagged != every_tagged ||
      header.fewest_blocks != fewest_blocks || header.dt != dt ||
      header.n_values != values.size() || header.n_table != table.size())
    refuse();
  glass::take(bytes, values);
  glass::take(bytes, table);
  if (!correlator->restore(bytes)) refuse();
  last_sample = header.last_sample;
  end_of_run = header.moment;
  write_table();
}
