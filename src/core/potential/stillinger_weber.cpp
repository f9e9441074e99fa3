// Part of lammps-glass, GPL-2.0.

#include "stillinger_weber.h"

#include <algorithm>
#include <utility>

namespace glass {

double StillingerWeberEntry::cutoff() const
{
  if (tol <= 0.0) return a * sigma;
  return a * sigma + std::min(gamma, 1.0) * sigma / std::log(std::min(tol, 0.01));
}

namespace {

/// exp[length/(r - end)], r < end
Radial vanishing(double length, double end, double r)
{
  const double inverse = 1.0 / (r - end), slope = -length * inverse * inverse;
  const double f = std::exp(length * inverse);
  return {f, slope * f, (slope * slope - 2.0 * slope * inverse) * f};
}

/// factor r^-power
Radial inverse_power(double factor, double power, double r)
{
  const double f = factor * std::pow(r, -power);
  return {f, -power * f / r, power * (power + 1.0) * f / (r * r)};
}

class StillingerWeber : public BondOrderFunctional {
 public:
  explicit StillingerWeber(TripletTable<StillingerWeberEntry> parameters) :
      parameters_(std::move(parameters)), cutoff_{parameters_.n_elements, {}}
  {
    for (const StillingerWeberEntry &entry : parameters_.entry_eee)
      cutoff_.entry_eee.push_back(entry.cutoff());
  }

  int n_elements() const override { return parameters_.n_elements; }
  double bond_cutoff(int i, int j) const override { return cutoff_(i, j, j); }

  double leg_cutoff(int i, int j, int k) const override
  {
    return strength(i, j, k) == 0.0 && strength(i, k, j) == 0.0 ? 0.0 : cutoff_(i, k, k);
  }

  Radial leg(int i, int /*j*/, int k, double r) const override
  {
    const StillingerWeberEntry &pair = parameters_(i, k, k);
    return r < cutoff_(i, k, k) ? vanishing(pair.gamma * pair.sigma, pair.a * pair.sigma, r)
                                : Radial();
  }

  BondDerivatives phi(int i, int j, double r, double /*xi*/) const override
  {
    const StillingerWeberEntry &pair = parameters_(i, j, j);
    const double x = r / pair.sigma, scale = pair.A * pair.epsilon;
    // The powers are functions of r/sigma.
    Radial core = inverse_power(scale * pair.B, pair.p, x) - inverse_power(scale, pair.q, x);
    core.df /= pair.sigma;
    core.d2f /= pair.sigma * pair.sigma;
    const Radial v2 = core * vanishing(pair.sigma, pair.a * pair.sigma, r);
    return {v2.df, 1.0, v2.d2f, 0.0, 0.0};
  }

  AngleDerivatives theta(int i, const Leg &j, const Leg &k, double c) const override
  {
    const Radial bend = angle(i, j.element, k.element, c) + angle(i, k.element, j.element, c);
    const Radial &e_j = j.radial, &e_k = k.radial;
    AngleDerivatives t;
    t.value = e_j.f * e_k.f * bend.f;
    t.j = e_j.df * e_k.f * bend.f;
    t.k = e_j.f * e_k.df * bend.f;
    t.c = e_j.f * e_k.f * bend.df;
    t.jj = e_j.d2f * e_k.f * bend.f;
    t.kk = e_j.f * e_k.d2f * bend.f;
    t.jk = e_j.df * e_k.df * bend.f;
    t.jc = e_j.df * e_k.f * bend.df;
    t.kc = e_j.f * e_k.df * bend.df;
    t.cc = e_j.f * e_k.f * bend.d2f;
    return t;
  }

  bool additive() const override { return true; }

 private:
  /// lambda epsilon
  double strength(int i, int j, int k) const
  {
    return parameters_(i, j, k).lambda * parameters_(i, j, k).epsilon;
  }

  /// Half of lambda epsilon (cos theta - cos theta0)^2, by cos theta.
  Radial angle(int i, int j, int k, double c) const
  {
    const double half = 0.5 * strength(i, j, k), bend = c - parameters_(i, j, k).cos_theta0;
    return {half * bend * bend, 2.0 * half * bend, 2.0 * half};
  }

  TripletTable<StillingerWeberEntry> parameters_;
  TripletTable<double> cutoff_;
};

}    // namespace

std::unique_ptr<SiteRule> make_stillinger_weber_rule(TripletTable<StillingerWeberEntry> parameters,
                                                     std::vector<int> element_t)
{
  return std::make_unique<BondOrderRule>(std::make_unique<StillingerWeber>(std::move(parameters)),
                                         std::move(element_t));
}

}    // namespace glass
