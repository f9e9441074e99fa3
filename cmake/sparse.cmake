# Target glass_cholmod: CHOLMOD, the sparse Cholesky factorisation of SuiteSparse.
#
# CHOLMOD's modules are LGPL-2.1+ and GPL-2+, those that it calls BSD or LGPL: compatible with GPL-2.0.
# Its archives are linked where they are found, for the reasons given in linear_algebra.cmake, and what they want
# of OpenMP and METIS is answered by src/cholmod; else the shared library is.
add_library(glass_cholmod INTERFACE)
find_path(GLASS_CHOLMOD_HEADERS cholmod.h PATH_SUFFIXES suitesparse REQUIRED)
target_include_directories(glass_cholmod SYSTEM INTERFACE ${GLASS_CHOLMOD_HEADERS})

set(GLASS_CHOLMOD_ARCHIVES)
foreach(name cholmod amd camd colamd ccolamd suitesparseconfig)
  find_library(GLASS_${name}_ARCHIVE lib${name}.a)
  list(APPEND GLASS_CHOLMOD_ARCHIVES ${GLASS_${name}_ARCHIVE})
endforeach()

set(GLASS_CHOLMOD_SERIAL ${CMAKE_SOURCE_DIR}/src/cholmod/serial.cpp)
if(NOT GLASS_CHOLMOD_ARCHIVES MATCHES "NOTFOUND")
  # Another release may want more than is answered: see whether a program links.
  set(program ${CMAKE_BINARY_DIR}/try_cholmod/main.cpp)
  file(WRITE ${program} "#include <cholmod.h>\nint main() { cholmod_common c; cholmod_l_start(&c); "
    "cholmod_l_analyze(nullptr, &c); cholmod_l_factorize(nullptr, nullptr, &c); "
    "cholmod_l_solve(0, nullptr, nullptr, &c); return cholmod_l_finish(&c); }\n")
  get_target_property(blas glass_linear_algebra INTERFACE_LINK_LIBRARIES)
  try_compile(GLASS_CHOLMOD_LINKS ${CMAKE_BINARY_DIR}/try_cholmod SOURCES ${program} ${GLASS_CHOLMOD_SERIAL}
    CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${GLASS_CHOLMOD_HEADERS}
    LINK_LIBRARIES ${GLASS_CHOLMOD_ARCHIVES} ${blas})
endif()
if(GLASS_CHOLMOD_LINKS)
  add_library(glass_cholmod_serial STATIC ${GLASS_CHOLMOD_SERIAL})
  set_target_properties(glass_cholmod_serial PROPERTIES CXX_VISIBILITY_PRESET hidden)
  target_link_libraries(glass_cholmod INTERFACE ${GLASS_CHOLMOD_ARCHIVES} glass_cholmod_serial glass_linear_algebra)
  message(STATUS "CHOLMOD: ${GLASS_cholmod_ARCHIVE}")
else()
  find_library(GLASS_CHOLMOD_LIBRARY cholmod REQUIRED)
  target_link_libraries(glass_cholmod INTERFACE ${GLASS_CHOLMOD_LIBRARY} glass_linear_algebra)
  message(STATUS "CHOLMOD: ${GLASS_CHOLMOD_LIBRARY}")
endif()
