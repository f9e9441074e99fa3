// Part of lammps-glass, GPL-2.0.

#include "fix_glass_memory.h"

#include "available_memory.h"
#include "box_geometry.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "group.h"
#include "update.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <map>

using namespace LAMMPS_NS;
using namespace FixConst;

static constexpr std::size_t NOT_TAGGED = static_cast<std::size_t>(-1);

FixGlassMemory::FixGlassMemory(LAMMPS *lmp, int narg, char **arg) :
    Fix(lmp, narg, arg), communicator(world)
{
  parse(narg, arg);
  dt = update->dt;
  settings.spacing = time_between_lags();
  tag_atoms();
  announce_memory();
  std::vector<int> class_i(tagged.size());
  std::transform(tagged.begin(), tagged.end(), class_i.begin(),
                 [](const Tagged &one) { return one.type - 1; });
  correlator = std::make_unique<glass::MomentumCorrelator>(communicator, class_i, atom->ntypes,
                                                           domain->dimension, lags, fewest_blocks);

  global_freq = 1;
  scalar_flag = vector_flag = array_flag = 1;
  extscalar = extvector = extarray = 0;
  species.resize(atom->ntypes > 1 ? 1 + atom->ntypes : 1);
  shape_output();
  time_depend = 1;
  restart_global = 1;
  check_file();
}

std::string FixGlassMemory::name() const
{
  return std::string("Fix ") + style + " (ID " + id + ")";
}

int FixGlassMemory::setmask()
{
  return END_OF_STEP | POST_RUN;
}

/* ---------------------------------------------------------------------- */

void FixGlassMemory::parse(int narg, char **arg)
{
  if (narg < 6) utils::missing_cmd_args(FLERR, "fix glass/memory", error);
  nevery = utils::inumeric(FLERR, arg[3], false, lmp);
  lags = utils::inumeric(FLERR, arg[4], false, lmp);
  frequency = utils::bnumeric(FLERR, arg[5], false, lmp);
  if (nevery < 1) error->all(FLERR, "Fix glass/memory Nevery must be >= 1, not {}", arg[3]);
  if (lags < 1) error->all(FLERR, "Fix glass/memory Nlags must be >= 1, not {}", arg[4]);
  if (frequency < 1 || frequency % nevery != 0)
    error->all(FLERR, "Fix glass/memory Nfreq must be a multiple of Nevery {}, not {}", nevery,
               arg[5]);

  const std::map<std::string, glass::KernelForm> forms = {
      {"impulse", glass::KernelForm::impulse},
      {"trapezoid", glass::KernelForm::trapezoid},
      {"volterra", glass::KernelForm::volterra}};
  for (int iarg = 6; iarg < narg; iarg += 2) {
    const std::string keyword = arg[iarg];
    if (keyword != "form" && keyword != "tag" && keyword != "blocks" && keyword != "plateau" &&
        keyword != "file")
      error->all(FLERR, "Unknown fix glass/memory keyword: {}", keyword);
    if (iarg + 1 >= narg) utils::missing_cmd_args(FLERR, "fix glass/memory " + keyword, error);
    const std::string value = arg[iarg + 1];
    const auto at_least = [&](int least) {
      const int number = utils::inumeric(FLERR, value, false, lmp);
      if (number < least)
        error->all(FLERR, "Fix glass/memory {} must be >= {}, not {}", keyword, least, value);
      return number;
    };
    if (keyword == "form") {
      const auto found = forms.find(value);
      if (found == forms.end())
        error->all(FLERR, "Fix glass/memory form must be impulse, trapezoid or volterra, not {}",
                   value);
      settings.form = found->second;
      form_name = value;
    } else if (keyword == "tag")
      every_tagged = at_least(1);
    else if (keyword == "blocks")
      fewest_blocks = at_least(2);
    else if (keyword == "plateau") {
      settings.plateau = utils::numeric(FLERR, value, false, lmp);
      if (!(settings.plateau > 0.0 && settings.plateau <= 1.0))
        error->all(FLERR, "Fix glass/memory plateau must be > 0 and <= 1, not {}", value);
    } else
      file = value;
  }
}

double FixGlassMemory::time_between_lags() const
{
  return nevery * dt;
}

/* ----------------------------------------------------------------------
   every k-th atom of the group by ID, the same list on every rank
------------------------------------------------------------------------- */

