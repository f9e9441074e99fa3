# Sourced by quickstart.sh, test.sh and the scripts of examples: everything up to a configured build tree, from whatever is there.
export LC_ALL=C
bash cmake/provide-packages.sh
. cmake/provide-lammps.sh
provide_lammps
echo "== LAMMPS: $LAMMPS_EXECUTABLE"

# configure PRESET [OPTION...]: quiet unless it fails
configure() {
  local log
  log=$(mktemp)
  cmake --preset "$@" -DLAMMPS_SOURCE_DIR="$LAMMPS_SOURCE_DIR" -DLAMMPS_SIZES="${LAMMPS_SIZES:-smallbig}" \
    -DBUILD_MPI="${BUILD_MPI:-ON}" >"$log" 2>&1 || { cat "$log" >&2; return 1; }
  rm -f "$log"
}

build_plugin() {
  echo "== building glassplugin.so"
  configure release
  cmake --build build --target glassplugin --parallel "$(nproc)"
}
