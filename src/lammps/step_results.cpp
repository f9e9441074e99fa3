// Part of lammps-glass, GPL-2.0.

#include "step_results.h"

#include "compute.h"
#include "lammps.h"
#include "modify.h"

namespace glass {

void forget_all_results(LAMMPS_NS::LAMMPS *lmp)
{
  for (LAMMPS_NS::Compute *compute : lmp->modify->get_compute_list()) {
    compute->init_flags();
    compute->invoked_flag = LAMMPS_NS::Compute::INVOKED_NONE;
    if (auto *kept = dynamic_cast<StepResults *>(compute)) kept->forget_results();
  }
}

}    // namespace glass
