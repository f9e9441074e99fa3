# Target glass_linear_algebra: LAPACK.
#
# OpenBLAS is linked statically where its archive is found: the plugin stays one file, and its calls
# cannot be captured by the reference LAPACK that some LAMMPS packages put into the same process (symbols
# of LAMMPS come first in the search order), which would be ten times slower without a word.
add_library(glass_linear_algebra INTERFACE)
find_package(Threads REQUIRED)
find_library(GLASS_OPENBLAS_ARCHIVE libopenblas.a)
if(GLASS_OPENBLAS_ARCHIVE)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgfortran.so.5
    OUTPUT_VARIABLE GLASS_GFORTRAN OUTPUT_STRIP_TRAILING_WHITESPACE)
  target_link_libraries(glass_linear_algebra INTERFACE ${GLASS_OPENBLAS_ARCHIVE} ${GLASS_GFORTRAN}
    Threads::Threads m)
  target_compile_definitions(glass_linear_algebra INTERFACE GLASS_OPENBLAS)
  message(STATUS "LAPACK: ${GLASS_OPENBLAS_ARCHIVE}")
else()
  find_package(LAPACK REQUIRED)
  target_link_libraries(glass_linear_algebra INTERFACE LAPACK::LAPACK)
  message(STATUS "LAPACK: ${LAPACK_LIBRARIES}")
endif()
