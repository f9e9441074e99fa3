// Part of lammps-glass, GPL-2.0.

#include "difference_derivatives.h"

#include <Eigen/LU>

#include <cmath>

namespace glass {

namespace {

/// Fractions of the largest element. What is outside of all zones does not change by a bit if they
/// are large enough; sums of responses carry the error of the differences.
constexpr double negligible_leak = 1.0e-10, negligible_sum = 1.0e-7;

/// The positions of all ranks' atoms, everywhere. Own atoms begin at first_own.
struct AllAtoms {
  std::vector<Eigen::Vector3d> x_a3;
  std::vector<Row> row_a;
  std::size_t first_own = 0;

  AllAtoms(const OwnAtoms &own, const Communicator &communicator)
  {
    const std::vector<std::size_t> count_p = communicator.all(own.x_i3.size());
    for (int p = 0; p < communicator.rank(); ++p)
      first_own += count_p[p];
    struct Entry {
      double x, y, z;
      Row row;
    };
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < own.x_i3.size(); ++i)
      entries.push_back({own.x_i3[i][0], own.x_i3[i][1], own.x_i3[i][2], own.row_i[i]});
    for (const Entry &entry : communicator.gather_on_all(entries)) {
      x_a3.emplace_back(entry.x, entry.y, entry.z);
      row_a.push_back(entry.row);
    }
  }
};

/// Of every own atom the displaced atoms in whose zones it is, ordered by colour, and the block of
/// the Hessian that each pair makes.
struct Pattern {
  struct Cause {
    int color, atom;
  };
  std::vector<std::size_t> first_i{0};
  std::vector<Cause> cause_e;
  LargeVector<Eigen::Matrix3d> block_e33;    ///< row: own atom; column: displaced atom

  Pattern(const Zones &zones, const Coloring &coloring, const AllAtoms &all, std::size_t n_own)
  {
    for (std::size_t i = 0; i < n_own; ++i) {
      zones.for_each_within(static_cast<int>(all.first_own + i), [&](int b) {
        if (coloring.color_a[b] >= 0) cause_e.push_back({coloring.color_a[b], b});
      });
      std::sort(cause_e.begin() + static_cast<std::ptrdiff_t>(first_i.back()), cause_e.end(),
                [](const Cause &a, const Cause &b) { return a.color < b.color; });
      first_i.push_back(cause_e.size());
    }
    block_e33.assign(cause_e.size(), Eigen::Matrix3d::Zero());
  }

  /// The entry of own atom i for a colour, or none.
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t entry(std::size_t i, int color) const
  {
    const auto end = cause_e.begin() + static_cast<std::ptrdiff_t>(first_i[i + 1]);
    const auto found =
        std::lower_bound(cause_e.begin() + static_cast<std::ptrdiff_t>(first_i[i]), end, color,
                         [](const Cause &cause, int c) { return cause.color < c; });
    if (found == end || found->color != color) return none;
    return static_cast<std::size_t>(found - cause_e.begin());
  }
};

class Differences {
 public:
  Differences(ForceField &field, const OwnAtoms &own, double zone,
              const Communicator &communicator) :
      field_(field),
      own_(own), communicator_(communicator), all_(own, communicator),
      zones_(own.box, all_.x_a3, zone), coloring_(color(zones_, all_)),
      pattern_(zones_, coloring_, all_, own.x_i3.size())
  {
    result_.n_colors = coloring_.n_colors;
  }

  DifferenceHessian run(const std::function<void(double)> &progress)
  {
    choose_step();
    rest_force_i3_ = field_.displaced_forces(displacement(-1, Eigen::Vector3d::Zero()));
    ++result_.n_evaluations;
    for (int c = 0; c < coloring_.n_colors; ++c) {
      for (int alpha = 0; alpha < 3; ++alpha)
        differentiate(c, alpha);
      result_.leak_distance = communicator_.maximum(leak_distance_);
      if (result_.leak_distance > 0.0) return std::move(result_);
      if (progress) progress((c + 1.0) / coloring_.n_colors);
    }
    check_sums();
    if (result_.leak_distance > 0.0) return std::move(result_);
    symmetrize();
    result_.n_kinks =
        static_cast<std::size_t>(communicator_.sum(static_cast<double>(result_.n_kinks)));
    return std::move(result_);
  }

