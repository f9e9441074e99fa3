// Part of lammps-glass, GPL-2.0.

#include "compute_glass_viscosity.h"

#include "box_geometry.h"
#include "compute_glass_inm.h"

#include "observable/viscosity.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "fix.h"
#include "force.h"
#include "group.h"
#include "memory.h"
#include "modify.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

using namespace LAMMPS_NS;

namespace {

enum Element { LOCALIZED, DELOCALIZED, STABLE, ALL, FRICTION, OMEGA_MIN, LEFT_OUT, VECTOR_SIZE };

}    // namespace

ComputeGlassViscosity::ComputeGlassViscosity(LAMMPS *lmp, int narg, char **arg) :
    Compute(lmp, narg, arg), source(lmp, name(), INMReference::first_argument(lmp, narg, arg))
{
  parse(narg, arg);

  scalar_flag = vector_flag = 1;
  extscalar = extvector = 0;
  size_vector = VECTOR_SIZE;
  memory->create(vector, size_vector, "glass/viscosity:vector");
}

ComputeGlassViscosity::~ComputeGlassViscosity()
{
  memory->destroy(vector);
}

std::string ComputeGlassViscosity::name() const
{
  return std::string("Compute ") + style + " (ID " + id + ")";
}

/* ---------------------------------------------------------------------- */

void ComputeGlassViscosity::parse(int narg, char **arg)
{
  const std::map<std::string, std::optional<ValueSource> *> keywords = {
      {"friction", &friction}, {"diffusion", &diffusion}, {"temp", &temperature},
      {"mass", &mass},         {"wmin", &omega_min},      {"sound", &modulus}};
  for (int iarg = 4; iarg < narg; iarg += 2) {
    const auto keyword = keywords.find(arg[iarg]);
    if (keyword == keywords.end())
      error->all(FLERR, "Unknown compute glass/viscosity keyword: {}", arg[iarg]);
    if (iarg + 1 >= narg)
      utils::missing_cmd_args(FLERR, "compute glass/viscosity " + keyword->first, error);
    std::optional<ValueSource> &value = *keyword->second;
    value.emplace(lmp, name(), keyword->first, arg[iarg + 1]);
    if (value->is_number()) positive(*value, false);
  }

  if (friction && diffusion)
    error->all(FLERR, "{} takes either friction or diffusion, not both", name());
  if (!friction && !diffusion)
    error->all(FLERR,
               "{} needs the friction rate: give friction (e.g. from a fix glass/memory) or "
               "diffusion",
               name());
  if (omega_min && modulus) error->all(FLERR, "{} takes either wmin or sound, not both", name());
  if (!omega_min && !modulus)
    error->all(FLERR,
               "{} needs the lowest frequency of modes that count: give wmin or, for that of the "
               "longest sound wave, sound with the bulk modulus",
               name());
  if (friction && (temperature || mass))
    error->all(FLERR, "{}: {} belongs to diffusion, friction needs none", name(),
               temperature ? "temp" : "mass");
}

/* ---------------------------------------------------------------------- */

void ComputeGlassViscosity::init()
{
  check_modes(source.find());
  for (const std::optional<ValueSource> *value :
       {&friction, &diffusion, &temperature, &mass, &omega_min, &modulus})
    if (*value) (*value)->check();
  if (diffusion && !temperature) find_thermostats();    // their targets are set later
  if (modulus && !fully_periodic())
    error->all(FLERR,
               "{}: sound needs a box that is periodic in all directions, which bounds the waves; "
               "use wmin",
               name());
}

void ComputeGlassViscosity::check_modes(const ComputeGlassINM &inm) const
{
  if (inm.igroup != igroup)
    error->all(FLERR, "{}: its group is {} and that of compute {} is {}; use the same", name(),
               group->names[igroup], source.id(), group->names[inm.igroup]);
  if (inm.participation_threshold() == 0.0)
    error->all(FLERR, "{}: compute {} does not split the unstable modes; give it keyword pc",
               name(), source.id());
  // Unstable modes below a window, or beyond the lowest ones, would be missing, and nobody would
  // know.
  if (!inm.has_unstable_modes())
    error->all(
        FLERR,
        "{}: compute {} finds a part of the modes, which may not hold all unstable ones; use "
        "modes all or unstable there, or a larger number in its solver partial",
        name(), source.id());
}

/* ---------------------------------------------------------------------- */

double ComputeGlassViscosity::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  evaluate();
  scalar = vector[LOCALIZED];
  return scalar;
}

void ComputeGlassViscosity::compute_vector()
{
  invoked_vector = update->ntimestep;
  evaluate();
}

void ComputeGlassViscosity::evaluate()
{
  ComputeGlassINM &inm = source.find_initialized();
  if (group->count(igroup) == 0)    // a dynamic group may run empty
    error->all(FLERR, "{}: group {} has no atoms", name(), group->names[igroup]);
  log_once();
  const double gamma = friction_rate();
  const double lowest = lowest_frequency();
  inm.compute_modes();
  check_modes(inm);    // it may have been defined anew since init()

  const bool whole_spectrum = inm.has_all_modes();
  if (comm->me == 0) {
    const glass::ViscositySums sums =
        glass::viscosity_sums(inm.normal_modes(), inm.participation_threshold(), lowest);
    const double factor = gamma * force->nktv2p / glass::box_volume(*domain);
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    vector[LOCALIZED] = factor * sums.localized;
    vector[DELOCALIZED] = factor * sums.delocalized;
    vector[STABLE] = whole_spectrum ? factor * sums.stable : unknown;
    vector[ALL] = whole_spectrum ? factor * sums.all : unknown;
    vector[FRICTION] = gamma;
    vector[OMEGA_MIN] = lowest;
    vector[LEFT_OUT] = static_cast<double>(sums.n_left_out);
  }
  MPI_Bcast(vector, VECTOR_SIZE, MPI_DOUBLE, 0, world);
}

