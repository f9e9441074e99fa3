// Part of lammps-glass, GPL-2.0.

// Time origins of fix glass/relax: which atoms are near each other, and what is found out at the
// first.

#include "fix_glass_relax.h"

#include "available_memory.h"
#include "box_geometry.h"
#include "observable/liquid_structure.h"

#include "atom.h"
#include "comm.h"
#include "compat.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "neigh_list.h"
#include "neigh_request.h"
#include "neighbor.h"
#include "pair.h"
#include "update.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>

using namespace LAMMPS_NS;

// In units of r0 = (V/N)^(1/d). The first minimum of g(r) of dense liquids is at 1.0 (silicon) to
// 1.5, the peak of S(q) at 2 pi times 0.9 to 1.15.
static constexpr double REACH_OF_MINIMUM = 2.0, REACH_OF_PEAK = 10.0;

double FixGlassRelax::typical_distance() const
{
  return std::pow(glass::box_volume(*domain) / atoms_s[0], 1.0 / domain->dimension);
}

/// As it will be in the run that is being set up.
double FixGlassRelax::ghost_reach() const
{
  const double of_pair_style = force->pair ? force->pair->cutforce + neighbor->skin : 0.0;
  return std::max(of_pair_style, comm->cutghostuser);
}

/// Without the skin.
double FixGlassRelax::reach_of_pairs() const
{
  if (cutoff > 0.0) return cutoff;
  return std::min(REACH_OF_MINIMUM * typical_distance(),
                  std::max(0.0, ghost_reach() - neighbor->skin));
}

/* ----------------------------------------------------------------------
   atoms move by up to half the skin between the binning and the use of the
   list
------------------------------------------------------------------------- */

void FixGlassRelax::request_neighbours()
{
  const double reach = reach_of_pairs() + neighbor->skin;
  if (comm->mode != Comm::SINGLE)
    error->all(FLERR, "{}: ghost atoms of every type are needed alike; use comm_modify mode single",
               name());
  if (cutoff > 0.0 && reach > ghost_reach())
    error->all(
        FLERR,
        "{}: pairs within {} need ghost atoms up to {} (with the neighbor skin), which reach "
        "only to {}; use comm_modify cutoff {}",
        name(), cutoff, reach, ghost_reach(), reach);
  // Rerun initializes before every snapshot, and a request may still be pending then.
  NeighRequest *request = neighbor->find_request(this);
  if (!request)
    request = neighbor->add_request(this, NeighConst::REQ_FULL | NeighConst::REQ_OCCASIONAL);
  request->set_cutoff(reach);
}

void FixGlassRelax::warn_of_missing_pairs()
{
  bool bonded = false;
  for (const int bonds_apart : {1, 2, 3})
    if (atom->molecular != Atom::ATOMIC && force->special_lj[bonds_apart] == 0.0 &&
        force->special_coul[bonds_apart] == 0.0)
      bonded = true;
  if (!bonded && neighbor->exclude == 0 && neighbor->includegroup == 0) return;
  if (!warned_of_pairs && comm->me == 0)
    error->warning(FLERR, "{}: pairs that {} leaves out of neighbor lists are not followed", name(),
                   bonded ? "special_bonds" : "neigh_modify");
  warned_of_pairs = true;
}

void FixGlassRelax::init_list(int /*id*/, NeighList *ptr)
{
  list = ptr;
}

/* ---------------------------------------------------------------------- */

void FixGlassRelax::begin(std::size_t slot, const System &now)
{
  // Fixes that change the box at the end of a step leave the images where they were before.
  comm->forward_comm();
  glass::rebuild(neighbor, list);
  const glass::RowLayout layout = number_rows(slot);
  if (cutoff == 0.0) find_cutoff();
  if (!average) find_wave_number();

  std::vector<glass::TimeOrigin::Atom> atoms;
  for (const int i : followed_atoms()) {
    const Eigen::Vector3d x = unwrapped(i);
    atoms.push_back({atom->tag[i], atom->type[i] - 1, {x[0], x[1], x[2]}});
  }
  Origin &origin = origins[slot];
  origin.step = update->ntimestep;
  origin.system = now;
  origin.next_time = 0;
  origin.atoms = std::make_unique<glass::TimeOrigin>(communicator, layout, std::move(atoms),
                                                     near_pairs(), atom->ntypes, domain->dimension);
  if (origin.atoms->pairs()[0] == 0.0 && origin.step == first_step)
    error->all(FLERR, "{}: no pairs are closer than the cutoff {} at step {}", name(), cutoff,
               origin.step);
  origin.sums = glass::RelaxationBlock(times.size(), atoms_s.size());
  origin.sums.origins = 1.0;
  origin.sums.pairs_s = origin.atoms->pairs();
  announce(origin);
}

void FixGlassRelax::announce(const Origin &origin)
{
  if (announced) return;
  announced = true;
  // The other origins will take as much each.
  const double bytes = communicator.maximum(
      memory_usage() + (n_origins - 1) * (origin.atoms->bytes() + origin.sums.bytes()));
  log(fmt::format(
      "{:.0f} atoms, {:.0f} pairs closer than {:.6g}, q {:.6g}, {} times from {:.6g} to "
      "{:.6g}; {:.3g} MiB on each of {} ranks",
      atoms_s[0], 0.5 * origin.sums.pairs_s[0], cutoff, average->wave_number(), times.size(),
      settings.t_k.front(), settings.t_k.back(), 1024.0 * bytes / glass::GIB, comm->nprocs));
}

