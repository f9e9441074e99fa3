#!/usr/bin/env bash
# The decks of run_quick.sh at the size of the paper, N = 8192, for seven glasses, each from a melt of its own: for a
# cluster, some hours on 32 cores. All modes of one glass take 14 GB on the first rank; rate and temperatures are ours.
# From the folder of the results, with the plugin in PLUGIN and this folder in EXAMPLE:
#
#   EXAMPLE=~/lammps-glass/examples/cui_moduli PLUGIN=~/lammps-glass/build/glassplugin.so NP=32 $EXAMPLE/run_paper.sh
#
# GLASSES, N, RATE (K/ps), T: other numbers of glasses, sizes, rates, temperatures of measured kernels.
set -euo pipefail
LAMMPS="mpirun -np ${NP:-32} ${LAMMPS_EXECUTABLE:-lmp} -sf opt -var root $EXAMPLE/../.. -var plugin $PLUGIN"
TOOLS=$EXAMPLE/../../tools

for k in $(seq "${GLASSES:-7}"); do
  name=glass_$k
  run() { local deck=$1; shift; $LAMMPS -in "$EXAMPLE/in.$deck" -log "$deck.$name.log" -var name "$name" "$@"; }
  [ -e "$name.data" ] || run quench -var n "${N:-8192}" -var rate "${RATE:-1}" -var seed "$((1000 * k))"
  run modes
  run moduli
  for T in ${T:-300 600}; do
    run memory -var T "$T" -var t_run 400 -var t_memory 20
    python3 "$TOOLS/kernel_table.py" --mass 77.385 "${name}_T$T.memory.txt" "${name}_T$T.kernel.txt"
    run measured -var T "$T"
    run oscillate -var T "$T"
  done
done
python3 "$TOOLS/plot_cui.py" --width 0.5 --title "Cu50Zr50 glasses, N = ${N:-8192}" .
