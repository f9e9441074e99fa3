#!/usr/bin/env bash
# Glasses of 10^5 and 10^6 atoms without diagonalisation, in.scale, for a cluster; the quench of the large one takes
# days on hundreds of cores. From the folder of the results, as run_paper.sh:
#
#   EXAMPLE=~/lammps-glass/examples/cui_moduli PLUGIN=~/lammps-glass/build/glassplugin.so NP=128 $EXAMPLE/run_scale.sh
#
# With COPIES=yes nothing is quenched: the bundled glass of 1000 atoms is repeated, to see the time and the memory.
set -euo pipefail
LAMMPS="mpirun -np ${NP:-32} ${LAMMPS_EXECUTABLE:-lmp} -sf opt -var root $EXAMPLE/../.. -var plugin $PLUGIN"

for N in ${SIZES:-100000 1000000}; do
  if [ "${COPIES:-no}" = yes ]; then
    copies=$([ "$N" = 100000 ] && echo "5 5 4" || echo "10 10 10")
    $LAMMPS -in "$EXAMPLE/in.scale" -log "scale_$N.log" -var out "scale_$N" -var data "$EXAMPLE/glass.data" \
      -var copies "$copies"
  else
    [ -e "glass_$N.data" ] ||
      $LAMMPS -in "$EXAMPLE/in.quench" -log "quench_$N.log" -var n "$N" -var rate "${RATE:-1}" -var name "glass_$N"
    $LAMMPS -in "$EXAMPLE/in.scale" -log "scale_$N.log" -var name "glass_$N" -var out "scale_$N"
  fi
done
