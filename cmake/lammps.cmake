# Targets glass_mpi (what the core is compiled against) and glass_lammps (LAMMPS's headers and settings).
#
#   LAMMPS_SOURCE_DIR  LAMMPS's source tree, or the src folder in it
#   LAMMPS_SIZES       the integer sizes that LAMMPS was built with
#   BUILD_MPI          off for a LAMMPS that was built without MPI
set(LAMMPS_SOURCE_DIR "$ENV{LAMMPS_SOURCE_DIR}" CACHE PATH "LAMMPS's source tree")
set(LAMMPS_SIZES smallbig CACHE STRING "LAMMPS's integer sizes: smallbig, bigbig or smallsmall")
set_property(CACHE LAMMPS_SIZES PROPERTY STRINGS smallbig bigbig smallsmall)
option(BUILD_MPI "LAMMPS was built with MPI" ON)

set(GLASS_LAMMPS_HEADERS ${LAMMPS_SOURCE_DIR})
if(LAMMPS_SOURCE_DIR AND EXISTS ${LAMMPS_SOURCE_DIR}/src/version.h)
  set(GLASS_LAMMPS_HEADERS ${LAMMPS_SOURCE_DIR}/src)
endif()

add_library(glass_mpi INTERFACE)
if(BUILD_MPI)
  set(MPI_CXX_SKIP_MPICXX TRUE)
  find_package(MPI REQUIRED COMPONENTS CXX)
  target_link_libraries(glass_mpi INTERFACE MPI::MPI_CXX)
else()
  target_include_directories(glass_mpi SYSTEM INTERFACE ${GLASS_LAMMPS_HEADERS}/STUBS)
endif()

if(NOT GLASS_PLUGIN)
  return()
endif()

if(NOT EXISTS "${GLASS_LAMMPS_HEADERS}/version.h")
  message(FATAL_ERROR "No LAMMPS source at LAMMPS_SOURCE_DIR='${LAMMPS_SOURCE_DIR}'. Name the source tree "
    "of the LAMMPS that will load the plugin: -DLAMMPS_SOURCE_DIR=/path/to/lammps")
endif()

# "4 Feb 2025" -> 20250204, the number that version differences are keyed on.
file(STRINGS ${GLASS_LAMMPS_HEADERS}/version.h GLASS_VERSION_LINE REGEX "LAMMPS_VERSION")
if(NOT GLASS_VERSION_LINE MATCHES "\"([0-9]+) ([A-Z][a-z][a-z])[a-z]* ([0-9]+)\"")
  message(FATAL_ERROR "Cannot read the version in ${GLASS_LAMMPS_HEADERS}/version.h")
endif()
set(GLASS_LAMMPS_DATE "${CMAKE_MATCH_1} ${CMAKE_MATCH_2} ${CMAKE_MATCH_3}")
string(FIND "JanFebMarAprMayJunJulAugSepOctNovDec" ${CMAKE_MATCH_2} GLASS_MONTH)
math(EXPR GLASS_LAMMPS_VERSION "${CMAKE_MATCH_3} * 10000 + (${GLASS_MONTH} / 3 + 1) * 100 + ${CMAKE_MATCH_1}")
if(GLASS_LAMMPS_VERSION LESS 20240829)
  message(FATAL_ERROR "LAMMPS ${GLASS_LAMMPS_DATE} is too old: lammps-glass needs 29 Aug 2024 or later")
endif()
message(STATUS "LAMMPS: ${GLASS_LAMMPS_DATE} at ${GLASS_LAMMPS_HEADERS}")

add_library(glass_lammps INTERFACE)
target_include_directories(glass_lammps SYSTEM INTERFACE ${GLASS_LAMMPS_HEADERS}
  ${GLASS_LAMMPS_HEADERS}/MANYBODY)
string(TOUPPER ${LAMMPS_SIZES} GLASS_SIZES_MACRO)
target_compile_definitions(glass_lammps INTERFACE LAMMPS_${GLASS_SIZES_MACRO}
  GLASS_LAMMPS_VERSION=${GLASS_LAMMPS_VERSION})
target_link_libraries(glass_lammps INTERFACE glass_mpi)
