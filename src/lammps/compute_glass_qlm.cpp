// Part of lammps-glass, GPL-2.0.

#include "compute_glass_qlm.h"

#include "progress_clock.h"

#include "pi.h"
#include "spectrum/no_minimum.h"

#include "atom.h"
#include "domain.h"
#include "error.h"
#include "memory.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_set>

using namespace LAMMPS_NS;

static constexpr int VECTOR_SIZE = 6;
static constexpr int ARRAY_COLUMNS = 12;

// Starts that are minimised together: as many as conjugate gradients iterate together.
static constexpr std::size_t STARTS_AT_ONCE = glass::most_vectors;

ComputeGlassQLM::ComputeGlassQLM(LAMMPS *lmp, int narg, char **arg) :
    ComputeGlassPairs(lmp, narg, arg)
{
  solver_of_pairs = false;
  parse(narg, arg);
  scalar_flag = vector_flag = array_flag = peratom_flag = 1;
  extscalar = extvector = extarray = 0;
  size_vector = VECTOR_SIZE;
  size_array_rows = n_modes;
  size_array_cols = ARRAY_COLUMNS;
  size_peratom_cols = 3 * n_fields;
  memory->create(vector, size_vector, "glass/qlm:vector");
  memory->create(array, size_array_rows, size_array_cols, "glass/qlm:array");
}

ComputeGlassQLM::~ComputeGlassQLM()
{
  memory->destroy(vector);
  memory->destroy(array);
  memory->destroy(array_atom);
}

void ComputeGlassQLM::parse(int narg, char **arg)
{
  for (int iarg = 3; iarg < narg;) {
    if (parse_common_keyword(iarg, narg, arg)) continue;
    if (parse_solver_keyword(iarg, narg, arg, false)) continue;
    if (parse_pairs_keyword(iarg, narg, arg)) continue;
    const std::string keyword = arg[iarg];
    const auto value = [&]() {
      if (iarg + 1 >= narg) utils::missing_cmd_args(FLERR, "compute glass/qlm " + keyword, error);
      return arg[iarg + 1];
    };
    const auto at_least = [&](int least) {
      const int number = utils::inumeric(FLERR, value(), false, lmp);
      if (number < least)
        error->all(FLERR, "Compute glass/qlm {} must be >= {}, not {}", keyword, least, number);
      return number;
    };
    if (keyword == "starts")
      most_starts = at_least(1);
    else if (keyword == "modes")
      n_modes = at_least(1);
    else if (keyword == "fields")
      n_fields = at_least(1);
    else if (keyword == "normal")
      n_normal = at_least(0);
    else if (keyword == "steps")
      minimiser.most_steps = at_least(1);
    else if (keyword == "gtol") {
      minimiser.gradient_tolerance = utils::numeric(FLERR, value(), false, lmp);
      if (!(minimiser.gradient_tolerance > 0.0))
        error->all(FLERR, "Compute glass/qlm gtol must be > 0, not {}", value());
    } else
      error->all(FLERR, "Unknown compute glass/qlm keyword: {}", keyword);
    iarg += 2;
  }
  for (const auto &[keyword, number] : {std::pair("fields", n_fields), {"normal", n_normal}})
    if (number > n_modes)
      error->all(FLERR, "Compute glass/qlm {} {} must not exceed modes {}", keyword, number,
                 n_modes);
}

void ComputeGlassQLM::init()
{
  ComputeGlassPairs::init();
  step_of_modes = -1;
}

double ComputeGlassQLM::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  compute_modes();
  scalar = array[0][0];
  return scalar;
}

void ComputeGlassQLM::compute_vector()
{
  invoked_vector = update->ntimestep;
  compute_modes();
}

void ComputeGlassQLM::compute_array()
{
  invoked_array = update->ntimestep;
  compute_modes();
}

void ComputeGlassQLM::compute_peratom()
{
  invoked_peratom = update->ntimestep;
  compute_modes();
}

/* ---------------------------------------------------------------------- */

