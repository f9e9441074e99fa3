// Part of lammps-glass, GPL-2.0.

// Potentials with angles for the tests: parameters that differ for all triplets of two types, and
// energies by plain loops over bonds, as the publications write them.

#include "cell.h"

#include "potential/stillinger_weber.h"
#include "potential/tersoff.h"

#include <cmath>
#include <limits>

namespace glass_test {

namespace {

/// Calls visit(i, first, last) with the bonds of every atom.
template <typename Visit> void for_each_site(const glass::Environment &environment, Visit &&visit)
{
  for (std::size_t i = 0; i < environment.n_sites; ++i)
    visit(environment.type_a[i] - 1, environment.first_bond_s[i], environment.first_bond_s[i + 1]);
}

int element(const glass::Environment &environment, std::size_t bond)
{
  return environment.type_a[environment.atom_b[bond]] - 1;
}

double cosine(const Eigen::Vector3d &a, const Eigen::Vector3d &b)
{
  return a.dot(b) / std::sqrt(a.squaredNorm() * b.squaredNorm());
}

/* ---- Stillinger-Weber -------------------------------------------------- */

constexpr double sw_cutoff = 1.45;

glass::TripletTable<glass::StillingerWeberEntry> sw_parameters()
{
  glass::TripletTable<glass::StillingerWeberEntry> table{2, {}};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 0; k < 2; ++k) {
        glass::StillingerWeberEntry entry;
        entry.epsilon = 1.0 + 0.3 * i + 0.2 * j + 0.1 * k;
        entry.sigma = 0.74 + 0.02 * i + 0.03 * j + 0.01 * k;
        entry.a = 1.8 - 0.03 * i + 0.01 * j;
        entry.lambda = 12.0 + 3.0 * i - 2.0 * j + 1.5 * k;
        entry.gamma = 1.2 - 0.1 * j + 0.05 * k;
        entry.cos_theta0 = -1.0 / 3.0 + 0.05 * i + 0.1 * j - 0.07 * k;
        entry.A = 7.0 + 0.2 * i + 0.3 * j;
        entry.B = 0.6 + 0.03 * i + 0.02 * j;
        entry.p = j == 0 ? 4.0 : 4.5;
        entry.q = i == 0 ? 0.0 : 1.0;
        table.entry_eee.push_back(entry);
      }
  return table;
}

double sw_energy(const Cell &cell)
{
  const auto parameters = sw_parameters();
  const glass::Environment environment = environment_of(cell, sw_cutoff);
  double sum = 0.0;
  for_each_site(environment, [&](int i, std::size_t first, std::size_t last) {
    for (std::size_t b = first; b < last; ++b) {
      const int j = element(environment, b);
      const auto &ij = parameters(i, j, j);
      const double r = environment.r_b3[b].norm(), end = ij.a * ij.sigma;
      if (r >= end) continue;
      sum += 0.5 * ij.A * ij.epsilon *
             (ij.B * std::pow(ij.sigma / r, ij.p) - std::pow(ij.sigma / r, ij.q)) *
             std::exp(ij.sigma / (r - end));
      for (std::size_t b2 = first; b2 < last; ++b2) {
        const int k = element(environment, b2);
        const auto &ik = parameters(i, k, k), &ijk = parameters(i, j, k);
        const double r2 = environment.r_b3[b2].norm(), end2 = ik.a * ik.sigma;
        if (b2 == b || r2 >= end2) continue;
        const double bend = cosine(environment.r_b3[b], environment.r_b3[b2]) - ijk.cos_theta0;
        sum += 0.5 * ijk.lambda * ijk.epsilon * bend * bend *
               std::exp(ij.gamma * ij.sigma / (r - end)) *
               std::exp(ik.gamma * ik.sigma / (r2 - end2));
      }
    }
  });
  return sum;
}

/* ---- Tersoff ----------------------------------------------------------- */

constexpr double tersoff_cutoff = 1.5;
constexpr glass::ZblConstants zbl_constants{0.3, 0.2};

glass::TripletTable<glass::TersoffEntry> tersoff_parameters()
{
  glass::TripletTable<glass::TersoffEntry> table{2, {}};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 0; k < 2; ++k) {
        glass::TersoffEntry entry;
        entry.A = 60.0 + 4.0 * i + 3.0 * j;
        entry.lambda1 = 3.0 + 0.1 * i + 0.2 * j;
        entry.B = 14.0 + 1.0 * i + 2.0 * j;
        entry.lambda2 = 1.5 + 0.1 * i - 0.05 * j;
        entry.beta = 0.4 + 0.1 * i + 0.05 * j;
        entry.n = i == j ? 0.8 : 1.7;
        entry.delta = entry.n;
        entry.lambda3 = 0.9 + 0.2 * i - 0.1 * j + 0.15 * k;
        entry.m = j == k ? 3 : 1;
        entry.gamma = 0.8 + 0.1 * k;
        entry.c = 1.1 + 0.2 * i + 0.1 * k;
        entry.d = 0.7 + 0.1 * j;
        entry.h = -0.4 + 0.1 * i - 0.05 * j + 0.15 * k;
        entry.R = 1.24 + 0.02 * i + 0.03 * j - 0.04 * k;
        entry.D = 0.16 + 0.01 * i - 0.02 * k;
        entry.c1 = 0.2 + 0.05 * k;
        entry.c2 = 1.5 + 0.2 * i;
        entry.c3 = 0.6 + 0.1 * j;
        entry.c4 = 0.8 - 0.2 * k;
        entry.c5 = 2.0 + 0.5 * i;
        entry.Z_i = 6.0 + 8.0 * i;
        entry.Z_j = 6.0 + 8.0 * j;
        entry.zbl_r_c = 0.85 + 0.03 * (i + j);
        entry.zbl_inverse_a = 9.0 + i + j;
        table.entry_eee.push_back(entry);
      }
  return table;
}

