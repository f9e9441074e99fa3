// Part of lammps-glass, GPL-2.0.

#include "block_operator.h"

#include "../vector_clones.h"

namespace glass {

namespace {

constexpr int most_at_once = 8;

// The columns' X and Y of the block that is this many further, and entries this many further, are
// fetched from memory beforehand. As measured: hardware alone fetches neither early enough.
constexpr std::size_t blocks_ahead = 24, entries_ahead = 160;

// Numbers an atom of a single vector: one of no meaning and then the three components, so that they
// are one vector of the machine's.
constexpr int padded = 4;

/// The blocks begin_r[r] .. end_r[r] - 1 of every row r, with X and Y of the columns. The first of
/// a row is not mirrored if it is the diagonal.
struct Product {
  std::size_t n_rows;
  bool with_diagonal;
  const std::size_t *begin_r, *end_r;
  const std::int32_t *column_k;
  const double *value_k9;
  const double *x;           ///< of the rows
  double *y;                 ///< of the rows
  const double *column_x;    ///< of the columns
  double *column_y;          ///< of the columns
};

/// So many numbers as one, at any address.
template <int n> struct Lanes {
  typedef double Type __attribute__((vector_size(n * sizeof(double)), aligned(8), may_alias));

  static GLASS_INLINE Type &at(double *number) { return *reinterpret_cast<Type *>(number); }
  static GLASS_INLINE const Type &at(const double *number)
  {
    return *reinterpret_cast<const Type *>(number);
  }
};

/// What blocks soon after the k-th need.
template <int width> GLASS_INLINE void fetch(const Product &product, std::size_t k)
{
  __builtin_prefetch(product.value_k9 + 9 * k + entries_ahead);
  const std::size_t j = static_cast<std::size_t>(product.column_k[k + blocks_ahead]) * width;
  for (int c = 0; c < width; c += 8) {
    __builtin_prefetch(product.column_x + j + c);
    __builtin_prefetch(product.column_y + j + c, 1);
  }
}

/// Y += A X for s vectors, the machine's vectors being of `lanes` numbers.
template <int lanes, int s> GLASS_INLINE void add_product(const Product &product)
{
  using L = Lanes<lanes>;
  using V = typename L::Type;
  constexpr int width = 3 * s, parts = s / lanes;
  for (std::size_t r = 0; r < product.n_rows; ++r) {
    V xi[3][parts], yi[3][parts];
    double *own_y = product.y + r * width;
    for (int alpha = 0; alpha < 3; ++alpha)
      for (int p = 0; p < parts; ++p) {
        xi[alpha][p] = L::at(product.x + r * width + alpha * s + p * lanes);
        yi[alpha][p] = V{};
      }
    std::size_t k = product.begin_r[r];
    if (product.with_diagonal) {
      const double *a = product.value_k9 + 9 * k++;
      for (int alpha = 0; alpha < 3; ++alpha)
        for (int beta = 0; beta < 3; ++beta)
          for (int p = 0; p < parts; ++p)
            yi[alpha][p] += a[3 * alpha + beta] * xi[beta][p];
    }
    for (; k < product.end_r[r]; ++k) {
      const double *a = product.value_k9 + 9 * k;
      const std::size_t j = static_cast<std::size_t>(product.column_k[k]) * width;
      fetch<width>(product, k);
      for (int p = 0; p < parts; ++p) {
        const double *xj = product.column_x + j + p * lanes;
        double *yj = product.column_y + j + p * lanes;
        V z[3];
        for (int beta = 0; beta < 3; ++beta)
          z[beta] = L::at(yj + beta * s);
        for (int alpha = 0; alpha < 3; ++alpha) {
          const V x = L::at(xj + alpha * s);
          for (int beta = 0; beta < 3; ++beta) {
            yi[beta][p] += a[3 * beta + alpha] * x;
            z[beta] += a[3 * alpha + beta] * xi[alpha][p];
          }
        }
        for (int beta = 0; beta < 3; ++beta)
          L::at(yj + beta * s) = z[beta];
      }
    }
    for (int alpha = 0; alpha < 3; ++alpha)
      for (int p = 0; p < parts; ++p)
        L::at(own_y + alpha * s + p * lanes) += yi[alpha][p];
  }
}

/// y += A x for one padded vector. Rows of blocks are read with the number before them, which there
/// is, as the first block of all is a diagonal one.
GLASS_INLINE void add_padded_product(const Product &product)
{
  using L = Lanes<padded>;
  using V = L::Type;
  for (std::size_t r = 0; r < product.n_rows; ++r) {
    const double *xi = product.x + padded * r;
    double *own_y = product.y + padded * r;
    std::size_t k = product.begin_r[r];
    if (product.with_diagonal) {
      const double *a = product.value_k9 + 9 * k++;
      for (int alpha = 0; alpha < 3; ++alpha)
        own_y[1 + alpha] +=
            a[3 * alpha] * xi[1] + a[3 * alpha + 1] * xi[2] + a[3 * alpha + 2] * xi[3];
    }
    V sum[3] = {};
    for (; k < product.end_r[r]; ++k) {
      const double *a = product.value_k9 + 9 * k;
      const std::size_t j = static_cast<std::size_t>(product.column_k[k]) * padded;
      fetch<padded>(product, k);
      const V x = L::at(product.column_x + j);
      V z = L::at(product.column_y + j);
      for (int alpha = 0; alpha < 3; ++alpha) {
        const V row = L::at(a + 3 * alpha - 1);
        sum[alpha] += row * x;
        z += row * xi[1 + alpha];
      }
      L::at(product.column_y + j) = z;
    }
    for (int alpha = 0; alpha < 3; ++alpha)
      own_y[1 + alpha] += sum[alpha][1] + sum[alpha][2] + sum[alpha][3];
  }
}

/// For s = 1 (padded), 2, 4, 8.
template <int most_lanes> GLASS_INLINE void add_product_of(const Product &product, int s)
{
  switch (s) {
    case 1: return add_padded_product(product);
    case 2: return add_product<2, 2>(product);
    case 4: return add_product<std::min(most_lanes, 4), 4>(product);
    default: return add_product<most_lanes, 8>(product);
  }
}

// For the machine that the program runs on, so that a plugin built for any machine of a kind is
// fast on the better ones.
#if defined(__x86_64__)
__attribute__((target("avx512f,avx512vl,fma"))) void add_product_avx512(const Product &product,
                                                                        int s)
{
  add_product_of<8>(product, s);
}

__attribute__((target("avx2,fma"))) void add_product_avx2(const Product &product, int s)
{
  add_product_of<4>(product, s);
}
#endif

void add_product(const Product &product, int s)
{
#if defined(__x86_64__)
  static const bool avx512 =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
  static const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx512) return add_product_avx512(product, s);
  if (avx2) return add_product_avx2(product, s);
#endif
  add_product_of<2>(product, s);
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
    n_rows_(matrix.n_rows()), column_k_(matrix.column_k.begin(), matrix.column_k.end()),
    halo_(matrix.layout, halo_h, communicator)
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
  column_k_.resize(column_k_.size() + blocks_ahead, 0);
  // Columns ascend and the own ones are not above those of later ranks.
  for (std::size_t r = 0; r < n_rows_; ++r)
    first_halo_r_.push_back(static_cast<std::size_t>(
        std::lower_bound(matrix.column_k.begin() + matrix.first_r[r],
                         matrix.column_k.begin() + matrix.first_r[r + 1], end) -
        matrix.column_k.begin()));
}

void BlockOperator::apply(const double *x, double *y, int s)
{
  if (s == 1) return apply_one(x, y);
  if (s == 2 || s == 4 || s == 8) return apply_width(x, y, s);
  // Others with columns of zeros beside them, which costs less than a loop of odd length.
  using Columns = Eigen::Map<BlockVector, 0, Eigen::OuterStride<>>;
  using ConstColumns = Eigen::Map<const BlockVector, 0, Eigen::OuterStride<>>;
  const auto n = static_cast<Eigen::Index>(size());
  for (int first = 0; first < s; first += most_at_once) {
    const int part = std::min(most_at_once, s - first);
    const int width = part <= 2 ? 2 : part <= 4 ? 4 : 8;
    part_x_.resize(n, width);
    part_y_.resize(n, width);
    part_x_.leftCols(part) = ConstColumns(x + first, n, part, Eigen::OuterStride<>(s));
    part_x_.rightCols(width - part).setZero();
    apply_width(part_x_.data(), part_y_.data(), width);
    Columns(y + first, n, part, Eigen::OuterStride<>(s)) = part_y_.leftCols(part);
  }
}

void BlockOperator::apply_one(const double *x, double *y)
{
  part_x_.resize(static_cast<Eigen::Index>(n_rows_), padded);
  part_y_.resize(static_cast<Eigen::Index>(n_rows_), padded);
  for (std::size_t r = 0; r < n_rows_; ++r) {
    double *padded_x = part_x_.data() + padded * r;
    padded_x[0] = 0.0;
    std::copy_n(x + 3 * r, 3, padded_x + 1);
  }
  apply_width(part_x_.data(), part_y_.data(), 1);
  for (std::size_t r = 0; r < n_rows_; ++r)
    std::copy_n(part_y_.data() + padded * r + 1, 3, y + 3 * r);
}

void BlockOperator::apply_width(const double *x, double *y, int s)
{
  const std::size_t width = s == 1 ? padded : 3 * static_cast<std::size_t>(s);
  halo_.start_forward(x, width);
  std::fill_n(y, n_rows_ * width, 0.0);

  Product product{};
  product.n_rows = n_rows_;
  product.with_diagonal = true;
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
    product.with_diagonal = false;
    product.begin_r = first_halo_r_.data();
    product.end_r = matrix_.first_r.data() + 1;
    product.column_y = halo_y_.data();
    add_product(product, s);
  }
  halo_.start_backward(halo_y_.data(), width);
  halo_.finish_backward(y);
}

}    // namespace glass
