#!/usr/bin/env bash
# The Kob-Andersen liquid, N = 1000, at thirteen temperatures and the density 1.2, and at thirteen and zero pressure in
# units of Ni80P20; tables and figures: below half an hour on two cores, one run on each. Installs and builds what is
# missing first, as quickstart.sh does. Everything goes to results/tian_crossover and results/tian_blj; what is there
# already is not run again, so it can be interrupted and repeated.
#
#   JOBS=4 examples/tian_crossover/run_quick.sh     four runs at a time
#
# Uses your own LAMMPS if LAMMPS_SOURCE_DIR (its source) and LAMMPS_EXECUTABLE (its lmp) are set.
set -euo pipefail
cd "$(dirname "$0")/../.."
. cmake/prepare.sh
build_plugin

mkdir -p results/tian_crossover
cd results/tian_crossover
# A segment is two to three tau_-. The longest runs come first, so that both cores have work to the end.
runs=(
  "ka T 0.47 from 0.47 t_hold 300 t_segment 1300 segments 4"
  "ka T 0.50 from 0.50 t_hold 100 t_segment 600 segments 4"
  "ka T 0.52 from 0.58 t_hold 500 t_segment 300 segments 6"
  "ka T 0.54 from 0.58 t_hold 150 t_segment 230 segments 6"
  "ka T 0.57 from 0.58 t_hold 100 t_segment 140 segments 8"
  "ka T 0.60 from 0.58 t_hold 80 t_segment 100 segments 10"
  "ka T 0.70 from 0.70 t_hold 50 t_segment 40 segments 20"
  "ka T 0.80 from 0.70 t_hold 40 t_segment 25 segments 28"
  "ka T 0.90 from 0.70 t_hold 30 t_segment 15 segments 40 overlap 5"
  "ka T 1.0 from 0.70 t_hold 20 t_segment 12 segments 50 overlap 5"
  "ka T 1.2 from 0.70 t_hold 20 t_segment 8 segments 50 overlap 4"
  "ka T 1.4 from 0.70 t_hold 20 t_segment 6 segments 50 overlap 4"
  "ka T 2.0 dt 0.004 from 0.70 t_hold 20 t_segment 4 segments 50 overlap 4"
)
JOBS=${JOBS:-2} ../../examples/run_decks.sh tian_crossover "${runs[@]}"
/usr/bin/python3 ../../tools/plot_tian.py --paper BLJ --title "Kob-Andersen liquid, N = 1000, density 1.2" .

mkdir -p ../tian_blj
cd ../tian_blj
runs=(
  "blj T 380 t_hold 100 t_segment 65 segments 6"
  "blj T 400 t_hold 60 t_segment 45 segments 8"
  "blj T 430 t_hold 60 t_segment 25 segments 14"
  "blj T 460 t_hold 40 t_segment 15 segments 20"
  "blj T 475 t_hold 40 t_segment 12 segments 24"
  "blj T 490 t_hold 40 t_segment 9 segments 30 overlap 5"
  "blj T 520 t_hold 40 t_segment 7 segments 40 overlap 5"
  "blj T 540 t_hold 40 t_segment 6 segments 40 overlap 4"
  "blj T 560 t_hold 10 t_segment 5 segments 50 overlap 4"
  "blj T 600 t_hold 10 t_segment 4 segments 50 overlap 4"
  "blj T 650 t_hold 10 t_segment 3 segments 50 overlap 4"
  "blj T 720 t_hold 10 t_segment 2.5 segments 50 overlap 4"
  "blj T 800 t_hold 10 t_segment 2 segments 50 overlap 4"
)
JOBS=${JOBS:-2} ../../examples/run_decks.sh tian_crossover "${runs[@]}"
/usr/bin/python3 ../../tools/plot_tian.py --paper BLJ \
  --title "Kob-Andersen liquid, N = 1000, at zero pressure, in units of Ni80P20" .
