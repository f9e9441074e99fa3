// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MODE_VECTORS_H
#define GLASS_MODE_VECTORS_H

#include "../communicator.h"
#include "../hessian/environment.h"

namespace glass {

/// Unit vectors e_p of modes, spread over the ranks in whatever way a solver left them: all of them
/// on one rank, whole vectors of a rank's atoms, or some atoms and some modes a rank. Together the
/// ranks have every component of every mode once. Members are collective; nothing is gathered but
/// what they return.
class ModeVectors {
 public:
  /// What one rank has.
  struct Part {
    std::vector<Row> row_i;              ///< atoms, by their rows
    std::vector<Eigen::Index> mode_q;    ///< the mode of each column; negative: none that counts
    Eigen::MatrixXd vector_nq;           ///< row dimension * i + alpha for atom row_i[i]
  };

  /// @param layout  which rank is told of which atoms
  ModeVectors(Part &&part, int dimension, const RowLayout &layout,
              const Communicator &communicator);

  /// e_p . x_c, one row a mode, on all ranks.
  /// @param x_nc  row dimension * i + alpha for the i-th atom of this rank's part
  Eigen::MatrixXd projections(const Eigen::MatrixXd &x_nc, Eigen::Index n_modes) const;

  /// [N sum_i (e_i.e_i)^2]^-1 of every mode, on all ranks.
  Eigen::VectorXd participation_ratio(Eigen::Index n_atoms, Eigen::Index n_modes) const;

  /// sum_p e_p,i.e_p,i over the named modes, for the own rows of the layout.
  /// @param mode_k  ascending; the same on all ranks
  std::vector<double> weights(const std::vector<Eigen::Index> &mode_k) const;

  /// e_p, x, y, z (0 in dimension 2) of the own rows of the layout one after the other; its sign
  /// is such that its largest component is positive.
  std::vector<double> vector(Eigen::Index mode) const;

  /// Numbers the modes anew: new_mode_p[p] is the number of what was mode p; negative: left out.
  void renumber(const std::vector<Eigen::Index> &new_mode_p);

  double bytes() const { return sizeof(double) * static_cast<double>(part_.vector_nq.size()); }

 private:
  std::vector<double> sum_over_ranks(const std::vector<double> &value_iw, std::size_t width) const;

  Part part_;
  int dimension_;
  RowLayout layout_;
  Communicator communicator_;
};

}    // namespace glass

#endif
