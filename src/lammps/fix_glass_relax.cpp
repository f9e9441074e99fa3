// Part of lammps-glass, GPL-2.0.

#include "fix_glass_relax.h"

#include "available_memory.h"
#include "box_geometry.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "group.h"
#include "memory.h"
#include "modify.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace LAMMPS_NS;
using namespace FixConst;

static constexpr int FEWEST_BLOCKS = 10;

// Closer than the first minimum of g(r) there are 12 to 14 others in a dense liquid.
static constexpr std::size_t PAIRS_PER_ATOM = 7;

static constexpr double SAME_MASS = 1.0e-12;

FixGlassRelax::FixGlassRelax(LAMMPS *lmp, int narg, char **arg) :
    Fix(lmp, narg, arg), threshold(std::exp(-1.0)), communicator(world)
{
  parse(narg, arg);
  times = glass::logarithmic_times(n_times, segment / step_unit);
  settings.dimension = domain->dimension;
  settings.threshold = threshold;
  FixGlassRelax::reset_dt();
  define_window();

  nevery = 1;    // times are not multiples of anything
  global_freq = 1;
  scalar_flag = vector_flag = array_flag = 1;
  extscalar = extvector = extarray = 0;
  comm_forward = 1;
  time_depend = 1;
  restart_global = 1;
  create_attribute = 1;
  maxexchange = 1 + n_origins;
  check_memory();
  origins.resize(n_origins);
  FixGlassRelax::grow_arrays(atom->nmax);
  atom->add_callback(Atom::GROW);
  for (int i = 0; i < atom->nlocal; ++i)
    FixGlassRelax::set_arrays(i);
  count_atoms();
  const std::size_t n_species = atoms_s.size();
  blocks = glass::RelaxationBlocks(glass::RelaxationBlock(times.size(), n_species), FEWEST_BLOCKS,
                                   n_origins);
  shape_output();
  check_file();
}

FixGlassRelax::~FixGlassRelax()
{
  atom->delete_callback(id, Atom::GROW);
  memory->destroy(row_of_atom);
}

std::string FixGlassRelax::name() const
{
  return std::string("Fix ") + style + " (ID " + id + ")";
}

void FixGlassRelax::log(const std::string &text) const
{
  if (comm->me == 0) utils::logmesg(lmp, "{}: {}\n", name(), text);
}

int FixGlassRelax::setmask()
{
  return END_OF_STEP | POST_RUN;
}

/* ----------------------------------------------------------------------
   of all origins that will be under way
------------------------------------------------------------------------- */

void FixGlassRelax::check_memory() const
{
  const auto own = static_cast<std::size_t>(atom->nlocal);
  const double needed = n_origins * (static_cast<double>(atom->nmax) * sizeof(double) +
                                     glass::TimeOrigin::bytes(own, PAIRS_PER_ATOM * own));
  const double on_machine = communicator.maximum(needed) * communicator.ranks_on_machine();
  const auto available = static_cast<double>(glass::available_memory());
  if (communicator.maximum(on_machine - available) > 0.0)
    error->all(FLERR,
               "{}: {} origins at a time need {:.3g} GiB on a machine that has {:.3g} GiB "
               "available; use fewer origins, or a smaller group",
               name(), n_origins, on_machine / glass::GIB, available / glass::GIB);
}

/* ----------------------------------------------------------------------
   numbers of atoms of the species; each atom remembers its type
------------------------------------------------------------------------- */

void FixGlassRelax::count_atoms()
{
  if (!atom->tag_enable)
    error->all(FLERR, "{}: atoms need IDs to be followed; use atom_modify id yes", name());
  if (group->dynamic[igroup])
    error->all(FLERR, "{}: group {} is dynamic; followed atoms must stay the same", name(),
               group->names[igroup]);
  atoms_s.assign(glass::TimeOrigin::number_of_species(atom->ntypes), 0.0);
  for (const int i : followed_atoms()) {
    row_of_atom[i][0] = atom->type[i];
    atoms_s[0] += 1.0;
    if (atoms_s.size() > 1) atoms_s[atom->type[i]] += 1.0;
  }
  communicator.sum_in_place(atoms_s.data(), static_cast<int>(atoms_s.size()));
  if (atoms_s[0] == 0.0)
    error->all(FLERR, "{}: there are no atoms in group {}", name(), group->names[igroup]);
}

