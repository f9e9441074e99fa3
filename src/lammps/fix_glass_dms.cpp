// Part of lammps-glass, GPL-2.0.

#include "fix_glass_dms.h"

#include "atom.h"
#include "comm.h"
#include "compute.h"
#include "domain.h"
#include "error.h"
#include "group.h"
#include "modify.h"
#include "respa.h"
#include "timer.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace LAMMPS_NS;
using namespace FixConst;

static constexpr int VECTOR_SIZE = 14;
static constexpr int COLUMNS = 7;
static constexpr double LARGEST_AMPLITUDE = 0.5;

// How far the period may be from a whole number of steps, relative to it: rounding of what the user
// wrote in decimals, and no more.
static constexpr double WHOLE_STEPS = 1.0e-8;

FixGlassDMS::FixGlassDMS(LAMMPS *lmp, int narg, char **arg) : Fix(lmp, narg, arg)
{
  parse(narg, arg);
  if (igroup != 0)
    error->all(FLERR, "{}: the box strains all atoms; use group all, not {}", name(),
               group->names[igroup]);
  box = std::make_unique<StrainedBox>(lmp, component);
  const std::string obstacle = box->obstacle();
  if (!obstacle.empty()) error->all(FLERR, "{}: {}", name(), obstacle);
  origin = last_step = update->ntimestep;
  count_steps();
  create_own_pressure();

  nevery = 1;
  global_freq = 1;
  scalar_flag = vector_flag = array_flag = 1;
  extscalar = extvector = extarray = 0;
  size_vector = VECTOR_SIZE;
  size_array_rows = cycles;
  size_array_cols = COLUMNS;
  time_depend = 1;
  restart_global = 1;
  no_change_box = 1;
  box_change = box->box_change();
  write_table();    // a file that cannot be written is known now, not after hours
}

FixGlassDMS::~FixGlassDMS()
{
  delete_own_computes();
}

std::string FixGlassDMS::name() const
{
  return std::string("Fix ") + style + " (ID " + id + ")";
}

int FixGlassDMS::setmask()
{
  return INITIAL_INTEGRATE | INITIAL_INTEGRATE_RESPA | END_OF_STEP | POST_RUN;
}

/* ---------------------------------------------------------------------- */

void FixGlassDMS::parse(int narg, char **arg)
{
  if (narg < 6) utils::missing_cmd_args(FLERR, "fix glass/dms", error);
  const auto &names = StrainedBox::component_names;
  const auto *found = std::find_if(names.begin(), names.end(), [&](const char *component_name) {
    return std::strcmp(component_name, arg[3]) == 0;
  });
  if (found == names.end())
    error->all(FLERR, "Fix glass/dms strain must be one of xy xz yz x y z, not {}", arg[3]);
  component = static_cast<int>(found - names.begin());
  amplitude = utils::numeric(FLERR, arg[4], false, lmp);
  if (!(amplitude > 0.0 && amplitude < LARGEST_AMPLITUDE))
    error->all(FLERR, "Fix glass/dms strain amplitude must be > 0 and < {}, not {}",
               LARGEST_AMPLITUDE, arg[4]);
  period = utils::numeric(FLERR, arg[5], false, lmp);
  if (!(period > 0.0)) error->all(FLERR, "Fix glass/dms period must be > 0, not {}", arg[5]);

  bool has_kinetic = false;
  for (int iarg = 6; iarg < narg; iarg += 2) {
    const std::string keyword = arg[iarg];
    if (keyword != "cycles" && keyword != "skip" && keyword != "every" && keyword != "kinetic" &&
        keyword != "press" && keyword != "file")
      error->all(FLERR, "Unknown fix glass/dms keyword: {}", keyword);
    if (iarg + 1 >= narg) utils::missing_cmd_args(FLERR, "fix glass/dms " + keyword, error);
    const std::string value = arg[iarg + 1];
    const auto at_least = [&](int least) {
      const int number = utils::inumeric(FLERR, value, false, lmp);
      if (number < least)
        error->all(FLERR, "Fix glass/dms {} must be >= {}, not {}", keyword, least, value);
      return number;
    };
    if (keyword == "cycles")
      cycles = at_least(1);
    else if (keyword == "skip")
      skip = at_least(0);
    else if (keyword == "every")
      every = at_least(1);
    else if (keyword == "kinetic") {
      kinetic = utils::logical(FLERR, value, false, lmp) != 0;
      has_kinetic = true;
    } else if (keyword == "press")
      pressure_id = value;
    else
      file = value;
  }
  if (has_kinetic && !pressure_id.empty())
    error->all(FLERR,
               "Fix glass/dms takes either kinetic or press: what is in the stress is up to the "
               "compute that press names");
  // The first cycle starts at rest and is not yet periodic.
  if (skip < 0) skip = cycles > 1 ? 1 : 0;
  if (skip >= cycles)
    error->all(FLERR, "Fix glass/dms skip {} leaves none of {} cycles; use a smaller skip", skip,
               cycles);
}

