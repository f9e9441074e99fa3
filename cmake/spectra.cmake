# Target glass_spectra: Spectra, some eigenpairs of large matrices; headers alone, MPL-2.0.
add_library(glass_spectra INTERFACE)
find_path(GLASS_SPECTRA_HEADERS Spectra/SymEigsSolver.h REQUIRED)
target_include_directories(glass_spectra SYSTEM INTERFACE ${GLASS_SPECTRA_HEADERS})
