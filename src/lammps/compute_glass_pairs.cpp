// Part of lammps-glass, GPL-2.0.

#include "compute_glass_pairs.h"

#include "box_geometry.h"
#include "progress_clock.h"

#include "available_memory.h"
#include "observable/pair_sample.h"
#include "spectrum/dense_eigen.h"
#include "spectrum/dense_inverse.h"
#include "spectrum/no_minimum.h"
#include "spectrum/planar.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "group.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace LAMMPS_NS;

void ComputeGlassPairs::init()
{
  ComputeGlassInherent::init();
  if (!atom->tag_enable)
    error->all(FLERR, "{}: atoms have no IDs, by which pairs are named; use atom_modify id yes",
               name());
}

bool ComputeGlassPairs::parse_pairs_keyword(int &iarg, int narg, char **arg)
{
  if (strcmp(arg[iarg], "pairs") != 0) return false;
  const std::string begin = std::string("compute ") + style + " pairs";
  if (iarg + 1 >= narg) utils::missing_cmd_args(FLERR, begin, error);
  const std::string kind = arg[iarg + 1];
  if (kind == "all") {
    sample_size = 0.0;
    iarg += 2;
    return true;
  }
  if (kind != "sample")
    error->all(FLERR, "Compute {} pairs must be all or sample, not {}", style, kind);
  if (iarg + 3 >= narg) utils::missing_cmd_args(FLERR, begin + " sample", error);
  sample_size = static_cast<double>(utils::bnumeric(FLERR, arg[iarg + 2], false, lmp));
  if (!(sample_size > 0.0))
    error->all(FLERR, "Compute {} pairs sample must be > 0, not {}", style, arg[iarg + 2]);
  const bigint number = utils::bnumeric(FLERR, arg[iarg + 3], false, lmp);
  if (number <= 0)
    error->all(FLERR, "Compute {} pairs sample: the seed must be > 0, not {}", style,
               arg[iarg + 3]);
  seed = static_cast<std::uint64_t>(number);
  iarg += 4;
  return true;
}

/* ---------------------------------------------------------------------- */

ComputeGlassPairs::Structure ComputeGlassPairs::find_structure()
{
  Structure structure;
  Derivatives derivatives = differentiate(HESSIAN | FORCES);
  structure.hessian = std::move(derivatives.hessian);
  structure.rows_of_group = structure.hessian.layout;
  structure.largest_force = check_inherent_structure(derivatives.force_r, structure.hessian, "");
  const int d = domain->dimension;
  if (d == 2) glass::make_planar(structure.hessian);

  std::string failure;
  try {
    const double spacing =
        std::pow(glass::box_volume(*domain) / static_cast<double>(atom->natoms), 1.0 / d);
    structure.floor = glass::stiffness_floor(
        structure.hessian, d, 10.0 * structure.largest_force / spacing, communicator);
    structure.rattlers =
        glass::remove_rattlers(structure.hessian, d, structure.floor, communicator);
  } catch (const glass::NoMinimum &reason) {
    failure = std::string(reason.what()) + "; minimize it first";
  }
  stop_if(!failure.empty(), failure);
  list_pairs(structure);
  take_sample(structure);
  return structure;
}

/* ----------------------------------------------------------------------
   every pair is seen from both ends; it belongs to the rank of its lower ID
------------------------------------------------------------------------- */

void ComputeGlassPairs::list_pairs(Structure &structure)
{
  const glass::Environment around = gather_environment(true);
  const auto takes_part = [&](int i) {
    return around.row_a[i] != glass::no_row && !structure.rattlers.contain(around.row_a[i]);
  };
  for (std::size_t i = 0; i < around.n_sites; ++i) {
    if (!takes_part(static_cast<int>(i))) continue;
    const glass::Row row_i = structure.rattlers.renumbered(around.row_a[i]);
    for (std::size_t b = around.first_bond_s[i]; b < around.first_bond_s[i + 1]; ++b) {
      const int j = around.atom_b[b];
      if (!takes_part(j) || atom->tag[i] == atom->tag[j]) continue;
      const glass::Row row_j = structure.rattlers.renumbered(around.row_a[j]);
      structure.neighbours.row_b.push_back(row_j);
      if (atom->tag[i] > atom->tag[j]) continue;
      Pair pair;
      pair.distance = around.r_b3[b].norm();
      pair.dipole.i = row_i;
      pair.dipole.j = row_j;
      for (int alpha = 0; alpha < 3; ++alpha)
        pair.dipole.n_3[alpha] = around.r_b3[b][alpha] / pair.distance;
      pair.local_i = static_cast<int>(i);
      pair.row_j = around.row_a[j];
      pair.id_i = atom->tag[i];
      pair.id_j = atom->tag[j];
      structure.pairs.push_back(pair);
    }
    structure.local_r.push_back(static_cast<int>(i));
    structure.neighbours.first_r.push_back(structure.neighbours.row_b.size());
  }
  structure.n_pairs = communicator.sum(static_cast<double>(structure.pairs.size()));
  if (structure.n_pairs == 0.0)
    error->all(FLERR, "{}: no two atoms of group {} interact{}", name(), group->names[igroup],
               structure.rattlers.row_k.empty() ? "" : " that are not rattlers");
}

