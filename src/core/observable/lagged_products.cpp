// Part of lammps-glass, GPL-2.0.

#include "lagged_products.h"

#include <algorithm>
#include <functional>

namespace glass {

namespace {

// Below this number of new samples at a time, transforms are mostly overhead.
constexpr std::size_t smallest_block = 64;

/// sum += scale conj(a) b
void add_product(const std::vector<double> &a_real, const std::vector<double> &a_imaginary,
                 const std::vector<double> &b_real, const std::vector<double> &b_imaginary,
                 double scale, std::vector<double> &sum_real, std::vector<double> &sum_imaginary)
{
  for (std::size_t j = 0; j < sum_real.size(); ++j) {
    sum_real[j] += scale * (a_real[j] * b_real[j] + a_imaginary[j] * b_imaginary[j]);
    sum_imaginary[j] += scale * (a_real[j] * b_imaginary[j] - a_imaginary[j] * b_real[j]);
  }
}

template <typename Operation>
void combine(LagSums &sums, const LagSums &other, const Operation &operation)
{
  for (std::size_t l = 0; l < sums.lists().size(); ++l) {
    std::vector<double> &list = *sums.lists()[l];
    std::transform(list.begin(), list.end(), other.lists()[l]->begin(), list.begin(), operation);
  }
}

}    // namespace

LagSums &LagSums::operator+=(const LagSums &other)
{
  combine(*this, other, std::plus<>());
  return *this;
}

LagSums &LagSums::operator-=(const LagSums &other)
{
  combine(*this, other, std::minus<>());
  return *this;
}

std::size_t LaggedProducts::efficient_block(std::size_t lags)
{
  return fast_fft_size(lags + std::max(lags / 2, smallest_block)) - lags;
}

double LaggedProducts::bytes(std::size_t lags, std::size_t block)
{
  const auto n = static_cast<double>(fast_fft_size(lags + block));
  return sizeof(double) * (n + (n / 2 + 1) * (2 + 2 * 7));
}

LaggedProducts::LaggedProducts(std::size_t lags, std::size_t block) :
    lags_(lags), fft_(fast_fft_size(lags + block)), whole_p_(fft_.n_frequencies()),
    whole_f_(fft_.n_frequencies()), new_p_(fft_.n_frequencies()), new_f_(fft_.n_frequencies()),
    pp_(fft_.n_frequencies()), fp_(fft_.n_frequencies()), ff_(fft_.n_frequencies())
{
}

/* ----------------------------------------------------------------------
   New samples begin at element `lags` of the series, so that none of the lags
   wraps around: old samples fill what is before, zeros the rest.
------------------------------------------------------------------------- */

void LaggedProducts::transform(const double *old_x, std::size_t n_old, const double *new_x,
                               std::size_t n_new, Spectrum &whole, Spectrum &newest)
{
  const auto run = [this](Spectrum &result) {
    fft_.forward();
    for (std::size_t j = 0; j < result.real.size(); ++j) {
      result.real[j] = fft_.spectrum()[j].real();
      result.imaginary[j] = fft_.spectrum()[j].imag();
    }
  };
  double *const series = fft_.series();
  const auto fill_new = [&] {
    std::copy(new_x, new_x + n_new, series + lags_);
    std::fill(series + lags_ + n_new, series + fft_.size(), 0.0);
  };
  std::fill(series, series + lags_, 0.0);
  fill_new();
  run(newest);
  std::fill(series, series + lags_ - n_old, 0.0);
  std::copy(old_x, old_x + n_old, series + lags_ - n_old);
  fill_new();
  run(whole);
}

void LaggedProducts::add(const double *old_p, const double *old_f, std::size_t n_old,
                         const double *new_p, const double *new_f, std::size_t n_new)
{
  transform(old_p, n_old, new_p, n_new, whole_p_, new_p_);
  transform(old_f, n_old, new_f, n_new, whole_f_, new_f_);
  const auto add = [](const Spectrum &a, const Spectrum &b, double scale, Spectrum &sum) {
    add_product(a.real, a.imaginary, b.real, b.imaginary, scale, sum.real, sum.imaginary);
  };
  add(whole_p_, new_p_, 1.0, pp_);
  add(whole_f_, new_f_, 1.0, ff_);
  add(whole_f_, new_p_, 0.5, fp_);
  add(whole_p_, new_f_, -0.5, fp_);
}

std::vector<double> LaggedProducts::lags_of(const Spectrum &cross)
{
  for (std::size_t j = 0; j < cross.real.size(); ++j)
    fft_.spectrum()[j] = {cross.real[j], cross.imaginary[j]};
  fft_.inverse();
  std::vector<double> sum_k(fft_.series(), fft_.series() + lags_ + 1);
  for (double &sum : sum_k)
    sum /= static_cast<double>(fft_.size());
  return sum_k;
}

LagSums LaggedProducts::take()
{
  LagSums sums(lags_);
  sums.pp_k = lags_of(pp_);
  sums.fp_k = lags_of(fp_);
  sums.ff_k = lags_of(ff_);
  sums.fp_k[0] = 0.0;    // F P - P F
  for (Spectrum *spectrum : {&pp_, &fp_, &ff_}) {
    std::fill(spectrum->real.begin(), spectrum->real.end(), 0.0);
    std::fill(spectrum->imaginary.begin(), spectrum->imaginary.end(), 0.0);
  }
  return sums;
}

}    // namespace glass
