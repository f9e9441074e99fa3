// Part of lammps-glass, GPL-2.0.

#include "pseudo_harmonic.h"

#include "../spectrum/translation_free.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace glass {

namespace {

// Relative residual of the solves: what an iteration gains is some tens of percent.
constexpr double solve_tolerance = 1.0e-3;

// Two minima of C that overlap by more than this are one.
constexpr double same_mode = 0.95;

/// Sums over ranks of the products of columns.
Eigen::VectorXd column_products(const BlockVector &x, const BlockVector &y,
                                const Communicator &communicator)
{
  Eigen::VectorXd product_c = x.cwiseProduct(y).colwise().sum().transpose();
  communicator.sum_in_place(product_c.data(), static_cast<int>(product_c.size()));
  return product_c;
}

BlockVector columns(const BlockVector &x, const std::vector<Eigen::Index> &wanted)
{
  BlockVector result(x.rows(), static_cast<Eigen::Index>(wanted.size()));
  for (std::size_t c = 0; c < wanted.size(); ++c)
    result.col(static_cast<Eigen::Index>(c)) = x.col(wanted[c]);
  return result;
}

}    // namespace

QuarticForm::QuarticForm(const NeighbourRows &neighbours, const RowLayout &layout,
                         const Communicator &communicator) :
    QuarticForm(neighbours, layout, rows_of_others(neighbours.row_b, layout, communicator.rank()),
                communicator)
{
}

QuarticForm::QuarticForm(const NeighbourRows &neighbours, const RowLayout &layout,
                         const std::vector<Row> &halo_h, const Communicator &communicator) :
    neighbours_(neighbours),
    communicator_(communicator), halo_(layout, halo_h, communicator)
{
  const Row first = layout.first(communicator.rank()), n = layout.count(communicator.rank());
  column_b_.reserve(neighbours.row_b.size());
  for (const Row row : neighbours.row_b) {
    const bool own = row >= first && row < first + n;
    const auto at = std::lower_bound(halo_h.begin(), halo_h.end(), row) - halo_h.begin();
    column_b_.push_back(static_cast<std::size_t>(own ? row - first : n + at));
  }
}

Eigen::VectorXd QuarticForm::evaluate(const BlockVector &z, BlockVector &gradient)
{
  const auto s = static_cast<std::size_t>(z.cols()), width = 3 * s;
  const auto n = static_cast<std::size_t>(z.rows() / 3);
  halo_.start_forward(z.data(), width);
  const double *halo = halo_.finish_forward();
  gradient = BlockVector::Zero(z.rows(), z.cols());
  std::vector<double> value_c(s, 0.0);
  for (std::size_t r = 0; r < n; ++r) {
    const double *zi = z.data() + r * width;
    double *gi = gradient.data() + r * width;
    for (std::size_t b = neighbours_.first_r[r]; b < neighbours_.first_r[r + 1]; ++b) {
      const std::size_t column = column_b_[b];
      const double *zj = column < n ? z.data() + column * width : halo + (column - n) * width;
      for (std::size_t c = 0; c < s; ++c) {
        const double x = zi[c] - zj[c], y = zi[s + c] - zj[s + c],
                     w = zi[2 * s + c] - zj[2 * s + c];
        const double square = x * x + y * y + w * w;
        value_c[c] += 0.5 * square * square;    // the pair is seen from its other end, too
        gi[c] += 4.0 * square * x;
        gi[s + c] += 4.0 * square * y;
        gi[2 * s + c] += 4.0 * square * w;
      }
    }
  }
  communicator_.sum_in_place(value_c.data(), static_cast<int>(s));
  return Eigen::Map<const Eigen::VectorXd>(value_c.data(), z.cols());
}

