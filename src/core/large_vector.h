// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_LARGE_VECTOR_H
#define GLASS_LARGE_VECTOR_H

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace glass {

/// Allocates large blocks on huge pages where the system grants them: filling a hundred megabytes
/// for the first time otherwise costs more in page faults than the Hessian in arithmetic.
template <typename T> class LargeAllocator {
 public:
  using value_type = T;

  LargeAllocator() = default;
  template <typename U> LargeAllocator(const LargeAllocator<U> &) {}

  T *allocate(std::size_t n)
  {
    if (!is_large(n)) return std::allocator<T>().allocate(n);
    const std::size_t bytes = (n * sizeof(T) + huge_page - 1) / huge_page * huge_page;
    void *memory = std::aligned_alloc(huge_page, bytes);
    if (!memory) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE);    // a wish; nothing depends on it
#endif
    return static_cast<T *>(memory);
  }

  void deallocate(T *memory, std::size_t n)
  {
    if (is_large(n))
      std::free(memory);
    else
      std::allocator<T>().deallocate(memory, n);
  }

  template <typename U> bool operator==(const LargeAllocator<U> &) const
  {
    return true;
  }
  template <typename U> bool operator!=(const LargeAllocator<U> &) const
  {
    return false;
  }

 private:
  static constexpr std::size_t huge_page = std::size_t{2} << 20;
  static bool is_large(std::size_t n)
  {
    return n * sizeof(T) >= 2 * huge_page;
  }
};

template <typename T> using LargeVector = std::vector<T, LargeAllocator<T>>;

}    // namespace glass

#endif
