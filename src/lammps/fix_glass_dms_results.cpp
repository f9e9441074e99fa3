// Part of lammps-glass, GPL-2.0.

// What fix glass/dms gives out: vector, array, file and restart.

#include "fix_glass_dms.h"

#include "text_file.h"

#include "comm.h"
#include "error.h"
#include "update.h"

#include <cstring>

using namespace LAMMPS_NS;

void FixGlassDMS::average_cycles()
{
  mean = glass::MeanModulus();
  if (static_cast<int>(stress_of_cycle.size()) > skip)
    mean = glass::mean_modulus({stress_of_cycle.data() + skip, stress_of_cycle.size() - skip},
                               amplitude);
}

/* ----------------------------------------------------------------------
   delta of the mean
------------------------------------------------------------------------- */

double FixGlassDMS::compute_scalar()
{
  return mean.mean.delta;
}

double FixGlassDMS::compute_vector(int i)
{
  const glass::DynamicModulus &of = mean.mean;
  const double values[] = {strain(),           static_cast<double>(stress_of_cycle.size()),
                           of.storage,         of.loss,
                           of.delta,           of.mean_stress,
                           mean.storage_error, mean.loss_error,
                           mean.delta_error,   mean.mean_stress_error,
                           of.second,          of.third,
                           sampled_strain,     sampled_stress};
  return values[i];
}

/* ----------------------------------------------------------------------
   columns: step, G', G'', delta, sigma_0, sigma_2/sigma_1, sigma_3/sigma_1
------------------------------------------------------------------------- */

double FixGlassDMS::compute_array(int i, int j)
{
  return i < static_cast<int>(stress_of_cycle.size()) ? row(i)[j] : 0.0;
}

std::array<double, 7> FixGlassDMS::row(int cycle) const
{
  const glass::DynamicModulus of = glass::dynamic_modulus(stress_of_cycle[cycle], amplitude);
  const auto step = static_cast<double>(origin + (cycle + 1) * steps_per_cycle);
  return {step, of.storage, of.loss, of.delta, of.mean_stress, of.second, of.third};
}

/* ----------------------------------------------------------------------
   always the whole table, so that it is complete after a restart, too
------------------------------------------------------------------------- */

void FixGlassDMS::write_table()
{
  if (file.empty() || comm->me != 0) return;
  std::string text = fmt::format("# fix {} glass/dms {} strain amplitude {} period {}\n", id,
                                 StrainedBox::component_names[component], amplitude, period);
  text += "# cycle step G' G'' delta mean_stress second_harmonic third_harmonic\n";
  for (int cycle = 0; cycle < static_cast<int>(stress_of_cycle.size()); ++cycle) {
    text += std::to_string(cycle + 1);
    for (const double value : row(cycle))
      text += fmt::format(" {:.12g}", value);
    text += "\n";
  }
  if (!glass::write_text(file, text)) error->one(FLERR, "{}: cannot write file {}", name(), file);
}

double FixGlassDMS::memory_usage()
{
  return static_cast<double>(stress_of_cycle.capacity() * sizeof(glass::Oscillation));
}

/* ---------------------------------------------------------------------- */

namespace {

/// All that a restart needs, but for the cycles that are done, which follow it.
struct State {
  int component;
  double amplitude, dt, sampled_strain, sampled_stress;
  bigint steps_per_cycle, every, origin, last_step, cycles_done;
  StrainedBox::Shape reference, remembered;
  glass::OscillationSums sums;
};

}    // namespace

void FixGlassDMS::write_restart(FILE *fp)
{
  if (comm->me != 0) return;
  const auto done = static_cast<bigint>(stress_of_cycle.size());
  State state{};
  state.component = component;
  state.amplitude = amplitude;
  state.dt = dt_of_cycles;
  state.sampled_strain = sampled_strain;
  state.sampled_stress = sampled_stress;
  state.steps_per_cycle = steps_per_cycle;
  state.every = every;
  state.origin = origin;
  state.last_step = last_step;
  state.cycles_done = done;
  state.reference = box->reference;
  state.remembered = box->remembered;
  state.sums = sums;
  const std::size_t cycle_bytes = done * sizeof(glass::Oscillation);
  const int size = static_cast<int>(sizeof(State) + cycle_bytes);
  fwrite(&size, sizeof(int), 1, fp);
  fwrite(&state, sizeof(State), 1, fp);
  fwrite(stress_of_cycle.data(), 1, cycle_bytes, fp);
}

void FixGlassDMS::restart(char *buf)
{
  State state;
  std::memcpy(&state, buf, sizeof(State));
  if (state.component != component || state.amplitude != amplitude || state.dt != dt_of_cycles ||
      state.steps_per_cycle != steps_per_cycle || state.every != every)
    error->all(FLERR,
               "{}: the restart file goes on with strain {} of amplitude {}, {} steps of {} per "
               "cycle and every {}; use the same, or another fix ID to begin anew",
               name(), StrainedBox::component_names[state.component], state.amplitude,
               state.steps_per_cycle, state.dt, state.every);
  if (state.cycles_done > cycles)
    error->all(FLERR, "{}: {} cycles are done in the restart file; use cycles {} or more", name(),
               state.cycles_done, state.cycles_done);
  origin = state.origin;
  last_step = state.last_step;
  sampled_strain = state.sampled_strain;
  sampled_stress = state.sampled_stress;
  sums = state.sums;
  box->reference = state.reference;
  box->remembered = state.remembered;
  stress_of_cycle.resize(state.cycles_done);
  if (state.cycles_done > 0)
    std::memcpy(stress_of_cycle.data(), buf + sizeof(State),
                state.cycles_done * sizeof(glass::Oscillation));
  average_cycles();
  write_table();
}