 private:
  static Coloring color(const Zones &zones, const AllAtoms &all)
  {
    std::vector<bool> displaced_a(all.row_a.size());
    for (std::size_t a = 0; a < displaced_a.size(); ++a)
      displaced_a[a] = all.row_a[a] != no_row;
    return color_zones(zones, displaced_a);
  }

  /// The step of one atom in units of the common one. No two are equal: neighbours that a zone too
  /// small gives the same colour would otherwise move as one, and nothing would betray them.
  static double share(std::size_t atom)
  {
    constexpr double golden = 0.6180339887498949;
    const double turns = golden * static_cast<double>(atom);
    return 0.8 + 0.4 * (turns - std::floor(turns));
  }

  std::vector<Eigen::Vector3d> displacement(int color, const Eigen::Vector3d &step) const
  {
    std::vector<Eigen::Vector3d> d_i3(own_.x_i3.size(), Eigen::Vector3d::Zero());
    for (std::size_t i = 0; i < d_i3.size(); ++i) {
      const std::size_t a = all_.first_own + i;
      if (color >= 0 && coloring_.color_a[a] == color) d_i3[i] = share(a) * step;
    }
    return d_i3;
  }

  /// Forces after the displacements of one colour backward, minus those after forward.
  std::vector<Eigen::Vector3d> difference(int color, const Eigen::Vector3d &step)
  {
    backward_i3_ = field_.displaced_forces(displacement(color, -step));
    forward_i3_ = field_.displaced_forces(displacement(color, step));
    result_.n_evaluations += 2;
    std::vector<Eigen::Vector3d> change_i3(backward_i3_);
    for (std::size_t i = 0; i < change_i3.size(); ++i)
      change_i3[i] -= forward_i3_[i];
    return change_i3;
  }

  void choose_step()
  {
    const double spacing =
        std::cbrt(std::abs(own_.box.edge_33.determinant()) / static_cast<double>(all_.x_a3.size()));
    constexpr int half_decades[] = {-5, -6, -7, -8, -9, -10, -11, -12, -13, -14};
    constexpr double most = 1.0e-3;    // that one element counts for: a kink must not decide
    std::vector<Eigen::Vector3d> coarser;
    double best = std::numeric_limits<double>::infinity();
    result_.step = spacing * std::pow(10.0, 0.5 * half_decades[4]);    // if nothing interacts
    for (const int exponent : half_decades) {
      const double step = spacing * std::pow(10.0, 0.5 * exponent);
      const std::vector<Eigen::Vector3d> finer = sample(step);
      double largest = 0.0, change = 0.0, sum = 0.0;
      for (const Eigen::Vector3d &slope : finer)
        largest = std::max(largest, slope.cwiseAbs().maxCoeff());
      largest = communicator_.maximum(largest);
      if (!coarser.empty() && largest > 0.0)
        for (std::size_t i = 0; i < finer.size(); ++i) {
          const double of_element = (finer[i] - coarser[i]).cwiseAbs().maxCoeff() / largest;
          change = std::max(change, of_element);
          sum += std::min(of_element, most);
        }
      change = communicator_.maximum(change);
      sum = communicator_.sum(sum);
      if (exponent != half_decades[0] && largest > 0.0 && sum < best) {
        best = sum;
        result_.error = change;
        result_.step = step * std::pow(10.0, 0.25);
        result_.largest = largest;
      }
      coarser = finer;
    }
  }

