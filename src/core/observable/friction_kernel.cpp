// Part of lammps-glass, GPL-2.0.

#include "friction_kernel.h"

#include "../pi.h"

#include <cmath>
#include <sstream>
#include <stdexcept>

namespace glass {

namespace {

using Complex = std::complex<double>;
constexpr Complex imaginary_unit(0.0, 1.0);

class ConstantKernel : public FrictionKernel {
 public:
  explicit ConstantKernel(double rate) : rate_(rate) {}
  Complex spectrum(double /*omega*/) const override { return rate_; }

 private:
  double rate_;
};

class StretchedKernel : public FrictionKernel {
 public:
  StretchedKernel(double nu_0, double r, double b) : nu_0_(nu_0), tau_(std::pow(r, -1.0 / b)), b_(b)
  {
    if (!(r > 0.0) || !(b >= 0.05 && b <= 2.0) || !std::isfinite(tau_))
      throw std::invalid_argument("a stretched kernel needs r > 0 and 0.05 <= b <= 2");
  }

  Complex spectrum(double omega) const override
  {
    const double phi = PI / (4.0 * std::max(1.0, b_));
    const Complex turn = std::polar(1.0, -phi), power = std::polar(1.0, -b_ * phi);
    const double x = omega * tau_;
    // s from where it adds nothing to where exp(-s^b cos(b phi)) or exp(-x s sin(phi)) has died.
    // The smaller b, the farther: s exp(-s^b) has its maximum at s^b = 1/b.
    constexpr double step = 0.05;
    const double vanishing = 45.0 + 10.0 / b_;
    const int n_steps = static_cast<int>((60.0 + 3.0 / b_) / step);
    double end = std::pow(vanishing / std::cos(b_ * phi), 1.0 / b_);
    if (x > 0.0) end = std::min(end, vanishing / (x * std::sin(phi)));
    Complex sum = 0.0;
    for (int k = 0; k < n_steps; ++k) {
      const double s = end * std::exp(-k * step);
      sum += s * std::exp(-std::pow(s, b_) * power - imaginary_unit * x * s * turn);
    }
    return nu_0_ * tau_ * step * turn * sum;
  }

 private:
  double nu_0_, tau_, b_;
};

class PronyKernel : public FrictionKernel {
 public:
  PronyKernel(std::vector<double> nu_k, std::vector<double> tau_k) :
      nu_k_(std::move(nu_k)), tau_k_(std::move(tau_k))
  {
    bool positive = nu_k_.size() == tau_k_.size() && !tau_k_.empty();
    for (const double tau : tau_k_)
      positive = positive && tau > 0.0;
    if (!positive) throw std::invalid_argument("a Prony kernel needs a time > 0 for every term");
  }

  Complex spectrum(double omega) const override
  {
    Complex sum = 0.0;
    for (std::size_t k = 0; k < nu_k_.size(); ++k)
      sum += nu_k_[k] * tau_k_[k] / Complex(1.0, omega * tau_k_[k]);
    return sum;
  }

 private:
  std::vector<double> nu_k_, tau_k_;
};

/// int_0^1 exp(-i theta s) ds and int_0^1 s exp(-i theta s) ds.
struct UnitIntegrals {
  Complex of_one, of_s;
};

UnitIntegrals unit_integrals(double theta)
{
  if (std::abs(theta) < 0.3) {    // sums of (-i theta)^n/n! times 1/(n+1), 1/(n+2)
    UnitIntegrals sums{0.0, 0.0};
    Complex term = 1.0;
    for (int n = 0; n < 14; ++n) {
      sums.of_one += term / (n + 1.0);
      sums.of_s += term / (n + 2.0);
      term *= Complex(0.0, -theta) / (n + 1.0);
    }
    return sums;
  }
  const Complex end = std::polar(1.0, -theta), factor(0.0, 1.0 / theta);
  const Complex of_one = factor * (end - 1.0);
  return {of_one, factor * (end - of_one)};
}

class TabulatedKernel : public FrictionKernel {
 public:
  TabulatedKernel(std::vector<double> t_k, std::vector<double> nu_k) :
      t_k_(std::move(t_k)), nu_k_(std::move(nu_k))
  {
    if (t_k_.size() < 2 || t_k_.size() != nu_k_.size())
      throw std::invalid_argument("a tabulated kernel needs two or more rows");
    if (t_k_[0] != 0.0) throw std::invalid_argument("a tabulated kernel must begin at t = 0");
    for (std::size_t k = 0; k < t_k_.size(); ++k)
      if (!std::isfinite(nu_k_[k]) || !std::isfinite(t_k_[k]) || (k > 0 && t_k_[k] <= t_k_[k - 1]))
        throw std::invalid_argument("row " + std::to_string(k + 1) +
                                    " of a tabulated kernel is not finite or its time is not "
                                    "above that of the row before");
  }

