// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_AFFINE_ATOM_H
#define LMP_COMPUTE_GLASS_AFFINE_ATOM_H

#include "compute_glass.h"

namespace LAMMPS_NS {

/// compute glass/affine/atom: the affine force field (docs/compute_glass_affine_atom.rst).
class ComputeGlassAffineAtom : public ComputeGlass {
 public:
  ComputeGlassAffineAtom(class LAMMPS *, int, char **);
  ~ComputeGlassAffineAtom() override;
  void compute_peratom() override;
  double memory_usage() override;

 private:
  std::vector<int> components{3};    // of glass::strain_components; xy
  int nmax = 0;
};

}    // namespace LAMMPS_NS

#endif