  /// Slopes of forces under oblique displacements of the first colours: of some ten atoms, where
  /// colours have few.
  std::vector<Eigen::Vector3d> sample(double step)
  {
    const Eigen::Vector3d direction(0.7, 0.55, -0.45);
    const auto atoms_a_color = static_cast<int>(all_.x_a3.size()) / coloring_.n_colors;
    const int n_sampled = std::min(coloring_.n_colors, 1 + 10 / std::max(atoms_a_color, 1));
    std::vector<Eigen::Vector3d> slopes;
    for (int n = 0; n < n_sampled; ++n) {
      const int color = n * coloring_.n_colors / n_sampled;
      for (const Eigen::Vector3d &change : difference(color, step * direction))
        slopes.emplace_back(change / (2.0 * step));
    }
    return slopes;
  }

  void differentiate(int color, int alpha)
  {
    const double scale = 2.0 * result_.step * result_.largest;
    const auto change_i3 = difference(color, result_.step * Eigen::Vector3d::Unit(alpha));
    for (std::size_t i = 0; i < change_i3.size(); ++i) {
      const double size = change_i3[i].cwiseAbs().maxCoeff();
      if (size == 0.0) continue;
      const std::size_t e = pattern_.entry(i, color);
      if (e == Pattern::none) {
        if (size > negligible_leak * scale)
          leak_distance_ = std::max(leak_distance_, distance_to(color, i));
        continue;
      }
      const double step = share(pattern_.cause_e[e].atom) * result_.step;
      pattern_.block_e33[e].col(alpha) = change_i3[i] / (2.0 * step);
      // A force that steps, at a cutoff say, changes on one side only.
      const Eigen::Vector3d bend = forward_i3_[i] + backward_i3_[i] - 2.0 * rest_force_i3_[i];
      if (bend.cwiseAbs().maxCoeff() > std::max(0.2 * size, 1.0e-3 * scale)) ++result_.n_kinks;
    }
  }

  /// How far own atom i is from the nearest atom of a colour.
  double distance_to(int color, std::size_t i) const
  {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < all_.x_a3.size(); ++a)
      if (coloring_.color_a[a] == color)
        least = std::min(least, zones_.distance_squared(static_cast<int>(a),
                                                        static_cast<int>(all_.first_own + i)));
    return std::sqrt(least);
  }

  /// Moving an atom cannot change the total force, so that its responses sum to zero unless some of
  /// them have been taken for those of another atom.
  void check_sums()
  {
    std::vector<double> sum_a9(9 * all_.x_a3.size(), 0.0);
    double largest = 0.0;
    for (std::size_t e = 0; e < pattern_.cause_e.size(); ++e) {
      Eigen::Map<Eigen::Matrix3d> sum(sum_a9.data() +
                                      9 * static_cast<std::size_t>(pattern_.cause_e[e].atom));
      sum += pattern_.block_e33[e];
      largest = std::max(largest, pattern_.block_e33[e].cwiseAbs().maxCoeff());
    }
    for (std::size_t a = 0; a < all_.x_a3.size(); a += 1000000)
      communicator_.sum_in_place(
          sum_a9.data() + 9 * a,
          static_cast<int>(9 * std::min<std::size_t>(1000000, all_.x_a3.size() - a)));
    result_.largest = communicator_.maximum(largest);
    const double tolerance = std::max(negligible_sum, 100.0 * result_.error) * result_.largest;
    for (const double sum : sum_a9)
      if (std::abs(sum) > tolerance) result_.leak_distance = zones_.radius();
  }

