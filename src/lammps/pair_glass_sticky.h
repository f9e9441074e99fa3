// Part of lammps-glass, GPL-2.0.

#ifndef LMP_PAIR_GLASS_STICKY_H
#define LMP_PAIR_GLASS_STICKY_H

#include "pair_glass.h"

#include "potential/sticky_sphere.h"

namespace LAMMPS_NS {

/// pair_style glass/sticky: sticky spheres (docs/pair_glass_sticky.rst).
class PairGlassSticky : public PairGlass {
 public:
  explicit PairGlassSticky(class LAMMPS *);
  void compute(int, int) override;
  void settings(int, char **) override;
  void write_restart_settings(FILE *) override;
  void read_restart_settings(FILE *) override;

 protected:
  glass::Radial reduced(double x_squared) const override { return phi_.derivatives(x_squared); }
  double reduced_cutoff() const override { return phi_.cutoff(); }

 private:
  void define(double x_c);

  glass::StickySphere phi_;
};

}    // namespace LAMMPS_NS

#endif
