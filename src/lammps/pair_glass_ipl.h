// Part of lammps-glass, GPL-2.0.

#ifndef LMP_PAIR_GLASS_IPL_H
#define LMP_PAIR_GLASS_IPL_H

#include "pair_glass.h"

#include "potential/inverse_power.h"

namespace LAMMPS_NS {

/// pair_style glass/ipl: a smoothed inverse power law (docs/pair_glass_ipl.rst).
class PairGlassIPL : public PairGlass {
 public:
  explicit PairGlassIPL(class LAMMPS *);
  void compute(int, int) override;
  void settings(int, char **) override;
  void write_restart_settings(FILE *) override;
  void read_restart_settings(FILE *) override;

 protected:
  glass::Radial reduced(double x_squared) const override { return phi_.derivatives(x_squared); }
  double reduced_cutoff() const override { return phi_.cutoff(); }

 private:
  void define(int n, double x_c, int q);

  int n_ = 10, q_ = 3;
  glass::InversePower<> phi_;
};

}    // namespace LAMMPS_NS

#endif
