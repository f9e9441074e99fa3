// Part of lammps-glass, GPL-2.0.

#include "compute_glass_modulus.h"

#include "box_geometry.h"
#include "compute_glass_inm.h"
#include "progress_clock.h"

#include "available_memory.h"
#include "observable/elastic_constants.h"

#include "comm.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "group.h"
#include "memory.h"
#include "update.h"

#include <algorithm>
#include <cmath>

using namespace LAMMPS_NS;

namespace {

enum Element {
  AFFINE,
  LOWEST,
  HIGHEST,
  STEPS,
  LARGEST_ERROR,
  MISSED,
  RESOLVED_FROM,
  RESOLVED_WIDTH,
  VECTOR_SIZE
};

constexpr int COMMON_COLUMNS = 7;

// Steps before the error is looked at; then after an eighth more each time.
constexpr int FIRST_STEPS = 50;

// A product with four vectors takes little longer than with two: those that the components of
// strain leave free are random, for the density of modes.
constexpr int FEWEST_VECTORS = 4;

}    // namespace

ComputeGlassModulus::ComputeGlassModulus(LAMMPS *lmp, int narg, char **arg) :
    ComputeGlass(lmp, narg, arg)
{
  parse(narg, arg);
  scalar_flag = vector_flag = array_flag = 1;
  extscalar = extvector = extarray = 0;
  size_vector = VECTOR_SIZE;
  size_array_rows = static_cast<int>(omega_w.size());
  size_array_cols = COMMON_COLUMNS;
  if (components.size() > 1) size_array_cols += 2 * static_cast<int>(components.size());
  memory->create(vector, size_vector, "glass/modulus:vector");
  memory->create(array, size_array_rows, size_array_cols, "glass/modulus:array");
}

ComputeGlassModulus::~ComputeGlassModulus()
{
  memory->destroy(vector);
  memory->destroy(array);
}

void ComputeGlassModulus::init()
{
  ComputeGlass::init();
  if (!whole_system())
    error->all(FLERR, "{}: moduli are of the whole system; use group all", name());
  if (!domain->xperiodic || !domain->yperiodic || (domain->dimension == 3 && !domain->zperiodic))
    error->all(FLERR, "{}: the box must be periodic in all directions; use boundary p p p", name());
  if (source)
    check_modes(source->find());
  else
    check_identities();
  told_of_misses = false;
  step_of_moduli = -1;
}

double ComputeGlassModulus::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  evaluate();
  scalar = vector[AFFINE];
  return scalar;
}

void ComputeGlassModulus::compute_vector()
{
  invoked_vector = update->ntimestep;
  evaluate();
}

void ComputeGlassModulus::compute_array()
{
  invoked_array = update->ntimestep;
  evaluate();
}

/// The columns of the components of strain among those of the modes.
std::vector<Eigen::Index> ComputeGlassModulus::check_modes(const ComputeGlassINM &inm) const
{
  if (inm.igroup != igroup)
    error->all(FLERR, "{}: its group is {} and that of compute {} is {}; use the same", name(),
               group->names[igroup], source->id(), group->names[inm.igroup]);
  if (!inm.has_all_modes())
    error->all(FLERR,
               "{}: compute {} does not find all modes; use modes all and a dense solver there, or "
               "leave out keyword modes here, for Lanczos steps",
               name(), source->id());
  std::vector<Eigen::Index> column_c;
  const std::vector<int> &strain = inm.strain_of_modes();
  for (const int c : components) {
    const auto found = std::find(strain.begin(), strain.end(), c);
    if (found == strain.end())
      error->all(FLERR,
                 "{}: compute {} does not have all components of strain asked for; give it the "
                 "same strain",
                 name(), source->id());
    column_c.push_back(found - strain.begin());
  }
  return column_c;
}

/* ---------------------------------------------------------------------- */

void ComputeGlassModulus::evaluate()
{
  if (step_of_moduli == update->ntimestep) return;
  std::fill_n(vector, size_vector, 0.0);
  response_w.assign(omega_w.size(), {});
  n_missed = 0;
  Derivatives derivatives = differentiate(AFFINE_ENERGY | (!source ? HESSIAN | AFFINE_FORCES : 0u));
  affine_c.clear();
  for (const int c : components)
    affine_c.push_back(modulus_unit() * derivatives.affine_energy.born_66(c, c));
  if (!source)
    respond_by_lanczos(derivatives);
  else
    respond_by_modes();
  fill();
  step_of_moduli = update->ntimestep;
  verbose = false;
}

/// Energy to energy/volume as pressure.
double ComputeGlassModulus::modulus_unit() const
{
  return force->nktv2p / glass::box_volume(*domain);
}

/* ----------------------------------------------------------------------
   at omega = 0 modes are not damped
------------------------------------------------------------------------- */

