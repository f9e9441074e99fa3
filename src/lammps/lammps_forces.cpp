// Part of lammps-glass, GPL-2.0.

#include "lammps_forces.h"

#include "angle.h"
#include "atom.h"
#include "atom_vec.h"
#include "bond.h"
#include "comm.h"
#include "compat.h"
#include "dihedral.h"
#include "domain.h"
#include "fix.h"
#include "force.h"
#include "improper.h"
#include "interactions.h"
#include "kspace.h"
#include "modify.h"
#include "pair.h"
#include "pair_rules.h"
#include "update.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

using namespace LAMMPS_NS;

LammpsForces::LammpsForces(LAMMPS *lmp) :
    Pointers(lmp), n_all(atom->nlocal + atom->nghost), box_saved(current_box())
{
  // Fixes that change the box at the end of a step leave the images where they were before.
  comm->forward_comm();
  x_saved.assign(3 * static_cast<std::size_t>(n_all), 0.0);
  f_saved = x_saved;
  if (n_all > 0) {
    std::copy_n(&atom->x[0][0], x_saved.size(), x_saved.begin());
    std::copy_n(&atom->f[0][0], f_saved.size(), f_saved.begin());
    if (atom->torque_flag)    // pair styles of spheres may add to it
      torque_saved.assign(&atom->torque[0][0], &atom->torque[0][0] + x_saved.size());
  }
  save_accumulators();
}

LammpsForces::~LammpsForces() noexcept
{
  // After an error on one rank alone the others do not take part in anything.
  const bool together = std::uncaught_exceptions() == 0;
  apply(box_saved, together);
  if (n_all > 0) std::copy(x_saved.begin(), x_saved.end(), &atom->x[0][0]);
  // What pair styles keep per atom, as densities, belongs to the positions again.
  if (moved && together) glass::compute_interactions(lmp, ENERGY_NONE, VIRIAL_NONE);
  if (n_all > 0) {
    std::copy(f_saved.begin(), f_saved.end(), &atom->f[0][0]);
    if (atom->torque_flag) std::copy(torque_saved.begin(), torque_saved.end(), &atom->torque[0][0]);
  }
  const std::vector<Pair *> pairs = glass::pair_and_sub_styles(lmp);
  for (std::size_t k = 0; k < pairs.size(); ++k)
    glass::number_of_tallies(pairs[k]) = tallies_saved[k];
  auto saved = accumulators_saved.cbegin();
  for (const auto &[where, n] : accumulators) {
    std::copy_n(saved, n, where);
    saved += n;
  }
}

void LammpsForces::save_accumulators()
{
  const auto keep = [&](auto *style) {
    if (!style) return;
    accumulators.emplace_back(&style->energy, 1);
    accumulators.emplace_back(style->virial, 6);
  };
  for (Pair *pair : glass::pair_and_sub_styles(lmp)) {
    // Computes that tally pairs are not to count these evaluations.
    tallies_saved.push_back(std::exchange(glass::number_of_tallies(pair), 0));
    accumulators.emplace_back(&pair->eng_vdwl, 1);
    accumulators.emplace_back(&pair->eng_coul, 1);
    accumulators.emplace_back(pair->virial, 6);
  }
  keep(force->bond);
  keep(force->angle);
  keep(force->dihedral);
  keep(force->improper);
  keep(force->kspace);
  for (const auto &[where, n] : accumulators)
    accumulators_saved.insert(accumulators_saved.end(), where, where + n);
}

std::string LammpsForces::obstacle(LAMMPS *lmp)
{
  if (lmp->kokkos || lmp->force->pair->execution_space == Device ||
      utils::strmatch(lmp->force->pair_style, "/gpu$") ||
      utils::strmatch(lmp->force->pair_style, "/intel$"))
    return fmt::format("pair style {} keeps its data elsewhere; use it without suffix",
                       lmp->force->pair_style);
  const Atom *atom = lmp->atom;
  if (atom->avec->forceclearflag)
    return "atom styles with rates of their own (densities, energies, spins) are not supported";
  if (atom->ellipsoid_flag || atom->line_flag || atom->tri_flag || atom->body_flag ||
      atom->mu_flag || atom->sp_flag)
    return "atoms with orientations or dipoles are not supported";
  for (const Fix *fix : lmp->modify->get_fix_list())
    if (utils::strmatch(fix->style, "^qeq/") || utils::strmatch(fix->style, "^acks2/") ||
        utils::strmatch(fix->style, "^qtpie/") || utils::strmatch(fix->style, "^electrode/"))
      return fmt::format("charges that follow the positions (fix {}) are not supported",
                         fix->style);
  return {};
}

bool LammpsForces::lists_are_current(LAMMPS *lmp)
{
  Neighbor *neighbor = lmp->neighbor;
  if (!neighbor->dist_check) return true;
  const bigint dangerous_builds = neighbor->ndanger;
  const bool moved = neighbor->check_distance() != 0;
  neighbor->ndanger = dangerous_builds;    // of the run, not ours
  return !moved;
}

