// Part of lammps-glass, GPL-2.0.

#ifndef LMP_STRAINED_BOX_H
#define LMP_STRAINED_BOX_H

#include "pointers.h"

#include <array>
#include <string>

namespace LAMMPS_NS {

/// The simulation box under one component of strain relative to a reference box: the homogeneous
/// deformation x_k -> x_k + epsilon x_l of the reference, with the box centre at rest along a
/// stretched direction. Whatever else changes the box meanwhile (a barostat on other directions) is
/// left to do so: tilts are kept as fractions of the current length.
class StrainedBox : protected Pointers {
 public:
  /// Components in LAMMPS's order of stresses; a component is an index to this.
  static constexpr std::array<const char *, 6> component_names = {"x", "y", "z", "xy", "xz", "yz"};

  /// The reference is the current box, which is also remembered.
  StrainedBox(class LAMMPS *lmp, int component);

  /// Of the parameters that set() changes: the bits of Fix::box_change.
  int box_change() const;
  /// Deforms the box, and with it the positions of all atoms and rigid bodies; velocities stay. At
  /// strain 0 the box is the reference, to the last digit.
  void set(double strain);
  /// Remembers the box as it is now.
  void remember();
  /// Whether the parameters that set() changes are those of the remembered box.
  bool is_as_remembered() const;
  /// Whether something has flipped the box, by a whole length, since it was remembered or set.
  bool is_flipped() const;
  /// The largest of |xy|/lx, |xz|/lx, |yz|/ly between -amplitude and amplitude.
  double largest_tilt(double amplitude) const;
  /// Why the component cannot be strained in this box, with the mend; empty if it can.
  std::string obstacle() const;

  /// lo, hi of x, y, z, then xy, xz, yz: a plain value for restart files.
  using Shape = std::array<double, 9>;
  Shape reference, remembered;

 private:
  Shape current() const;
  Shape strained(double strain) const;

  int component;
};

}    // namespace LAMMPS_NS

#endif
