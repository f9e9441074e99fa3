// Part of lammps-glass, GPL-2.0.

#include "compute_glass.h"

#include "box_geometry.h"
#include "hessian/assemble_hessian.h"
#include "lammps_forces.h"
#include "pair_rules.h"

#include "atom.h"
#include "comm.h"
#include "compat.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "group.h"
#include "neigh_list.h"
#include "neighbor.h"
#include "pair.h"

#include <cmath>
#include <cstring>
#include <exception>

using namespace LAMMPS_NS;

ComputeGlass::ComputeGlass(LAMMPS *lmp, int narg, char **arg) :
    Compute(lmp, narg, arg), communicator(world)
{
  comm_forward = 1;
}

std::string ComputeGlass::name() const
{
  return std::string("Compute ") + style + " (ID " + id + ")";
}

bool ComputeGlass::whole_system() const
{
  return group->count(igroup) == atom->natoms;
}

void ComputeGlass::log(const std::string &line) const
{
  if (comm->me == 0) utils::logmesg(lmp, "{}: {}\n", style, line);
}

/* ---------------------------------------------------------------------- */

bool ComputeGlass::parse_common_keyword(int &iarg, int narg, char **arg)
{
  const std::string keyword = arg[iarg];
  if (keyword != "hessian" && keyword != "zone") return false;
  if (iarg + 1 >= narg)
    utils::missing_cmd_args(FLERR, std::string("compute ") + style + " " + keyword, error);
  const std::string value = arg[iarg + 1];
  if (keyword == "hessian") {
    if (value == "auto")
      method = Method::AUTO;
    else if (value == "rule")
      method = Method::RULE;
    else if (value == "difference")
      method = Method::DIFFERENCE;
    else
      error->all(FLERR, "Compute {} hessian must be auto, rule or difference, not {}", style,
                 value);
  } else {
    zone = utils::numeric(FLERR, arg[iarg + 1], false, lmp);
    if (!(zone > 0.0)) error->all(FLERR, "Compute {} zone must be > 0, not {}", style, value);
  }
  iarg += 2;
  return true;
}

std::vector<int> ComputeGlass::parse_strain(int &iarg, int narg, char **arg) const
{
  const char *const names[] = {"xx", "yy", "zz", "xy", "xz", "yz"};
  const auto component_of = [&](const char *word) {
    for (int c = 0; c < 6; ++c)
      if (strcmp(word, names[c]) == 0) return c;
    return -1;
  };
  if (iarg + 1 >= narg)
    utils::missing_cmd_args(FLERR, std::string("compute ") + style + " strain", error);
  std::vector<int> components;
  for (++iarg; iarg < narg && component_of(arg[iarg]) >= 0; ++iarg)
    components.push_back(component_of(arg[iarg]));
  if (components.empty())
    error->all(FLERR, "Compute {} strain must name one or more of xx yy zz xy xz yz, not {}", style,
               arg[iarg]);
  for (const int c : components)
    if (domain->dimension == 2 &&
        (glass::strain_components[c].kappa == 2 || glass::strain_components[c].chi == 2))
      error->all(FLERR, "Compute {} strain {} does not exist in 2d", style, names[c]);
  return components;
}

void ComputeGlass::init()
{
  check_forces();
  // A dynamic group is filled after this; number_rows() looks again.
  if (!group->dynamic[igroup] && group->count(igroup) == 0)
    error->all(FLERR, "{}: group {} has no atoms", name(), group->names[igroup]);

  // Occasional: a perpetual full list can starve pair styles with half lists (lammps#4487).
  // Rerun initializes before every snapshot, and a request may still be pending then.
  if (!neighbor->find_request(this))
    neighbor->add_request(this, NeighConst::REQ_FULL | NeighConst::REQ_OCCASIONAL);
}

void ComputeGlass::init_list(int /*id*/, NeighList *ptr)
{
  list = ptr;
}

/* ----------------------------------------------------------------------
   forces that the rules do not know would silently be missing
------------------------------------------------------------------------- */

