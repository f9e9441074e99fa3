// Part of lammps-glass, GPL-2.0.

#ifndef LMP_PROGRESS_CLOCK_H
#define LMP_PROGRESS_CLOCK_H

#include "platform.h"

namespace glass {

/// Times work that is to tell how far it is, but not too often.
class ProgressClock {
 public:
  /// Since the clock was made.
  double seconds() const { return LAMMPS_NS::platform::walltime() - start_; }

  /// Whether 20 s have passed since this was last true, or since the clock was made.
  bool is_due()
  {
    const double now = seconds();
    if (now < reported_ + 20.0) return false;
    reported_ = now;
    return true;
  }

 private:
  double start_ = LAMMPS_NS::platform::walltime(), reported_ = 0.0;
};

}    // namespace glass

#endif
