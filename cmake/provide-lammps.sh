# Sourced by the scripts at the top of the tree. Defines provide_lammps, which sets and exports
#   LAMMPS_SOURCE_DIR   a LAMMPS source tree (the folder that holds src/)
#   LAMMPS_EXECUTABLE   an lmp built from it with the PLUGIN package
# If LAMMPS_SOURCE_DIR is set already, that tree and LAMMPS_EXECUTABLE (or the lmp in PATH) are used as they are.
# Otherwise Debian's own source package of LAMMPS is fetched and built, once, below
# ${XDG_CACHE_HOME:-~/.cache}/lammps-glass. A stage counts as done only when its last step renames or writes
# the thing that the next run looks for, so an interrupted run is taken up where it was.

lammps_suite=trixie
lammps_packages=(MANYBODY PLUGIN PHONON EXTRA-PAIR EXTRA-COMPUTE EXTRA-FIX MISC REPLICA OPENMP OPT MOLECULE KSPACE
  MEAM ML-SNAP GRANULAR DPD-BASIC)

glass_cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/lammps-glass

# A private apt state: the system's sources, lists and cache stay untouched.
private_apt() {
  apt-get -q -o Dir::Etc::sourcelist="$glass_cache/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::Lists="$glass_cache/apt/lists" -o Dir::Cache="$glass_cache/apt/cache" \
    -o Dir::State::status=/dev/null -o APT::Sandbox::User=root "$@"
}

# The URI of the Debian mirror that this system uses. Options are passed to apt-get.
debian_mirror() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get "$@" indextargets --format '$(CODENAME)|$(ORIGIN)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F '|' -v codename="$codename" '$1 == codename && $2 == "Debian" { print $3; exit }'
}

# Downloads Debian's tarball of LAMMPS into the current folder; apt checks its hash.
download_lammps() {
  local uri
  uri=$(debian_mirror)
  if [ -z "$uri" ]; then
    # The system's lists may have been deleted, as in container images: fetch a copy of our own.
    local lists=(-o "Dir::State::Lists=$glass_cache/apt/system-lists")
    mkdir -p "$glass_cache/apt/system-lists/partial"
    apt-get -q "${lists[@]}" -o APT::Sandbox::User=root update
    uri=$(debian_mirror "${lists[@]}")
  fi
  if [ -z "$uri" ]; then
    echo "lammps-glass: apt names no Debian mirror; set LAMMPS_SOURCE_DIR and LAMMPS_EXECUTABLE instead" >&2
    return 1
  fi
  mkdir -p "$glass_cache/apt/lists/partial" "$glass_cache/apt/cache/archives/partial"
  echo "deb-src $uri $lammps_suite main" >"$glass_cache/apt/sources.list"
  private_apt update
  private_apt source --download-only --tar-only lammps
}

unpack_lammps() {
  local source_dir=$1 work
  work=$(mktemp -d "$glass_cache/unpack.XXXXXX")
  echo "== fetching the LAMMPS source (130 MB) from Debian's source package"
  (cd "$work" && download_lammps)
  echo "== unpacking it"
  mkdir "$work/tree"
  tar -xf "$work"/lammps_*.orig.tar.* -C "$work/tree" --strip-components=1 --exclude='*/doc/*'
  mv "$work/tree" "$source_dir"
  rm -rf "$work"
}

build_lammps() {
  local source_dir=$1 build_dir=$2 options=() package
  for package in "${lammps_packages[@]}"; do options+=("-DPKG_$package=on"); done
  echo "== building LAMMPS with PLUGIN, once (about 15 CPU minutes)"
  cmake -S "$source_dir/cmake" -B "$build_dir" -DCMAKE_BUILD_TYPE=Release -DBUILD_MPI=on \
    -DBUILD_OMP=on -DBUILD_SHARED_LIBS=on "${options[@]}" >"$build_dir.configure.log" 2>&1 ||
    { tail -n 30 "$build_dir.configure.log" >&2; return 1; }
  # A line every tenth of the way; everything goes to the log.
  cmake --build "$build_dir" --parallel "$(nproc)" 2>&1 | tee "$build_dir.build.log" |
    awk '/^\[ *[0-9]+%\]/ { match($0, /[0-9]+/); p = substr($0, RSTART, RLENGTH) + 0
         if (p >= shown + 10) { shown = p - p % 10; printf "   LAMMPS: %d %% built\n", shown; fflush() } }
         /error:/ { print; fflush() }' ||
    { tail -n 30 "$build_dir.build.log" >&2; return 1; }
  touch "$build_dir/complete"
}

provide_lammps() {
  if [ -n "${LAMMPS_SOURCE_DIR:-}" ]; then
    # Paths are relative to where the user stands, not to the tree that the scripts change into.
    LAMMPS_SOURCE_DIR=$(cd "${OLDPWD:-.}" && realpath -e "$LAMMPS_SOURCE_DIR") || return 1
    local lmp=${LAMMPS_EXECUTABLE:-lmp}
    LAMMPS_EXECUTABLE=$(cd "${OLDPWD:-.}" && realpath -e "$(command -v "$lmp")" 2>/dev/null || true)
    if [ -z "$LAMMPS_EXECUTABLE" ]; then
      echo "lammps-glass: LAMMPS_SOURCE_DIR is set, but there is no executable '$lmp'; set LAMMPS_EXECUTABLE to the" \
        "lmp built from that source" >&2
      return 1
    fi
  elif [ -n "${LAMMPS_EXECUTABLE:-}" ]; then
    echo "lammps-glass: LAMMPS_EXECUTABLE is set; set LAMMPS_SOURCE_DIR to the source that it was built from, too" >&2
    return 1
  else
    local key source_dir build_dir
    key=$(echo "$lammps_suite ${lammps_packages[*]} $(c++ -dumpfullversion)" | sha256sum | cut -c1-12)
    source_dir=$glass_cache/lammps-$lammps_suite
    build_dir=$glass_cache/build-$lammps_suite-$key
    mkdir -p "$glass_cache"
    exec 9>"$glass_cache/lock"
    flock -n 9 || { echo "== waiting for another run that builds LAMMPS"; flock 9; }
    [ -d "$source_dir" ] || { rm -rf "$glass_cache"/unpack.*; unpack_lammps "$source_dir"; }
    [ -e "$build_dir/complete" ] || build_lammps "$source_dir" "$build_dir"
    exec 9>&-
    LAMMPS_SOURCE_DIR=$source_dir
    LAMMPS_EXECUTABLE=$build_dir/lmp
  fi
  export LAMMPS_SOURCE_DIR LAMMPS_EXECUTABLE
}
