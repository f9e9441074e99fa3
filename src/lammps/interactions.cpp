// Part of lammps-glass, GPL-2.0.

#include "interactions.h"

#include "angle.h"
#include "atom.h"
#include "bond.h"
#include "comm.h"
#include "dihedral.h"
#include "fix.h"
#include "force.h"
#include "improper.h"
#include "kspace.h"
#include "lammps.h"
#include "modify.h"
#include "pair.h"

#include <algorithm>

using namespace LAMMPS_NS;

void glass::compute_interactions(LAMMPS *lmp, int eflag, int vflag)
{
  const Atom *const atom = lmp->atom;
  const Force *const force = lmp->force;
  const int n = atom->nlocal + (force->newton ? atom->nghost : 0);
  if (n > 0) std::fill_n(&atom->f[0][0], 3 * static_cast<std::size_t>(n), 0.0);
  // Threads accumulate in arrays of their own, which this fix clears.
  if (Fix *threads = lmp->modify->get_fix_by_id("package_omp")) threads->pre_force(vflag);

  if (force->pair && force->pair->compute_flag) force->pair->compute(eflag, vflag);
  if (atom->molecular != Atom::ATOMIC) {
    if (force->bond) force->bond->compute(eflag, vflag);
    if (force->angle) force->angle->compute(eflag, vflag);
    if (force->dihedral) force->dihedral->compute(eflag, vflag);
    if (force->improper) force->improper->compute(eflag, vflag);
  }
  if (force->kspace && force->kspace->compute_flag) force->kspace->compute(eflag, vflag);
  if (force->newton) lmp->comm->reverse_comm();
}
