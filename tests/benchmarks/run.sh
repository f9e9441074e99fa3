#!/usr/bin/env bash
# Builds the plugin and prints the tables of benchmark.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
. cmake/prepare.sh
configure release
cmake --build build --target glassplugin glass_matching_benchmark glass_products_benchmark --parallel "$(nproc)" >/dev/null
# One BLAS thread here as in the runs of LAMMPS, which the harness sets.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
  GLASS_PLUGIN="$PWD/build/glassplugin.so" GLASS_MATCHING="$PWD/build/tests/glass_matching_benchmark" GLASS_PRODUCTS="$PWD/build/tests/glass_products_benchmark" GLASS_MPIEXEC="$(command -v mpiexec)" \
  PYTHONPATH="$PWD/tests/styles" exec /usr/bin/python3 tests/benchmarks/benchmark.py "$@"
