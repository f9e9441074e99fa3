// Part of lammps-glass, GPL-2.0.

#include "pair_glass_ipl.h"

#include "pair_glass_loop.h"

#include "error.h"

#include <stdexcept>

using namespace LAMMPS_NS;

PairGlassIPL::PairGlassIPL(LAMMPS *lmp) : PairGlass(lmp), phi_(n_, 1.48, q_) {}

void PairGlassIPL::compute(int eflag, int vflag)
{
  // Loops of known length for the exponents of the literature.
  if (n_ == 10 && q_ == 3)
    sum(glass::InversePower<5, 3>(n_, phi_.cutoff(), q_), eflag, vflag);
  else
    sum(phi_, eflag, vflag);
}

void PairGlassIPL::define(int n, double x_c, int q)
{
  try {
    phi_ = glass::InversePower<>(n, x_c, q);
  } catch (const std::invalid_argument &e) {
    error->all(FLERR, "Pair style glass/ipl: {}", e.what());
  }
  n_ = n;
  q_ = q;
}

void PairGlassIPL::settings(int narg, char **arg)
{
  if (narg != 0 && narg != 3)
    error->all(FLERR,
               "Pair style glass/ipl takes n, xc and q, or none of them; {} argument(s) are "
               "given",
               narg);
  if (narg == 0)
    define(10, 1.48, 3);
  else
    define(utils::inumeric(FLERR, arg[0], false, lmp), utils::numeric(FLERR, arg[1], false, lmp),
           utils::inumeric(FLERR, arg[2], false, lmp));
}

void PairGlassIPL::write_restart_settings(FILE *file)
{
  const double x_c = phi_.cutoff();
  fwrite(&n_, sizeof(int), 1, file);
  fwrite(&x_c, sizeof(double), 1, file);
  fwrite(&q_, sizeof(int), 1, file);
  fwrite(&mix_flag, sizeof(int), 1, file);
}

void PairGlassIPL::read_restart_settings(FILE *file)
{
  int n, q;
  double x_c;
  read_bytes(&n, sizeof(int), file);
  read_bytes(&x_c, sizeof(double), file);
  read_bytes(&q, sizeof(int), file);
  read_bytes(&mix_flag, sizeof(int), file);
  define(n, x_c, q);
}
