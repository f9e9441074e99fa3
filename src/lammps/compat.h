// Part of lammps-glass, GPL-2.0.

// What differs between the supported versions of LAMMPS (29 Aug 2024 and later), and the few places
// where more than the documented interface is needed. GLASS_LAMMPS_VERSION is the version read at
// configure time.

#ifndef GLASS_COMPAT_H
#define GLASS_COMPAT_H

#include "neigh_list.h"
#include "neighbor.h"

namespace glass {

/// Builds an occasional list from the current positions.
///
/// build_one() alone keeps a list until the next reneighbouring although it may have been built in
/// between; atoms may then have come within the cutoff that were beyond cutoff plus skin at that
/// time.
inline void rebuild(LAMMPS_NS::Neighbor *neighbor, LAMMPS_NS::NeighList *list)
{
  const auto last_reneighbouring = neighbor->lastcall;
  neighbor->lastcall = MAXBIGINT;
  neighbor->build_one(list);
  neighbor->lastcall = last_reneighbouring;
}

}    // namespace glass

#endif
