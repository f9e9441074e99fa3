// Part of lammps-glass, GPL-2.0.

// Solver kpm of compute glass/inm: densities by kernel polynomials, without modes.

#include "compute_glass_inm.h"

#include "progress_clock.h"

#include "available_memory.h"

#include "error.h"

#include <algorithm>
#include <cmath>

using namespace LAMMPS_NS;

// A product of the matrix with this many vectors takes little longer than one with a single one.
static constexpr Eigen::Index VECTORS_AT_ONCE = 8;

// The error of g from random vectors is about a tenth, of 2000 atoms and one vector, over the root
// of atoms times vectors: two per cent with as many as this, unless the user says.
static constexpr double ATOMS_TIMES_VECTORS = 64000.0, MOST_BATCHES_CHOSEN = 8.0;

// With which bins of 1/100 of the highest frequency are resolved but for the ones next to zero.
static constexpr int MOST_MOMENTS_CHOSEN = 20000, FEWEST_MOMENTS_CHOSEN = 200;

// Bins in which the kernel is wider than the bin must not hold more of the modes than this.
static constexpr double LARGEST_BLURRED = 0.5;

void ComputeGlassINM::expand_in_polynomials()
{
  glass::ProgressClock clock;
  const Problem problem = pose_problem();
  glass::DynamicalMatrix &matrix = *problem.matrix;
  const std::vector<std::int64_t> id_r = gather_identities();
  if (matrix.n_modes() == 0)
    error->all(FLERR, "{}: one atom has no modes beside translations", name());
  if (n_vectors == 0) {
    const double needed =
        std::ceil(ATOMS_TIMES_VECTORS / static_cast<double>(matrix.matrix().layout.size()));
    n_vectors = static_cast<int>(
        VECTORS_AT_ONCE * std::min(MOST_BATCHES_CHOSEN, std::ceil(needed / VECTORS_AT_ONCE)));
  }

  const glass::SpectralRange extremes =
      glass::extreme_ritz_values(matrix, matrix.random_vectors(id_r, seed, n_vectors, 1));
  const glass::ChebyshevInterval interval = glass::enclosing_interval(extremes);
  plan_moments(interval, extremes);

  // Affine forces and random vectors go side by side.
  const Eigen::Index n_xi = problem.xi.cols(), n_columns = n_xi + n_vectors;
  Eigen::MatrixXd xi_nc(n_moments, n_xi), mu_nc(n_moments, n_vectors);
  std::string failure;
  for (Eigen::Index first = 0; first < n_columns && failure.empty(); first += VECTORS_AT_ONCE) {
    const Eigen::Index width = std::min(VECTORS_AT_ONCE, n_columns - first);
    const Eigen::Index n_forces = std::clamp<Eigen::Index>(n_xi - first, 0, width);
    const Eigen::Index n_random = width - n_forces, first_random = first + n_forces - n_xi;
    glass::BlockVector columns(problem.xi.rows(), width);
    if (n_forces > 0) columns.leftCols(n_forces) = problem.xi.middleCols(first, n_forces);
    if (n_random > 0)
      columns.rightCols(n_random) = matrix.random_vectors(
          id_r, seed, static_cast<int>(first_random), static_cast<int>(n_random));
    const auto progress = [&](double part) {
      if (!clock.is_due()) return;
      const double done = (static_cast<double>(first) + part * static_cast<double>(width)) /
                          static_cast<double>(n_columns);
      log(fmt::format("{:.0f} % of the moments, {:.3g} s", 100.0 * done, clock.seconds()));
    };
    try {
      const Eigen::MatrixXd moments_nc =
          glass::chebyshev_moments(matrix, interval, columns, n_moments, progress);
      if (n_forces > 0) xi_nc.middleCols(first, n_forces) = moments_nc.leftCols(n_forces);
      if (n_random > 0) mu_nc.middleCols(first_random, n_random) = moments_nc.rightCols(n_random);
    } catch (const std::runtime_error &growth) {
      failure = growth.what();
    }
  }
  stop_if(!failure.empty(), failure);
  seconds_of_solve = clock.seconds();

  const glass::KernelPolynomial polynomial(interval, n_moments);
  share_polynomials(
      glass::polynomial_spectrum(polynomial, mu_nc, xi_nc, bins, matrix.n_modes(), omega_min),
      extremes, glass::moments_for_width(interval, 0.0, 2.0 * bins.width() * bins.width()));
  fill_local(mu_nc, xi_nc);
}

