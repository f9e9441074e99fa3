// Part of lammps-glass, GPL-2.0.

#include "compute_glass_dmin.h"

#include "box_geometry.h"
#include "fix_glass_reference.h"

#include "available_memory.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "group.h"
#include "input.h"
#include "memory.h"
#include "modify.h"
#include "update.h"
#include "variable.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>

using namespace LAMMPS_NS;

namespace {

constexpr int PERATOM_COLUMNS = 5;    // matched displacement, its length, ID of the partner

// Below that many atoms the matching takes a second and some megabytes: nothing to announce.
constexpr std::size_t many = 100000;

}    // namespace

ComputeGlassDmin::ComputeGlassDmin(LAMMPS *lmp, int narg, char **arg) :
    Compute(lmp, narg, arg), communicator(world)
{
  parse(narg, arg);
  if (domain->box_exist == 0)
    error->all(FLERR, "{}: there is no simulation box; define it before", name());
  if (!atom->tag_enable) error->all(FLERR, "{} needs atom IDs; use atom_modify id yes", name());

  scalar_flag = vector_flag = array_flag = peratom_flag = 1;
  extscalar = extvector = extarray = 0;
  size_vector = VECTOR_SIZE;
  size_array_rows = atom->ntypes;
  size_array_cols = ARRAY_SIZE;
  size_peratom_cols = PERATOM_COLUMNS;
  memory->create(vector, size_vector, "glass/dmin:vector");
  memory->create(array, size_array_rows, size_array_cols, "glass/dmin:array");

  make_reference_fix();
}

ComputeGlassDmin::~ComputeGlassDmin()
{
  // LAMMPS deletes all fixes before all computes at its end
  if (modify->nfix && modify->get_fix_by_id(fix_id)) modify->delete_fix(fix_id);
  memory->destroy(vector);
  memory->destroy(array);
  memory->destroy(array_atom);
}

void ComputeGlassDmin::parse(int narg, char **arg)
{
  for (int iarg = 3; iarg < narg;) {
    const std::string keyword = arg[iarg];
    if (keyword != "reference" && keyword != "refresh")
      error->all(FLERR, "Unknown compute glass/dmin keyword: {}", keyword);
    if (iarg + 1 >= narg) utils::missing_cmd_args(FLERR, "compute glass/dmin " + keyword, error);
    const std::string value = arg[iarg + 1];
    iarg += 2;
    if (keyword == "refresh") {
      refresh_every = 0;
      refresh_variable.clear();
      if (value.compare(0, 2, "v_") == 0) {
        refresh_variable = value.substr(2);
      } else {
        refresh_every = utils::inumeric(FLERR, value, false, lmp);
        if (refresh_every < 0)
          error->all(FLERR, "Compute glass/dmin refresh must be >= 0 or v_name, not {}", value);
      }
    } else if (value == "define") {
      reference = Reference::DEFINE;
    } else if (value == "first") {
      reference = Reference::FIRST;
    } else if (value == "step") {
      reference = Reference::STEP;
      if (iarg >= narg) utils::missing_cmd_args(FLERR, "compute glass/dmin reference step", error);
      reference_step = utils::bnumeric(FLERR, arg[iarg], false, lmp);
      if (reference_step < 0)
        error->all(FLERR, "Compute glass/dmin reference step must be >= 0, not {}", arg[iarg]);
      ++iarg;
    } else {
      error->all(FLERR, "Compute glass/dmin reference must be define, first or step, not {}",
                 value);
    }
  }
}

void ComputeGlassDmin::make_reference_fix()
{
  fix_id = std::string(id) + "_GLASS_REFERENCE";
  fix = static_cast<FixGlassReference *>(
      modify->add_fix(fix_id + " " + group->names[igroup] + " GLASS/REFERENCE"));
  if (fix->restart_reset)
    fix->restart_reset = 0;    // the reference of the run that wrote the restart file
  else if (reference == Reference::DEFINE)
    fix->set(gather(), {update->ntimestep, 0});
}

void ComputeGlassDmin::init()
{
  fix = static_cast<FixGlassReference *>(modify->get_fix_by_id(fix_id));
  if (!fix) error->all(FLERR, "{}: fix {} was deleted; define the compute anew", name(), fix_id);
  if (!refresh_variable.empty()) {
    const int variable = input->variable->find(refresh_variable.c_str());
    if (variable < 0 || !input->variable->equalstyle(variable))
      error->all(FLERR, "{}: refresh v_{} is not an equal-style variable", name(),
                 refresh_variable);
  }
  step_of_results = -1;
}

double ComputeGlassDmin::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  compare();
  scalar = vector[D_MIN];
  return scalar;
}

void ComputeGlassDmin::compute_vector()
{
  invoked_vector = update->ntimestep;
  compare();
}

void ComputeGlassDmin::compute_array()
{
  invoked_array = update->ntimestep;
  compare();
}

