// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_LAGGED_PRODUCTS_H
#define GLASS_LAGGED_PRODUCTS_H

#include "fourier/real_fft.h"

#include <array>
#include <cstddef>
#include <vector>

namespace glass {

/// Sums of products at lags k = 0 ... n over degrees of freedom and pairs of samples.
struct LagSums {
  std::vector<double> pp_k;    ///< sum of P(0) P(k)
  std::vector<double> fp_k;    ///< sum of (F(0) P(k) - P(0) F(k))/2
  std::vector<double> ff_k;    ///< sum of F(0) F(k)

  explicit LagSums(std::size_t n_lags = 0) : pp_k(n_lags + 1), fp_k(n_lags + 1), ff_k(n_lags + 1) {}
  /// All three, in this order.
  std::array<std::vector<double> *, 3> lists() { return {&pp_k, &fp_k, &ff_k}; }
  std::array<const std::vector<double> *, 3> lists() const { return {&pp_k, &fp_k, &ff_k}; }
  LagSums &operator+=(const LagSums &other);
  LagSums &operator-=(const LagSums &other);
};

/// Sums the products of every new sample of a series with itself and with those up to `lags` before
/// it, for one degree of freedom after the other. By Fourier transforms of the lags and the new
/// samples together: some log(lags) operations a sample and degree instead of lags. Cross spectra
/// are added up; lags are needed only once, at the end.
class LaggedProducts {
 public:
  /// For at most `block` new samples at a time.
  LaggedProducts(std::size_t lags, std::size_t block);

  /// The number of new samples that makes transforms of `lags` and them efficient: about half the
  /// lags, so that the history grows by no more than that, in a fast length.
  static std::size_t efficient_block(std::size_t lags);
  /// Bytes that an object holds.
  static double bytes(std::size_t lags, std::size_t block);

  /// One degree of freedom: the samples of momentum and force before the new ones, n_old <= lags of
  /// them, oldest first, then the n_new.
  void add(const double *old_p, const double *old_f, std::size_t n_old, const double *new_p,
           const double *new_f, std::size_t n_new);

  /// What was added since the last call.
  LagSums take();

 private:
  struct Spectrum {
    std::vector<double> real, imaginary;
    explicit Spectrum(std::size_t n) : real(n), imaginary(n) {}
  };

  void transform(const double *old_x, std::size_t n_old, const double *new_x, std::size_t n_new,
                 Spectrum &whole, Spectrum &newest);
  std::vector<double> lags_of(const Spectrum &cross);

  std::size_t lags_;
  RealFFT fft_;
  Spectrum whole_p_, whole_f_, new_p_, new_f_;
  Spectrum pp_, fp_, ff_;
};

}    // namespace glass

#endif
