// Part of lammps-glass, GPL-2.0.

#include "tersoff.h"

#include <utility>

namespace glass {

namespace {

constexpr double half_pi = 1.57079632679489661923;

/// 1 below R - D, 0 above R + D, and a sine in between; the modified form adds its third harmonic,
/// which makes the second derivative continuous.
Radial cutoff_function(const TersoffEntry &p, TersoffForm form, double r)
{
  if (r < p.R - p.D) return {1.0, 0.0, 0.0};
  if (r >= p.R + p.D) return {};
  const double rate = half_pi / p.D, x = rate * (r - p.R);
  const double s = std::sin(x), c = std::cos(x);
  if (form != TersoffForm::modified)
    return {0.5 * (1.0 - s), -0.5 * rate * c, 0.5 * rate * rate * s};
  const double s3 = std::sin(3.0 * x), c3 = std::cos(3.0 * x);
  return {0.5 - (9.0 * s + s3) / 16.0, -rate * (9.0 * c + 3.0 * c3) / 16.0,
          rate * rate * 9.0 * (s + s3) / 16.0};
}

/// g(theta) by cos theta.
Radial angle_function(const TersoffEntry &p, TersoffForm form, double cos_theta)
{
  const double u = p.h - cos_theta, w = u * u;
  Radial g;    // by w
  if (form == TersoffForm::modified) {
    const double inverse = 1.0 / (p.c3 + w), slope = p.c2 * p.c3 * inverse * inverse;
    g = Radial{p.c2 * w * inverse, slope, -2.0 * slope * inverse} *
        (Radial{1.0, 0.0, 0.0} + p.c4 * decay(p.c5, w));
    g.f += p.c1;
  } else {
    const double c_squared = p.c * p.c, d_squared = p.d * p.d, inverse = 1.0 / (d_squared + w);
    const double slope = p.gamma * c_squared * inverse * inverse;
    g = {p.gamma * (1.0 + c_squared / d_squared - c_squared * inverse), slope,
         -2.0 * slope * inverse};
  }
  return {g.f, -2.0 * u * g.df, 2.0 * g.df + 4.0 * w * g.d2f};
}

/// exp[(lambda3 x)^m], x = r_ij - r_ik. The exponent is clipped where LAMMPS clips it; derivatives
/// are those of its forces there, too.
Radial distance_function(const TersoffEntry &p, double x)
{
  if (p.lambda3 == 0.0) return {1.0, 0.0, 0.0};
  const double y = p.lambda3 * x;
  const double exponent = p.m == 3 ? y * y * y : y;
  if (exponent < -69.0776) return {};
  const double f = exponent > 69.0776 ? 1.0e30 : std::exp(exponent);
  const double slope = p.m == 3 ? 3.0 * p.lambda3 * y * y : p.lambda3;
  const double curvature = p.m == 3 ? 6.0 * p.lambda3 * p.lambda3 * y : 0.0;
  return {f, slope * f, (slope * slope + curvature) * f};
}

class Tersoff : public BondOrderFunctional {
 public:
  Tersoff(TersoffForm form, TripletTable<TersoffEntry> parameters, ZblConstants zbl) :
      form_(form), parameters_(std::move(parameters)),
      zbl_(zbl), largest_{parameters_.n_elements, {}}
  {
    for (const TersoffEntry &p : parameters_.entry_eee)
      largest_.entry_eee.push_back(p.n > 0.0 ? std::pow(2.0e-16 * p.delta, -1.0 / p.n) : 0.0);
  }

  int n_elements() const override { return parameters_.n_elements; }
  double bond_cutoff(int i, int j) const override { return range(parameters_(i, j, j)); }

  double leg_cutoff(int i, int j, int k) const override
  {
    return parameters_(i, j, j).B == 0.0 ? 0.0 : range(parameters_(i, j, k));
  }

  Radial leg(int i, int j, int k, double r) const override
  {
    return cutoff_function(parameters_(i, j, k), form_, r);
  }

  BondDerivatives phi(int i, int j, double r, double xi) const override
  {
    const TersoffEntry &p = parameters_(i, j, j);
    const Radial f_c = cutoff_function(p, form_, r);
    Radial repulsion = f_c * (p.A * decay(p.lambda1, r));
    Radial attraction = f_c * (-p.B * decay(p.lambda2, r));
    if (form_ == TersoffForm::zbl) {
      const Radial outer = fermi(p, r);
      repulsion = outer * repulsion + (Radial{1.0, 0.0, 0.0} - outer) * nuclear_repulsion(p, r);
      attraction = outer * attraction;
    }
    const Radial b = p.B == 0.0 ? Radial() : bond_order(i, j, xi);
    return {repulsion.df + b.f * attraction.df, b.df * attraction.f,
            repulsion.d2f + b.f * attraction.d2f, b.df * attraction.df, b.d2f * attraction.f};
  }

