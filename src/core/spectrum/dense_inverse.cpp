// Part of lammps-glass, GPL-2.0.

#include "dense_inverse.h"

#include "dense_eigen.h"
#include "no_minimum.h"

#include <random>
#include <string>
#include <utility>

extern "C" {
// The trailing argument is the length of the character argument, as gfortran passes it.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, std::size_t);
void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda,
             double *b, const int *ldb, int *info, std::size_t);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info, std::size_t);
#ifdef GLASS_OPENBLAS
int openblas_get_num_threads();
#endif
}

namespace glass {

namespace {

// Below this ratio of squared pivots the smallest may be rounding.
constexpr double singular_ratio = 1.0e-12;

// Of the mean eigenvalue: what is stiffer than this is a mode.
constexpr double zero_stiffness = 1.0e-10;

// Random vectors that the lowest eigenvalue is looked for with.
constexpr int n_probes = 4;

// Columns that are mirrored together, so that their rows stay in the cache.
constexpr Eigen::Index tile = 32;

void mirror_lower(Eigen::MatrixXd &matrix_nn)
{
  const Eigen::Index n = matrix_nn.rows();
  for (Eigen::Index j = 0; j < n; j += tile)
    for (Eigen::Index i = j; i < n; i += tile)
      for (Eigen::Index column = j; column < std::min(n, j + tile); ++column)
        for (Eigen::Index row = std::max(i, column + 1); row < std::min(n, i + tile); ++row)
          matrix_nn(column, row) = matrix_nn(row, column);
}

/// Whether the lower triangle now holds the Cholesky factor of a matrix whose lowest eigenvalue is
/// above the floor. Below it, random vectors turn into its eigenvector when the inverse is applied.
bool factorise(Eigen::MatrixXd &matrix_nn, double floor)
{
  const int n = static_cast<int>(matrix_nn.rows());
  int info = 0;
  dpotrf_("L", &n, matrix_nn.data(), &n, &info, 1);
  if (info != 0) return false;
  const auto pivots = matrix_nn.diagonal().cwiseAbs2();
  if (!(pivots.minCoeff() > singular_ratio * pivots.maxCoeff())) return false;
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  const Eigen::MatrixXd probe =
      Eigen::MatrixXd::NullaryExpr(n, n_probes, [&]() { return normal(random); });
  Eigen::MatrixXd response = probe;
  dpotrs_("L", &n, &n_probes, matrix_nn.data(), &n, response.data(), &n, &info, 1);
  const Eigen::VectorXd stiffness =
      response.cwiseProduct(probe).colwise().sum().cwiseQuotient(response.colwise().squaredNorm());
  return info == 0 && stiffness.minCoeff() > floor;
}

DenseInverse invert_by_modes(Eigen::MatrixXd &&matrix_nn, double floor, std::size_t available_bytes)
{
  const auto n = static_cast<std::size_t>(matrix_nn.rows());
  const DensePlan plan = plan_dense(n, {}, available_bytes);
  const EigenPairs modes = solve_dense(std::move(matrix_nn), {}, plan);
  if (modes.value_p[0] < -floor)
    throw NoMinimum("the Hessian has a negative eigenvalue", modes.value_p[0]);
  DenseInverse result;
  const Eigen::Index n_zero = (modes.value_p.array() <= floor).count(),
                     kept = modes.value_p.size() - n_zero;
  result.zero_mode_nz = modes.vector_np.leftCols(n_zero);    // eigenvalues ascend
  const Eigen::MatrixXd scaled = modes.vector_np.rightCols(kept) *
                                 modes.value_p.tail(kept).cwiseSqrt().cwiseInverse().asDiagonal();
  result.inverse_nn = scaled * scaled.transpose();
  return result;
}

}    // namespace

std::size_t dense_inverse_bytes(std::size_t n)
{
  std::size_t buffers = 0;
#ifdef GLASS_OPENBLAS
  // Without them it waits for memory for ever.
  buffers = (std::size_t{1} << 27U) * static_cast<std::size_t>(openblas_get_num_threads());
#endif
  return 8 * n * n + buffers;
}

DenseInverse invert_stiffness(Eigen::MatrixXd &&matrix_nn, double floor,
                              std::size_t available_bytes)
{
  DenseInverse result;
  if (matrix_nn.rows() == 0) return result;
  const Eigen::VectorXd diagonal = matrix_nn.diagonal();
  floor = std::max(floor, zero_stiffness * diagonal.cwiseAbs().mean());
  if (!factorise(matrix_nn, floor)) {
    // What is above the diagonal is still that of the matrix.
    matrix_nn.diagonal() = diagonal;
    matrix_nn.triangularView<Eigen::StrictlyLower>() = matrix_nn.transpose();
    return invert_by_modes(std::move(matrix_nn), floor, available_bytes);
  }
  result.inverse_nn = std::move(matrix_nn);
  result.zero_mode_nz.resize(result.inverse_nn.rows(), 0);
  const int n = static_cast<int>(result.inverse_nn.rows());
  int info = 0;
  dpotri_("L", &n, result.inverse_nn.data(), &n, &info, 1);
  if (info != 0)
    throw std::runtime_error("LAPACK dpotri failed with info = " + std::to_string(info));
  mirror_lower(result.inverse_nn);
  return result;
}

}    // namespace glass