  Complex spectrum(double omega) const override
  {
    Complex sum = 0.0;
    for (std::size_t k = 0; k + 1 < t_k_.size(); ++k) {
      const double length = t_k_[k + 1] - t_k_[k];
      const UnitIntegrals unit = unit_integrals(omega * length);
      sum += std::polar(length, -omega * t_k_[k]) *
             (nu_k_[k] * unit.of_one + (nu_k_[k + 1] - nu_k_[k]) * unit.of_s);
    }
    return sum;
  }

 private:
  std::vector<double> t_k_, nu_k_;
};

/// The first `n_columns` numbers of every line that has any.
std::vector<std::vector<double>> read_columns(const std::string &text, std::size_t n_columns)
{
  std::vector<std::vector<double>> value_ck(n_columns);
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::istringstream words(line);
    std::string word;
    for (std::size_t c = 0; c < n_columns; ++c) {
      char *end = nullptr;
      const double value = words >> word ? std::strtod(word.c_str(), &end) : 0.0;
      if (end == nullptr || *end != '\0')
        throw std::invalid_argument("line " + std::to_string(number) + " has no " +
                                    std::to_string(n_columns) + " numbers");
      value_ck[c].push_back(value);
    }
  }
  return value_ck;
}

}    // namespace

std::unique_ptr<FrictionKernel> constant_kernel(double rate)
{
  return std::make_unique<ConstantKernel>(rate);
}

std::unique_ptr<FrictionKernel> stretched_kernel(double nu_0, double r, double b)
{
  return std::make_unique<StretchedKernel>(nu_0, r, b);
}

std::unique_ptr<FrictionKernel> prony_kernel(std::vector<double> nu_k, std::vector<double> tau_k)
{
  return std::make_unique<PronyKernel>(std::move(nu_k), std::move(tau_k));
}

std::unique_ptr<FrictionKernel> tabulated_kernel(std::vector<double> t_k, std::vector<double> nu_k)
{
  return std::make_unique<TabulatedKernel>(std::move(t_k), std::move(nu_k));
}

std::unique_ptr<FrictionKernel> parse_table(const std::string &text)
{
  std::vector<std::vector<double>> column = read_columns(text, 2);
  return tabulated_kernel(std::move(column[0]), std::move(column[1]));
}

std::unique_ptr<FrictionKernel> parse_memory_table(const std::string &text)
{
  std::vector<std::vector<double>> column = read_columns(text, 7);
  const std::vector<double> &t_k = column[0];
  std::vector<double> &v_k = column[2];
  const double nu_1 = column[6].empty() ? 0.0 : column[6][0];
  double integral = 0.0;
  for (std::size_t k = 0; k + 1 < t_k.size(); ++k)
    integral += 0.5 * (v_k[k] + v_k[k + 1]) * (t_k[k + 1] - t_k[k]);
  if (!(nu_1 > 0.0) || !(integral > 0.0))
    throw std::invalid_argument("the friction rate in its column nu1 is not above zero: the fix "
                                "had no results yet, or has sampled too little");
  for (double &v : v_k)
    v *= nu_1 / integral;
  return tabulated_kernel(column[0], std::move(v_k));
}

}    // namespace glass
