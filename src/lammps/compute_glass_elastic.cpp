// Part of lammps-glass, GPL-2.0.

#include "compute_glass_elastic.h"

#include "box_geometry.h"
#include "progress_clock.h"

#include "available_memory.h"
#include "spectrum/planar.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "memory.h"
#include "update.h"

#include <algorithm>
#include <cmath>

using namespace LAMMPS_NS;

static constexpr int VECTOR_SIZE = 20;

ComputeGlassElastic::ComputeGlassElastic(LAMMPS *lmp, int narg, char **arg) :
    ComputeGlassInherent(lmp, narg, arg)
{
  parse(narg, arg);
  scalar_flag = vector_flag = array_flag = 1;
  extscalar = extvector = extarray = 0;
  size_vector = VECTOR_SIZE;
  size_array_rows = 6;
  size_array_cols = 18;
  memory->create(vector, size_vector, "glass/elastic:vector");
  memory->create(array, size_array_rows, size_array_cols, "glass/elastic:array");
}

ComputeGlassElastic::~ComputeGlassElastic()
{
  memory->destroy(vector);
  memory->destroy(array);
}

void ComputeGlassElastic::parse(int narg, char **arg)
{
  for (int iarg = 3; iarg < narg;) {
    if (parse_common_keyword(iarg, narg, arg)) continue;
    if (parse_solver_keyword(iarg, narg, arg, false)) continue;
    const std::string keyword = arg[iarg];
    if (keyword != "relaxed")
      error->all(FLERR, "Unknown compute glass/elastic keyword: {}", keyword);
    if (iarg + 1 >= narg) utils::missing_cmd_args(FLERR, "compute glass/elastic " + keyword, error);
    relaxed = utils::logical(FLERR, arg[iarg + 1], false, lmp) != 0;
    iarg += 2;
  }
}

void ComputeGlassElastic::init()
{
  ComputeGlass::init();
  if (!whole_system())
    error->all(FLERR, "{}: elastic constants are of the whole system; use group all", name());
  if (!domain->xperiodic || !domain->yperiodic || (domain->dimension == 3 && !domain->zperiodic))
    error->all(FLERR, "{}: the box must be periodic in all directions; use boundary p p p", name());
  step_of_constants = -1;
}

double ComputeGlassElastic::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  compute_elastic();
  return scalar;
}

void ComputeGlassElastic::compute_vector()
{
  invoked_vector = update->ntimestep;
  compute_elastic();
}

void ComputeGlassElastic::compute_array()
{
  invoked_array = update->ntimestep;
  compute_elastic();
}

/* ---------------------------------------------------------------------- */

void ComputeGlassElastic::compute_elastic()
{
  if (step_of_constants == update->ntimestep) return;
  Derivatives derivatives =
      differentiate(AFFINE_ENERGY | FORCES | (relaxed ? HESSIAN | AFFINE_FORCES : 0u));

  std::fill_n(vector, size_vector, 0.0);
  glass::Matrix6 nonaffine = glass::Matrix6::Constant(std::nan(""));
  if (relaxed) {
    vector[17] = check_inherent_structure(derivatives.force_r, derivatives.hessian,
                                          "relaxed no for the affine part alone, or ");
    nonaffine = nonaffine_energy(derivatives);
  } else {
    vector[17] = largest_component(derivatives.force_r);
  }
  fill(glass::elastic_constants(derivatives.affine_energy, glass::Matrix6::Zero(),
                                glass::box_volume(*domain), domain->dimension),
       glass::elastic_constants(derivatives.affine_energy, nonaffine, glass::box_volume(*domain),
                                domain->dimension));
  step_of_constants = update->ntimestep;
  verbose = false;
}

/* ----------------------------------------------------------------------
   Xi_c . H^-1 . Xi_d
------------------------------------------------------------------------- */

glass::Matrix6 ComputeGlassElastic::nonaffine_energy(Derivatives &derivatives)
{
  // The one atom of a primitive cell has nowhere to go.
  if (derivatives.hessian.layout.size() == 1) return glass::Matrix6::Zero();
  glass::ProgressClock clock;
  const int d = domain->dimension;
  if (d == 2) glass::make_planar(derivatives.hessian);
  glass::BlockVector xi = glass::columns_of(derivatives.affine_force_r);
  if (d == 2)    // what has a z does not exist
    for (Eigen::Index row = 0; row < xi.rows(); ++row)
      for (int c = 0; c < 6; ++c)
        if (row % 3 == 2 || glass::strain_components[c].chi == 2) xi(row, c) = 0.0;

  options.dimension = d;
  options.available_bytes = glass::available_memory();
  options.progress = [&](int iteration, double residual) {
    if (!clock.is_due()) return;
    log(fmt::format("iteration {}, residual {:.2e}, {:.3g} s", iteration, residual,
                    clock.seconds()));
  };

  glass::SolveResult solution;
  std::string failure;
  try {
    solution = glass::LinearSolver(derivatives.hessian, options, communicator).solve(xi);
    glass::check_converged(solution.report);
  } catch (const std::exception &error_of_solve) {
    failure = error_of_solve.what();
  }
  stop_if(!failure.empty(), failure);
  report(solution.report, clock.seconds());
  return glass::nonaffine_energy(xi, solution.x, communicator);
}

void ComputeGlassElastic::report(const glass::SolveReport &solve, double took)
{
  const double residual = *std::max_element(solve.residual_c.begin(), solve.residual_c.end());
  vector[18] = residual;
  if (solve.method == glass::SolveMethod::conjugate_gradients) vector[19] = solve.iterations;
  if (!verbose) return;
  if (solve.method == glass::SolveMethod::direct)
    log(fmt::format("solved by sparse Cholesky (CHOLMOD, {:.3g} GiB) in {:.3g} s, residual {:.1e}",
                    static_cast<double>(solve.factor_bytes) / glass::GIB, took, residual));
  else
    log(fmt::format("solved by block conjugate gradients in {:.3g} s, {} iterations, residual "
                    "{:.1e}",
                    took, solve.iterations, residual));
}

/* ----------------------------------------------------------------------
   from energy/volume to pressure
------------------------------------------------------------------------- */

void ComputeGlassElastic::fill(const glass::ElasticConstants &affine,
                               const glass::ElasticConstants &relaxed_constants)
{
  const double p = force->nktv2p;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      array[i][j] = p * relaxed_constants.green_66(i, j);
      array[i][6 + j] = p * affine.green_66(i, j);
      array[i][12 + j] = p * relaxed_constants.stress_strain_66(i, j);
    }
  const auto [bulk, shear] = std::pair(relaxed_constants.bulk, relaxed_constants.shear);
  const double moduli[] = {bulk.voigt, bulk.reuss, bulk.hill, shear.voigt, shear.reuss, shear.hill};
  for (int k = 0; k < 6; ++k)
    vector[k] = p * moduli[k];
  for (int k = 0; k < 3; ++k)
    vector[6 + k] = p * relaxed_constants.simple_shear_s[k];
  vector[9] = p * affine.simple_shear;
  vector[10] = p * affine.bulk.voigt;
  for (int c = 0; c < 6; ++c) {
    const auto [kappa, chi] = glass::strain_components[c];
    vector[11 + c] = p * affine.stress_33(kappa, chi);
  }
  scalar = p * (relaxed ? relaxed_constants : affine).simple_shear;
}
