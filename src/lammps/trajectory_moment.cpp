// Part of lammps-glass, GPL-2.0.

#include "trajectory_moment.h"

#include "atom.h"
#include "domain.h"
#include "lammps.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

using namespace LAMMPS_NS;

namespace glass {

namespace {

// Sums over atoms differ in their order between runs; whatever is done to atoms differs by more.
constexpr double SAME_MOMENT = 1.0e-9;

/// A number in [-1, 1) that has nothing to do with those of other IDs (Steele, Lea, Flood,
/// SplitMix: OOPSLA 2014).
double weight_of(tagint id)
{
  auto z = static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  z ^= z >> 31U;
  return static_cast<double>(z >> 11U) * 0x1.0p-52 - 1.0;
}

}    // namespace

bool TrajectoryMoment::is_continued_by(const TrajectoryMoment &next, double length) const
{
  if (step != next.step) return false;
  const double momentum = std::sqrt(momentum_squared);
  for (int k = 0; k < 6; ++k)
    if (!(std::abs(weighted[k] - next.weighted[k]) <= SAME_MOMENT * (k < 3 ? length : momentum)))
      return false;
  return true;
}

TrajectoryMoment trajectory_moment(const LAMMPS *lmp, const std::vector<int> &atoms,
                                   const Communicator &communicator)
{
  const Atom *const atom = lmp->atom;
  double sums[7] = {};
  for (const int i : atoms) {
    const double weight = weight_of(atom->tag[i]);
    double position[3];
    lmp->domain->unmap(atom->x[i], atom->image[i], position);
    for (int k = 0; k < lmp->domain->dimension; ++k) {
      const double momentum = mass_of(lmp, i) * atom->v[i][k];
      sums[k] += weight * position[k];
      sums[3 + k] += weight * momentum;
      sums[6] += momentum * momentum;
    }
  }
  communicator.sum_in_place(sums, 7);
  TrajectoryMoment now;
  now.step = lmp->update->ntimestep;
  std::copy(sums, sums + 6, now.weighted.begin());
  now.momentum_squared = sums[6];
  return now;
}

double mass_of(const LAMMPS *lmp, int i)
{
  return lmp->atom->rmass ? lmp->atom->rmass[i] : lmp->atom->mass[lmp->atom->type[i]];
}

}    // namespace glass
