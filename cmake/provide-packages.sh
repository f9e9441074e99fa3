#!/usr/bin/env bash
# Installs the Debian packages that lammps-glass needs and that are missing; takes a moment when none is.
# On a system without apt it names what is needed and leaves the rest to the user.
#   provide-packages.sh [MORE_PACKAGES...]
set -euo pipefail

packages=(
  g++ cmake make xz-utils ca-certificates                 # build
  libopenmpi-dev openmpi-bin                              # LAMMPS and the plugin run over MPI
  libopenblas-pthread-dev libeigen3-dev                   # LAPACK (not the openmp flavour: it busy-waits)
  libscalapack-openmpi-dev                                # ScaLAPACK: all modes by all ranks
  libsuitesparse-dev                                      # CHOLMOD: factorises sparse matrices
  libspectra-dev                                          # Spectra: some eigenpairs of large matrices
  libfftw3-dev                                            # FFTW: correlation functions and their spectra
  libgtest-dev                                            # unit tests
  python3-numpy python3-scipy python3-matplotlib python3-pytest # figures, tests of the styles
  "$@"
)

if ! command -v dpkg-query >/dev/null; then
  echo "lammps-glass: this is no Debian system; please install the equivalents of: ${packages[*]}" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "== installing ${#missing[@]} Debian packages: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "lammps-glass: please run as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
# Another apt may be at work, as on a machine that has just started: wait for it.
"${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=600 update ||
  { sleep 30; "${as_root[@]}" apt-get -q update; }
# Overlong output is of no use; an error is.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 \
  install --no-install-recommends "${missing[@]}"