void ComputeGlass::check_forces() const
{
  if (!force->pair)
    error->all(FLERR, "{}: there is no pair style; define pair_style and pair_coeff before the run",
               name());
  for (const std::string &style : glass::acting_style_names(lmp))
    if (utils::strmatch(style, "^gran"))
      error->all(FLERR, "{}: forces of pair style {} depend on the history of contacts", name(),
                 style);
  if (method == Method::DIFFERENCE) {
    const std::string obstacle = LammpsForces::obstacle(lmp);
    if (!obstacle.empty()) error->all(FLERR, "{}: {}", name(), obstacle);
    return;
  }
  const std::string other = force_besides_pair_style();
  if (!other.empty())
    error->all(FLERR,
               "{}: forces of style {} have no rule, only those of pair styles can; use hessian "
               "difference",
               name(), other);
  if (method == Method::RULE) {
    const glass::PairStyleRule rule = glass::make_pair_style_rule(lmp);
    if (!rule.rule)
      error->all(FLERR, "{}: {}; use hessian auto or difference", name(), rule.refusal);
  }
}

std::string ComputeGlass::force_besides_pair_style() const
{
  const auto exerts = [](const char *style) { return strcmp(style, "zero") != 0; };
  if (force->bond && atom->nbonds > 0 && exerts(force->bond_style)) return force->bond_style;
  if (force->angle && atom->nangles > 0 && exerts(force->angle_style)) return force->angle_style;
  if (force->dihedral && atom->ndihedrals > 0 && exerts(force->dihedral_style))
    return force->dihedral_style;
  if (force->improper && atom->nimpropers > 0 && exerts(force->improper_style))
    return force->improper_style;
  if (force->kspace && exerts(force->kspace_style)) return force->kspace_style;
  return {};
}

void ComputeGlass::stop_if(bool failed, const std::string &message)
{
  int mine = failed ? comm->me : comm->nprocs;
  int first = 0;
  MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, world);
  if (first == comm->nprocs) return;
  std::vector<std::vector<char>> text_p(comm->nprocs);
  if (comm->me == first) text_p.assign(comm->nprocs, {message.begin(), message.end()});
  const std::vector<char> text = communicator.exchange(text_p)[first];
  error->all(FLERR, "{}: {}", name(), std::string(text.begin(), text.end()));
}

void ComputeGlass::check_coordinates()
{
  std::string message;
  for (int i = 0; i < atom->nlocal && message.empty(); ++i)
    for (int alpha = 0; alpha < 3; ++alpha)
      if (!std::isfinite(atom->x[i][alpha]))
        message = fmt::format("a coordinate of atom {} is not a number", atom->tag[i]);
  stop_if(!message.empty(), message);
}

std::vector<int> ComputeGlass::group_atoms() const
{
  std::vector<int> atoms;
  for (int i = 0; i < atom->nlocal; ++i)
    if (atom->mask[i] & groupbit) atoms.push_back(i);
  return atoms;
}

std::vector<std::int64_t> ComputeGlass::gather_identities() const
{
  std::vector<std::int64_t> id_r;
  for (const int i : group_atoms())
    id_r.push_back(atom->tag[i]);
  return id_r;
}

void ComputeGlass::check_identities() const
{
  if (!atom->tag_enable)
    error->all(FLERR, "{}: random vectors need atoms with IDs; use atom_modify id yes", name());
}

std::vector<double> ComputeGlass::gather_masses() const
{
  std::vector<double> masses;
  for (const int i : group_atoms())
    masses.push_back(atom->rmass ? atom->rmass[i] : atom->mass[atom->type[i]]);
  return masses;
}

glass::PeriodicBox ComputeGlass::periodic_box() const
{
  glass::PeriodicBox box;
  box.edge_33 = glass::box_edges(*domain);
  for (int k = 0; k < 3; ++k)
    box.periodic[k] = domain->periodicity[k] && (k < 2 || domain->dimension == 3);
  return box;
}

/* ---------------------------------------------------------------------- */

ComputeGlass::Derivatives ComputeGlass::differentiate(unsigned wanted)
{
  check_coordinates();
  if (method != Method::DIFFERENCE) {
    Derivatives result;
    const std::string reason = differentiate_by_rule(wanted, result);
    if (reason.empty()) {
      if (!last_reason.empty() && !verbose) log("by the rule of the pair style again");
      last_reason.clear();
      return result;
    }
    if (method == Method::RULE) error->all(FLERR, "{}: {}", name(), reason);
    if (verbose || last_reason.empty()) log("finite differences of the forces, since " + reason);
    last_reason = reason;
    const std::string obstacle = LammpsForces::obstacle(lmp);
    if (!obstacle.empty()) error->all(FLERR, "{}: {}", name(), obstacle);
  }
  return differentiate_by_differences(wanted);
}

