// Part of lammps-glass, GPL-2.0.

// What compute glass/inm says of the modes that its solvers have found.

#include "compute_glass_inm.h"

#include "memory.h"

#include <cmath>

using namespace LAMMPS_NS;
using glass::ModeClass;

static constexpr double UNKNOWN = std::numeric_limits<double>::quiet_NaN();

void ComputeGlassINM::share_statistics()
{
  if (communicator.root()) {
    if (bins.high <= bins.low && modes.size() > 0) {
      bins = glass::enclosing_bins(modes.omega_p[0], modes.omega_p[modes.size() - 1], bins.n);
      log(fmt::format("range {:.6g} {:.6g} (chosen at this configuration, kept from now on)",
                      bins.low, bins.high));
    }
    const glass::BinnedSpectrum spectrum = glass::bin_spectrum(modes, bins);
    fill_vector(spectrum);
    fill_array(spectrum);
  }
  MPI_Bcast(vector, size_vector, MPI_DOUBLE, 0, world);
  MPI_Bcast(&array[0][0], size_array_rows * size_array_cols, MPI_DOUBLE, 0, world);
}

void ComputeGlassINM::fill_vector(const glass::BinnedSpectrum &spectrum)
{
  const auto fraction = [&](ModeClass mode_class) {
    return static_cast<double>(glass::count(modes, mode_class, threshold)) /
           static_cast<double>(modes.n_degrees);
  };
  const auto sum = [&](ModeClass mode_class) {
    return glass::inverse_square_sum(modes, mode_class, threshold, omega_min);
  };
  const bool any = modes.size() > 0;

  vector[0] = fraction(ModeClass::stable);
  vector[1] = fraction(ModeClass::unstable);
  vector[2] = any ? modes.omega_p[0] : UNKNOWN;
  vector[3] = any ? modes.omega_p[modes.size() - 1] : UNKNOWN;
  vector[4] = any ? modes.participation_ratio_p.mean() : UNKNOWN;
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
  if (solver != Solver::PARTIAL) return;
  // The modes that were not found are all stable, or of no known kind.
  vector[0] = 1.0 - vector[1];
  vector[6] = UNKNOWN;
  if (unstable_complete) return;
  for (const int n : {0, 1, 7, 8, 9, 10, 11, 12})
    if (n < size_vector) vector[n] = UNKNOWN;
}

/// Without a range and without a mode to choose one by, the array stays empty this time.
void ComputeGlassINM::fill_array(const glass::BinnedSpectrum &spectrum)
{
  for (int b = 0; b < bins.n; ++b) {
    std::fill(array[b], array[b] + size_array_cols, 0.0);
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

/* ----------------------------------------------------------------------
   all rows are on the first rank, ascending in omega
------------------------------------------------------------------------- */

void ComputeGlassINM::fill_local()
{
  grow_local(static_cast<int>(modes.size()));
  for (int p = 0; p < size_local_rows; ++p) {
    array_local[p][0] = modes.omega_p[p];
    array_local[p][1] = modes.participation_ratio_p[p];
    for (int c = 0; c < size_local_cols - 2; ++c)
      array_local[p][2 + c] = modes.xi_squared_pc(p, c);
  }
}

void ComputeGlassINM::grow_local(int n_rows)
{
  size_local_rows = n_rows;
  if (n_rows <= max_local_rows) return;
  max_local_rows = n_rows;
  memory->destroy(array_local);
  memory->create(array_local, max_local_rows, size_local_cols, "glass/inm:array_local");
}
