// Part of lammps-glass, GPL-2.0.

#include "compute_glass_inm.h"

#include "available_memory.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "group.h"
#include "memory.h"
#include "update.h"

#include <cmath>
#include <cstring>

using namespace LAMMPS_NS;
using glass::ModeClass;

static constexpr int ARRAY_COLUMNS = 7;

ComputeGlassINM::ComputeGlassINM(LAMMPS *lmp, int narg, char **arg) : ComputeGlass(lmp, narg, arg)
{
  parse(narg, arg);

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

/* ---------------------------------------------------------------------- */

void ComputeGlassINM::parse(int narg, char **arg)
{
  int iarg = 3;
  const auto need = [&](int n_values) {
    if (iarg + n_values >= narg)
      utils::missing_cmd_args(FLERR, std::string("compute glass/inm ") + arg[iarg], error);
  };
  const auto number = [&](int n) { return utils::numeric(FLERR, arg[n], false, lmp); };

  while (iarg < narg) {
    const std::string keyword = arg[iarg];
    if (parse_common_keyword(iarg, narg, arg)) continue;
    if (keyword == "bins") {
      need(1);
      bins.n = utils::inumeric(FLERR, arg[iarg + 1], false, lmp);
      if (bins.n <= 0) error->all(FLERR, "Compute glass/inm bins must be > 0, not {}", bins.n);
      iarg += 2;
    } else if (keyword == "range") {
      need(2);
      bins.low = number(iarg + 1);
      bins.high = number(iarg + 2);
      if (bins.low >= bins.high)
        error->all(FLERR, "Compute glass/inm range: lo {} must be < hi {}", bins.low, bins.high);
      iarg += 3;
    } else if (keyword == "strain") {
      components = parse_strain(iarg, narg, arg);
    } else if (keyword == "pc") {
      need(1);
      threshold = number(iarg + 1);
      if (!(threshold > 0.0 && threshold <= 1.0))
        error->all(FLERR, "Compute glass/inm pc must be in (0, 1], not {}", arg[iarg + 1]);
      iarg += 2;
    } else if (keyword == "omega_min") {
      need(1);
      omega_min = number(iarg + 1);
      if (!(omega_min >= 0.0))
        error->all(FLERR, "Compute glass/inm omega_min must be >= 0, not {}", arg[iarg + 1]);
      iarg += 2;
    } else if (keyword == "modes") {
      need(1);
      range = {};
      const std::string kind = arg[iarg + 1];
      if (kind == "all") {
        iarg += 2;
      } else if (kind == "unstable") {
        range.high = 0.0;
        iarg += 2;
      } else if (kind == "window") {
        need(3);
        const double low = number(iarg + 2), high = number(iarg + 3);
        if (low >= high)
          error->all(FLERR, "Compute glass/inm modes window: lo {} must be < hi {}", low, high);
        range = {low * std::abs(low), high * std::abs(high)};
        iarg += 4;
      } else
        error->all(FLERR, "Compute glass/inm modes must be all, unstable or window, not {}", kind);
    } else
      error->all(FLERR, "Unknown compute glass/inm keyword: {}", keyword);
  }

  if (components.empty()) components.push_back(3);    // xy
}

void ComputeGlassINM::init()
{
  ComputeGlass::init();
  step_of_modes = -1;
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
  if (step_of_modes == update->ntimestep && (vectors_kept || !vectors_wanted)) return;

  const double start = platform::walltime();
  modes = {};
  const auto atoms = static_cast<std::size_t>(group->count(igroup));
  const glass::DensePlan plan = plan_solve(domain->dimension * atoms);
  glass::ModeProblem problem = pose_problem();

  const double solve_start = platform::walltime();
  solve(std::move(problem), plan);
  const double took = platform::walltime() - solve_start;
  share_statistics();
  fill_local();
  vectors_kept = vectors_wanted;
  if (!vectors_kept) modes.vector_np.resize(0, 0);
  step_of_modes = update->ntimestep;

  if (verbose)
    log(fmt::format("solved in {:.3g} s, {:.3g} s in all", took, platform::walltime() - start));
  // What takes long keeps reporting; the rest reports once.
  verbose = communicator.maximum(took) > 30.0;
}

/* ----------------------------------------------------------------------
   from the atoms to the dense matrix on the first rank
------------------------------------------------------------------------- */

glass::ModeProblem ComputeGlassINM::pose_problem()
{
  const double start = platform::walltime();
  const std::vector<double> mass_r = gather_masses();
  glass::ModeProblem problem;
  problem.dimension = domain->dimension;
  problem.translations = whole_system();
  problem.range = range;

  const Derivatives derivatives = differentiate(HESSIAN | AFFINE_FORCES);
  const glass::BlockMatrix &hessian = derivatives.hessian;
  problem.xi_nc = gather_xi(derivatives.affine_force_r, mass_r);
  const double took = platform::walltime() - start;
  const double blocks = communicator.sum(static_cast<double>(hessian.n_blocks()));
  const double bytes = communicator.sum(static_cast<double>(hessian.bytes()));
  if (verbose) {
    const double atoms = static_cast<double>(hessian.layout.size());
    if (!domain->xperiodic || !domain->yperiodic || (domain->dimension == 3 && !domain->zperiodic))
      log("the box is not periodic in all directions: modes of the surface are part of the "
          "spectrum");
    log(fmt::format(
        "Hessian of {:.0f} atoms assembled in {:.3g} s: {:.3g} blocks an atom, {:.3g} GiB", atoms,
        took, blocks / atoms, bytes / glass::GIB));
  }

  const std::vector<double> mass_i = communicator.gather(mass_r);
  problem.sqrt_mass_i.resize(static_cast<Eigen::Index>(mass_i.size()));
  std::vector<double> scale_i(mass_i.size());
  for (std::size_t i = 0; i < mass_i.size(); ++i) {
    problem.sqrt_mass_i[static_cast<Eigen::Index>(i)] = std::sqrt(mass_i[i]);
    // ftm2v turns energy/(mass distance^2) into 1/time^2
    scale_i[i] = std::sqrt(force->ftm2v / mass_i[i]);
  }
  problem.dynamical_nn = glass::gather_dense(hessian, scale_i, problem.dimension, communicator);
  return problem;
}

/* ----------------------------------------------------------------------
   announce the memory before it is allocated; refuse what does not fit
------------------------------------------------------------------------- */

glass::DensePlan ComputeGlassINM::plan_solve(std::size_t n)
{
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

Eigen::MatrixXd ComputeGlassINM::gather_xi(const std::vector<glass::AffineForce> &xi_r63,
                                           const std::vector<double> &mass_r) const
{
  const int dimension = domain->dimension;
  std::vector<double> part;    // row after row, component after component
  for (std::size_t r = 0; r < xi_r63.size(); ++r)
    for (int alpha = 0; alpha < dimension; ++alpha)
      for (const int c : components)
        part.push_back(xi_r63[r][c][alpha] * std::sqrt(force->ftm2v / mass_r[r]));
  const std::vector<double> whole = communicator.gather(part);
  const auto n_components = static_cast<Eigen::Index>(components.size());
  return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
      whole.data(), static_cast<Eigen::Index>(whole.size()) / n_components, n_components);
}

/* ----------------------------------------------------------------------
   the first rank solves, the others sleep
------------------------------------------------------------------------- */

void ComputeGlassINM::solve(glass::ModeProblem &&problem, const glass::DensePlan &plan)
{
  std::string failure;
  if (communicator.root()) {
    try {
      modes = glass::normal_modes(std::move(problem), plan);
    } catch (const std::exception &error_of_solve) {
      failure = error_of_solve.what();
    }
  }
  communicator.wait_for_root();
  stop_if(!failure.empty(), failure);
}

void ComputeGlassINM::share_statistics()
{
  if (communicator.root()) {
    const auto fraction = [&](ModeClass mode_class) {
      return static_cast<double>(glass::count(modes, mode_class, threshold)) /
             static_cast<double>(modes.n_degrees);
    };
    const auto sum = [&](ModeClass mode_class) {
      return glass::inverse_square_sum(modes, mode_class, threshold, omega_min);
    };

    const bool any = modes.size() > 0;
    const double lowest = any ? modes.omega_p[0] : std::nan("");
    const double highest = any ? modes.omega_p[modes.size() - 1] : std::nan("");
    if (bins.high <= bins.low && any) {
      bins = glass::enclosing_bins(lowest, highest, bins.n);
      log(fmt::format("range {:.6g} {:.6g} (chosen at this configuration, kept from now on)",
                      bins.low, bins.high));
    }
    const glass::BinnedSpectrum spectrum = glass::bin_spectrum(modes, bins);

    vector[0] = fraction(ModeClass::stable);
    vector[1] = fraction(ModeClass::unstable);
    vector[2] = lowest;
    vector[3] = highest;
    vector[4] = any ? modes.participation_ratio_p.mean() : std::nan("");
    vector[5] = static_cast<double>(spectrum.n_outside);
    vector[6] = sum(ModeClass::stable);
    vector[7] = sum(ModeClass::unstable);
    if (threshold > 0.0) {
      vector[8] = fraction(ModeClass::localized);
      vector[9] = fraction(ModeClass::delocalized);
      vector[10] = glass::mobility_edge(spectrum, threshold);
      vector[11] = sum(ModeClass::localized);
      vector[12] = sum(ModeClass::delocalized);
    }

    // Without a range and without a mode to choose one by, the array stays empty this time.
    for (int b = 0; b < bins.n; ++b) {
      std::fill(array[b], array[b] + ARRAY_COLUMNS, 0.0);
      if (bins.high <= bins.low) continue;
      const double xi_squared = spectrum.xi_squared_sum_bc.row(b).mean();
      array[b][0] = bins.centre(b);
      array[b][1] = spectrum.density_b[b];
      array[b][2] = spectrum.participation_ratio(b);
      array[b][3] = spectrum.count_b[b] > 0.0 ? xi_squared / spectrum.count_b[b] : 0.0;
      array[b][4] = spectrum.count_b[b];
      array[b][5] = spectrum.participation_sum_b[b];
      array[b][6] = xi_squared;
    }
  }
  MPI_Bcast(vector, size_vector, MPI_DOUBLE, 0, world);
  MPI_Bcast(&array[0][0], bins.n * ARRAY_COLUMNS, MPI_DOUBLE, 0, world);
}

/* ----------------------------------------------------------------------
   all rows are on the first rank, ascending in omega
------------------------------------------------------------------------- */

void ComputeGlassINM::fill_local()
{
  size_local_rows = static_cast<int>(modes.size());
  if (size_local_rows > max_local_rows) {
    max_local_rows = size_local_rows;
    memory->destroy(array_local);
    memory->create(array_local, max_local_rows, size_local_cols, "glass/inm:array_local");
  }
  for (int p = 0; p < size_local_rows; ++p) {
    array_local[p][0] = modes.omega_p[p];
    array_local[p][1] = modes.participation_ratio_p[p];
    for (int c = 0; c < size_local_cols - 2; ++c)
      array_local[p][2 + c] = modes.xi_squared_pc(p, c);
  }
}

double ComputeGlassINM::memory_usage()
{
  return sizeof(double) * (static_cast<double>(max_local_rows) * size_local_cols +
                           static_cast<double>(bins.n) * ARRAY_COLUMNS +
                           static_cast<double>(modes.vector_np.size()));
}
