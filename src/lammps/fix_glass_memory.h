// Part of lammps-glass, GPL-2.0.

#ifndef LMP_FIX_GLASS_MEMORY_H
#define LMP_FIX_GLASS_MEMORY_H

#include "fix.h"

#include "trajectory_moment.h"

#include "communicator.h"
#include "observable/memory_estimate.h"
#include "observable/momentum_correlator.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace LAMMPS_NS {

/// fix glass/memory: memory kernel and friction of tagged particles (docs/fix_glass_memory.rst).
class FixGlassMemory : public Fix {
 public:
  FixGlassMemory(class LAMMPS *, int, char **);
  int setmask() override;
  void init() override;
  void setup(int) override;
  void end_of_step() override;
  void post_run() override;
  void reset_dt() override;
  void write_restart(FILE *) override;
  void restart(char *) override;
  double compute_scalar() override;
  double compute_vector(int) override;
  double compute_array(int, int) override;
  double memory_usage() override;

 private:
  /// A tagged atom, as it is when sampling begins.
  struct Tagged {
    tagint id;
    int type;
    double mass;
  };
  void parse(int narg, char **arg);
  void tag_atoms();
  std::vector<double> masses() const;
  void set_masses();
  void define_species();
  void announce_memory();
  double bytes_needed() const;
  std::string name() const;

  /// Runs what sends samples home, and reports atoms that are missing as LAMMPS reports errors.
  template <typename Action> void follow(const Action &action) const;
  [[noreturn]] void report_loss(const std::string &what) const;

  std::size_t tagged_index(int i);
  std::size_t find_tagged(tagint id_wanted) const;
  void sample();
  glass::TrajectoryMoment moment();
  void shape_output();
  void evaluate();
  void tabulate(const std::vector<glass::MemoryEstimate> &estimates);
  void warn_of_spacing(const std::vector<glass::MemoryEstimate> &estimates);
  void check_file() const;
  void write_table() const;
  double time_between_lags() const;

  bigint frequency = 1;    // Nfreq
  int lags = 0, every_tagged = 1, fewest_blocks = 10;
  glass::EstimateSettings settings;
  std::string form_name = "impulse", file;

  glass::Communicator communicator;
  std::vector<Tagged> tagged;    // by ID
  std::vector<glass::Species> species;
  std::unique_ptr<glass::MomentumCorrelator> correlator;

  // Of each own atom: its ID when it was last looked up, and its place among the tagged.
  std::vector<tagint> known_id;
  std::vector<std::size_t> known_index;

  double dt = 0.0;
  bigint last_sample = -1;
  glass::TrajectoryMoment end_of_run;    // step -1 while a run is under way
  std::vector<double> values, table;     // vector and array as of the last evaluation
  bool warned_of_spacing = false, told_of_masses = false, told_of_wait = false;
};

template <typename Action> void FixGlassMemory::follow(const Action &action) const
{
  try {
    action();
  } catch (const std::runtime_error &failure) {
    report_loss(failure.what());
  }
}

}    // namespace LAMMPS_NS

#endif