/* ----------------------------------------------------------------------
   rows ascend with rank, then with local index; ghosts learn theirs by
   communication, which works for any atom IDs
------------------------------------------------------------------------- */

glass::RowLayout FixGlassRelax::number_rows(std::size_t slot)
{
  const std::vector<int> atoms = followed_atoms();
  glass::RowLayout layout;
  layout.first_p.assign(1, 0);
  for (const std::size_t count : communicator.all(atoms.size()))
    layout.first_p.push_back(layout.first_p.back() + static_cast<glass::Row>(count));
  known_row.assign(atom->nlocal + atom->nghost, glass::no_row);
  glass::Row row = layout.first(communicator.rank());
  for (const int i : atoms) {
    row_of_atom[i][1 + slot] = static_cast<double>(row);
    known_row[i] = row++;
  }
  comm->forward_comm(this);
  return layout;
}

int FixGlassRelax::pack_forward_comm(int n, int *atoms, double *buffer, int /*pbc_flag*/,
                                     int * /*pbc*/)
{
  for (int k = 0; k < n; ++k)
    buffer[k] = static_cast<double>(known_row[atoms[k]]);
  return n;
}

void FixGlassRelax::unpack_forward_comm(int n, int first, double *buffer)
{
  for (int k = 0; k < n; ++k)
    known_row[first + k] = static_cast<glass::Row>(buffer[k]);
}

/* ----------------------------------------------------------------------
   each pair of the group is there twice, from either side
------------------------------------------------------------------------- */

void FixGlassRelax::for_pairs(const std::function<void(int, int, double)> &action) const
{
  const double *const *const x = atom->x;
  for (int k = 0; k < list->inum; ++k) {
    const int i = list->ilist[k];
    if (known_row[i] == glass::no_row) continue;
    for (int n = 0; n < list->numneigh[i]; ++n) {
      const int j = list->firstneigh[i][n] & NEIGHMASK;
      if (known_row[j] == glass::no_row) continue;
      action(i, j, std::hypot(x[j][0] - x[i][0], x[j][1] - x[i][1], x[j][2] - x[i][2]));
    }
  }
}

/* ----------------------------------------------------------------------
   each pair from one side, as often as it has images within reach; ranks share
   those that are across their borders
------------------------------------------------------------------------- */

std::vector<glass::TimeOrigin::Pair> FixGlassRelax::near_pairs() const
{
  std::vector<glass::TimeOrigin::Pair> pairs;
  for_pairs([&](int i, int j, double r) {
    const glass::Row a = known_row[i], b = known_row[j];
    const bool is_ours = (a < b) == ((a + b) % 2 == 0);
    if (r < cutoff && a != b && is_ours) pairs.push_back({a, b});
  });
  return pairs;
}

void FixGlassRelax::find_cutoff()
{
  const double reach = reach_of_pairs();
  glass::PairDistances distances(domain->dimension, reach);
  for_pairs([&](int, int, double r) { distances.add(r); });
  distances.sum(communicator);
  const std::optional<double> minimum = distances.first_minimum();
  if (!minimum)
    error->all(FLERR, "{}: no first minimum of g(r) up to {:.6g}; give cutoff{}", name(), reach,
               reach < REACH_OF_MINIMUM * typical_distance()
                   ? ", or use comm_modify cutoff to reach farther"
                   : "");
  cutoff = *minimum;
  log(fmt::format("cutoff {:.6g} is the first minimum of g(r)", cutoff));
}

void FixGlassRelax::find_wave_number()
{
  if (!domain->xperiodic || !domain->yperiodic || (domain->dimension == 3 && !domain->zperiodic))
    error->all(FLERR, "{}: S(q) needs a periodic box; give q", name());
  const Eigen::Matrix3d inverse = glass::box_edges(*domain).inverse();
  std::vector<Eigen::Vector3d> s_i3;
  for (const int i : followed_atoms())
    s_i3.emplace_back(inverse * Eigen::Vector3d::Map(atom->x[i]));
  const double q_max = REACH_OF_PEAK / typical_distance();
  log("looking for the peak of S(q)");
  const std::optional<double> peak =
      glass::structure_peak(s_i3, inverse, domain->dimension, q_max, communicator);
  if (!peak) error->all(FLERR, "{}: no peak of S(q) up to {:.6g}; give q", name(), q_max);
  wave_number = *peak;
  average.emplace(domain->dimension, wave_number);
  log(fmt::format("q {:.6g} is the highest peak of S(q)", wave_number));
}

double FixGlassRelax::memory_usage()
{
  double bytes = static_cast<double>(atom->nmax) * (1 + n_origins) * sizeof(double) +
                 static_cast<double>(known_row.capacity() * sizeof(glass::Row)) + blocks.bytes() +
                 static_cast<double>((values.size() + table.size()) * sizeof(double));
  for (const Origin &origin : origins)
    if (origin.atoms) bytes += origin.atoms->bytes() + origin.sums.bytes();
  return bytes;
}
