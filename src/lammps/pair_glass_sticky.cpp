// Part of lammps-glass, GPL-2.0.

#include "pair_glass_sticky.h"

#include "pair_glass_loop.h"

#include "error.h"

#include <stdexcept>

using namespace LAMMPS_NS;

namespace {

constexpr double default_cutoff = 1.3469544579712476;    // 1.2 2^(1/6)

}

PairGlassSticky::PairGlassSticky(LAMMPS *lmp) : PairGlass(lmp), phi_(default_cutoff) {}

void PairGlassSticky::compute(int eflag, int vflag)
{
  sum(phi_, eflag, vflag);
}

void PairGlassSticky::define(double x_c)
{
  try {
    phi_ = glass::StickySphere(x_c);
  } catch (const std::invalid_argument &e) {
    error->all(FLERR, "Pair style glass/sticky: {}", e.what());
  }
}

void PairGlassSticky::settings(int narg, char **arg)
{
  if (narg > 1)
    error->all(FLERR, "Pair style glass/sticky takes xc or nothing; {} arguments are given", narg);
  define(narg == 0 ? default_cutoff : utils::numeric(FLERR, arg[0], false, lmp));
}

void PairGlassSticky::write_restart_settings(FILE *file)
{
  const double x_c = phi_.cutoff();
  fwrite(&x_c, sizeof(double), 1, file);
  fwrite(&mix_flag, sizeof(int), 1, file);
}

void PairGlassSticky::read_restart_settings(FILE *file)
{
  double x_c;
  read_bytes(&x_c, sizeof(double), file);
  read_bytes(&mix_flag, sizeof(int), file);
  define(x_c);
}
