// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_NO_MINIMUM_H
#define GLASS_NO_MINIMUM_H

#include <cstdio>
#include <stdexcept>
#include <string>

namespace glass {

/// The response of a configuration was asked for that is no minimum of the energy: the Hessian has
/// a direction, other than uniform translations, along which the energy falls or does not change.
class NoMinimum : public std::runtime_error {
 public:
  /// @param finding  what was found, to follow a colon
  explicit NoMinimum(const std::string &finding) :
      std::runtime_error("the configuration is no minimum of the potential energy: " + finding)
  {
  }

  /// @param value  energy/distance^2, to follow the finding
  NoMinimum(const std::string &finding, double value) : NoMinimum(finding + ", " + text(value)) {}

 private:
  static std::string text(double value)
  {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.4g", value);
    return digits;
  }
};

}    // namespace glass

#endif