void ComputeGlassModulus::check_static_limit(double lowest, double highest)
{
  const bool asked = std::find(omega_w.begin(), omega_w.end(), 0.0) != omega_w.end();
  if (asked && lowest < -1.0e-10 * highest)
    error->all(FLERR,
               "{}: omega = 0 needs a stable configuration, and the lowest eigenvalue of the "
               "dynamical matrix is {:.4g}; minimize it first, or ask for omega > 0 alone, which "
               "has a meaning with modes and with Lanczos steps",
               name(), lowest);
}

void ComputeGlassModulus::respond_by_modes()
{
  ComputeGlassINM &inm = source->find_initialized();
  const std::vector<Eigen::Index> column_c = check_modes(inm);
  inm.compute_modes();
  const glass::NormalModes &modes = inm.normal_modes();
  const auto n_components = components.size();
  // what each frequency has: S of the components, modes in the line; then the extremes
  const std::size_t width = 2 * n_components + 1;
  std::vector<double> found(omega_w.size() * width + 2);
  if (comm->me == 0) {
    for (std::size_t w = 0; w < omega_w.size(); ++w) {
      double *const value = &found[w * width];
      for (std::size_t c = 0; c < n_components; ++c) {
        const std::complex<double> sum =
            glass::nonaffine_response(modes.lambda_p, modes.xi_squared_pc.col(column_c[c]),
                                      shift_w[w])
                .sum;
        value[2 * c] = sum.real();
        value[2 * c + 1] = sum.imag();
      }
      value[2 * n_components] = glass::modes_in_line(modes.lambda_p, shift_w[w]);
    }
    found[found.size() - 2] = modes.size() > 0 ? modes.lambda_p.minCoeff() : 0.0;
    found[found.size() - 1] = modes.size() > 0 ? modes.lambda_p.maxCoeff() : 0.0;
  }
  MPI_Bcast(found.data(), static_cast<int>(found.size()), MPI_DOUBLE, 0, world);
  const double lowest = found[found.size() - 2], highest = found[found.size() - 1];
  check_static_limit(lowest, highest);
  vector[LOWEST] = glass::signed_frequency(lowest);
  vector[HIGHEST] = glass::signed_frequency(highest);
  for (std::size_t w = 0; w < omega_w.size(); ++w) {
    const double *const value = &found[w * width];
    for (std::size_t c = 0; c < n_components; ++c)
      response_w[w].sum_c.emplace_back(value[2 * c], value[2 * c + 1]);
    response_w[w].modes_in_line = value[2 * n_components];
  }
}

/* ----------------------------------------------------------------------
   one column a component of strain, and random vectors for the density of modes
------------------------------------------------------------------------- */

void ComputeGlassModulus::respond_by_lanczos(Derivatives &derivatives)
{
  glass::ProgressClock clock;
  const auto n_components = static_cast<Eigen::Index>(components.size());
  const glass::BlockVector xi = glass::columns_of(derivatives.affine_force_r, components);
  const auto atoms = static_cast<double>(derivatives.hessian.layout.size());
  const double bytes = communicator.sum(static_cast<double>(derivatives.hessian.bytes()));
  glass::DynamicalMatrix matrix(std::move(derivatives.hessian), gather_masses(), force->ftm2v,
                                domain->dimension, true, communicator);
  const std::vector<std::int64_t> id_r = gather_identities();

  const Eigen::Index n_random = std::max<Eigen::Index>(1, FEWEST_VECTORS - n_components);
  glass::BlockVector columns(xi.rows(), n_components + n_random);
  columns.leftCols(n_components) = matrix.mass_weighted(xi);
  columns.rightCols(n_random) = matrix.random_vectors(id_r, seed, 0, static_cast<int>(n_random));
  glass::Lanczos lanczos(matrix, columns);
  if (verbose)
    log(fmt::format(
        "Lanczos steps of {} vectors, Hessian of {:.0f} atoms: {:.3g} GiB, vectors {:.3g} "
        "GiB",
        columns.cols(), atoms, bytes / glass::GIB,
        communicator.sum(static_cast<double>(lanczos.bytes())) / glass::GIB));

  int steps = 0;
  for (bool enough = false; !enough;) {
    const int more = std::min(most_steps - steps, std::max(FIRST_STEPS, steps / 8));
    for (int done = 0; done < more; done += FIRST_STEPS) {
      const int now = std::min(FIRST_STEPS, more - done);
      lanczos.advance(now);
      steps += now;
      if (clock.is_due())
        log(fmt::format("step {} of at most {}, {:.3g} s", steps, most_steps, clock.seconds()));
    }
    enough = judge(lanczos, n_random, matrix.n_modes()) || steps == most_steps;
  }
  vector[STEPS] = steps;
  if (verbose || (n_missed > 0 && !told_of_misses))
    log(fmt::format("{} steps in {:.3g} s; {} of {} frequencies missed the tolerance of {:.1e}",
                    steps, clock.seconds(), n_missed, omega_w.size(), tolerance));
  told_of_misses = told_of_misses || n_missed > 0;
}

/* ----------------------------------------------------------------------
   the response after the steps so far; whether all frequencies meet the tolerance
------------------------------------------------------------------------- */

