// Part of lammps-glass, GPL-2.0.

#include "glass_quench.h"

#include "fix_glass_quench.h"
#include "quiet_output.h"
#include "step_results.h"
#include "trajectory_state.h"

#include "arg_info.h"
#include "atom.h"
#include "comm.h"
#include "compute.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "input.h"
#include "min.h"
#include "modify.h"
#include "timer.h"
#include "update.h"
#include "variable.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

using namespace LAMMPS_NS;

namespace {

constexpr int POSITIONAL = 5;    // ID etol ftol maxiter maxeval

// Of the energy per atom: far above what is left of it at usual tolerances of the minimiser, far
// below what the least rearrangement changes.
constexpr double default_transition = 1.0e-5;

// A minimiser that stops by etol is some etol |energy| above the minimum.
constexpr double unresolved = 10.0;

const char *const row_columns = "step U_IS iterations fmax converged transitions rate";

}    // namespace

void GlassQuench::command(int narg, char **arg)
{
  parse(narg, arg);
  check();
  // A run that is being stopped, by fix halt or fix glass/dms, would stop the minimiser as well.
  if (timer->is_timeout()) {
    if (comm->me == 0)
      utils::logmesg(lmp, "{}: the run is being stopped, no inherent structure visited\n", name());
    return;
  }
  std::vector<Value> values;
  for (const std::string &label : labels)
    values.push_back(find_value(label));
  find_fix();

  std::vector<double> row;
  {
    std::unique_ptr<glass::QuietOutput> quiet;
    if (!verbose) quiet = std::make_unique<glass::QuietOutput>(lmp);
    glass::TrajectoryState trajectory(lmp);
    row = minimise_and_evaluate(values, quiet.get());
    if (!restore)
      trajectory.keep_atoms();
    else if (!trajectory.restore())
      error->all(FLERR,
                 "{}: a fix that stores values per atom was defined or deleted by what was "
                 "evaluated, the trajectory cannot be restored; evaluate it once before, or use "
                 "restore no",
                 name());
  }
  const double time =
      update->atime + static_cast<double>(update->ntimestep - update->atimestep) * update->dt;
  fix->add(row, transition_threshold(row[FixGlassQuench::ENERGY]), time);
  warn_if_not_converged(row);
  write_row();
}

std::string GlassQuench::name() const
{
  return "Command glass/quench (ID " + id + ")";
}

void GlassQuench::parse(int narg, char **arg)
{
  if (narg < POSITIONAL) utils::missing_cmd_args(FLERR, "glass/quench", error);
  id = arg[0];
  etol = utils::numeric(FLERR, arg[1], false, lmp);
  ftol = utils::numeric(FLERR, arg[2], false, lmp);
  maxiter = utils::inumeric(FLERR, arg[3], false, lmp);
  maxeval = utils::inumeric(FLERR, arg[4], false, lmp);
  if (etol < 0.0) error->all(FLERR, "{}: etol must be >= 0, not {}", name(), arg[1]);
  if (ftol < 0.0) error->all(FLERR, "{}: ftol must be >= 0, not {}", name(), arg[2]);
  if (maxiter < 1) error->all(FLERR, "{}: maxiter must be >= 1, not {}", name(), arg[3]);
  if (maxeval < 1) error->all(FLERR, "{}: maxeval must be >= 1, not {}", name(), arg[4]);

  int iarg = POSITIONAL;
  for (; iarg < narg; ++iarg) {
    const std::string label = arg[iarg];
    if (label.compare(0, 2, "c_") != 0 && label.compare(0, 2, "v_") != 0) break;
    labels.push_back(label);
  }
  parse_keywords(iarg, narg, arg);
}

void GlassQuench::parse_keywords(int iarg, int narg, char **arg)
{
  for (; iarg < narg; iarg += 2) {
    const std::string keyword = arg[iarg];
    if (keyword != "file" && keyword != "restore" && keyword != "transition" &&
        keyword != "verbose")
      error->all(FLERR, "Unknown glass/quench keyword: {}", keyword);
    if (iarg + 1 >= narg) utils::missing_cmd_args(FLERR, "glass/quench " + keyword, error);
    const char *value = arg[iarg + 1];
    if (keyword == "file") {
      file = value;
    } else if (keyword == "restore") {
      restore = utils::logical(FLERR, value, false, lmp) != 0;
    } else if (keyword == "verbose") {
      verbose = utils::logical(FLERR, value, false, lmp) != 0;
    } else {
      transition = utils::numeric(FLERR, value, false, lmp);
      if (transition <= 0.0) error->all(FLERR, "{}: transition must be > 0, not {}", name(), value);
    }
  }
}

