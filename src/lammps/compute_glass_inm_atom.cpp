// Part of lammps-glass, GPL-2.0.

#include "compute_glass_inm_atom.h"

#include "compute_glass_inm.h"

#include "atom.h"
#include "error.h"
#include "memory.h"
#include "update.h"

#include <algorithm>
#include <map>

using namespace LAMMPS_NS;
using glass::ModeClass;

static constexpr int MODE_COLUMNS = 4;

ComputeGlassINMAtom::ComputeGlassINMAtom(LAMMPS *lmp, int narg, char **arg) :
    Compute(lmp, narg, arg), communicator(world),
    source(lmp, name(), INMReference::first_argument(lmp, narg, arg))
{
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

std::string ComputeGlassINMAtom::name() const
{
  return std::string("Compute ") + style + " (ID " + id + ")";
}

void ComputeGlassINMAtom::init()
{
  ComputeGlassINM &inm = source.find();
  inm.keep_vectors();
  if ((mode_class == ModeClass::localized || mode_class == ModeClass::delocalized) &&
      inm.participation_threshold() == 0.0)
    error->all(
        FLERR,
        "Compute glass/inm/atom class localized or delocalized needs keyword pc in compute {}",
        source.id());
}

/* ---------------------------------------------------------------------- */

void ComputeGlassINMAtom::compute_peratom()
{
  invoked_peratom = update->ntimestep;
  ComputeGlassINM &inm = source.find_initialized();
  inm.keep_vectors();    // it may have been defined anew since init()
  inm.compute_modes();

  // The first rank knows the modes and tells the others which are meant.
  const std::vector<Eigen::Index> selected = communicator.gather_on_all(
      communicator.root() ? select(inm.normal_modes(), inm.participation_threshold())
                          : std::vector<Eigen::Index>{});
  const bool one_mode = selection != Selection::MODE_CLASS;
  if (one_mode && selected.empty())
    error->all(FLERR, "{}: compute {} has no such mode in this configuration", name(), source.id());
  const std::vector<double> own =
      one_mode ? inm.mode_vectors().vector(selected[0]) : inm.mode_vectors().weights(selected);

  grow();
  const std::vector<int> atoms = inm.group_atoms();
  for (int i = 0; i < atom->nlocal; ++i)
    if (one_mode)
      std::fill(array_atom[i], array_atom[i] + MODE_COLUMNS, 0.0);
    else
      vector_atom[i] = 0.0;
  for (std::size_t r = 0; r < atoms.size(); ++r) {
    const int i = atoms[r];
    if (!(atom->mask[i] & groupbit)) continue;
    if (one_mode) {
      const double *e = own.data() + 3 * r;
      array_atom[i][0] = e[0] * e[0] + e[1] * e[1] + e[2] * e[2];
      std::copy(e, e + 3, array_atom[i] + 1);
    } else
      vector_atom[i] = own[r];
  }
}

/// The modes that are meant, ascending.
std::vector<Eigen::Index> ComputeGlassINMAtom::select(const glass::NormalModes &modes,
                                                      double threshold) const
{
  std::vector<Eigen::Index> selected;
  if (selection == Selection::MODE_CLASS) {
    for (Eigen::Index p = 0; p < modes.size(); ++p)
      if (belongs(modes, p, mode_class, threshold)) selected.push_back(p);
  } else if (selection == Selection::INDEX) {
    if (mode_number <= modes.size()) selected.push_back(mode_number - 1);
  } else if (modes.size() > 0) {
    selected.push_back(0);
    (modes.omega_p.array() - omega).abs().minCoeff(&selected[0]);
  }
  return selected;
}

void ComputeGlassINMAtom::grow()
{
  if (atom->nmax <= nmax) return;
  nmax = atom->nmax;
  memory->destroy(vector_atom);
  memory->destroy(array_atom);
  if (size_peratom_cols == 0)
    memory->create(vector_atom, nmax, "glass/inm/atom:vector");
  else
    memory->create(array_atom, nmax, MODE_COLUMNS, "glass/inm/atom:array");
}

double ComputeGlassINMAtom::memory_usage()
{
  return static_cast<double>(nmax) * std::max(1, size_peratom_cols) * sizeof(double);
}
