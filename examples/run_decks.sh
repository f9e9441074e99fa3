#!/usr/bin/env bash
# Used by scripts of the examples, in the folder of the results:
#
#   run_decks.sh EXAMPLE "DECK VARIABLE VALUE ..." ...
#
# runs decks of the folder EXAMPLE, each given as one word, JOBS at a time, and notes the core seconds that each has taken
# in DECK_....seconds, which also says that it is done. A value that is no number is given as VARIABLE=VALUE.
set -euo pipefail
export example=$1 OMP_NUM_THREADS=1
shift
export total=$# runs
runs=$(printf '%s\n' "$@" | tr ' ' '_')    # as their files are named

one_run() {
  local name deck=$1 start=$SECONDS arguments=() word
  name=$(tr ' ' '_' <<<"$*")
  shift
  # a variable's name is what does not begin with a digit
  for word in "$@"; do
    case $word in
      [0-9]*) arguments+=("$word") ;;
      *=*) arguments+=(-var "${word%%=*}" "${word#*=}") ;;
      *) arguments+=(-var "$word") ;;
    esac
  done
  if [ ! -e "$name.seconds" ]; then
    rm -f "$name.log"
    # Relative paths: LAMMPS splits words at blanks that a path of the machine's may have.
    TIMEFORMAT="%U %S"
    { time "$LAMMPS_EXECUTABLE" -in "../../examples/$example/in.$deck" -nocite -sf opt -log "$name.log" \
        -screen none "${arguments[@]}"; } 2>"$name.time" ||
      { grep -a ERROR "$name.log" "$name.time" >&2; echo "$* failed: $PWD/$name.log" >&2; return 255; }
    tail -1 "$name.time" | awk '{ print $1 + $2 }' >"$name.seconds"
    rm "$name.time"
  fi
  local done=0 other
  while read -r other; do
    [ ! -e "$other.seconds" ] || done=$((done + 1))
  done <<<"$runs"
  echo "   $deck $*: $((SECONDS - start)) s ($done of $total done)"
}
export -f one_run

echo "== $total runs, ${JOBS:-2} at a time"
printf '%s\n' "$@" | xargs -P "${JOBS:-2}" -L 1 bash -c 'one_run "$@"' one_run
cat -- *.seconds | awk '{ sum += $1 } END { printf "== %.0f core seconds in all\n", sum }'
