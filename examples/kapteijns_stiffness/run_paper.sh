#!/usr/bin/env bash
# The decks of run_quick.sh at N = 8000, to lower temperatures, and for longer: days on a cluster. The sizes are our
# choice; fill in those that you want to reproduce. From the folder of the results, with the plugin in PLUGIN and this folder in
# EXAMPLE:
#
#   EXAMPLE=~/lammps-glass/examples/kapteijns_stiffness PLUGIN=~/lammps-glass/build/glassplugin.so NP=32 \
#     $EXAMPLE/run_paper.sh ipl
#
# ipl, mblj, sticky60, sticky70 or sticky95; the last three take temperatures of yours, as TEMPERATURES="..." HOLD="..."
# TIMES="...": where to stop, how long to hold there, and the length of a segment, which should be some tau_alpha.
set -euo pipefail
model=${1:?model}
case $model in
  ipl)
    TEMPERATURES=${TEMPERATURES:-1.2 1.0 0.85 0.75 0.68 0.62 0.58 0.55 0.53}
    HOLD=${HOLD:-100 100 100 200 400 1000 4000 20000 60000}
    TIMES=${TIMES:-10 15 25 45 110 300 1000 4000 15000} ;;
  mblj)
    TEMPERATURES=${TEMPERATURES:-1.0 0.8 0.65 0.55 0.5 0.46 0.43 0.41}
    HOLD=${HOLD:-100 100 200 500 1000 4000 20000 60000}
    TIMES=${TIMES:-8 12 20 50 130 500 4000 15000} ;;
  *) : "${TEMPERATURES:?}" "${HOLD:?}" "${TIMES:?}" ;;
esac
read -ra T <<<"$TEMPERATURES"
read -ra t_hold <<<"$HOLD"
read -ra t_segment <<<"$TIMES"
LAMMPS="mpirun -np ${NP:-32} ${LAMMPS_EXECUTABLE:-lmp} -sf opt"
LAMMPS+=" -var root $EXAMPLE/../.. -var plugin $PLUGIN -var model $model"

$LAMMPS -in "$EXAMPLE/in.liquid" -log "liquid_$model.log" -var n "${N:-8000}" -var T "${T[@]}" -var t_hold "${t_hold[@]}"
for k in "${!T[@]}"; do
  # 20 segments; 2000 pairs at random, by conjugate gradients on all ranks
  $LAMMPS -in "$EXAMPLE/in.stiffness" -log "stiffness_${model}_${T[k]}.log" -var T "${T[k]}" -var t_hold "${t_segment[k]}" \
    -var t_segment "${t_segment[k]}" -var segments 20 -var visits 60 -var pairs "sample 2000 4711" -var solver cg
done
