// Part of lammps-glass, GPL-2.0.

#include "linear_solver.h"

#include "no_minimum.h"
#include "translation_free.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>

namespace glass {

namespace {

constexpr int most_refinements = 3;

/// Systems whose matrix is not even gathered to see what its factorisation would take: conjugate
/// gradients have won long before.
bool is_large(double n_atoms, int dimension)
{
  return n_atoms > (dimension == 3 ? 1.0e4 : 1.0e5);
}

}    // namespace

void check_converged(const SolveReport &report)
{
  if (report.converged) return;
  const double residual = *std::max_element(report.residual_c.begin(), report.residual_c.end());
  char finding[128];
  std::snprintf(finding, sizeof finding, "a residual of %.3g where %.3g is wanted; ", residual,
                report.tolerance);
  if (report.method == SolveMethod::direct)
    throw std::runtime_error(std::string("the direct solution leaves ") + finding +
                             "the Hessian is nearly singular; use a larger tolerance");
  throw std::runtime_error(std::to_string(report.iterations) + " iterations leave " + finding +
                           "use a larger maxiter, or a larger tolerance");
}

double expected_iteration_seconds(double n_columns, double n_atoms, double n_blocks, int dimension,
                                  int n_ranks)
{
  const double iterations = 30.0 + 11.5 * std::pow(n_atoms, 1.0 / dimension);
  const double groups = std::ceil(n_columns / most_vectors);
  return groups * iterations * 25.0e-9 * n_blocks / n_ranks;
}

bool prefers_direct(const CholeskyPlan &plan, double n_columns, double n_atoms, double n_blocks,
                    int dimension, int n_ranks)
{
  const double direct =
      plan.flops / 25.0e9 + n_columns * static_cast<double>(plan.factor_bytes) / 10.0e9;
  return direct < expected_iteration_seconds(n_columns, n_atoms, n_blocks, dimension, n_ranks);
}

LinearSolver::LinearSolver(const BlockMatrix &matrix, const SolveOptions &options,
                           const Communicator &communicator) :
    matrix_(matrix),
    options_(options), communicator_(communicator),
    n_translations_(options.translations ? options.dimension : 0), operator_(matrix, communicator)
{
  const auto n_atoms = static_cast<double>(matrix.layout.size());
  if (options.method == SolveMethod::direct ||
      (options.method == SolveMethod::automatic && !is_large(n_atoms, options.dimension))) {
    cholesky_ = std::make_unique<SparseCholesky>(matrix, n_translations_, communicator);
    const CholeskyPlan plan = cholesky_->plan();
    planned_flops_ = plan.flops;
    // What the first rank has counts; other ranks may be on other machines.
    const std::size_t available = communicator.all(options.available_bytes)[0];
    const bool fits = plan.bytes <= available;
    if (options.method == SolveMethod::direct && !fits)
      throw std::runtime_error("factorising the Hessian takes " +
                               std::to_string(plan.bytes / 1000000) + " MB, of which " +
                               std::to_string(available / 1000000) + " MB are available");
    const double n_blocks = communicator.sum(static_cast<double>(matrix.n_blocks()));
    if (options.method == SolveMethod::automatic &&
        !(fits && prefers_direct(plan, options.n_columns, n_atoms, n_blocks, options.dimension,
                                 communicator.size())))
      cholesky_.reset();
  }
  if (cholesky_)
    cholesky_->factorise();
  else
    jacobi_.emplace(matrix, n_translations_, communicator);
}

SolveResult LinearSolver::solve(const BlockVector &b)
{
  SolveResult result;
  if (cholesky_)
    result = solve_directly(b);
  else {
    IterationOptions options;
    options.tolerance = options_.tolerance;
    options.max_iterations = options_.max_iterations;
    options.progress = options_.progress;
    IterationResult iterated = block_cg(operator_, *jacobi_, b, options, communicator_);
    result.x = std::move(iterated.x);
    result.report.residual_c = std::move(iterated.residual_c);
    result.report.converged = iterated.converged;
    result.report.iterations = iterated.iterations;
  }
  result.report.method = method();
  result.report.tolerance = options_.tolerance;
  result.report.factor_flops = planned_flops_;
  return result;
}

void LinearSolver::check_unique()
{
  if (cholesky_) return;
  const TranslationFree space(matrix_.n_rows(), n_translations_, communicator_);
  BlockVector r(static_cast<Eigen::Index>(operator_.size()), 1);
  std::mt19937 random(static_cast<unsigned>(matrix_.layout.first(communicator_.rank())) + 1U);
  std::normal_distribution<double> normal;
  for (Eigen::Index k = 0; k < r.rows(); ++k)
    r(k, 0) = options_.dimension == 2 && k % 3 == 2 ? 0.0 : normal(random);
  space.remove_mean(r);
  const double tolerance = options_.tolerance;
  options_.tolerance = std::min(tolerance, 1.0e-10);
  const SolveResult solution = solve(operator_ * r);
  options_.tolerance = tolerance;
  check_converged(solution.report);
  // One direction of all holds some 1/sqrt(n) of r, and hardly ever less than a hundredth of that.
  const double n = 3.0 * static_cast<double>(matrix_.layout.size());
  const BlockVector difference = solution.x - r;
  if (space.norms(difference)[0] > 0.01 * space.norms(r)[0] / std::sqrt(n))
    throw NoMinimum("the Hessian has a direction of no stiffness beside uniform translations");
}

SolveResult LinearSolver::solve_directly(const BlockVector &b)
{
  SolveResult result;
  result.report.factor_bytes = cholesky_->factor_bytes();
  const TranslationFree space(matrix_.n_rows(), n_translations_, communicator_);
  const BlockVector right = space.project(b);
  const Eigen::VectorXd norm_c = space.norms(right);
  result.x = cholesky_->solve(right);
  // Holding an atom fixed makes the matrix worse conditioned than the problem is: refine what is
  // not well within the tolerance.
  for (;; ++result.report.iterations) {
    BlockVector residual = right - operator_ * result.x;
    space.remove_mean(residual);    // a matrix from differences leaves some
    const Eigen::VectorXd residual_norm_c = space.norms(residual);
    result.report.residual_c.clear();
    double largest = 0.0;
    for (Eigen::Index c = 0; c < b.cols(); ++c) {
      result.report.residual_c.push_back(norm_c[c] > 0.0 ? residual_norm_c[c] / norm_c[c] : 0.0);
      largest = std::max(largest, result.report.residual_c.back());
    }
    result.report.converged = largest <= options_.tolerance;
    if (result.report.iterations == most_refinements || largest <= 0.01 * options_.tolerance)
      return result;
    result.x += cholesky_->solve(residual);
  }
}

}    // namespace glass
