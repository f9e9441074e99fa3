// Part of lammps-glass, GPL-2.0.

#include "pairwise_function.h"

#include "pair.h"

#include <cmath>
#include <stdexcept>

using namespace LAMMPS_NS;

namespace glass {

PairwiseFunction::PairwiseFunction(Pair *pair, int n_types, bool exact) :
    pair_(pair), n_types_(n_types),
    trust_tt_(static_cast<std::size_t>(n_types) * n_types, !has_formula(pair) ? Trust::difference
                                                           : exact            ? Trust::formula
                                                                              : Trust::unknown),
    n_wide_tt_(static_cast<std::size_t>(n_types) * n_types, 0)
{
}

PairDerivatives PairwiseFunction::derivatives(int i, int j, int type_i, int type_j,
                                              double r_squared) const
{
  const Bond bond{i, j, type_i, type_j};
  const double r = std::sqrt(r_squared);
  Trust &trust = trust_tt_[(type_i - 1) * n_types_ + type_j - 1];
  PairDerivatives u;
  if (trust != Trust::difference) {
    u = formula(bond, r_squared);
    if (formula_holds(bond, r, u)) return u;
    trust = Trust::difference;
  }
  u.du = slope(bond, r);
  double error = 0.0;
  u.d2u = curvature(bond, r, u.du, error);
  if (!std::isfinite(u.du) || !std::isfinite(u.d2u))
    throw std::runtime_error("two atoms overlap: the potential is not finite at their distance, " +
                             std::to_string(r));
  constexpr int n_wide = 16;
  if (n_wide_tt_[(type_i - 1) * n_types_ + type_j - 1]++ < n_wide)
    error = std::max(error, disagreement_with_wide(bond, r, u.du, u.d2u));
  difference_error_ = std::max(difference_error_, error);
  scale_ = std::max(scale_, std::abs(u.du) / r + std::abs(u.d2u));
  return u;
}

/// |u'' - wide difference| where that is more than the curvature of a smooth force explains, else
/// 0.
double PairwiseFunction::disagreement_with_wide(const Bond &bond, double r, double slope_at_r,
                                                double d2u) const
{
  const double h = 2.0e-3 * r;
  if (r + h >= std::sqrt(pair_->cutsq[bond.type_i][bond.type_j])) return 0.0;
  const double wide = (slope(bond, r + h) - slope(bond, r - h)) / (2.0 * h);
  const double scale = std::abs(slope_at_r) / r + std::abs(wide) + std::abs(d2u);
  const double difference = std::abs(wide - d2u);
  return difference > 0.05 * scale ? difference : 0.0;
}

bool PairwiseFunction::has_formula(const Pair *pair)
{
  return pair->born_matrix_enable || pair->single_hessian_enable;
}

PairDerivatives PairwiseFunction::formula(const Bond &bond, double r_squared) const
{
  PairDerivatives u;
  if (pair_->born_matrix_enable) {
    pair_->born_matrix(bond.i, bond.j, bond.type_i, bond.type_j, r_squared, 1.0, 1.0, u.du, u.d2u);
    return u;
  }
  // Derivatives of the force on i by the position of j, which is r away along x.
  const double r = std::sqrt(r_squared);
  double along_x[3] = {r, 0.0, 0.0}, tensor[6], force_over_r = 0.0;
  pair_->single_hessian(bond.i, bond.j, bond.type_i, bond.type_j, r_squared, along_x, 1.0, 1.0,
                        force_over_r, tensor);
  return {-r * force_over_r, -tensor[0]};
}

bool PairwiseFunction::formula_holds(const Bond &bond, double r, const PairDerivatives &u) const
{
  if (!std::isfinite(u.du) || !std::isfinite(u.d2u)) return false;
  if (!pair_->single_enable) return true;    // nothing to hold it against
  const double scale = std::abs(u.du) / r + std::abs(u.d2u);
  const double du = slope(bond, r);
  if (!(std::abs(u.du - du) <= 1.0e-9 * scale * r)) return false;
  Trust &trust = trust_tt_[(bond.type_i - 1) * n_types_ + bond.type_j - 1];
  if (trust == Trust::unknown) {
    double error = 0.0;
    if (!(std::abs(u.d2u - curvature(bond, r, du, error)) <= 1.0e-6 * scale)) return false;
    trust = Trust::formula;
  }
  return true;
}

/// u' from single().
double PairwiseFunction::slope(const Bond &bond, double r) const
{
  double force_over_r = 0.0;
  pair_->single(bond.i, bond.j, bond.type_i, bond.type_j, r * r, 1.0, 1.0, force_over_r);
  return -r * force_over_r;
}

double PairwiseFunction::curvature(const Bond &bond, double r, double slope_at_r,
                                   double &error) const
{
  struct Estimate {
    double value, error;
  };
  const double h = 2.0e-5 * r;
  const auto at = [&](int n) { return n == 0 ? slope_at_r : slope(bond, r + n * h); };
  const auto central = [&]() -> Estimate {
    const double inner = at(1) - at(-1), outer = at(2) - at(-2);
    const double fourth = (8.0 * inner - outer) / (12.0 * h);
    return {fourth, std::abs(fourth - inner / (2.0 * h))};
  };
  const auto one_sided = [&](int side) -> Estimate {
    const double f0 = at(0), f1 = at(side), f2 = at(2 * side), f3 = at(3 * side), f4 = at(4 * side);
    const double fourth =
        side * (-25.0 * f0 + 48.0 * f1 - 36.0 * f2 + 16.0 * f3 - 3.0 * f4) / (12.0 * h);
    const double second = side * (-3.0 * f0 + 4.0 * f1 - f2) / (2.0 * h);
    return {fourth, std::abs(fourth - second)};
  };

  // Beyond the cutoff some styles return nonsense or stop the run.
  const double cutoff = std::sqrt(pair_->cutsq[bond.type_i][bond.type_j]);
  const auto scale = [&](const Estimate &e) {
    return std::abs(slope_at_r) / r + std::abs(e.value);
  };
  Estimate best{0.0, HUGE_VAL};
  if (r + 2.0 * h < cutoff) best = central();
  if (!(best.error <= 1.0e-6 * scale(best))) {
    const Estimate below = one_sided(-1);
    if (!(best.error <= below.error)) best = below;
    if (r + 4.0 * h < cutoff) {
      const Estimate above = one_sided(1);
      if (above.error < best.error) best = above;
    }
  }
  error = best.error;
  return best.value;
}

}    // namespace glass
