// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_AVAILABLE_MEMORY_H
#define GLASS_AVAILABLE_MEMORY_H

#include <cstddef>
#include <string>

namespace glass {

/// For sizes in messages.
constexpr double GIB = 1024.0 * 1024.0 * 1024.0;

/// Bytes that this process can still allocate without swapping or being killed: the least of what
/// the machine has available, of what is left below every memory limit of the process's control
/// group and its ancestors (versions 1 and 2; reclaimable page cache counts as free), and of what
/// is left below RLIMIT_AS. Linux only; elsewhere, or where nothing can be read, the largest
/// size_t.
/// @param root  prefix of /proc and /sys, for tests
std::size_t available_memory(const std::string &root = "");

}    // namespace glass

#endif
