// Part of lammps-glass, GPL-2.0.

#include "compute_glass_inm.h"

#include "memory.h"
#include "update.h"

#include <cmath>

using namespace LAMMPS_NS;

static constexpr int ARRAY_COLUMNS = 8;

ComputeGlassINM::ComputeGlassINM(LAMMPS *lmp, int narg, char **arg) : ComputeGlass(lmp, narg, arg)
{
  parse(narg, arg);
  unstable_complete = std::isinf(range.low) && range.high >= 0.0;

  scalar_flag = vector_flag = array_flag = local_flag = 1;
  extscalar = extvector = extarray = 0;
  size_vector = threshold > 0.0 ? 13 : 8;
  size_array_rows = bins.n;
  size_array_cols = ARRAY_COLUMNS;
  size_local_rows = 0;
  size_local_cols = 2 + static_cast<int>(components.size());

  memory->create(vector, size_vector, "glass/inm:vector");
  memory->create(array, size_array_rows, size_array_cols, "glass/inm:array");
}

ComputeGlassINM::~ComputeGlassINM()
{
  memory->destroy(vector);
  memory->destroy(array);
  memory->destroy(array_local);
}

void ComputeGlassINM::init()
{
  ComputeGlass::init();
  if (solver == Solver::KPM) check_identities();
  step_of_modes = -1;
  unstable_complete = std::isinf(range.low) && range.high >= 0.0;
}

/* ---------------------------------------------------------------------- */

double ComputeGlassINM::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  compute_modes();
  scalar = vector[1];
  return scalar;
}

void ComputeGlassINM::compute_vector()
{
  invoked_vector = update->ntimestep;
  compute_modes();
}

void ComputeGlassINM::compute_array()
{
  invoked_array = update->ntimestep;
  compute_modes();
}

void ComputeGlassINM::compute_local()
{
  invoked_local = update->ntimestep;
  compute_modes();
}

/* ---------------------------------------------------------------------- */

void ComputeGlassINM::compute_modes()
{
  if (step_of_modes == update->ntimestep && (vectors || !vectors_wanted)) return;

  const double start = platform::walltime();
  modes = {};
  vectors.reset();
  if (solver == Solver::KPM) {
    expand_in_polynomials();
  } else {
    switch (choose_solver()) {
      case Solver::SCALAPACK: solve_on_all_ranks(); break;
      case Solver::PARTIAL: solve_for_lowest(); break;
      default: solve_on_first_rank();
    }
    share_statistics();
    fill_local();
  }
  if (!vectors_wanted) vectors.reset();
  step_of_modes = update->ntimestep;

  if (verbose)
    log(fmt::format("solved in {:.3g} s, {:.3g} s in all", seconds_of_solve,
                    platform::walltime() - start));
  // What takes long keeps reporting; the rest reports once.
  verbose = communicator.maximum(seconds_of_solve) > 30.0;
}

double ComputeGlassINM::memory_usage()
{
  return sizeof(double) * (static_cast<double>(max_local_rows) * size_local_cols +
                           static_cast<double>(bins.n) * ARRAY_COLUMNS) +
         (vectors ? vectors->bytes() : 0.0);
}
