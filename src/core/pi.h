// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_PI_H
#define GLASS_PI_H

namespace glass {

constexpr double PI = 3.14159265358979323846;    // C++17 has none

}    // namespace glass

#endif