std::vector<PseudoHarmonicMode> pseudo_harmonic_modes(LinearSolver &solver, BlockOperator &hessian,
                                                      QuarticForm &form, const BlockVector &z_start,
                                                      const PseudoHarmonicOptions &options,
                                                      const Communicator &communicator)
{
  std::vector<PseudoHarmonicMode> modes(z_start.cols());
  std::vector<Eigen::Index> mode_c(z_start.cols());    // of the columns still under way
  std::iota(mode_c.begin(), mode_c.end(), 0);
  BlockVector z = z_start, gradient_b;
  solver.set_tolerance(solve_tolerance);
  for (int step = 0; !mode_c.empty(); ++step) {
    const Eigen::VectorXd norm_c = column_products(z, z, communicator).cwiseSqrt();
    z = z * norm_c.cwiseInverse().asDiagonal();
    const BlockVector hz = hessian * z;
    const Eigen::VectorXd a_c = column_products(z, hz, communicator);
    const Eigen::VectorXd b_c = form.evaluate(z, gradient_b);
    BlockVector residual =
        hz - BlockVector(gradient_b * (0.25 * a_c.cwiseQuotient(b_c)).asDiagonal());
    const Eigen::VectorXd gradient_c = column_products(residual, residual, communicator)
                                           .cwiseQuotient(column_products(hz, hz, communicator))
                                           .cwiseSqrt();
    std::vector<Eigen::Index> going_on;
    for (Eigen::Index c = 0; c < z.cols(); ++c) {
      PseudoHarmonicMode &mode = modes[mode_c[c]];
      if (step == 0) mode.start_stiffness = a_c[c];
      mode.steps = step;
      mode.stiffness = a_c[c];
      mode.cost = a_c[c] * a_c[c] / b_c[c];
      mode.gradient = gradient_c[c];
      if (mode.gradient > options.gradient_tolerance && step < options.most_steps)
        going_on.push_back(c);
      else
        mode.field = z.col(c);
    }
    if (going_on.empty()) break;
    if (going_on.size() < mode_c.size()) {
      z = columns(z, going_on);
      residual = columns(residual, going_on);
      for (std::size_t c = 0; c < going_on.size(); ++c)
        mode_c[c] = mode_c[going_on[c]];
      mode_c.resize(going_on.size());
    }
    // z - H^-1 (H z - (a/4b) grad b) is along H^-1 grad b.
    const SolveResult correction = solver.solve(residual);
    check_converged(correction.report);
    z -= correction.x;
  }
  return modes;
}

std::vector<PseudoHarmonicMode> distinct_modes(std::vector<PseudoHarmonicMode> modes,
                                               const Communicator &communicator)
{
  const auto n = static_cast<Eigen::Index>(modes.size());
  if (n == 0) return modes;
  std::sort(modes.begin(), modes.end(),
            [](const auto &a, const auto &b) { return a.cost < b.cost; });
  Eigen::MatrixXd field_nm(modes[0].field.size(), n);
  for (Eigen::Index m = 0; m < n; ++m)
    field_nm.col(m) = modes[m].field;
  Eigen::MatrixXd overlap_mm = field_nm.transpose() * field_nm;
  communicator.sum_in_place(overlap_mm.data(), static_cast<int>(overlap_mm.size()));

  std::vector<PseudoHarmonicMode> distinct;
  std::vector<Eigen::Index> number_k;    // of the distinct ones among all
  for (Eigen::Index m = 0; m < n; ++m) {
    const auto same = std::find_if(number_k.begin(), number_k.end(), [&](Eigen::Index k) {
      return std::abs(overlap_mm(m, k)) > same_mode;
    });
    if (same != number_k.end()) {
      PseudoHarmonicMode &kept = distinct[same - number_k.begin()];
      kept.n_starts += modes[m].n_starts;
      kept.start_stiffness = std::min(kept.start_stiffness, modes[m].start_stiffness);
      continue;
    }
    number_k.push_back(m);
    distinct.push_back(std::move(modes[m]));
  }
  std::sort(distinct.begin(), distinct.end(),
            [](const auto &a, const auto &b) { return a.stiffness < b.stiffness; });
  return distinct;
}

double participation_ratio_of(const Eigen::VectorXd &field, double n_atoms,
                              const Communicator &communicator)
{
  double sum[2] = {};
  for (Eigen::Index i = 0; i < field.size(); i += 3) {
    const double weight = field.segment<3>(i).squaredNorm();
    sum[0] += weight;
    sum[1] += weight * weight;
  }
  communicator.sum_in_place(sum, 2);
  return sum[0] * sum[0] / (n_atoms * sum[1]);
}

void fix_sign(Eigen::VectorXd &field, const Communicator &communicator)
{
  constexpr double none = -std::numeric_limits<double>::infinity();
  const double up = communicator.maximum(field.size() > 0 ? field.maxCoeff() : none);
  const double down = communicator.maximum(field.size() > 0 ? -field.minCoeff() : none);
  if (down > up) field *= -1.0;
}

}    // namespace glass