  /// The upper triangle of (H + H^T)/2, where what is below the diagonal goes to the row that it is
  /// the transpose of.
  void symmetrize()
  {
    struct Element {
      Row row, column;
      double value_9[9];
    };
    std::vector<std::vector<Element>> lower_p(communicator_.size());
    const Row first_row = own_.layout.first(communicator_.rank());
    const auto n_rows = static_cast<std::size_t>(own_.layout.count(communicator_.rank()));
    std::vector<std::vector<Element>> upper_r(n_rows);
    for (std::size_t i = 0; i < own_.x_i3.size(); ++i) {
      const Row row = own_.row_i[i];
      if (row == no_row) continue;
      for (std::size_t e = pattern_.first_i[i]; e < pattern_.first_i[i + 1]; ++e) {
        const Eigen::Matrix3d &block = pattern_.block_e33[e];
        if (block.isZero(0.0)) continue;
        const Row column = all_.row_a[pattern_.cause_e[e].atom];
        const bool transposed = column < row;
        Element element{std::min(row, column), std::max(row, column), {}};
        for (int alpha = 0; alpha < 3; ++alpha)
          for (int beta = 0; beta < 3; ++beta)
            element.value_9[3 * alpha + beta] =
                transposed ? block(beta, alpha) : block(alpha, beta);
        if (transposed)
          lower_p[own_.layout.owner(column)].push_back(element);
        else
          upper_r[row - first_row].push_back(element);
      }
    }
    lower_p = communicator_.exchange(lower_p);
    std::vector<std::vector<Element>> lower_r(n_rows);
    for (const auto &part : lower_p)
      for (const Element &element : part)
        lower_r[element.row - first_row].push_back(element);
    const auto by_column = [](const Element &a, const Element &b) { return a.column < b.column; };

    BlockMatrix &matrix = result_.matrix;
    matrix.layout = own_.layout;
    double asymmetry = 0.0;
    for (std::size_t r = 0; r < n_rows; ++r) {
      const Row row = first_row + static_cast<Row>(r);
      // Every row has a diagonal block, of zeros if the atom feels nothing.
      auto &upper = upper_r[r], &lower = lower_r[r];
      if (std::none_of(upper.begin(), upper.end(),
                       [row](const Element &element) { return element.column == row; }))
        upper.push_back({row, row, {}});
      std::sort(upper.begin(), upper.end(), by_column);
      std::sort(lower.begin(), lower.end(), by_column);
      std::size_t u = 0, l = 0;
      while (u < upper.size() || l < lower.size()) {
        const bool take_upper =
            u < upper.size() && (l == lower.size() || upper[u].column <= lower[l].column);
        const bool take_lower =
            l < lower.size() && (u == upper.size() || lower[l].column <= upper[u].column);
        const Row column = take_upper ? upper[u].column : lower[l].column;
        matrix.column_k.push_back(static_cast<std::int32_t>(column));
        for (int m = 0; m < 9; ++m) {
          const int other = 3 * (m % 3) + m / 3;
          const double a = take_upper ? upper[u].value_9[m] : 0.0;
          const double b = column == row ? upper[u].value_9[other]
                           : take_lower  ? lower[l].value_9[m]
                                         : 0.0;
          asymmetry = std::max(asymmetry, 0.5 * std::abs(a - b));
          matrix.value_k9.push_back(0.5 * (a + b));
        }
        u += take_upper;
        l += take_lower;
      }
      matrix.first_r.push_back(matrix.n_blocks());
    }
    result_.asymmetry = communicator_.maximum(asymmetry) / std::max(result_.largest, 1.0e-300);
  }

  ForceField &field_;
  const OwnAtoms &own_;
  const Communicator &communicator_;
  AllAtoms all_;
  Zones zones_;
  Coloring coloring_;
  Pattern pattern_;
  DifferenceHessian result_;
  std::vector<Eigen::Vector3d> rest_force_i3_, forward_i3_, backward_i3_;
  double leak_distance_ = 0.0;    ///< on this rank
};

}    // namespace

DifferenceHessian difference_hessian(ForceField &field, const OwnAtoms &atoms, double zone,
                                     const Communicator &communicator,
                                     const std::function<void(double)> &progress)
{
  return Differences(field, atoms, zone, communicator).run(progress);
}

