// Part of lammps-glass, GPL-2.0.

#include "fix_glass_reference.h"

#include "comm.h"
#include "error.h"
#include "update.h"

#include <climits>
#include <cstring>

using namespace LAMMPS_NS;

namespace {

/// What a restart file holds before the atoms.
struct Header {
  bigint step, evaluations, atoms;
  int taken, quenched;
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

}    // namespace

FixGlassReference::FixGlassReference(LAMMPS *lmp, int narg, char **arg) : Fix(lmp, narg, arg)
{
  restart_global = 1;
}

void FixGlassReference::set(glass::Configuration newest, bool at_minimum)
{
  configuration = std::move(newest);
  taken = true;
  quenched = at_minimum;
  step = update->ntimestep;
  evaluations = 0;
}

double FixGlassReference::memory_usage()
{
  return static_cast<double>(configuration.size() * sizeof(Record));
}

void FixGlassReference::write_restart(FILE *file)
{
  if (comm->me != 0) return;
  const glass::Configuration &c = configuration;
  Header header{};
  header.step = step;
  header.evaluations = evaluations;
  header.atoms = static_cast<bigint>(c.size());
  header.taken = taken;
  header.quenched = quenched;
  header.h = c.cell.h;
  for (int k = 0; k < 3; ++k)
    header.periodic[k] = c.cell.periodic[k];
  header.dimension = c.cell.dimension;
  header.low = c.low;
  header.center = c.center;

  const std::size_t bytes = sizeof(Header) + c.size() * sizeof(Record);
  if (bytes > INT_MAX)
    error->one(FLERR, "Compute glass/dmin: a reference of {} atoms does not fit a restart file",
               c.size());
  const int size = static_cast<int>(bytes);
  fwrite(&size, sizeof(int), 1, file);
  fwrite(&header, sizeof(Header), 1, file);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const Record record{c.id_n[i],
                        c.type_n[i],
                        {c.position_n3[3 * i], c.position_n3[3 * i + 1], c.position_n3[3 * i + 2]}};
    fwrite(&record, sizeof(Record), 1, file);
  }
}

void FixGlassReference::restart(char *buffer)
{
  Header header;
  memcpy(&header, buffer, sizeof(Header));
  buffer += sizeof(Header);
  step = header.step;
  evaluations = header.evaluations;
  taken = header.taken != 0;
  quenched = header.quenched != 0;
  if (comm->me != 0) return;

  glass::Configuration &c = configuration;
  c.cell.h = header.h;
  for (int k = 0; k < 3; ++k)
    c.cell.periodic[k] = header.periodic[k] != 0;
  c.cell.dimension = header.dimension;
  c.low = header.low;
  c.center = header.center;
  for (bigint i = 0; i < header.atoms; ++i, buffer += sizeof(Record)) {
    Record record;
    memcpy(&record, buffer, sizeof(Record));
    c.id_n.push_back(record.id);
    c.type_n.push_back(static_cast<int>(record.type));
    c.position_n3.insert(c.position_n3.end(), record.position.begin(), record.position.end());
  }
}
