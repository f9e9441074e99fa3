// Part of lammps-glass, GPL-2.0.

#include "pair_glass.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "memory.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

using namespace LAMMPS_NS;

PairGlass::PairGlass(LAMMPS *lmp) : Pair(lmp)
{
  born_matrix_enable = 1;
  writedata = 1;
}

PairGlass::~PairGlass()
{
  if (!allocated) return;
  memory->destroy(setflag);
  memory->destroy(cutsq);
  memory->destroy(epsilon);
  memory->destroy(lambda);
  memory->destroy(listed_cutoff);
}

void PairGlass::allocate()
{
  allocated = 1;
  const int n = atom->ntypes + 1;
  memory->create(setflag, n, n, "pair:setflag");
  memory->create(cutsq, n, n, "pair:cutsq");
  memory->create(epsilon, n, n, "pair:epsilon");
  memory->create(lambda, n, n, "pair:lambda");
  memory->create(listed_cutoff, n, n, "pair:listed_cutoff");
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      setflag[i][j] = 0;
      cutsq[i][j] = epsilon[i][j] = lambda[i][j] = listed_cutoff[i][j] = 0.0;
    }
}

void PairGlass::coeff(int narg, char **arg)
{
  if (narg != 4)
    error->all(FLERR,
               "Pair coeff of glass/ipl and glass/sticky: types I and J, epsilon, lambda; {} "
               "argument(s) are given",
               narg);
  if (!allocated) allocate();
  int i_low, i_high, j_low, j_high;
  utils::bounds(FLERR, arg[0], 1, atom->ntypes, i_low, i_high, error);
  utils::bounds(FLERR, arg[1], 1, atom->ntypes, j_low, j_high, error);
  const double energy = utils::numeric(FLERR, arg[2], false, lmp);
  const double length = utils::numeric(FLERR, arg[3], false, lmp);
  if (!(energy >= 0.0))
    error->all(FLERR, "Pair coeff of glass/ipl and glass/sticky: epsilon must be >= 0, not {}",
               arg[2]);
  if (!(length > 0.0))
    error->all(FLERR, "Pair coeff of glass/ipl and glass/sticky: lambda must be > 0, not {}",
               arg[3]);

  bool any = false;
  for (int i = i_low; i <= i_high; ++i)
    for (int j = MAX(j_low, i); j <= j_high; ++j) {
      epsilon[i][j] = energy;
      lambda[i][j] = length;
      setflag[i][j] = 1;
      any = true;
    }
  if (!any)
    error->all(FLERR, "Pair coeff of glass/ipl and glass/sticky: no types I <= J in {} {}", arg[0],
               arg[1]);
}

void PairGlass::init_style()
{
  Pair::init_style();
  if (!allocated) return;    // a part of a hybrid that no types are mapped to
  const auto n = static_cast<std::size_t>(atom->ntypes) + 1;
  std::fill_n(&listed_cutoff[0][0], n * n, 0.0);
}

/* ----------------------------------------------------------------------
   called again by fix adapt in a run, whose neighbor lists and ghosts stay those of its beginning
------------------------------------------------------------------------- */

double PairGlass::init_one(int i, int j)
{
  if (setflag[i][j] == 0) {
    epsilon[i][j] = mix_energy(epsilon[i][i], epsilon[j][j], lambda[i][i], lambda[j][j]);
    lambda[i][j] = mix_distance(lambda[i][i], lambda[j][j]);
  }
  // fix adapt sets it without a look
  if (!(lambda[i][j] > 0.0))
    error->all(FLERR, "Pair styles glass/ipl and glass/sticky: lambda of types {} and {} is {}", i,
               j, lambda[i][j]);
  epsilon[j][i] = epsilon[i][j];
  lambda[j][i] = lambda[i][j];
  const double cutoff = reduced_cutoff() * lambda[i][j];
  if (listed_cutoff[i][j] == 0.0)
    listed_cutoff[i][j] = cutoff;
  else if (cutoff > listed_cutoff[i][j] * (1.0 + 1.0e-12))
    error->all(
        FLERR,
        "Pair styles glass/ipl and glass/sticky: lambda of types {} and {} has grown to {} in "
        "a run, beyond what neighbor lists hold; set the largest value by pair_coeff before "
        "it",
        i, j, lambda[i][j]);
  // Pair::init() does so with what is returned, but Pair::reinit() does not.
  cutsq[i][j] = cutsq[j][i] = cutoff * cutoff;
  return cutoff;
}

void PairGlass::write_restart(FILE *file)
{
  write_restart_settings(file);
  for (int i = 1; i <= atom->ntypes; ++i)
    for (int j = i; j <= atom->ntypes; ++j) {
      fwrite(&setflag[i][j], sizeof(int), 1, file);
      fwrite(&epsilon[i][j], sizeof(double), 1, file);
      fwrite(&lambda[i][j], sizeof(double), 1, file);
    }
}

void PairGlass::read_bytes(void *value, int n, FILE *file)
{
  if (comm->me == 0) utils::sfread(FLERR, value, 1, n, file, nullptr, error);
  MPI_Bcast(value, n, MPI_BYTE, 0, world);
}

void PairGlass::read_restart(FILE *file)
{
  read_restart_settings(file);
  allocate();
  for (int i = 1; i <= atom->ntypes; ++i)
    for (int j = i; j <= atom->ntypes; ++j) {
      read_bytes(&setflag[i][j], sizeof(int), file);
      read_bytes(&epsilon[i][j], sizeof(double), file);
      read_bytes(&lambda[i][j], sizeof(double), file);
    }
}

// The shortest digits that give the number back, so that a data file changes no energy.

void PairGlass::write_data(FILE *file)
{
  for (int i = 1; i <= atom->ntypes; ++i)
    fputs(fmt::format("{} {} {}\n", i, epsilon[i][i], lambda[i][i]).c_str(), file);
}

void PairGlass::write_data_all(FILE *file)
{
  for (int i = 1; i <= atom->ntypes; ++i)
    for (int j = i; j <= atom->ntypes; ++j)
      fputs(fmt::format("{} {} {} {}\n", i, j, epsilon[i][j], lambda[i][j]).c_str(), file);
}

double PairGlass::single(int, int, int type_i, int type_j, double r_squared, double,
                         double factor_lj, double &force_over_r)
{
  const double scale = 1.0 / (lambda[type_i][type_j] * lambda[type_i][type_j]);
  const double s = r_squared * scale, strength = factor_lj * epsilon[type_i][type_j];
  const glass::Radial phi = reduced(s);
  force_over_r = -strength * scale * phi.df / std::sqrt(s);
  return strength * phi.f;
}

void PairGlass::born_matrix(int, int, int type_i, int type_j, double r_squared, double,
                            double factor_lj, double &du, double &d2u)
{
  const double scale = 1.0 / lambda[type_i][type_j];
  const double strength = factor_lj * epsilon[type_i][type_j];
  const glass::Radial phi = reduced(r_squared * scale * scale);
  du = strength * scale * phi.df;
  d2u = strength * scale * scale * phi.d2f;
}

void *PairGlass::extract(const char *name, int &dim)
{
  dim = 2;
  if (strcmp(name, "epsilon") == 0) return epsilon;
  if (strcmp(name, "lambda") == 0) return lambda;
  return nullptr;
}
