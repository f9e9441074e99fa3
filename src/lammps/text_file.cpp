// Part of lammps-glass, GPL-2.0.

#include "text_file.h"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace glass {

bool is_writable(const std::string &name)
{
  FILE *const out = fopen(name.c_str(), "a");
  return out && fclose(out) == 0;
}

bool read_text(const std::string &name, std::string &text)
{
  const std::ifstream in(name);
  std::ostringstream out;
  if (!in || !(out << in.rdbuf())) return false;
  text = out.str();
  return true;
}

bool write_text(const std::string &name, const std::string &text)
{
  FILE *const out = fopen(name.c_str(), "w");
  if (!out) return false;
  const bool written = fputs(text.c_str(), out) >= 0;
  return fclose(out) == 0 && written;
}

}    // namespace glass
