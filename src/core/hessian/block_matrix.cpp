// Part of lammps-glass, GPL-2.0.

#include "block_matrix.h"

#include <cmath>
#include <stdexcept>

namespace glass {

namespace {

// One message of a rank's rows: bounded, so that the root never holds more than this beside the
// matrix.
constexpr std::size_t blocks_a_message = 500000;

struct RowPart {
  std::vector<std::int32_t> row_k, column_k;
  std::vector<double> value_k9;
};

void scatter(const RowPart &part, const std::vector<double> &inverse_sqrt_mass_i, int dimension,
             Eigen::MatrixXd &dense)
{
  for (std::size_t k = 0; k < part.row_k.size(); ++k) {
    const Eigen::Index i = part.row_k[k], j = part.column_k[k];
    const double factor = inverse_sqrt_mass_i[i] * inverse_sqrt_mass_i[j];
    for (int alpha = 0; alpha < dimension; ++alpha)
      for (int beta = 0; beta < dimension; ++beta) {
        const double element = factor * part.value_k9[9 * k + 3 * alpha + beta];
        dense(dimension * j + beta, dimension * i + alpha) = element;
        dense(dimension * i + alpha, dimension * j + beta) = element;
      }
  }
}

RowPart cut(const BlockMatrix &matrix, Row first_row, std::size_t begin, std::size_t end)
{
  RowPart part;
  part.column_k.assign(matrix.column_k.begin() + begin, matrix.column_k.begin() + end);
  part.value_k9.assign(matrix.value_k9.begin() + 9 * begin, matrix.value_k9.begin() + 9 * end);
  part.row_k.reserve(end - begin);
  std::size_t r = std::upper_bound(matrix.first_r.begin(), matrix.first_r.end(), begin) -
                  matrix.first_r.begin() - 1;
  for (std::size_t k = begin; k < end; ++k) {
    while (k >= matrix.first_r[r + 1])
      ++r;
    part.row_k.push_back(static_cast<std::int32_t>(first_row + static_cast<Row>(r)));
  }
  return part;
}

}    // namespace

double trace(const BlockMatrix &matrix, int dimension, const Communicator &communicator)
{
  double sum = 0.0;
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (int alpha = 0; alpha < dimension; ++alpha)
      sum += matrix.value_k9[9 * matrix.first_r[r] + 4 * alpha];    // the diagonal comes first
  return communicator.sum(sum);
}

double largest_row_sum(const BlockMatrix &matrix, int dimension, const Communicator &communicator)
{
  std::vector<double> sum_n(3 * static_cast<std::size_t>(matrix.layout.size()), 0.0);
  const auto first = static_cast<std::size_t>(matrix.layout.first(communicator.rank()));
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k)
      for (int alpha = 0; alpha < dimension; ++alpha)
        for (int beta = 0; beta < dimension; ++beta) {
          const double element = std::abs(matrix.value_k9[9 * k + 3 * alpha + beta]);
          sum_n[3 * (first + r) + alpha] += element;
          if (k > matrix.first_r[r])
            sum_n[3 * static_cast<std::size_t>(matrix.column_k[k]) + beta] += element;
        }
  communicator.sum_in_place(sum_n.data(), static_cast<int>(sum_n.size()));
  double largest = 0.0;
  for (const double sum : sum_n) {
    if (!std::isfinite(sum))
      throw std::invalid_argument("the matrix of an eigenproblem has an element that is no number");
    largest = std::max(largest, sum);
  }
  return largest;
}

Eigen::MatrixXd gather_dense(const BlockMatrix &matrix,
                             const std::vector<double> &inverse_sqrt_mass_i, int dimension,
                             const Communicator &communicator)
{
  Eigen::MatrixXd dense;
  if (communicator.root()) {
    const Eigen::Index n = dimension * matrix.layout.size();
    dense = Eigen::MatrixXd::Zero(n, n);
  }

  const std::vector<std::size_t> blocks_p = communicator.all(matrix.n_blocks());
  const Row first_row = matrix.layout.first(communicator.rank());
  for (int p = 0; p < communicator.size(); ++p) {
    for (std::size_t begin = 0; begin < blocks_p[p]; begin += blocks_a_message) {
      RowPart part;
      if (p == communicator.rank())
        part = cut(matrix, first_row, begin, std::min(begin + blocks_a_message, blocks_p[p]));
      if (communicator.size() > 1) {
        part.row_k = communicator.gather(part.row_k);
        part.column_k = communicator.gather(part.column_k);
        part.value_k9 = communicator.gather(part.value_k9);
      }
      if (communicator.root()) scatter(part, inverse_sqrt_mass_i, dimension, dense);
    }
  }
  return dense;
}

}    // namespace glass
