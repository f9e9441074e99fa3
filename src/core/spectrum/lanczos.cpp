// Part of lammps-glass, GPL-2.0.

#include "lanczos.h"

#include <algorithm>
#include <cmath>

namespace glass {

namespace {

// A coupling this much smaller than the matrix is rounding: the Krylov space is exhausted.
constexpr double exhausted = 1.0e-13;

// What rounding adds of uniform translations grows from step to step, until T has their eigenvalue.
constexpr int steps_between_projections = 8;

/// The number of eigenvalues of T below x, by Sturm's sequence.
int count_below(const Tridiagonal &t, double x, double tiny)
{
  int n = 0;
  double pivot = 1.0;
  for (int k = 0; k < t.size(); ++k) {
    const double coupling = k > 0 ? t.beta_k[k - 1] : 0.0;
    pivot = t.alpha_k[k] - x - coupling * coupling / pivot;
    if (std::abs(pivot) < tiny) pivot = -tiny;
    n += pivot < 0.0;
  }
  return n;
}

}    // namespace

Lanczos::Lanczos(DynamicalMatrix &matrix, const BlockVector &start) :
    matrix_(matrix), previous_(BlockVector::Zero(start.rows(), start.cols())), current_(start),
    next_(start.rows(), start.cols()), tridiagonal_c_(start.cols()),
    beta_c_(Eigen::VectorXd::Ones(start.cols())), largest_c_(start.cols(), 0.0)
{
  const Eigen::VectorXd norm_squared_c = column_dots(start, start, matrix.communicator());
  for (Eigen::Index c = 0; c < start.cols(); ++c) {
    tridiagonal_c_[c].norm_squared = norm_squared_c[c];
    if (norm_squared_c[c] > 0.0)
      current_.col(c) /= std::sqrt(norm_squared_c[c]);
    else
      beta_c_[c] = 0.0;
  }
}

void Lanczos::advance(int n)
{
  const Communicator &communicator = matrix_.communicator();
  const Eigen::Index s = current_.cols();
  for (int step = 0; step < n && beta_c_.any(); ++step, ++steps_) {
    if (steps_ % steps_between_projections == 0) {
      matrix_.project(previous_);
      matrix_.project(current_);
    }
    matrix_.apply(current_.data(), next_.data(), static_cast<int>(s));
    // The coupling to the vector before, which is zero in the first step.
    Eigen::RowVectorXd coupling_c(s);
    for (Eigen::Index c = 0; c < s; ++c)
      coupling_c[c] = tridiagonal_c_[c].beta_k.empty() ? 0.0 : beta_c_[c];
    for (Eigen::Index i = 0; i < next_.rows(); ++i)
      next_.row(i) -= previous_.row(i).cwiseProduct(coupling_c);
    const Eigen::VectorXd alpha_c = column_dots(next_, current_, communicator);
    for (Eigen::Index i = 0; i < next_.rows(); ++i)
      next_.row(i) -= current_.row(i).cwiseProduct(alpha_c.transpose());
    const Eigen::VectorXd norm_squared_c = column_dots(next_, next_, communicator);

    Eigen::RowVectorXd scale_c = Eigen::RowVectorXd::Zero(s);
    for (Eigen::Index c = 0; c < s; ++c) {
      if (beta_c_[c] == 0.0) continue;
      double beta = std::sqrt(norm_squared_c[c]);
      largest_c_[c] = std::max(largest_c_[c], std::abs(alpha_c[c]) + beta);
      if (beta <= exhausted * largest_c_[c]) beta = 0.0;
      tridiagonal_c_[c].alpha_k.push_back(alpha_c[c]);
      tridiagonal_c_[c].beta_k.push_back(beta);
      beta_c_[c] = beta;
      if (beta > 0.0) scale_c[c] = 1.0 / beta;
    }
    for (Eigen::Index i = 0; i < next_.rows(); ++i)
      next_.row(i) = next_.row(i).cwiseProduct(scale_c);
    previous_.swap(current_);
    current_.swap(next_);
  }
}

std::size_t Lanczos::bytes() const
{
  std::size_t numbers = 3 * static_cast<std::size_t>(current_.size());
  for (const Tridiagonal &t : tridiagonal_c_)
    numbers += t.alpha_k.size() + t.beta_k.size();
  return numbers * sizeof(double);
}

ResolventElement resolvent(const Tridiagonal &t, std::complex<double> z)
{
  ResolventElement element;
  const int n = t.size();
  if (n == 0) return element;
  // pivot_k = alpha_k - z - beta_k^2/pivot_(k+1); e_n.(T - z)^-1 e_1 is the product of the betas
  // over that of all pivots, up to its sign.
  std::complex<double> pivot = t.alpha_k[n - 1] - z;
  double residual = t.beta_k[n - 1] / std::abs(pivot);
  for (int k = n - 2; k >= 0; --k) {
    pivot = t.alpha_k[k] - z - t.beta_k[k] * t.beta_k[k] / pivot;
    residual *= t.beta_k[k] / std::abs(pivot);
  }
  element.value = 1.0 / pivot;
  element.residual_squared = residual * residual;
  return element;
}

SpectralRange ritz_range(const Tridiagonal &t)
{
  // Gershgorin, then bisection.
  double low = t.alpha_k[0], high = t.alpha_k[0];
  for (int k = 0; k < t.size(); ++k) {
    const double radius = (k > 0 ? t.beta_k[k - 1] : 0.0) + (k + 1 < t.size() ? t.beta_k[k] : 0.0);
    low = std::min(low, t.alpha_k[k] - radius);
    high = std::max(high, t.alpha_k[k] + radius);
  }
  const double scale = std::max({std::abs(low), std::abs(high), 1.0e-300});
  const double tiny = 1.0e-300 + 1.0e-30 * scale;
  const auto bisect = [&](int n_below) {
    double a = low - 1.0e-12 * scale, b = high + 1.0e-12 * scale;
    while (b - a > 1.0e-15 * scale) {
      const double middle = 0.5 * (a + b);
      if (middle <= a || middle >= b) break;
      (count_below(t, middle, tiny) > n_below ? b : a) = middle;
    }
    return 0.5 * (a + b);
  };
  return {bisect(0), bisect(t.size() - 1)};
}

}    // namespace glass
