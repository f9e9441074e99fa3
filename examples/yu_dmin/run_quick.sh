#!/usr/bin/env bash
# Four temperatures and four periods of the Kob-Andersen liquid, N = 1000, two runs at a time, and the figure: about a
# quarter of an hour on two cores. Installs and builds what is missing first, as quickstart.sh does. Everything goes to
# results/yu_dmin; what is there already is not run again, so it can be interrupted and repeated.
#
#   JOBS=4 examples/yu_dmin/run_quick.sh     four runs at a time
#
# Uses your own LAMMPS if LAMMPS_SOURCE_DIR (its source) and LAMMPS_EXECUTABLE (its lmp) are set.
set -euo pipefail
cd "$(dirname "$0")/../.."
. cmake/prepare.sh
build_plugin

mkdir -p results/yu_dmin
cd results/yu_dmin
# Temperature, period, cycles, cycles whose ends are compared: the relative error of the loss angle depends on the number
# of cycles alone, D_min needs few. The longest runs come first, so that both cores have work to the end.
runs=(
  "0.47 256 6 6" "0.50 256 6 6" "0.47 64 12 12" "0.50 64 12 12" "0.58 64 10 10" "0.70 64 10 10" "0.58 32 15 15"
  "0.47 32 20 20" "0.50 32 20 20"
  "0.47 16 25 20" "0.50 16 25 20" "0.58 16 25 20" "0.70 16 25 20" "0.70 8 40 20"
  "0.47 4 60 20" "0.50 4 60 20" "0.58 4 60 20" "0.70 4 60 20"
)
export total=${#runs[@]} OMP_NUM_THREADS=1

one_run() {
  local T=$1 t_w=$2 cycles=$3 matched=$4 name=T$1_tw$2 start=$SECONDS
  if [ ! -e "$name.run.txt" ]; then
    # Relative paths: LAMMPS splits words at blanks that a path of the machine's may have.
    "$LAMMPS_EXECUTABLE" -in ../../examples/yu_dmin/in.ka -nocite -sf opt -log "$name.log" -screen none \
      -var T "$T" -var t_w "$t_w" -var cycles "$cycles" -var matched "$matched" \
      -var data "../../examples/yu_dmin/ka_T$T.data" ||
      { grep ERROR "$name.log" >&2; echo "T = $T, t_w = $t_w failed: results/yu_dmin/$name.log" >&2; return 255; }
  fi
  local done=(*.run.txt)
  echo "   T = $T, t_w = $t_w: $cycles cycles, $((SECONDS - start)) s (${#done[@]} of $total done)"
}
export -f one_run

echo "== $total runs, ${JOBS:-2} at a time"
printf '%s\n' "${runs[@]}" | xargs -P "${JOBS:-2}" -L 1 bash -c 'one_run "$@"' one_run
/usr/bin/python3 ../../tools/plot_yu.py --title "Kob-Andersen liquid, N = 1000" --shortest 10 .
