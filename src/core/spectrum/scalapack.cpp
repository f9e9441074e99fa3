// Part of lammps-glass, GPL-2.0.

#include "scalapack.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#ifdef GLASS_SCALAPACK
#include <dlfcn.h>
#endif

namespace glass {

namespace {

/// Workspace of pdsyevd as its documentation has it (ScaLAPACK 2.2.1), in doubles, and what it
/// forgets: that of pdormtr, without which the eigenvectors are wrong and it reports success.
Row work_length(Row n, Row block, Row n_rows, Row n_columns)
{
  const Row tridiagonal = 3 * n + std::max(block * (n_rows + 1), 3 * block);
  const Row transformation = 3 * n + (n_rows + n_columns + 2 * block) * block;
  return std::max(1 + 6 * n + 2 * n_rows * n_columns, tridiagonal) + 2 * n + transformation;
}

Row integer_work_length(Row n, int grid_columns)
{
  return 7 * n + 8 * grid_columns + 2;
}

}    // namespace

AtomGrid::AtomGrid(Row atoms, int dim, int n_ranks) : n_atoms(atoms), dimension(dim)
{
  int n = static_cast<int>(std::sqrt(n_ranks));
  while (n_ranks % n != 0)
    --n;
  rows.n_parts = n;
  columns.n_parts = n_ranks / n;
  constexpr Row most_rows = 48;
  rows.block = columns.block =
      std::clamp<Row>(atoms / columns.n_parts, 1, std::max<Row>(1, most_rows / dim));
}

ScalapackPlan plan_scalapack(Row n_atoms, int dimension, int n_ranks)
{
  ScalapackPlan plan{AtomGrid(n_atoms, dimension, n_ranks)};
  const AtomGrid &grid = plan.grid;
  // No rank has more than the first.
  const Row n = dimension * n_atoms, n_rows = grid.n_rows(0), n_columns = grid.n_columns(0);
  const Row work = work_length(n, dimension * grid.rows.block, n_rows, n_columns);
  plan.addressable = work <= std::numeric_limits<int>::max();
  plan.bytes = sizeof(double) * static_cast<std::size_t>(2 * n_rows * n_columns + work + n) +
               sizeof(int) * static_cast<std::size_t>(integer_work_length(n, grid.columns.n_parts));
  return plan;
}

#ifdef GLASS_SCALAPACK

namespace {

/// The functions of ScaLAPACK that are used. The library is loaded when it is first needed.
struct Library {
  int (*handle_of)(MPI_Comm) = nullptr;
  void (*free_handle)(int) = nullptr;
  void (*init_grid)(int *, const char *, int, int) = nullptr;
  void (*exit_grid)(int) = nullptr;
  void (*pdsyevd)(const char *, const char *, const int *, double *, const int *, const int *,
                  const int *, double *, double *, const int *, const int *, const int *, double *,
                  const int *, int *, const int *, int *, std::size_t, std::size_t) = nullptr;

  // Packages of LAMMPS may have brought the slow reference BLAS, whose symbols come first.
  bool captured = false;
  // Of OpenBLAS, where that is what it uses.
  char *(*blas_config)() = nullptr;
  int (*get_threads)() = nullptr;
  void (*set_threads)(int) = nullptr;

  Library();

 private:
  template <typename F> void find(void *library, const char *name, F &function)
  {
    function = reinterpret_cast<F>(dlsym(library, name));
  }
};

Library::Library()
{
  // With symbols of the program first, as MPI wants it, whose variables may live there.
  constexpr int flags = RTLD_NOW | RTLD_LOCAL;
  void *library = dlopen(GLASS_SCALAPACK, flags);
  if (!library) library = dlopen(GLASS_SCALAPACK_FOUND, flags);
  if (!library) throw std::runtime_error(std::string("ScaLAPACK cannot be loaded: ") + dlerror());
  find(library, "Csys2blacs_handle", handle_of);
  find(library, "Cfree_blacs_system_handle", free_handle);
  find(library, "Cblacs_gridinit", init_grid);
  find(library, "Cblacs_gridexit", exit_grid);
  find(library, "pdsyevd_", pdsyevd);
  if (!handle_of || !free_handle || !init_grid || !exit_grid || !pdsyevd)
    throw std::runtime_error("ScaLAPACK cannot be used: " GLASS_SCALAPACK " lacks functions");
  const void *product = dlsym(RTLD_DEFAULT, "dgemm_");
  captured = product && product != dlsym(library, "dgemm_");
  if (captured) return;
  find(library, "openblas_get_config", blas_config);
  find(library, "openblas_get_num_threads", get_threads);
  find(library, "openblas_set_num_threads", set_threads);
}

const Library &library()
{
  static const Library loaded;
  return loaded;
}

/// A grid of all ranks of a communicator.
class Context {
 public:
  Context(const AtomGrid &grid, const Communicator &communicator) :
      handle_(library().handle_of(communicator.mpi())), context_(handle_)
  {
    library().init_grid(&context_, "Row", grid.rows.n_parts, grid.columns.n_parts);
  }
  ~Context()
  {
    library().exit_grid(context_);
    library().free_handle(handle_);
  }
  Context(const Context &) = delete;
  Context &operator=(const Context &) = delete;

