#!/usr/bin/env bash
# Inverse power law and modified binary Lennard-Jones, N = 1000, seven temperatures each: relaxation times, stiffness of
# inherent structures, how often these change, and mobility of atoms; tables and figures. Below half an hour on two
# cores, one run on each. Installs and builds what is missing first, as quickstart.sh does. Everything goes to
# results/kapteijns_liquids and results/kapteijns_stiffness; what is there already is not run again, so it can be
# interrupted and repeated.
#
#   JOBS=4 examples/kapteijns_stiffness/run_quick.sh     four runs at a time
#
# Uses your own LAMMPS if LAMMPS_SOURCE_DIR (its source) and LAMMPS_EXECUTABLE (its lmp) are set.
set -euo pipefail
cd "$(dirname "$0")/../.."
. cmake/prepare.sh
build_plugin
export JOBS=${JOBS:-2}

mkdir -p results/kapteijns_liquids
cd results/kapteijns_liquids
runs=(
  "liquid model=mblj T 1.0 0.8 0.65 0.55 0.50 0.46 0.43 t_hold 30 30 50 100 200 500 1200"
  "liquid model=ipl T 1.2 1.0 0.85 0.75 0.68 0.62 0.58 t_hold 30 30 50 100 150 400 1000"
)
../../examples/run_decks.sh kapteijns_stiffness "${runs[@]}"

mkdir -p ../kapteijns_stiffness
cd ../kapteijns_stiffness
cp ../kapteijns_liquids/*.data .
# Ten and more relaxation times each. The longest runs come first, so that both cores have work to the end.
runs=(
  "stiffness model=ipl T 0.58 t_segment 800 segments 4"
  "stiffness model=mblj T 0.43 t_segment 800 segments 4"
)
../../examples/run_decks.sh kapteijns_stiffness "${runs[@]}"
/usr/bin/python3 ../../tools/plot_kapteijns.py --title "Inherent structures of two liquids, N = 1000" .
