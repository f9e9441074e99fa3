// Part of lammps-glass, GPL-2.0.

#include "inm_reference.h"

#include "compute_glass_inm.h"

#include "error.h"
#include "modify.h"

#include <cstring>
#include <utility>

using namespace LAMMPS_NS;

INMReference::INMReference(LAMMPS *lmp, std::string user, const std::string &word) :
    Pointers(lmp), user_(std::move(user))
{
  if (word.compare(0, 2, "c_") != 0)
    error->all(FLERR, "{} needs a compute glass/inm as c_ID, not {}", user_, word);
  id_ = word.substr(2);
}

std::string INMReference::first_argument(LAMMPS *lmp, int narg, char **arg)
{
  if (narg < 4) utils::missing_cmd_args(FLERR, std::string("compute ") + arg[2], lmp->error);
  return arg[3];
}

ComputeGlassINM &INMReference::find() const
{
  Compute *compute = modify->get_compute_by_id(id_);
  if (!compute) error->all(FLERR, "{}: there is no compute {}", user_, id_);
  if (strcmp(compute->style, "glass/inm") != 0)
    error->all(FLERR, "{}: compute {} is of style {}, not glass/inm", user_, id_, compute->style);
  auto *inm = static_cast<ComputeGlassINM *>(compute);
  if (!inm->has_modes())
    error->all(FLERR, "{}: solver kpm of compute {} finds no modes; use another solver there",
               user_, id_);
  return *inm;
}

ComputeGlassINM &INMReference::find_initialized() const
{
  ComputeGlassINM &inm = find();
  if (!inm.is_initialized())
    error->all(FLERR, "{}: compute {} was defined after the last run; begin a run (run 0) before",
               user_, id_);
  return inm;
}
