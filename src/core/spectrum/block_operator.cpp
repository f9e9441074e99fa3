// Part of lammps-glass, GPL-2.0.

#include "block_operator.h"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
// Chosen when the program runs on a machine that has it, so that a plugin built for any machine of
// a kind is fast on the better ones.
#define GLASS_AVX2 __attribute__((target("avx2,fma")))
#endif

namespace glass {

namespace {

constexpr int most_at_once = 8;

// The column of the block that is this many further is fetched from memory beforehand.
constexpr std::size_t ahead = 6;

/// The blocks begin_r[r] + skip .. end_r[r] - 1 of every row r, with X and Y of the columns.
struct Product {
  std::size_t n_rows, skip;
  const std::size_t *begin_r, *end_r;
  const std::int32_t *column_k;
  const double *value_k9;
  const double *x;           ///< of the rows
  double *y;                 ///< of the rows
  const double *column_x;    ///< of the columns
  double *column_y;          ///< of the columns
};

template <int s> void add_product(const Product &product)
{
  constexpr int width = 3 * s;
  for (std::size_t r = 0; r < product.n_rows; ++r) {
    double xi[width], yi[width] = {}, a[9];
    std::copy_n(product.x + r * width, width, xi);
    for (std::size_t k = product.begin_r[r] + product.skip; k < product.end_r[r]; ++k) {
      std::copy_n(product.value_k9 + 9 * k, 9, a);
      const std::size_t j = static_cast<std::size_t>(product.column_k[k]) * width;
      const double *__restrict xj = product.column_x + j;
      double *__restrict yj = product.column_y + j;
      for (int c = 0; c < s; ++c) {
        const double x0 = xj[c], x1 = xj[s + c], x2 = xj[2 * s + c];
        yi[c] += a[0] * x0 + a[1] * x1 + a[2] * x2;
        yi[s + c] += a[3] * x0 + a[4] * x1 + a[5] * x2;
        yi[2 * s + c] += a[6] * x0 + a[7] * x1 + a[8] * x2;
      }
      for (int c = 0; c < s; ++c) {
        const double x0 = xi[c], x1 = xi[s + c], x2 = xi[2 * s + c];
        yj[c] += a[0] * x0 + a[3] * x1 + a[6] * x2;
        yj[s + c] += a[1] * x0 + a[4] * x1 + a[7] * x2;
        yj[2 * s + c] += a[2] * x0 + a[5] * x1 + a[8] * x2;
      }
    }
    for (int c = 0; c < width; ++c)
      product.y[r * width + c] += yi[c];
  }
}

#ifdef GLASS_AVX2
/// The same with four numbers an instruction, two to three times as fast as what the compiler makes
/// of the above.
template <int quads> GLASS_AVX2 void add_product_by_fours(const Product &product)
{
  constexpr int s = 4 * quads, width = 3 * s, vectors = 3 * quads;
  for (std::size_t r = 0; r < product.n_rows; ++r) {
    __m256d xi[vectors], yi[vectors];
    double *own_y = product.y + r * width;
    for (int v = 0; v < vectors; ++v) {
      xi[v] = _mm256_loadu_pd(product.x + r * width + 4 * v);
      yi[v] = _mm256_setzero_pd();
    }
    for (std::size_t k = product.begin_r[r] + product.skip; k < product.end_r[r]; ++k) {
      const double *a = product.value_k9 + 9 * k;
      const std::size_t j = static_cast<std::size_t>(product.column_k[k]) * width;
      const double *xj = product.column_x + j;
      double *yj = product.column_y + j;
      const std::size_t next = static_cast<std::size_t>(product.column_k[k + ahead]) * width;
      for (int c = 0; c < width; c += 8) {
        __builtin_prefetch(product.column_x + next + c);
        __builtin_prefetch(product.column_y + next + c, 1);
      }
      for (int q = 0; q < quads; ++q) {
        __m256d z[3];
        for (int beta = 0; beta < 3; ++beta)
          z[beta] = _mm256_loadu_pd(yj + beta * s + 4 * q);
        for (int alpha = 0; alpha < 3; ++alpha) {
          const __m256d x = _mm256_loadu_pd(xj + alpha * s + 4 * q);
          for (int beta = 0; beta < 3; ++beta) {
            __m256d &y = yi[beta * quads + q];
            y = _mm256_fmadd_pd(_mm256_broadcast_sd(a + 3 * beta + alpha), x, y);
            z[beta] = _mm256_fmadd_pd(_mm256_broadcast_sd(a + 3 * alpha + beta),
                                      xi[alpha * quads + q], z[beta]);
          }
        }
        for (int beta = 0; beta < 3; ++beta)
          _mm256_storeu_pd(yj + beta * s + 4 * q, z[beta]);
      }
    }
    for (int v = 0; v < vectors; ++v)
      _mm256_storeu_pd(own_y + 4 * v, _mm256_add_pd(_mm256_loadu_pd(own_y + 4 * v), yi[v]));
  }
}
#endif

/// For s = 1, 4, 8.
void add_product(const Product &product, int s)
{
  if (s == 1) return add_product<1>(product);
#ifdef GLASS_AVX2
  static const bool by_fours = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (by_fours) return s == 4 ? add_product_by_fours<1>(product) : add_product_by_fours<2>(product);
#endif
  return s == 4 ? add_product<4>(product) : add_product<8>(product);
}

/// y = A_ii x for every row: the diagonal blocks come first in their rows and are not mirrored.
void set_diagonal_product(const BlockMatrix &matrix, const double *x, double *y, int s)
{
  for (std::size_t r = 0; r < matrix.n_rows(); ++r) {
    const double *a = matrix.value_k9.data() + 9 * matrix.first_r[r];
    const double *xi = x + 3 * r * s;
    double *yi = y + 3 * r * s;
    for (int alpha = 0; alpha < 3; ++alpha)
      for (int c = 0; c < s; ++c)
        yi[alpha * s + c] =
            a[3 * alpha] * xi[c] + a[3 * alpha + 1] * xi[s + c] + a[3 * alpha + 2] * xi[2 * s + c];
  }
}

}    // namespace

BlockOperator::BlockOperator(const BlockMatrix &matrix, const Communicator &communicator) :
    BlockOperator(matrix, rows_of_others(matrix.column_k, matrix.layout, communicator.rank()),
                  communicator)
{
}

BlockOperator::BlockOperator(const BlockMatrix &matrix, const std::vector<Row> &halo_h,
                             const Communicator &communicator) :
    matrix_(matrix),
    n_rows_(matrix.n_rows()), column_k_(matrix.column_k), halo_(matrix.layout, halo_h, communicator)
{
  const Row first = matrix.layout.first(communicator.rank());
  const Row end = matrix.layout.first(communicator.rank() + 1);
  for (std::int32_t &column : column_k_) {
    if (column < end)
      column -= static_cast<std::int32_t>(first);
    else
      column = static_cast<std::int32_t>(std::lower_bound(halo_h.begin(), halo_h.end(), column) -
                                         halo_h.begin());
  }
  column_k_.resize(column_k_.size() + ahead, 0);
  // Columns ascend and the own ones are not above those of later ranks.
  for (std::size_t r = 0; r < n_rows_; ++r)
    first_halo_r_.push_back(static_cast<std::size_t>(
        std::lower_bound(matrix.column_k.begin() + matrix.first_r[r],
                         matrix.column_k.begin() + matrix.first_r[r + 1], end) -
        matrix.column_k.begin()));
}

void BlockOperator::apply(const double *x, double *y, int s)
{
  if (s == 1 || s == 4 || s == 8) return apply_width(x, y, s);
  // Others with columns of zeros beside them, which costs less than a loop of odd length.
  using Columns = Eigen::Map<BlockVector, 0, Eigen::OuterStride<>>;
  using ConstColumns = Eigen::Map<const BlockVector, 0, Eigen::OuterStride<>>;
  const auto n = static_cast<Eigen::Index>(size());
  for (int first = 0; first < s; first += most_at_once) {
    const int part = std::min(most_at_once, s - first), width = part <= 4 ? 4 : 8;
    part_x_.resize(n, width);
    part_y_.resize(n, width);
    part_x_.leftCols(part) = ConstColumns(x + first, n, part, Eigen::OuterStride<>(s));
    part_x_.rightCols(width - part).setZero();
    apply_width(part_x_.data(), part_y_.data(), width);
    Columns(y + first, n, part, Eigen::OuterStride<>(s)) = part_y_.leftCols(part);
  }
}

void BlockOperator::apply_width(const double *x, double *y, int s)
{
  const std::size_t width = 3 * static_cast<std::size_t>(s);
  halo_.start_forward(x, width);
  set_diagonal_product(matrix_, x, y, s);

  Product product{};
  product.n_rows = n_rows_;
  product.skip = 1;    // the diagonal
  product.begin_r = matrix_.first_r.data();
  product.end_r = first_halo_r_.data();
  product.column_k = column_k_.data();
  product.value_k9 = matrix_.value_k9.data();
  product.x = product.column_x = x;
  product.y = product.column_y = y;
  add_product(product, s);

  product.column_x = halo_.finish_forward();
  if (halo_.size() > 0) {
    halo_y_.assign(halo_.size() * width, 0.0);
    product.skip = 0;
    product.begin_r = first_halo_r_.data();
    product.end_r = matrix_.first_r.data() + 1;
    product.column_y = halo_y_.data();
    add_product(product, s);
  }
  halo_.start_backward(halo_y_.data(), width);
  halo_.finish_backward(y);
}

}    // namespace glass
