#!/usr/bin/env bash
# From a fresh machine to the normal modes of a Kob-Andersen liquid: installs what is missing, builds the plugin,
# runs examples/inm/in.ka and draws its figure. Safe to repeat and to interrupt.
#
# Uses your own LAMMPS if LAMMPS_SOURCE_DIR (its source) and LAMMPS_EXECUTABLE (its lmp) are set.
set -euo pipefail
cd "$(dirname "$0")"
. cmake/prepare.sh
build_plugin

echo "== normal modes of a Kob-Andersen liquid, N = 500, T = 1, 20 configurations"
mkdir -p results/inm_ka
cd results/inm_ka
# Relative paths: LAMMPS splits words at blanks that a path of the machine's may have.
"$LAMMPS_EXECUTABLE" -in ../../examples/inm/in.ka -nocite |
  grep --line-buffered -E '^glass/inm|^ +Step|^ +[0-9]+ +[0-9.]+ |ERROR|WARNING'
/usr/bin/python3 ../../tools/plot_inm.py --pc 0.27 \
  --title "Kob-Andersen liquid, T = 1.0, N = 500" .
