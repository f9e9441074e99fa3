// Part of lammps-glass, GPL-2.0.

// Second derivatives of any potential, by coloured finite differences of LAMMPS's forces.

#include "compute_glass.h"

#include "available_memory.h"
#include "lammps_forces.h"
#include "pair_rules.h"
#include "progress_clock.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "pair.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <exception>

using namespace LAMMPS_NS;

/* ---------------------------------------------------------------------- */

ComputeGlass::Derivatives ComputeGlass::differentiate_by_differences(unsigned wanted)
{
  if (!LammpsForces::lists_are_current(lmp))
    error->all(FLERR,
               "{}: atoms or the box have moved beyond the neighbour lists since the forces were "
               "computed; use a larger skin (command neighbor)",
               name());
  glass::OwnAtoms atoms;
  atoms.box = periodic_box();
  atoms.layout = number_rows();
  atoms.row_i.assign(row_of_atom.begin(), row_of_atom.begin() + atom->nlocal);
  for (int i = 0; i < atom->nlocal; ++i)
    atoms.x_i3.emplace_back(atom->x[i][0], atom->x[i][1], atom->x[i][2]);

  Derivatives result;
  LammpsForces field(lmp);
  const std::vector<Eigen::Vector3d> at_rest(atom->nlocal, Eigen::Vector3d::Zero());
  const std::vector<Eigen::Vector3d> force_i3 = field.displaced_forces(at_rest);
  check_finite(std::all_of(force_i3.begin(), force_i3.end(),
                           [](const Eigen::Vector3d &f) { return f.allFinite(); }));
  stop_if(force_i3 != field.displaced_forces(at_rest),
          fmt::format("pair style {} gives other forces at the same positions; they have no "
                      "second derivatives",
                      force->pair_style));
  if (wanted & FORCES)
    for (const int i : group_atoms())
      result.force_r.push_back(force_i3[i]);
  if (wanted & HESSIAN) {
    glass::DifferenceHessian hessian = difference_hessian(field, atoms);
    if (verbose) warn_of_forces(hessian);
    result.hessian = std::move(hessian.matrix);
  }
  if (wanted & (AFFINE_FORCES | AFFINE_ENERGY)) {
    std::string failure;
    glass::DifferenceAffine affine;
    try {
      affine = glass::difference_affine(field, atoms, communicator);
    } catch (const std::exception &error_of_field) {
      failure = error_of_field.what();
    }
    stop_if(!failure.empty(), failure);
    if (verbose)
      log(fmt::format("affine forces by differences, strain {:.3g}, error {:.1e} of their size",
                      affine.step, affine.error));
    if (verbose && affine.error > 1.0e-4) warn_of_steps(affine.n_kinks, affine.step, 0.0);
    result.affine_force_r = std::move(affine.xi_r63);
    result.affine_energy = affine.energy;
  }
  return result;
}

/* ----------------------------------------------------------------------
   forces of pair styles reach one cutoff, those of many-body styles two as a rule;
   a zone that is too small betrays itself at the first colour
------------------------------------------------------------------------- */

glass::DifferenceHessian ComputeGlass::difference_hessian(glass::ForceField &field,
                                                          const glass::OwnAtoms &atoms)
{
  const Eigen::Matrix3d &edge = atoms.box.edge_33;
  const double box = edge.col(0).norm() + edge.col(1).norm() + edge.col(2).norm();
  // A little more than the cutoff: the step may bring a pair into it.
  const double reach = 1.01 * force->pair->cutforce;
  double radius = zone > 0.0 ? zone : reach;
  if (zone == 0.0 && (force->kspace || !(radius > 0.0))) radius = box;
  glass::ProgressClock clock;
  const auto progress = [&](double done) {
    if (!clock.is_due()) return;
    log(fmt::format("{:.0f} % of the differences, {:.3g} s", 100.0 * done, clock.seconds()));
  };

  while (true) {
    const double sphere = 4.18879 * radius * radius * radius;
    const double in_zone =
        std::min(static_cast<double>(atom->natoms),
                 static_cast<double>(atom->natoms) * sphere / std::abs(edge.determinant()));
    const double bytes = 200.0 * in_zone * static_cast<double>(atom->nlocal) +
                         60.0 * static_cast<double>(atom->natoms);
    const double gib = 1024.0 * 1024.0 * 1024.0;
    stop_if(bytes > static_cast<double>(glass::available_memory()),
            fmt::format("finite differences with zones of radius {:.6g} need {:.3g} GiB on a rank; "
                        "use more ranks or a smaller system",
                        radius, bytes / gib));
    if (verbose)
      log(fmt::format("finite differences with zones of radius {:.6g}, about {:.3g} GiB a rank",
                      radius, communicator.maximum(bytes) / gib));
    glass::DifferenceHessian hessian =
        glass::difference_hessian(field, atoms, radius, communicator, progress);
    if (hessian.leak_distance == 0.0) {
      if (verbose)
        log(fmt::format("{} colours, {} force evaluations, step {:.3g}, error {:.1e}, asymmetry "
                        "{:.1e} of the largest element",
                        hessian.n_colors, hessian.n_evaluations, hessian.step, hessian.error,
                        hessian.asymmetry));
      return hessian;
    }
    if (zone > 0.0)
      error->all(FLERR,
                 "{}: zone {} is too small: displacing an atom changes forces at a distance of at "
                 "least {:.6g}; give a larger zone, or none to have it found",
                 name(), zone, hessian.leak_distance);
    if (radius >= box)
      error->all(FLERR, "{}: forces of pair style {} do not sum to zero", name(),
                 force->pair_style);
    // Two cutoffs next; further out what was seen tells.
    radius = std::min(std::max(radius + reach, 1.2 * hessian.leak_distance), box);
  }
}

void ComputeGlass::warn_of_forces(const glass::DifferenceHessian &hessian) const
{
  if (comm->me == 0 && hessian.asymmetry > 1.0e-4)
    error->warning(
        FLERR,
        "{}: the Hessian of pair style {} is asymmetric by {:.1e} of its largest element "
        "before it is made symmetric: the forces are not the gradient of an energy, or "
        "not smooth",
        name(), force->pair_style, hessian.asymmetry);
  if (comm->me == 0 && hessian.error > 1.0e-4)
    error->warning(FLERR,
                   "{}: differences of the forces of pair style {} do not settle as the step gets "
                   "smaller: they are good to {:.1e} of the largest element at best",
                   name(), force->pair_style, hessian.error);
  warn_of_steps(hessian.n_kinks, hessian.step, hessian.largest);
}

/// @param largest  element of the Hessian, to tell whether a force at the cutoff matters; 0 if none
void ComputeGlass::warn_of_steps(std::size_t n_kinks, double step, double largest) const
{
  const double step_of_force = communicator.maximum(glass::force_at_cutoff(lmp));
  const bool matters = largest > 0.0 && step_of_force > 1.0e-8 * largest * force->pair->cutforce;
  if (comm->me != 0 || (n_kinks == 0 && !matters)) return;
  error->warning(FLERR,
                 "{}: the force of pair style {} steps{}: derivatives of pairs within {:.3g} of "
                 "there are wrong ({} responses differ between forward and backward displacement); "
                 "use a potential whose force vanishes at the cutoff",
                 name(), force->pair_style,
                 matters ? fmt::format(" by {:.3g} at a cutoff", step_of_force) : "", step,
                 n_kinks);
}
