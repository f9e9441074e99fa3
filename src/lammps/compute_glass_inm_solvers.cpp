// Part of lammps-glass, GPL-2.0.

// How compute glass/inm finds modes: the eigenproblem, and one function a solver.

#include "compute_glass_inm.h"

#include "progress_clock.h"

#include "available_memory.h"
#include "observable/elastic_constants.h"
#include "spectrum/whole_vectors.h"

#include "domain.h"
#include "error.h"
#include "force.h"
#include "group.h"

#include <cmath>
#include <new>
#include <numeric>
#include <thread>

using namespace LAMMPS_NS;

/// By time, or by memory where LAPACK has not enough. On as many threads as there are ranks, LAPACK
/// is the faster.
ComputeGlassINM::Solver ComputeGlassINM::choose_solver() const
{
  constexpr std::size_t worth_sharing = 2000;
  const std::size_t n = degrees_of_freedom();
  const int ranks = communicator.size();
  if (solver != Solver::AUTO) return solver;
  if (ranks == 1 || n < worth_sharing || !glass::scalapack_is_missing(communicator).empty())
    return Solver::LAPACK;

  const glass::ScalapackPlan plan =
      glass::plan_scalapack(group->count(igroup), domain->dimension, ranks);
  const int ranks_here = communicator.ranks_on_machine();
  const std::size_t available = glass::available_memory();
  // LAPACK takes the memory of the first rank alone.
  const bool too_large =
      communicator.root() && glass::plan_dense(n, range, available).bytes > available;
  const bool lapack_fits = communicator.maximum(too_large ? 1.0 : 0.0) == 0.0;
  const bool all_fit = plan.addressable && plan.bytes <= available / ranks_here;
  const bool idle_cores =
      static_cast<unsigned>(ranks_here) <= std::thread::hardware_concurrency() &&
      ranks >= 2 * glass::linear_algebra_threads() && range.all();
  const double hindered = communicator.maximum(all_fit && (idle_cores || !lapack_fits) ? 0.0 : 1.0);
  return hindered == 0.0 ? Solver::SCALAPACK : Solver::LAPACK;
}

/// Ranks of one machine share its memory. Collective.
std::size_t ComputeGlassINM::available_on_each_rank() const
{
  return glass::available_memory() / static_cast<std::size_t>(communicator.ranks_on_machine());
}

std::size_t ComputeGlassINM::degrees_of_freedom() const
{
  return static_cast<std::size_t>(domain->dimension) *
         static_cast<std::size_t>(group->count(igroup));
}

ComputeGlassINM::Problem ComputeGlassINM::pose_problem()
{
  const double start = platform::walltime();
  Problem problem;
  problem.mass_r = gather_masses();
  Derivatives derivatives = differentiate(HESSIAN | AFFINE_FORCES);
  const double took = platform::walltime() - start;
  const double blocks = communicator.sum(static_cast<double>(derivatives.hessian.n_blocks()));
  const double bytes = communicator.sum(static_cast<double>(derivatives.hessian.bytes()));
  if (verbose) {
    const auto atoms = static_cast<double>(derivatives.hessian.layout.size());
    if (!domain->xperiodic || !domain->yperiodic || (domain->dimension == 3 && !domain->zperiodic))
      log("the box is not periodic in all directions: modes of the surface are part of the "
          "spectrum");
    log(fmt::format(
        "Hessian of {:.0f} atoms assembled in {:.3g} s: {:.3g} blocks an atom, {:.3g} GiB", atoms,
        took, blocks / atoms, bytes / glass::GIB));
  }

  // ftm2v turns energy/(mass distance^2) into 1/time^2
  problem.matrix = std::make_unique<glass::DynamicalMatrix>(
      std::move(derivatives.hessian), problem.mass_r, force->ftm2v, domain->dimension,
      whole_system(), communicator);
  problem.xi =
      problem.matrix->mass_weighted(glass::columns_of(derivatives.affine_force_r, components));
  return problem;
}

