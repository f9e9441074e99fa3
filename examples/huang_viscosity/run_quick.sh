#!/usr/bin/env bash
# The Kob-Andersen liquid, N = 1000, at six temperatures: viscosity by Green and Kubo, and from modes; steady shear at
# three of them; the mobility edge from four sizes; the isochore from the ideal gas; and the figures: below half an hour
# on two cores, one run on each. Installs and builds what is missing first, as quickstart.sh does. Everything goes to
# results/huang_viscosity; what is there already is not run again, so it can be interrupted and repeated.
#
#   JOBS=4 examples/huang_viscosity/run_quick.sh     four runs at a time
#
# Uses your own LAMMPS if LAMMPS_SOURCE_DIR (its source) and LAMMPS_EXECUTABLE (its lmp) are set.
set -euo pipefail
cd "$(dirname "$0")/../.."
. cmake/prepare.sh
build_plugin

mkdir -p results/huang_viscosity
cd results/huang_viscosity
# Deck and variables. Times grow as the liquid slows down; the longest runs come first, so that both cores have work to
# the end.
runs=(
  "ka T 0.6 t_hold 200 t_sample 180 t_window 100 t_bulk 60 t_memory 40"
  "ka T 0.7 t_hold 100 t_sample 130 t_window 60 t_memory 30"
  "ka T 0.8 t_hold 60 t_sample 110 t_window 40 t_memory 20"
  "ka T 1.0 t_hold 30 t_sample 100 t_window 20 t_memory 10"
  "edge n 2000 samples 6"
  "shear T 0.8 rate 0.1 0.03 0.01 blocks 12 20 50"
  "ka T 1.4 t_hold 20 t_sample 60 t_window 12 t_memory 6"
  "ka T 2.0 dt 0.004 t_hold 20 t_sample 50 t_window 10 t_memory 4"
  "shear T 1.0 rate 0.3 0.1 0.03 0.01 blocks 6 8 15 40"
  "shear T 2.0 dt 0.004 rate 1.0 0.3 0.1 0.03 blocks 4 4 8 16"
  "entropy"
  "edge n 500 samples 50"
  "edge n 250 samples 100"
)
JOBS=${JOBS:-2} ../../examples/run_decks.sh huang_viscosity "${runs[@]}"
/usr/bin/python3 ../../tools/plot_huang.py --onset 1.0 --title "Kob-Andersen liquid, N = 1000" .
