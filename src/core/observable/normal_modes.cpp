// Part of lammps-glass, GPL-2.0.

#include "normal_modes.h"

#include <cmath>
#include <utility>
#include <vector>

namespace glass {

namespace {

/// Orthonormal mass-weighted uniform translations, one a column: t_alpha,i = sqrt(m_i/M) e_alpha.
Eigen::MatrixXd uniform_translations(const Eigen::VectorXd &sqrt_mass_i, int dimension)
{
  const Eigen::Index n_atoms = sqrt_mass_i.size();
  Eigen::MatrixXd translation_nd = Eigen::MatrixXd::Zero(dimension * n_atoms, dimension);
  const Eigen::VectorXd direction_i = sqrt_mass_i.normalized();
  for (Eigen::Index i = 0; i < n_atoms; ++i)
    for (int alpha = 0; alpha < dimension; ++alpha)
      translation_nd(dimension * i + alpha, alpha) = direction_i[i];
  return translation_nd;
}

/// D += sigma T T^T, sigma twice a bound of |lambda|; a column at a time.
void lift_translations(Eigen::MatrixXd &dynamical_nn, const Eigen::MatrixXd &translation_nd)
{
  double bound = 0.0;
  for (Eigen::Index k = 0; k < dynamical_nn.cols(); ++k)
    bound = std::max(bound, dynamical_nn.col(k).cwiseAbs().sum());
  const double sigma = bound > 0.0 ? 2.0 * bound : 1.0;
  for (Eigen::Index k = 0; k < dynamical_nn.cols(); ++k)
    dynamical_nn.col(k) += translation_nd * (sigma * translation_nd.row(k).transpose());
}

void drop_translations(EigenPairs &pairs, const Eigen::MatrixXd &translation_nd)
{
  const Eigen::VectorXd overlap_p =
      (translation_nd.transpose() * pairs.vector_np).colwise().squaredNorm();
  Eigen::Index kept = 0;
  for (Eigen::Index p = 0; p < pairs.value_p.size(); ++p) {
    if (overlap_p[p] > 0.5) continue;
    if (kept != p) {
      pairs.value_p[kept] = pairs.value_p[p];
      pairs.vector_np.col(kept) = pairs.vector_np.col(p);
    }
    ++kept;
  }
  pairs.value_p.conservativeResize(kept);
  pairs.vector_np.conservativeResize(Eigen::NoChange, kept);
}

void fix_signs(Eigen::MatrixXd &vector_np)
{
  for (Eigen::Index p = 0; p < vector_np.cols(); ++p) {
    Eigen::Index largest = 0;
    vector_np.col(p).cwiseAbs().maxCoeff(&largest);
    if (vector_np(largest, p) < 0.0) vector_np.col(p) *= -1.0;
  }
}

}    // namespace

double signed_frequency(double lambda)
{
  return std::copysign(std::sqrt(std::abs(lambda)), lambda);
}

Eigen::VectorXd participation_ratio(const Eigen::MatrixXd &vector_np, int dimension)
{
  const Eigen::Index n_atoms = vector_np.rows() / dimension;
  Eigen::VectorXd ratio_p(vector_np.cols());
  for (Eigen::Index p = 0; p < vector_np.cols(); ++p) {
    double sum_of_squares = 0.0;
    for (Eigen::Index i = 0; i < n_atoms; ++i) {
      const double weight = vector_np.col(p).segment(dimension * i, dimension).squaredNorm();
      sum_of_squares += weight * weight;
    }
    ratio_p[p] = 1.0 / (static_cast<double>(n_atoms) * sum_of_squares);
  }
  return ratio_p;
}

NormalModes normal_modes(ModeProblem &&problem, const DensePlan &plan)
{
  NormalModes modes;
  modes.n_atoms = problem.sqrt_mass_i.size();
  modes.n_degrees = problem.dimension * (modes.n_atoms - (problem.translations ? 1 : 0));

  Eigen::MatrixXd translation_nd;
  if (problem.translations) {
    translation_nd = uniform_translations(problem.sqrt_mass_i, problem.dimension);
    lift_translations(problem.dynamical_nn, translation_nd);
  }
  EigenPairs pairs = solve_dense(std::move(problem.dynamical_nn), problem.range, plan);
  if (problem.translations) drop_translations(pairs, translation_nd);
  fix_signs(pairs.vector_np);

  modes.lambda_p = std::move(pairs.value_p);
  modes.omega_p = modes.lambda_p.unaryExpr(&signed_frequency);
  modes.participation_ratio_p = participation_ratio(pairs.vector_np, problem.dimension);
  modes.xi_squared_pc = (pairs.vector_np.transpose() * problem.xi_nc).cwiseAbs2();
  modes.vector_np = std::move(pairs.vector_np);
  return modes;
}

}    // namespace glass
