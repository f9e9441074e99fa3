// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PAIR_GLASS_LOOP_H
#define GLASS_PAIR_GLASS_LOOP_H

#include "pair_glass.h"

#include "atom.h"
#include "force.h"
#include "neigh_list.h"

#include <cstddef>
#include <vector>

namespace LAMMPS_NS {

/// Energies and forces of all pairs. Function has energy(s) and force_over_x(s), s = (r/lambda)^2,
/// which are inlined.
template <typename Function>
void PairGlass::sum(const Function &function, int eflag, int vflag)
{
  ev_init(eflag, vflag);
  const bool newton = force->newton_pair;
  if (!evflag)
    newton ? sum_pairs<Function, false, false, true>(function)
           : sum_pairs<Function, false, false, false>(function);
  else if (!this->eflag_either)
    newton ? sum_pairs<Function, true, false, true>(function)
           : sum_pairs<Function, true, false, false>(function);
  else
    newton ? sum_pairs<Function, true, true, true>(function)
           : sum_pairs<Function, true, true, false>(function);
  if (vflag_fdotr) virial_fdotr_compute();
}

template <typename Function, bool evflag_on, bool eflag_on, bool newton>
void PairGlass::sum_pairs(const Function &function)
{
  struct Coefficients {
    double cutoff_squared, inv_lambda_squared, epsilon, force;
  };
  const int n_types = atom->ntypes;
  std::vector<Coefficients> coefficients_tt(static_cast<std::size_t>(n_types) * n_types);
  for (int i = 1; i <= n_types; ++i)
    for (int j = 1; j <= n_types; ++j) {
      const double scale = 1.0 / (lambda[i][j] * lambda[i][j]);
      coefficients_tt[(i - 1) * n_types + j - 1] = {cutsq[i][j], scale, epsilon[i][j],
                                                    epsilon[i][j] * scale};
    }

  const double *const *const x = atom->x;
  double *const *const f = atom->f;
  const int *const type = atom->type;
  const int nlocal = atom->nlocal;
  const double *const special_lj = force->special_lj;

  for (int ii = 0; ii < list->inum; ++ii) {
    const int i = list->ilist[ii];
    const double xi = x[i][0], yi = x[i][1], zi = x[i][2];
    const Coefficients *const coefficients_t =
        &coefficients_tt[static_cast<std::size_t>(type[i] - 1) * n_types];
    const int *const neighbors = list->firstneigh[i];
    const int n_neighbors = list->numneigh[i];
    double fx = 0.0, fy = 0.0, fz = 0.0;

    for (int jj = 0; jj < n_neighbors; ++jj) {
      const int j = neighbors[jj] & NEIGHMASK;
      const double dx = xi - x[j][0], dy = yi - x[j][1], dz = zi - x[j][2];
      const double r_squared = dx * dx + dy * dy + dz * dz;
      const Coefficients &c = coefficients_t[type[j] - 1];
      if (r_squared >= c.cutoff_squared) continue;

      const double factor = special_lj[sbmask(neighbors[jj])];
      const double s = r_squared * c.inv_lambda_squared;
      const double force_over_r = factor * c.force * function.force_over_x(s);
      fx += dx * force_over_r;
      fy += dy * force_over_r;
      fz += dz * force_over_r;
      if (newton || j < nlocal) {
        f[j][0] -= dx * force_over_r;
        f[j][1] -= dy * force_over_r;
        f[j][2] -= dz * force_over_r;
      }
      if constexpr (evflag_on) {
        const double energy = eflag_on ? factor * c.epsilon * function.energy(s) : 0.0;
        ev_tally(i, j, nlocal, newton, energy, 0.0, force_over_r, dx, dy, dz);
      }
    }
    f[i][0] += fx;
    f[i][1] += fy;
    f[i][2] += fz;
  }
}

}    // namespace LAMMPS_NS

#endif
