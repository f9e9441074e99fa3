// Part of lammps-glass, GPL-2.0.

#include "compute_glass_inm_atom.h"

#include "compute_glass_inm.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "memory.h"
#include "modify.h"
#include "update.h"

#include <cmath>
#include <cstring>
#include <map>

using namespace LAMMPS_NS;
using glass::ModeClass;

static constexpr int MODE_COLUMNS = 4;

ComputeGlassINMAtom::ComputeGlassINMAtom(LAMMPS *lmp, int narg, char **arg) :
    Compute(lmp, narg, arg), communicator(world)
{
  if (narg < 4) utils::missing_cmd_args(FLERR, "compute glass/inm/atom", error);
  inm_id = arg[3];
  if (inm_id.compare(0, 2, "c_") != 0)
    error->all(FLERR, "Compute glass/inm/atom needs a compute glass/inm as c_ID, not {}", inm_id);
  inm_id = inm_id.substr(2);

  const std::map<std::string, ModeClass> classes = {{"all", ModeClass::all},
                                                    {"stable", ModeClass::stable},
                                                    {"unstable", ModeClass::unstable},
                                                    {"localized", ModeClass::localized},
                                                    {"delocalized", ModeClass::delocalized}};
  for (int iarg = 4; iarg < narg; iarg += 2) {
    const std::string keyword = arg[iarg];
    if (keyword != "class" && keyword != "mode" && keyword != "near")
      error->all(FLERR, "Unknown compute glass/inm/atom keyword: {}", keyword);
    if (iarg + 1 >= narg)
      utils::missing_cmd_args(FLERR, "compute glass/inm/atom " + keyword, error);
    const char *value = arg[iarg + 1];
    if (keyword == "class") {
      const auto found = classes.find(value);
      if (found == classes.end())
        error->all(FLERR,
                   "Compute glass/inm/atom class must be all, stable, unstable, localized or "
                   "delocalized, not {}",
                   value);
      selection = Selection::MODE_CLASS;
      mode_class = found->second;
    } else if (keyword == "mode") {
      selection = Selection::INDEX;
      mode_number = utils::inumeric(FLERR, value, false, lmp);
      if (mode_number < 1)
        error->all(FLERR, "Compute glass/inm/atom mode must be >= 1, not {}", value);
    } else {
      selection = Selection::NEAREST;
      omega = utils::numeric(FLERR, value, false, lmp);
    }
  }

  peratom_flag = 1;
  size_peratom_cols = selection == Selection::MODE_CLASS ? 0 : MODE_COLUMNS;
}

ComputeGlassINMAtom::~ComputeGlassINMAtom()
{
  memory->destroy(vector_atom);
  memory->destroy(array_atom);
}

void ComputeGlassINMAtom::init()
{
  find_modes();
  if ((mode_class == ModeClass::localized || mode_class == ModeClass::delocalized) &&
      inm->participation_threshold() == 0.0)
    error->all(
        FLERR,
        "Compute glass/inm/atom class localized or delocalized needs keyword pc in compute {}",
        inm_id);
}

void ComputeGlassINMAtom::find_modes()
{
  Compute *compute = modify->get_compute_by_id(inm_id);
  if (!compute) error->all(FLERR, "Compute glass/inm/atom: there is no compute {}", inm_id);
  if (strcmp(compute->style, "glass/inm") != 0)
    error->all(FLERR, "Compute glass/inm/atom: compute {} is of style {}, not glass/inm", inm_id,
               compute->style);
  inm = static_cast<ComputeGlassINM *>(compute);
  inm->keep_vectors();
}

/* ----------------------------------------------------------------------
   the first rank has the vectors; it sends each rank the values of its rows
------------------------------------------------------------------------- */

