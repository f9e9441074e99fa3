// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_FRICTION_KERNEL_H
#define GLASS_FRICTION_KERNEL_H

#include <complex>
#include <memory>
#include <string>
#include <vector>

namespace glass {

/// The mass-scaled memory kernel nu(t), 1/time^2, that damps the modes, by its spectrum
///
///   nu~(omega) = int_0^inf nu(t) exp(-i omega t) dt = nu_1 - i nu_2,  1/time, omega >= 0.
///
/// The first term of Cui et al., Phys. Rev. B 96, 094203 (2017), Eq. 5, has it as i omega nu~.
class FrictionKernel {
 public:
  virtual ~FrictionKernel() = default;
  virtual std::complex<double> spectrum(double omega) const = 0;
};

/// nu~ = nu_0 at all omega: friction without memory.
std::unique_ptr<FrictionKernel> constant_kernel(double rate);

/// nu(t) = nu_0 exp(-r t^b). With x = omega tau, tau = r^(-1/b),
///
///   nu~ = nu_0 tau int_0^inf exp(-u^b - i x u) du,
///
/// along u = s exp(-i phi), phi = pi/(4 max(1, b)), where the integrand decays without oscillating
/// at any x, and in ln s, where the trapezoid rule converges exponentially: to 1e-12 of |nu~|.
/// @throws std::invalid_argument unless r > 0 and 0.05 <= b <= 2
std::unique_ptr<FrictionKernel> stretched_kernel(double nu_0, double r, double b);

/// nu(t) = sum_k nu_k exp(-t/tau_k): nu~ = sum_k nu_k tau_k/(1 + i omega tau_k).
/// @throws std::invalid_argument unless all tau > 0 and there are as many of both
std::unique_ptr<FrictionKernel> prony_kernel(std::vector<double> nu_k, std::vector<double> tau_k);

/// Linear between the rows of a table, zero beyond the last; the transform of that is exact.
/// @throws std::invalid_argument unless there are two or more rows, times ascend from 0, and all
///         numbers are finite
std::unique_ptr<FrictionKernel> tabulated_kernel(std::vector<double> t_k, std::vector<double> nu_k);

/// Rows of two numbers a line, t and nu(t); # begins a comment.
/// @throws std::invalid_argument as tabulated_kernel, and with the number of a line without two
///         numbers
std::unique_ptr<FrictionKernel> parse_table(const std::string &text);

/// The table that fix glass/memory writes: its columns 1, 3 and 7, t, v and nu_1, of the whole
/// group. nu = v/m, and m is such that the integral of nu is nu_1 at omega = 0.
/// @throws std::invalid_argument as parse_table, and if nu_1 or the integral of v is not above zero
std::unique_ptr<FrictionKernel> parse_memory_table(const std::string &text);

}    // namespace glass

#endif
