// Part of lammps-glass, GPL-2.0.

#include "cell.h"

#include <Eigen/LU>

#include <array>
#include <cmath>
#include <limits>
#include <random>

namespace glass_test {

Cell rattled_cell(int side, double spacing, double rattle, double tilt, unsigned seed)
{
  Cell cell;
  const double edge = side * spacing;
  cell.box_33 << edge, tilt * edge, -0.5 * tilt * edge, 0, edge, 0.7 * tilt * edge, 0, 0, edge;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> shift(-rattle, rattle);
  for (int a = 0; a < side; ++a)
    for (int b = 0; b < side; ++b)
      for (int c = 0; c < side; ++c) {
        const Eigen::Vector3d site = cell.box_33 * Eigen::Vector3d(a, b, c) / side;
        cell.x_i3.emplace_back(site + Eigen::Vector3d(shift(random), shift(random), shift(random)));
        cell.type_i.push_back(random() % 3 == 0 ? 2 : 1);
      }
  return cell;
}

Cell strained(const Cell &cell, const glass::StrainComponent &component, double epsilon)
{
  Eigen::Matrix3d deformation = Eigen::Matrix3d::Identity();
  deformation(component.kappa, component.chi) += epsilon;
  Cell result = cell;
  result.box_33 = deformation * cell.box_33;
  for (Eigen::Vector3d &x : result.x_i3)
    x = deformation * x;
  return result;
}

namespace {

/// Calls visit(i, j, r_ij) for every atom i and image of atom j within the cutoff.
template <typename Visit> void for_each_bond(const Cell &cell, double cutoff, Visit &&visit)
{
  // From the image that is nearest in fractional coordinates, the heights of the cell tell how many
  // more can be within the cutoff on either side.
  const Eigen::Matrix3d reciprocal = cell.box_33.inverse();
  std::array<int, 3> shells{};
  for (int k = 0; k < 3; ++k)
    shells[k] = static_cast<int>(std::floor(cutoff * reciprocal.row(k).norm() + 0.5));
  for (std::size_t i = 0; i < cell.size(); ++i)
    for (std::size_t j = 0; j < cell.size(); ++j) {
      const Eigen::Vector3d difference = cell.x_i3[j] - cell.x_i3[i];
      const Eigen::Vector3d nearest =
          difference - cell.box_33 * (reciprocal * difference).array().round().matrix();
      for (int a = -shells[0]; a <= shells[0]; ++a)
        for (int b = -shells[1]; b <= shells[1]; ++b)
          for (int c = -shells[2]; c <= shells[2]; ++c) {
            if (i == j && a == 0 && b == 0 && c == 0) continue;
            const Eigen::Vector3d r = nearest + cell.box_33 * Eigen::Vector3d(a, b, c);
            if (r.squaredNorm() < cutoff * cutoff) visit(i, j, r);
          }
    }
}

bool is_fixed(const std::vector<bool> &fixed_i, std::size_t i)
{
  return !fixed_i.empty() && fixed_i[i];
}

}    // namespace

std::vector<std::size_t> atom_of_row(const Cell &cell, int n_ranks,
                                     const std::vector<bool> &fixed_i)
{
  std::vector<std::size_t> atoms;
  for (int p = 0; p < n_ranks; ++p)
    for (std::size_t i = p; i < cell.size(); i += n_ranks)
      if (!is_fixed(fixed_i, i)) atoms.push_back(i);
  return atoms;
}

glass::Environment environment_of(const Cell &cell, double cutoff, int rank, int n_ranks,
                                  const std::vector<bool> &fixed_i)
{
  const std::vector<std::size_t> atoms = atom_of_row(cell, n_ranks, fixed_i);
  std::vector<glass::Row> row_i(cell.size(), glass::no_row);
  for (std::size_t row = 0; row < atoms.size(); ++row)
    row_i[atoms[row]] = static_cast<glass::Row>(row);

  glass::Environment environment;
  environment.layout.first_p.assign(n_ranks + 1, 0);
  for (const std::size_t i : atoms)
    ++environment.layout.first_p[i % n_ranks + 1];
  for (int p = 0; p < n_ranks; ++p)
    environment.layout.first_p[p + 1] += environment.layout.first_p[p];

  // Own atoms first, then every image as an atom of its own, as LAMMPS numbers its ghosts.
  for (std::size_t i = rank; i < cell.size(); i += n_ranks) {
    environment.type_a.push_back(cell.type_i[i]);
    environment.row_a.push_back(row_i[i]);
  }
  environment.n_sites = environment.type_a.size();
  environment.first_bond_s.assign(1, 0);
  std::size_t site = 0;
  const auto finish_sites_before = [&](std::size_t s) {
    for (; site < s; ++site)
      environment.first_bond_s.push_back(environment.atom_b.size());
  };
  for_each_bond(cell, cutoff, [&](std::size_t i, std::size_t j, const Eigen::Vector3d &r) {
    if (static_cast<int>(i % n_ranks) != rank) return;
    finish_sites_before(i / n_ranks);
    environment.atom_b.push_back(static_cast<int>(environment.type_a.size()));
    environment.r_b3.push_back(r);
    environment.type_a.push_back(cell.type_i[j]);
    environment.row_a.push_back(row_i[j]);
  });
  finish_sites_before(environment.n_sites);
  return environment;
}

std::vector<double> distances(const Cell &cell, double cutoff)
{
  std::vector<double> result;
  for_each_bond(cell, cutoff, [&](std::size_t, std::size_t, const Eigen::Vector3d &r) {
    result.push_back(r.norm());
  });
  return result;
}

std::vector<Eigen::Vector3d> forces_of(const Cell &cell, const TestPotential &potential)
{
  const glass::Environment environment = environment_of(cell, potential.cutoff);
  return glass::forces(glass::expand_sites(environment, *potential.rule),
                       glass::Communicator(MPI_COMM_SELF));
}

/* ---- Lennard-Jones ---------------------------------------------------- */

namespace {

constexpr double lj_cutoff = 2.5;

struct LennardJones : glass::PairFunction {
  static double epsilon(int i, int j) { return i != j ? 1.5 : i == 1 ? 1.0 : 0.5; }
  static double sigma(int i, int j) { return i != j ? 0.8 : i == 1 ? 1.0 : 0.88; }