/* ----------------------------------------------------------------------
   LAPACK: the first rank solves, the others sleep
------------------------------------------------------------------------- */

/// Announces the memory before it is allocated; refuses what does not fit.
glass::DensePlan ComputeGlassINM::plan_on_first_rank()
{
  const std::size_t n = degrees_of_freedom();
  const std::size_t available = glass::available_memory();
  glass::DensePlan plan = glass::plan_dense(n, range, available);
  const double needed_gib = static_cast<double>(plan.bytes) / glass::GIB;
  const double available_gib = static_cast<double>(available) / glass::GIB;
  const bool fits = plan.bytes <= available;
  stop_if(communicator.root() && !fits,
          fmt::format("a dense solve for {} degrees of freedom needs {:.3g} GiB on the first rank, "
                      "which has {:.3g} GiB "
                      "available; use a smaller group or system{}",
                      n, needed_gib, available_gib,
                      range.all() ? "" : " (a range of modes needs no less)"));
  if (verbose)
    log(fmt::format(
        "{} x {} eigenproblem by LAPACK {} ({}) needs {:.3g} GiB of {:.3g} GiB available", n, n,
        plan.routine, glass::linear_algebra_library(), needed_gib, available_gib));
  return plan;
}

void ComputeGlassINM::solve_on_first_rank()
{
  const glass::DensePlan plan = plan_on_first_rank();
  glass::ModeProblem dense;
  glass::RowLayout layout;
  {
    const Problem problem = pose_problem();
    const glass::BlockMatrix &matrix = problem.matrix->matrix();
    layout = matrix.layout;
    const std::vector<double> mass_i = communicator.gather(problem.mass_r);
    dense.dimension = domain->dimension;
    dense.translations = whole_system();
    dense.range = range;
    dense.sqrt_mass_i = Eigen::Map<const Eigen::VectorXd>(mass_i.data(), mass_i.size()).cwiseSqrt();
    dense.xi_nc = glass::whole_vectors(problem.xi, dense.dimension, communicator);
    dense.dynamical_nn = glass::gather_dense(matrix, std::vector<double>(mass_i.size(), 1.0),
                                             dense.dimension, communicator);
  }

  const double start = platform::walltime();
  std::string failure;
  if (communicator.root()) {
    try {
      modes = glass::normal_modes(std::move(dense), plan);
    } catch (const std::exception &error_of_solve) {
      failure = error_of_solve.what();
    }
  }
  communicator.wait_for_root();
  seconds_of_solve = platform::walltime() - start;
  stop_if(!failure.empty(), failure);

  glass::ModeVectors::Part part;
  if (communicator.root()) {
    part.row_i.resize(static_cast<std::size_t>(layout.size()));
    std::iota(part.row_i.begin(), part.row_i.end(), 0);
    part.mode_q.resize(static_cast<std::size_t>(modes.size()));
    std::iota(part.mode_q.begin(), part.mode_q.end(), 0);
    part.vector_nq.swap(modes.vector_np);
  }
  vectors.emplace(std::move(part), domain->dimension, layout, communicator);
}

/* ----------------------------------------------------------------------
   ScaLAPACK: all ranks solve, and what they find stays where it is
------------------------------------------------------------------------- */

/// Announces the memory before it is allocated; refuses what does not fit.
glass::ScalapackPlan ComputeGlassINM::plan_on_all_ranks()
{
  const std::size_t n = degrees_of_freedom();
  const glass::ScalapackPlan plan =
      glass::plan_scalapack(group->count(igroup), domain->dimension, communicator.size());
  const double needed_gib = static_cast<double>(plan.bytes) / glass::GIB;
  const double available_gib =
      -communicator.maximum(-static_cast<double>(available_on_each_rank()) / glass::GIB);
  stop_if(
      needed_gib > available_gib,
      fmt::format("a distributed solve for {} degrees of freedom needs {:.3g} GiB on each of {} "
                  "ranks, which have {:.3g} GiB available; use more machines, or a smaller group "
                  "or system",
                  n, needed_gib, communicator.size(), available_gib));
  stop_if(!plan.addressable,
          fmt::format("a distributed solve for {} degrees of freedom on {} ranks needs workspace "
                      "beyond the 32-bit integers of ScaLAPACK; use more ranks",
                      n, communicator.size()));
  if (verbose)
    log(fmt::format("{} x {} eigenproblem by ScaLAPACK pdsyevd ({}) on {} x {} ranks needs {:.3g} "
                    "GiB on each of {:.3g} GiB available",
                    n, n, glass::library_of_scalapack(), plan.grid.rows.n_parts,
                    plan.grid.columns.n_parts, needed_gib, available_gib));
  return plan;
}

