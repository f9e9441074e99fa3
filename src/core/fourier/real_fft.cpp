// Part of lammps-glass, GPL-2.0.

#include "real_fft.h"

#include <new>
#include <stdexcept>

#include <fftw3.h>

namespace glass {

std::size_t fast_fft_size(std::size_t n)
{
  for (std::size_t size = n + n % 2;; size += 2) {
    std::size_t rest = size;
    for (const std::size_t factor : {2, 3, 5, 7})
      while (rest > 1 && rest % factor == 0)
        rest /= factor;
    if (rest == 1) return size;
  }
}

struct RealFFT::Plans {
  fftw_plan forward, inverse;

  Plans(std::size_t n, double *series, std::complex<double> *spectrum)
  {
    auto *const complex = reinterpret_cast<fftw_complex *>(spectrum);
    const int length = static_cast<int>(n);
    forward = fftw_plan_dft_r2c_1d(length, series, complex, FFTW_ESTIMATE);
    inverse = fftw_plan_dft_c2r_1d(length, complex, series, FFTW_ESTIMATE);
  }
  ~Plans()
  {
    fftw_destroy_plan(forward);
    fftw_destroy_plan(inverse);
  }
  Plans(const Plans &) = delete;
  Plans &operator=(const Plans &) = delete;
};

RealFFT::RealFFT(std::size_t n) : n_(n)
{
  if (n < 1) throw std::invalid_argument("a Fourier transform needs at least one element");
  series_ = fftw_alloc_real(n);
  spectrum_ = reinterpret_cast<std::complex<double> *>(fftw_alloc_complex(n_frequencies()));
  if (!series_ || !spectrum_) throw std::bad_alloc();
  plans_ = std::make_unique<Plans>(n, series_, spectrum_);
}

RealFFT::~RealFFT()
{
  plans_.reset();
  fftw_free(series_);
  fftw_free(spectrum_);
}

void RealFFT::forward()
{
  fftw_execute(plans_->forward);
}

void RealFFT::inverse()
{
  fftw_execute(plans_->inverse);
}

}    // namespace glass
