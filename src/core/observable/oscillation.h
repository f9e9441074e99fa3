// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_OSCILLATION_H
#define GLASS_OSCILLATION_H

#include "span.h"

#include <array>
#include <cstdint>
#include <limits>

namespace glass {

/// Sine and cosine of an angle.
struct Phasor {
  double sine = 0.0, cosine = 1.0;
};

/// Of the angle theta = 2 pi phase/phases, phase >= 0. Whole cycles are taken off first: the sine
/// at their ends is zero, not some 1e-16.
Phasor phasor(std::int64_t phase, std::int64_t phases);

constexpr int n_harmonics = 3;
/// Fewer samples in a cycle do not tell the harmonics apart.
constexpr std::int64_t fewest_samples = 2 * n_harmonics + 1;

/// offset + sum_h [ in_phase_h sin(h theta) + out_of_phase_h cos(h theta) ], h = 1, 2, 3 (index h -
/// 1), in the unit of the signal.
struct Oscillation {
  double offset = 0.0;
  std::array<double, n_harmonics> in_phase_h{}, out_of_phase_h{};

  double amplitude(int h) const;    ///< sqrt(in_phase_h^2 + out_of_phase_h^2)
};

/// What has to be known of a signal to fit an Oscillation to it by least squares. For samples that
/// are spread evenly over whole cycles the seven functions are orthogonal, so that sums of the
/// signal times each of them are all there is to solve: nothing is stored. A plain value, to be
/// written to restart files as it is.
struct OscillationSums {
  double n = 0.0;    ///< samples
  std::array<double, 2 * n_harmonics + 1>
      sum_k{};    ///< times 1, sin theta, cos theta, sin 2 theta ...

  void add(const Phasor &angle, double value);
  /// The fit. Throws std::invalid_argument for fewer than fewest_samples.
  Oscillation fit() const;
};

/// What a stress sigma_0 + sigma_A sin(theta + delta) + ... says of a solid under the strain
/// gamma_A sin(theta) (Yu et al., Natl. Sci. Rev. (2024), Eqs. 4-6).
struct DynamicModulus {
  double storage = 0.0;        ///< G' = (sigma_A/gamma_A) cos delta, unit of the stress
  double loss = 0.0;           ///< G'' = (sigma_A/gamma_A) sin delta, unit of the stress
  double delta = 0.0;          ///< phase by which the stress leads, radians, in (-pi, pi]
  double mean_stress = 0.0;    ///< sigma_0
  double second = 0.0,
         third = 0.0;    ///< |sigma_2|/|sigma_1|, |sigma_3|/|sigma_1|; 0 if sigma_1 is 0
};

/// Throws std::invalid_argument unless strain_amplitude > 0.
DynamicModulus dynamic_modulus(const Oscillation &stress, double strain_amplitude);

/// Over cycles: means, and the standard errors that their scatter implies, infinite below two
/// cycles. Harmonics are averaged with their phases; delta is that of the mean G' and G'', and its
/// error follows from theirs and from their covariance, to first order.
struct MeanModulus {
  DynamicModulus mean;
  double storage_error = std::numeric_limits<double>::infinity();
  double loss_error = std::numeric_limits<double>::infinity();
  double delta_error = std::numeric_limits<double>::infinity();
  double mean_stress_error = std::numeric_limits<double>::infinity();
};

/// All zero, with infinite errors, for no cycle. Throws as dynamic_modulus.
MeanModulus mean_modulus(Span<const Oscillation> stress_of_cycle, double strain_amplitude);

}    // namespace glass

#endif
