// Part of lammps-glass, GPL-2.0.

#include "lowest_modes.h"

#include "translation_free.h"

#include <Spectra/SymEigsSolver.h>

namespace glass {

namespace {

constexpr double eigenvalue_tolerance = 1.0e-11;
constexpr int most_restarts = 300;

/// The inverse of the matrix as Spectra sees it: on whole vectors, which all ranks hold alike.
class InverseOperator {
 public:
  using Scalar = double;

  InverseOperator(LinearSolver &solver, const RowLayout &layout, int dimension,
                  const Communicator &communicator) :
      solver_(solver),
      first_(static_cast<Eigen::Index>(3 * layout.first(communicator.rank()))),
      count_(static_cast<Eigen::Index>(3 * layout.count(communicator.rank()))),
      n_(static_cast<Eigen::Index>(3 * layout.size())), dimension_(dimension),
      communicator_(communicator)
  {
  }

  Eigen::Index rows() const { return n_; }
  Eigen::Index cols() const { return n_; }

  void perform_op(const double *x, double *y) const
  {
    BlockVector right = Eigen::Map<const Eigen::VectorXd>(x + first_, count_);
    confine(right);
    SolveResult solution = solver_.solve(right);
    check_converged(solution.report);
    confine(solution.x);
    const std::vector<double> whole = communicator_.gather_on_all(
        std::vector<double>(solution.x.data(), solution.x.data() + count_));
    std::copy(whole.begin(), whole.end(), y);
  }

 private:
  /// The z components of a planar matrix are no degrees of freedom.
  void confine(BlockVector &v) const
  {
    for (Eigen::Index r = 2; r < v.rows() && dimension_ == 2; r += 3)
      v(r, 0) = 0.0;
  }

  LinearSolver &solver_;
  Eigen::Index first_, count_, n_;
  int dimension_;
  const Communicator &communicator_;
};

}    // namespace

PartialEigenPairs lowest_modes(LinearSolver &solver, const BlockMatrix &matrix, int dimension,
                               int n, const Communicator &communicator)
{
  const auto degrees = static_cast<Eigen::Index>(dimension * (matrix.layout.size() - 1));
  if (n < 1 || n >= degrees)
    throw std::invalid_argument("of " + std::to_string(degrees) +
                                " modes, at least 1 and at most " + std::to_string(degrees - 1) +
                                " can be asked for, not " + std::to_string(n));
  InverseOperator inverse(solver, matrix.layout, dimension, communicator);
  const Eigen::Index n_basis = std::min<Eigen::Index>(degrees, std::max(2 * n + 1, 20));
  Spectra::SymEigsSolver<InverseOperator> lanczos(inverse, n, n_basis);
  lanczos.init();
  lanczos.compute(Spectra::SortRule::LargestMagn, most_restarts, eigenvalue_tolerance);
  if (lanczos.info() != Spectra::CompInfo::Successful)
    throw std::runtime_error("the lowest " + std::to_string(n) +
                             " normal modes have not converged; ask for fewer or more of them");

  PartialEigenPairs result;
  result.value_p = lanczos.eigenvalues().cwiseInverse();    // the largest come first
  const auto first = static_cast<Eigen::Index>(3 * matrix.layout.first(communicator.rank()));
  const auto count = static_cast<Eigen::Index>(3 * matrix.layout.count(communicator.rank()));
  result.vector_np = lanczos.eigenvectors().middleRows(first, count);
  BlockOperator product(matrix, communicator);
  const BlockVector e = result.vector_np;
  const BlockVector residual = product * e - BlockVector(e * result.value_p.asDiagonal());
  const TranslationFree space(matrix.n_rows(), 0, communicator);
  result.largest_residual = space.norms(residual).cwiseQuotient(result.value_p).maxCoeff();
  return result;
}

}    // namespace glass
