// Part of lammps-glass, GPL-2.0.

#include "liquid_structure.h"

#include "../pi.h"

#include <Eigen/Dense>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numeric>
#include <random>

namespace glass {

namespace {

/// Bins of g(r), and the width of the bell by which it is smoothed, in bins: a first minimum is
/// half as wide as all distances up to there, so that a fortieth blurs nothing.
constexpr std::size_t N_BINS = 200;
constexpr double SMOOTH_BINS = 3.0;
/// Half of the part of g(r) that its minimum is fitted to, in terms of its place.
constexpr double MINIMUM_PART = 0.07;
/// By what factor g(r) rises again beyond a minimum that is one.
constexpr double RISE = 1.1;

/// Rings of S(q), the width of the bell by which S is smoothed, in rings, and the part of the
/// peak's height above which it is fitted. A first peak is some six rings wide.
constexpr int N_RINGS = 50;
constexpr double SMOOTH_RINGS = 1.0;
constexpr double TOP_PART = 0.5;
/// All wave vectors, as long as their number times that of the atoms is no more than this, a
/// second of work; of more, some at random, but not fewer in a ring than that.
constexpr double MOST_WAVES = 3.0e8;
constexpr double FEWEST_IN_RING = 200.0;
/// A gas has S = 1 with noise of less than that.
constexpr double LOWEST_PEAK = 1.25;

/// Where the cubic by least squares through the points has its extremum: peaks and minima lean to
/// one side. None if that is not between the points.
/// @param sign  of the curvature there
std::optional<double> extremum(const std::vector<double> &x, const std::vector<double> &y,
                               double sign)
{
  const auto n = static_cast<Eigen::Index>(x.size());
  if (n < 4) return {};
  const double middle = 0.5 * (x.front() + x.back());
  Eigen::MatrixX4d powers(n, 4);
  Eigen::VectorXd values(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const double u = x[k] - middle;
    powers.row(k) << 1.0, u, u * u, u * u * u;
    values[k] = y[k];
  }
  const Eigen::Vector4d c = powers.colPivHouseholderQr().solve(values);
  // c1 + 2 c2 u + 3 c3 u^2 = 0; of the roots, that at which the curvature is +-sqrt(discriminant).
  const double discriminant = 4.0 * c[2] * c[2] - 12.0 * c[1] * c[3];
  if (!(discriminant > 0.0)) return {};
  const double place = middle - 2.0 * c[1] / (2.0 * c[2] + sign * std::sqrt(discriminant));
  if (!(place > x.front() && place < x.back())) return {};
  return place;
}

using Indices = std::array<int, 3>;

/// One of each pair +-q of wave vectors up to q_max, by ring.
/// @param n_atoms  of all ranks
std::array<std::vector<Indices>, N_RINGS> rings(const Eigen::Matrix3d &edge_inverse, int dimension,
                                                double q_max, double n_atoms)
{
  // The component of q along an edge is 2 pi n over its length.
  Indices most{};
  const Eigen::Matrix3d edge = edge_inverse.inverse();
  for (int k = 0; k < dimension; ++k)
    most[k] = static_cast<int>(q_max * edge.col(k).norm() / (2.0 * PI));
  const auto visit = [&](const auto &action) {
    for (int a = 0; a <= most[0]; ++a)
      for (int b = a > 0 ? -most[1] : 0; b <= most[1]; ++b)
        for (int c = a > 0 || b > 0 ? -most[2] : 1; c <= most[2]; ++c) {
          const double q = 2.0 * PI * (edge_inverse.transpose() * Eigen::Vector3d(a, b, c)).norm();
          const auto ring = static_cast<int>(q / q_max * N_RINGS);
          if (ring < N_RINGS) action(ring, Indices{a, b, c});
        }
  };
  std::array<double, N_RINGS> n_r{};
  visit([&](int ring, const Indices &) { n_r[ring] += 1.0; });
  const double part = MOST_WAVES / n_atoms / std::accumulate(n_r.begin(), n_r.end(), 1.0);
  std::array<std::vector<Indices>, N_RINGS> vectors_r;
  // At random, since the structure may have periods of its own, as that of a replicated box.
  std::mt19937_64 random(4357);    // the same on all ranks
  std::uniform_real_distribution<double> uniform;
  visit([&](int ring, const Indices &q) {
    if (uniform(random) < std::max(part, FEWEST_IN_RING / n_r[ring])) vectors_r[ring].push_back(q);
  });
  return vectors_r;
}

/// sum_i exp iq.x_i of all wave vectors, over all ranks.
std::vector<std::complex<double>> density_waves(const std::vector<Eigen::Vector3d> &s_i3,
                                                const std::vector<Indices> &q_k,
                                                const Communicator &communicator)
{
  Indices most{};
  for (const Indices &q : q_k)
    for (int k = 0; k < 3; ++k)
      most[k] = std::max(most[k], std::abs(q[k]));
  std::vector<std::complex<double>> wave_k(q_k.size());
  std::array<std::vector<std::complex<double>>, 3> power_k;    // from -most to most
  for (const Eigen::Vector3d &s : s_i3) {
    for (int k = 0; k < 3; ++k) {
      power_k[k].resize(2 * most[k] + 1);
      for (int n = -most[k]; n <= most[k]; ++n)
        power_k[k][n + most[k]] = std::polar(1.0, 2.0 * PI * n * s[k]);
    }
    for (std::size_t j = 0; j < q_k.size(); ++j) {
      const Indices &q = q_k[j];
      wave_k[j] +=
          power_k[0][q[0] + most[0]] * power_k[1][q[1] + most[1]] * power_k[2][q[2] + most[2]];
    }
  }
  communicator.sum_in_place(reinterpret_cast<double *>(wave_k.data()),
                            static_cast<int>(2 * wave_k.size()));
  return wave_k;
}

}    // namespace

PairDistances::PairDistances(int dimension, double reach) :
    dimension_(dimension), width_(reach / N_BINS), pairs_b_(N_BINS)
{
}

void PairDistances::add(double r)
{
  const auto bin = static_cast<std::size_t>(r / width_);
  if (bin < pairs_b_.size()) pairs_b_[bin] += 1.0;
}

void PairDistances::sum(const Communicator &communicator)
{
  communicator.sum_in_place(pairs_b_.data(), static_cast<int>(pairs_b_.size()));
}

/// In arbitrary units.
std::vector<double> PairDistances::smooth_distribution() const
{
  const int reach = static_cast<int>(4.0 * SMOOTH_BINS), n = N_BINS;
  std::vector<double> g_b(N_BINS);
  for (int b = 0; b < n; ++b) {
    double weights = 0.0;
    for (int c = std::max(0, b - reach); c < std::min(n, b + reach + 1); ++c) {
      const double weight = std::exp(-0.5 * std::pow((c - b) / SMOOTH_BINS, 2));
      weights += weight;
      g_b[b] += weight * pairs_b_[c] / std::pow(bin_middle(c), dimension_ - 1);
    }
    g_b[b] /= weights;
  }
  return g_b;
}

std::optional<double> PairDistances::first_minimum() const
{
  const std::vector<double> g_b = smooth_distribution();
  const auto peak = std::max_element(g_b.begin(), g_b.end());
  const auto lowest = std::min_element(peak, g_b.end());
  const double r_lowest = bin_middle(lowest - g_b.begin());
  // What is lowest just before the reach ends, or does not rise again, may be any noise.
  if (r_lowest * (1.0 + MINIMUM_PART) > bin_middle(N_BINS - 1)) return {};
  if (!(*std::max_element(lowest, g_b.end()) > RISE * *lowest)) return {};
  std::vector<double> r, g;
  for (std::size_t b = 0; b < g_b.size(); ++b)
    if (std::abs(bin_middle(b) - r_lowest) < MINIMUM_PART * r_lowest) {
      r.push_back(bin_middle(b));
      g.push_back(g_b[b]);
    }
  return extremum(r, g, 1.0);
}

std::optional<double> structure_peak(const std::vector<Eigen::Vector3d> &s_i3,
                                     const Eigen::Matrix3d &edge_inverse, int dimension,
                                     double q_max, const Communicator &communicator)
{
  const double n = communicator.sum(static_cast<double>(s_i3.size()));
  const auto vectors_r = rings(edge_inverse, dimension, q_max, n);
  std::vector<Indices> all;
  for (const auto &vectors : vectors_r)
    all.insert(all.end(), vectors.begin(), vectors.end());
  const std::vector<std::complex<double>> wave_k = density_waves(s_i3, all, communicator);

  // Each wave vector counts alike; there are few in a ring of a small box.
  std::array<double, N_RINGS> n_sum_r{}, q_sum_r{}, s_sum_r{};
  std::size_t k = 0;
  for (int ring = 0; ring < N_RINGS; ++ring)
    for (const Indices &indices : vectors_r[ring]) {
      const Eigen::Vector3d v(indices[0], indices[1], indices[2]);
      n_sum_r[ring] += 1.0;
      q_sum_r[ring] += 2.0 * PI * (edge_inverse.transpose() * v).norm();
      s_sum_r[ring] += std::norm(wave_k[k++]) / n;
    }
  std::vector<double> q_r, s_r;
  for (int ring = 0; ring < N_RINGS; ++ring) {
    if (n_sum_r[ring] == 0.0) continue;
    double vectors = 0.0, s = 0.0;
    for (int near = 0; near < N_RINGS; ++near) {
      const double weight = std::exp(-0.5 * std::pow((near - ring) / SMOOTH_RINGS, 2));
      vectors += weight * n_sum_r[near];
      s += weight * s_sum_r[near];
    }
    q_r.push_back(q_sum_r[ring] / n_sum_r[ring]);
    s_r.push_back(s / vectors);
  }
  if (s_r.empty()) return {};
  const auto peak =
      static_cast<std::size_t>(std::max_element(s_r.begin(), s_r.end()) - s_r.begin());
  if (s_r[peak] < LOWEST_PEAK) return {};
  const auto is_top = [&](std::size_t ring) { return s_r[ring] > TOP_PART * s_r[peak]; };
  std::size_t first = peak, last = peak;
  while (first > 0 && (is_top(first - 1) || first + 2 > peak))
    --first;
  while (last + 1 < s_r.size() && (is_top(last + 1) || last < peak + 2))
    ++last;
  return extremum({q_r.begin() + static_cast<std::ptrdiff_t>(first),
                   q_r.begin() + static_cast<std::ptrdiff_t>(last) + 1},
                  {s_r.begin() + static_cast<std::ptrdiff_t>(first),
                   s_r.begin() + static_cast<std::ptrdiff_t>(last) + 1},
                  -1.0);
}

}    // namespace glass