void GlassQuench::check() const
{
  if (domain->box_exist == 0)
    error->all(FLERR, "{}: there is no simulation box; define it before", name());
  if (!force->pair) error->all(FLERR, "{} needs a pair_style", name());
  if (random_forces())
    error->all(FLERR,
               "{}: pair style {} draws random numbers: it has no minimum of the energy, and would "
               "draw others in the run that follows",
               name(), force->pair_style);
  if (lmp->kokkos)
    error->all(FLERR, "{} does not work with the KOKKOS package; run without -k on", name());
}

bool GlassQuench::random_forces() const
{
  for (const char *word : {"dpd", "brownian"})
    if (strstr(force->pair_style, word) || force->pair_match(word, 0)) return true;
  return false;
}

/* ----------------------------------------------------------------------
   the fix that remembers what earlier calls with the same ID have found
------------------------------------------------------------------------- */

void GlassQuench::find_fix()
{
  Fix *found = modify->get_fix_by_id(id);
  if (found && strcmp(found->style, "GLASS/QUENCH") != 0)
    error->all(FLERR, "{}: there is a fix {} of style {}; give another ID", name(), id,
               found->style);
  if (!found) {
    std::string definition = id + " all GLASS/QUENCH";
    for (const std::string &label : labels)
      definition += " " + label;
    found = modify->add_fix(definition);
  }
  fix = static_cast<FixGlassQuench *>(found);
  if (fix->labels != labels)
    error->all(FLERR, "{}: earlier calls with this ID had other values; give another ID", name());
}

/* ----------------------------------------------------------------------
   as minimize does, but within a run and with nothing written
------------------------------------------------------------------------- */

std::vector<double> GlassQuench::minimise_and_evaluate(const std::vector<Value> &values,
                                                       glass::QuietOutput *quiet)
{
  std::vector<double> row(FixGlassQuench::FIXED, 0.0);
  row[FixGlassQuench::STEP] = static_cast<double>(update->ntimestep);
  if (update->whichflag == 0) timer->init_timeout();    // else the run has done so
  run_minimiser();

  Min *const min = update->minimize;
  row[FixGlassQuench::ITERATIONS] = min->niter;
  row[FixGlassQuench::LARGEST_FORCE] = largest_force();
  const std::string stop = min->stopstr;
  row[FixGlassQuench::CONVERGED] =
      stop == "energy tolerance" || stop == "force tolerance" || stop == "forces are zero";

  glass::forget_all_results(lmp);    // they are of the steps of the minimiser
  Compute *const energy = modify->get_compute_by_id("thermo_pe");
  row[FixGlassQuench::ENERGY] = energy->compute_scalar();
  energy->invoked_flag |= Compute::INVOKED_SCALAR;
  if (quiet) quiet->use_thermo_of_user(true);    // for its keywords in variables
  for (const Value &value : values)
    row.push_back(evaluate(value));
  if (quiet) quiet->use_thermo_of_user(false);

  min->cleanup();
  return row;
}

void GlassQuench::run_minimiser() const
{
  update->etol = etol;
  update->ftol = ftol;
  update->nsteps = maxiter;
  update->max_eval = maxeval;
  update->whichflag = 2;
  update->restrict_output = 1;    // no dumps, no restart files
  update->beginstep = update->firststep = update->ntimestep;
  update->endstep = update->laststep = update->firststep + maxiter;
  if (update->laststep < 0) error->all(FLERR, "{}: too many iterations", name());

  lmp->init();
  update->minimize->setup(0);
  update->minimize->run(maxiter);

  // Energies and virials of all kinds, and fresh lists, for whatever is evaluated now; that is, at
  // the step of the trajectory, not at the minimiser's.
  update->ntimestep = update->firststep;
  modify->addstep_compute_all(update->ntimestep);
  update->minimize->setup_minimal(1);
}