/* ----------------------------------------------------------------------
   returns why it could not
------------------------------------------------------------------------- */

std::string ComputeGlass::differentiate_by_rule(unsigned wanted, Derivatives &result)
{
  // Anew every time: fix adapt changes potentials during a run.
  const glass::PairStyleRule pair_style = glass::make_pair_style_rule(lmp);
  if (!pair_style.rule) return pair_style.refusal;

  const glass::Environment environment = gather_environment();
  glass::SiteExpansion expansion;
  std::string failure;
  try {
    expansion = glass::expand_sites(environment, *pair_style.rule);
  } catch (const std::exception &error_of_rule) {
    failure = error_of_rule.what();
  }
  stop_if(!failure.empty(), failure);
  bool finite = true;
  for (const Eigen::Vector3d &g : expansion.g_b3)
    finite = finite && g.allFinite();
  check_finite(finite);
  std::string mismatch = mismatch_of_forces(expansion);
  if (!mismatch.empty()) return mismatch;
  const double error_of_difference = communicator.maximum(pair_style.difference_error());
  if (error_of_difference > 1.0e-5)
    return fmt::format("differences of single() of pair style {} are only good to {:.1e}",
                       force->pair_style, error_of_difference);

  if (verbose) {
    log(pair_style.description);
    if (error_of_difference > 0.0)
      log(fmt::format("second derivatives by differences of single() are good to {:.1e}",
                      error_of_difference));
  }
  if (wanted & HESSIAN) result.hessian = glass::assemble_hessian(expansion, communicator);
  if (wanted & AFFINE_FORCES) result.affine_force_r = glass::affine_forces(expansion, communicator);
  if (wanted & AFFINE_ENERGY) result.affine_energy = glass::affine_energy(expansion, communicator);
  if (wanted & FORCES) result.force_r = glass::forces(expansion, communicator);
  return {};
}

/* ----------------------------------------------------------------------
   whatever a pair style adds to what its rule knows shows in its forces
------------------------------------------------------------------------- */

std::string ComputeGlass::mismatch_of_forces(const glass::SiteExpansion &expansion)
{
  std::string obstacle = LammpsForces::obstacle(lmp);
  if (obstacle.empty() && !LammpsForces::lists_are_current(lmp))
    obstacle = "the neighbor lists are older than the positions";
  if (!obstacle.empty()) {
    if (verbose) log("forces of the rule are not held against those of LAMMPS: " + obstacle);
    return {};
  }
  // Forces cancel in a perfect crystal; the virial, which comes with them, does not.
  const std::vector<Eigen::Vector3d> by_rule_r = glass::forces(expansion, communicator);
  const LammpsForces::StrainedState by_lammps = LammpsForces(lmp).strained_forces({0, 0}, 0.0);

  const std::vector<int> atoms = group_atoms();
  double difference = 0.0, scale = 0.0, virial_scale = 0.0;
  for (std::size_t r = 0; r < atoms.size(); ++r)
    difference =
        std::max(difference, (by_rule_r[r] - by_lammps.force_i3[atoms[r]]).cwiseAbs().maxCoeff());
  Eigen::Matrix3d virial = Eigen::Matrix3d::Zero();
  for (std::size_t b = 0; b < expansion.g_b3.size(); ++b) {
    const Eigen::Vector3d &g = expansion.g_b3[b], &r = expansion.environment->r_b3[b];
    virial -= g * r.transpose();
    virial_scale += g.norm() * r.norm();
    // Bonds may exert no force at all in a crystal; what rounding leaves of it goes with stiffness.
    const double stiffness = expansion.bond_b33[b].cwiseAbs().maxCoeff();
    scale = std::max(scale, g.cwiseAbs().maxCoeff() + 1.0e-5 * stiffness * r.norm());
    virial_scale += 1.0e-5 * stiffness * r.squaredNorm();
  }
  communicator.sum_in_place(virial.data(), 9);
  virial_scale = communicator.sum(virial_scale);
  difference = communicator.maximum(difference);
  scale = communicator.maximum(scale);
  const double virial_difference = (virial - by_lammps.virial).cwiseAbs().maxCoeff();
  if (!(difference <= 1.0e-8 * scale))
    return fmt::format("the forces of pair style {} are not those of its rule (they differ by "
                       "{:.3g})",
                       force->pair_style, difference);
  if (!(virial_difference <= 1.0e-8 * virial_scale))
    return fmt::format(
        "the virial of pair style {} is not that of its rule (they differ by {:.3g})",
        force->pair_style, virial_difference);
  return {};
}