void FixGlassMemory::tag_atoms()
{
  if (!atom->tag_enable)
    error->all(FLERR, "{}: atoms need IDs to be followed; use atom_modify id yes", name());
  if (group->dynamic[igroup])
    error->all(FLERR, "{}: group {} is dynamic; followed atoms must stay the same", name(),
               group->names[igroup]);

  std::vector<Tagged> own;
  for (int i = 0; i < atom->nlocal; ++i)
    if (atom->mask[i] & groupbit) own.push_back({atom->tag[i], atom->type[i], 0.0});
  std::vector<Tagged> all = communicator.gather_on_all(own);
  std::sort(all.begin(), all.end(), [](const Tagged &a, const Tagged &b) { return a.id < b.id; });
  for (std::size_t i = 0; i < all.size(); i += every_tagged)
    tagged.push_back(all[i]);
  if (tagged.empty())
    error->all(FLERR, "{}: there are no atoms in group {}", name(), group->names[igroup]);
  if (tagged.size() > INT_MAX)
    error->all(FLERR, "{}: {} atoms are too many; use tag k for every k-th", name(), tagged.size());
}

/* ----------------------------------------------------------------------
   masses may be set after the fix, but not once samples have been taken
------------------------------------------------------------------------- */

void FixGlassMemory::set_masses()
{
  const std::vector<double> mass_i = masses();
  for (std::size_t i = 0; i < tagged.size(); ++i) {
    if (correlator->n_samples() > 0 && mass_i[i] != tagged[i].mass)
      error->all(FLERR,
                 "{}: the mass of atom {} is {} and was {}; masses of followed atoms must not "
                 "change",
                 name(), tagged[i].id, mass_i[i], tagged[i].mass);
    tagged[i].mass = mass_i[i];
  }
}

std::vector<double> FixGlassMemory::masses() const
{
  std::vector<double> mass_i(tagged.size());
  if (!atom->rmass) {
    std::transform(tagged.begin(), tagged.end(), mass_i.begin(),
                   [this](const Tagged &one) { return atom->mass[one.type]; });
    return mass_i;
  }
  struct Mass {
    tagint id;
    double mass;
  };
  std::vector<Mass> own;
  for (int i = 0; i < atom->nlocal; ++i)
    if (atom->mask[i] & groupbit) own.push_back({atom->tag[i], atom->rmass[i]});
  for (const Mass &one : communicator.gather_on_all(own)) {
    const std::size_t i = find_tagged(one.id);
    if (i != NOT_TAGGED) mass_i[i] = one.mass;
  }
  return mass_i;
}

/* ----------------------------------------------------------------------
   the group, then each atom type if there are several
------------------------------------------------------------------------- */

void FixGlassMemory::define_species()
{
  for (std::size_t s = 0; s < species.size(); ++s) {
    const int first_type = s == 0 ? 1 : static_cast<int>(s);
    const int last_type = s == 0 ? atom->ntypes : first_type;
    double lightest = HUGE_VAL, heaviest = 0.0, sum = 0.0;
    int n = 0;
    for (const Tagged &atom_i : tagged) {
      if (atom_i.type < first_type || atom_i.type > last_type) continue;
      ++n;
      sum += atom_i.mass;
      lightest = std::min(lightest, atom_i.mass);
      heaviest = std::max(heaviest, atom_i.mass);
    }
    species[s].first = first_type - 1;
    species[s].last = last_type;
    species[s].n_degrees = static_cast<double>(n) * domain->dimension;
    if (n > 0) species[s].inertia = sum / n / force->ftm2v;
    if (lightest < heaviest && comm->me == 0 && !told_of_masses)
      utils::logmesg(lmp,
                     "{}: masses of {} are from {:.6g} to {:.6g}; its friction rate is the "
                     "integral of its kernel over the mean mass by number, {:.6g}\n",
                     name(),
                     s == 0 ? fmt::format("group {}", group->names[igroup])
                            : fmt::format("type {}", first_type),
                     lightest, heaviest, sum / n);
  }
  told_of_masses = true;
}

void FixGlassMemory::announce_memory()
{
  // Atoms may gather: the rank that needs most stands for all.
  const double needed = communicator.maximum(bytes_needed());
  const double on_machine = needed * communicator.ranks_on_machine();
  const auto available = static_cast<double>(glass::available_memory());
  const double excess = communicator.maximum(on_machine - available);
  if (comm->me == 0)
    utils::logmesg(lmp,
                   "{}: {} atoms and {} lags take up to {:.3g} GiB on each of {} ranks; {:.3g} GiB "
                   "are available\n",
                   name(), tagged.size(), lags, needed / glass::GIB, communicator.size(),
                   available / glass::GIB);
  if (excess > 0.0)
    error->all(FLERR,
               "{}: {} atoms and {} lags need {:.3g} GiB on a machine that has {:.3g} GiB "
               "available; use fewer lags, farther apart (Nevery), or tag k for every k-th atom",
               name(), tagged.size(), lags, on_machine / glass::GIB,
               (on_machine - excess) / glass::GIB);
}