GlassQuench::Value GlassQuench::find_value(const std::string &label) const
{
  const ArgInfo info(label, ArgInfo::COMPUTE | ArgInfo::VARIABLE);
  Value value;
  value.label = label;
  value.index1 = info.get_dim() > 0 ? info.get_index1() : 0;
  value.index2 = info.get_dim() > 1 ? info.get_index2() : 0;
  if (info.get_type() == ArgInfo::VARIABLE) {
    value.variable = input->variable->find(info.get_name());
    if (value.variable < 0 || !input->variable->equalstyle(value.variable) || info.get_dim() > 0)
      error->all(FLERR, "{}: {} is not an equal-style variable", name(), label);
    return value;
  }
  if (info.get_type() != ArgInfo::COMPUTE)
    error->all(FLERR, "{}: {} is no value; give c_ID, c_ID[i], c_ID[i][j] or v_name", name(),
               label);
  value.compute = modify->get_compute_by_id(info.get_name());
  if (!value.compute) error->all(FLERR, "{}: there is no compute {}", name(), info.get_name());
  const Compute &compute = *value.compute;
  const bool exists = info.get_dim() == 0   ? compute.scalar_flag != 0
                      : info.get_dim() == 1 ? compute.vector_flag != 0
                                            : compute.array_flag != 0;
  if (!exists)
    error->all(FLERR,
               "{}: compute {} has no global {}; per-atom and local values go through compute "
               "reduce",
               name(), compute.id,
               info.get_dim() == 0   ? "scalar"
               : info.get_dim() == 1 ? "vector"
                                     : "array");
  return value;
}

double GlassQuench::evaluate(const Value &value) const
{
  if (value.variable >= 0) return input->variable->compute_equal(value.variable);
  Compute &compute = *value.compute;
  const int kind = value.index2   ? Compute::INVOKED_ARRAY
                   : value.index1 ? Compute::INVOKED_VECTOR
                                  : Compute::INVOKED_SCALAR;
  if (!(compute.invoked_flag & kind)) {
    if (kind == Compute::INVOKED_SCALAR) compute.compute_scalar();
    if (kind == Compute::INVOKED_VECTOR) compute.compute_vector();
    if (kind == Compute::INVOKED_ARRAY) compute.compute_array();
    compute.invoked_flag |= kind;
  }
  if (kind == Compute::INVOKED_SCALAR) return compute.scalar;
  const int size = kind == Compute::INVOKED_VECTOR ? compute.size_vector : compute.size_array_rows;
  if (value.index1 > size || (value.index2 && value.index2 > compute.size_array_cols))
    error->all(FLERR, "{}: {} is out of range", name(), value.label);
  return kind == Compute::INVOKED_VECTOR ? compute.vector[value.index1 - 1]
                                         : compute.array[value.index1 - 1][value.index2 - 1];
}

/// max_i |f_i| over all atoms, without those components that fixes hold at zero.
double GlassQuench::largest_force() const
{
  double largest2 = 0.0;
  const double *const *const f = atom->f;
  for (int i = 0; i < atom->nlocal; ++i)
    largest2 = std::max(largest2, f[i][0] * f[i][0] + f[i][1] * f[i][1] + f[i][2] * f[i][2]);
  double all = 0.0;
  MPI_Allreduce(&largest2, &all, 1, MPI_DOUBLE, MPI_MAX, world);
  return std::sqrt(all);
}

double GlassQuench::transition_threshold(double energy) const
{
  if (transition > 0.0) return transition;
  const auto n = static_cast<double>(std::max<bigint>(atom->natoms, 1));
  return std::max(default_transition / n, unresolved * etol) * std::fabs(energy);
}

void GlassQuench::warn_if_not_converged(const std::vector<double> &row) const
{
  if (row[FixGlassQuench::CONVERGED] != 0.0 || comm->me != 0) return;
  error->warning(FLERR,
                 "{}: no minimum found at step {}: {} after {} iterations, largest force {:.3g}; "
                 "the row is marked by converged = 0. Allow more iterations, or looser tolerances",
                 name(), update->ntimestep, update->minimize->stopstr,
                 static_cast<int>(row[FixGlassQuench::ITERATIONS]),
                 row[FixGlassQuench::LARGEST_FORCE]);
}

void GlassQuench::write_row() const
{
  if (file.empty() || comm->me != 0) return;
  FILE *const stream = fopen(file.c_str(), fix->appends_to(file) ? "a" : "w");
  if (!stream) error->one(FLERR, "{}: cannot write to file {}", name(), file);
  fseek(stream, 0, SEEK_END);
  if (ftell(stream) == 0) {
    fprintf(stream, "# glass/quench %s\n# %s", id.c_str(), row_columns);
    for (const std::string &label : labels)
      fprintf(stream, " %s", label.c_str());
    fputc('\n', stream);
  }
  for (std::size_t c = 0; c < fix->row.size(); ++c) {
    const bool integer = c == FixGlassQuench::STEP || c == FixGlassQuench::ITERATIONS ||
                         c == FixGlassQuench::CONVERGED || c == FixGlassQuench::TRANSITIONS;
    fprintf(stream, integer ? "%s%.0f" : "%s%.15g", c ? " " : "", fix->row[c]);
  }
  fputc('\n', stream);
  fclose(stream);
}
