// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_SPAN_H
#define GLASS_SPAN_H

#include <cstddef>
#include <type_traits>
#include <vector>

namespace glass {

/// A view of contiguous elements that it does not own (C++17 has no std::span).
template <typename T> class Span {
 public:
  Span() = default;
  Span(T *data, std::size_t size) : data_(data), size_(size) {}
  Span(std::vector<std::remove_const_t<T>> &v) : data_(v.data()), size_(v.size()) {}
  template <typename U = T, typename = std::enable_if_t<std::is_const_v<U>>>
  Span(const std::vector<std::remove_const_t<T>> &v) : data_(v.data()), size_(v.size())
  {
  }

  T &operator[](std::size_t k) const { return data_[k]; }
  T *begin() const { return data_; }
  T *end() const { return data_ + size_; }
  T *data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  T *data_ = nullptr;
  std::size_t size_ = 0;
};

}    // namespace glass

#endif
