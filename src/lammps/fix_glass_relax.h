// Part of lammps-glass, GPL-2.0.

#ifndef LMP_FIX_GLASS_RELAX_H
#define LMP_FIX_GLASS_RELAX_H

#include "fix.h"

#include "trajectory_moment.h"

#include "communicator.h"
#include "observable/relaxation.h"
#include "observable/time_origin.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace LAMMPS_NS {

/// fix glass/relax: relaxation of atoms and of pairs (docs/fix_glass_relax.rst).
class FixGlassRelax : public Fix {
 public:
  /// All atoms of all ranks, followed or not. A plain value, for restart files.
  struct System {
    double center[3] = {};    ///< of mass
    double mass = 0.0, atoms = 0.0, followed = 0.0;
  };

  FixGlassRelax(class LAMMPS *, int, char **);
  ~FixGlassRelax() override;
  int setmask() override;
  void init() override;
  void init_list(int, class NeighList *) override;
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

  // The rows of the atoms go with them.
  void grow_arrays(int) override;
  void copy_arrays(int, int, int) override;
  void set_arrays(int) override;
  int pack_exchange(int, double *) override;
  int unpack_exchange(int, double *) override;
  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;

 private:
  /// A time origin whose segment is not over.
  struct Origin {
    bigint step;
    System system;
    std::unique_ptr<glass::TimeOrigin> atoms;    ///< none: not in use
    glass::RelaxationBlock sums;
    std::size_t next_time = 0;
  };

  void parse(int narg, char **arg);
  int parse_keyword(const std::string &keyword, int narg, char **values);
  int parse_vectors(int n, int narg, char **values);
  void define_window();
  void check_memory() const;
  void count_atoms();
  void warn_of_box();
  std::string name() const;
  void log(const std::string &text) const;

  std::vector<int> followed_atoms() const;
  Eigen::Vector3d unwrapped(int i) const;
  System system() const;
  void check_number(const System &now) const;
  glass::TrajectoryMoment moment() const;
  void start_anew();
  void sample(std::size_t slot, const System &now);
  bigint time_of_next_sample(const Origin &origin) const;
  void plan_next_step();

  double typical_distance() const;
  double ghost_reach() const;
  double reach_of_pairs() const;
  void request_neighbours();
  void warn_of_missing_pairs();
  void begin(std::size_t slot, const System &now);
  void announce(const Origin &origin);
  glass::RowLayout number_rows(std::size_t slot);
  void for_pairs(const std::function<void(int, int, double)> &action) const;
  std::vector<glass::TimeOrigin::Pair> near_pairs() const;
  void find_cutoff();
  void find_wave_number();

  void shape_output();
  void evaluate();
  void tabulate(std::size_t species, glass::RelaxationEstimate &estimate);
  void warn_of_early_crossing(std::size_t species, double tau_alpha);
  std::string times_in_words(std::size_t species) const;
  void check_file() const;
  void write_table() const;

  void append_origin(std::vector<char> &bytes, const Origin &origin) const;
  void take_origin(const char *&bytes, std::size_t slot);
  void find_rows(std::size_t slot, const std::vector<glass::TimeOrigin::Atom> &atoms);

  bigint step_unit = 1, segment = 0;    // Nevery, Nsegment
  int n_times = 60, n_origins = 1;
  double threshold, window_lo = 0.3, window_hi = 1.0;
  double wave_number = 0.0, cutoff = 0.0;    // 0: to be found
  std::vector<Eigen::Vector3d> vectors;
  bool drift = true, q_is_given = false;
  std::string file, arguments;    // those that a restart file must have been written with

  glass::Communicator communicator;
  glass::RelaxationSettings settings;
  std::vector<std::int64_t> times;    // in units of Nevery
  std::optional<glass::WaveAverage> average;
  std::vector<double> atoms_s;    // of each species
  double dt = 0.0;

  class NeighList *list = nullptr;
  std::vector<Origin> origins;
  bigint first_step = -1;                // of the first origin
  bigint next_step = -1;                 // at which there is something to do
  double **row_of_atom = nullptr;        // see grow_arrays()
  std::vector<glass::Row> known_row;     // of own atoms and ghosts, at the newest origin
  glass::TrajectoryMoment end_of_run;    // step -1 while a run is under way

  glass::RelaxationBlocks blocks;
  std::vector<double> values, table;    // vector and array as of the last complete origin
  bool announced = false, warned_of_crossing = false, warned_of_box = false,
       warned_of_pairs = false;
};

}    // namespace LAMMPS_NS

#endif
