// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_ASSEMBLE_HESSIAN_H
#define GLASS_ASSEMBLE_HESSIAN_H

#include "block_matrix.h"
#include "site_expansion.h"

namespace glass {

/// The Hessian H = d2U/dx dx of all rows of the environment's layout, from the site expansion:
///
///   H_jk += G_jk,  H_ik -= sum_j G_jk,  H_ji -= sum_k G_jk,  H_ii += sum_jk G_jk
///
/// (of which the upper triangle is stored), for every site i and neighbours j, k, periodic images
/// folded onto their atoms. Contributions to rows of other ranks are sent to them, so ghosts within
/// one cutoff suffice although H reaches two. Unit: energy/distance^2. Collective.
BlockMatrix assemble_hessian(const SiteExpansion &expansion, const Communicator &communicator);

}    // namespace glass

#endif