std::vector<Eigen::Vector3d>
LammpsForces::displaced_forces(const std::vector<Eigen::Vector3d> &displacement_i3)
{
  bool displaced = false;
  for (const Eigen::Vector3d &d : displacement_i3)
    displaced = displaced || !d.isZero(0.0);
  for (int i = 0; i < atom->nlocal; ++i)
    for (int alpha = 0; alpha < 3; ++alpha)
      atom->x[i][alpha] = x_saved[3 * i + alpha] + displacement_i3[i][alpha];
  int displaced_somewhere = 0;
  const int displaced_here = displaced ? 1 : 0;
  MPI_Allreduce(&displaced_here, &displaced_somewhere, 1, MPI_INT, MPI_MAX, world);
  moved = moved || displaced_somewhere != 0;
  comm->forward_comm();
  glass::compute_interactions(lmp, ENERGY_NONE, VIRIAL_NONE);
  return own_forces();
}

/* ----------------------------------------------------------------------
   images are strained with everything else, so that only what knows the box needs it changed
------------------------------------------------------------------------- */

LammpsForces::StrainedState LammpsForces::strained_forces(const glass::StrainComponent &component,
                                                          double epsilon)
{
  const auto [kappa, chi] = component;
  moved = moved || epsilon != 0.0;
  for (int i = 0; i < n_all; ++i) {
    std::copy_n(&x_saved[3 * i], 3, atom->x[i]);
    atom->x[i][kappa] += epsilon * x_saved[3 * i + chi];
  }
  if (force->kspace) {
    if (kappa != chi && !domain->triclinic)
      throw std::runtime_error("shear strain with a long-range part needs a box with tilt factors; "
                               "use change_box all triclinic");
    Eigen::Matrix3d deformation = Eigen::Matrix3d::Identity();
    deformation(kappa, chi) += epsilon;
    set_box(deformation);
  }
  glass::compute_interactions(lmp, ENERGY_NONE, force->newton_pair ? VIRIAL_FDOTR : VIRIAL_PAIR);
  StrainedState state{own_forces(), total_virial()};
  if (force->kspace) apply(box_saved);
  return state;
}

LammpsForces::Box LammpsForces::current_box() const
{
  Box box{};
  std::copy_n(domain->boxlo, 3, box.lo);
  std::copy_n(domain->boxhi, 3, box.hi);
  box.xy = domain->xy;
  box.xz = domain->xz;
  box.yz = domain->yz;
  return box;
}

void LammpsForces::set_box(const Eigen::Matrix3d &deformation)
{
  // Upper triangular as the box is: the product is a box again.
  const Box &box = box_saved;
  Eigen::Matrix3d edge;
  edge << box.hi[0] - box.lo[0], box.xy, box.xz, 0.0, box.hi[1] - box.lo[1], box.yz, 0.0, 0.0,
      box.hi[2] - box.lo[2];
  edge = (deformation * edge).eval();
  const Eigen::Vector3d low = deformation * Eigen::Map<const Eigen::Vector3d>(box.lo);
  Box strained{};
  for (int k = 0; k < 3; ++k) {
    strained.lo[k] = low[k];
    strained.hi[k] = low[k] + edge(k, k);
  }
  strained.xy = edge(0, 1);
  strained.xz = edge(0, 2);
  strained.yz = edge(1, 2);
  apply(strained);
}

void LammpsForces::apply(const Box &box, bool set_up_kspace)
{
  if (!box_changed && &box == &box_saved) return;
  box_changed = &box != &box_saved;
  std::copy_n(box.lo, 3, domain->boxlo);
  std::copy_n(box.hi, 3, domain->boxhi);
  domain->xy = box.xy;
  domain->xz = box.xz;
  domain->yz = box.yz;
  domain->set_global_box();
  domain->set_local_box();
  if (force->kspace && set_up_kspace) force->kspace->setup();
}

std::vector<Eigen::Vector3d> LammpsForces::own_forces() const
{
  std::vector<Eigen::Vector3d> f_i3;
  f_i3.reserve(atom->nlocal);
  for (int i = 0; i < atom->nlocal; ++i)
    f_i3.emplace_back(atom->f[i][0], atom->f[i][1], atom->f[i][2]);
  return f_i3;
}

Eigen::Matrix3d LammpsForces::total_virial() const
{
  double sum[6] = {};
  const auto add = [&](const double *virial) {
    for (int k = 0; k < 6; ++k)
      sum[k] += virial[k];
  };
  if (force->pair && force->pair->compute_flag) add(force->pair->virial);
  if (atom->molecular != Atom::ATOMIC) {
    if (force->bond) add(force->bond->virial);
    if (force->angle) add(force->angle->virial);
    if (force->dihedral) add(force->dihedral->virial);
    if (force->improper) add(force->improper->virial);
  }
  double all[6];
  MPI_Allreduce(sum, all, 6, MPI_DOUBLE, MPI_SUM, world);
  // The long-range part has been summed over all ranks already.
  if (force->kspace && force->kspace->compute_flag)
    for (int k = 0; k < 6; ++k)
      all[k] += force->kspace->virial[k];
  Eigen::Matrix3d virial;
  virial << all[0], all[3], all[4], all[3], all[1], all[5], all[4], all[5], all[2];
  return virial;
}
