// Part of lammps-glass, GPL-2.0.

// Restart of fix glass/relax in the middle of segments.

#include "fix_glass_relax.h"

#include "byte_stream.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "update.h"

#include <algorithm>
#include <climits>

using namespace LAMMPS_NS;

namespace {

// Of what follows in a restart file.
constexpr std::int64_t FORMAT = 0x72656c6178000001;    // "relax", 1

/// What a restart file begins with; arguments, results, blocks and origins follow.
struct Header {
  std::int64_t format;
  std::size_t n_arguments;
  double dt, n_followed, wave_number, cutoff;
  bigint first_step, next_step;
  glass::TrajectoryMoment moment;
  bool announced;
};

/// What an origin begins with; layout, sums, atoms and pairs follow.
struct OriginHeader {
  bool in_use;
  bigint step;
  FixGlassRelax::System system;
  std::size_t next_time, n_layout, n_atoms, n_pairs;
};

/// The stored one on as many ranks as before, so that sums are in the same order; else one that is
/// even.
glass::RowLayout layout_for(const glass::RowLayout &stored, int n_ranks)
{
  if (stored.first_p.size() == static_cast<std::size_t>(n_ranks) + 1) return stored;
  glass::RowLayout even;
  for (int p = 0; p <= n_ranks; ++p)
    even.first_p.push_back(stored.size() * p / n_ranks);
  return even;
}

}    // namespace

void FixGlassRelax::write_restart(FILE *fp)
{
  // While no run is under way, atoms may have been touched since the end of the last one.
  glass::TrajectoryMoment here = end_of_run;
  if (update->whichflag == 1 && first_step >= 0) here = moment();
  // LAMMPS keeps the length in an int.
  const double room =
      INT_MAX - blocks.bytes() - 10.0 * static_cast<double>(table.size()) * sizeof(double);
  std::vector<char> bytes, origin_bytes;
  bool fits = true;
  for (const Origin &origin : origins) {
    append_origin(origin_bytes, origin);
    fits = communicator.maximum(static_cast<double>(origin_bytes.size())) < room;
    if (!fits) break;
  }
  if (!fits && comm->me == 0)
    error->warning(FLERR,
                   "{}: the segments under way do not fit a restart file; a run that reads it "
                   "begins them anew",
                   name());
  glass::append(bytes, Header{FORMAT, arguments.size(), dt, atoms_s[0], wave_number, cutoff,
                              fits ? first_step : -1, next_step, here, announced});
  glass::append(bytes, std::vector<char>(arguments.begin(), arguments.end()));
  glass::append(bytes, values);
  glass::append(bytes, table);
  blocks.write(bytes);
  if (fits) bytes.insert(bytes.end(), origin_bytes.begin(), origin_bytes.end());
  if (comm->me == 0) {
    const int size = static_cast<int>(bytes.size());
    fwrite(&size, sizeof(int), 1, fp);
    fwrite(bytes.data(), 1, bytes.size(), fp);
  }
}

/* ----------------------------------------------------------------------
   on the first rank; the others' parts are sent there
------------------------------------------------------------------------- */

void FixGlassRelax::append_origin(std::vector<char> &bytes, const Origin &origin) const
{
  if (!origin.atoms) {
    glass::append(bytes, OriginHeader{});
    return;
  }
  const auto atoms = communicator.gather(origin.atoms->own_atoms());
  const auto pairs = communicator.gather(origin.atoms->own_pairs());
  const std::vector<glass::Row> &layout = origin.atoms->layout().first_p;
  glass::append(bytes, OriginHeader{true, origin.step, origin.system, origin.next_time,
                                    layout.size(), atoms.size(), pairs.size()});
  glass::append(bytes, layout);
  origin.sums.write(bytes);
  glass::append(bytes, atoms);
  glass::append(bytes, pairs);
}

/* ---------------------------------------------------------------------- */

void FixGlassRelax::restart(char *buffer)
{
  const char *bytes = buffer;
  const auto header = glass::take<Header>(bytes);
  if (header.format != FORMAT)
    error->all(FLERR, "{}: the restart file is of another version of the plugin", name());
  std::vector<char> others(header.n_arguments);
  glass::take(bytes, others);
  const std::string other(others.begin(), others.end());
  if (other != arguments || header.dt != dt || header.n_followed != atoms_s[0])
    error->all(
        FLERR,
        "{}: the restart file goes on with other arguments ({}; {:.0f} atoms, a time step of "
        "{}); use the same, or another fix ID to begin anew",
        name(), other, header.n_followed, header.dt);
  wave_number = header.wave_number;
  if (wave_number > 0.0) average.emplace(domain->dimension, wave_number);
  cutoff = header.cutoff;
  announced = header.announced;
  first_step = header.first_step;
  next_step = header.next_step;
  end_of_run = header.moment;
  glass::take(bytes, values);
  glass::take(bytes, table);
  blocks.read(bytes);
  for (std::size_t slot = 0; slot < origins.size() && first_step >= 0; ++slot)
    take_origin(bytes, slot);
  if (!blocks.blocks().empty()) write_table();
}

void FixGlassRelax::take_origin(const char *&bytes, std::size_t slot)
{
  const auto header = glass::take<OriginHeader>(bytes);
  if (!header.in_use) return;
  glass::RowLayout stored;
  stored.first_p.resize(header.n_layout);
  glass::take(bytes, stored.first_p);
  Origin &origin = origins[slot];
  origin.step = header.step;
  origin.system = header.system;
  origin.next_time = header.next_time;
  origin.sums = glass::RelaxationBlock(times.size(), atoms_s.size());
  origin.sums.read(bytes);
  std::vector<glass::TimeOrigin::Atom> atoms(header.n_atoms);
  std::vector<glass::TimeOrigin::Pair> pairs(header.n_pairs);
  glass::take(bytes, atoms);
  glass::take(bytes, pairs);
  find_rows(slot, atoms);

  const glass::RowLayout layout = layout_for(stored, communicator.size());
  const glass::Row first = layout.first(communicator.rank()),
                   end = layout.first(communicator.rank() + 1);
  const auto is_other = [&](const glass::TimeOrigin::Pair &pair) {
    return pair.first < first || pair.first >= end;
  };
  pairs.erase(std::remove_if(pairs.begin(), pairs.end(), is_other), pairs.end());
  origin.atoms = std::make_unique<glass::TimeOrigin>(
      communicator, layout,
      std::vector<glass::TimeOrigin::Atom>(atoms.begin() + first, atoms.begin() + end),
      std::move(pairs), atom->ntypes, domain->dimension);
}

/* ----------------------------------------------------------------------
   of own atoms, by their IDs
------------------------------------------------------------------------- */

void FixGlassRelax::find_rows(std::size_t slot, const std::vector<glass::TimeOrigin::Atom> &atoms)
{
  std::vector<std::pair<std::int64_t, glass::Row>> row_of_id;
  row_of_id.reserve(atoms.size());
  for (std::size_t row = 0; row < atoms.size(); ++row)
    row_of_id.emplace_back(atoms[row].id, static_cast<glass::Row>(row));
  std::sort(row_of_id.begin(), row_of_id.end());
  for (const int i : followed_atoms()) {
    const auto found = std::lower_bound(row_of_id.begin(), row_of_id.end(),
                                        std::pair<std::int64_t, glass::Row>{atom->tag[i], 0});
    if (found == row_of_id.end() || found->first != atom->tag[i])
      error->one(FLERR, "{}: the restart file is not of this simulation", name());
    row_of_atom[i][1 + slot] = static_cast<double>(found->second);
  }
}
