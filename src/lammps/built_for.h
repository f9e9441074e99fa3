// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BUILT_FOR_H
#define GLASS_BUILT_FOR_H

namespace glass {

/// The LAMMPS version that the plugin was compiled against, as in 20250204.
extern const int built_for_version;

}    // namespace glass

#endif
