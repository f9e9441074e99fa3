# Target glass_cholmod: CHOLMOD, the sparse Cholesky factorisation of SuiteSparse.
#
# CHOLMOD's modules are LGPL-2.1+ and GPL-2+, those that it calls BSD or LGPL: compatible with GPL-2.0.
# Its archives are linked where they are found, for the reasons given in linear_algebra.cmake, and what they want
# of OpenMP and METIS is answered by src/cholmod; else the shared library is.
add_library(glass_cholmod INTERFACE)
find_path(GLASS_CHOLMOD_HEADERS cholmod.h PATH_SUFFIXES suitesparse REQUIRED)
target_include_directories(glass_cholmod SYSTEM INTERFACE ${GLASS_CHOLMOD_HEADERS})

set(GLASS_CHOLMOD_ARCHIVES)
set(GLASS_CHOLMOD_STATIC FALSE)
foreach(name cholmod amd camd colamd ccolamd suitesparseconfig)
  find_library(GLASS_${name}_ARCHIVE lib${name}.a)
  list(APPEND GLASS_CHOLMOD_ARCHIVES ${GLASS_${name}_ARCHIVE})
endforeach()

set(GLASS_CHOLMOD_SERIAL ${CMAKE_SOURCE_DIR}/src/cholmod/serial.cpp)
if(NOT GLASS_CHOLMOD_ARCHIVES MATCHES "NOTFOUND")
  # Debian's archives are made for programs, not for shared objects: what stands in the way is only the variables
  # of another library, stdout and stderr, which are replaced by ours (nothing is printed).
  set(copies)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/cholmod)
  foreach(archive ${GLASS_CHOLMOD_ARCHIVES})
    cmake_path(GET archive FILENAME name)
    execute_process(COMMAND ${CMAKE_OBJCOPY} --redefine-sym stdout=glass_cholmod_stdout
      --redefine-sym stderr=glass_cholmod_stderr ${archive}
      ${CMAKE_BINARY_DIR}/cholmod/${name})
    list(APPEND copies ${CMAKE_BINARY_DIR}/cholmod/${name})
  endforeach()
  # Another release may want more than is answered: see whether a shared object links.
  set(folder ${CMAKE_BINARY_DIR}/try_cholmod)
  file(WRITE ${folder}/module.cpp "#include <cholmod.h>\nextern \"C\" int probe() { cholmod_common c; "
    "cholmod_l_start(&c); cholmod_l_analyze(nullptr, &c); cholmod_l_factorize(nullptr, nullptr, &c); "
    "cholmod_l_solve(0, nullptr, nullptr, &c); return cholmod_l_finish(&c); }\n")
  get_target_property(blas glass_linear_algebra INTERFACE_LINK_LIBRARIES)
  list(FILTER blas EXCLUDE REGEX "^(Threads::Threads|m)$")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -shared -fPIC -I${GLASS_CHOLMOD_HEADERS} ${folder}/module.cpp
    ${GLASS_CHOLMOD_SERIAL} -o ${folder}/module.so ${copies} ${blas} -lm -lpthread -Wl,--no-undefined
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/plugin.map
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE GLASS_CHOLMOD_LOG)
  file(WRITE ${folder}/log.txt "${GLASS_CHOLMOD_LOG}")
  if(failed EQUAL 0)
    set(GLASS_CHOLMOD_STATIC TRUE)
  endif()
endif()
if(GLASS_CHOLMOD_STATIC)
  add_library(glass_cholmod_serial STATIC ${GLASS_CHOLMOD_SERIAL})
  set_target_properties(glass_cholmod_serial PROPERTIES CXX_VISIBILITY_PRESET hidden)
  target_link_libraries(glass_cholmod INTERFACE ${copies} glass_cholmod_serial glass_linear_algebra)
  message(STATUS "CHOLMOD: ${GLASS_cholmod_ARCHIVE}")
else()
  find_library(GLASS_CHOLMOD_LIBRARY cholmod REQUIRED)
  target_link_libraries(glass_cholmod INTERFACE ${GLASS_CHOLMOD_LIBRARY} glass_linear_algebra)
  message(STATUS "CHOLMOD: ${GLASS_CHOLMOD_LIBRARY} (shared; it may load METIS, whose licence does not go with "
    "GPL-2.0 in what you pass on)")
endif()
