// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BOX_GEOMETRY_H
#define GLASS_BOX_GEOMETRY_H

#include "domain.h"

#include <Eigen/Core>

#include <algorithm>

namespace glass {

/// In two dimensions, the area.
inline double box_volume(const LAMMPS_NS::Domain &domain)
{
  return domain.xprd * domain.yprd * (domain.dimension == 3 ? domain.zprd : 1.0);
}

/// The edges are the columns.
inline Eigen::Matrix3d box_edges(const LAMMPS_NS::Domain &domain)
{
  const double *const h = domain.h;
  Eigen::Matrix3d edges = Eigen::Vector3d(h[0], h[1], h[2]).asDiagonal();
  if (domain.triclinic) edges << h[0], h[5], h[4], 0.0, h[1], h[3], 0.0, 0.0, h[2];
  return edges;
}

inline double longest_edge(const LAMMPS_NS::Domain &domain)
{
  return std::max({domain.xprd, domain.yprd, domain.zprd});
}

}    // namespace glass

#endif
