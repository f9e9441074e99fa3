// Part of lammps-glass, GPL-2.0.

#include "compute_glass.h"

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

void ComputeGlass::init()
{
  check_forces();
  // A dynamic group is filled after this; number_rows() looks again.
  if (!group->dynamic[igroup] && group->count(igroup) == 0)
    error->all(FLERR, "{}: group {} has no atoms", name(), group->names[igroup]);
  make_rule();

  // Occasional: a perpetual full list can starve pair styles with half lists (lammps#4487).
  // Rerun initializes before every snapshot, and a request may still be pending then.
  if (!neighbor->find_request(this))
    neighbor->add_request(this, NeighConst::REQ_FULL | NeighConst::REQ_OCCASIONAL);
}

void ComputeGlass::make_rule()
{
  pair_style = glass::make_pair_style_rule(lmp);
  if (!pair_style.rule) error->all(FLERR, "{}: {}", name(), pair_style.refusal);
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
  const char *other = nullptr;
  const auto exerts = [](const char *style) { return strcmp(style, "zero") != 0; };
  if (force->bond && atom->nbonds > 0 && exerts(force->bond_style)) other = force->bond_style;
  if (force->angle && atom->nangles > 0 && exerts(force->angle_style)) other = force->angle_style;
  if (force->dihedral && atom->ndihedrals > 0 && exerts(force->dihedral_style))
    other = force->dihedral_style;
  if (force->improper && atom->nimpropers > 0 && exerts(force->improper_style))
    other = force->improper_style;
  if (force->kspace && exerts(force->kspace_style)) other = force->kspace_style;
  if (other)
    error->all(FLERR, "{}: forces of style {} are not supported; only those of the pair style are",
               name(), other);
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

std::vector<double> ComputeGlass::gather_masses() const
{
  std::vector<double> masses;
  for (const int i : group_atoms())
    masses.push_back(atom->rmass ? atom->rmass[i] : atom->mass[atom->type[i]]);
  return masses;
}

glass::Environment ComputeGlass::gather_environment()
{
  check_coordinates();
  // Fixes that change the box at the end of a step leave the images where they were before.
  comm->forward_comm();
  glass::Environment environment;
  environment.n_sites = atom->nlocal;
  environment.type_a.assign(atom->type, atom->type + atom->nlocal + atom->nghost);
  number_rows(environment);
  read_neighbours(environment);
  return environment;
}

glass::SiteExpansion ComputeGlass::expand(const glass::Environment &environment)
{
  make_rule();    // once more: fix adapt changes potentials during a run
  glass::SiteExpansion expansion;
  std::string failure;
  try {
    expansion = glass::expand_sites(environment, *pair_style.rule);
  } catch (const std::exception &error_of_rule) {
    failure = error_of_rule.what();
  }
  stop_if(!failure.empty(), failure);
  return expansion;
}

/* ----------------------------------------------------------------------
   rows ascend with rank, then with local index; ghosts learn theirs by communication,
   which works for any atom IDs
------------------------------------------------------------------------- */

void ComputeGlass::number_rows(glass::Environment &environment)
{
  const std::vector<int> atoms = group_atoms();
  environment.layout.first_p.assign(1, 0);
  for (const std::size_t count : communicator.all(atoms.size()))
    environment.layout.first_p.push_back(environment.layout.first_p.back() +
                                         static_cast<glass::Row>(count));
  if (environment.layout.size() == 0)    // a dynamic group may run empty
    error->all(FLERR, "{}: group {} has no atoms", name(), group->names[igroup]);
  row_of_atom.assign(atom->nlocal + atom->nghost, glass::no_row);
  glass::Row row = environment.layout.first(communicator.rank());
  for (const int i : atoms)
    row_of_atom[i] = row++;
  comm->forward_comm(this);
  environment.row_a = std::move(row_of_atom);
  row_of_atom.clear();
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

void ComputeGlass::read_neighbours(glass::Environment &environment)
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
  stop_if(scaled_pair,
          "pairs weakened by special_bonds are not supported; use special_bonds lj/coul 1 1 1");
}
