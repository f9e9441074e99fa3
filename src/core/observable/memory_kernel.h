// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_MEMORY_KERNEL_H
#define GLASS_MEMORY_KERNEL_H

#include <vector>

namespace glass {

/// Stationary correlation functions of one Cartesian momentum P and its force F = dP/dt, at lags k
/// = 0 ... n of the spacing delta.
struct MomentumCorrelations {
  std::vector<double> pp_k;    ///< <P(0) P(k)>
  std::vector<double> fp_k;    ///< (<F(0) P(k)> - <P(0) F(k)>)/2, which time reversal makes equal
  std::vector<double> ff_k;    ///< <F(0) F(k)>
};

/// How the generalised Langevin equation dP/dt = -int_0^t v(s) P(t-s)/m ds + F_r is solved for v.
enum class KernelForm {
  /// From differences of momenta, the impulses of the force: of second order in the spacing, and
  /// stable for sparse samples and for kernels with a plateau.
  impulse,
  /// Projected forces by the trapezoid rule, of second order: Carof, Vuilleumier and Rotenberg, J.
  /// Chem. Phys. 140, 124103 (2014).
  trapezoid,
  /// The Volterra equation of the second kind of <F F> and <F P>, by the trapezoid rule.
  volterra
};

/// v(t) = <F F_r(t)>/(k_B T), F_r the force under Mori's projected dynamics (energy/distance^2),
/// and the running friction rate beta(t) = (1/m) int_0^t v ds (1/time), at the lags of the
/// correlations. beta(inf) = k_B T/(m D).
struct MemoryKernel {
  std::vector<double> v_k, beta_k;
};

/// The kernel of given correlations. It is not linear in them: average correlations, not kernels.
/// Momenta are in units with dP/dt = F, and `inertia` is m in P = m dx/dt, so that k_B T =
/// <P^2>/inertia; n^2 operations. Zero throughout if <P^2> is.
/// @throws std::invalid_argument for lists of different lengths, or none, and unless spacing > 0
/// and
///   inertia > 0
MemoryKernel memory_kernel(const MomentumCorrelations &correlations, double spacing, double inertia,
                           KernelForm form);

/// nu(omega) = int_0^(n delta) nu(t) exp(-i omega t) dt = real_j - i minus_imaginary_j at omega_j =
/// pi j/(n delta), j = 0 ... n, exact for the polygon through nu_k. In the unit of nu times that of
/// the spacing.
struct KernelSpectrum {
  std::vector<double> real_j, minus_imaginary_j;
};

/// @throws std::invalid_argument for fewer than two values, and unless spacing > 0
KernelSpectrum kernel_spectrum(const std::vector<double> &nu_k, double spacing);

}    // namespace glass

#endif
