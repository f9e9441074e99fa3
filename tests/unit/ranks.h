// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_TEST_RANKS_H
#define GLASS_TEST_RANKS_H

#include "communicator.h"

namespace glass_test {

/// All ranks that the tests run on.
inline const glass::Communicator &world()
{
  static const glass::Communicator communicator(MPI_COMM_WORLD);
  return communicator;
}

/// This rank, for what it is to do as if there were no others.
inline const glass::Communicator &alone()
{
  static const glass::Communicator communicator(MPI_COMM_SELF);
  return communicator;
}

}    // namespace glass_test

#endif