namespace {

/// @param length  number of atoms times their spacing
/// @param scale   size of an affine force here: the largest, or, as in a crystal they may all be
///                zero, the Born term of an atom over its distance from the next
DifferenceAffine affine_at_step(ForceField &field, const OwnAtoms &atoms, double step,
                                const std::vector<Eigen::Vector3d> &rest_force_i3, double length,
                                double &scale)
{
  DifferenceAffine result;
  result.step = step;
  std::size_t n_rows = 0;
  for (const Row row : atoms.row_i)
    n_rows += row != no_row;
  result.xi_r63.resize(n_rows);
  std::vector<double> bend_i;    // of forces, beyond what a change on both sides has

  for (int c = 0; c < 6; ++c) {
    const auto [mu, nu] = strain_components[c];
    const auto forward = field.strained_forces(strain_components[c], step);
    const auto backward = field.strained_forces(strain_components[c], -step);
    std::size_t r = 0;
    for (std::size_t i = 0; i < atoms.row_i.size(); ++i) {
      const Eigen::Vector3d change = forward.force_i3[i] - backward.force_i3[i];
      const Eigen::Vector3d bend =
          forward.force_i3[i] + backward.force_i3[i] - 2.0 * rest_force_i3[i];
      bend_i.push_back(bend.cwiseAbs().maxCoeff() - 0.2 * change.cwiseAbs().maxCoeff());
      if (atoms.row_i[i] != no_row) result.xi_r63[r++][c] = change / (2.0 * step);
    }

    // dU/dF = -W F^-T, F = 1 + epsilon e_mu (x) e_nu the deformation, W the virial.
    const auto gradient = [m = mu, n = nu](const Eigen::Matrix3d &virial, double epsilon) {
      Eigen::Matrix3d deformation = Eigen::Matrix3d::Identity();
      deformation(m, n) += epsilon;
      return Eigen::Matrix3d(-virial * deformation.inverse().transpose());
    };
    const Eigen::Matrix3d above = gradient(forward.virial, step),
                          below = gradient(backward.virial, -step);
    result.energy.stress_times_volume += (above + below) / 12.0;
    for (int d = 0; d < 6; ++d) {
      const auto [kappa, chi] = strain_components[d];
      result.energy.born_66(d, c) = (above(kappa, chi) - below(kappa, chi)) / (2.0 * step);
    }
  }
  // Exactly symmetric but for the error of the differences.
  result.energy.born_66 =
      (0.5 * (result.energy.born_66 + result.energy.born_66.transpose())).eval();

  scale = result.energy.born_66.cwiseAbs().maxCoeff() / length;
  for (const AffineForce &xi : result.xi_r63)
    for (const Eigen::Vector3d &component : xi)
      scale = std::max(scale, component.cwiseAbs().maxCoeff());
  for (const double bend : bend_i)
    result.n_kinks += bend > 2.0e-3 * step * scale;
  return result;
}

}    // namespace

DifferenceAffine difference_affine(ForceField &field, const OwnAtoms &atoms,
                                   const Communicator &communicator)
{
  // Relative to the distances of neighbours, where the error of a central difference is least; what
  // a larger step changes is a bound on it.
  constexpr double step = 1.0e-5, larger = 3.0e-5;
  const std::vector<Eigen::Vector3d> rest_force_i3 = field.displaced_forces(
      std::vector<Eigen::Vector3d>(atoms.x_i3.size(), Eigen::Vector3d::Zero()));
  const double n_atoms = communicator.sum(static_cast<double>(atoms.x_i3.size()));
  const double length = n_atoms * std::cbrt(std::abs(atoms.box.edge_33.determinant()) / n_atoms);

  double scale = 0.0, coarser_scale = 0.0, change = 0.0;
  DifferenceAffine result = affine_at_step(field, atoms, step, rest_force_i3, length, scale);
  const DifferenceAffine coarser =
      affine_at_step(field, atoms, larger, rest_force_i3, length, coarser_scale);
  for (std::size_t r = 0; r < result.xi_r63.size(); ++r)
    for (int c = 0; c < 6; ++c)
      change = std::max(change, (result.xi_r63[r][c] - coarser.xi_r63[r][c]).cwiseAbs().maxCoeff());
  scale = communicator.maximum(scale);
  change = communicator.maximum(change);
  result.error = scale > 0.0 ? change / scale : 0.0;
  result.n_kinks = static_cast<std::size_t>(communicator.sum(static_cast<double>(result.n_kinks)));
  return result;
}

}    // namespace glass
