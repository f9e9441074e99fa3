// Part of lammps-glass, GPL-2.0.

#ifndef LMP_FIX_GLASS_DMS_H
#define LMP_FIX_GLASS_DMS_H

#include "fix.h"

#include "strained_box.h"

#include "observable/oscillation.h"

#include <memory>
#include <string>
#include <vector>

namespace LAMMPS_NS {

/// fix glass/dms: dynamical mechanical spectroscopy (docs/fix_glass_dms.rst).
class FixGlassDMS : public Fix {
 public:
  FixGlassDMS(class LAMMPS *, int, char **);
  ~FixGlassDMS() override;
  int setmask() override;
  void init() override;
  void setup(int) override;
  void initial_integrate(int) override;
  void initial_integrate_respa(int, int, int) override;
  void end_of_step() override;
  void post_run() override;
  void reset_dt() override;
  int modify_param(int, char **) override;
  void write_restart(FILE *) override;
  void restart(char *) override;
  double compute_scalar() override;
  double compute_vector(int) override;
  double compute_array(int, int) override;
  double memory_usage() override;

 private:
  void parse(int narg, char **arg);
  void count_steps();
  void create_own_pressure();
  void delete_own_computes();
  std::string name() const;

  bool finished() const { return static_cast<int>(stress_of_cycle.size()) >= cycles; }
  double strain() const;
  void sample(bigint phase);
  void finish_cycle();
  void announce_end();
  void average_cycles();
  std::array<double, 7> row(int cycle) const;
  void write_table();

  int component = 0;
  double amplitude = 0.0, period = 0.0;
  int cycles = 10, skip = -1;
  bigint every = 1, steps_per_cycle = 0;
  bool kinetic = true;
  std::string file;
  std::unique_ptr<StrainedBox> box;

  std::string pressure_id, own_pressure_id, own_temperature_id;
  class Compute *pressure = nullptr;

  // The run so far, all of it in restart files.
  double dt_of_cycles = 0.0;
  bigint origin = 0, last_step = 0;    // step at phase 0; step that the box is strained for
  double sampled_strain = 0.0, sampled_stress = 0.0;
  glass::OscillationSums sums;
  std::vector<glass::Oscillation> stress_of_cycle;

  glass::MeanModulus mean;
  int outermost_level = 0;    // of r-RESPA
  bool in_step = false;       // between initial_integrate() and end_of_step()
  bool has_stopped_run = false;
};

}    // namespace LAMMPS_NS

#endif
