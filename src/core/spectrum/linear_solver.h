// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_LINEAR_SOLVER_H
#define GLASS_LINEAR_SOLVER_H

#include "block_cg.h"
#include "sparse_cholesky.h"

#include <limits>
#include <optional>

namespace glass {

enum class SolveMethod { automatic, direct, conjugate_gradients };

struct SolveOptions {
  SolveMethod method = SolveMethod::automatic;
  double tolerance = 1.0e-10;      ///< of |b - H x|/|b|, for every column
  int max_iterations = 20000;      ///< of conjugate gradients
  int dimension = 3;               ///< 2 if the matrix was made planar (planar.h)
  bool translations = true;        ///< false if part of the atoms is frozen
  int n_columns = 6;               ///< right-hand sides to expect in all, for the choice of method
  std::size_t available_bytes =    ///< memory for the factorisation on the first rank
      std::numeric_limits<std::size_t>::max();
  std::function<void(int, double)> progress;    ///< see IterationOptions
};

/// How a system was solved, the same on all ranks.
struct SolveReport {
  SolveMethod method = SolveMethod::automatic;    ///< the one that was used
  std::vector<double> residual_c;                 ///< |b - H x|/|b| of every column, from x
  double tolerance = 0.0;                         ///< that was asked for
  bool converged = false;                         ///< all residuals are within the tolerance
  int iterations = 0;              ///< of conjugate gradients, or refinements of the direct method
  std::size_t factor_bytes = 0;    ///< memory of the factor; 0 without one
  double factor_flops = 0.0;    ///< predicted operations of the factorisation; 0 if not asked for
};

/// @throws std::runtime_error with what to do about it if the solution has not converged
void check_converged(const SolveReport &report);

struct SolveResult {
  BlockVector x;
  SolveReport report;
};

/// Solves H x = b for any number of right-hand sides, on the space without uniform translations: x
/// and b stand for their parts in it. Members are collective.
///
/// Either directly (SparseCholesky, on the first rank) or by conjugate gradients (block_cg, on
/// all). Automatic means direct if its predicted memory is available and its predicted operations
/// take less time than the expected iterations: see prefers_direct().
class LinearSolver {
 public:
  /// The matrix must outlive the solver.
  /// @throws NoMinimum if the matrix is not positive definite beside translations. The direct
  ///         method finds out for certain; conjugate gradients only in solve(), and only what the
  ///         right-hand sides couple to.
  /// @throws std::runtime_error if the direct method was asked for and does not fit into memory
  LinearSolver(const BlockMatrix &matrix, const SolveOptions &options,
               const Communicator &communicator);

  SolveMethod method() const
  {
    return cholesky_ ? SolveMethod::direct : SolveMethod::conjugate_gradients;
  }

  /// Makes sure that solutions are unique. The direct method has done so; conjugate gradients leave
  /// in x what they happen to have along a direction without stiffness, and find b all the same.
  /// They are given H r for a random r here, and must return r.
  /// @throws NoMinimum if there is a direction of no stiffness beside translations
  /// @throws as check_converged()
  void check_unique();

  /// Another tolerance than that of the options, from now on.
  void set_tolerance(double tolerance) { options_.tolerance = tolerance; }

  /// Columns of own rows.
  SolveResult solve(const BlockVector &b);

 private:
  SolveResult solve_directly(const BlockVector &b);

  const BlockMatrix &matrix_;
  SolveOptions options_;
  Communicator communicator_;
  int n_translations_;
  BlockOperator operator_;
  std::unique_ptr<SparseCholesky> cholesky_;
  std::optional<BlockJacobi> jacobi_;
  double planned_flops_ = 0.0;
};

/// What conjugate gradients are expected to take to a residual of 1e-10:
///
///   ceil(n_columns/8) (30 + 11.5 L) 25e-9 n_blocks/n_ranks
///
/// seconds, with L = (atoms)^(1/dimension). Measured on one core with AVX2 and Kob-Andersen glasses
/// of 500 to 32,000 atoms; the iterations are 103, 217, 315, 390 for 500, 4000, 13,500, 32,000.
/// @param n_atoms, n_blocks  of the whole matrix, the upper triangle of it
/// @param n_ranks   that share the work
double expected_iteration_seconds(double n_columns, double n_atoms, double n_blocks, int dimension,
                                  int n_ranks);

/// Whether factorising, flops/25e9 + n_columns bytes/10e9 seconds, is expected to be faster than
/// expected_iteration_seconds(). For six columns conjugate gradients win beyond about 500 atoms,
/// for thousands the factor does.
/// @param plan  of the factorisation, which is done by one rank
bool prefers_direct(const CholeskyPlan &plan, double n_columns, double n_atoms, double n_blocks,
                    int dimension, int n_ranks);

}    // namespace glass

#endif
