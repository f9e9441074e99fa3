// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_RADIAL_H
#define GLASS_RADIAL_H

#include <cmath>

namespace glass {

/// A function of one variable, mostly a distance, with its first two derivatives at one place.
/// Sums and products of such follow the rules of calculus, which spares writing them out.
struct Radial {
  double f = 0.0, df = 0.0, d2f = 0.0;
};

inline Radial operator+(const Radial &a, const Radial &b)
{
  return {a.f + b.f, a.df + b.df, a.d2f + b.d2f};
}

inline Radial operator-(const Radial &a, const Radial &b)
{
  return {a.f - b.f, a.df - b.df, a.d2f - b.d2f};
}

inline Radial operator*(const Radial &a, const Radial &b)
{
  return {a.f * b.f, a.df * b.f + a.f * b.df, a.d2f * b.f + 2.0 * a.df * b.df + a.f * b.d2f};
}

inline Radial operator*(double factor, const Radial &a)
{
  return {factor * a.f, factor * a.df, factor * a.d2f};
}

/// exp(-rate x)
inline Radial decay(double rate, double x)
{
  const double f = std::exp(-rate * x);
  return {f, -rate * f, rate * rate * f};
}

}    // namespace glass

#endif
