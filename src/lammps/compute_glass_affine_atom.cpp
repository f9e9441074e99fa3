// Part of lammps-glass, GPL-2.0.

#include "compute_glass_affine_atom.h"

#include "atom.h"
#include "error.h"
#include "memory.h"
#include "update.h"

#include <algorithm>

using namespace LAMMPS_NS;

ComputeGlassAffineAtom::ComputeGlassAffineAtom(LAMMPS *lmp, int narg, char **arg) :
    ComputeGlass(lmp, narg, arg)
{
  for (int iarg = 3; iarg < narg;) {
    if (parse_common_keyword(iarg, narg, arg)) continue;
    if (std::string(arg[iarg]) != "strain")
      error->all(FLERR, "Unknown compute glass/affine/atom keyword: {}", arg[iarg]);
    components = parse_strain(iarg, narg, arg);
  }
  peratom_flag = 1;
  size_peratom_cols = 3 * static_cast<int>(components.size());
}

ComputeGlassAffineAtom::~ComputeGlassAffineAtom()
{
  memory->destroy(array_atom);
}

void ComputeGlassAffineAtom::compute_peratom()
{
  invoked_peratom = update->ntimestep;
  if (atom->nmax > nmax) {
    nmax = atom->nmax;
    memory->destroy(array_atom);
    memory->create(array_atom, nmax, size_peratom_cols, "glass/affine/atom:array");
  }
  const Derivatives derivatives = differentiate(AFFINE_FORCES);
  verbose = false;
  for (int i = 0; i < atom->nlocal; ++i)
    std::fill_n(array_atom[i], size_peratom_cols, 0.0);
  std::size_t r = 0;
  for (const int i : group_atoms()) {
    for (std::size_t k = 0; k < components.size(); ++k)
      for (int alpha = 0; alpha < 3; ++alpha)
        array_atom[i][3 * k + alpha] = derivatives.affine_force_r[r][components[k]][alpha];
    ++r;
  }
}

double ComputeGlassAffineAtom::memory_usage()
{
  return static_cast<double>(nmax) * size_peratom_cols * sizeof(double);
}
