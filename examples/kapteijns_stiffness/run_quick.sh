#!/usr/bin/env bash
# Inverse power law and modified binary Lennard-Jones, N = 1000, six temperatures each: relaxation times, stiffness of
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
  "liquid model=mblj T 1.0 0.8 0.65 0.55 0.5 0.46 t_hold 50 50 100 200 400 800"
  "liquid model=ipl T 1.2 1.0 0.85 0.75 0.68 0.62 0.58 t_hold 50 50 50 100 150 300 600"
)
../../examples/run_decks.sh kapteijns_stiffness "${runs[@]}"

mkdir -p ../kapteijns_stiffness
cd ../kapteijns_stiffness
cp ../kapteijns_liquids/*.data .
# Ten and more relaxation times each. The longest runs come first, so that both cores have work to the end.
runs=(
  "stiffness model=ipl T 0.58 t_hold 300 t_segment 1100 segments 4"
  "stiffness model=mblj T 0.46 t_hold 200 t_segment 1100 segments 4"
  "stiffness model=ipl T 0.62 t_hold 100 t_segment 500 segments 7"
  "stiffness model=mblj T 0.5 t_hold 50 t_segment 450 segments 5"
  "stiffness model=ipl T 0.68 t_hold 30 t_segment 110 segments 8"
  "stiffness model=mblj T 0.55 t_hold 30 t_segment 120 segments 8"
  "stiffness model=ipl T 0.75 t_segment 45"
  "stiffness model=mblj T 0.65 t_segment 40"
  "stiffness model=ipl T 0.85 t_segment 25"
  "stiffness model=mblj T 0.8 t_segment 15"
  "stiffness model=ipl T 1.2 t_segment 10"
  "stiffness model=mblj T 1.0 t_segment 8"
  "isoconfigurational model=ipl T 0.62 t_apart 100 t_run 60 draws 15 configurations 3"
  "isoconfigurational model=mblj T 0.5 t_apart 50 t_run 60 draws 10 configurations 2"
  "granularity model=ipl T 0.62 between 4 t_watch 4"
  "granularity model=ipl T 0.75 between 4 t_watch 4"
  "granularity model=mblj T 0.46 between 4 t_watch 4"
  "granularity model=mblj T 0.55 between 4 t_watch 4"
)
../../examples/run_decks.sh kapteijns_stiffness "${runs[@]}"
/usr/bin/python3 ../../tools/plot_kapteijns.py --title "Inherent structures of two liquids, N = 1000" .