std::vector<int> FixGlassRelax::followed_atoms() const
{
  std::vector<int> followed;
  for (int i = 0; i < atom->nlocal; ++i)
    if (atom->mask[i] & groupbit) followed.push_back(i);
  return followed;
}

/* ---------------------------------------------------------------------- */

void FixGlassRelax::init()
{
  reset_dt();
  request_neighbours();
  warn_of_box();
  warn_of_missing_pairs();
}

void FixGlassRelax::warn_of_box()
{
  for (const Fix *fix : modify->get_fix_list()) {
    if (warned_of_box || !(fix->box_change & (BOX_CHANGE_SIZE | BOX_CHANGE_SHAPE))) continue;
    warned_of_box = true;
    if (comm->me == 0)
      error->warning(FLERR, "{}: the box changes during the run; displacements include its change",
                     name());
  }
}

void FixGlassRelax::reset_dt()
{
  if (!(update->dt > 0.0))
    error->all(FLERR, "{}: the time step must be > 0, not {}", name(), update->dt);
  const bool has_begun = first_step >= 0 || !blocks.blocks().empty();
  if (has_begun && update->dt != dt)
    error->all(FLERR,
               "{}: the time step is {} and was {}; sampled times must stay the same: unfix it and "
               "define it anew",
               name(), update->dt, dt);
  dt = update->dt;
  settings.t_k.clear();
  for (const std::int64_t time : times)
    settings.t_k.push_back(static_cast<double>(time * step_unit) * dt);
}

/* ----------------------------------------------------------------------
   rerun sets up before every snapshot: then the segment just goes on.
   Between two runs atoms may have been moved, stopped or heated.
------------------------------------------------------------------------- */

void FixGlassRelax::setup(int /*vflag*/)
{
  if (first_step < 0) {
    start_anew();
  } else if (end_of_run.step >= 0) {
    if (!end_of_run.is_continued_by(moment(), glass::longest_edge(*domain))) {
      log("atoms have been changed since the last step; a new segment begins");
      start_anew();
    }
  }
  end_of_run.step = -1;
}

void FixGlassRelax::post_run()
{
  if (update->whichflag == 1 && first_step >= 0)    // 2: a minimization
    end_of_run = moment();
}

/// Of all atoms that displacements depend on.
glass::TrajectoryMoment FixGlassRelax::moment() const
{
  std::vector<int> atoms = followed_atoms();
  if (drift) {
    atoms.resize(atom->nlocal);
    std::iota(atoms.begin(), atoms.end(), 0);
  }
  return glass::trajectory_moment(lmp, atoms, communicator);
}

void FixGlassRelax::start_anew()
{
  for (Origin &origin : origins)
    origin.atoms.reset();
  first_step = update->ntimestep;
  const System now = system();
  check_number(now);
  begin(0, now);
  plan_next_step();
}

void FixGlassRelax::end_of_step()
{
  const bigint step = update->ntimestep;
  if (step < next_step) return;
  if (step > next_step)
    error->all(FLERR,
               "{}: step {} was passed without a sample; with rerun, Nevery must be a multiple of "
               "the steps between snapshots",
               name(), next_step);
  const System now = system();
  check_number(now);
  for (std::size_t slot = 0; slot < origins.size(); ++slot)
    if (origins[slot].atoms && time_of_next_sample(origins[slot]) == step) sample(slot, now);
  const bigint spacing = segment / n_origins;
  if ((step - first_step) % spacing == 0) begin((step - first_step) / spacing % n_origins, now);
  plan_next_step();
}

bigint FixGlassRelax::time_of_next_sample(const Origin &origin) const
{
  return origin.step + step_unit * times[origin.next_time];
}

void FixGlassRelax::plan_next_step()
{
  const bigint spacing = segment / n_origins;
  next_step = update->ntimestep + spacing - (update->ntimestep - first_step) % spacing;
  for (const Origin &origin : origins)
    if (origin.atoms) next_step = std::min(next_step, time_of_next_sample(origin));
}

/* ----------------------------------------------------------------------
   of all atoms, since their center of mass moves only if it is pushed
------------------------------------------------------------------------- */

