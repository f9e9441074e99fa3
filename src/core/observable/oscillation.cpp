// Part of lammps-glass, GPL-2.0.

#include "oscillation.h"

#include <cmath>
#include <stdexcept>

namespace glass {

Phasor phasor(std::int64_t phase, std::int64_t phases)
{
  constexpr double two_pi = 6.283185307179586476925;
  const double theta = two_pi * (static_cast<double>(phase % phases) / static_cast<double>(phases));
  return {std::sin(theta), std::cos(theta)};
}

double Oscillation::amplitude(int h) const
{
  return std::hypot(in_phase_h[h - 1], out_of_phase_h[h - 1]);
}

void OscillationSums::add(const Phasor &angle, double value)
{
  n += 1.0;
  sum_k[0] += value;
  Phasor multiple = angle;
  for (int h = 1; h <= n_harmonics; ++h) {
    sum_k[2 * h - 1] += value * multiple.sine;
    sum_k[2 * h] += value * multiple.cosine;
    multiple = {multiple.sine * angle.cosine + multiple.cosine * angle.sine,
                multiple.cosine * angle.cosine - multiple.sine * angle.sine};
  }
}

Oscillation OscillationSums::fit() const
{
  if (n < fewest_samples)
    throw std::invalid_argument("a cycle needs at least 7 samples for three harmonics");
  Oscillation result;
  result.offset = sum_k[0] / n;
  for (int h = 1; h <= n_harmonics; ++h) {
    result.in_phase_h[h - 1] = 2.0 * sum_k[2 * h - 1] / n;
    result.out_of_phase_h[h - 1] = 2.0 * sum_k[2 * h] / n;
  }
  return result;
}

DynamicModulus dynamic_modulus(const Oscillation &stress, double strain_amplitude)
{
  if (!(strain_amplitude > 0.0)) throw std::invalid_argument("the strain amplitude must be > 0");
  DynamicModulus result;
  result.storage = stress.in_phase_h[0] / strain_amplitude;
  result.loss = stress.out_of_phase_h[0] / strain_amplitude;
  result.delta = std::atan2(result.loss, result.storage);
  result.mean_stress = stress.offset;
  const double first = stress.amplitude(1);
  if (first > 0.0) {
    result.second = stress.amplitude(2) / first;
    result.third = stress.amplitude(3) / first;
  }
  return result;
}

MeanModulus mean_modulus(Span<const Oscillation> stress_of_cycle, double strain_amplitude)
{
  MeanModulus result;
  const auto n = static_cast<double>(stress_of_cycle.size());
  if (n < 1.0) return result;

  Oscillation mean;
  for (const Oscillation &stress : stress_of_cycle) {
    mean.offset += stress.offset / n;
    for (int h = 0; h < n_harmonics; ++h) {
      mean.in_phase_h[h] += stress.in_phase_h[h] / n;
      mean.out_of_phase_h[h] += stress.out_of_phase_h[h] / n;
    }
  }
  result.mean = dynamic_modulus(mean, strain_amplitude);
  if (n < 2.0) return result;

  double storage_variance = 0.0, loss_variance = 0.0, covariance = 0.0, offset_variance = 0.0;
  const double of_mean = 1.0 / (n * (n - 1.0));
  for (const Oscillation &stress : stress_of_cycle) {
    const double storage = stress.in_phase_h[0] / strain_amplitude - result.mean.storage;
    const double loss = stress.out_of_phase_h[0] / strain_amplitude - result.mean.loss;
    const double offset = stress.offset - mean.offset;
    storage_variance += storage * storage * of_mean;
    loss_variance += loss * loss * of_mean;
    covariance += storage * loss * of_mean;
    offset_variance += offset * offset * of_mean;
  }
  result.storage_error = std::sqrt(storage_variance);
  result.loss_error = std::sqrt(loss_variance);
  result.mean_stress_error = std::sqrt(offset_variance);

  // d delta = (G' dG'' - G'' dG') / |G*|^2
  const double g1 = result.mean.storage, g2 = result.mean.loss;
  const double magnitude_squared = g1 * g1 + g2 * g2;
  const double variance =
      g1 * g1 * loss_variance + g2 * g2 * storage_variance - 2.0 * g1 * g2 * covariance;
  if (magnitude_squared > 0.0)
    result.delta_error = std::sqrt(std::fmax(variance, 0.0)) / magnitude_squared;
  return result;
}

}    // namespace glass