/* ----------------------------------------------------------------------
   images between the same two atoms are told apart by where they are
------------------------------------------------------------------------- */

void ComputeGlassPairs::take_sample(Structure &structure)
{
  structure.n_taken = structure.n_pairs;
  if (sample_size == 0.0) return;
  if (sample_size > structure.n_pairs)
    error->all(FLERR,
               "{}: pairs sample asks for {:.0f} of {:.0f} interacting pairs; use pairs all, or "
               "{:.0f} at most",
               name(), sample_size, structure.n_pairs, structure.n_pairs);

  const auto before = [](const Pair &a, const Pair &b) {
    if (a.id_i != b.id_i) return a.id_i < b.id_i;
    if (a.id_j != b.id_j) return a.id_j < b.id_j;
    for (int alpha = 0; alpha < 3; ++alpha) {
      const double difference = a.distance * a.dipole.n_3[alpha] - b.distance * b.dipole.n_3[alpha];
      if (std::abs(difference) > 1.0e-6 * a.distance) return difference < 0.0;
    }
    return false;
  };
  std::sort(structure.pairs.begin(), structure.pairs.end(), before);
  std::vector<std::uint64_t> lots;
  lots.reserve(structure.pairs.size());
  int image = 0;
  for (std::size_t k = 0; k < structure.pairs.size(); ++k) {
    const Pair &pair = structure.pairs[k];
    const bool again = k > 0 && structure.pairs[k - 1].id_i == pair.id_i &&
                       structure.pairs[k - 1].id_j == pair.id_j;
    image = again ? image + 1 : 0;
    lots.push_back(glass::pair_lot(pair.id_i, pair.id_j, image, seed));
  }
  const std::uint64_t last = glass::lot_of_sample(lots, sample_size, communicator);
  std::size_t kept = 0;
  for (std::size_t k = 0; k < lots.size(); ++k)
    if (lots[k] <= last) structure.pairs[kept++] = structure.pairs[k];
  structure.pairs.resize(kept);
  structure.n_taken = communicator.sum(static_cast<double>(kept));
}

/* ---------------------------------------------------------------------- */

glass::SolveOptions ComputeGlassPairs::options_for(double n_columns) const
{
  glass::SolveOptions result = options;
  result.dimension = domain->dimension;
  result.translations = whole_system();
  result.n_columns = static_cast<int>(std::min<double>(n_columns, std::numeric_limits<int>::max()));
  result.available_bytes = glass::available_memory();
  return result;
}

/* ----------------------------------------------------------------------
   the inverse if it is asked for or expected to be faster, and fits
------------------------------------------------------------------------- */

bool ComputeGlassPairs::takes_dense(const Structure &structure)
{
  const auto n_atoms = static_cast<double>(structure.hessian.layout.size());
  const int d = domain->dimension;
  const double blocks = communicator.sum(static_cast<double>(structure.hessian.n_blocks()));
  if (!dense_wanted &&
      ((solver_of_pairs && options.method != glass::SolveMethod::automatic) ||
       !glass::prefers_inverse(structure.n_taken, n_atoms, blocks, d, comm->nprocs)))
    return false;
  const std::size_t n = static_cast<std::size_t>(d) * structure.hessian.layout.size();
  const double needed =
      static_cast<double>(glass::dense_inverse_bytes(n)) +
      structure.n_taken * (sizeof(glass::Dipole) + 2 * sizeof(glass::DipoleResponse));
  // What the first rank has counts; others may be on other machines.
  const auto available = static_cast<double>(communicator.all(glass::available_memory())[0]);
  const bool fits = needed <= available;
  if (!fits && dense_wanted)
    error->all(
        FLERR,
        "{}: the inverse of a Hessian of {} degrees of freedom needs {:.3g} GiB on the first "
        "rank, which has {:.3g} GiB available; use solver cg, or a sample of pairs",
        name(), n, needed / glass::GIB, available / glass::GIB);
  if (fits && verbose)
    log(fmt::format("inverse of the {} x {} Hessian by LAPACK dpotrf and dpotri ({}) needs {:.3g} "
                    "GiB of {:.3g} GiB available",
                    n, n, glass::linear_algebra_library(), needed / glass::GIB,
                    available / glass::GIB));
  return fits;
}