  int operator*() const { return context_; }

 private:
  int handle_, context_;
};

/// Ranks share the cores: each takes its part of them, and no more threads than it had.
class SharedCores {
 public:
  explicit SharedCores(const Communicator &communicator)
  {
    const int ranks = communicator.ranks_on_machine();
    if (!library().get_threads || !library().set_threads) return;
    threads_ = library().get_threads();
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    library().set_threads(std::max(1, std::min(threads_, cores / ranks)));
  }
  ~SharedCores()
  {
    if (threads_ > 0) library().set_threads(threads_);
  }
  SharedCores(const SharedCores &) = delete;
  SharedCores &operator=(const SharedCores &) = delete;

 private:
  int threads_ = 0;
};

}    // namespace

std::string scalapack_is_missing(const Communicator &communicator)
{
  std::string reason;
  try {
    library();
  } catch (const std::runtime_error &error) {
    reason = error.what();
  }
  if (communicator.maximum(reason.empty() ? 0.0 : 1.0) > 0.0 && reason.empty())
    reason = "ScaLAPACK cannot be loaded on another rank";
  return reason;
}

Eigen::VectorXd solve_scalapack(Eigen::MatrixXd &&matrix, const ScalapackPlan &plan,
                                const Communicator &communicator, Eigen::MatrixXd &vector)
{
  const std::string missing = scalapack_is_missing(communicator);
  if (!missing.empty()) throw std::runtime_error(missing);

  const AtomGrid &grid = plan.grid;
  const Context context(grid, communicator);
  const SharedCores cores(communicator);
  const int n = static_cast<int>(grid.dimension * grid.n_atoms);
  const int block = static_cast<int>(grid.dimension * grid.rows.block);
  const int n_rows = static_cast<int>(matrix.rows());
  const std::array<int, 9> descriptor{1, *context, n, n, block, block, 0, 0, std::max(1, n_rows)};

  Eigen::VectorXd value_p(n);
  vector.resize(std::max(1, n_rows), std::max<Eigen::Index>(1, matrix.cols()));
  const int work_size = static_cast<int>(work_length(n, block, n_rows, matrix.cols()));
  const int integer_size = static_cast<int>(integer_work_length(n, grid.columns.n_parts));
  Eigen::VectorXd work(work_size);
  std::vector<int> integer_work(static_cast<std::size_t>(integer_size));
  const int one = 1;
  int info = 0;
  library().pdsyevd("V", "L", &n, matrix.data(), &one, &one, descriptor.data(), value_p.data(),
                    vector.data(), &one, &one, descriptor.data(), work.data(), &work_size,
                    integer_work.data(), &integer_size, &info, 1, 1);
  const double worst = communicator.maximum(std::abs(static_cast<double>(info)));
  if (worst != 0.0)
    throw std::runtime_error("ScaLAPACK pdsyevd failed with |info| = " +
                             std::to_string(static_cast<int>(worst)));
  vector.conservativeResize(n_rows, matrix.cols());
  matrix.resize(0, 0);
  return value_p;
}

std::string library_of_scalapack()
{
  if (library().blas_config) return library().blas_config();
  return library().captured ? "with the BLAS that LAMMPS brings, which is slow"
                            : "with another BLAS than OpenBLAS, which may be slow";
}

#else

std::string scalapack_is_missing(const Communicator &)
{
  return "this plugin was built without ScaLAPACK; install it (Debian: libscalapack-openmpi-dev) "
         "and "
         "build anew";
}

Eigen::VectorXd solve_scalapack(Eigen::MatrixXd &&, const ScalapackPlan &,
                                const Communicator &communicator, Eigen::MatrixXd &)
{
  throw std::runtime_error(scalapack_is_missing(communicator));
}

std::string library_of_scalapack()
{
  return "";
}

#endif

}    // namespace glass
