// Part of lammps-glass, GPL-2.0.

#include "relaxed.h"

#include "spectrum/dense_eigen.h"

#include <Eigen/LU>

#include <limits>

namespace glass_test {

namespace {

constexpr double cutoff_in_sigma = 2.0;

struct SmoothLennardJones : glass::PairFunction {
  Eigen::Vector4d c_m;    ///< of (r/sigma)^0, 2, 4, 6

  SmoothLennardJones()
  {
    const double x = cutoff_in_sigma;
    Eigen::Matrix4d m;
    m << 1, x * x, std::pow(x, 4), std::pow(x, 6),           //
        0, 2 * x, 4 * std::pow(x, 3), 6 * std::pow(x, 5),    //
        0, 2, 12 * x * x, 30 * std::pow(x, 4),               //
        0, 0, 24 * x, 120 * std::pow(x, 3);
    const auto term = [&](double n, int k) {    // k-th derivative of x^-n
      double value = std::pow(x, -n - k);
      for (int i = 0; i < k; ++i)
        value *= -(n + i);
      return value;
    };
    Eigen::Vector4d right;
    for (int k = 0; k < 4; ++k)
      right[k] = -4.0 * (term(12, k) - term(6, k));
    c_m = m.fullPivLu().solve(right);
  }

  static double epsilon(int i, int j) { return i != j ? 1.5 : i == 1 ? 1.0 : 0.5; }
  static double sigma(int i, int j) { return i != j ? 0.9 : i == 1 ? 1.0 : 0.88; }

  double energy(int i, int j, double r) const
  {
    const double x2 = r * r / (sigma(i, j) * sigma(i, j)), s6 = 1.0 / (x2 * x2 * x2);
    if (x2 >= cutoff_in_sigma * cutoff_in_sigma) return 0.0;
    return epsilon(i, j) *
           (4.0 * (s6 * s6 - s6) + c_m[0] + x2 * (c_m[1] + x2 * (c_m[2] + x2 * c_m[3])));
  }

