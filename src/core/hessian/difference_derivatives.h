// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_DIFFERENCE_DERIVATIVES_H
#define GLASS_DIFFERENCE_DERIVATIVES_H

#include "affine.h"
#include "block_matrix.h"
#include "zones.h"

#include <functional>

namespace glass {

/// Forces as a function of positions, for potentials of which nothing else is known.
class ForceField {
 public:
  virtual ~ForceField() = default;

  /// Forces on the own atoms, energy/distance, with each of them displaced. Collective.
  virtual std::vector<Eigen::Vector3d>
  displaced_forces(const std::vector<Eigen::Vector3d> &displacement_i3) = 0;

  struct StrainedState {
    std::vector<Eigen::Vector3d> force_i3;
    Eigen::Matrix3d virial = Eigen::Matrix3d::Zero();    ///< sum r f of all ranks, energy
  };
  /// The same, with the virial, after x -> x + epsilon e_kappa x_chi of everything. Collective.
  virtual StrainedState strained_forces(const StrainComponent &component, double epsilon) = 0;
};

/// Where the own atoms are, and to which rows of the matrix they belong (no_row: held fixed).
struct OwnAtoms {
  PeriodicBox box;
  std::vector<Eigen::Vector3d> x_i3;
  std::vector<Row> row_i;
  RowLayout layout;
};

struct DifferenceHessian {
  BlockMatrix matrix;

  int n_colors = 0;
  std::int64_t n_evaluations = 0;    ///< of the forces
  double step = 0.0;                 ///< distance
  double error = 0.0;      ///< of an element, relative to the largest: from the choice of the step
  double largest = 0.0;    ///< element
  double asymmetry = 0.0;     ///< largest |H_ij - H_ji|/2, relative likewise
  std::size_t n_kinks = 0;    ///< responses that differ between forward and backward displacement

  /// Not zero if forces changed outside of the zones: how far from a displaced atom at least (the
  /// matrix is then empty).
  double leak_distance = 0.0;
};

/// H = -df/dx by central differences, many atoms displaced at once: atoms share a colour if no atom
/// is within the zone, a sphere around it, of both, so that every change of a force has one
/// displaced atom as its cause.
///
/// The step is the one between two successive half decades whose differences, of the atoms of the
/// first colours in an oblique direction, agree best; their disagreement is the error stated. H is
/// symmetrised. A zone that is too small is recognised by forces that change outside of all zones,
/// and by responses of one atom's displacement that do not sum to zero.
/// @param zone      radius
/// @param progress  called on all ranks with the fraction done, now and then
DifferenceHessian difference_hessian(ForceField &field, const OwnAtoms &atoms, double zone,
                                     const Communicator &communicator,
                                     const std::function<void(double)> &progress = {});

/// Xi, stress and Born term by central differences in strain (see affine.h).
struct DifferenceAffine {
  std::vector<AffineForce> xi_r63;
  AffineEnergy energy;
  double step = 0.0;          ///< strain
  double error = 0.0;         ///< largest change of Xi from a larger step, relative to its size
  std::size_t n_kinks = 0;    ///< of forces, as in DifferenceHessian
};
DifferenceAffine difference_affine(ForceField &field, const OwnAtoms &atoms,
                                   const Communicator &communicator);

}    // namespace glass

#endif
