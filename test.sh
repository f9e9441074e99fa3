#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests: unit tests of the core, the same under
# AddressSanitizer and UndefinedBehaviorSanitizer, and the tests through LAMMPS on 1, 2 and 4 ranks.
set -euo pipefail
cd "$(dirname "$0")"
. cmake/prepare.sh
export LAMMPS_EXECUTABLE

echo "== building the plugin and the tests"
configure release
cmake --build build --parallel "$(nproc)"
echo "== building the unit tests with sanitizers"
configure sanitize
cmake --build build-sanitize --parallel "$(nproc)"

echo "== unit tests with sanitizers"
# On 4 ranks they take minutes here, and do what they do on 2.
ctest --test-dir build-sanitize --output-on-failure --parallel 2 -E "unit.distributed.4"
echo "== all tests"
ctest --test-dir build --output-on-failure --parallel 2
