// Part of lammps-glass, GPL-2.0.

#ifndef LMP_FIX_GLASS_REFERENCE_H
#define LMP_FIX_GLASS_REFERENCE_H

#include "fix.h"

#include "observable/pattern_matching.h"

#include <array>

namespace LAMMPS_NS {

/// The configuration that compute glass/dmin compares with, which makes this fix and deletes it. It
/// is a fix so that restart files carry it. The atoms do not carry it themselves, as they do for
/// compute msd: what glass/quench evaluates may take a new reference, and must not lose it when the
/// atoms go back.
class FixGlassReference : public Fix {
 public:
  /// When a configuration was evaluated: a step, and whether at the minimum below its positions.
  struct Moment {
    bigint step;
    int quenched;
    bool operator==(const Moment &other) const
    {
      return step == other.step && quenched == other.quenched;
    }
  };

  FixGlassReference(class LAMMPS *, int, char **);
  int setmask() override { return 0; }
  double memory_usage() override;
  void write_restart(FILE *) override;
  void restart(char *) override;

  /// On all ranks; the configuration on the first rank only.
  void set(glass::Configuration newest, const Moment &moment);

  /// Makes that configuration the reference at the next evaluation of another moment: what is
  /// evaluated once more at this one, for instance by the setup of the next run, is still compared
  /// with the reference it was compared with.
  void set_next(glass::Configuration newest, const Moment &moment);

  /// To be called before each comparison. Returns whether the moment is another than that of the
  /// last comparison.
  bool begin(const Moment &moment);

  bool taken = false;
  Moment of_reference{-1, 0};
  bigint evaluations = 0;    ///< of other moments, since then
  glass::Configuration reference;
  std::array<double, 6> last_edges{};    ///< of the cell at the last comparison

 private:
  bool has_next = false;
  Moment last{-1, 0}, of_next{-1, 0};
  glass::Configuration next;
};

}    // namespace LAMMPS_NS

#endif
