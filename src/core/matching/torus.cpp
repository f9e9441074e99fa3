// Part of lammps-glass, GPL-2.0.

#include "torus.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace glass {

namespace {

using Vectors = std::vector<Eigen::Vector3d>;

Vectors repeated_edges(const MatchingCell &cell)
{
  if (cell.dimension != 2 && cell.dimension != 3)
    throw std::invalid_argument("The dimension of a cell is 2 or 3");
  const auto &[xx, yy, zz, yz, xz, xy] = cell.h;
  Vectors edges{{xx, 0.0, 0.0}, {xy, yy, 0.0}, {xz, yz, zz}};
  edges.resize(cell.dimension);
  for (int k = cell.dimension - 1; k >= 0; --k) {
    if (!cell.periodic[k])
      edges.erase(edges.begin() + k);
    else if (!edges[k].allFinite() || !std::isnormal(edges[k].squaredNorm()) || !(cell.h[k] > 0.0))
      throw std::invalid_argument("A periodic edge of the cell has no valid length");
  }
  return edges;
}

/// Pairs as near to a right angle as whole multiples make them: shortens the way of obtuse().
void shorten(Vectors &basis)
{
  for (bool changed = true; changed;) {
    changed = false;
    for (Eigen::Vector3d &b : basis)
      for (const Eigen::Vector3d &by : basis) {
        if (&b == &by) continue;
        const Eigen::Vector3d shorter = b - std::round(b.dot(by) / by.squaredNorm()) * by;
        if (shorter.squaredNorm() > (1.0 - 1.0e-12) * b.squaredNorm()) continue;
        b = shorter;
        changed = true;
      }
  }
}

/// Selling's reduction: an obtuse superbase of the same lattice, the vectors of basis and one more.
Vectors obtuse(const Vectors &basis)
{
  Vectors base = basis;
  base.emplace_back(Eigen::Vector3d::Zero());
  for (const Eigen::Vector3d &b : basis)
    base.back() -= b;
  const std::size_t n = base.size();
  // Every step lessens the sum of the squares, so that it ends.
  for (bool changed = n > 2; changed;) {
    changed = false;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) {
        if (base[i].dot(base[j]) <= 1.0e-12 * base[i].norm() * base[j].norm()) continue;
        // Two others in three dimensions, one in two.
        for (std::size_t k = 0; k < n; ++k)
          if (k != i && k != j) base[k] += (n == 3 ? 2.0 : 1.0) * base[i];
        base[i] = -base[i];
        changed = true;
      }
  }
  return base;
}

Torus::Point point(const Eigen::Vector3d &v)
{
  return {v[0], v[1], v[2]};
}

bool along_one_axis(const Eigen::Vector3d &v)
{
  return (v.array() != 0.0).count() == 1;
}

double dot(const Torus::Point &a, const Torus::Point &b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}    // namespace

Torus::Torus(const MatchingCell &cell) : dimension_(cell.dimension)
{
  Vectors basis = repeated_edges(cell);
  shorten(basis);
  orthogonal_ = std::all_of(basis.begin(), basis.end(), along_one_axis);
  edge_.fill(std::numeric_limits<double>::infinity());
  const int m = static_cast<int>(basis.size());
  if (orthogonal_)
    for (const Eigen::Vector3d &b : basis) {
      Eigen::Index axis = 0;
      const double length = b.cwiseAbs().maxCoeff(&axis);
      edge_[axis] = length;
    }
  else {
    const Vectors base = obtuse(basis);
    basis.assign(base.begin(), base.begin() + m);
    safe_ = std::numeric_limits<double>::infinity();
    for (int subset = 1; subset < 1 << m; ++subset) {
      Eigen::Vector3d sum = Eigen::Vector3d::Zero();
      for (int k = 0; k < m; ++k)
        if (subset >> k & 1) sum += basis[k];
      voronoi_v3_.push_back(point(sum));
      safe_ = std::min(safe_, 0.25 * sum.squaredNorm());
    }
    // Rounding of the distance must not make an image look nearer than it is.
    safe_ *= 1.0 - 1.0e-9;
  }
  for (int k = 0; k < 3; ++k)
    half_[k] = 0.5 * edge_[k];

  Eigen::MatrixXd edges_3m(3, m);
  for (int k = 0; k < m; ++k)
    edges_3m.col(k) = basis[k];
  const Eigen::MatrixXd dual_m3 =
      (edges_3m.transpose() * edges_3m).inverse() * edges_3m.transpose();
  for (int k = 0; k < m; ++k) {
    basis_m3_.push_back(point(basis[k]));
    dual_m3_.push_back(point(dual_m3.row(k).transpose()));
    size_ += basis[k].norm();
  }
  for (int corner = 0; corner < 1 << m; ++corner) {
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    for (int k = 0; k < m; ++k)
      sum += (corner >> k & 1 ? 0.5 : -0.5) * basis[k];
    farthest_ = std::max(farthest_, sum.squaredNorm());
  }
}

Torus::Point Torus::wrap(const double *x) const
{
  Point r{x[0], x[1], dimension_ == 2 ? 0.0 : x[2]};
  Point wrapped = r;
  for (std::size_t k = 0; k < basis_m3_.size(); ++k) {
    const double edges = std::floor(dot(dual_m3_[k], r));
    for (int a = 0; a < 3; ++a)
      wrapped[a] -= edges * basis_m3_[k][a];
  }
  return wrapped;
}

void Torus::squared_distances(const Point &x, const double *y0_8, const double *y1_8,
                              const double *y2_8, double *squared_8) const
{
  if (!orthogonal_) {
    for (int k = 0; k < 8; ++k)
      squared_8[k] = squared_distance(x, {y0_8[k], y1_8[k], y2_8[k]});
    return;
  }
  const double *y_38[3] = {y0_8, y1_8, y2_8};
  double sum_8[8] = {};
  for (int a = 0; a < 3; ++a)
    for (int k = 0; k < 8; ++k) {
      const double r = nearest(x[a] - y_38[a][k], edge_[a], half_[a]);
      sum_8[k] += r * r;
    }
  std::copy_n(sum_8, 8, squared_8);
}

Torus::Point Torus::tilted(Point r) const
{
  const Point start = r;
  for (std::size_t k = 0; k < basis_m3_.size(); ++k) {
    const double s = dot(dual_m3_[k], start);
    const double edges = s > 0.5 ? 1.0 : (s < -0.5 ? -1.0 : 0.0);
    for (int a = 0; a < 3; ++a)
      r[a] -= edges * basis_m3_[k][a];
  }
  double least = dot(r, r);
  for (bool nearer = least > safe_; nearer;) {
    nearer = false;
    for (const Point &v : voronoi_v3_) {
      const double sign = dot(r, v) > 0.0 ? 1.0 : -1.0;
      const Point image{r[0] - sign * v[0], r[1] - sign * v[1], r[2] - sign * v[2]};
      const double there = dot(image, image);
      if (there >= least) continue;
      least = there;
      r = image;
      nearer = true;
    }
  }
  return r;
}

}    // namespace glass
