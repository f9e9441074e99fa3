// Part of lammps-glass, GPL-2.0.

#include <gtest/gtest.h>
#include <mpi.h>

int main(int argc, char **argv)
{
  MPI_Init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  int result = RUN_ALL_TESTS();
  // A filter that names no test would otherwise pass.
  if (testing::UnitTest::GetInstance()->test_to_run_count() == 0) result = 1;
  MPI_Finalize();
  return result;
}
