// Part of lammps-glass, GPL-2.0.

// Coloured finite differences: zones and colours by brute force, H and Xi against the rules.

#include "cell.h"

#include "hessian/difference_derivatives.h"

#include <gtest/gtest.h>

#include <set>

using namespace glass;
using namespace glass_test;

namespace {

std::vector<std::set<int>> zones_by_brute_force(const Cell &cell, const PeriodicBox &box,
                                                double radius)
{
  std::vector<std::set<int>> zone_i(cell.size());
  const int images = 4;
  for (std::size_t i = 0; i < cell.size(); ++i)
    for (std::size_t j = 0; j < cell.size(); ++j)
      for (int a = -images; a <= images; ++a)
        for (int b = -images; b <= images; ++b)
          for (int c = -images; c <= images; ++c) {
            if ((a != 0 && !box.periodic[0]) || (b != 0 && !box.periodic[1]) ||
                (c != 0 && !box.periodic[2]))
              continue;
            const Eigen::Vector3d r =
                cell.x_i3[j] - cell.x_i3[i] + box.edge_33 * Eigen::Vector3d(a, b, c);
            if (r.norm() <= radius) zone_i[i].insert(static_cast<int>(j));
          }
  return zone_i;
}

struct ZoneCase {
  int side;
  double tilt, radius;
  std::array<bool, 3> periodic;
};

class ZonesOf : public testing::TestWithParam<ZoneCase> {
 protected:
  ZonesOf() : cell(rattled_cell(GetParam().side, 1.0, 0.3, GetParam().tilt, 7))
  {
    box.edge_33 = cell.box_33;
    box.periodic = GetParam().periodic;
    // Some atoms are an edge or two outside of the box, as between reneighbourings.
    for (std::size_t i = 0; i < cell.size(); i += 5)
      if (box.periodic[1]) cell.x_i3[i] += 2.0 * cell.box_33.col(1);
  }
  Cell cell;
  PeriodicBox box;
};

TEST_P(ZonesOf, AreTheAtomsWithinTheRadius)
{
  const Zones zones(box, cell.x_i3, GetParam().radius);
  const auto expected = zones_by_brute_force(cell, box, GetParam().radius);
  for (std::size_t i = 0; i < cell.size(); ++i) {
    std::multiset<int> found;
    zones.for_each_within(static_cast<int>(i), [&](int j) { found.insert(j); });
    EXPECT_EQ(found, std::multiset<int>(expected[i].begin(), expected[i].end())) << i;
  }
}

TEST_P(ZonesOf, OfOneColorShareNoAtom)
{
  const Zones zones(box, cell.x_i3, GetParam().radius);
  std::vector<bool> displaced_a(cell.size(), true);
  displaced_a[3] = false;
  const Coloring coloring = color_zones(zones, displaced_a);
  EXPECT_EQ(coloring.color_a[3], -1);
  const auto zone_i = zones_by_brute_force(cell, box, GetParam().radius);
  for (std::size_t j = 0; j < cell.size(); ++j) {
    std::set<int> colors;
    for (const int i : zone_i[j]) {
      if (!displaced_a[i]) continue;
      ASSERT_GE(coloring.color_a[i], 0);
      ASSERT_LT(coloring.color_a[i], coloring.n_colors);
      EXPECT_TRUE(colors.insert(coloring.color_a[i]).second) << j;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Boxes, ZonesOf,
                         testing::Values(ZoneCase{6, 0.0, 1.4, {true, true, true}},
                                         ZoneCase{6, 0.3, 1.9, {true, true, true}},
                                         ZoneCase{4, 0.4, 2.9, {true, true, true}},
                                         ZoneCase{3, 0.2, 4.0, {true, true, true}},
                                         ZoneCase{7, 0.3, 1.5, {false, true, false}}));

TEST(Colors, DoNotGrowWithTheSystem)
{
  std::vector<int> n_colors;
  for (const int side : {10, 20}) {
    const Cell cell = rattled_cell(side, 1.0, 0.3, 0.0, 11);
    PeriodicBox box;
    box.edge_33 = cell.box_33;
    n_colors.push_back(
        color_zones(Zones(box, cell.x_i3, 1.6), std::vector<bool>(cell.size(), true)).n_colors);
  }
  EXPECT_LT(n_colors[1], 1.15 * n_colors[0]);
  EXPECT_LT(n_colors[1], 100);    // of 8000 atoms; about 33 are within two radii of one another
}

/// The forces of one rank's atoms by a rule.
class RuleForces : public ForceField {
 public:
  RuleForces(Cell cell, const TestPotential &potential, Communicator communicator) :
      cell_(std::move(cell)), potential_(potential), communicator_(communicator)
  {
  }

  std::vector<Eigen::Vector3d>
  displaced_forces(const std::vector<Eigen::Vector3d> &displacement_i3) override
  {
    // Every rank needs all displacements, as LAMMPS's ghosts get them.
    std::vector<double> moved(3 * cell_.size(), 0.0);
    for (std::size_t k = 0; k < displacement_i3.size(); ++k)
      for (int alpha = 0; alpha < 3; ++alpha)
        moved[3 * (k * communicator_.size() + communicator_.rank()) + alpha] =
            displacement_i3[k][alpha];
    communicator_.sum_in_place(moved.data(), static_cast<int>(moved.size()));
    Cell displaced = cell_;
    for (std::size_t i = 0; i < cell_.size(); ++i)
      displaced.x_i3[i] += Eigen::Map<Eigen::Vector3d>(&moved[3 * i]);
    return forces_of_rank(displaced);
  }

  StrainedState strained_forces(const StrainComponent &component, double epsilon) override
  {
    const Cell deformed = strained(cell_, component, epsilon);
    const Environment environment =
        environment_of(deformed, potential_.cutoff, communicator_.rank(), communicator_.size());
    const SiteExpansion expansion = expand_sites(environment, *potential_.rule);
    return {forces(expansion, communicator_),
            -affine_energy(expansion, communicator_).stress_times_volume};
  }

  OwnAtoms own_atoms() const
  {
    const Environment environment =
        environment_of(cell_, potential_.cutoff, communicator_.rank(), communicator_.size());
    OwnAtoms own;
    own.box.edge_33 = cell_.box_33;
    own.layout = environment.layout;
    for (std::size_t i = communicator_.rank(); i < cell_.size(); i += communicator_.size()) {
      own.x_i3.push_back(cell_.x_i3[i]);
      own.row_i.push_back(environment.row_a[own.row_i.size()]);
    }
    return own;
  }

 private:
  std::vector<Eigen::Vector3d> forces_of_rank(const Cell &cell) const
  {
    const Environment environment =
        environment_of(cell, potential_.cutoff, communicator_.rank(), communicator_.size());
    return forces(expand_sites(environment, *potential_.rule), communicator_);
  }

  Cell cell_;
  const TestPotential &potential_;
  Communicator communicator_;
};

Cell cell_clear_of_breaks(const TestPotential &potential, int side, double spacing)
{
  for (unsigned seed = 1; seed < 400; ++seed) {
    Cell cell = rattled_cell(side, spacing, 0.1, 0.2, seed);
    if (potential.distance_to_break(cell) > 5.0e-5) return cell;
  }
  throw std::logic_error("no cell clear of breaks");
}

class Differences : public testing::TestWithParam<TestPotential (*)()> {};

TEST_P(Differences, GiveWhatTheRuleGives)
{
  const TestPotential potential = GetParam()();
  const Communicator alone(MPI_COMM_SELF);
  // Two cutoffs are what the embedded atoms reach, and nearly the whole of this cell.
  const Cell cell = cell_clear_of_breaks(potential, 5, 1.2);
  RuleForces field(cell, potential, alone);
  const OwnAtoms own = field.own_atoms();
  const DifferenceHessian found = difference_hessian(field, own, 2.0 * potential.cutoff, alone);
  ASSERT_EQ(found.leak_distance, 0.0);

  const Environment environment = environment_of(cell, potential.cutoff);
  const SiteExpansion expansion = expand_sites(environment, *potential.rule);
  const std::vector<double> ones(cell.size(), 1.0);
  const Eigen::MatrixXd expected = gather_dense(assemble_hessian(expansion, alone), ones, 3, alone);
  const Eigen::MatrixXd hessian = gather_dense(found.matrix, ones, 3, alone);
  const double largest = expected.cwiseAbs().maxCoeff();
  const double error = (hessian - expected).cwiseAbs().maxCoeff() / largest;
  EXPECT_LE(error, 1.0e-7);
  // What is said of the error holds, but for a factor that luck needs.
  EXPECT_LE(error, 10.0 * std::max(found.error, found.asymmetry));
  EXPECT_EQ(found.n_kinks, 0u);

  const DifferenceAffine affine = difference_affine(field, own, alone);
  const auto xi_i63 = affine_forces(expansion, alone);
  const AffineEnergy energy = affine_energy(expansion, alone);
  double largest_xi = 0.0;
  for (const AffineForce &xi : xi_i63)
    for (const auto &component : xi)
      largest_xi = std::max(largest_xi, component.cwiseAbs().maxCoeff());
  for (std::size_t i = 0; i < cell.size(); ++i)
    for (int c = 0; c < 6; ++c)
      EXPECT_LE((affine.xi_r63[i][c] - xi_i63[i][c]).cwiseAbs().maxCoeff(), 1.0e-7 * largest_xi);
  EXPECT_TRUE(affine.energy.born_66.isApprox(energy.born_66, 1.0e-7));
  EXPECT_TRUE(affine.energy.stress_times_volume.isApprox(energy.stress_times_volume, 1.0e-7));
}

TEST_P(Differences, RecognizeAZoneThatIsTooSmall)
{
  const TestPotential potential = GetParam()();
  const Communicator alone(MPI_COMM_SELF);
  RuleForces field(cell_clear_of_breaks(potential, 6, 1.2), potential, alone);
  const double zone = 0.6 * potential.cutoff;
  const DifferenceHessian found = difference_hessian(field, field.own_atoms(), zone, alone);
  EXPECT_GT(found.leak_distance, zone);
  EXPECT_EQ(found.matrix.n_rows(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Potentials, Differences, testing::Values(&lennard_jones, &embedded_atom));

TEST(DifferencesOf, NoticeAForceThatStepsAtItsCutoff)
{
  const TestPotential potential = lennard_jones();
  const Communicator alone(MPI_COMM_SELF);
  Cell cell = rattled_cell(5, 1.2, 0.1, 0.0, 3);
  cell.x_i3[1] = cell.x_i3[0] + Eigen::Vector3d(potential.cutoff - 1.0e-9, 0.0, 0.0);
  RuleForces field(cell, potential, alone);
  const DifferenceHessian found =
      difference_hessian(field, field.own_atoms(), potential.cutoff + 0.1, alone);
  ASSERT_EQ(found.leak_distance, 0.0);
  EXPECT_GT(found.n_kinks, 0u);
}

class DistributedDifferences : public testing::TestWithParam<TestPotential (*)()> {};

TEST_P(DistributedDifferences, DoNotDependOnTheRanks)
{
  const TestPotential potential = GetParam()();
  const Cell cell = cell_clear_of_breaks(potential, 5, 1.2);
  const Communicator world(MPI_COMM_WORLD), alone(MPI_COMM_SELF);
  RuleForces together(cell, potential, world), single(cell, potential, alone);
  const double zone = 2.0 * potential.cutoff;
  const DifferenceHessian found = difference_hessian(together, together.own_atoms(), zone, world);
  const DifferenceHessian expected = difference_hessian(single, single.own_atoms(), zone, alone);
  ASSERT_EQ(found.leak_distance, 0.0);
  EXPECT_EQ(found.n_colors, expected.n_colors);

  const std::vector<double> ones(cell.size(), 1.0);
  const Eigen::MatrixXd h = gather_dense(found.matrix, ones, 3, world);
  const Eigen::MatrixXd h_single = gather_dense(expected.matrix, ones, 3, alone);
  if (!world.root()) return;
  const std::vector<std::size_t> atoms = atom_of_row(cell, world.size());
  for (std::size_t i = 0; i < atoms.size(); ++i)
    for (std::size_t j = 0; j < atoms.size(); ++j)
      EXPECT_LE((h.block<3, 3>(3 * i, 3 * j) - h_single.block<3, 3>(3 * atoms[i], 3 * atoms[j]))
                    .cwiseAbs()
                    .maxCoeff(),
                1.0e-8 * h_single.cwiseAbs().maxCoeff());
}

INSTANTIATE_TEST_SUITE_P(Potentials, DistributedDifferences,
                         testing::Values(&lennard_jones, &embedded_atom));

}    // namespace