FixGlassRelax::System FixGlassRelax::system() const
{
  double sums[6] = {};
  for (int i = 0; i < atom->nlocal; ++i) {
    const double mass = glass::mass_of(lmp, i);
    const Eigen::Vector3d x = unwrapped(i);
    for (int alpha = 0; alpha < 3; ++alpha)
      sums[alpha] += mass * x[alpha];
    sums[3] += mass;
    sums[4] += 1.0;
    if (atom->mask[i] & groupbit) sums[5] += 1.0;
  }
  communicator.sum_in_place(sums, 6);
  System all;
  for (int alpha = 0; alpha < 3; ++alpha)
    all.center[alpha] = sums[alpha] / sums[3];
  all.mass = sums[3];
  all.atoms = sums[4];
  all.followed = sums[5];
  return all;
}

Eigen::Vector3d FixGlassRelax::unwrapped(int i) const
{
  Eigen::Vector3d x;
  domain->unmap(atom->x[i], atom->image[i], x.data());
  return x;
}

void FixGlassRelax::check_number(const System &now) const
{
  if (now.followed != atoms_s[0])
    error->all(FLERR,
               "{}: {:.0f} of {:.0f} followed atoms are there at step {}; they must not be lost, "
               "deleted or added to",
               name(), now.followed, atoms_s[0], update->ntimestep);
}

void FixGlassRelax::sample(std::size_t slot, const System &now)
{
  Origin &origin = origins[slot];
  // Sums of masses differ in their order.
  const bool is_same = now.atoms == origin.system.atoms &&
                       std::abs(now.mass - origin.system.mass) < SAME_MASS * now.mass;
  if (drift && !is_same)
    error->all(FLERR,
               "{}: the system has {:.0f} atoms of mass {:.6g} at step {} and had {:.0f} of mass "
               "{:.6g} at step {}, so that its center of mass tells no drift; use drift no",
               name(), now.atoms, now.mass, update->ntimestep, origin.system.atoms,
               origin.system.mass, origin.step);
  std::vector<glass::TimeOrigin::Position> held;
  for (const int i : followed_atoms()) {
    if (row_of_atom[i][0] == 0.0)
      error->one(FLERR, "{}: atom {} has come to group {}; followed atoms must stay the same",
                 name(), atom->tag[i], group->names[igroup]);
    if (atom->type[i] != static_cast<int>(row_of_atom[i][0]))
      error->one(FLERR, "{}: atom {} has changed its type; types of followed atoms must not",
                 name(), atom->tag[i]);
    const Eigen::Vector3d x = unwrapped(i);
    held.push_back({static_cast<glass::Row>(row_of_atom[i][1 + slot]), {x[0], x[1], x[2]}});
  }
  Eigen::Vector3d moved = Eigen::Vector3d::Zero();
  for (int alpha = 0; alpha < 3 && drift; ++alpha)
    moved[alpha] = now.center[alpha] - origin.system.center[alpha];
  origin.sums.set(origin.next_time, origin.atoms->sums(held, moved, *average), atoms_s);
  if (++origin.next_time < times.size()) return;
  blocks.add(origin.sums);
  origin.atoms.reset();
  evaluate();
}

/* ----------------------------------------------------------------------
   per atom: type when first followed (0: not followed), then its row at the
   origin of each slot
------------------------------------------------------------------------- */

void FixGlassRelax::grow_arrays(int nmax)
{
  memory->grow(row_of_atom, nmax, 1 + n_origins, "glass/relax:row_of_atom");
}

void FixGlassRelax::copy_arrays(int i, int j, int /*delflag*/)
{
  std::copy_n(row_of_atom[i], 1 + n_origins, row_of_atom[j]);
}

void FixGlassRelax::set_arrays(int i)
{
  std::fill_n(row_of_atom[i], 1 + n_origins, 0.0);
}

int FixGlassRelax::pack_exchange(int i, double *buffer)
{
  std::copy_n(row_of_atom[i], 1 + n_origins, buffer);
  return 1 + n_origins;
}

int FixGlassRelax::unpack_exchange(int i, double *buffer)
{
  std::copy_n(buffer, 1 + n_origins, row_of_atom[i]);
  return 1 + n_origins;
}