  glass::PairDerivatives derivatives(int, int, int i, int j, double r_squared) const override
  {
    const double s = sigma(i, j), x = std::sqrt(r_squared) / s, e = epsilon(i, j);
    if (x >= cutoff_in_sigma) return {};
    const double s6 = std::pow(x, -6), x2 = x * x;
    const double du = 4.0 * (-12.0 * s6 * s6 + 6.0 * s6) / x +
                      x * (2.0 * c_m[1] + x2 * (4.0 * c_m[2] + x2 * 6.0 * c_m[3]));
    const double d2u = 4.0 * (156.0 * s6 * s6 - 42.0 * s6) / x2 + 2.0 * c_m[1] +
                       x2 * (12.0 * c_m[2] + x2 * 30.0 * c_m[3]);
    return {e * du / s, e * d2u / (s * s)};
  }
};

Eigen::MatrixXd dense_hessian(const glass::SiteExpansion &expansion, std::size_t n, int dimension)
{
  const glass::Communicator alone(MPI_COMM_SELF);
  return gather_dense(assemble_hessian(expansion, alone), std::vector<double>(n, 1.0), dimension,
                      alone);
}

}    // namespace

TestPotential smooth_lennard_jones()
{
  TestPotential potential;
  potential.name = "smooth Lennard-Jones";
  potential.cutoff = cutoff_in_sigma;
  auto function = std::make_unique<SmoothLennardJones>();
  potential.energy = [pair = *function](const Cell &cell) {
    const glass::Environment around = environment_of(cell, cutoff_in_sigma);
    double sum = 0.0;
    for (std::size_t s = 0; s < around.n_sites; ++s)
      for (std::size_t b = around.first_bond_s[s]; b < around.first_bond_s[s + 1]; ++b)
        sum += 0.5 * pair.energy(around.type_a[s], around.type_a[around.atom_b[b]],
                                 around.r_b3[b].norm());
    return sum;
  };
  potential.distance_to_break = [](const Cell &) {
    return std::numeric_limits<double>::infinity();
  };
  potential.function = std::move(function);
  potential.rule = std::make_unique<glass::PairRule>(*potential.function);
  return potential;
}

Cell relaxed(Cell cell, const TestPotential &potential, int dimension)
{
  const glass::Communicator alone(MPI_COMM_SELF);
  const auto n = static_cast<Eigen::Index>(cell.size());
  for (int step = 0; step < 500; ++step) {
    const glass::Environment around = environment_of(cell, potential.cutoff);
    const glass::SiteExpansion expansion = expand_sites(around, *potential.rule);
    const auto f_i3 = forces(expansion, alone);
    Eigen::VectorXd force(dimension * n);
    for (Eigen::Index i = 0; i < n; ++i)
      force.segment(dimension * i, dimension) = f_i3[i].head(dimension);
    if (force.cwiseAbs().maxCoeff() < 1.0e-11) return cell;

    Eigen::MatrixXd hessian = dense_hessian(expansion, cell.size(), dimension);
    const auto plan =
        glass::plan_dense(hessian.rows(), {}, std::numeric_limits<std::size_t>::max());
    const glass::EigenPairs modes = glass::solve_dense(std::move(hessian), {}, plan);
    // Downhill along every mode; force has no part along the translations that the floor concerns.
    const Eigen::VectorXd stiffness = modes.value_p.cwiseAbs().cwiseMax(0.1);
    Eigen::VectorXd move =
        modes.vector_np * (modes.vector_np.transpose() * force).cwiseQuotient(stiffness);
    move *= std::min(1.0, 0.1 / move.cwiseAbs().maxCoeff());
    const double before = potential.energy(cell);
    for (int half = 0; half < 20; ++half, move *= 0.5) {
      Cell moved = cell;
      for (Eigen::Index i = 0; i < n; ++i)
        moved.x_i3[i].head(dimension) += move.segment(dimension * i, dimension);
      if (potential.energy(moved) <= before + 1.0e-9) {
        cell = moved;
        break;
      }
    }
  }
  throw std::logic_error("the cell does not relax");
}

Cell deformed(Cell cell, const Eigen::Matrix3d &deformation_33)
{
  cell.box_33 = deformation_33 * cell.box_33;
  for (Eigen::Vector3d &x : cell.x_i3)
    x = deformation_33 * x;
  return cell;
}

namespace {

/// Rattles and renames atoms, the same for all coordinates of a layer.
void disorder(Cell &cell, double rattle, int dimension, unsigned seed)
{
  std::mt19937 random(seed);
  const auto between = [&](double low, double high) {    // the same with every library
    return low + (high - low) * static_cast<double>(random()) / 4294967295.0;
  };
  for (std::size_t i = 0; i < cell.size(); ++i) {
    cell.type_i[i] = random() % 2 == 0 ? 2 : 1;
    for (int alpha = 0; alpha < dimension; ++alpha)
      cell.x_i3[i][alpha] += between(-rattle, rattle);
  }
}

}    // namespace

Cell crystal(int cells, double lattice_constant)
{
  Cell cell;
  cell.box_33 = cells * lattice_constant * Eigen::Matrix3d::Identity();
  const Eigen::Vector3d basis_4[] = {
      {0.0, 0.0, 0.0}, {0.5, 0.5, 0.0}, {0.5, 0.0, 0.5}, {0.0, 0.5, 0.5}};
  for (int a = 0; a < cells; ++a)
    for (int b = 0; b < cells; ++b)
      for (int c = 0; c < cells; ++c)
        for (const Eigen::Vector3d &basis : basis_4)
          cell.x_i3.emplace_back(lattice_constant * (Eigen::Vector3d(a, b, c) + basis));
  cell.type_i.assign(cell.size(), 1);
  return cell;
}

Cell alloy(const TestPotential &potential, int cells, double lattice_constant, unsigned seed)
{
  Cell cell = crystal(cells, lattice_constant);
  disorder(cell, 0.02, 3, seed);
  Eigen::Matrix3d shear = Eigen::Matrix3d::Identity();
  shear(0, 1) = 0.03;
  shear(1, 2) = -0.02;
  return relaxed(deformed(cell, shear), potential);
}

Cell planar_alloy(const TestPotential &potential, int side, double lattice_constant, unsigned seed)
{
  Cell cell;
  const double height = lattice_constant * std::sqrt(0.75);
  cell.box_33 = Eigen::Vector3d(side * lattice_constant, side * height, 20.0).asDiagonal();
  for (int row = 0; row < side; ++row)
    for (int k = 0; k < side; ++k)
      cell.x_i3.emplace_back(lattice_constant * (k + 0.5 * (row % 2)), height * row, 0.0);
  cell.type_i.assign(cell.size(), 1);
  disorder(cell, 0.02, 2, seed);
  Eigen::Matrix3d shear = Eigen::Matrix3d::Identity();
  shear(0, 1) = 0.03;
  return relaxed(deformed(cell, shear), potential, 2);
}

RankPart::RankPart(const Cell &cell, const TestPotential &potential,
                   const glass::Communicator &communicator, const std::vector<bool> &fixed_i) :
    environment(
        environment_of(cell, potential.cutoff, communicator.rank(), communicator.size(), fixed_i)),
    expansion(expand_sites(environment, *potential.rule)),
    hessian(assemble_hessian(expansion, communicator))
{
  const std::vector<std::size_t> atoms = atom_of_row(cell, communicator.size(), fixed_i);
  const auto first = atoms.begin() + environment.layout.first(communicator.rank());
  atom_r.assign(first, first + environment.layout.count(communicator.rank()));
}

Eigen::MatrixXd RankPart::rows_of(const Eigen::MatrixXd &whole) const
{
  Eigen::MatrixXd rows(3 * atom_r.size(), whole.cols());
  for (std::size_t r = 0; r < atom_r.size(); ++r)
    rows.middleRows<3>(3 * r) = whole.middleRows<3>(3 * atom_r[r]);
  return rows;
}

Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd &symmetric)
{
  const auto plan =
      glass::plan_dense(symmetric.rows(), {}, std::numeric_limits<std::size_t>::max());
  const glass::EigenPairs modes = glass::solve_dense(Eigen::MatrixXd(symmetric), {}, plan);
  const double floor = 1.0e-11 * modes.value_p.cwiseAbs().maxCoeff();
  const Eigen::VectorXd inverse =
      modes.value_p.unaryExpr([&](double v) { return std::abs(v) < floor ? 0.0 : 1.0 / v; });
  return modes.vector_np * inverse.asDiagonal() * modes.vector_np.transpose();
}

Eigen::MatrixXd random_matrix(Eigen::Index rows, Eigen::Index columns, unsigned seed)
{
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&]() { return normal(random); });
}

}    // namespace glass_test
