# Target glassplugin: the adaptors and the core in one file that exports one symbol.
file(GLOB GLASS_ADAPTOR_SOURCES CONFIGURE_DEPENDS src/lammps/*.cpp)
add_library(glassplugin MODULE ${GLASS_ADAPTOR_SOURCES})
target_link_libraries(glassplugin PRIVATE glass_core glass_lammps glass_warnings ${CMAKE_DL_LIBS})
set_target_properties(glassplugin PROPERTIES PREFIX "" SUFFIX ".so" CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
  LINK_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/plugin.map)
# LAMMPS loads plugins globally: whatever the file exports could capture calls of others.
target_link_options(glassplugin PRIVATE
  -Wl,--version-script=${CMAKE_CURRENT_LIST_DIR}/plugin.map)
