// Part of lammps-glass, GPL-2.0.

#include "compute_glass_inherent.h"

#include "box_geometry.h"

#include "domain.h"
#include "error.h"

#include <algorithm>
#include <cmath>

using namespace LAMMPS_NS;

// Largest force of an inherent structure, in units of stiffness times distance of neighbours: what
// is left to relax is then a millionth of that distance.
static constexpr double RELATIVE_FORCE = 1.0e-6;

bool ComputeGlassInherent::parse_solver_keyword(int &iarg, int narg, char **arg, bool dense_offered)
{
  const std::string keyword = arg[iarg];
  if (keyword != "solver" && keyword != "tolerance" && keyword != "maxiter" && keyword != "fmax")
    return false;
  if (iarg + 1 >= narg)
    utils::missing_cmd_args(FLERR, std::string("compute ") + style + " " + keyword, error);
  const std::string value = arg[iarg + 1];
  const auto positive = [&]() {
    const double number = utils::numeric(FLERR, value, false, lmp);
    if (!(number > 0.0))
      error->all(FLERR, "Compute {} {} must be > 0, not {}", style, keyword, value);
    return number;
  };
  if (keyword == "tolerance")
    options.tolerance = positive();
  else if (keyword == "fmax")
    largest_force_allowed = positive();
  else if (keyword == "maxiter") {
    options.max_iterations = utils::inumeric(FLERR, value, false, lmp);
    if (options.max_iterations < 1)
      error->all(FLERR, "Compute {} maxiter must be > 0, not {}", style, value);
  } else {
    dense_wanted = dense_offered && value == "dense";
    if (value == "auto" || dense_wanted)
      options.method = glass::SolveMethod::automatic;
    else if (value == "direct")
      options.method = glass::SolveMethod::direct;
    else if (value == "cg")
      options.method = glass::SolveMethod::conjugate_gradients;
    else
      error->all(FLERR, "Compute {} solver must be auto,{} direct or cg, not {}", style,
                 dense_offered ? " dense," : "", value);
  }
  iarg += 2;
  return true;
}

double ComputeGlassInherent::largest_component(const std::vector<Eigen::Vector3d> &force_r) const
{
  double largest = 0.0;
  for (const Eigen::Vector3d &f : force_r)
    for (int alpha = 0; alpha < domain->dimension; ++alpha)
      largest = std::max(largest, std::abs(f[alpha]));
  return communicator.maximum(largest);
}

double ComputeGlassInherent::check_inherent_structure(const std::vector<Eigen::Vector3d> &force_r,
                                                      const glass::BlockMatrix &hessian,
                                                      const std::string &also)
{
  const double largest = largest_component(force_r);
  // The force on the one atom of a primitive cell is zero by symmetry.
  if (hessian.layout.size() == 1 && whole_system()) return largest;
  const int d = domain->dimension;
  double allowed = largest_force_allowed;
  if (allowed == 0.0) {
    const auto n = static_cast<double>(hessian.layout.size());
    const double stiffness = std::abs(glass::trace(hessian, d, communicator)) / (d * n);
    allowed = RELATIVE_FORCE * stiffness * std::pow(glass::box_volume(*domain) / n, 1.0 / d);
  }
  if (largest > allowed)
    error->all(FLERR,
               "{}: the configuration is no inherent structure: its largest force component is "
               "{:.4g}, and {:.4g} is allowed; minimize it first, or use {}fmax to allow more",
               name(), largest, allowed, also);
  return largest;
}
