// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_INM_ATOM_H
#define LMP_COMPUTE_GLASS_INM_ATOM_H

#include "compute.h"

#include "communicator.h"
#include "inm_reference.h"
#include "observable/mode_statistics.h"

namespace LAMMPS_NS {

/// compute glass/inm/atom: where the modes of a compute glass/inm live
/// (docs/compute_glass_inm_atom.rst).
class ComputeGlassINMAtom : public Compute {
 public:
  ComputeGlassINMAtom(class LAMMPS *, int, char **);
  ~ComputeGlassINMAtom() override;
  void init() override;
  void compute_peratom() override;
  double memory_usage() override;

 private:
  enum class Selection { MODE_CLASS, INDEX, NEAREST };

  std::string name() const;
  std::vector<Eigen::Index> select(const glass::NormalModes &modes, double threshold) const;
  void grow();

  glass::Communicator communicator;
  INMReference source;

  Selection selection = Selection::MODE_CLASS;
  glass::ModeClass mode_class = glass::ModeClass::unstable;
  int mode_number = 0;
  double omega = 0.0;
  int nmax = 0;
};

}    // namespace LAMMPS_NS

#endif
