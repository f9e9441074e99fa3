// Part of lammps-glass, GPL-2.0.

#include "block_cg.h"

#include "no_minimum.h"
#include "translation_free.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace glass {

namespace {

// Atoms that a pass over vectors takes at a time: few enough to stay in the fastest cache from one
// step of the pass to the next.
constexpr std::size_t atoms_a_pass = 32;

constexpr int most_restarts = 4;

// A direction is dropped when it has this share of the longest one left, which is rounding.
constexpr double vanished = 1.0e-13;

void sum_over_ranks(SmallMatrix &m, const Communicator &communicator)
{
  communicator.sum_in_place(m.data(), static_cast<int>(m.size()));
}

SmallMatrix symmetric(const SmallMatrix &m)
{
  return 0.5 * (m + m.transpose());
}

/// One run of the recurrence, for at most eight columns. Vectors are in the scaled variables; k is
/// the number of directions, which only shrinks. Products of vectors are summed over ranks in the
/// same order everywhere, so that all ranks take the same decisions.
class Recurrence {
 public:
  Recurrence(BlockOperator &a, const BlockJacobi &jacobi, const Communicator &communicator) :
      a_(a), jacobi_(jacobi), communicator_(communicator)
  {
  }

  /// Begins with x = 0 and the residual b, of any length of columns.
  void begin(const BlockVector &b)
  {
    s_ = static_cast<int>(b.cols());
    k_ = s_;
    for (auto *v : {&q_, &p_, &z_, &x_})
      v->resize(3 * jacobi_.n_atoms() * s_);
    work_.resize(q_.size());
    std::copy_n(b.data(), q_.size(), q_.data());
    std::fill(x_.begin(), x_.end(), 0.0);
    std::fill(p_.begin(), p_.end(), 0.0);
    SmallMatrix gram = SmallMatrix::Zero(k_, k_), shadow = no_shadow();
    for_each_pass([&](std::size_t first, std::size_t n) {
      jacobi_.solve_lower(first, n, k_, at(q_, first));
      add_gram(at(q_, first), at(q_, first), rows(n), gram);
      jacobi_.add_shadow(first, n, k_, at(q_, first), shadow);
    });
    c_ = orthonormalise(gram, shadow, SmallMatrix::Zero(0, 0));
  }

  /// Directions left; none when the residual has vanished.
  int size() const { return k_; }

  /// One product with the matrix and what follows from it.
  void step()
  {
    a_.apply(work_.data(), z_.data(), k_);    // work = L^-T P since the last orthonormalise()
    SmallMatrix energy = SmallMatrix::Zero(k_, k_);
    for_each_pass([&](std::size_t first, std::size_t n) {
      jacobi_.solve_lower(first, n, k_, at(z_, first));
      add_gram(at(p_, first), at(z_, first), rows(n), energy);
    });
    sum_over_ranks(energy, communicator_);
    const Eigen::LLT<SmallMatrix> factor(symmetric(energy));
    if (factor.info() != Eigen::Success)
      throw NoMinimum("the Hessian has an unstable direction (negative curvature met)");
    const SmallMatrix g = factor.solve(SmallMatrix::Identity(k_, k_));
    const SmallMatrix gc = g * c_, minus_g = -g;

    SmallMatrix gram = SmallMatrix::Zero(k_, k_), shadow = no_shadow();
    for_each_pass([&](std::size_t first, std::size_t n) {
      add_times(at(p_, first), gc, rows(n), x_.data() + 3 * first * s_);
      double *q = at(q_, first);
      add_times(at(z_, first), minus_g, rows(n), q);
      add_gram(q, q, rows(n), gram);
      jacobi_.add_shadow(first, n, k_, q, shadow);
    });
    const SmallMatrix old_c = c_;
    c_ = orthonormalise(gram, shadow, old_c);
  }

  /// Norms of the residuals' columns, in scaled variables.
  Eigen::VectorXd scaled_norm_c() const { return c_.colwise().norm().transpose(); }

  /// Norms of the residuals' columns L Q C, in those of the problem. Collective.
  Eigen::VectorXd norm_c() const
  {
    SmallMatrix gram = SmallMatrix::Zero(k_, k_);
    for_each_pass([&](std::size_t first, std::size_t n) {
      jacobi_.add_unscaled_gram(first, n, k_, q_.data() + 3 * first * k_, gram);
    });
    sum_over_ranks(gram, communicator_);
    return (c_.transpose() * gram * c_).diagonal().cwiseMax(0.0).cwiseSqrt();
  }

