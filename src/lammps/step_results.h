// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_STEP_RESULTS_H
#define GLASS_STEP_RESULTS_H

namespace LAMMPS_NS {
class LAMMPS;
}

namespace glass {

/// A compute that keeps what it found at a step, so that scalar, vector and array cost one
/// evaluation. The step does not tell whether that still holds: command glass/quench evaluates
/// computes at other positions of the same step.
class StepResults {
 public:
  /// What was found is of other positions.
  virtual void forget_results() = 0;

 protected:
  ~StepResults() = default;
};

/// Marks what all computes of a LAMMPS hold, those of LAMMPS too, as not current.
void forget_all_results(LAMMPS_NS::LAMMPS *lmp);

}    // namespace glass

#endif