void FixGlassDMS::count_steps()
{
  dt_of_cycles = update->dt;
  const double steps = period / update->dt;
  if (!(steps < static_cast<double>(MAXBIGINT) / cycles))
    error->all(FLERR, "{}: period {} is too long for time step {}", name(), period, update->dt);
  steps_per_cycle = static_cast<bigint>(std::llround(steps));
  if (std::abs(steps - static_cast<double>(steps_per_cycle)) > WHOLE_STEPS * steps)
    error->all(FLERR,
               "{}: period {} is {:.10g} steps of {}; use a multiple of the time step, and set the "
               "time step before the fix",
               name(), period, steps, update->dt);
  if (steps_per_cycle % every != 0)
    error->all(FLERR, "{}: every {} does not divide the {} steps of a cycle; use one that does",
               name(), every, steps_per_cycle);
  if (steps_per_cycle / every < glass::fewest_samples)
    error->all(FLERR,
               "{}: {} samples in a cycle are too few for three harmonics, which take {}; use a "
               "smaller every or a longer period",
               name(), steps_per_cycle / every, glass::fewest_samples);
}

void FixGlassDMS::create_own_pressure()
{
  if (!pressure_id.empty()) return;
  own_pressure_id = pressure_id = std::string(id) + "_press";
  std::string content = "NULL virial";
  if (kinetic) {
    own_temperature_id = content = std::string(id) + "_temp";
    modify->add_compute(own_temperature_id + " all temp");
  }
  modify->add_compute(own_pressure_id + " all pressure " + content);
}

void FixGlassDMS::delete_own_computes()
{
  if (!own_pressure_id.empty()) modify->delete_compute(own_pressure_id);
  if (!own_temperature_id.empty()) modify->delete_compute(own_temperature_id);
  own_pressure_id.clear();
  own_temperature_id.clear();
}

int FixGlassDMS::modify_param(int narg, char **arg)
{
  const std::string keyword = arg[0];
  if (keyword != "press" && keyword != "temp") return 0;
  if (narg < 2) utils::missing_cmd_args(FLERR, "fix_modify " + keyword, error);
  if (keyword == "press") {
    pressure_id = arg[1];    // looked for by init()
    delete_own_computes();
    return 2;
  }
  Compute *own_pressure = modify->get_compute_by_id(own_pressure_id);
  if (!kinetic || !own_pressure)
    error->all(FLERR, "{}: a temperature has no part in the stress; use kinetic yes, without press",
               name());
  const Compute *temperature = modify->get_compute_by_id(arg[1]);
  if (!temperature || !temperature->tempflag)
    error->all(FLERR, "{}: there is no compute {} of a temperature", name(), arg[1]);
  own_pressure->reset_extra_compute_fix(arg[1]);
  if (!own_temperature_id.empty()) modify->delete_compute(own_temperature_id);
  own_temperature_id.clear();
  return 2;
}

/* ---------------------------------------------------------------------- */

