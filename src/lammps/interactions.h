// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_INTERACTIONS_H
#define GLASS_INTERACTIONS_H

namespace LAMMPS_NS {
class LAMMPS;
}

namespace glass {

/// Forces of all interactions (pair style, bonded, long-range part) at the current positions of
/// atoms and ghosts, with the neighbour lists there are; as the integrators find them, but without
/// fixes. eflag, vflag: as LAMMPS's styles take them. Collective.
void compute_interactions(LAMMPS_NS::LAMMPS *lmp, int eflag, int vflag);

}    // namespace glass

#endif