void ComputeGlassQLM::compute_modes()
{
  if (step_of_modes == update->ntimestep) return;
  const double start = platform::walltime();
  const Structure structure = find_structure();
  const Solution solution = respond(structure);
  if (solution.n_zero_modes > 0)
    error->all(FLERR,
               "{}: {} directions have no stiffness beside translations, and modes along them no "
               "localization; hold the atoms of parts that move freely: use a group without them",
               name(), solution.n_zero_modes);
  const std::vector<glass::Dipole> starts = choose_starts(structure, solution);

  std::vector<glass::PseudoHarmonicMode> modes;
  glass::PartialEigenPairs normal;
  std::string failure;
  try {
    // Some ten solves from each start.
    glass::LinearSolver solver(
        structure.hessian, options_for(10.0 * static_cast<double>(starts.size())), communicator);
    solver.check_unique(structure.floor);
    modes = minimise(structure, starts, solver);
    if (n_normal > 0) {
      solver.set_tolerance(options.tolerance);
      normal =
          glass::lowest_modes(solver, structure.hessian, domain->dimension, n_normal, communicator);
    }
  } catch (const glass::NoMinimum &reason) {
    failure = std::string(reason.what()) + "; minimize it first";
  } catch (const std::exception &reason) {
    failure = reason.what();
  }
  stop_if(!failure.empty(), failure);
  if (modes.empty())
    error->all(FLERR,
               "{}: none of {} minimizations has converged in {} steps; use more steps or a larger "
               "gtol",
               name(), starts.size(), minimiser.most_steps);

  fill(structure, modes);
  fill_normal(structure, modes, normal);
  fill_peratom(structure, modes);
  step_of_modes = update->ntimestep;
  // What takes long keeps reporting; the rest reports once.
  verbose = communicator.maximum(platform::walltime() - start) > 30.0;
}

/* ----------------------------------------------------------------------
   the softest pairs that share no atom: neighbours would end in the same mode
------------------------------------------------------------------------- */

std::vector<glass::Dipole> ComputeGlassQLM::choose_starts(const Structure &structure,
                                                          const Solution &solution)
{
  struct Candidate {
    double kappa;
    tagint id_i, id_j;
    glass::Dipole dipole;
  };
  std::vector<Candidate> candidates;
  for (std::size_t k = 0; k < structure.pairs.size(); ++k) {
    const Pair &pair = structure.pairs[k];
    candidates.push_back({solution.response_k[k].stiffness(), pair.id_i, pair.id_j, pair.dipole});
  }
  candidates = communicator.gather(candidates);
  std::sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
    return std::tie(a.kappa, a.id_i, a.id_j) < std::tie(b.kappa, b.id_i, b.id_j);
  });
  std::vector<glass::Dipole> starts;
  std::unordered_set<tagint> taken;
  for (const Candidate &candidate : candidates) {
    if (static_cast<int>(starts.size()) == most_starts) break;
    if (taken.count(candidate.id_i) + taken.count(candidate.id_j) > 0) continue;
    taken.insert(candidate.id_i);
    taken.insert(candidate.id_j);
    starts.push_back(candidate.dipole);
  }
  return communicator.gather_on_all(starts);
}

std::vector<glass::PseudoHarmonicMode>
ComputeGlassQLM::minimise(const Structure &structure, const std::vector<glass::Dipole> &starts,
                          glass::LinearSolver &solver)
{
  glass::ProgressClock clock;
  glass::BlockOperator hessian(structure.hessian, communicator);
  glass::QuarticForm form(structure.neighbours, structure.hessian.layout, communicator);
  std::vector<glass::PseudoHarmonicMode> converged;
  int most_steps = 0;
  for (std::size_t begin = 0; begin < starts.size(); begin += STARTS_AT_ONCE) {
    const std::size_t end = std::min(begin + STARTS_AT_ONCE, starts.size());
    const glass::BlockVector d =
        glass::dipole_columns({starts.begin() + static_cast<std::ptrdiff_t>(begin),
                               starts.begin() + static_cast<std::ptrdiff_t>(end)},
                              structure.hessian.layout, communicator.rank());
    solver.set_tolerance(options.tolerance);
    const glass::SolveResult response = solver.solve(d);
    glass::check_converged(response.report);
    for (glass::PseudoHarmonicMode &mode :
         glass::pseudo_harmonic_modes(solver, hessian, form, response.x, minimiser, communicator)) {
      most_steps = std::max(most_steps, mode.steps);
      if (mode.gradient <= minimiser.gradient_tolerance) converged.push_back(std::move(mode));
    }
    if (clock.is_due())
      log(fmt::format("{} of {} minimizations, {:.3g} s", end, starts.size(), clock.seconds()));
  }
  const std::size_t n_converged = converged.size();
  std::vector<glass::PseudoHarmonicMode> modes =
      glass::distinct_modes(std::move(converged), communicator);
  vector[0] = static_cast<double>(modes.size());
  vector[1] = static_cast<double>(starts.size());
  vector[2] = static_cast<double>(n_converged);
  vector[4] = most_steps;
  vector[5] = structure.largest_force;
  if (verbose)
    log(fmt::format(
        "{} modes from {} starts, of which {} converged in {} steps at most, in {:.3g} s",
        modes.size(), starts.size(), n_converged, most_steps, clock.seconds()));
  return modes;
}

