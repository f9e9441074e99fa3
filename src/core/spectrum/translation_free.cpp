// Part of lammps-glass, GPL-2.0.

#include "translation_free.h"

namespace glass {

TranslationFree::TranslationFree(std::size_t n_own_atoms, int n_translations,
                                 const Communicator &communicator) :
    n_translations_(n_translations),
    n_atoms_(communicator.sum(static_cast<double>(n_own_atoms))), communicator_(communicator)
{
}

void TranslationFree::remove_mean(BlockVector &v) const
{
  if (n_translations_ == 0) return;
  const Eigen::Index n = v.rows() / 3, s = v.cols();
  BlockVector mean = BlockVector::Zero(3, s);
  for (Eigen::Index i = 0; i < n; ++i)
    mean += v.middleRows<3>(3 * i);
  communicator_.sum_in_place(mean.data(), static_cast<int>(mean.size()));
  mean /= n_atoms_;
  mean.bottomRows(3 - n_translations_).setZero();
  for (Eigen::Index i = 0; i < n; ++i)
    v.middleRows<3>(3 * i) -= mean;
}

Eigen::VectorXd TranslationFree::norms(const BlockVector &v) const
{
  Eigen::VectorXd square_c = v.colwise().squaredNorm().transpose();
  communicator_.sum_in_place(square_c.data(), static_cast<int>(square_c.size()));
  return square_c.cwiseSqrt();
}

BlockVector TranslationFree::project(const BlockVector &b) const
{
  BlockVector projected = b;
  remove_mean(projected);
  const Eigen::VectorXd before_c = norms(b), after_c = norms(projected);
  for (Eigen::Index c = 0; c < b.cols(); ++c)
    if (after_c[c] < 1.0e-14 * before_c[c]) projected.col(c).setZero();
  return projected;
}

}    // namespace glass
