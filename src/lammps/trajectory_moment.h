// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TRAJECTORY_MOMENT_H
#define GLASS_TRAJECTORY_MOMENT_H

#include "communicator.h"

#include "lmptype.h"

#include <array>
#include <vector>

namespace LAMMPS_NS {
class LAMMPS;
}

namespace glass {

/// Where followed atoms stood, to tell whether a trajectory goes on from there: sums of their
/// positions and momenta, each atom with a weight of its own. A plain value, for restart files.
struct TrajectoryMoment {
  LAMMPS_NS::bigint step = -1;
  std::array<double, 6> weighted{};    // positions, momenta
  double momentum_squared = 0.0;

  /// @param length  of the box, which tells what difference in a position is none
  bool is_continued_by(const TrajectoryMoment &next, double length) const;
};

/// Of the named own atoms of all ranks. Collective.
TrajectoryMoment trajectory_moment(const LAMMPS_NS::LAMMPS *lmp, const std::vector<int> &atoms,
                                   const Communicator &communicator);

double mass_of(const LAMMPS_NS::LAMMPS *lmp, int i);

}    // namespace glass

#endif
