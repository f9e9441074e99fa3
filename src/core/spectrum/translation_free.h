// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TRANSLATION_FREE_H
#define GLASS_TRANSLATION_FREE_H

#include "block_operator.h"

namespace glass {

/// The space of distributed vectors without uniform translation of the first `n_translations`
/// Cartesian components. Members are collective.
class TranslationFree {
 public:
  TranslationFree(std::size_t n_own_atoms, int n_translations, const Communicator &communicator);

  int n_translations() const { return n_translations_; }

  /// Subtracts the mean over all atoms.
  void remove_mean(BlockVector &v) const;

  /// Norms of the columns over all ranks.
  Eigen::VectorXd norms(const BlockVector &v) const;

  /// Right-hand sides without their part along translations. Of a column that was nothing else
  /// rounding would be left; it becomes zero.
  BlockVector project(const BlockVector &b) const;

 private:
  int n_translations_;
  double n_atoms_;
  Communicator communicator_;
};

}    // namespace glass

#endif
