// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_DIPOLE_STIFFNESS_H
#define GLASS_DIPOLE_STIFFNESS_H

#include "../spectrum/linear_solver.h"

namespace glass {

/// A pair of atoms, as the force dipole d = (1/sqrt 2) dr_ij/dx on it: unit norm, along the bond.
struct Dipole {
  Row i = 0, j = 0;             ///< rows of the two atoms
  double n_3[3] = {0, 0, 0};    ///< unit vector from i to j
};

/// What a structure gives way by when a dipole pulls: z = H^-1 d.
struct DipoleResponse {
  double compliance = 0.0;          ///< d.z = d.H^-1.d, distance^2/energy
  double response_squared = 0.0;    ///< z.z = d.H^-2.d
  double residual = 0.0;            ///< |d - H z|; not a number where it was not looked at

  /// kappa_ij = (z.H z)/(z.z), energy/distance^2 (Kapteijns et al., J. Chem. Phys. 155, 074502
  /// (2021), App. A). Zero if nothing gives way.
  double stiffness() const { return response_squared > 0.0 ? compliance / response_squared : 0.0; }
};

/// The dipoles of columns of own rows of a distributed vector; the same list on every rank.
BlockVector dipole_columns(const std::vector<Dipole> &dipoles, const RowLayout &layout, int rank);

/// Responses to the own dipoles, one linear solve each, several at a time. Collective.
/// @param progress  called on all ranks after every few, with their number so far and that of all
/// @param report    filled with the method, the largest residual, and the iterations of all solves
/// @throws as LinearSolver::check_unique() and check_converged()
std::vector<DipoleResponse> solve_dipoles(LinearSolver &solver, const RowLayout &layout,
                                          const std::vector<Dipole> &own,
                                          const std::function<void(double, double)> &progress,
                                          SolveReport &report, const Communicator &communicator);

/// What inverting the whole Hessian found.
struct DenseDipoleReport {
  int n_zero_modes = 0;        ///< directions without stiffness that were left out
  std::size_t n_floppy = 0;    ///< dipoles that such a direction gives way to
  double largest_residual = 0.0;
  int n_residuals = 0;    ///< responses whose residual was looked at
};

/// The same from the inverse of the whole Hessian, which the first rank forms (invert_stiffness())
/// while the others sleep: dimension^3 N^3 operations for any number of dipoles. Residuals are
/// those of a sample. Collective.
///
/// Zero modes are left out, but a dipole that one of them gives way to needs no force at all: its
/// response is left zero, and with it the stiffness, which is the limit of a mode that softens.
/// @param hessian       planar (planar.h) if dimension is 2
/// @param translations  false if part of the atoms is frozen
/// @throws as invert_stiffness(), on the first rank alone: others return nothing
std::vector<DipoleResponse> invert_for_dipoles(const BlockMatrix &hessian, int dimension,
                                               bool translations, const std::vector<Dipole> &own,
                                               std::size_t available_bytes,
                                               DenseDipoleReport &report,
                                               const Communicator &communicator);

/// Whether inverting the whole Hessian, n^3/20e9 seconds, is expected to be faster than conjugate
/// gradients for so many dipoles.
bool prefers_inverse(double n_dipoles, double n_atoms, double n_blocks, int dimension, int n_ranks);

}    // namespace glass

#endif