bool ComputeGlassModulus::judge(const glass::Lanczos &lanczos, Eigen::Index n_random,
                                Eigen::Index n_modes)
{
  const auto n_components = static_cast<Eigen::Index>(components.size());
  glass::SpectralRange range;
  bool any = false;
  for (Eigen::Index c = 0; c < n_components + n_random; ++c) {
    if (lanczos.column(c).size() == 0) continue;
    const glass::SpectralRange of = glass::ritz_range(lanczos.column(c));
    range.low = any ? std::min(range.low, of.low) : of.low;
    range.high = any ? std::max(range.high, of.high) : of.high;
    any = true;
  }
  check_static_limit(range.low, range.high);
  vector[LOWEST] = glass::signed_frequency(range.low);
  vector[HIGHEST] = glass::signed_frequency(range.high);
  n_missed = 0;
  for (std::size_t w = 0; w < omega_w.size(); ++w) {
    Response response;
    std::complex<double> modulus = 0.0;
    for (Eigen::Index c = 0; c < n_components; ++c) {
      const glass::NonaffineResponse of =
          glass::nonaffine_response(lanczos.column(c), range, shift_w[w]);
      response.sum_c.push_back(of.sum);
      response.error += of.error / static_cast<double>(n_components);
      modulus += (affine_c[c] / modulus_unit() - of.sum) / static_cast<double>(n_components);
    }
    for (Eigen::Index c = n_components; c < n_components + n_random; ++c)
      response.modes_in_line += glass::modes_in_line(lanczos.column(c), n_modes, shift_w[w]) /
                                static_cast<double>(n_random);
    response.relative_error = response.error / std::abs(modulus);
    n_missed += !(response.relative_error <= tolerance);
    response_w[w] = response;
  }
  return n_missed == 0;
}

/* ---------------------------------------------------------------------- */

void ComputeGlassModulus::fill()
{
  const auto n_components = static_cast<double>(components.size());
  double affine = 0.0;
  for (const double modulus : affine_c)
    affine += modulus / n_components;
  vector[AFFINE] = affine;
  vector[MISSED] = n_missed;
  const auto modulus_of = [&](double affine_part, std::complex<double> sum) {
    const std::complex<double> nonaffine = modulus_unit() * sum;
    if (!rescaled) return affine_part - nonaffine;
    return std::complex<double>(affine_constant - real_factor * nonaffine.real(),
                                -imaginary_factor * nonaffine.imag());
  };
  const double error_unit =
      modulus_unit() * std::max(std::abs(real_factor), std::abs(imaginary_factor));

  for (std::size_t w = 0; w < omega_w.size(); ++w) {
    const Response &response = response_w[w];
    std::complex<double> mean = 0.0;
    for (std::size_t c = 0; c < components.size(); ++c) {
      const std::complex<double> modulus = modulus_of(affine_c[c], response.sum_c[c]);
      mean += modulus / n_components;
      if (components.size() == 1) continue;
      array[w][COMMON_COLUMNS + 2 * c] = modulus.real();
      array[w][COMMON_COLUMNS + 2 * c + 1] = modulus.imag();
    }
    array[w][0] = omega_w[w];
    array[w][1] = mean.real();
    array[w][2] = mean.imag();
    array[w][3] = error_unit * response.error;
    array[w][4] = nu_w[w].real();
    array[w][5] = -nu_w[w].imag();
    array[w][6] = response.modes_in_line;
    vector[LARGEST_ERROR] = std::max(vector[LARGEST_ERROR], response.relative_error);
  }

  // From which listed frequency on lines are wider than the levels are apart.
  std::vector<std::size_t> order(omega_w.size());
  for (std::size_t w = 0; w < order.size(); ++w)
    order[w] = w;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return omega_w[a] > omega_w[b]; });
  vector[RESOLVED_FROM] = vector[RESOLVED_WIDTH] = std::nan("");
  const double above = vector[HIGHEST] * std::abs(vector[HIGHEST]);
  for (const std::size_t w : order) {
    // Beyond all modes there are none that could be too few, and none is damped at omega = 0.
    const bool among_modes = omega_w[w] > 0.0 && shift_w[w].real() < above;
    if (response_w[w].modes_in_line < 1.0 && among_modes) break;
    vector[RESOLVED_FROM] = omega_w[w];
    vector[RESOLVED_WIDTH] = omega_w[w] * nu_w[w].real();
  }
  if (!verbose) return;
  if (std::isnan(vector[RESOLVED_FROM]))
    log("at the highest frequency there is less than one mode within the width of the line: all "
        "moduli carry finite-size noise");
  else if (vector[RESOLVED_FROM] > omega_w[order.back()])
    log(fmt::format("below omega = {:.4g} (omega nu_1 = {:.4g}) there is less than one mode within "
                    "the width of the line: finite-size noise",
                    vector[RESOLVED_FROM], vector[RESOLVED_WIDTH]));
}
