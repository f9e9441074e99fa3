// Part of lammps-glass, GPL-2.0.

#include "trajectory_state.h"

#include "interactions.h"
#include "step_results.h"

#include "atom.h"
#include "atom_vec.h"
#include "comm.h"
#include "compute.h"
#include "domain.h"
#include "fix.h"
#include "force.h"
#include "kspace.h"
#include "lammps.h"
#include "modify.h"
#include "neighbor.h"
#include "update.h"

#include <algorithm>

using namespace LAMMPS_NS;

namespace glass {

namespace {

// Room for one packed atom beyond what the atom style and the fixes announce, as in LAMMPS's Comm.
constexpr int spare_room = 1024;

int largest_packed_atom(LAMMPS *lmp)
{
  int size = lmp->atom->avec->maxexchange + spare_room;
  for (Fix *fix : lmp->modify->get_fix_list())
    size += fix->maxexchange;
  return size;
}

std::vector<double> three_each(double *const *value, int n)
{
  return value && n > 0 ? std::vector<double>(value[0], value[0] + 3 * n) : std::vector<double>();
}

// No kind of result, so that a compute with this flag is invoked again when it is asked for; but a
// run every sees that it was invoked, and will want it after the next piece, too.
constexpr int invoked_before = 1 << 30;

}    // namespace

TrajectoryState::TrajectoryState(LAMMPS *lmp) : lmp(lmp)
{
  const Domain *domain = lmp->domain;
  std::copy_n(domain->boxlo, 3, box.lo.begin());
  std::copy_n(domain->boxhi, 3, box.hi.begin());
  box.tilt = {domain->xy, domain->xz, domain->yz};

  const Update *update = lmp->update;
  time = {update->dt,           update->atime,      update->etol,           update->ftol,
          update->ntimestep,    update->atimestep,  update->firststep,      update->laststep,
          update->beginstep,    update->endstep,    update->eflag_global,   update->eflag_atom,
          update->vflag_global, update->vflag_atom, update->nsteps,         update->whichflag,
          update->first_update, update->max_eval,   update->restrict_output};

  for (const Compute *compute : lmp->modify->get_compute_list())
    invocation_c.push_back({std::vector<bigint>(compute->tlist, compute->tlist + compute->ntime),
                            compute->invoked_flag != 0});
  save_atoms();
}

void TrajectoryState::save_atoms()
{
  Atom *atom = lmp->atom;
  n_atoms = atom->nlocal;
  std::vector<double> buffer(largest_packed_atom(lmp));
  for (int i = 0; i < n_atoms; ++i) {
    const int n = atom->avec->pack_exchange(i, buffer.data());
    if (i == 0) packed.reserve(static_cast<std::size_t>(n) * n_atoms);
    packed.insert(packed.end(), buffer.begin(), buffer.begin() + n);
  }
  storing_fixes.assign(atom->extra_grow, atom->extra_grow + atom->nextra_grow);
  position = three_each(atom->x, n_atoms);
  force = three_each(atom->f, n_atoms);
  if (atom->torque_flag) torque = three_each(atom->torque, n_atoms);
}

bool TrajectoryState::restore()
{
  const Atom *atom = lmp->atom;
  if (!std::equal(storing_fixes.begin(), storing_fixes.end(), atom->extra_grow,
                  atom->extra_grow + atom->nextra_grow))
    return false;
  restore_box();
  restore_atoms();
  restore_time();
  initialise_run();
  if (time.first_update) {
    find_ghosts();
    find_forces();
  }
  restore_invocations();
  return true;
}

void TrajectoryState::keep_atoms()
{
  restore_time();
  initialise_run();
  restore_invocations();
}

/// Styles have seen the steps of a minimisation in init(); within a run they must see those of the
/// run again, from which some find how far their ramps are. The piece of the run that is over began
/// earlier, but what they keep from now on is of the next one.
void TrajectoryState::initialise_run()
{
  if (time.whichflag != 1) return;
  lmp->update->firststep = time.ntimestep;
  lmp->init();
  lmp->update->firststep = time.firststep;
}

void TrajectoryState::restore_box()
{
  Domain *domain = lmp->domain;
  std::copy_n(box.lo.begin(), 3, domain->boxlo);
  std::copy_n(box.hi.begin(), 3, domain->boxhi);
  domain->xy = box.tilt[0];
  domain->xz = box.tilt[1];
  domain->yz = box.tilt[2];
  domain->set_global_box();
  domain->set_local_box();
}

void TrajectoryState::restore_atoms()
{
  Atom *atom = lmp->atom;
  if (atom->map_style != Atom::MAP_NONE) atom->map_clear();
  atom->nghost = 0;
  atom->avec->clear_bonus();
  for (; atom->nlocal > 0; --atom->nlocal)
    if (atom->avec->bonus_flag) atom->avec->copy(atom->nlocal - 1, atom->nlocal - 1, 1);

  double *next = packed.data();
  for (int i = 0; i < n_atoms; ++i)
    next += atom->avec->unpack_exchange(next);
  if (n_atoms > 0) std::copy(force.begin(), force.end(), atom->f[0]);
  if (!torque.empty()) std::copy(torque.begin(), torque.end(), atom->torque[0]);
  if (atom->map_style != Atom::MAP_NONE) {
    atom->map_init();
    atom->map_set();
  }
}

void TrajectoryState::restore_time()
{
  Update *update = lmp->update;
  update->dt = time.dt;
  update->atime = time.atime;
  update->etol = time.etol;
  update->ftol = time.ftol;
  update->ntimestep = time.ntimestep;
  update->atimestep = time.atimestep;
  update->firststep = time.firststep;
  update->laststep = time.laststep;
  update->beginstep = time.beginstep;
  update->endstep = time.endstep;
  update->eflag_global = time.eflag_global;
  update->eflag_atom = time.eflag_atom;
  update->vflag_global = time.vflag_global;
  update->vflag_atom = time.vflag_atom;
  update->nsteps = time.nsteps;
  update->whichflag = time.whichflag;
  update->first_update = time.first_update;
  update->max_eval = time.max_eval;
  update->restrict_output = time.restrict_output;
}

void TrajectoryState::restore_invocations()
{
  forget_all_results(lmp);
  const auto &computes = lmp->modify->get_compute_list();
  for (std::size_t c = 0; c < computes.size() && c < invocation_c.size(); ++c) {
    computes[c]->clearstep();
    for (const bigint step : invocation_c[c].steps)
      computes[c]->addstep(step);
    if (invocation_c[c].invoked) computes[c]->invoked_flag = invoked_before;
  }
}

/* ----------------------------------------------------------------------
   what follows from the positions, without a change of any owned atom: it is neither wrapped nor
   sent to another rank, which the setup of the next run is to do with just these positions
------------------------------------------------------------------------- */

/// Whether ghosts can be found before atoms of this rank are sent elsewhere: they are in its part
/// of the box, or as far from it as they may go between reneighbourings. In lamda if triclinic.
bool TrajectoryState::atoms_at_home() const
{
  const Domain *domain = lmp->domain;
  if (lmp->comm->style != Comm::BRICK) return false;
  const double *const *const x = lmp->atom->x;
  const double *const lo = domain->triclinic ? domain->sublo_lamda : domain->sublo;
  const double *const hi = domain->triclinic ? domain->subhi_lamda : domain->subhi;
  for (int k = 0; k < domain->dimension; ++k) {
    const double slack = lmp->neighbor->skin / (domain->triclinic ? domain->h[k] : 1.0);
    for (int i = 0; i < lmp->atom->nlocal; ++i)
      if (x[i][k] < lo[k] - slack || x[i][k] > hi[k] + slack) return false;
  }
  return true;
}

void TrajectoryState::find_ghosts()
{
  Atom *atom = lmp->atom;
  Domain *domain = lmp->domain;
  atom->setup();
  if (domain->triclinic) domain->x2lamda(atom->nlocal);
  const int here = atoms_at_home();
  int at_home = 0;
  MPI_Allreduce(&here, &at_home, 1, MPI_INT, MPI_MIN, lmp->world);
  if (!at_home) {
    domain->pbc();
    domain->reset_box();
  }
  lmp->comm->setup();
  if (lmp->neighbor->style) lmp->neighbor->setup_bins();
  if (at_home) {
    if (atom->map_style != Atom::MAP_NONE) atom->map_clear();    // as exchange() does
  } else {
    lmp->comm->exchange();
    force.clear();    // they would be of other atoms
    torque.clear();
  }
  lmp->comm->borders();
  if (domain->triclinic) domain->lamda2x(atom->nlocal + atom->nghost);
  // There and back is not the same to the last digit.
  if (at_home && n_atoms > 0) std::copy(position.begin(), position.end(), atom->x[0]);
  lmp->modify->setup_pre_neighbor();
  lmp->neighbor->build(1);
  lmp->modify->setup_post_neighbor();
}

/// Energies and virials of all kinds; the forces are again what they were, with those of fixes.
void TrajectoryState::find_forces()
{
  const Atom *atom = lmp->atom;
  Force *const interactions = lmp->force;
  Update *const update = lmp->update;
  update->setupflag = 1;
  interactions->setup();
  if (interactions->kspace) interactions->kspace->setup();
  compute_interactions(lmp, ENERGY_GLOBAL | ENERGY_ATOM,
                       (interactions->newton_pair ? VIRIAL_FDOTR : VIRIAL_PAIR) | VIRIAL_ATOM);
  update->setupflag = 0;
  std::copy(force.begin(), force.end(), atom->f[0]);
  if (!torque.empty()) std::copy(torque.begin(), torque.end(), atom->torque[0]);

  update->eflag_global = update->eflag_atom = update->ntimestep;
  update->vflag_global = update->vflag_atom = update->ntimestep;
}

}    // namespace glass
