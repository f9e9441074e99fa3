// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_PAIRS_H
#define LMP_COMPUTE_GLASS_PAIRS_H

#include "compute_glass_inherent.h"

#include "hessian/neighbour_rows.h"
#include "hessian/rattlers.h"
#include "observable/dipole_stiffness.h"

namespace LAMMPS_NS {

/// What computes share that probe an inherent structure by force dipoles on its interacting pairs:
/// which pairs there are, which of them are taken, and the responses to them. Not a style of its
/// own.
///
/// A pair is two different atoms of the group closer than the cutoff of the pair style; every
/// periodic image makes one.
class ComputeGlassPairs : public ComputeGlassInherent {
 public:
  using ComputeGlassInherent::ComputeGlassInherent;
  void init() override;

 protected:
  /// A pair, on the rank that has the atom with the lower ID.
  struct Pair {
    glass::Dipole dipole;    // i: the lower ID; rows of Structure::hessian
    int local_i = 0;         // index of the atom with the lower ID
    glass::Row row_j = 0;    // row of the other one in number_rows()
    tagint id_i = 0, id_j = 0;
    double distance = 0.0;
  };

  /// A minimum of the energy without its rattlers, and the pairs that are probed.
  struct Structure {
    glass::BlockMatrix hessian;    // planar in 2d
    glass::RemovedRows rattlers;
    glass::RowLayout rows_of_group;    // with rattlers
    glass::NeighbourRows neighbours;
    std::vector<int> local_r;    // index of the atom of each own row
    std::vector<Pair> pairs;     // taken ones
    double n_pairs = 0.0;        // all
    double n_taken = 0.0;
    double largest_force = 0.0;
    double floor = 0.0;    // stiffness that the forces which are left may make of none
  };

  /// How the responses were found.
  struct Solution {
    std::vector<glass::DipoleResponse> response_k;    // of Structure::pairs
    double largest_residual = 0.0;
    int n_zero_modes = 0;
    int iterations = 0;
  };

  /// Reads keyword pairs, moves iarg behind its values and returns true; false if arg[iarg] is
  /// another.
  bool parse_pairs_keyword(int &iarg, int narg, char **arg);

  /// Collective.
  Structure find_structure();
  Solution respond(const Structure &structure);

  /// Whether keyword solver is about the responses to pairs, too; if not, the inverse is taken for
  /// these wherever it is expected to be faster.
  bool solver_of_pairs = true;

  /// Options of a solver for this structure that is to be given so many right-hand sides.
  glass::SolveOptions options_for(double n_columns) const;

 private:
  void list_pairs(Structure &structure);
  void take_sample(Structure &structure);
  bool takes_dense(const Structure &structure);
  std::string invert(const Structure &structure, const std::vector<glass::Dipole> &dipoles,
                     Solution &solution);
  std::string solve(const Structure &structure, const std::vector<glass::Dipole> &dipoles,
                    Solution &solution);

  double sample_size = 0.0;    // 0: all
  std::uint64_t seed = 0;
};

}    // namespace LAMMPS_NS

#endif
