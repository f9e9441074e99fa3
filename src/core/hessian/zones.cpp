// Part of lammps-glass, GPL-2.0.

#include "zones.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace glass {

Zones::Zones(const PeriodicBox &box, const std::vector<Eigen::Vector3d> &x_a3, double radius) :
    box_(box), radius_(radius)
{
  const Eigen::Matrix3d reciprocal = box.edge_33.inverse();
  s_a3_.reserve(x_a3.size());
  Eigen::Vector3d high = Eigen::Vector3d::Constant(-std::numeric_limits<double>::infinity());
  low_3_ = -high;
  for (const Eigen::Vector3d &x : x_a3) {
    Eigen::Vector3d s = reciprocal * x;
    for (int k = 0; k < 3; ++k)
      if (box.periodic[k]) {
        s[k] -= std::floor(s[k]);
        if (s[k] >= 1.0) s[k] = 0.0;    // floor of a tiny negative number
      }
    low_3_ = low_3_.cwiseMin(s);
    high = high.cwiseMax(s);
    s_a3_.push_back(s);
  }
  for (int k = 0; k < 3; ++k) {
    if (box.periodic[k]) {
      low_3_[k] = 0.0;
      high[k] = 1.0;
    }
    const double height = 1.0 / reciprocal.row(k).norm();
    length_3_[k] = std::max(high[k] - low_3_[k], 1.0e-12);
    // No more bins than atoms, however small the radius.
    const double most = std::cbrt(static_cast<double>(x_a3.size())) + 1.0;
    const double bins = std::floor(length_3_[k] * height / radius);
    n_bins_[k] = static_cast<int>(std::min(std::max(bins, 1.0), most));
    // From the image nearest in units of the edges, how many more can be within the radius.
    shells_[k] = box.periodic[k] ? static_cast<int>(std::floor(radius / height + 0.5)) : 0;
  }

  std::vector<int> bin_a(size());
  first_in_bin_.assign(static_cast<std::size_t>(n_bins_[0]) * n_bins_[1] * n_bins_[2] + 1, 0);
  for (std::size_t a = 0; a < size(); ++a) {
    const int i = static_cast<int>(a);
    bin_a[a] = (bin_of(i, 0) * n_bins_[1] + bin_of(i, 1)) * n_bins_[2] + bin_of(i, 2);
    ++first_in_bin_[bin_a[a] + 1];
  }
  std::partial_sum(first_in_bin_.begin(), first_in_bin_.end(), first_in_bin_.begin());
  atom_in_bin_.resize(size());
  std::vector<int> next(first_in_bin_);
  for (std::size_t a = 0; a < size(); ++a)
    atom_in_bin_[next[bin_a[a]]++] = static_cast<int>(a);
}

int Zones::bin_of(int a, int k) const
{
  const double position = (s_a3_[a][k] - low_3_[k]) / length_3_[k] * n_bins_[k];
  return std::min(static_cast<int>(position), n_bins_[k] - 1);
}

int Zones::neighbour_bins(int k, int bin, std::array<int, 3> &bins) const
{
  int n = 0;
  if (n_bins_[k] < 3) {
    for (; n < n_bins_[k]; ++n)
      bins[n] = n;
    return n;
  }
  for (int shift = -1; shift <= 1; ++shift) {
    const int other = bin + shift;
    if (box_.periodic[k])
      bins[n++] = (other + n_bins_[k]) % n_bins_[k];
    else if (other >= 0 && other < n_bins_[k])
      bins[n++] = other;
  }
  return n;
}

double Zones::distance_squared(int a, int b) const
{
  Eigen::Vector3d ds = s_a3_[b] - s_a3_[a];
  for (int k = 0; k < 3; ++k)
    if (box_.periodic[k]) ds[k] -= std::round(ds[k]);
  const Eigen::Vector3d nearest = box_.edge_33 * ds;
  double least = nearest.squaredNorm();
  for (int i = -shells_[0]; i <= shells_[0]; ++i)
    for (int j = -shells_[1]; j <= shells_[1]; ++j)
      for (int k = -shells_[2]; k <= shells_[2]; ++k)
        if (i != 0 || j != 0 || k != 0)
          least =
              std::min(least, (nearest + box_.edge_33 * Eigen::Vector3d(i, j, k)).squaredNorm());
  return least;
}

Coloring color_zones(const Zones &zones, const std::vector<bool> &displaced_a)
{
  Coloring coloring;
  coloring.color_a.assign(zones.size(), -1);

  // Of every atom the colours that it is in the zone of, one bit each.
  std::size_t words = 4;
  std::vector<std::uint64_t> used_aw(words * zones.size(), 0);
  std::vector<int> zone;
  for (const int a : zones.order()) {
    if (!displaced_a[a]) continue;
    zone.clear();
    zones.for_each_within(a, [&](int b) { zone.push_back(b); });
    std::vector<std::uint64_t> taken(words, 0);
    for (const int b : zone)
      for (std::size_t w = 0; w < words; ++w)
        taken[w] |= used_aw[words * b + w];

    int color = 0;
    while (color < static_cast<int>(64 * words) && (taken[color / 64] >> (color % 64) & 1))
      ++color;
    if (color == static_cast<int>(64 * words)) {
      std::vector<std::uint64_t> wider(2 * words * zones.size(), 0);
      for (std::size_t b = 0; b < zones.size(); ++b)
        std::copy_n(used_aw.begin() + words * b, words, wider.begin() + 2 * words * b);
      used_aw = std::move(wider);
      words *= 2;
    }
    coloring.color_a[a] = color;
    coloring.n_colors = std::max(coloring.n_colors, color + 1);
    for (const int b : zone)
      used_aw[words * b + color / 64] |= std::uint64_t{1} << (color % 64);
  }
  return coloring;
}

}    // namespace glass
