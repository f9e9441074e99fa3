# Target glassplugin: the adaptors and the core in one file that exports one symbol.
file(GLOB GLASS_ADAPTOR_SOURCES CONFIGURE_DEPENDS src/lammps/*.cpp)
list(FILTER GLASS_ADAPTOR_SOURCES EXCLUDE REGEX "built_for")
add_library(glass_adaptors OBJECT ${GLASS_ADAPTOR_SOURCES})
target_link_libraries(glass_adaptors PUBLIC glass_core glass_lammps glass_warnings ${CMAKE_DL_LIBS})
set_target_properties(glass_adaptors PROPERTIES CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON)

# A plugin that says it was built for the given LAMMPS version.
function(glass_add_plugin target version)
  add_library(${target} MODULE ${CMAKE_SOURCE_DIR}/src/lammps/built_for.cpp)
  target_link_libraries(${target} PRIVATE glass_adaptors)
  target_compile_definitions(${target} PRIVATE GLASS_BUILT_FOR=${version})
  # LAMMPS loads plugins globally: whatever the file exports could capture calls of others.
  set(map ${CMAKE_SOURCE_DIR}/cmake/plugin.map)
  target_link_options(${target} PRIVATE -Wl,--version-script=${map})
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX ".so" LINK_DEPENDS ${map})
endfunction()

glass_add_plugin(glassplugin ${GLASS_LAMMPS_VERSION})
set_target_properties(glassplugin PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
