// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_VECTOR_CLONES_H
#define GLASS_VECTOR_CLONES_H

// A function marked GLASS_VECTOR_CLONES is compiled for AVX2 as well and chosen when the program
// starts, so that a plugin built for any machine of a kind is fast on the better ones. What it
// calls takes part in that only if it is inlined into it: mark such templates GLASS_INLINE.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#define GLASS_VECTOR_CLONES __attribute__((target_clones("arch=haswell", "default")))
#else
#define GLASS_VECTOR_CLONES
#endif

#if defined(__GNUC__)
#define GLASS_INLINE __attribute__((always_inline)) inline
#else
#define GLASS_INLINE inline
#endif

#endif
