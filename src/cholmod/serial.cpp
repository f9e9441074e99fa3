// Part of lammps-glass, GPL-2.0.

// What CHOLMOD's archive wants beside BLAS, so that linking it adds no shared library:
//
// - OpenMP, for loops that copy. They run on the calling thread; what takes time is in BLAS.
// - METIS, for an ordering that is never asked for: its licence (Apache-2.0) does not go together
//   with LAMMPS's GPL-2.0, and Debian has no archive of it. See nested_dissection.h.

#include <cstdio>

extern "C" {

// What cmake/sparse.cmake renames stdout and stderr to.
std::FILE *glass_cholmod_stdout = nullptr, *glass_cholmod_stderr = nullptr;

void GOMP_parallel(void (*work)(void *), void *data, unsigned, unsigned)
{
  work(data);
}

int omp_get_num_threads()
{
  return 1;
}

int omp_get_max_threads()
{
  return 1;
}

int omp_get_thread_num()
{
  return 0;
}

// METIS_ERROR
int METIS_NodeND()
{
  return -4;
}

int METIS_ComputeVertexSeparator()
{
  return -4;
}
}
