// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TEST_RELAXED_H
#define GLASS_TEST_RELAXED_H

#include "cell.h"

#include <random>

namespace glass_test {

/// Lennard-Jones of two types with a polynomial in r^2 added that makes the energy and its first
/// three derivatives vanish at the cutoff, 2 sigma.
TestPotential smooth_lennard_jones();

/// The cell in the minimum of energy that Newton steps along all eigenvectors lead to. The z
/// component stays as it is in dimension 2.
/// @throws std::logic_error if forces do not fall below 1e-11
Cell relaxed(Cell cell, const TestPotential &potential, int dimension = 3);

/// The cell after x -> F x, box included.
Cell deformed(Cell cell, const Eigen::Matrix3d &deformation_33);

/// Two types at random on a face-centred cubic lattice of `cells`^3 conventional cells, slightly
/// sheared, relaxed. Unlike a glass, such a configuration leads to the same minimum whatever the
/// rounding, and like one it is not affine: every neighbourhood is another.
Cell alloy(const TestPotential &potential, int cells, double lattice_constant, unsigned seed);

/// The same on the triangular lattice of side^2 atoms (side is even) in the plane z = 0, relaxed
/// within it; the third edge is beyond reach.
Cell planar_alloy(const TestPotential &potential, int side, double lattice_constant, unsigned seed);

/// Face-centred cubic, of one type.
Cell crystal(int cells, double lattice_constant);

/// All of one rank's quantities.
struct RankPart {
  RankPart(const Cell &cell, const TestPotential &potential,
           const glass::Communicator &communicator, const std::vector<bool> &fixed_i = {});
  glass::Environment environment;
  glass::SiteExpansion expansion;
  glass::BlockMatrix hessian;
  std::vector<std::size_t> atom_r;    ///< atom of each own row

  /// Own rows of what is given for all atoms, three rows each.
  Eigen::MatrixXd rows_of(const Eigen::MatrixXd &whole) const;
};

/// Inverse on the space of eigenvectors whose eigenvalue is not zero to rounding.
Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd &symmetric);

Eigen::MatrixXd random_matrix(Eigen::Index rows, Eigen::Index columns, unsigned seed);

}    // namespace glass_test

#endif
