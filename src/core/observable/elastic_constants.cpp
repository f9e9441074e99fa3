// Part of lammps-glass, GPL-2.0.

#include "elastic_constants.h"

#include <Eigen/Cholesky>

#include <limits>

namespace glass {

namespace {

// The components in the order of Voigt, and where strain_components has them.
constexpr std::array<StrainComponent, 6> voigt_components{
    {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}}};
constexpr std::array<int, 6> component_of_voigt{0, 1, 2, 5, 4, 3};

double delta(int i, int j)
{
  return i == j ? 1.0 : 0.0;
}

bool exists(const StrainComponent &component, int dimension)
{
  return component.kappa < dimension && component.chi < dimension;
}

/// Sums of a matrix in the order of Voigt over its normal components.
struct NormalSums {
  double diagonal = 0.0, off_diagonal = 0.0;

  NormalSums(const Eigen::MatrixXd &m, int dimension)
  {
    for (int i = 0; i < dimension; ++i)
      for (int j = i; j < dimension; ++j)
        (i == j ? diagonal : off_diagonal) += m(i, j);
  }
};

}    // namespace

BlockVector columns_of(const std::vector<AffineForce> &xi_r63, const std::vector<int> &component_c)
{
  BlockVector xi(3 * static_cast<Eigen::Index>(xi_r63.size()),
                 static_cast<Eigen::Index>(component_c.size()));
  for (std::size_t r = 0; r < xi_r63.size(); ++r)
    for (std::size_t c = 0; c < component_c.size(); ++c)
      xi.block<3, 1>(static_cast<Eigen::Index>(3 * r), static_cast<Eigen::Index>(c)) =
          xi_r63[r][static_cast<std::size_t>(component_c[c])];
  return xi;
}

Matrix6 nonaffine_energy(const BlockVector &xi, const BlockVector &response,
                         const Communicator &communicator)
{
  Matrix6 energy_66 = xi.transpose() * response;
  communicator.sum_in_place(energy_66.data(), 36);
  return 0.5 * (energy_66 + energy_66.transpose());
}

ElasticConstants elastic_constants(const AffineEnergy &energy, const Matrix6 &nonaffine_66,
                                   double volume, int dimension)
{
  ElasticConstants result;
  const Matrix6 simple_66 = (energy.born_66 - nonaffine_66) / volume;
  const Eigen::Matrix3d stress =
      0.5 * (energy.stress_times_volume + energy.stress_times_volume.transpose()) / volume;
  result.stress_33.topLeftCorner(dimension, dimension) = stress.topLeftCorner(dimension, dimension);

  for (int v = 0; v < 6; ++v)
    for (int w = 0; w < 6; ++w) {
      const auto [i, j] = voigt_components[v];
      const auto [k, l] = voigt_components[w];
      if (!exists(voigt_components[v], dimension) || !exists(voigt_components[w], dimension))
        continue;
      const int c = component_of_voigt[v], d = component_of_voigt[w];
      result.simple_66(c, d) = simple_66(c, d);
      result.green_66(v, w) = simple_66(c, d) - delta(i, k) * stress(j, l);
      result.stress_strain_66(v, w) =
          result.green_66(v, w) +
          0.5 * (stress(i, k) * delta(j, l) + stress(i, l) * delta(j, k) +
                 stress(j, k) * delta(i, l) + stress(j, l) * delta(i, k)) -
          stress(i, j) * delta(k, l);
    }

  const int n_planes = dimension == 3 ? 3 : 1;
  for (int s = 0; s < n_planes; ++s) {
    result.simple_shear_s[s] = simple_66(3 + s, 3 + s);
    result.simple_shear += result.simple_shear_s[s] / n_planes;
  }
  average_moduli(0.5 * (result.stress_strain_66 + result.stress_strain_66.transpose()), dimension,
                 result.bulk, result.shear);
  return result;
}

void average_moduli(const Matrix6 &constants_66, int dimension, Average &bulk, Average &shear)
{
  // Normal components first, then the shears: 3 and 3, or 2 and xy alone.
  std::vector<int> kept;
  for (int v = 0; v < 6; ++v)
    if (exists(voigt_components[v], dimension)) kept.push_back(v);
  const auto n = static_cast<Eigen::Index>(kept.size());
  const Eigen::MatrixXd constants = Eigen::MatrixXd::NullaryExpr(
      n, n, [&](Eigen::Index a, Eigen::Index b) { return constants_66(kept[a], kept[b]); });
  const Eigen::LLT<Eigen::MatrixXd> factor(constants);
  const bool definite = factor.info() == Eigen::Success;
  const Eigen::MatrixXd compliances = factor.solve(Eigen::MatrixXd::Identity(n, n));

  const double d = dimension;
  const NormalSums c(constants, dimension), s(compliances, dimension);
  const double c_shear = constants.diagonal().tail(n - dimension).sum();
  const double s_shear = compliances.diagonal().tail(n - dimension).sum();
  bulk.voigt = (c.diagonal + 2.0 * c.off_diagonal) / (d * d);
  bulk.reuss = 1.0 / (s.diagonal + 2.0 * s.off_diagonal);
  if (dimension == 3) {
    shear.voigt = (c.diagonal - c.off_diagonal + 3.0 * c_shear) / 15.0;
    shear.reuss = 15.0 / (4.0 * (s.diagonal - s.off_diagonal) + 3.0 * s_shear);
  } else {
    shear.voigt = (c.diagonal - 2.0 * c.off_diagonal + 4.0 * c_shear) / 8.0;
    shear.reuss = 2.0 / (s.diagonal - 2.0 * s.off_diagonal + s_shear);
  }
  if (!definite) bulk.reuss = shear.reuss = std::numeric_limits<double>::quiet_NaN();
  bulk.hill = 0.5 * (bulk.voigt + bulk.reuss);
  shear.hill = 0.5 * (shear.voigt + shear.reuss);
}

}    // namespace glass
