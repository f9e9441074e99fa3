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
template <typename Function> void PairGlass::sum(const Function &function, int eflag, int vflag)
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

/// The neighbors within the cutoff are collected first, without a branch that depends on the
/// distance, and their forces are then a loop over arrays that the compiler turns into vector
/// instructions. The function is taken by value: nothing that is written can be a part of it.
template <typename Function, bool evflag_on, bool eflag_on, bool newton>
void PairGlass::sum_pairs(const Function function)
{
  struct Coefficients {
    double cutoff_squared, inv_lambda_squared, energy, force;
  };
  const int n_types = atom->ntypes;
  std::vector<Coefficients> coefficients_tt(static_cast<std::size_t>(n_types) * n_types);
  for (int i = 1; i <= n_types; ++i)
    for (int j = 1; j <= n_types; ++j) {
      const double scale = 1.0 / (lambda[i][j] * lambda[i][j]);
      coefficients_tt[(i - 1) * n_types + j - 1] = {cutsq[i][j], scale, epsilon[i][j],
                                                    epsilon[i][j] * scale};
    }

  struct Near {
    double dx, dy, dz;
    int j;
  };
  std::vector<Near> near_k;
  std::vector<double> s_k, force_k, energy_k;

  double *const *const x = atom->x;
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
    if (static_cast<std::size_t>(n_neighbors) > near_k.size()) {
      near_k.resize(2 * static_cast<std::size_t>(n_neighbors));
      s_k.resize(near_k.size());
      force_k.resize(near_k.size());
      energy_k.resize(near_k.size());
    }

    int n = 0;
    for (int jj = 0; jj < n_neighbors; ++jj) {
      const int j = neighbors[jj] & NEIGHMASK;
      const double dx = xi - x[j][0], dy = yi - x[j][1], dz = zi - x[j][2];
      const double r_squared = dx * dx + dy * dy + dz * dz;
      const Coefficients &c = coefficients_t[type[j] - 1];
      const double factor = special_lj[sbmask(neighbors[jj])];
      near_k[n] = {dx, dy, dz, j};
      s_k[n] = r_squared * c.inv_lambda_squared;
      force_k[n] = factor * c.force;
      if constexpr (eflag_on) energy_k[n] = factor * c.energy;
      n += r_squared < c.cutoff_squared;
    }

    if constexpr (eflag_on)
      for (int k = 0; k < n; ++k)
        energy_k[k] *= function.energy(s_k[k]);
    for (int k = 0; k < n; ++k)
      force_k[k] *= function.force_over_x(s_k[k]);

    double fx = 0.0, fy = 0.0, fz = 0.0;
    for (int k = 0; k < n; ++k) {
      const Near &near = near_k[k];
      const double force_over_r = force_k[k];
      fx += near.dx * force_over_r;
      fy += near.dy * force_over_r;
      fz += near.dz * force_over_r;
      if (newton || near.j < nlocal) {
        double *const f_j = f[near.j];
        f_j[0] -= near.dx * force_over_r;
        f_j[1] -= near.dy * force_over_r;
        f_j[2] -= near.dz * force_over_r;
      }
      if constexpr (evflag_on)
        ev_tally(i, near.j, nlocal, newton, eflag_on ? energy_k[k] : 0.0, 0.0, force_over_r,
                 near.dx, near.dy, near.dz);
    }
    f[i][0] += fx;
    f[i][1] += fy;
    f[i][2] += fz;
  }
}

}    // namespace LAMMPS_NS

#endif
