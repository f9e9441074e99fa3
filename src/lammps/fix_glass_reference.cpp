// Part of lammps-glass, GPL-2.0.

#include "fix_glass_reference.h"

#include "byte_stream.h"

#include "comm.h"
#include "error.h"

#include <climits>
#include <cstring>
#include <utility>
#include <vector>

using namespace LAMMPS_NS;
using glass::append;
using glass::take;

namespace {

/// What a restart file holds before the atoms of a configuration.
struct Header {
  bigint atoms;
  std::array<double, 6> h;
  std::array<int, 3> periodic;
  int dimension;
  std::array<double, 3> low, center;
};

struct Record {
  std::int64_t id;
  std::int64_t type;
  std::array<double, 3> position;
};

/// And before all.
struct State {
  bigint evaluations;
  int taken, has_next;
  FixGlassReference::Moment of_reference, last, of_next;
  std::array<double, 6> last_edges;
};

void append_configuration(std::vector<char> &bytes, const glass::Configuration &c)
{
  Header header{};
  header.atoms = static_cast<bigint>(c.size());
  header.h = c.cell.h;
  for (int k = 0; k < 3; ++k)
    header.periodic[k] = c.cell.periodic[k];
  header.dimension = c.cell.dimension;
  header.low = c.low;
  header.center = c.center;
  append(bytes, header);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double *const r = &c.position_n3[3 * i];
    append(bytes, Record{c.id_n[i], c.type_n[i], {r[0], r[1], r[2]}});
  }
}

glass::Configuration take_configuration(const char *&bytes)
{
  const auto header = take<Header>(bytes);
  glass::Configuration c;
  c.cell.h = header.h;
  for (int k = 0; k < 3; ++k)
    c.cell.periodic[k] = header.periodic[k] != 0;
  c.cell.dimension = header.dimension;
  c.low = header.low;
  c.center = header.center;
  for (bigint i = 0; i < header.atoms; ++i) {
    const auto record = take<Record>(bytes);
    c.id_n.push_back(record.id);
    c.type_n.push_back(static_cast<int>(record.type));
    c.position_n3.insert(c.position_n3.end(), record.position.begin(), record.position.end());
  }
  return c;
}

}    // namespace

FixGlassReference::FixGlassReference(LAMMPS *lmp, int narg, char **arg) : Fix(lmp, narg, arg)
{
  restart_global = 1;
}

void FixGlassReference::set(glass::Configuration newest, const Moment &moment)
{
  last_edges = newest.cell.h;
  reference = std::move(newest);
  taken = true;
  of_reference = moment;
  evaluations = 0;
  has_next = false;
}

void FixGlassReference::set_next(glass::Configuration newest, const Moment &moment)
{
  next = std::move(newest);
  of_next = moment;
  has_next = true;
}

bool FixGlassReference::begin(const Moment &moment)
{
  if (moment == last) return false;
  last = moment;
  if (has_next) {
    set(std::move(next), of_next);
    next = {};
  }
  if (taken && !(moment == of_reference)) ++evaluations;
  return true;
}

double FixGlassReference::memory_usage()
{
  return static_cast<double>((reference.size() + next.size()) * sizeof(Record));
}

void FixGlassReference::write_restart(FILE *file)
{
  if (comm->me != 0) return;
  std::vector<char> bytes;
  append(bytes, State{evaluations, taken, has_next, of_reference, last, of_next, last_edges});
  append_configuration(bytes, reference);
  if (has_next) append_configuration(bytes, next);
  if (bytes.size() > INT_MAX)
    error->one(FLERR, "Compute glass/dmin: a reference of {} atoms does not fit a restart file",
               reference.size());
  const int size = static_cast<int>(bytes.size());
  fwrite(&size, sizeof(int), 1, file);
  fwrite(bytes.data(), 1, bytes.size(), file);
}

void FixGlassReference::restart(char *buffer)
{
  const char *bytes = buffer;
  const auto state = take<State>(bytes);
  evaluations = state.evaluations;
  taken = state.taken != 0;
  has_next = state.has_next != 0;
  of_reference = state.of_reference;
  last = state.last;
  of_next = state.of_next;
  last_edges = state.last_edges;
  if (comm->me != 0) return;
  reference = take_configuration(bytes);
  if (has_next) next = take_configuration(bytes);
}