/* ----------------------------------------------------------------------
   what gamma and omega_min are made of
------------------------------------------------------------------------- */

double ComputeGlassViscosity::positive(ValueSource &source, bool zero_allowed) const
{
  const double value = source.value();
  if (!(value > 0.0 || (zero_allowed && value == 0.0)))
    error->all(FLERR, "{}: this must be {} 0{}", source.name(), zero_allowed ? ">=" : ">",
               source.is_number() ? ""
                                  : fmt::format(" and is {} at step {}", value, update->ntimestep));
  return value;
}

/// gamma in 1/time; 0 if what it is to come from is 0, as fixes are that have no data yet.
double ComputeGlassViscosity::friction_rate()
{
  if (friction) return positive(*friction, true);
  const double d = positive(*diffusion, true);
  const double t = temperature ? positive(*temperature, false) : target_temperature();
  const double m = mass ? positive(*mass, false) : mean_mass();
  if (d == 0.0) return 0.0;
  return glass::einstein_friction(force->boltz * t / force->mvv2e, m, d);
}

double ComputeGlassViscosity::lowest_frequency()
{
  if (omega_min) return positive(*omega_min, false);
  const double b = positive(*modulus, false) / (force->nktv2p * force->mvv2e);
  const double density = group->mass(0) / glass::box_volume(*domain);    // of all atoms, as B is
  return glass::longest_wave(b, density, glass::box_volume(*domain), domain->dimension);
}

/// Of the fixes that hold a temperature; they must agree.
double ComputeGlassViscosity::target_temperature() const
{
  const std::vector<Thermostat> thermostats = find_thermostats();
  const Thermostat &first = thermostats.front();
  for (const Thermostat &other : thermostats)
    if (std::abs(*other.target - *first.target) > 1.0e-10 * *first.target)
      error->all(FLERR,
                 "{}: fixes {} and {} hold different temperatures, {} and {}; give the one of the "
                 "group by temp",
                 name(), first.fix->id, other.fix->id, *first.target, *other.target);
  if (!(*first.target > 0.0))
    error->all(FLERR, "{}: the temperature that fix {} holds is {}; give another by temp", name(),
               first.fix->id, *first.target);
  return *first.target;
}

std::vector<ComputeGlassViscosity::Thermostat> ComputeGlassViscosity::find_thermostats() const
{
  std::vector<Thermostat> thermostats;
  for (Fix *fix : modify->get_fix_list()) {
    // Those without thermostat answer, too, with something that was never set.
    if (fix->rigid_flag && !utils::strmatch(fix->style, "nvt|npt")) continue;
    int dimension = -1;
    const auto *target = static_cast<const double *>(fix->extract("t_target", dimension));
    if (target && dimension == 0) thermostats.push_back({fix, target});
  }
  if (thermostats.empty())
    error->all(FLERR,
               "{}: diffusion needs the temperature, and there is no thermostat to take it from; "
               "give it by temp",
               name());
  return thermostats;
}

/// By number.
double ComputeGlassViscosity::mean_mass() const
{
  return group->mass(igroup) / static_cast<double>(group->count(igroup));
}

bool ComputeGlassViscosity::fully_periodic() const
{
  return domain->xperiodic && domain->yperiodic && (domain->dimension == 2 || domain->zperiodic);
}

/* ----------------------------------------------------------------------
   choices that were made for the user
------------------------------------------------------------------------- */

void ComputeGlassViscosity::log_once()
{
  if (!verbose) return;
  verbose = false;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double largest[2] = {-infinity, -infinity};    // of the masses and of their negatives
  for (int i = 0; i < atom->nlocal; ++i) {
    if (!(atom->mask[i] & groupbit)) continue;
    const double m = atom->rmass ? atom->rmass[i] : atom->mass[atom->type[i]];
    largest[0] = std::max(largest[0], m);
    largest[1] = std::max(largest[1], -m);
  }
  MPI_Allreduce(MPI_IN_PLACE, largest, 2, MPI_DOUBLE, MPI_MAX, world);
  if (diffusion && !mass && largest[0] != -largest[1])
    log(fmt::format("masses in group {} differ: k_B T/(m D) takes their mean by number, m = "
                    "{:.8g}; keyword mass sets another",
                    group->names[igroup], mean_mass()));
  if (group->count(igroup) != atom->natoms)
    log(fmt::format("group {} is not all atoms: the viscosity is what its modes add in the volume "
                    "of the whole box, the other atoms held fixed",
                    group->names[igroup]));
  if (!fully_periodic())
    log("the box is not periodic in all directions: its volume is taken as it is, empty space "
        "included");
}

void ComputeGlassViscosity::log(const std::string &line) const
{
  if (comm->me == 0) utils::logmesg(lmp, "{}: {}\n", style, line);
}

double ComputeGlassViscosity::memory_usage()
{
  return VECTOR_SIZE * sizeof(double);
}
