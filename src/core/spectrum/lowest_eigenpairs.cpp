// Part of lammps-glass, GPL-2.0.

#include "lowest_eigenpairs.h"

#include <Spectra/SymEigsSolver.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>

namespace glass {

namespace {

// Of the residual, relative to a bound of the spectrum; rounding leaves about this, too.
constexpr double tolerance = 1.0e-13;
constexpr int most_restarts = 2000;

/// Less than the space, which a Krylov space must not exhaust.
Eigen::Index basis_size(Eigen::Index n_modes, int n)
{
  return std::clamp<Eigen::Index>(4 * n_modes / 5, n + 1, std::max(2 * n + 20, n + 100));
}

/// D - bound, with what is not wanted moved to the upper end of the spectrum of D, as Spectra sees
/// it: on whole vectors, which all ranks hold alike. The shift makes the tolerance relative to the
/// bound, not to eigenvalues near zero.
class LiftedOperator {
 public:
  using Scalar = double;

  LiftedOperator(DynamicalMatrix &matrix, double bound, const std::function<void(int)> &progress) :
      matrix_(matrix), bound_(bound), progress_(progress)
  {
    const RowLayout &layout = matrix.matrix().layout;
    first_ = 3 * layout.first(matrix.communicator().rank());
    n_ = 3 * layout.size();
    lifted_np_.resize(static_cast<Eigen::Index>(matrix.size()), 0);
  }

  Eigen::Index rows() const { return n_; }
  Eigen::Index cols() const { return n_; }
  Eigen::Index n_modes() const { return matrix_.n_modes(); }
  int n_products() const { return n_products_; }

  /// Also lifts eigenpairs.
  void lift(const Eigen::VectorXd &value_p, const BlockVector &vector_np)
  {
    value_p_ = value_p;
    lifted_np_ = vector_np;
  }

  void perform_op(const double *x, double *y) const
  {
    const auto count = static_cast<Eigen::Index>(matrix_.size());
    const BlockVector own = Eigen::Map<const Eigen::VectorXd>(x + first_, count);
    BlockVector wanted = own, product(count, 1);
    matrix_.project(wanted);
    matrix_.apply(wanted.data(), product.data(), 1);
    Eigen::VectorXd result = product - bound_ * wanted;
    if (value_p_.size() > 0) {
      Eigen::VectorXd overlap_p = lifted_np_.transpose() * wanted;
      matrix_.communicator().sum_in_place(overlap_p.data(), static_cast<int>(overlap_p.size()));
      result += lifted_np_ * (bound_ - value_p_.array()).matrix().cwiseProduct(overlap_p);
    }
    const std::vector<double> whole = matrix_.communicator().gather_on_all(
        std::vector<double>(result.data(), result.data() + count));
    std::copy(whole.begin(), whole.end(), y);
    progress_(++n_products_);
  }

  /// Own rows of whole vectors.
  BlockVector own_rows(const Eigen::MatrixXd &whole_np) const
  {
    return whole_np.middleRows(first_, static_cast<Eigen::Index>(matrix_.size()));
  }

