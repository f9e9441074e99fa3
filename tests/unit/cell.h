// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TEST_CELL_H
#define GLASS_TEST_CELL_H

#include "hessian/affine.h"
#include "hessian/assemble_hessian.h"
#include "potential/eam_rule.h"
#include "potential/pair_rule.h"

#include <functional>
#include <memory>

namespace glass_test {

/// A periodic cell of atoms: columns of box_33 are its edges.
struct Cell {
  Eigen::Matrix3d box_33;
  std::vector<Eigen::Vector3d> x_i3;
  std::vector<int> type_i;

  std::size_t size() const { return x_i3.size(); }
};

/// `side`^3 atoms of two types on a simple cubic lattice of the given spacing, every coordinate
/// rattled evenly within +-rattle, in a box tilted by `tilt` times its edge.
Cell rattled_cell(int side, double spacing, double rattle, double tilt, unsigned seed);

/// The cell after x -> x + epsilon e_kappa x_chi, box included.
Cell strained(const Cell &cell, const glass::StrainComponent &component, double epsilon);

/// The part of one of `n_ranks` ranks: every n-th atom as site, all images within the cutoff by
/// brute force. `fixed_i` marks atoms without a row. Rows ascend with rank, then with atom.
glass::Environment environment_of(const Cell &cell, double cutoff, int rank = 0, int n_ranks = 1,
                                  const std::vector<bool> &fixed_i = {});

/// Atom of each row of environment_of.
std::vector<std::size_t> atom_of_row(const Cell &cell, int n_ranks = 1,
                                     const std::vector<bool> &fixed_i = {});

/// All distances within the cutoff.
std::vector<double> distances(const Cell &cell, double cutoff);

/// A potential under test: its rule, and its energy written down independently of it.
struct TestPotential {
  std::string name;
  double cutoff = 0.0;
  std::unique_ptr<glass::PairFunction> function;
  std::unique_ptr<glass::SiteRule> rule;
  std::function<double(const Cell &)> energy;
  bool energy_steps = false;    ///< whether the energy jumps where a pair crosses the cutoff
  /// Least distance of any argument of a piecewise function from where the pieces meet.
  std::function<double(const Cell &)> distance_to_break;
  std::vector<std::shared_ptr<void>> keep;    ///< tables that the rule points into
};

/// Kob-Andersen-like Lennard-Jones, plainly truncated: the force steps at the cutoff.
TestPotential lennard_jones();

/// A Finnis-Sinclair-like EAM potential on deliberately coarse tables, so that finite differences
/// can stay clear of the knots, at which second derivatives jump.
TestPotential embedded_atom();

/// Potentials with angles, every triplet of types with parameters of its own.
TestPotential stillinger_weber();
TestPotential tersoff();
TestPotential tersoff_mod();
TestPotential tersoff_zbl();

/// Forces of a cell by the rule.
std::vector<Eigen::Vector3d> forces_of(const Cell &cell, const TestPotential &potential);

}    // namespace glass_test

#endif
