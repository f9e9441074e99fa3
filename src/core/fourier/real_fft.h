// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_REAL_FFT_H
#define GLASS_REAL_FFT_H

#include <complex>
#include <cstddef>
#include <memory>

namespace glass {

/// The least even number >= n without prime factors other than 2, 3, 5 and 7: lengths at which
/// FFTW is fast.
std::size_t fast_fft_size(std::size_t n);

/// Discrete Fourier transform of a real series of fixed length n, by FFTW. Plans are estimated, not
/// measured, so that the same input gives the same bits in every run.
class RealFFT {
 public:
  /// Throws std::invalid_argument unless n >= 1.
  explicit RealFFT(std::size_t n);
  ~RealFFT();
  RealFFT(const RealFFT &) = delete;
  RealFFT &operator=(const RealFFT &) = delete;

  std::size_t size() const { return n_; }
  std::size_t n_frequencies() const { return n_ / 2 + 1; }

  /// Where the series goes, and where it is after inverse(): n elements.
  double *series() { return series_; }
  /// n/2 + 1 elements; forward() fills them, inverse() reads and spoils them.
  std::complex<double> *spectrum() { return spectrum_; }

  /// spectrum_j = sum_k series_k exp(-2 pi i j k/n).
  void forward();
  /// series_k = sum over all n frequencies, spectrum_j exp(2 pi i j k/n): n times what forward()
  /// was given.
  void inverse();

 private:
  struct Plans;
  std::size_t n_;
  double *series_ = nullptr;
  std::complex<double> *spectrum_ = nullptr;
  std::unique_ptr<Plans> plans_;
};

}    // namespace glass

#endif