  static double energy(int i, int j, double r)
  {
    const double s6 = std::pow(sigma(i, j) / r, 6);
    return 4.0 * epsilon(i, j) * (s6 * s6 - s6);
  }

  glass::PairDerivatives derivatives(int, int, int i, int j, double r_squared) const override
  {
    const double s6 = std::pow(sigma(i, j), 6) / std::pow(r_squared, 3);
    const double e = epsilon(i, j);
    return {24.0 * e * (s6 - 2.0 * s6 * s6) / std::sqrt(r_squared),
            24.0 * e * (26.0 * s6 * s6 - 7.0 * s6) / r_squared};
  }
};

}    // namespace

TestPotential lennard_jones()
{
  TestPotential potential;
  potential.name = "Lennard-Jones";
  potential.energy_steps = true;
  potential.cutoff = lj_cutoff;
  potential.function = std::make_unique<LennardJones>();
  potential.rule = std::make_unique<glass::PairRule>(*potential.function);
  potential.energy = [](const Cell &cell) {
    double sum = 0.0;
    for_each_bond(cell, lj_cutoff, [&](std::size_t i, std::size_t j, const Eigen::Vector3d &r) {
      sum += 0.5 * LennardJones::energy(cell.type_i[i], cell.type_i[j], r.norm());
    });
    return sum;
  };
  potential.distance_to_break = [](const Cell &cell) {
    double least = std::numeric_limits<double>::infinity();
    for (const double r : distances(cell, lj_cutoff + 0.1))
      least = std::min(least, std::abs(r - lj_cutoff));
    return least;
  };
  return potential;
}

/* ---- EAM on tables ----------------------------------------------------- */

namespace {

constexpr double eam_cutoff = 2.4;

/// A cubic Hermite table of a function on [0, n-1] * step, in the layout of CubicTable.
struct TableData {
  std::vector<std::array<double, 7>> row_m;
  std::vector<const double *> pointers;
  double step;

  TableData(int n, double table_step, const std::function<double(double)> &f,
            const std::function<double(double)> &df) :
      row_m(n + 1),
      step(table_step)
  {
    for (int m = 1; m <= n; ++m) {
      const double x = (m - 1) * step, f0 = f(x), f1 = f(x + step);
      const double d0 = step * df(x), d1 = step * df(x + step);
      const double cubic = 2.0 * (f0 - f1) + d0 + d1, square = 3.0 * (f1 - f0) - 2.0 * d0 - d1;
      row_m[m] = {3.0 * cubic / step, 2.0 * square / step, d0 / step, cubic, square, d0, f0};
    }
    for (const auto &row : row_m)
      pointers.push_back(row.data());
  }

