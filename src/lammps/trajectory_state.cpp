// Part of lammps-glass, GPL-2.0.

#include "trajectory_state.h"

#include "step_results.h"

#include "atom.h"
#include "atom_vec.h"
#include "comm.h"
#include "compute.h"
#include "domain.h"
#include "fix.h"
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
                            compute->invoked_flag});
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
  return true;
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

  forget_all_results(lmp);
  const auto &computes = lmp->modify->get_compute_list();
  for (std::size_t c = 0; c < computes.size() && c < invocation_c.size(); ++c) {
    computes[c]->clearstep();
    for (const bigint step : invocation_c[c].steps)
      computes[c]->addstep(step);
    computes[c]->invoked_flag = invocation_c[c].invoked_flag;
  }
}

}    // namespace glass
