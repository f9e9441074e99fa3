// Part of lammps-glass, GPL-2.0.

#include "chebyshev.h"

#include "../vector_clones.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace glass {

namespace {

constexpr int steps_to_bounds = 100;
constexpr double safety_margin = 0.01;    // of the width, on either side

/// One step of the recurrence and its dots in one pass over the vectors.
struct Step {
  std::size_t n_rows;
  int width;
  double centre, factor;    ///< next = factor (product - centre current) - previous
  const double *product, *current;
  double *previous;            ///< becomes next
  double *self_c, *cross_c;    ///< next.next and next.current are added here
};

template <int s> GLASS_INLINE void advance_by(const Step &step)
{
  double self[s] = {}, cross[s] = {};
  for (std::size_t i = 0; i < step.n_rows; ++i)
    for (int c = 0; c < s; ++c) {
      const double x = step.current[i * s + c];
      const double y =
          step.factor * (step.product[i * s + c] - step.centre * x) - step.previous[i * s + c];
      step.previous[i * s + c] = y;
      self[c] += y * y;
      cross[c] += y * x;
    }
  for (int c = 0; c < s; ++c) {
    step.self_c[c] += self[c];
    step.cross_c[c] += cross[c];
  }
}

GLASS_VECTOR_CLONES void advance_by_one(const Step &step)
{
  advance_by<1>(step);
}
GLASS_VECTOR_CLONES void advance_by_four(const Step &step)
{
  advance_by<4>(step);
}
GLASS_VECTOR_CLONES void advance_by_eight(const Step &step)
{
  advance_by<8>(step);
}

void advance(const Step &step)
{
  if (step.width == 8) return advance_by_eight(step);
  if (step.width == 4) return advance_by_four(step);
  if (step.width == 1) return advance_by_one(step);
  const auto s = static_cast<std::size_t>(step.width);
  for (std::size_t i = 0; i < step.n_rows; ++i)
    for (std::size_t c = 0; c < s; ++c) {
      const double x = step.current[i * s + c];
      const double y =
          step.factor * (step.product[i * s + c] - step.centre * x) - step.previous[i * s + c];
      step.previous[i * s + c] = y;
      step.self_c[c] += y * y;
      step.cross_c[c] += y * x;
    }
}

}    // namespace

SpectralRange extreme_ritz_values(DynamicalMatrix &matrix, const BlockVector &start)
{
  Lanczos lanczos(matrix, start);
  lanczos.advance(steps_to_bounds);
  const Tridiagonal &t = lanczos.column(0);
  return t.size() > 0 ? ritz_range(t) : SpectralRange{};
}

ChebyshevInterval enclosing_interval(const SpectralRange &range)
{
  // The eigenvalue of translations, of which rounding leaves some, is 0: outside, they would grow.
  const double low = std::min(range.low, 0.0), high = std::max(range.high, 0.0);
  const double width = high > low ? high - low : 1.0;
  return {0.5 * (low + high), (0.5 + safety_margin) * width};
}

Eigen::MatrixXd chebyshev_moments(DynamicalMatrix &matrix, const ChebyshevInterval &interval,
                                  const BlockVector &start, int n_moments,
                                  const std::function<void(double)> &progress)
{
  const Eigen::Index s = start.cols();
  Eigen::MatrixXd mu_nc = Eigen::MatrixXd::Zero(n_moments, s);
  const auto set = [&](int n, const Eigen::VectorXd &value_c) {
    if (n < n_moments) mu_nc.row(n) = value_c.transpose();
  };
  const Communicator &communicator = matrix.communicator();
  BlockVector current = start, product(start.rows(), s);
  BlockVector next = BlockVector::Zero(start.rows(), s);    // T_(-1) while T_1 is found
  const Eigen::VectorXd mu_0 = column_dots(start, start, communicator);
  Eigen::VectorXd mu_1 = Eigen::VectorXd::Zero(s);
  set(0, mu_0);

  for (int k = 0; 2 * k + 1 < n_moments; ++k) {
    matrix.apply(current.data(), product.data(), static_cast<int>(s));
    Eigen::MatrixXd dots_c2 = Eigen::MatrixXd::Zero(s, 2);
    advance({static_cast<std::size_t>(start.rows()), static_cast<int>(s), interval.centre,
             (k == 0 ? 1.0 : 2.0) / interval.half_width, product.data(), current.data(),
             next.data(), dots_c2.col(0).data(), dots_c2.col(1).data()});
    communicator.sum_in_place(dots_c2.data(), static_cast<int>(dots_c2.size()));
    current.swap(next);    // T_(k+1), T_k
    if (k == 0) mu_1 = dots_c2.col(1);
    set(2 * k + 1, k == 0 ? mu_1 : Eigen::VectorXd(2.0 * dots_c2.col(1) - mu_1));
    set(2 * k + 2, 2.0 * dots_c2.col(0) - mu_0);
    for (Eigen::Index c = 0; c < s; ++c)
      if (!(dots_c2(c, 0) <= (1.0 + 1.0e-6) * mu_0[c]))
        throw std::runtime_error("Chebyshev moments grow: an eigenvalue is outside the interval "
                                 "that Lanczos' recurrence found");
    if (progress && k % 16 == 15) progress(2.0 * (k + 1) / n_moments);
  }
  return mu_nc;
}

}    // namespace glass
