// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_H
#define LMP_COMPUTE_GLASS_H

#include "compute.h"

#include "communicator.h"
#include "hessian/site_expansion.h"
#include "pair_rules.h"

#include <string>

namespace LAMMPS_NS {

/// What all computes that start from the derivatives of the site energies share: the checks that
/// the forces of the system are those of a supported pair style, the neighbour list, and the way
/// from LAMMPS's atoms to the core's environment. Not a style of its own.
class ComputeGlass : public Compute {
 public:
  ComputeGlass(class LAMMPS *, int, char **);
  void init() override;
  void init_list(int, class NeighList *) override;
  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;

 protected:
  /// The environment of the current positions, with a row for every atom of the group. Collective.
  glass::Environment gather_environment();

  /// The rule of the pair style, applied to the environment. Collective.
  glass::SiteExpansion expand(const glass::Environment &environment);

  /// Masses of the own rows.
  std::vector<double> gather_masses() const;

  /// "Compute style" and the ID, as error messages begin.
  std::string name() const;

  /// Own atoms of the group, in the order of their rows.
  std::vector<int> group_atoms() const;

  /// Ends the run with a message that not all ranks may have; `failed` may differ between ranks.
  /// Collective.
  void stop_if(bool failed, const std::string &message);

  /// Prints on the first rank.
  void log(const std::string &line) const;

  bool whole_system() const;

  glass::Communicator communicator;
  glass::PairStyleRule pair_style;

 private:
  void check_forces() const;
  void make_rule();
  void check_coordinates();
  void number_rows(glass::Environment &environment);
  void read_neighbours(glass::Environment &environment);

  class NeighList *list = nullptr;
  std::vector<glass::Row> row_of_atom;    // own atoms and ghosts, while rows are being communicated
};

}    // namespace LAMMPS_NS

#endif
