// Part of lammps-glass, GPL-2.0.

#ifndef LMP_FIX_GLASS_REFERENCE_H
#define LMP_FIX_GLASS_REFERENCE_H

#include "fix.h"

#include "observable/pattern_matching.h"

namespace LAMMPS_NS {

/// The configuration that compute glass/dmin compares with, which makes this fix and deletes it. It
/// is a fix so that restart files carry it. The atoms do not carry it themselves, as they do for
/// compute msd: what glass/quench evaluates may take a new reference, and must not lose it when the
/// atoms go back.
class FixGlassReference : public Fix {
 public:
  FixGlassReference(class LAMMPS *, int, char **);
  int setmask() override { return 0; }
  double memory_usage() override;
  void write_restart(FILE *) override;
  void restart(char *) override;

  /// On all ranks; the configuration on the first rank only.
  void set(glass::Configuration newest, bool at_minimum);

  bool taken = false;
  bool quenched = false;     ///< taken while minimising
  bigint step = -1;          ///< when it was taken
  bigint evaluations = 0;    ///< since then
  glass::Configuration configuration;
};

}    // namespace LAMMPS_NS

#endif