void ComputeGlassINM::solve_on_all_ranks()
{
  const std::string missing = glass::scalapack_is_missing(communicator);
  if (!missing.empty())
    error->all(FLERR, "Compute glass/inm solver scalapack: {}; use solver lapack", missing);
  const glass::ScalapackPlan plan = plan_on_all_ranks();
  const Problem problem = pose_problem();
  solve_together([&] {
    keep(glass::distributed_modes(*problem.matrix, problem.mass_r, problem.xi, range, plan));
  });
}

/// Times a solve in which all ranks take part, and ends the run if it fails.
void ComputeGlassINM::solve_together(const std::function<void()> &solve)
{
  const double start = platform::walltime();
  std::string failure;
  try {
    solve();
  } catch (const std::bad_alloc &) {
    error->one(FLERR, "{}: out of memory", name());    // others may be waiting for this rank
  } catch (const std::exception &error_of_solve) {
    failure = error_of_solve.what();    // the same on all ranks
  }
  seconds_of_solve = platform::walltime() - start;
  stop_if(!failure.empty(), failure);
}

/* ----------------------------------------------------------------------
   Spectra: the lowest modes, with the sparse matrix as operator
------------------------------------------------------------------------- */

void ComputeGlassINM::plan_lowest()
{
  const double available_gib =
      -communicator.maximum(-static_cast<double>(available_on_each_rank()) / glass::GIB);
  const double needed_gib =
      static_cast<double>(glass::bytes_of_lowest(group->count(igroup), n_lowest)) / glass::GIB;
  stop_if(needed_gib > available_gib,
          fmt::format("the {} lowest of {} modes need {:.3g} GiB on each of {} ranks, which have "
                      "{:.3g} GiB available; use fewer ranks or modes",
                      n_lowest, degrees_of_freedom(), needed_gib, communicator.size(),
                      available_gib));
  if (verbose)
    log(fmt::format(
        "{} lowest modes of {} degrees of freedom by Spectra need {:.3g} GiB on each of "
        "{} ranks, of {:.3g} GiB available",
        n_lowest, degrees_of_freedom(), needed_gib, communicator.size(), available_gib));
}

void ComputeGlassINM::solve_for_lowest()
{
  plan_lowest();
  const Problem problem = pose_problem();
  glass::ProgressClock clock;
  const auto progress = [&](int n_products) {
    if (!clock.is_due()) return;
    log(fmt::format("{} products of the matrix, {:.3g} s", n_products, clock.seconds()));
  };
  solve_together([&] {
    glass::LowestEigenPairs pairs = glass::lowest_eigenpairs(*problem.matrix, n_lowest, progress);
    if (verbose)
      log(fmt::format("{} products of the matrix; largest residual |D e - lambda e| {:.2g}, of "
                      "|lambda| up to {:.4g}; {} copies of degenerate modes found in a further "
                      "search",
                      pairs.n_products, pairs.largest_residual, pairs.bound, pairs.n_missed));
    unstable_complete = pairs.value_p[pairs.value_p.size() - 1] > 0.0;
    keep(glass::partial_modes(*problem.matrix, std::move(pairs), problem.xi));
  });
}

/// What is known of modes is kept on the first rank, as the rows of the local array are.
void ComputeGlassINM::keep(glass::DistributedModes &&found)
{
  if (communicator.root()) modes = std::move(found.known);
  vectors.emplace(std::move(found.vectors));
}