void ComputeGlassINMAtom::compute_peratom()
{
  invoked_peratom = update->ntimestep;
  find_modes();    // it may have been deleted or defined anew since init()
  if (!inm->is_initialized())
    error->all(FLERR,
               "Compute glass/inm/atom (ID {}): compute {} was defined after the last run; begin a "
               "run (run 0) before",
               id, inm_id);
  inm->compute_modes();

  if (atom->nmax > nmax) {
    nmax = atom->nmax;
    memory->destroy(vector_atom);
    memory->destroy(array_atom);
    if (size_peratom_cols == 0)
      memory->create(vector_atom, nmax, "glass/inm/atom:vector");
    else
      memory->create(array_atom, nmax, MODE_COLUMNS, "glass/inm/atom:array");
  }

  const std::vector<int> atoms = inm->group_atoms();
  const int columns = size_peratom_cols == 0 ? 1 : MODE_COLUMNS;
  const std::vector<std::size_t> count_p = communicator.all(atoms.size());
  std::vector<std::vector<double>> value_p(communicator.size());
  int missing_mode = 0;
  if (communicator.root()) {
    const std::vector<double> values = values_by_row(inm->normal_modes());
    missing_mode = values.empty();
    std::size_t first = 0;
    for (int p = 0; p < communicator.size() && !missing_mode; ++p) {
      const std::size_t n = columns * count_p[p];
      value_p[p].assign(values.begin() + first, values.begin() + first + n);
      first += n;
    }
  }
  MPI_Bcast(&missing_mode, 1, MPI_INT, 0, world);
  if (missing_mode)
    error->all(FLERR,
               "Compute glass/inm/atom (ID {}): compute {} has no such mode in this configuration",
               id, inm_id);
  const std::vector<double> own = communicator.exchange(value_p)[0];

  for (int i = 0; i < atom->nlocal; ++i)
    for (int c = 0; c < columns; ++c)
      (size_peratom_cols == 0 ? vector_atom[i] : array_atom[i][c]) = 0.0;
  for (std::size_t r = 0; r < atoms.size(); ++r) {
    if (!(atom->mask[atoms[r]] & groupbit)) continue;
    for (int c = 0; c < columns; ++c)
      (size_peratom_cols == 0 ? vector_atom[atoms[r]] : array_atom[atoms[r]][c]) =
          own[columns * r + c];
  }
}

/// Row after row: the weight, and for one mode its vector; empty if there is no such mode.
std::vector<double> ComputeGlassINMAtom::values_by_row(const glass::NormalModes &modes) const
{
  const Eigen::Index dimension = modes.n_atoms > 0 ? modes.vector_np.rows() / modes.n_atoms : 3;
  std::vector<double> values;
  if (selection == Selection::MODE_CLASS) {
    values.assign(modes.n_atoms, 0.0);
    for (Eigen::Index p = 0; p < modes.size(); ++p)
      if (belongs(modes, p, mode_class, inm->participation_threshold()))
        for (Eigen::Index i = 0; i < modes.n_atoms; ++i)
          values[i] += modes.vector_np.col(p).segment(dimension * i, dimension).squaredNorm();
    return values;
  }

  const Eigen::Index p = selected_mode(modes);
  if (p < 0) return values;
  for (Eigen::Index i = 0; i < modes.n_atoms; ++i) {
    const Eigen::VectorXd e = modes.vector_np.col(p).segment(dimension * i, dimension);
    values.insert(values.end(), {e.squaredNorm(), e[0], e[1], dimension == 3 ? e[2] : 0.0});
  }
  return values;
}

Eigen::Index ComputeGlassINMAtom::selected_mode(const glass::NormalModes &modes) const
{
  if (selection == Selection::INDEX) return mode_number <= modes.size() ? mode_number - 1 : -1;
  if (modes.size() == 0) return -1;
  Eigen::Index nearest = 0;
  (modes.omega_p.array() - omega).abs().minCoeff(&nearest);
  return nearest;
}

double ComputeGlassINMAtom::memory_usage()
{
  return static_cast<double>(nmax) * std::max(1, size_peratom_cols) * sizeof(double);
}