  glass::CubicTable table() const
  {
    return {pointers.data(), static_cast<int>(pointers.size()) - 1, 1.0 / step};
  }

  /// The value, by a formula of its own.
  double operator()(double x) const
  {
    const int m = static_cast<int>(x / step);
    const double p = x / step - m;
    const auto &c = row_m[m + 1];
    return c[6] + p * c[5] + p * p * c[4] + p * p * p * c[3];
  }
};

struct EamModel {
  std::vector<TableData> embedding_t, density_tt, pair_tt;

  EamModel()
  {
    const auto cut = [](double r) { return r < eam_cutoff ? std::pow(eam_cutoff - r, 3) : 0.0; };
    const auto dcut = [](double r) {
      return r < eam_cutoff ? -3.0 * std::pow(eam_cutoff - r, 2) : 0.0;
    };
    for (int i = 1; i <= 2; ++i) {
      const double depth = 0.8 + 0.3 * i;
      embedding_t.emplace_back(
          60, 1.0, [=](double rho) { return -depth * std::sqrt(rho + 0.3) + 0.003 * rho * rho; },
          [=](double rho) { return -0.5 * depth / std::sqrt(rho + 0.3) + 0.006 * rho; });
      for (int j = 1; j <= 2; ++j) {
        const double f = 0.5 + 0.2 * i + 0.3 * j;    // depends on the order of the two types
        density_tt.emplace_back(
            40, 0.1, [=](double r) { return f * cut(r); }, [=](double r) { return f * dcut(r); });
        const double a = 4.0 + i * j, b = 0.2 * (i + j);
        // z = r phi
        pair_tt.emplace_back(
            40, 0.1,
            [=](double r) { return r * (a * std::exp(-2.0 * r) * cut(r) - 0.1 * b * cut(r)); },
            [=](double r) {
              const double e = a * std::exp(-2.0 * r);
              return e * cut(r) - 0.1 * b * cut(r) +
                     r * (-2.0 * e * cut(r) + e * dcut(r) - 0.1 * b * dcut(r));
            });
      }
    }
  }

  const TableData &density(int source, int receiver) const
  {
    return density_tt[2 * (source - 1) + receiver - 1];
  }
  const TableData &pair(int i, int j) const { return pair_tt[2 * (i - 1) + j - 1]; }

  std::vector<double> densities(const Cell &cell) const
  {
    std::vector<double> rho_i(cell.size(), 0.0);
    for_each_bond(cell, eam_cutoff, [&](std::size_t i, std::size_t j, const Eigen::Vector3d &r) {
      rho_i[i] += density(cell.type_i[j], cell.type_i[i])(r.norm());
    });
    return rho_i;
  }
};

}    // namespace

TestPotential embedded_atom()
{
  const auto model = std::make_shared<EamModel>();
  glass::EamTables tables;
  tables.n_types = 2;
  for (const TableData &data : model->embedding_t)
    tables.embedding_t.push_back(data.table());
  for (const TableData &data : model->density_tt)
    tables.density_tt.push_back(data.table());
  for (const TableData &data : model->pair_tt)
    tables.pair_tt.push_back(data.table());

  TestPotential potential;
  potential.name = "embedded atom";
  potential.cutoff = eam_cutoff;
  potential.rule = std::make_unique<glass::EamRule>(tables);
  potential.keep.push_back(model);
  potential.energy = [model](const Cell &cell) {
    double sum = 0.0;
    for_each_bond(cell, eam_cutoff, [&](std::size_t i, std::size_t j, const Eigen::Vector3d &r) {
      sum += 0.5 * model->pair(cell.type_i[i], cell.type_i[j])(r.norm()) / r.norm();
    });
    const std::vector<double> rho_i = model->densities(cell);
    for (std::size_t i = 0; i < cell.size(); ++i)
      sum += model->embedding_t[cell.type_i[i] - 1](rho_i[i]);
    return sum;
  };
  potential.distance_to_break = [model](const Cell &cell) {
    double least = std::numeric_limits<double>::infinity();
    const auto to_knot = [](double x, double step) {
      return std::abs(x / step - std::round(x / step)) * step;
    };
    for (const double r : distances(cell, eam_cutoff + 0.1))
      least = std::min(least, to_knot(r, 0.1));
    // A displacement of an atom changes a density by less than ten times as much here.
    for (const double rho : model->densities(cell))
      least = std::min(least, to_knot(rho, 1.0) / 10.0);
    return least;
  };
  return potential;
}

}    // namespace glass_test
