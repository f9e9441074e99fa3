// Part of lammps-glass, GPL-2.0.

#include "fix_glass_quench.h"

#include "comm.h"

#include <cmath>

using namespace LAMMPS_NS;

FixGlassQuench::FixGlassQuench(LAMMPS *lmp, int narg, char **arg) :
    Fix(lmp, narg, arg), labels(arg + 3, arg + narg), row(FIXED + labels.size(), 0.0)
{
  scalar_flag = vector_flag = 1;
  global_freq = 1;
  size_vector = static_cast<int>(row.size());
  extscalar = 1;
  extvector = -1;
  extlist = new int[size_vector]();
  extlist[ENERGY] = 1;
  restart_global = 1;
}

FixGlassQuench::~FixGlassQuench()
{
  delete[] extlist;
}

bool FixGlassQuench::appends_to(const std::string &file)
{
  const bool appends = restarted || file == file_begun;
  file_begun = file;
  return appends;
}

double FixGlassQuench::compute_scalar()
{
  return row[ENERGY];
}

double FixGlassQuench::compute_vector(int i)
{
  return row[i];
}

void FixGlassQuench::add(std::vector<double> newest, double threshold, double time)
{
  if (n_quenches++ == 0) first_time = time;
  if (newest[CONVERGED] != 0.0) {
    if (has_energy && std::fabs(newest[ENERGY] - energy) > threshold) ++n_transitions;
    has_energy = true;
    energy = newest[ENERGY];
  }
  newest[TRANSITIONS] = n_transitions;
  newest[RATE] = time > first_time ? n_transitions / (time - first_time) : 0.0;
  row = std::move(newest);
}

void FixGlassQuench::write_restart(FILE *file)
{
  if (comm->me != 0) return;
  std::vector<double> state = {static_cast<double>(n_quenches), static_cast<double>(n_transitions),
                               has_energy ? 1.0 : 0.0, energy, first_time};
  state.insert(state.end(), row.begin(), row.end());
  const int size = static_cast<int>(state.size() * sizeof(double));
  fwrite(&size, sizeof(int), 1, file);
  fwrite(state.data(), sizeof(double), state.size(), file);
}

/* ----------------------------------------------------------------------
   with other values than before, the counts are taken and the last row is not
------------------------------------------------------------------------- */

void FixGlassQuench::restart(char *buffer)
{
  const auto *state = reinterpret_cast<const double *>(buffer);
  n_quenches = static_cast<int>(state[0]);
  n_transitions = static_cast<int>(state[1]);
  has_energy = state[2] != 0.0;
  energy = state[3];
  first_time = state[4];
  restarted = true;
}
