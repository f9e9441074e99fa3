// Part of lammps-glass, GPL-2.0.

#include "compute_glass_dipole.h"

#include "atom.h"
#include "error.h"
#include "memory.h"
#include "update.h"

#include <algorithm>

using namespace LAMMPS_NS;

static constexpr int VECTOR_SIZE = 12;
static constexpr int ARRAY_COLUMNS = 4;
static constexpr int LOCAL_COLUMNS = 5;

ComputeGlassDipole::ComputeGlassDipole(LAMMPS *lmp, int narg, char **arg) :
    ComputeGlassPairs(lmp, narg, arg)
{
  parse(narg, arg);
  scalar_flag = vector_flag = array_flag = peratom_flag = local_flag = 1;
  extscalar = extvector = extarray = 0;
  size_vector = VECTOR_SIZE;
  size_array_rows = bins.n;
  size_array_cols = ARRAY_COLUMNS;
  size_peratom_cols = 0;
  size_local_rows = 0;
  size_local_cols = LOCAL_COLUMNS;
  memory->create(vector, size_vector, "glass/dipole:vector");
  memory->create(array, size_array_rows, size_array_cols, "glass/dipole:array");
}

ComputeGlassDipole::~ComputeGlassDipole()
{
  memory->destroy(vector);
  memory->destroy(array);
  memory->destroy(vector_atom);
  memory->destroy(array_local);
}

void ComputeGlassDipole::parse(int narg, char **arg)
{
  for (int iarg = 3; iarg < narg;) {
    if (parse_common_keyword(iarg, narg, arg)) continue;
    if (parse_solver_keyword(iarg, narg, arg, true)) continue;
    if (parse_pairs_keyword(iarg, narg, arg)) continue;
    const std::string keyword = arg[iarg];
    const int n_values = keyword == "bins" ? 1 : keyword == "range" ? 2 : 0;
    if (n_values == 0) error->all(FLERR, "Unknown compute glass/dipole keyword: {}", keyword);
    if (iarg + n_values >= narg)
      utils::missing_cmd_args(FLERR, "compute glass/dipole " + keyword, error);
    if (keyword == "bins") {
      bins.n = utils::inumeric(FLERR, arg[iarg + 1], false, lmp);
      if (bins.n <= 0) error->all(FLERR, "Compute glass/dipole bins must be > 0, not {}", bins.n);
    } else {
      bins.low = utils::numeric(FLERR, arg[iarg + 1], false, lmp);
      bins.high = utils::numeric(FLERR, arg[iarg + 2], false, lmp);
      if (!(bins.low > 0.0 && bins.low < bins.high))
        error->all(FLERR, "Compute glass/dipole range must be 0 < lo < hi, not {} {}",
                   arg[iarg + 1], arg[iarg + 2]);
    }
    iarg += 1 + n_values;
  }
}

void ComputeGlassDipole::init()
{
  ComputeGlassPairs::init();
  step_of_stiffness = -1;
}

double ComputeGlassDipole::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  compute_stiffness();
  scalar = vector[0];
  return scalar;
}

void ComputeGlassDipole::compute_vector()
{
  invoked_vector = update->ntimestep;
  compute_stiffness();
}

void ComputeGlassDipole::compute_array()
{
  invoked_array = update->ntimestep;
  compute_stiffness();
}

void ComputeGlassDipole::compute_peratom()
{
  invoked_peratom = update->ntimestep;
  compute_stiffness();
}

void ComputeGlassDipole::compute_local()
{
  invoked_local = update->ntimestep;
  compute_stiffness();
}

/* ---------------------------------------------------------------------- */

void ComputeGlassDipole::compute_stiffness()
{
  if (step_of_stiffness == update->ntimestep) return;
  const double start = platform::walltime();
  const Structure structure = find_structure();
  const Solution solution = respond(structure);
  fill_global(structure, solution);
  fill_peratom(structure, solution);
  fill_local(structure, solution);
  step_of_stiffness = update->ntimestep;
  // What takes long keeps reporting; the rest reports once.
  verbose = communicator.maximum(platform::walltime() - start) > 30.0;
}