ComputeGlassPairs::Solution ComputeGlassPairs::respond(const Structure &structure)
{
  const double start = platform::walltime();
  std::vector<glass::Dipole> dipoles;
  dipoles.reserve(structure.pairs.size());
  for (const Pair &pair : structure.pairs)
    dipoles.push_back(pair.dipole);
  const bool dense = takes_dense(structure);

  Solution solution;
  std::string failure, how;
  try {
    how = dense ? invert(structure, dipoles, solution) : solve(structure, dipoles, solution);
  } catch (const glass::NoMinimum &reason) {
    failure =
        std::string(reason.what()) + "; minimize it first" +
        (dense ? ""
               : ", or use solver dense, which leaves directions without stiffness out, if that "
                 "is what they have");
  } catch (const std::exception &reason) {
    failure = reason.what();
  }
  stop_if(!failure.empty(), failure);
  if (dense && solution.largest_residual > options.tolerance)
    error->all(FLERR,
               "{}: the inverse leaves a residual of {:.3g} where {:.3g} is wanted; the Hessian is "
               "nearly singular; minimize to smaller forces, or use a larger tolerance",
               name(), solution.largest_residual, options.tolerance);
  if (!verbose) return solution;
  if (!structure.rattlers.row_k.empty())
    log(fmt::format("{} rattlers are left out", structure.rattlers.row_k.size()));
  log(fmt::format("responses to {:.0f} of {:.0f} pairs {} in {:.3g} s", structure.n_taken,
                  structure.n_pairs, how, platform::walltime() - start));
  return solution;
}

/* ----------------------------------------------------------------------
   both return what the log is to say
------------------------------------------------------------------------- */

std::string ComputeGlassPairs::invert(const Structure &structure,
                                      const std::vector<glass::Dipole> &dipoles, Solution &solution)
{
  glass::DenseDipoleReport inverted;
  solution.response_k = glass::invert_for_dipoles(
      structure.hessian, domain->dimension, whole_system(), structure.floor, dipoles,
      glass::available_memory(), inverted, communicator);
  solution.largest_residual = inverted.largest_residual;
  solution.n_zero_modes = inverted.n_zero_modes;
  if (inverted.n_zero_modes > 0 && verbose)
    log(fmt::format("{} directions without stiffness beside translations are left out; {} pairs "
                    "that they give way to have no stiffness",
                    inverted.n_zero_modes, inverted.n_floppy));
  return fmt::format("by the inverse, residual of {} of them {:.1e}", inverted.n_residuals,
                     inverted.largest_residual);
}

std::string ComputeGlassPairs::solve(const Structure &structure,
                                     const std::vector<glass::Dipole> &dipoles, Solution &solution)
{
  glass::ProgressClock clock;
  const auto progress = [&](double n, double of) {
    if (!clock.is_due()) return;
    const double took = clock.seconds();
    log(fmt::format("{:.0f} of {:.0f} pairs, {:.3g} s, about {:.3g} s to go", n, of, took,
                    took * (of - n) / n));
  };
  glass::SolveReport solved;
  glass::LinearSolver solver(structure.hessian, options_for(structure.n_taken), communicator);
  solution.response_k = glass::solve_dipoles(solver, structure.floor, structure.hessian.layout,
                                             dipoles, progress, solved, communicator);
  solution.largest_residual = solved.residual_c[0];
  if (solved.method == glass::SolveMethod::direct)
    return fmt::format("by sparse Cholesky (CHOLMOD, {:.3g} GiB), residual {:.1e}",
                       static_cast<double>(solved.factor_bytes) / glass::GIB,
                       solution.largest_residual);
  solution.iterations = solved.iterations;
  return fmt::format("by block conjugate gradients, {} iterations, residual {:.1e}",
                     solved.iterations, solution.largest_residual);
}