  /// The solution so far in the variables of the problem.
  BlockVector solution() const
  {
    BlockVector x(3 * jacobi_.n_atoms(), s_);
    jacobi_.solve_upper(0, jacobi_.n_atoms(), s_, x_.data(), x.data());
    return x;
  }

 private:
  template <typename Pass> void for_each_pass(Pass &&pass) const
  {
    for (std::size_t first = 0; first < jacobi_.n_atoms(); first += atoms_a_pass)
      pass(first, std::min(atoms_a_pass, jacobi_.n_atoms() - first));
  }

  double *at(std::vector<double> &v, std::size_t atom) const { return v.data() + 3 * atom * k_; }
  static Eigen::Index rows(std::size_t atoms) { return static_cast<Eigen::Index>(3 * atoms); }
  SmallMatrix no_shadow() const { return SmallMatrix::Zero(jacobi_.n_translations(), k_); }

  /// Q S = W for the block W in q_, whose Gram matrix and shadow (this rank's parts) are given;
  /// Q replaces W, P becomes Q + P S^T, and S C is returned (S if C is empty).
  ///
  /// Rounding makes W drift along the null vectors, and the recurrence lets that grow relative to
  /// the shrinking residual; it is removed every time, as a precaution that costs next to nothing
  /// (glasses of 13,500 atoms converge to 1e-13 without). The directions of the Gram matrix's
  /// eigenvectors are then orthogonalised once more, from the longest to the shortest: eigenvectors
  /// of small eigenvalues carry an error of the size of the roundoff along the long ones.
  SmallMatrix orthonormalise(SmallMatrix gram, SmallMatrix shadow, const SmallMatrix &c)
  {
    sum_over_ranks(gram, communicator_);
    sum_over_ranks(shadow, communicator_);
    const SmallMatrix null_factors = jacobi_.null_factors(shadow);
    gram = symmetric(gram - shadow.transpose() * null_factors);
    const Eigen::SelfAdjointEigenSolver<SmallMatrix> eigen(gram);
    const double largest = eigen.eigenvalues().maxCoeff();
    if (!(largest > 0.0)) return drop_all();

    // Longest first, at about unit length.
    SmallMatrix v = eigen.eigenvectors().rowwise().reverse();
    Eigen::VectorXd scale = eigen.eigenvalues().reverse().cwiseMax(1.0e-15 * largest);
    scale = scale.cwiseSqrt().cwiseInverse();
    const SmallMatrix v_scaled = v * scale.asDiagonal();
    SmallMatrix y_gram = SmallMatrix::Zero(k_, k_);
    for_each_pass([&](std::size_t first, std::size_t n) {
      jacobi_.remove_null(first, n, k_, null_factors, at(q_, first));
      double *y = at(z_, first);
      std::fill_n(y, rows(n) * k_, 0.0);
      add_times(at(q_, first), v_scaled, rows(n), y);
      add_gram(y, y, rows(n), y_gram);
    });
    sum_over_ranks(y_gram, communicator_);

    // Columns of m make Q from Y, rows of t make W from Q: W = Q t V^T.
    SmallMatrix m = SmallMatrix::Zero(k_, k_), t = SmallMatrix::Zero(k_, k_);
    int kept = 0;
    for (int a = 0; a < k_; ++a) {
      const double length = std::sqrt(y_gram(a, a));
      if (!(length / scale[a] > vanished * std::sqrt(largest))) continue;
      Eigen::VectorXd column = Eigen::VectorXd::Unit(k_, a);
      for (int pass = 0; pass < 2; ++pass)
        for (int e = 0; e < kept; ++e) {
          const double overlap = m.col(e).dot(y_gram * column);
          column -= overlap * m.col(e);
        }
      const double rest = std::sqrt(std::max(0.0, column.dot(y_gram * column)));
      if (!(rest > 1.0e-6 * length)) continue;
      m.col(kept++) = column / rest;
    }
    if (kept == 0) return drop_all();
    m = SmallMatrix(m.leftCols(kept));
    t = m.transpose() * y_gram * scale.cwiseInverse().asDiagonal();
    const SmallMatrix s = t * v.transpose();

    // P of the next iteration, and L^-T P for the product with the matrix.
    const SmallMatrix s_transposed = s.transpose();
    const bool first_time = c.size() == 0;
    std::vector<double> p_part;
    for_each_pass([&](std::size_t first, std::size_t n) {
      const auto length = static_cast<std::size_t>(rows(n) * kept);
      p_part.assign(length, 0.0);
      add_times(at(z_, first), m, rows(n), p_part.data());
      std::copy_n(p_part.data(), length, q_.data() + 3 * first * kept);
      if (!first_time) add_times(at(p_, first), s_transposed, rows(n), p_part.data());
      std::copy_n(p_part.data(), length, p_.data() + 3 * first * kept);
      jacobi_.solve_upper(first, n, kept, p_part.data(), work_.data() + 3 * first * kept);
    });
    k_ = kept;
    return first_time ? s : SmallMatrix(s * c);
  }