  AngleDerivatives theta(int i, const Leg &j, const Leg &k, double cos_theta) const override
  {
    const TersoffEntry &p = parameters_(i, j.element, k.element);
    const Radial &f = k.radial;
    const Radial e = distance_function(p, j.r - k.r);
    const Radial g = angle_function(p, form_, cos_theta);
    const double fe_k = f.df * e.f - f.f * e.df;    // of f_C exp(...), by r_ik
    AngleDerivatives t;
    t.value = f.f * e.f * g.f;
    t.j = f.f * e.df * g.f;
    t.k = fe_k * g.f;
    t.c = f.f * e.f * g.df;
    t.jj = f.f * e.d2f * g.f;
    t.kk = (f.d2f * e.f - 2.0 * f.df * e.df + f.f * e.d2f) * g.f;
    t.jk = (f.df * e.df - f.f * e.d2f) * g.f;
    t.jc = f.f * e.df * g.df;
    t.kc = fe_k * g.df;
    t.cc = f.f * e.f * g.d2f;
    return t;
  }

 private:
  static double range(const TersoffEntry &p) { return p.R + p.D; }

  /// b(xi). Beyond where the smaller term is below rounding, b is a power or 1, as in LAMMPS; that
  /// keeps xi = 0 (a bond without third neighbours) finite, where b' diverges for n < 1. LAMMPS's
  /// other branches are expansions of the same function.
  Radial bond_order(int i, int j, double xi) const
  {
    const TersoffEntry &p = parameters_(i, j, j);
    const double x = p.beta * xi;
    const double largest = largest_(i, j, j);
    const double half = 0.5 / p.delta, power = half * p.n;
    if (x > largest) {
      const double b = std::pow(x, -power);
      return {b, -power * b / xi, power * (power + 1.0) * b / (xi * xi)};
    }
    if (x * largest < 1.0) return {1.0, 0.0, 0.0};
    const double s = std::pow(x, p.n), b = std::pow(1.0 + s, -half);
    const double slope = -power * s * b / ((1.0 + s) * xi);
    return {b, slope, slope * (p.n - 1.0 - (1.0 + power) * s) / ((1.0 + s) * xi)};
  }

  /// 1/(1 + exp[-inverse_a (r - r_c)])
  static Radial fermi(const TersoffEntry &p, double r)
  {
    const double e = std::exp(-p.zbl_inverse_a * (r - p.zbl_r_c));
    const double f = 1.0 / (1.0 + e), slope = p.zbl_inverse_a * (1.0 - f) * f;
    return {f, slope, p.zbl_inverse_a * (1.0 - 2.0 * f) * slope};
  }

  /// The universal potential of Ziegler, Biersack and Littmark (1985), with LAMMPS's digits.
  Radial nuclear_repulsion(const TersoffEntry &p, double r) const
  {
    const double inverse_length =
        (std::pow(p.Z_i, 0.23) + std::pow(p.Z_j, 0.23)) / (0.8854 * zbl_.bohr_radius);
    const Radial screening =
        0.1818 * decay(3.2 * inverse_length, r) + 0.5099 * decay(0.9423 * inverse_length, r) +
        0.2802 * decay(0.4029 * inverse_length, r) + 0.02817 * decay(0.2016 * inverse_length, r);
    const double coulomb = zbl_.coulomb * p.Z_i * p.Z_j / r;
    return Radial{coulomb, -coulomb / r, 2.0 * coulomb / (r * r)} * screening;
  }

  TersoffForm form_;
  TripletTable<TersoffEntry> parameters_;
  ZblConstants zbl_;
  TripletTable<double> largest_;    ///< beta xi beyond which 1 + (beta xi)^n is (beta xi)^n
};

}    // namespace

std::unique_ptr<SiteRule> make_tersoff_rule(TersoffForm form, TripletTable<TersoffEntry> parameters,
                                            std::vector<int> element_t, ZblConstants zbl)
{
  return std::make_unique<BondOrderRule>(
      std::make_unique<Tersoff>(form, std::move(parameters), zbl), std::move(element_t));
}

}    // namespace glass
