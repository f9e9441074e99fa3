// Part of lammps-glass, GPL-2.0.

#include "dynamical_matrix.h"

#include "planar.h"

#include <algorithm>
#include <cmath>

namespace glass {

namespace {

/// H_ij sqrt(factor/m_i) sqrt(factor/m_j) in place of H_ij.
BlockMatrix scaled_by_mass(BlockMatrix &&matrix, const std::vector<double> &sqrt_mass_r,
                           double factor, int dimension, const Communicator &communicator)
{
  if (dimension == 2) make_planar(matrix);
  const std::vector<Row> halo_h =
      rows_of_others(matrix.column_k, matrix.layout, communicator.rank());
  HaloExchange exchange(matrix.layout, halo_h, communicator);
  exchange.start_forward(sqrt_mass_r.data(), 1);
  const double *halo_mass = exchange.finish_forward();
  const Row first = matrix.layout.first(communicator.rank());
  const Row end = matrix.layout.first(communicator.rank() + 1);
  for (std::size_t r = 0; r < matrix.n_rows(); ++r)
    for (std::size_t k = matrix.first_r[r]; k < matrix.first_r[r + 1]; ++k) {
      const Row column = matrix.column_k[k];
      const double other =
          column >= first && column < end
              ? sqrt_mass_r[column - first]
              : halo_mass[std::lower_bound(halo_h.begin(), halo_h.end(), column) - halo_h.begin()];
      const double scale = factor / (sqrt_mass_r[r] * other);
      for (std::size_t m = 9 * k; m < 9 * k + 9; ++m)
        matrix.value_k9[m] *= scale;
    }
  return std::move(matrix);
}

std::vector<double> square_roots(std::vector<double> values)
{
  for (double &value : values)
    value = std::sqrt(value);
  return values;
}

/// A well-mixed function of its argument (the finaliser of SplitMix64).
std::uint64_t mix(std::uint64_t z)
{
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

}    // namespace

DynamicalMatrix::DynamicalMatrix(BlockMatrix &&hessian, const std::vector<double> &mass_r,
                                 double factor, int dimension, bool translations,
                                 const Communicator &communicator) :
    sqrt_mass_r_(square_roots(mass_r)),
    sqrt_factor_(std::sqrt(factor)), dimension_(dimension), translations_(translations),
    communicator_(communicator),
    matrix_(scaled_by_mass(std::move(hessian), sqrt_mass_r_, factor, dimension, communicator)),
    operator_(matrix_, communicator)
{
  for (const double m : mass_r)
    total_mass_ += m;
  total_mass_ = communicator.sum(total_mass_);
}

Eigen::Index DynamicalMatrix::n_modes() const
{
  return static_cast<Eigen::Index>(dimension_) * (matrix_.layout.size() - (translations_ ? 1 : 0));
}

void DynamicalMatrix::project(BlockVector &v) const
{
  const Eigen::Index n = v.rows() / 3;
  if (dimension_ == 2)
    for (Eigen::Index i = 0; i < n; ++i)
      v.row(3 * i + 2).setZero();
  if (!translations_) return;
  BlockVector momentum = BlockVector::Zero(3, v.cols());
  for (Eigen::Index i = 0; i < n; ++i)
    momentum += sqrt_mass_r_[i] * v.middleRows<3>(3 * i);
  communicator_.sum_in_place(momentum.data(), static_cast<int>(momentum.size()));
  momentum /= total_mass_;
  for (Eigen::Index i = 0; i < n; ++i)
    v.middleRows<3>(3 * i) -= sqrt_mass_r_[i] * momentum;
}

BlockVector DynamicalMatrix::mass_weighted(const BlockVector &force) const
{
  BlockVector v = force;
  for (Eigen::Index i = 0; i < v.rows() / 3; ++i)
    v.middleRows<3>(3 * i) *= sqrt_factor_ / sqrt_mass_r_[i];
  project(v);
  return v;
}

BlockVector DynamicalMatrix::random_vectors(const std::vector<std::int64_t> &id_r,
                                            std::uint64_t seed, int first, int n) const
{
  BlockVector v(static_cast<Eigen::Index>(size()), n);
  for (std::size_t r = 0; r < id_r.size(); ++r)
    for (int alpha = 0; alpha < 3; ++alpha) {
      const std::uint64_t component = mix(mix(seed) + 3 * static_cast<std::uint64_t>(id_r[r]) +
                                          static_cast<std::uint64_t>(alpha));
      for (int c = 0; c < n; ++c)
        v(static_cast<Eigen::Index>(3 * r) + alpha, c) =
            (mix(component ^
                 mix(static_cast<std::uint64_t>(first) + static_cast<std::uint64_t>(c))) &
             1U) != 0
                ? 1.0
                : -1.0;
    }
  project(v);
  return v;
}

Eigen::VectorXd column_dots(const BlockVector &a, const BlockVector &b,
                            const Communicator &communicator)
{
  Eigen::VectorXd dot_c = Eigen::VectorXd::Zero(a.cols());
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    dot_c += a.row(i).cwiseProduct(b.row(i)).transpose();
  communicator.sum_in_place(dot_c.data(), static_cast<int>(dot_c.size()));
  return dot_c;
}

}    // namespace glass