  SmallMatrix drop_all()
  {
    k_ = 0;
    return SmallMatrix::Zero(0, s_);
  }

  BlockOperator &a_;
  const BlockJacobi &jacobi_;
  const Communicator &communicator_;
  int s_ = 0, k_ = 0;
  std::vector<double> q_, p_, z_, work_;    ///< 3 n_atoms x k
  std::vector<double> x_;                   ///< 3 n_atoms x s
  SmallMatrix c_;                           ///< residual = Q C
};

}    // namespace

IterationResult block_cg(BlockOperator &a, const BlockJacobi &jacobi, const BlockVector &b,
                         const IterationOptions &options, const Communicator &communicator)
{
  const auto s = static_cast<int>(b.cols());
  const TranslationFree space(jacobi.n_atoms(), jacobi.n_translations(), communicator);
  const BlockVector right = space.project(b);
  const Eigen::VectorXd right_norm_c = space.norms(right);

  IterationResult result;
  result.x = BlockVector::Zero(b.rows(), s);
  result.residual_c.assign(s, 0.0);
  BlockVector residual = right;
  Eigen::VectorXd norm_c = right_norm_c;
  Recurrence recurrence(a, jacobi, communicator);
  for (int start = 0;; ++start) {
    std::vector<int> open;
    for (int c = 0; c < s; ++c) {
      result.residual_c[c] = right_norm_c[c] > 0.0 ? norm_c[c] / right_norm_c[c] : 0.0;
      if (!(result.residual_c[c] <= options.tolerance)) open.push_back(c);
    }
    result.converged = open.empty();
    if (open.empty() || start > most_restarts || result.iterations >= options.max_iterations)
      return result;

    for (std::size_t begin = 0; begin < open.size(); begin += most_vectors) {
      const int width = static_cast<int>(std::min<std::size_t>(most_vectors, open.size() - begin));
      BlockVector part(b.rows(), width);
      Eigen::VectorXd target_c(width);
      for (int c = 0; c < width; ++c) {
        const int column = open[begin + c];
        part.col(c) = residual.col(column) / norm_c[column];
        // Somewhat below the tolerance, as the recurrence's residual is not quite the true one.
        target_c[c] = 0.8 * options.tolerance * right_norm_c[column] / norm_c[column];
      }
      recurrence.begin(part);
      const Eigen::VectorXd first_norm_c = recurrence.scaled_norm_c();
      while (recurrence.size() > 0 && result.iterations < options.max_iterations) {
        recurrence.step();
        ++result.iterations;
        if (recurrence.size() == 0) break;
        const Eigen::ArrayXd estimate_c =
            (recurrence.scaled_norm_c().array() / first_norm_c.array()) / target_c.array();
        if (options.progress && result.iterations % options.progress_every == 0)
          options.progress(result.iterations, estimate_c.maxCoeff() * options.tolerance);
        // The two norms differ by no more than the stiffness of atoms does.
        if (estimate_c.maxCoeff() < 30.0 && (recurrence.norm_c().array() <= target_c.array()).all())
          break;
      }
      const BlockVector correction = recurrence.solution();
      for (int c = 0; c < width; ++c)
        result.x.col(open[begin + c]) += correction.col(c) * norm_c[open[begin + c]];
    }
    space.remove_mean(result.x);
    residual = right - a * result.x;
    space.remove_mean(residual);
    norm_c = space.norms(residual);
  }
}

}    // namespace glass
