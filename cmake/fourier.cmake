# Target glass_fftw: FFTW 3 (GPL-2+), double precision, one thread.
#
# Its archive is linked where it is found, for the reasons given in linear_algebra.cmake: LAMMPS's KSPACE may bring
# another FFTW into the same process.
add_library(glass_fftw INTERFACE)
find_path(GLASS_FFTW_HEADERS fftw3.h REQUIRED)
target_include_directories(glass_fftw SYSTEM INTERFACE ${GLASS_FFTW_HEADERS})
find_library(GLASS_FFTW_LIBRARY NAMES libfftw3.a fftw3 REQUIRED)
target_link_libraries(glass_fftw INTERFACE ${GLASS_FFTW_LIBRARY} m)
message(STATUS "FFTW: ${GLASS_FFTW_LIBRARY}")