void ComputeGlass::check_finite(bool finite)
{
  stop_if(!finite, "two atoms overlap: their forces are not finite");
}

/* ---------------------------------------------------------------------- */

glass::Environment ComputeGlass::gather_environment(bool any_weight)
{
  // Fixes that change the box at the end of a step leave the images where they were before.
  comm->forward_comm();
  glass::Environment environment;
  environment.n_sites = atom->nlocal;
  environment.type_a.assign(atom->type, atom->type + atom->nlocal + atom->nghost);
  environment.layout = number_rows();
  environment.row_a = row_of_atom;
  read_neighbours(environment, any_weight);
  return environment;
}

/* ----------------------------------------------------------------------
   rows ascend with rank, then with local index; ghosts learn theirs by communication,
   which works for any atom IDs
------------------------------------------------------------------------- */

glass::RowLayout ComputeGlass::number_rows()
{
  const std::vector<int> atoms = group_atoms();
  glass::RowLayout layout;
  layout.first_p.assign(1, 0);
  for (const std::size_t count : communicator.all(atoms.size()))
    layout.first_p.push_back(layout.first_p.back() + static_cast<glass::Row>(count));
  if (layout.size() == 0)    // a dynamic group may run empty
    error->all(FLERR, "{}: group {} has no atoms", name(), group->names[igroup]);
  row_of_atom.assign(atom->nlocal + atom->nghost, glass::no_row);
  glass::Row row = layout.first(communicator.rank());
  for (const int i : atoms)
    row_of_atom[i] = row++;
  comm->forward_comm(this);
  return layout;
}

int ComputeGlass::pack_forward_comm(int n, int *atoms, double *buf, int /*pbc_flag*/, int * /*pbc*/)
{
  for (int k = 0; k < n; ++k)
    buf[k] = static_cast<double>(row_of_atom[atoms[k]]);
  return n;
}

void ComputeGlass::unpack_forward_comm(int n, int first, double *buf)
{
  for (int k = 0; k < n; ++k)
    row_of_atom[first + k] = static_cast<glass::Row>(buf[k]);
}

void ComputeGlass::read_neighbours(glass::Environment &environment, bool any_weight)
{
  glass::rebuild(neighbor, list);
  const double *const *const x = atom->x;
  double **cutsq = force->pair->cutsq;
  bool scaled_pair = false;
  environment.first_bond_s.assign(1, 0);
  std::size_t n_listed = 0;
  for (int i = 0; i < list->inum; ++i)
    n_listed += list->numneigh[i];
  environment.atom_b.reserve(n_listed);
  environment.r_b3.reserve(n_listed);
  // A full list names the own atoms in the order of their indices; neigh_modify include may end it
  // early.
  for (int i = 0; i < atom->nlocal; ++i) {
    const int *neighbours = list->firstneigh[i];
    const int n_neighbours = i < list->inum ? list->numneigh[i] : 0;
    for (int n = 0; n < n_neighbours; ++n) {
      const int j = neighbours[n] & NEIGHMASK;
      const Eigen::Vector3d r(x[j][0] - x[i][0], x[j][1] - x[i][1], x[j][2] - x[i][2]);
      if (r.squaredNorm() >= cutsq[atom->type[i]][atom->type[j]]) continue;
      const int bonds_apart = neighbours[n] >> SBBITS & 3;
      if (bonds_apart > 0 &&
          (force->special_lj[bonds_apart] != 1.0 || force->special_coul[bonds_apart] != 1.0))
        scaled_pair = true;
      environment.atom_b.push_back(j);
      environment.r_b3.push_back(r);
    }
    environment.first_bond_s.push_back(environment.atom_b.size());
  }
  stop_if(scaled_pair && !any_weight,
          "pairs weakened by special_bonds are not supported; use special_bonds "
          "lj/coul 1 1 1 or hessian "
          "difference");
}