double FixGlassMemory::memory_usage()
{
  return bytes_needed();
}

double FixGlassMemory::bytes_needed() const
{
  std::size_t own = 0;
  for (int i = 0; i < atom->nlocal; ++i)
    if (find_tagged(atom->tag[i]) != NOT_TAGGED) ++own;
  return glass::MomentumCorrelator::bytes(communicator, tagged.size(), own, atom->ntypes, lags,
                                          fewest_blocks) +
         static_cast<double>(tagged.size() * sizeof(Tagged) +
                             atom->nlocal * (sizeof(tagint) + sizeof(std::size_t)));
}

/* ---------------------------------------------------------------------- */

void FixGlassMemory::init()
{
  reset_dt();
  set_masses();
  define_species();
}

void FixGlassMemory::reset_dt()
{
  if (!(update->dt > 0.0))
    error->all(FLERR, "{}: the time step must be > 0, not {}", name(), update->dt);
  if (correlator->n_samples() > 0 && update->dt != dt)
    error->all(FLERR,
               "{}: the time step is {} and was {}; lags must stay the same: unfix it and define "
               "it anew",
               name(), update->dt, dt);
  dt = update->dt;
  settings.spacing = time_between_lags();
}

/* ----------------------------------------------------------------------
   Atoms may have been moved, stopped or heated between two runs; then the
   series that was sampled ends, and another begins.
   No sample is taken here: fixes that come later have not yet added their
   forces.
------------------------------------------------------------------------- */

void FixGlassMemory::setup(int /*vflag*/)
{
  if (end_of_run.step < 0) return;
  if (!end_of_run.is_continued_by(moment(), glass::longest_edge(*domain))) {
    follow([this] { correlator->break_series(); });
    last_sample = -1;
    if (comm->me == 0)
      utils::logmesg(
          lmp, "{}: atoms have been changed since the last step; lags will not reach across\n",
          name());
  }
  end_of_run.step = -1;
}

void FixGlassMemory::post_run()
{
  if (update->whichflag == 1 && last_sample >= 0)    // 2: a minimization
    end_of_run = moment();
}

glass::TrajectoryMoment FixGlassMemory::moment()
{
  std::vector<int> followed;
  for (int i = 0; i < atom->nlocal; ++i)
    if (tagged_index(i) != NOT_TAGGED) followed.push_back(i);
  return glass::trajectory_moment(lmp, followed, communicator);
}

/* ----------------------------------------------------------------------
   place of own atom i among the tagged ones
------------------------------------------------------------------------- */

std::size_t FixGlassMemory::tagged_index(int i)
{
  if (static_cast<std::size_t>(i) >= known_id.size()) {
    known_id.resize(atom->nlocal, 0);    // no atom has this ID
    known_index.resize(atom->nlocal, NOT_TAGGED);
  }
  const tagint id_i = atom->tag[i];
  if (known_id[i] != id_i) {
    known_id[i] = id_i;
    known_index[i] = find_tagged(id_i);
  }
  return known_index[i];
}

std::size_t FixGlassMemory::find_tagged(tagint id_wanted) const
{
  const auto found =
      std::lower_bound(tagged.begin(), tagged.end(), id_wanted,
                       [](const Tagged &one, tagint wanted) { return one.id < wanted; });
  const bool is_there = found != tagged.end() && found->id == id_wanted;
  return is_there ? static_cast<std::size_t>(found - tagged.begin()) : NOT_TAGGED;
}

void FixGlassMemory::end_of_step()
{
  sample();
  if (update->ntimestep % frequency == 0) evaluate();
}

void FixGlassMemory::sample()
{
  const bigint step = update->ntimestep;
  if (last_sample >= 0 && step != last_sample + nevery)
    follow([this] { correlator->break_series(); });
  last_sample = step;
  for (int i = 0; i < atom->nlocal; ++i) {
    const std::size_t index = tagged_index(i);
    if (index == NOT_TAGGED) continue;
    if (atom->type[i] != tagged[index].type)
      error->one(FLERR, "{}: atom {} has changed its type; types of followed atoms must not",
                 name(), atom->tag[i]);
    const double inertia = glass::mass_of(lmp, i) / force->ftm2v;
    const double momentum[3] = {inertia * atom->v[i][0], inertia * atom->v[i][1],
                                inertia * atom->v[i][2]};
    correlator->record(index, momentum, atom->f[i]);
  }
  follow([this] { correlator->finish_sample(); });
}

void FixGlassMemory::report_loss(const std::string &what) const
{
  error->all(FLERR, "{}: {}; followed atoms must not be lost or deleted", name(), what);
}
