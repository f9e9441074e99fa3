// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_DISTRIBUTED_MODES_H
#define GLASS_DISTRIBUTED_MODES_H

#include "../spectrum/lowest_eigenpairs.h"
#include "../spectrum/scalapack.h"
#include "mode_vectors.h"
#include "normal_modes.h"

namespace glass {

/// The modes that a distributed solver found. What is known of them is on all ranks, without
/// vectors; these are spread.
struct DistributedModes {
  NormalModes known;
  ModeVectors vectors;
};

/// The modes of normal_modes(), solved for by all ranks with ScaLAPACK: matrix and eigenvectors are
/// never in one place. All modes are found; those outside the range are left out afterwards.
/// Collective.
/// @param mass_r  of the own rows
/// @param xi      mass-weighted affine forces of the own rows, a column a component
/// @throws std::invalid_argument if an element is no number
/// @throws std::runtime_error as solve_scalapack, and if the eigenpairs are not those of the matrix
DistributedModes distributed_modes(DynamicalMatrix &dynamical, const std::vector<double> &mass_r,
                                   const BlockVector &xi, const EigenvalueRange &range,
                                   const ScalapackPlan &plan);

/// Modes from the lowest eigenpairs of a matrix. Collective.
DistributedModes partial_modes(const DynamicalMatrix &dynamical, LowestEigenPairs &&pairs,
                               const BlockVector &xi);

}    // namespace glass

#endif
