#!/usr/bin/env bash
# Liquid Cu50Zr50, N = 500, at three temperatures and zero pressure, and the figures: about a quarter of an hour on two
# cores. As run_quick.sh, which see; results are in results/huang_cuzr.
set -euo pipefail
cd "$(dirname "$0")/../.."
. cmake/prepare.sh
build_plugin

export LAMMPS_POTENTIALS="$LAMMPS_SOURCE_DIR/potentials"
mkdir -p results/huang_cuzr
cd results/huang_cuzr
runs=(
  "cuzr T 1200 t_hold 40 t_sample 25 t_window 15 t_memory 6"
  "cuzr T 1600"
  "cuzr T 2000"
)
JOBS=${JOBS:-2} ../../examples/run_decks.sh huang_viscosity "${runs[@]}"
/usr/bin/python3 ../../tools/plot_huang.py --title "Cu50Zr50, N = 500" --pc 0.37 --thresholds 0.27 0.37 0.45 .
