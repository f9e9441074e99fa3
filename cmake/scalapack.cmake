# ScaLAPACK: all modes by all ranks. Used where it is found when the plugin is built; the plugin loads it when it
# is first needed, so that it remains one file that runs without.
#
# It must belong to the MPI that LAMMPS uses; its licence is BSD.
option(GLASS_SCALAPACK "Use ScaLAPACK where it is found" ON)
set(GLASS_SCALAPACK_NAME)
if(GLASS_SCALAPACK AND BUILD_MPI)
  set(names scalapack)
  if(MPI_CXX_INCLUDE_DIRS MATCHES openmpi)
    list(PREPEND names scalapack-openmpi)
  elseif(MPI_CXX_INCLUDE_DIRS MATCHES mpich)
    list(PREPEND names scalapack-mpich)
  endif()
  find_library(GLASS_SCALAPACK_LIBRARY NAMES ${names} NAMES_PER_DIR)
  if(GLASS_SCALAPACK_LIBRARY MATCHES "\\${CMAKE_SHARED_LIBRARY_SUFFIX}")
    # By the name under which the system knows it, where it has one: the plugin may move to another machine.
    execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${GLASS_SCALAPACK_LIBRARY} OUTPUT_VARIABLE headers ERROR_QUIET)
    if(headers MATCHES "SONAME +([^ \n]+)")
      set(GLASS_SCALAPACK_NAME ${CMAKE_MATCH_1})
    else()
      set(GLASS_SCALAPACK_NAME ${GLASS_SCALAPACK_LIBRARY})
    endif()
  endif()
endif()
if(GLASS_SCALAPACK_NAME)
  target_compile_definitions(glass_core PRIVATE GLASS_SCALAPACK="${GLASS_SCALAPACK_NAME}"
    GLASS_SCALAPACK_FOUND="${GLASS_SCALAPACK_LIBRARY}")
  target_link_libraries(glass_core PUBLIC ${CMAKE_DL_LIBS})
  message(STATUS "ScaLAPACK: ${GLASS_SCALAPACK_LIBRARY}")
else()
  message(STATUS "ScaLAPACK: none; all modes are found on one rank")
endif()
