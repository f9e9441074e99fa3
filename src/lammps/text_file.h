// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TEXT_FILE_H
#define GLASS_TEXT_FILE_H

#include <string>

namespace glass {

/// Whether the file can be written, which is to be known before hours of work; what it holds stays.
bool is_writable(const std::string &name);

/// False if it cannot be read to its end.
bool read_text(const std::string &name, std::string &text);

/// Replaces what the file holds. False if that fails.
bool write_text(const std::string &name, const std::string &text);

}    // namespace glass

#endif
