// Part of lammps-glass, GPL-2.0.

#ifndef LMP_COMPUTE_GLASS_DMIN_H
#define LMP_COMPUTE_GLASS_DMIN_H

#include "compute.h"
#include "step_results.h"

#include "communicator.h"
#include "observable/pattern_matching.h"

#include <string>
#include <vector>

namespace LAMMPS_NS {

/// compute glass/dmin: the exact distance of configuration pattern matching
/// (docs/compute_glass_dmin.rst). The atoms are matched on the first rank, in the order of their
/// IDs, so that nothing depends on how they are spread.
class ComputeGlassDmin : public Compute, public glass::StepResults {
 public:
  ComputeGlassDmin(class LAMMPS *, int, char **);
  ~ComputeGlassDmin() override;
  void init() override;
  void forget_results() override { step_of_results = -1; }
  double compute_scalar() override;
  void compute_vector() override;
  void compute_array() override;
  void compute_peratom() override;
  double memory_usage() override;

 private:
  enum class Reference { DEFINE, FIRST, STEP };
  enum VectorColumn { D_MIN, RMSD, REDUCED, GAP, REFERENCE_STEP, DRIFT, VECTOR_SIZE };
  enum ArrayColumn { COUNT, TYPE_D_MIN, TYPE_RMSD, TYPE_REDUCED, TYPE_GAP, ARRAY_SIZE };

  /// One atom on its way to the first rank.
  struct Record {
    tagint id;
    int type;
    double position[3];
  };

  void parse(int narg, char **arg);
  void make_reference_fix();
  void compare();
  bool refresh_is_due() const;
  glass::Configuration gather();
  std::vector<tagint> own_ids() const;
  void match(const glass::Configuration &configuration);
  void announce(std::size_t n);
  void warn_of_mixture();
  std::string name() const;
  void log(const std::string &line) const;

  Reference reference = Reference::DEFINE;
  bigint reference_step = 0;
  int refresh_every = 0;           // evaluations; 0: never
  std::string refresh_variable;    // empty: none

  glass::Communicator communicator;
  glass::PatternMatcher matcher;
  glass::PatternComparison result;    // on the first rank
  std::vector<tagint> matched_ids;    // own atoms at the last comparison, in their order
  std::vector<std::size_t> order;     // on the first rank: place of each gathered atom by ID
  class FixGlassReference *fix = nullptr;
  std::string fix_id;
  bigint step_of_results = -1;
  bool warned = false, announced = false;
  int nmax = 0;
};

}    // namespace LAMMPS_NS

#endif
