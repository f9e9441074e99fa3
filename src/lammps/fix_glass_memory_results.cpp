// Part of lammps-glass, GPL-2.0.

// What fix glass/memory gives out: scalar, vector, array, file and restart.

#include "fix_glass_memory.h"

#include "byte_stream.h"
#include "text_file.h"

#include "comm.h"
#include "error.h"
#include "force.h"
#include "group.h"
#include "math_const.h"
#include "update.h"

#include <algorithm>
#include <climits>

using namespace LAMMPS_NS;

static constexpr int COMMON_VALUES = 2, VALUES_PER_SPECIES = 4;
static constexpr int COMMON_COLUMNS = 2, COLUMNS_PER_SPECIES = 9;

// Below this correlation of momenta from one sample to the next the errors of second order in the
// spacing reach per cents of the friction rate.
static constexpr double LOWEST_CORRELATION = 0.9;

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
  glass::CorrelationBlocks blocks;
  follow([&] { blocks = correlator->blocks(); });
  const std::vector<double> pairs_k = blocks.sum().pairs_k;
  if (correlator->n_samples() > 1 && pairs_k[1] == 0.0)
    error->all(FLERR,
               "{}: no two samples are Nevery {} steps apart; with rerun, Nevery must be the "
               "interval of the dump",
               name(), nevery);
  if (pairs_k[lags] == 0.0) {
    if (!told_of_wait && comm->me == 0)
      utils::logmesg(lmp, "{}: no samples are {} lags apart yet; all results stay zero\n", name(),
                     lags);
    told_of_wait = true;
    return;
  }
  const std::vector<glass::MemoryEstimate> estimates =
      glass::estimate_memory(blocks, species, settings, communicator);
  tabulate(estimates);
  write_table();
  warn_of_spacing(estimates);
}

void FixGlassMemory::warn_of_spacing(const std::vector<glass::MemoryEstimate> &estimates)
{
  for (std::size_t s = 0; s < species.size() && !warned_of_spacing; ++s) {
    const std::vector<double> &pp_k = estimates[s].correlations.pp_k;
    if (pp_k[1] >= LOWEST_CORRELATION * pp_k[0]) continue;
    warned_of_spacing = true;
    if (comm->me == 0)
      error->warning(FLERR,
                     "{}: momenta of {} keep only {:.2f} of their correlation from one sample to "
                     "the next; the kernel is coarse, use a smaller Nevery",
                     name(),
                     s == 0 ? fmt::format("group {}", group->names[igroup])
                            : fmt::format("type {}", s),
                     pp_k[1] / pp_k[0]);
  }
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

void FixGlassMemory::check_file() const
{
  if (!file.empty() && comm->me == 0 && !glass::is_writable(file))
    error->one(FLERR, "{}: cannot write file {}", name(), file);
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
  if (!glass::write_text(file, text)) error->one(FLERR, "{}: cannot write file {}", name(), file);
}

/* ---------------------------------------------------------------------- */

namespace {

/// What a restart file begins with; tagged atoms, results, and the state of the correlator follow.
struct Header {
  int nevery, lags, every_tagged, fewest_blocks;
  bigint last_sample;
  double dt;
  glass::TrajectoryMoment moment;
  std::size_t n_tagged, n_values, n_table;
};

}    // namespace

void FixGlassMemory::write_restart(FILE *fp)
{
  // While no run is under way, atoms may have been touched since the end of the last one.
  glass::TrajectoryMoment here = end_of_run;
  if (update->whichflag == 1 && last_sample >= 0) here = moment();
  std::vector<char> bytes;
  glass::append(bytes, Header{nevery, lags, every_tagged, fewest_blocks, last_sample, dt, here,
                              tagged.size(), values.size(), table.size()});
  glass::append(bytes, tagged);
  glass::append(bytes, values);
  glass::append(bytes, table);

  // LAMMPS keeps the length in an int.
  const double roughly = static_cast<double>(bytes.size()) + correlator->state_bytes();
  const bool with_series = roughly + correlator->series_bytes() < INT_MAX;
  if (!with_series && comm->me == 0)
    error->warning(
        FLERR,
        "{}: the samples of the last lags do not fit a restart file; a run that reads it "
        "begins them anew",
        name());
  if (roughly > INT_MAX)
    error->all(FLERR, "{}: {} lags and {} blocks do not fit a restart file; use fewer", name(),
               lags, fewest_blocks);
  std::vector<char> state;
  follow([&] { state = correlator->state(with_series); });
  bytes.insert(bytes.end(), state.begin(), state.end());
  if (comm->me == 0) {
    const double size =
        static_cast<double>(bytes.size()) + (with_series ? correlator->series_bytes() : 0.0);
    const int int_size = static_cast<int>(size);
    fwrite(&int_size, sizeof(int), 1, fp);
    fwrite(bytes.data(), 1, bytes.size(), fp);
  }
  if (with_series)
    follow([&] {
      correlator->write_series([fp](const void *data, std::size_t n) { fwrite(data, 1, n, fp); });
    });
}

void FixGlassMemory::restart(char *buffer)
{
  const char *bytes = buffer;
  const auto header = glass::take<Header>(bytes);
  std::vector<Tagged> others(header.n_tagged);
  glass::take(bytes, others);
  const bool same_atoms =
      others.size() == tagged.size() &&
      std::equal(others.begin(), others.end(), tagged.begin(),
                 [](const Tagged &a, const Tagged &b) { return a.id == b.id && a.type == b.type; });
  const bool same_lags = header.nevery == nevery && header.lags == lags && header.dt == dt &&
                         header.fewest_blocks == fewest_blocks;
  if (!same_atoms || header.n_values != values.size())
    error->all(FLERR,
               "{}: the restart file goes on with {} other atoms (tag {}); use the same group, or "
               "another fix ID to begin anew",
               name(), header.n_tagged, header.every_tagged);
  if (!same_lags)
    error->all(
        FLERR,
        "{}: the restart file goes on with Nevery {}, Nlags {}, blocks {} and a time step of "
        "{}; use the same, or another fix ID to begin anew",
        name(), header.nevery, header.lags, header.fewest_blocks, header.dt);
  tagged = others;    // with the masses that the samples were taken with
  glass::take(bytes, values);
  glass::take(bytes, table);
  if (!correlator->restore(bytes))
    error->all(FLERR, "{}: the restart file is not of this simulation", name());
  last_sample = header.last_sample;
  end_of_run = header.moment;
  if (values[0] > 0.0) write_table();    // else there may be results of an earlier run
}