/// The range of the bins, and how many moments resolve them, unless the user has said so.
void ComputeGlassINM::plan_moments(const glass::ChebyshevInterval &interval,
                                   const glass::SpectralRange &extremes)
{
  if (bins.high <= bins.low) {
    bins = glass::enclosing_bins(glass::signed_frequency(extremes.low),
                                 glass::signed_frequency(extremes.high), bins.n);
    log(fmt::format("range {:.6g} {:.6g} (chosen at this configuration, kept from now on)",
                    bins.low, bins.high));
  }
  // A kernel d lambda wide is d lambda/(2 omega) wide in omega: as wide as a bin, one bin from
  // zero.
  if (n_moments == 0)
    n_moments =
        std::clamp(glass::moments_for_width(interval, 0.0, 2.0 * bins.width() * bins.width()),
                   FEWEST_MOMENTS_CHOSEN, MOST_MOMENTS_CHOSEN);
  if (!verbose) return;
  const auto rows = static_cast<double>(3 * group_atoms().size());
  const auto width = std::min<double>(VECTORS_AT_ONCE, static_cast<double>(n_vectors) + 1.0);
  log(fmt::format(
      "{} Chebyshev moments of {} random vectors and {} affine force fields over lambda "
      "= {:.4g} ... {:.4g}; vectors need {:.3g} GiB",
      n_moments, n_vectors, components.size(), interval.centre - interval.half_width,
      interval.centre + interval.half_width,
      communicator.sum(4.0 * 8.0 * rows * width) / glass::GIB));
}

void ComputeGlassINM::share_polynomials(const glass::PolynomialSpectrum &spectrum,
                                        const glass::SpectralRange &extremes, int enough_moments)
{
  if (spectrum.resolved_fraction < 1.0 - LARGEST_BLURRED)
    error->all(FLERR,
               "{}: {} moments resolve bins {:.4g} wide for only {:.0f} % of the modes; use {} "
               "moments or more, or wider bins",
               name(), n_moments, bins.width(), 100.0 * spectrum.resolved_fraction, enough_moments);
  if (verbose)
    log(fmt::format("bins are resolved from |omega| = {:.4g} on, where {:.1f} % of the modes are; "
                    "unstable fraction {:.4g} +- {:.2g} from the random vectors",
                    spectrum.resolved_from, 100.0 * spectrum.resolved_fraction,
                    spectrum.fraction_unstable, spectrum.fraction_error));
  vector[0] = spectrum.fraction_stable;
  vector[1] = spectrum.fraction_unstable;
  vector[2] = glass::signed_frequency(extremes.low);
  vector[3] = glass::signed_frequency(extremes.high);
  vector[4] = std::nan("");
  vector[5] = spectrum.n_outside;
  vector[6] = spectrum.stable_sum;
  vector[7] = spectrum.unstable_sum;
  fill_array(spectrum.binned);
  for (int b = 0; b < bins.n; ++b)
    array[b][7] = spectrum.density_error_b[b];
  MPI_Bcast(vector, size_vector, MPI_DOUBLE, 0, world);
  MPI_Bcast(&array[0][0], size_array_rows * size_array_cols, MPI_DOUBLE, 0, world);
}

/// One row a moment, on the first rank: n, mu_n of a unit random vector, mu_n of the affine forces.
void ComputeGlassINM::fill_local(const Eigen::MatrixXd &mu_nc, const Eigen::MatrixXd &xi_nc)
{
  grow_local(communicator.root() ? n_moments : 0);
  const Eigen::VectorXd mean_n =
      (mu_nc * mu_nc.row(0).cwiseInverse().asDiagonal()).rowwise().mean();
  for (int n = 0; n < size_local_rows; ++n) {
    array_local[n][0] = n;
    array_local[n][1] = mean_n[n];
    for (Eigen::Index c = 0; c < xi_nc.cols(); ++c)
      array_local[n][2 + c] = xi_nc(n, c);
  }
}