void ComputeGlassDipole::fill_global(const Structure &structure, const Solution &solution)
{
  std::vector<double> kappa_k;
  kappa_k.reserve(solution.response_k.size());
  for (const glass::DipoleResponse &response : solution.response_k)
    kappa_k.push_back(response.stiffness());
  const glass::StiffnessStatistics statistics = glass::stiffness_statistics(kappa_k, communicator);
  vector[0] = statistics.mean;
  vector[1] = statistics.standard_error(structure.n_pairs);
  vector[2] = statistics.standard_deviation;
  vector[3] = statistics.smallest;
  vector[4] = statistics.largest;
  vector[5] = structure.n_taken;
  vector[6] = structure.n_pairs;
  vector[7] = static_cast<double>(structure.rattlers.row_k.size());
  vector[8] = solution.n_zero_modes;
  vector[9] = solution.largest_residual;
  vector[10] = structure.largest_force;
  vector[11] = solution.iterations;
  fill_histogram(kappa_k, statistics);
}

void ComputeGlassDipole::fill_histogram(const std::vector<double> &kappa_k,
                                        const glass::StiffnessStatistics &statistics)
{
  if (bins.high <= bins.low) {
    const double floor = 1.0e-6 * statistics.largest;    // pairs of no stiffness have no logarithm
    bins = glass::enclosing_logarithmic_bins(std::max(statistics.smallest, floor),
                                             statistics.largest, bins.n);
    log(fmt::format("range {:.6g} {:.6g} (chosen at this configuration, kept from now on)",
                    bins.low, bins.high));
  }
  const glass::StiffnessHistogram histogram =
      glass::stiffness_histogram(kappa_k, bins, communicator);
  for (int b = 0; b < bins.n; ++b) {
    array[b][0] = bins.centre(b);
    array[b][1] = histogram.density_b[b];
    array[b][2] = histogram.cumulative_b[b];
    array[b][3] = histogram.count_b[b];
  }
}

/* ----------------------------------------------------------------------
   every pair counts for both its atoms; the second may be another rank's
------------------------------------------------------------------------- */

void ComputeGlassDipole::fill_peratom(const Structure &structure, const Solution &solution)
{
  if (atom->nmax > max_atoms) {
    max_atoms = atom->nmax;
    memory->destroy(vector_atom);
    memory->create(vector_atom, max_atoms, "glass/dipole:vector_atom");
  }
  struct Share {
    glass::Row row;
    double kappa;
  };
  std::fill_n(vector_atom, atom->nlocal, 0.0);
  std::vector<double> count(atom->nlocal, 0.0);
  std::vector<std::vector<Share>> send_p(communicator.size());
  for (std::size_t k = 0; k < structure.pairs.size(); ++k) {
    const Pair &pair = structure.pairs[k];
    const double kappa = solution.response_k[k].stiffness();
    vector_atom[pair.local_i] += kappa;
    count[pair.local_i] += 1.0;
    send_p[structure.rows_of_group.owner(pair.row_j)].push_back({pair.row_j, kappa});
  }
  const std::vector<int> local_r = group_atoms();
  const glass::Row first = structure.rows_of_group.first(communicator.rank());
  for (const auto &part : communicator.exchange(send_p))
    for (const Share &share : part) {
      const int i = local_r[share.row - first];
      vector_atom[i] += share.kappa;
      count[i] += 1.0;
    }
  for (int i = 0; i < atom->nlocal; ++i)
    if (count[i] > 0.0) vector_atom[i] /= count[i];
}

void ComputeGlassDipole::fill_local(const Structure &structure, const Solution &solution)
{
  size_local_rows = static_cast<int>(structure.pairs.size());
  if (size_local_rows > max_pairs) {
    max_pairs = size_local_rows;
    memory->destroy(array_local);
    memory->create(array_local, max_pairs, LOCAL_COLUMNS, "glass/dipole:array_local");
  }
  for (int k = 0; k < size_local_rows; ++k) {
    const Pair &pair = structure.pairs[k];
    const double row[] = {static_cast<double>(pair.id_i), static_cast<double>(pair.id_j),
                          pair.distance, solution.response_k[k].stiffness(),
                          solution.response_k[k].compliance};
    std::copy_n(row, LOCAL_COLUMNS, array_local[k]);
  }
}

double ComputeGlassDipole::memory_usage()
{
  return static_cast<double>(sizeof(double)) *
         (max_atoms + static_cast<double>(LOCAL_COLUMNS) * max_pairs);
}