template <glass::TersoffForm form> glass::TripletTable<glass::TersoffEntry> parameters_of()
{
  auto table = tersoff_parameters();
  if (form == glass::TersoffForm::modified)
    for (auto &entry : table.entry_eee)
      entry.delta = 0.4 + 0.3 * entry.n;
  return table;
}

template <glass::TersoffForm form> double tersoff_energy(const Cell &cell)
{
  const auto parameters = parameters_of<form>();
  const double pi = std::acos(-1.0);
  const auto cut = [&](const glass::TersoffEntry &p, double r) {
    if (r <= p.R - p.D) return 1.0;
    if (r >= p.R + p.D) return 0.0;
    const double x = pi * (r - p.R) / (2.0 * p.D);
    if (form == glass::TersoffForm::modified)
      return 0.5 - 9.0 / 16.0 * std::sin(x) - 1.0 / 16.0 * std::sin(3.0 * x);
    return 0.5 - 0.5 * std::sin(x);
  };
  const auto angular = [&](const glass::TersoffEntry &p, double c) {
    const double square = std::pow(p.h - c, 2);
    if (form == glass::TersoffForm::modified)
      return p.c1 + p.c2 * square / (p.c3 + square) * (1.0 + p.c4 * std::exp(-p.c5 * square));
    return p.gamma * (1.0 + p.c * p.c / (p.d * p.d) - p.c * p.c / (p.d * p.d + square));
  };

  const glass::Environment environment = environment_of(cell, tersoff_cutoff);
  double sum = 0.0;
  for_each_site(environment, [&](int i, std::size_t first, std::size_t last) {
    for (std::size_t b = first; b < last; ++b) {
      const int j = element(environment, b);
      const auto &ij = parameters(i, j, j);
      const double r = environment.r_b3[b].norm();
      if (r >= ij.R + ij.D) continue;
      double xi = 0.0;
      for (std::size_t b2 = first; b2 < last; ++b2) {
        if (b2 == b) continue;
        const auto &ijk = parameters(i, j, element(environment, b2));
        const double r2 = environment.r_b3[b2].norm();
        xi += cut(ijk, r2) * angular(ijk, cosine(environment.r_b3[b], environment.r_b3[b2])) *
              std::exp(std::pow(ijk.lambda3 * (r - r2), ijk.m));
      }
      const double b_ij = std::pow(1.0 + std::pow(ij.beta * xi, ij.n), -0.5 / ij.delta);
      double repulsion = cut(ij, r) * ij.A * std::exp(-ij.lambda1 * r);
      double attraction = -cut(ij, r) * ij.B * std::exp(-ij.lambda2 * r);
      if (form == glass::TersoffForm::zbl) {
        const double outer = 1.0 / (1.0 + std::exp(-ij.zbl_inverse_a * (r - ij.zbl_r_c)));
        const double length =
            0.8854 * zbl_constants.bohr_radius / (std::pow(ij.Z_i, 0.23) + std::pow(ij.Z_j, 0.23));
        const double x = r / length;
        const double zbl = zbl_constants.coulomb * ij.Z_i * ij.Z_j / r *
                           (0.1818 * std::exp(-3.2 * x) + 0.5099 * std::exp(-0.9423 * x) +
                            0.2802 * std::exp(-0.4029 * x) + 0.02817 * std::exp(-0.2016 * x));
        repulsion = (1.0 - outer) * zbl + outer * repulsion;
        attraction *= outer;
      }
      sum += 0.5 * (repulsion + b_ij * attraction);
    }
  });
  return sum;
}

template <glass::TersoffForm form> TestPotential tersoff_of(const std::string &name)
{
  TestPotential potential;
  potential.name = name;
  potential.cutoff = tersoff_cutoff;
  potential.rule = glass::make_tersoff_rule(form, parameters_of<form>(), {0, 1}, zbl_constants);
  potential.energy = tersoff_energy<form>;
  potential.distance_to_break = [](const Cell &cell) {
    double least = std::numeric_limits<double>::infinity();
    for (const double r : distances(cell, tersoff_cutoff + 0.1))
      for (const auto &p : tersoff_parameters().entry_eee)
        for (const double end : {p.R - p.D, p.R + p.D})
          least = std::min(least, std::abs(r - end));
    return least;
  };
  return potential;
}

}    // namespace

TestPotential stillinger_weber()
{
  TestPotential potential;
  potential.name = "Stillinger-Weber";
  potential.cutoff = sw_cutoff;
  potential.rule = glass::make_stillinger_weber_rule(sw_parameters(), {0, 1});
  potential.energy = sw_energy;
  // All derivatives vanish at the cutoff.
  potential.distance_to_break = [](const Cell &) {
    return std::numeric_limits<double>::infinity();
  };
  return potential;
}

TestPotential tersoff()
{
  return tersoff_of<glass::TersoffForm::original>("Tersoff");
}

TestPotential tersoff_mod()
{
  return tersoff_of<glass::TersoffForm::modified>("modified Tersoff");
}

TestPotential tersoff_zbl()
{
  return tersoff_of<glass::TersoffForm::zbl>("Tersoff with ZBL");
}

}    // namespace glass_test
