// Part of lammps-glass, GPL-2.0.

// In a file of its own so that the tests can link a plugin that claims another version.

#include "built_for.h"

const int glass::built_for_version = GLASS_BUILT_FOR;