/* ---------------------------------------------------------------------- */

void ComputeGlassQLM::fill(const Structure &structure,
                           std::vector<glass::PseudoHarmonicMode> &modes)
{
  if (static_cast<int>(modes.size()) > n_modes) modes.resize(n_modes);
  const auto n_atoms = static_cast<double>(structure.hessian.layout.size());
  vector[3] = 0.0;
  std::fill_n(&array[0][0], n_modes * ARRAY_COLUMNS, 0.0);
  for (std::size_t m = 0; m < modes.size(); ++m) {
    glass::PseudoHarmonicMode &mode = modes[m];
    glass::fix_sign(mode.field, communicator);
    const Eigen::Vector3d middle = centre(structure, mode.field);
    const double row[] = {mode.stiffness,
                          glass::participation_ratio_of(mode.field, n_atoms, communicator),
                          middle[0],
                          middle[1],
                          middle[2],
                          mode.cost,
                          mode.gradient,
                          mode.start_stiffness,
                          static_cast<double>(mode.n_starts)};
    std::copy(std::begin(row), std::end(row), array[m]);
    vector[3] = std::max(vector[3], mode.gradient);
  }
}

void ComputeGlassQLM::fill_normal(const Structure &structure,
                                  const std::vector<glass::PseudoHarmonicMode> &modes,
                                  const glass::PartialEigenPairs &normal)
{
  const auto n_atoms = static_cast<double>(structure.hessian.layout.size());
  for (Eigen::Index p = 0; p < normal.value_p.size(); ++p) {
    const Eigen::VectorXd field = normal.vector_np.col(p);
    array[p][9] = normal.value_p[p];
    array[p][10] = glass::participation_ratio_of(field, n_atoms, communicator);
    for (const glass::PseudoHarmonicMode &mode : modes)
      array[p][11] = std::max(array[p][11], std::abs(communicator.sum(field.dot(mode.field))));
  }
  if (n_normal > 0 && verbose)
    log(fmt::format("{} lowest normal modes, residual {:.1e}", n_normal, normal.largest_residual));
}

void ComputeGlassQLM::fill_peratom(const Structure &structure,
                                   const std::vector<glass::PseudoHarmonicMode> &modes)
{
  if (atom->nmax > max_atoms) {
    max_atoms = atom->nmax;
    memory->destroy(array_atom);
    memory->create(array_atom, max_atoms, size_peratom_cols, "glass/qlm:array_atom");
  }
  for (int i = 0; i < atom->nlocal; ++i)
    std::fill_n(array_atom[i], size_peratom_cols, 0.0);
  const auto n_listed = std::min<std::size_t>(n_fields, modes.size());
  for (std::size_t r = 0; r < structure.local_r.size(); ++r)
    for (std::size_t m = 0; m < n_listed; ++m)
      for (std::size_t alpha = 0; alpha < 3; ++alpha)
        array_atom[structure.local_r[r]][3 * m + alpha] =
            modes[m].field[static_cast<Eigen::Index>(3 * r + alpha)];
}

/* ----------------------------------------------------------------------
   where |pi_i|^2 is, on the circle in directions that are periodic
------------------------------------------------------------------------- */

Eigen::Vector3d ComputeGlassQLM::centre(const Structure &structure,
                                        const Eigen::VectorXd &field) const
{
  double sum[9] = {};    // of the weights times cos, sin, and the fraction itself
  for (std::size_t r = 0; r < structure.local_r.size(); ++r) {
    const double weight = field.segment<3>(static_cast<Eigen::Index>(3 * r)).squaredNorm();
    double fraction[3];
    domain->x2lamda(atom->x[structure.local_r[r]], fraction);
    for (int k = 0; k < 3; ++k) {
      sum[k] += weight * std::cos(2.0 * glass::PI * fraction[k]);
      sum[3 + k] += weight * std::sin(2.0 * glass::PI * fraction[k]);
      sum[6 + k] += weight * fraction[k];
    }
  }
  communicator.sum_in_place(sum, 9);
  double fraction[3], middle[3];
  for (int k = 0; k < 3; ++k) {
    const double turn = std::atan2(sum[3 + k], sum[k]) / (2.0 * glass::PI);
    fraction[k] = domain->periodicity[k] ? turn - std::floor(turn) : sum[6 + k];
  }
  domain->lamda2x(fraction, middle);
  return {middle[0], middle[1], middle[2]};
}

double ComputeGlassQLM::memory_usage()
{
  return static_cast<double>(sizeof(double)) * max_atoms * size_peratom_cols;
}
