// Part of lammps-glass, GPL-2.0.

#include "mode_vectors.h"

#include <utility>

namespace glass {

ModeVectors::ModeVectors(Part &&part, int dimension, const RowLayout &layout,
                         const Communicator &communicator) :
    part_(std::move(part)),
    dimension_(dimension), layout_(layout), communicator_(communicator)
{
}

Eigen::MatrixXd ModeVectors::projections(const Eigen::MatrixXd &x_nc, Eigen::Index n_modes) const
{
  const Eigen::MatrixXd own_qc = part_.vector_nq.transpose() * x_nc;
  Eigen::MatrixXd sum_pc = Eigen::MatrixXd::Zero(n_modes, x_nc.cols());
  for (std::size_t q = 0; q < part_.mode_q.size(); ++q)
    if (part_.mode_q[q] >= 0) sum_pc.row(part_.mode_q[q]) += own_qc.row(static_cast<long>(q));
  communicator_.sum_in_place(sum_pc.data(), static_cast<int>(sum_pc.size()));
  return sum_pc;
}

Eigen::VectorXd ModeVectors::participation_ratio(Eigen::Index n_atoms, Eigen::Index n_modes) const
{
  Eigen::VectorXd sum_p = Eigen::VectorXd::Zero(n_modes);
  const auto n_own = static_cast<Eigen::Index>(part_.row_i.size());
  for (std::size_t q = 0; q < part_.mode_q.size(); ++q) {
    if (part_.mode_q[q] < 0) continue;
    const auto e = part_.vector_nq.col(static_cast<long>(q));
    for (Eigen::Index i = 0; i < n_own; ++i) {
      const double weight = e.segment(dimension_ * i, dimension_).squaredNorm();
      sum_p[part_.mode_q[q]] += weight * weight;
    }
  }
  communicator_.sum_in_place(sum_p.data(), static_cast<int>(n_modes));
  return (static_cast<double>(n_atoms) * sum_p).cwiseInverse();
}

std::vector<double> ModeVectors::weights(const std::vector<Eigen::Index> &mode_k) const
{
  const auto n_own = static_cast<Eigen::Index>(part_.row_i.size());
  std::vector<double> weight_i(part_.row_i.size(), 0.0);
  for (std::size_t q = 0; q < part_.mode_q.size(); ++q) {
    if (!std::binary_search(mode_k.begin(), mode_k.end(), part_.mode_q[q])) continue;
    const auto e = part_.vector_nq.col(static_cast<long>(q));
    for (Eigen::Index i = 0; i < n_own; ++i)
      weight_i[i] += e.segment(dimension_ * i, dimension_).squaredNorm();
  }
  return sum_over_ranks(weight_i, 1);
}

std::vector<double> ModeVectors::vector(Eigen::Index mode) const
{
  std::vector<double> e_i3(3 * part_.row_i.size(), 0.0);
  for (std::size_t q = 0; q < part_.mode_q.size(); ++q) {
    if (part_.mode_q[q] != mode) continue;
    for (std::size_t i = 0; i < part_.row_i.size(); ++i)
      for (int alpha = 0; alpha < dimension_; ++alpha)
        e_i3[3 * i + alpha] =
            part_.vector_nq(static_cast<long>(dimension_ * i + alpha), static_cast<long>(q));
  }
  std::vector<double> own = sum_over_ranks(e_i3, 3);
  double largest = 0.0, smallest = 0.0;
  for (const double x : own) {
    largest = std::max(largest, x);
    smallest = std::min(smallest, x);
  }
  if (communicator_.maximum(largest) < communicator_.maximum(-smallest))
    for (double &x : own)
      x = -x;
  return own;
}

void ModeVectors::renumber(const std::vector<Eigen::Index> &new_mode_p)
{
  for (Eigen::Index &mode : part_.mode_q)
    if (mode >= 0) mode = new_mode_p[mode];
}

/// What ranks have of the rows, added up where the rows are.
std::vector<double> ModeVectors::sum_over_ranks(const std::vector<double> &value_iw,
                                                std::size_t width) const
{
  std::vector<std::vector<Row>> row_p(communicator_.size());
  std::vector<std::vector<double>> value_p(communicator_.size());
  for (std::size_t i = 0; i < part_.row_i.size(); ++i) {
    const int p = layout_.owner(part_.row_i[i]);
    row_p[p].push_back(part_.row_i[i]);
    const auto value = value_iw.begin() + static_cast<long>(width * i);
    value_p[p].insert(value_p[p].end(), value, value + static_cast<long>(width));
  }
  row_p = communicator_.exchange(row_p);
  value_p = communicator_.exchange(value_p);
  std::vector<double> sum(width * static_cast<std::size_t>(layout_.count(communicator_.rank())),
                          0.0);
  const Row first = layout_.first(communicator_.rank());
  for (int p = 0; p < communicator_.size(); ++p)
    for (std::size_t k = 0; k < row_p[p].size(); ++k)
      for (std::size_t c = 0; c < width; ++c)
        sum[width * static_cast<std::size_t>(row_p[p][k] - first) + c] += value_p[p][width * k + c];
  return sum;
}

}    // namespace glass
