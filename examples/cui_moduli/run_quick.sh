#!/usr/bin/env bash
# A Cu50Zr50 glass of 1000 atoms, the bundled one: modes, moduli with the kernels of the paper, the memory kernel of its
# atoms at 600 K, moduli with these and in oscillatory shear; tables and figures. Six minutes on two cores, one run on
# each. Installs and builds what is missing first, as quickstart.sh does. Everything goes to results/cui_moduli;
# what is there already is not run again, so it can be interrupted and repeated.
#
#   QUENCH=yes examples/cui_moduli/run_quick.sh      makes the glass instead: a quarter of an hour more
#
# Uses your own LAMMPS if LAMMPS_SOURCE_DIR (its source) and LAMMPS_EXECUTABLE (its lmp) are set.
set -euo pipefail
cd "$(dirname "$0")/../.."
. cmake/prepare.sh
build_plugin
export JOBS=${JOBS:-2} LAMMPS_POTENTIALS="$LAMMPS_SOURCE_DIR/potentials"

mkdir -p results/cui_moduli
cd results/cui_moduli
decks() { ../../examples/run_decks.sh cui_moduli "$@"; }
if [ "${QUENCH:-no}" = yes ]; then
  decks quench
elif [ ! -e glass.data ]; then
  cp ../../examples/cui_moduli/glass.data .
fi
decks "memory T 600" modes moduli
/usr/bin/python3 ../../tools/kernel_table.py --mass 77.385 glass_T600.memory.txt glass_T600.kernel.txt
/usr/bin/python3 ../../tools/kernel_table.py --mass 77.385 --hold 1e4 glass_T600.memory.txt glass_T600_held.kernel.txt
decks "oscillate T 600" "measured T 600" \
  "measured T 600 out=glass_T600_held kernel=glass_T600_held.kernel.txt"
/usr/bin/python3 ../../tools/plot_cui.py --title "Cu50Zr50 glass, N = 1000, 5e12 K/s" .