/* ----------------------------------------------------------------------
   the first rank has the results; it sends each rank those of its atoms, in their order
------------------------------------------------------------------------- */

void ComputeGlassDmin::compute_peratom()
{
  invoked_peratom = update->ntimestep;
  // Atoms may have been deleted, created or sorted since, at the same step.
  if (step_of_results == update->ntimestep) {
    const int here = own_ids() == matched_ids;
    int same = 0;
    MPI_Allreduce(&here, &same, 1, MPI_INT, MPI_MIN, world);
    if (!same) forget_results();
  }
  compare();
  if (atom->nmax > nmax) {
    nmax = atom->nmax;
    memory->destroy(array_atom);
    memory->create(array_atom, nmax, PERATOM_COLUMNS, "glass/dmin:array_atom");
  }

  const std::vector<std::size_t> count_p = communicator.all(matched_ids.size());
  std::vector<std::vector<double>> value_p(communicator.size());
  if (communicator.root()) {
    std::size_t next = 0;
    for (int p = 0; p < communicator.size(); ++p)
      for (std::size_t a = 0; a < count_p[p]; ++a) {
        const std::size_t n = order[next++];
        const double *const d = &result.displacement_n3[3 * n];
        value_p[p].insert(value_p[p].end(),
                          {d[0], d[1], d[2], std::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]),
                           static_cast<double>(result.partner_n[n])});
      }
  }
  const std::vector<double> values = communicator.exchange(value_p)[0];
  const double *value = values.data();
  for (int i = 0; i < atom->nlocal; ++i)
    for (int c = 0; c < PERATOM_COLUMNS; ++c)
      array_atom[i][c] = (atom->mask[i] & groupbit) ? *value++ : 0.0;
}

/* ----------------------------------------------------------------------
   once a step, for whatever is asked for
------------------------------------------------------------------------- */

void ComputeGlassDmin::compare()
{
  if (step_of_results == update->ntimestep) return;
  if (!fix->taken && reference == Reference::STEP && update->ntimestep < reference_step)
    error->all(FLERR,
               "{}: there is no reference at step {}, it is taken at step {}; evaluate it from "
               "then on, or use reference define or first",
               name(), update->ntimestep, reference_step);

  const FixGlassReference::Moment now{update->ntimestep, update->whichflag == 2};
  const bool another = fix->begin(now);
  glass::Configuration configuration = gather();
  if (!fix->taken) fix->set(configuration, now);
  if (fix->evaluations <= 1) matcher.forget();    // the reference may be another

  glass::MatchingCell last_cell;
  last_cell.h = fix->last_edges;
  configuration.cell = glass::continued(configuration.cell, last_cell);
  fix->last_edges = configuration.cell.h;

  warn_of_mixture();
  match(configuration);
  vector[REFERENCE_STEP] = static_cast<double>(fix->of_reference.step);
  step_of_results = update->ntimestep;
  if (another && !(fix->of_reference == now) && refresh_is_due())
    fix->set_next(std::move(configuration), now);
}

bool ComputeGlassDmin::refresh_is_due() const
{
  if (refresh_variable.empty()) return refresh_every > 0 && fix->evaluations >= refresh_every;
  return input->variable->compute_equal(input->variable->find(refresh_variable.c_str())) != 0.0;
}

/* ----------------------------------------------------------------------
   atoms of the group, by ID, on the first rank
------------------------------------------------------------------------- */

glass::Configuration ComputeGlassDmin::gather()
{
  glass::Configuration configuration;
  const double *const h = domain->h;
  configuration.cell.h = {h[0], h[1], h[2], h[3], h[4], h[5]};
  configuration.cell.periodic = {domain->xperiodic != 0, domain->yperiodic != 0,
                                 domain->zperiodic != 0};
  configuration.cell.dimension = domain->dimension;
  std::copy_n(domain->boxlo, 3, configuration.low.begin());

  std::vector<Record> own;
  double *const center = configuration.center.data();
  for (int i = 0; i < atom->nlocal; ++i) {
    Record record{atom->tag[i], atom->type[i], {}};
    domain->unmap(atom->x[i], atom->image[i], record.position);
    for (int k = 0; k < 3; ++k)
      center[k] += record.position[k];
    if (atom->mask[i] & groupbit) own.push_back(record);
  }
  communicator.sum_in_place(center, 3);
  for (int k = 0; k < 3; ++k)
    center[k] /= static_cast<double>(std::max<bigint>(atom->natoms, 1));

  matched_ids = own_ids();
  const std::vector<Record> all = communicator.gather(own);
  std::vector<std::size_t> by_id(all.size());
  for (std::size_t a = 0; a < all.size(); ++a)
    by_id[a] = a;
  std::sort(by_id.begin(), by_id.end(),
            [&all](std::size_t a, std::size_t b) { return all[a].id < all[b].id; });
  order.resize(all.size());
  for (std::size_t n = 0; n < all.size(); ++n) {
    const Record &record = all[by_id[n]];
    order[by_id[n]] = n;
    configuration.id_n.push_back(record.id);
    configuration.type_n.push_back(record.type);
    configuration.position_n3.insert(configuration.position_n3.end(), record.position,
                                     record.position + 3);
  }
  return configuration;
}

