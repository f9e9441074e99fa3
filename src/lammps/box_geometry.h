// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BOX_VOLUME_H
#define GLASS_BOX_VOLUME_H

#include "domain.h"

namespace glass {

/// In two dimensions, the area.
inline double box_volume(const LAMMPS_NS::Domain &domain)
{
  return domain.xprd * domain.yprd * (domain.dimension == 3 ? domain.zprd : 1.0);
}

}    // namespace glass

#endif