 private:
  DynamicalMatrix &matrix_;
  double bound_;
  const std::function<void(int)> &progress_;
  Eigen::Index first_ = 0, n_ = 0;
  Eigen::VectorXd value_p_;    ///< of what is lifted
  BlockVector lifted_np_;
  mutable int n_products_ = 0;
};

/// The n lowest pairs of the operator, ascending, as far as they are those of D.
void search(LiftedOperator &lifted, int n, double bound, unsigned seed, LowestEigenPairs &found)
{
  Spectra::SymEigsSolver<LiftedOperator> lanczos(lifted, n, basis_size(lifted.n_modes(), n));
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> between(-0.5, 0.5);
  const Eigen::VectorXd start =
      Eigen::VectorXd::NullaryExpr(lifted.rows(), [&]() { return between(random); });
  bool converged = false;
  try {
    lanczos.init(start.data());
    lanczos.compute(Spectra::SortRule::SmallestAlge, most_restarts, tolerance,
                    Spectra::SortRule::SmallestAlge);
    converged = lanczos.info() == Spectra::CompInfo::Successful;
  } catch (const std::runtime_error &) {
    // Of its small eigenproblem; told as below.
  }
  if (!converged)
    throw std::runtime_error("the " + std::to_string(n) +
                             " lowest modes have not converged after " +
                             std::to_string(lifted.n_products()) +
                             " products; ask for more or fewer of them, or for all");
  found.value_p = lanczos.eigenvalues().array() + bound;
  found.vector_np = lifted.own_rows(lanczos.eigenvectors());
}

/// Puts further pairs among those at hand and keeps the n lowest of all.
void merge(const LowestEigenPairs &further, int n_further, LowestEigenPairs &pairs)
{
  const Eigen::Index n = pairs.value_p.size();
  Eigen::VectorXd value_p(n + n_further);
  value_p << pairs.value_p, further.value_p.head(n_further);
  BlockVector vector_np(pairs.vector_np.rows(), n + n_further);
  vector_np << pairs.vector_np, further.vector_np.leftCols(n_further);
  std::vector<Eigen::Index> order(static_cast<std::size_t>(n + n_further));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return value_p[a] < value_p[b]; });
  for (Eigen::Index p = 0; p < n; ++p) {
    pairs.value_p[p] = value_p[order[p]];
    pairs.vector_np.col(p) = vector_np.col(order[p]);
  }
}

}    // namespace

std::size_t bytes_of_lowest(Eigen::Index n_atoms, int n)
{
  const auto rows = static_cast<std::size_t>(3 * n_atoms);
  // The basis, Spectra's copy of the wanted vectors, and those that are kept.
  return sizeof(double) * rows *
         static_cast<std::size_t>(2 * basis_size(3 * n_atoms, n) + 2 * n + 6);
}

LowestEigenPairs lowest_eigenpairs(DynamicalMatrix &matrix, int n,
                                   const std::function<void(int)> &progress)
{
  if (n < 1 || n > matrix.n_modes() / 2)
    throw std::invalid_argument("of " + std::to_string(matrix.n_modes()) +
                                " modes, half can be asked for as the lowest ones, not " +
                                std::to_string(n));
  LowestEigenPairs pairs;
  pairs.bound = largest_row_sum(matrix.matrix(), matrix.dimension(), matrix.communicator());
  LiftedOperator lifted(matrix, pairs.bound, progress);
  unsigned seed = 1;
  search(lifted, n, pairs.bound, seed, pairs);

  // From another start, so that another copy of what is degenerate is met.
  const int n_further = std::max(1, n / 8);
  const double rounding = 1.0e-12 * pairs.bound;
  for (int n_lower = 1; n_lower > 0;) {
    lifted.lift(pairs.value_p, pairs.vector_np);
    LowestEigenPairs further;
    search(lifted, n_further, pairs.bound, ++seed, further);
    n_lower = static_cast<int>((further.value_p.array() < pairs.value_p[n - 1] - rounding).count());
    merge(further, n_lower, pairs);
    pairs.n_missed += n_lower;
  }

  // Rayleigh quotients: their errors are of second order, while those of Spectra grow with
  // restarts.
  BlockVector product(static_cast<Eigen::Index>(matrix.size()), n);
  matrix.apply(pairs.vector_np.data(), product.data(), n);
  pairs.value_p = column_dots(pairs.vector_np, product, matrix.communicator());
  const BlockVector residual = product - pairs.vector_np * pairs.value_p.asDiagonal();
  pairs.largest_residual =
      std::sqrt(column_dots(residual, residual, matrix.communicator()).maxCoeff());
  pairs.n_products = lifted.n_products();
  return pairs;
}

}    // namespace glass