/// IDs of this rank's atoms of the group, in their order.
std::vector<tagint> ComputeGlassDmin::own_ids() const
{
  std::vector<tagint> ids;
  for (int i = 0; i < atom->nlocal; ++i)
    if (atom->mask[i] & groupbit) ids.push_back(atom->tag[i]);
  return ids;
}

/* ----------------------------------------------------------------------
   match on the first rank, and give the numbers to all
------------------------------------------------------------------------- */

void ComputeGlassDmin::match(const glass::Configuration &configuration)
{
  announce(configuration.size());
  std::string failure;
  if (communicator.root()) {
    try {
      result = matcher.compare(configuration, fix->reference, atom->ntypes);
    } catch (const std::exception &problem) {
      failure = problem.what();
    }
  }
  communicator.wait_for_root();
  int failed = !failure.empty();
  MPI_Bcast(&failed, 1, MPI_INT, 0, world);
  if (failed)    // the first rank prints the message
    error->all(FLERR, "{}: {}", name(), failure);

  const double volume = glass::box_volume(*domain);
  const double r0 = std::pow(volume / static_cast<double>(atom->natoms), 1.0 / domain->dimension);
  if (communicator.root()) {
    const auto drift = result.drift;
    vector[D_MIN] = result.all.d_min;
    vector[RMSD] = result.all.rmsd;
    vector[REDUCED] = result.all.d_min / r0;
    vector[GAP] = result.all.gap / r0;
    vector[DRIFT] = std::sqrt(drift[0] * drift[0] + drift[1] * drift[1] + drift[2] * drift[2]);
    for (int t = 0; t < size_array_rows; ++t) {
      const glass::PatternDistance &type = result.type_t[t];
      array[t][COUNT] = type.n;
      array[t][TYPE_D_MIN] = type.d_min;
      array[t][TYPE_RMSD] = type.rmsd;
      array[t][TYPE_REDUCED] = type.d_min / r0;
      array[t][TYPE_GAP] = type.gap / r0;
    }
  }
  MPI_Bcast(vector, size_vector, MPI_DOUBLE, 0, world);
  MPI_Bcast(array[0], size_array_rows * size_array_cols, MPI_DOUBLE, 0, world);
}

/* ----------------------------------------------------------------------
   large systems: memory before it is allocated, progress while it takes
------------------------------------------------------------------------- */

void ComputeGlassDmin::announce(std::size_t n)
{
  if (announced || n < many) return;
  announced = true;
  const double needed = glass::Matcher::memory(n);
  const auto available = static_cast<double>(glass::available_memory());
  log(fmt::format("matching {} atoms on the first rank, in up to {:.2g} GiB", n,
                  needed / glass::GIB));
  if (needed > available)
    error->one(FLERR,
               "{}: matching {} atoms needs {:.3g} GiB on the first rank, which has {:.3g} GiB "
               "available; use a smaller group",
               name(), n, needed / glass::GIB, available / glass::GIB);
  matcher.set_progress([this](const std::string &line) { log(line); });
}

/* ----------------------------------------------------------------------
   an inherent structure is not to be compared with a configuration that is none
------------------------------------------------------------------------- */

void ComputeGlassDmin::warn_of_mixture()
{
  const bool quenched = update->whichflag == 2;
  if (warned || quenched == (fix->of_reference.quenched != 0)) return;
  warned = true;
  if (comm->me != 0) return;
  if (reference == Reference::DEFINE && refresh_every == 0 && refresh_variable.empty())
    error->warning(FLERR,
                   "{}: an inherent structure is compared with the configuration at which the "
                   "compute was defined; if that was none, use reference first",
                   name());
  else
    error->warning(FLERR, "{}: {} is compared with a reference that {}; use one compute for either",
                   name(), quenched ? "an inherent structure" : "a configuration of a run",
                   quenched ? "was taken in a run" : "is an inherent structure");
}

double ComputeGlassDmin::memory_usage()
{
  double bytes = static_cast<double>(nmax) * PERATOM_COLUMNS * sizeof(double);
  if (communicator.root()) bytes += glass::Matcher::memory(order.size());
  return bytes;
}

std::string ComputeGlassDmin::name() const
{
  return std::string("Compute glass/dmin (ID ") + id + ")";
}

void ComputeGlassDmin::log(const std::string &line) const
{
  if (comm->me == 0) utils::logmesg(lmp, "{}: {}\n", name(), line);
}
