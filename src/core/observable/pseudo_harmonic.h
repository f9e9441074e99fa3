// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PSEUDO_HARMONIC_H
#define GLASS_PSEUDO_HARMONIC_H

#include "../hessian/neighbour_rows.h"
#include "../spectrum/linear_solver.h"

namespace glass {

/// b(z) = sum_<ij> (z_ij.z_ij)^2, z_ij = z_j - z_i, over interacting pairs, of a distributed
/// vector. It is convex, and large where few atoms move relative to their neighbours.
class QuarticForm {
 public:
  /// Collective. The neighbours must outlive the form.
  QuarticForm(const NeighbourRows &neighbours, const RowLayout &layout,
              const Communicator &communicator);

  /// b of every column of own rows, and its gradient. Collective.
  Eigen::VectorXd evaluate(const BlockVector &z, BlockVector &gradient);

 private:
  QuarticForm(const NeighbourRows &neighbours, const RowLayout &layout,
              const std::vector<Row> &halo_h, const Communicator &communicator);

  const NeighbourRows &neighbours_;
  Communicator communicator_;
  /// Own rows are numbered from 0, those of other ranks on from their number, as in the halo.
  std::vector<std::size_t> column_b_;
  HaloExchange halo_;
};

/// A pseudo-harmonic mode: a local minimum of
///
///   C(z) = (z.H z)^2 / sum_<ij> (z_ij.z_ij)^2,
///
/// soft and localised at once, without hybridising with phonons as normal modes do (Richard et al.,
/// Phys. Rev. Lett. 126, 015501 (2021)).
struct PseudoHarmonicMode {
  double stiffness = 0.0;          ///< pi.H pi at unit norm, energy/distance^2
  double cost = 0.0;               ///< C, energy^2/distance^4
  double gradient = 0.0;           ///< |H z - (a/4b) grad b|/|H z| with a = z.H z: 0 at a minimum
  double start_stiffness = 0.0;    ///< that of the start, of the softest of several
  int n_starts = 1;                ///< starts that ended here
  int steps = 0;
  Eigen::VectorXd field;    ///< pi, own rows, unit norm over all ranks
};

struct PseudoHarmonicOptions {
  double gradient_tolerance = 1.0e-8;
  int most_steps = 500;
};

/// Minimises C from every column of z, own rows, by
///
///   z <- H^-1 grad b(z), normalised,
///
/// the generalised power iteration for the convex function b on the ellipsoid z.H z = 1 (Journee,
/// Nesterov, Richtarik, Sepulchre, J. Mach. Learn. Res. 11, 517 (2010)): C falls in every step, no
/// step length is to be found, and what it converges to has no gradient. H^-1 is applied to the
/// gradient of C only, whose size falls, so that iterative solves need not be accurate. Collective.
/// @param solver  of the same matrix as the operator; its tolerance is left loose
/// @returns       one mode a column, whether or not it has converged
/// @throws as LinearSolver::solve() and check_converged()
std::vector<PseudoHarmonicMode> pseudo_harmonic_modes(LinearSolver &solver, BlockOperator &hessian,
                                                      QuarticForm &form, const BlockVector &z,
                                                      const PseudoHarmonicOptions &options,
                                                      const Communicator &communicator);

/// Different modes, ascending in stiffness. Of those that overlap by more than 0.95 the one with
/// the lowest cost is kept, with the starts of all. Collective.
std::vector<PseudoHarmonicMode> distinct_modes(std::vector<PseudoHarmonicMode> modes,
                                               const Communicator &communicator);

/// (sum_i |pi_i|^2)^2/(N sum_i |pi_i|^4) of a distributed vector. Collective.
double participation_ratio_of(const Eigen::VectorXd &field, double n_atoms,
                              const Communicator &communicator);

/// Makes the largest component of a distributed vector positive. Collective.
void fix_sign(Eigen::VectorXd &field, const Communicator &communicator);

}    // namespace glass

#endif