void FixGlassDMS::init()
{
  for (const Fix *fix : modify->get_fix_by_style("^glass/dms"))
    if (fix != this)
      error->all(FLERR, "{}: fix {} strains the box, too; unfix one of them", name(), fix->id);
  const std::string obstacle = box->obstacle();
  if (!obstacle.empty()) error->all(FLERR, "{}: {}", name(), obstacle);
  pressure = modify->get_compute_by_id(pressure_id);
  if (!pressure)
    error->all(FLERR, "{}: there is no compute {} for the pressure", name(), pressure_id);
  if (!pressure->pressflag || !pressure->vector_flag || pressure->size_vector != 6)
    error->all(FLERR, "{}: compute {} of style {} calculates no pressure tensor", name(),
               pressure_id, pressure->style);
  if (finished()) return;

  reset_dt();
  if (update->whichflag == 1 && update->ntimestep != last_step)
    error->all(FLERR,
               "{}: step {} does not follow step {}, where the oscillation stands; define the fix "
               "where it is to begin",
               name(), update->ntimestep, last_step);
  if (!box->is_as_remembered())
    error->all(FLERR,
               "{}: the box is not the one that the fix has left; define the fix after all other "
               "changes of the box",
               name());
  if (utils::strmatch(update->integrate_style, "^respa"))
    outermost_level = dynamic_cast<Respa *>(update->integrate)->nlevels - 1;
  for (const Fix *fix : modify->get_fix_list()) {
    if (fix == this) break;
    if (fix->rigid_flag)
      error->all(FLERR, "{}: bodies of fix {} must follow the box; define it after this fix",
                 name(), fix->id);
  }
  const double tilt = box->largest_tilt(amplitude);
  if (tilt > 0.5 && last_step == origin && comm->me == 0)
    error->warning(FLERR,
                   "{}: tilts reach {:.3f} of a box length, and boxes are not flipped: right, but "
                   "slow",
                   name(), tilt);
}

void FixGlassDMS::reset_dt()
{
  if (!finished() && update->dt != dt_of_cycles)
    error->all(FLERR,
               "{}: the time step is {} and was {}; it cannot change while the box oscillates",
               name(), update->dt, dt_of_cycles);
}

void FixGlassDMS::setup(int /*vflag*/)
{
  if (finished()) return;
  pressure->addstep(update->ntimestep + every - (update->ntimestep - origin) % every);
}

/* ----------------------------------------------------------------------
   box and positions of this step, before its forces
------------------------------------------------------------------------- */

void FixGlassDMS::initial_integrate(int /*vflag*/)
{
  if (finished()) return;
  if (update->ntimestep != last_step + 1)
    error->all(FLERR, "{}: step {} does not follow step {}; the strain needs every step", name(),
               update->ntimestep, last_step);
  last_step = update->ntimestep;
  in_step = true;
  box->set(strain());
}

void FixGlassDMS::initial_integrate_respa(int vflag, int ilevel, int /*iloop*/)
{
  if (ilevel == outermost_level) initial_integrate(vflag);
}

double FixGlassDMS::strain() const
{
  return amplitude * glass::phasor(last_step - origin, steps_per_cycle).sine;
}

void FixGlassDMS::end_of_step()
{
  if (finished()) return;
  if (!in_step || update->ntimestep != last_step)
    error->all(FLERR, "{}: step {} began without the fix; the strain needs every step", name(),
               update->ntimestep);
  in_step = false;
  if (box->is_flipped())
    error->all(FLERR, "{}: another fix has flipped the box; use its flip no", name());
  box->remember();    // a barostat may have scaled the tilts, too

  const bigint phase = (last_step - origin) % steps_per_cycle;
  if (phase % every == 0) sample(phase);
  if (phase == 0) finish_cycle();
}

void FixGlassDMS::sample(bigint phase)
{
  if (pressure->invoked_vector != update->ntimestep) pressure->compute_vector();
  pressure->addstep(update->ntimestep + every);
  const glass::Phasor angle = glass::phasor(phase, steps_per_cycle);
  sampled_strain = amplitude * angle.sine;
  sampled_stress = -pressure->vector[component];
  sums.add(angle, sampled_stress);
}

void FixGlassDMS::finish_cycle()
{
  stress_of_cycle.push_back(sums.fit());
  sums = glass::OscillationSums();
  average_cycles();
  write_table();
  if (finished()) announce_end();
}

void FixGlassDMS::announce_end()
{
  // A run that ends with this step needs no stop, and run every goes on with its commands.
  has_stopped_run = update->ntimestep < update->laststep;
  if (has_stopped_run) timer->force_timeout();
  if (comm->me == 0)
    utils::logmesg(lmp,
                   "{}: {} cycles are done{}: G' {:.6g} +- {:.2g}, G'' {:.6g} +- {:.2g}, delta "
                   "{:.6g} +- {:.2g}\n",
                   name(), cycles, has_stopped_run ? ", the run ends" : "", mean.mean.storage,
                   mean.storage_error, mean.mean.loss, mean.loss_error, mean.mean.delta,
                   mean.delta_error);
}

void FixGlassDMS::post_run()
{
  // Later runs are not ended: whoever measures at several frequencies goes on with the next.
  if (has_stopped_run) timer->reset_timeout();
  has_stopped_run = false;
}
