# Targets of the project link glass_warnings; headers from elsewhere are SYSTEM and stay silent.
add_library(glass_warnings INTERFACE)
target_compile_options(glass_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion
  -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
if(GLASS_WERROR)
  target_compile_options(glass_warnings INTERFACE -Werror)
endif()
if(GLASS_SANITIZE)
  target_compile_options(glass_warnings INTERFACE -fsanitize=address,undefined
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(glass_warnings INTERFACE -fsanitize=address,undefined)
endif()
