// Part of lammps-glass, GPL-2.0.

#include "dense_eigen.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

extern "C" {
// The trailing arguments are the lengths of the character arguments, as gfortran passes them.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info, std::size_t,
             std::size_t);
void dsyevr_(const char *jobz, const char *range, const char *uplo, const int *n, double *a,
             const int *lda, const double *vl, const double *vu, const int *il, const int *iu,
             const double *abstol, int *m, double *w, double *z, const int *ldz, int *isuppz,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info, std::size_t,
             std::size_t, std::size_t);
#ifdef GLASS_OPENBLAS
char *openblas_get_config();
int openblas_get_num_threads();
#endif
}

namespace glass {

namespace {

void check(int info, const char *routine)
{
  if (info != 0)
    throw std::runtime_error(std::string("LAPACK ") + routine +
                             " failed with info = " + std::to_string(info));
}

EigenPairs solve_divide_and_conquer(Eigen::MatrixXd &&matrix)
{
  const int n = static_cast<int>(matrix.rows());
  EigenPairs pairs{Eigen::VectorXd(n), std::move(matrix)};

  int info = 0, integer_size = 0, query = -1;
  double size = 0.0;
  dsyevd_("V", "L", &n, pairs.vector_np.data(), &n, pairs.value_p.data(), &size, &query,
          &integer_size, &query, &info, 1, 1);
  check(info, "dsyevd");
  const int work_size = static_cast<int>(size);
  std::vector<int> integer_work(integer_size);
  Eigen::VectorXd work(work_size);    // not initialised, unlike std::vector
  dsyevd_("V", "L", &n, pairs.vector_np.data(), &n, pairs.value_p.data(), work.data(), &work_size,
          integer_work.data(), &integer_size, &info, 1, 1);
  check(info, "dsyevd");
  return pairs;
}

EigenPairs solve_range(Eigen::MatrixXd &&matrix, const EigenvalueRange &range)
{
  const int n = static_cast<int>(matrix.rows());
  Eigen::MatrixXd consumed = std::move(matrix);
  EigenPairs pairs{Eigen::VectorXd(n), Eigen::MatrixXd(n, n)};

  const char *kind = range.all() ? "A" : "V";
  // Finite bounds in place of infinite ones: LAPACK subtracts them.
  const double bound = 2.0 * consumed.cwiseAbs().rowwise().sum().maxCoeff() + 1.0;
  const double low = std::max(range.low, -bound), high = std::min(range.high, bound);
  if (low >= high) return {Eigen::VectorXd(0), Eigen::MatrixXd(n, 0)};
  const int unused = 0;
  const double default_tolerance = 0.0;
  int found = 0, info = 0, integer_size = 0, query = -1;
  double size = 0.0;
  std::vector<int> support(2 * static_cast<std::size_t>(n));
  std::vector<double> work(1);
  std::vector<int> integer_work(1);
  const auto call = [&](double *work_data, const int *work_size, int *integer_data,
                        const int *integer_data_size) {
    dsyevr_("V", kind, "L", &n, consumed.data(), &n, &low, &high, &unused, &unused,
            &default_tolerance, &found, pairs.value_p.data(), pairs.vector_np.data(), &n,
            support.data(), work_data, work_size, integer_data, integer_data_size, &info, 1, 1, 1);
    check(info, "dsyevr");
  };
  call(&size, &query, &integer_size, &query);
  const int work_size = static_cast<int>(size);
  work.resize(work_size);
  integer_work.resize(integer_size);
  call(work.data(), &work_size, integer_work.data(), &integer_size);

  pairs.value_p.conservativeResize(found);
  pairs.vector_np.conservativeResize(n, found);
  return pairs;
}

}    // namespace

DensePlan plan_dense(std::size_t n, const EigenvalueRange &range, std::size_t available)
{
  const std::size_t matrix = 8 * n * n;
  const std::size_t work_length = 1 + 6 * n + 2 * n * n;
  const std::size_t divide_and_conquer = matrix + 8 * work_length + 4 * (3 + 5 * n) + 8 * n;
  const std::size_t bisection = 2 * matrix + 8 * 40 * n;
  const bool addressable = work_length <= static_cast<std::size_t>(std::numeric_limits<int>::max());
  if (range.all() && addressable && divide_and_conquer <= available)
    return {"dsyevd", divide_and_conquer};
  return {"dsyevr", bisection};
}

EigenPairs solve_dense(Eigen::MatrixXd &&matrix, const EigenvalueRange &range,
                       const DensePlan &plan)
{
  if (matrix.rows() != matrix.cols())
    throw std::invalid_argument("the matrix of an eigenproblem must be square");
  if (!matrix.allFinite())
    throw std::invalid_argument("the matrix of an eigenproblem has an element that is no number");
  if (matrix.rows() == 0) return {};
  if (plan.routine == "dsyevd") return solve_divide_and_conquer(std::move(matrix));
  return solve_range(std::move(matrix), range);
}

std::string linear_algebra_library()
{
#ifdef GLASS_OPENBLAS
  return openblas_get_config();
#else
  return "the system's LAPACK";
#endif
}

int linear_algebra_threads()
{
#ifdef GLASS_OPENBLAS
  return openblas_get_num_threads();
#else
  return 1;
#endif
}

}    // namespace glass
