// Part of lammps-glass, GPL-2.0.

#include "compute_glass_hessian.h"

#include "hessian/matrix_file.h"

#include "atom.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "memory.h"
#include "update.h"

#include <cmath>

using namespace LAMMPS_NS;

static constexpr int LOCAL_COLUMNS = 11;

ComputeGlassHessian::ComputeGlassHessian(LAMMPS *lmp, int narg, char **arg) :
    ComputeGlass(lmp, narg, arg)
{
  if (!atom->tag_enable)
    error->all(FLERR, "Compute glass/hessian needs atom IDs; use atom_modify id yes");
  for (int iarg = 3; iarg < narg;) {
    if (parse_common_keyword(iarg, narg, arg)) continue;
    const std::string keyword = arg[iarg];
    const auto need = [&](int n) {
      if (iarg + n >= narg)
        utils::missing_cmd_args(FLERR, "compute glass/hessian " + keyword, error);
    };
    if (keyword == "matrix") {
      need(1);
      const std::string value = arg[iarg + 1];
      if (value != "hessian" && value != "dynamical")
        error->all(FLERR, "Compute glass/hessian matrix must be hessian or dynamical, not {}",
                   value);
      dynamical = value == "dynamical";
      iarg += 2;
    } else if (keyword == "file") {
      need(2);
      const std::string value = arg[iarg + 1];
      if (value != "market" && value != "numpy")
        error->all(FLERR, "Compute glass/hessian file must be market or numpy, not {}", value);
      format = value == "market" ? Format::MATRIX_MARKET : Format::NUMPY;
      file = arg[iarg + 2];
      iarg += 3;
    } else
      error->all(FLERR, "Unknown compute glass/hessian keyword: {}", keyword);
  }

  scalar_flag = local_flag = 1;
  extscalar = 1;
  size_local_rows = 0;
  size_local_cols = LOCAL_COLUMNS;
}

ComputeGlassHessian::~ComputeGlassHessian()
{
  memory->destroy(array_local);
}

void ComputeGlassHessian::init()
{
  ComputeGlass::init();
  step_of_matrix = -1;
}

double ComputeGlassHessian::compute_scalar()
{
  invoked_scalar = update->ntimestep;
  compute_matrix();
  scalar = trace;
  return scalar;
}

/* ----------------------------------------------------------------------
   the upper triangle in the order of rows: each pair of atoms once
------------------------------------------------------------------------- */

void ComputeGlassHessian::compute_local()
{
  invoked_local = update->ntimestep;
  compute_matrix();
  stop_if(matrix.n_blocks() > MAXSMALLINT / LOCAL_COLUMNS,
          fmt::format("{} blocks are too many for a local array; use keyword file or more ranks",
                      matrix.n_blocks()));
  size_local_rows = static_cast<int>(matrix.n_blocks());
  if (size_local_rows > max_local_rows) {
    max_local_rows = size_local_rows;
    memory->destroy(array_local);
    memory->create(array_local, max_local_rows, LOCAL_COLUMNS, "glass/hessian:array_local");
  }
  const glass::Row first_row = matrix.layout.first(communicator.rank());
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k) {
      array_local[k][0] = static_cast<double>(id_row[first_row + r]);
      array_local[k][1] = static_cast<double>(id_row[matrix.column_k[k]]);
      std::copy_n(&matrix.value_k9[9 * k], 9, array_local[k] + 2);
    }
}

/* ---------------------------------------------------------------------- */

void ComputeGlassHessian::compute_matrix()
{
  if (step_of_matrix == update->ntimestep) return;
  matrix = differentiate(HESSIAN).hessian;
  const std::vector<double> mass_r = gather_masses();

  std::vector<std::int64_t> id_r;
  for (const int i : group_atoms())
    id_r.push_back(atom->tag[i]);
  id_row = communicator.gather_on_all(id_r);

  if (dynamical) scale_by_masses(mass_r);
  trace = glass::trace(matrix, domain->dimension, communicator);

  if (format != Format::NONE) write(mass_r);
  step_of_matrix = update->ntimestep;
  verbose = false;
}

/// H_ij -> ftm2v H_ij / sqrt(m_i m_j), in 1/time^2.
void ComputeGlassHessian::scale_by_masses(const std::vector<double> &mass_r)
{
  std::vector<double> factor_row;
  for (const double mass : communicator.gather_on_all(mass_r))
    factor_row.push_back(std::sqrt(force->ftm2v / mass));
  const glass::Row first_row = matrix.layout.first(communicator.rank());
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k)
      for (int m = 0; m < 9; ++m)
        matrix.value_k9[9 * k + m] *= factor_row[first_row + r] * factor_row[matrix.column_k[k]];
}

std::string ComputeGlassHessian::unit() const
{
  return std::string(dynamical ? "1/time^2" : "energy/distance^2") + " of LAMMPS units " +
         update->unit_style;
}

void ComputeGlassHessian::write(const std::vector<double> &mass_r)
{
  std::vector<std::int64_t> id_r;
  std::vector<std::pair<std::int64_t, double>> mass_of_id;
  const glass::Row first_row = matrix.layout.first(communicator.rank());
  for (std::size_t r = 0; r < mass_r.size(); ++r) {
    id_r.push_back(id_row[first_row + r]);
    mass_of_id.emplace_back(id_r.back(), mass_r[r]);
  }
  const glass::SortedMatrix sorted = glass::sort_by_id(matrix, id_r, communicator);

  glass::MatrixHeader header;
  header.dimension = domain->dimension;
  header.lines = {
      std::string("lammps-glass, compute glass/hessian, ") +
          (dynamical ? "dynamical matrix d2U/dx dx / sqrt(m m)" : "Hessian d2U/dx dx"),
      "unit: " + unit(), fmt::format("step {}, {} atoms", update->ntimestep, sorted.id_a.size()),
      fmt::format("rows {} k + alpha, k the atoms in ascending order of ID, alpha = {}, from 0",
                  header.dimension, header.dimension == 3 ? "x, y, z" : "x, y")};
  std::string target = file;
  const auto star = target.find('*');    // as in names of dump files
  if (star != std::string::npos) target.replace(star, 1, std::to_string(update->ntimestep));

  std::string failure;
  try {
    if (format == Format::MATRIX_MARKET)
      glass::write_matrix_market(sorted, header, target, communicator);
    else
      glass::write_numpy(sorted, header, mass_of_id, target, communicator);
  } catch (const std::exception &error_of_file) {
    failure = error_of_file.what();
  }
  // Only the first rank writes, and the others may be waiting for it to gather.
  if (!failure.empty()) error->one(FLERR, "{}: {}", name(), failure);
}

double ComputeGlassHessian::memory_usage()
{
  return static_cast<double>(matrix.bytes()) +
         static_cast<double>(max_local_rows) * LOCAL_COLUMNS * sizeof(double);
}
