// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_NORMAL_MODES_H
#define GLASS_NORMAL_MODES_H

#include "../spectrum/dense_eigen.h"

namespace glass {

/// The eigenproblem D e_p = lambda_p e_p of one configuration, D = M^(-1/2) H M^(-1/2), whole on
/// one rank.
struct ModeProblem {
  int dimension = 3;
  Eigen::MatrixXd dynamical_nn;    ///< D, 1/time^2; n = dimension * atoms
  Eigen::VectorXd sqrt_mass_i;     ///< one an atom; only ratios matter
  Eigen::MatrixXd xi_nc;    ///< mass-weighted affine forces Xi_i/sqrt(m_i), a column a component
  bool translations =
      true;    ///< whether uniform translation costs no energy (not so in a fixed frame)
  EigenvalueRange range;
};

/// Instantaneous normal modes, ascending in lambda, without the uniform translations
/// (Huang et al., arXiv:2408.07937, App. C, D, G).
struct NormalModes {
  Eigen::Index n_atoms = 0;
  Eigen::Index n_degrees =
      0;    ///< modes of the whole spectrum: dimension * (atoms - 1), or * atoms

  Eigen::VectorXd lambda_p;    ///< 1/time^2
  Eigen::VectorXd omega_p;     ///< sign(lambda) sqrt|lambda|, rad/time: imaginary as negative
  Eigen::VectorXd participation_ratio_p;    ///< [N sum_i (e_i.e_i)^2]^-1, from 1/N to 1
  Eigen::MatrixXd xi_squared_pc;            ///< (sum_i e_p,i . Xi_i/sqrt(m_i))^2
  Eigen::MatrixXd vector_np;                ///< unit eigenvectors e_p

  Eigen::Index size() const { return lambda_p.size(); }
};

/// sign(lambda) sqrt|lambda|.
double signed_frequency(double lambda);

/// Participation ratio of each column of e, whose elements are atoms times dimension.
Eigen::VectorXd participation_ratio(const Eigen::MatrixXd &vector_np, int dimension);

/// Solves the problem, whose matrix is consumed. Uniform translations are first moved out of the
/// spectrum (D + sigma T T^T, sigma beyond it: exact, since T spans an eigenspace), which keeps
/// them from mixing with other modes near zero; then they are recognised by their overlap with T
/// and left out. The sign of each vector is such that its largest component is positive.
/// @throws std::invalid_argument, std::runtime_error as solve_dense
NormalModes normal_modes(ModeProblem &&problem, const DensePlan &plan);

}    // namespace glass

#endif
