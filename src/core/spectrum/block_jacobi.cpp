// Part of lammps-glass, GPL-2.0.

#include "block_jacobi.h"

#include "../vector_clones.h"
#include "no_minimum.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>

namespace glass {

BlockJacobi::BlockJacobi(const BlockMatrix &matrix, int n_translations,
                         const Communicator &communicator) :
    l_r_(matrix.n_rows()),
    n_translations_(n_translations)
{
  Eigen::Matrix3d sum_33 = Eigen::Matrix3d::Zero();
  int n_refused = 0;
  for (std::size_t r = 0; r < matrix.n_rows(); ++r) {
    const Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>> block(
        matrix.value_k9.data() + 9 * matrix.first_r[r]);
    const Eigen::LLT<Eigen::Matrix3d> factor{Eigen::Matrix3d(block)};
    const Eigen::Matrix3d l = factor.matrixL();
    if (factor.info() != Eigen::Success || !l.allFinite()) ++n_refused;
    l_r_[r] = {l(1, 0), l(2, 0),       l(2, 1),       l(0, 0),      l(1, 1),
               l(2, 2), 1.0 / l(0, 0), 1.0 / l(1, 1), 1.0 / l(2, 2)};
    sum_33 += block;
  }
  const double refused = communicator.sum(n_refused);
  if (refused > 0.0)
    throw NoMinimum("displacing any of " + std::to_string(static_cast<long>(refused)) +
                    " atoms alone does not raise the energy");
  communicator.sum_in_place(sum_33.data(), 9);
  if (n_translations > 0)
    inverse_sum_tt_ = sum_33.topLeftCorner(n_translations, n_translations).inverse();
}

GLASS_VECTOR_CLONES void BlockJacobi::solve_lower(std::size_t first, std::size_t n, int width,
                                                  double *v) const
{
  for (std::size_t r = first; r < first + n; ++r, v += 3 * width) {
    const Lower l = l_r_[r];
    double *__restrict v0 = v, *__restrict v1 = v + width, *__restrict v2 = v + 2 * width;
    for (int c = 0; c < width; ++c) {
      v0[c] *= l.inverse0;
      v1[c] = (v1[c] - l.l10 * v0[c]) * l.inverse1;
      v2[c] = (v2[c] - l.l20 * v0[c] - l.l21 * v1[c]) * l.inverse2;
    }
  }
}

GLASS_VECTOR_CLONES void BlockJacobi::solve_upper(std::size_t first, std::size_t n, int width,
                                                  const double *x, double *y) const
{
  for (std::size_t r = first; r < first + n; ++r, x += 3 * width, y += 3 * width) {
    const Lower l = l_r_[r];
    double *__restrict y0 = y, *__restrict y1 = y + width, *__restrict y2 = y + 2 * width;
    for (int c = 0; c < width; ++c) {
      y2[c] = x[2 * width + c] * l.inverse2;
      y1[c] = (x[width + c] - l.l21 * y2[c]) * l.inverse1;
      y0[c] = (x[c] - l.l10 * y1[c] - l.l20 * y2[c]) * l.inverse0;
    }
  }
}

void BlockJacobi::add_shadow(std::size_t first, std::size_t n, int width, const double *v,
                             SmallMatrix &shadow_ta) const
{
  double sum[3][most_vectors] = {};
  for (std::size_t r = first; r < first + n; ++r, v += 3 * width) {
    const Lower &l = l_r_[r];
    const double *v1 = v + width, *v2 = v1 + width;
    for (int c = 0; c < width; ++c) {
      sum[0][c] += l.l00 * v[c];
      sum[1][c] += l.l10 * v[c] + l.l11 * v1[c];
      sum[2][c] += l.l20 * v[c] + l.l21 * v1[c] + l.l22 * v2[c];
    }
  }
  for (int t = 0; t < n_translations_; ++t)
    for (int c = 0; c < width; ++c)
      shadow_ta(t, c) += sum[t][c];
}

SmallMatrix BlockJacobi::null_factors(const SmallMatrix &shadow_ta) const
{
  return inverse_sum_tt_ * shadow_ta;
}

void BlockJacobi::remove_null(std::size_t first, std::size_t n, int width,
                              const SmallMatrix &factor_ta, double *v) const
{
  if (n_translations_ == 0) return;
  double t[3][most_vectors] = {};
  for (int a = 0; a < n_translations_; ++a)
    for (int c = 0; c < width; ++c)
      t[a][c] = factor_ta(a, c);
  for (std::size_t r = first; r < first + n; ++r, v += 3 * width) {
    const Lower &l = l_r_[r];
    double *v1 = v + width, *v2 = v1 + width;
    for (int c = 0; c < width; ++c) {
      v[c] -= l.l00 * t[0][c] + l.l10 * t[1][c] + l.l20 * t[2][c];
      v1[c] -= l.l11 * t[1][c] + l.l21 * t[2][c];
      v2[c] -= l.l22 * t[2][c];
    }
  }
}

void BlockJacobi::add_unscaled_gram(std::size_t first, std::size_t n, int width, const double *v,
                                    SmallMatrix &gram) const
{
  double lv[3 * most_vectors];
  for (std::size_t r = first; r < first + n; ++r, v += 3 * width) {
    const Lower &l = l_r_[r];
    const double *v1 = v + width, *v2 = v1 + width;
    for (int c = 0; c < width; ++c) {
      lv[c] = l.l00 * v[c];
      lv[width + c] = l.l10 * v[c] + l.l11 * v1[c];
      lv[2 * width + c] = l.l20 * v[c] + l.l21 * v1[c] + l.l22 * v2[c];
    }
    add_gram(lv, lv, 3, gram);
  }
}

}    // namespace glass
