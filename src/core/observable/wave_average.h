// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_WAVE_AVERAGE_H
#define GLASS_WAVE_AVERAGE_H

#include <Eigen/Core>

#include <cmath>
#include <vector>

namespace glass {

/// exp(i q.d) of a displacement d, averaged over directions of q, or over given wave vectors; by
/// inversion symmetry only the cosine counts.
///
///   over all directions: sin(qd)/(qd) in three dimensions, J0(qd) in two, where d_z is left out;
///   over n wave vectors: sum_k cos(q_k.d)/n.
///
/// Wave numbers are in radians per unit of length.
class WaveAverage {
 public:
  /// Over all directions of wave number q. Throws std::invalid_argument unless q > 0.
  WaveAverage(int dimension, double q);
  /// Throws std::invalid_argument for no vector, or a zero one.
  WaveAverage(int dimension, std::vector<Eigen::Vector3d> q_k3);

  /// The wave number, or the mean length of the vectors.
  double wave_number() const { return q_; }

  double operator()(const Eigen::Vector3d &d) const
  {
    if (!q_k3_.empty()) return over_vectors(d);
    if (dimension_ == 2) return ::j0(q_ * std::hypot(d.x(), d.y()));
    const double phase = q_ * d.norm();
    return phase > 0.0 ? std::sin(phase) / phase : 1.0;
  }

 private:
  double over_vectors(const Eigen::Vector3d &d) const;

  int dimension_;
  double q_;
  std::vector<Eigen::Vector3d> q_k3_;
};

}    // namespace glass

#endif
