// Part of lammps-glass, GPL-2.0.

#include "wave_average.h"

#include <stdexcept>

namespace glass {

WaveAverage::WaveAverage(int dimension, double q) : dimension_(dimension), q_(q)
{
  if (!(q > 0.0)) throw std::invalid_argument("a wave number must be > 0");
}

WaveAverage::WaveAverage(int dimension, std::vector<Eigen::Vector3d> q_k3) :
    dimension_(dimension), q_(0.0), q_k3_(std::move(q_k3))
{
  if (q_k3_.empty()) throw std::invalid_argument("an average needs one wave vector or more");
  for (const Eigen::Vector3d &q : q_k3_) {
    if (!(q.norm() > 0.0)) throw std::invalid_argument("a wave vector must not be zero");
    q_ += q.norm() / static_cast<double>(q_k3_.size());
  }
}

double WaveAverage::over_vectors(const Eigen::Vector3d &d) const
{
  double sum = 0.0;
  for (const Eigen::Vector3d &q : q_k3_)
    sum += std::cos(q.dot(d));
  return sum / static_cast<double>(q_k3_.size());
}

}    // namespace glass
