// Part of lammps-glass, GPL-2.0.

#include "tall_skinny.h"

#include "../vector_clones.h"

namespace glass {

namespace {

template <int width>
GLASS_INLINE void add_gram_of(const double *x, int k, const double *y, Eigen::Index n, double *gram)
{
  for (Eigen::Index r = 0; r < n; ++r, x += k, y += width)
    for (int a = 0; a < k; ++a)
      for (int b = 0; b < width; ++b)
        gram[a * width + b] += x[a] * y[b];
}

template <int width>
GLASS_INLINE void add_times_of(const double *x, int k, const double *m, Eigen::Index n, double *y)
{
  for (Eigen::Index r = 0; r < n; ++r, x += k, y += width) {
    double sum[width];
    for (int b = 0; b < width; ++b)
      sum[b] = y[b];
    for (int a = 0; a < k; ++a)
      for (int b = 0; b < width; ++b)
        sum[b] += x[a] * m[a * width + b];
    for (int b = 0; b < width; ++b)
      y[b] = sum[b];
  }
}

GLASS_VECTOR_CLONES void dispatch_gram(const double *x, int k, const double *y, int width,
                                       Eigen::Index n, double *gram)
{
  switch (width) {
    case 1: return add_gram_of<1>(x, k, y, n, gram);
    case 2: return add_gram_of<2>(x, k, y, n, gram);
    case 3: return add_gram_of<3>(x, k, y, n, gram);
    case 4: return add_gram_of<4>(x, k, y, n, gram);
    case 5: return add_gram_of<5>(x, k, y, n, gram);
    case 6: return add_gram_of<6>(x, k, y, n, gram);
    case 7: return add_gram_of<7>(x, k, y, n, gram);
    case 8: return add_gram_of<8>(x, k, y, n, gram);
    default: break;
  }
}

GLASS_VECTOR_CLONES void dispatch_times(const double *x, int k, const double *m, int width,
                                        Eigen::Index n, double *y)
{
  switch (width) {
    case 1: return add_times_of<1>(x, k, m, n, y);
    case 2: return add_times_of<2>(x, k, m, n, y);
    case 3: return add_times_of<3>(x, k, m, n, y);
    case 4: return add_times_of<4>(x, k, m, n, y);
    case 5: return add_times_of<5>(x, k, m, n, y);
    case 6: return add_times_of<6>(x, k, m, n, y);
    case 7: return add_times_of<7>(x, k, m, n, y);
    case 8: return add_times_of<8>(x, k, m, n, y);
    default: break;
  }
}

}    // namespace

void add_gram(const double *x, const double *y, Eigen::Index n, SmallMatrix &gram)
{
  dispatch_gram(x, static_cast<int>(gram.rows()), y, static_cast<int>(gram.cols()), n, gram.data());
}

void add_times(const double *x, const SmallMatrix &m, Eigen::Index n, double *y)
{
  dispatch_times(x, static_cast<int>(m.rows()), m.data(), static_cast<int>(m.cols()), n, y);
}

}    // namespace glass
