// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_BYTE_STREAM_H
#define GLASS_BYTE_STREAM_H

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

namespace glass {

/// Appends a plain value to what will be in a restart file.
template <typename T> void append(std::vector<char> &bytes, const T &value)
{
  static_assert(std::is_trivially_copyable_v<T>);
  const char *const begin = reinterpret_cast<const char *>(&value);
  bytes.insert(bytes.end(), begin, begin + sizeof(T));
}

/// Appends the elements of a list, whose number the reader has to know.
template <typename T> void append(std::vector<char> &bytes, const std::vector<T> &values)
{
  static_assert(std::is_trivially_copyable_v<T>);
  const char *const begin = reinterpret_cast<const char *>(values.data());
  bytes.insert(bytes.end(), begin, begin + values.size() * sizeof(T));
}

/// Takes the next value off.
template <typename T> T take(const char *&bytes)
{
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  bytes += sizeof(T);
  return value;
}

/// Takes the next elements off, as many as the list has.
template <typename T> void take(const char *&bytes, std::vector<T> &values)
{
  if (values.empty()) return;    // whose data() may be null, which memcpy does not take
  std::memcpy(values.data(), bytes, values.size() * sizeof(T));
  bytes += values.size() * sizeof(T);
}

}    // namespace glass

#endif
