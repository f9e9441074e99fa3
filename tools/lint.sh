#!/usr/bin/env bash
# Formatting and static analysis of our own code; prints what is wrong and fails.
#   tools/lint.sh        check
#   tools/lint.sh --fix  format in place first
set -euo pipefail
cd "$(dirname "$0")/.."
. cmake/prepare.sh
bash cmake/provide-packages.sh clang-format clang-tidy

mapfile -t sources < <(git ls-files 'src/*.cpp' 'src/*.h' 'tests/*.cpp' 'tests/*.h')
[ "${1:-}" != --fix ] || clang-format -i "${sources[@]}"
echo "== clang-format"
clang-format --dry-run --Werror "${sources[@]}"

echo "== clang-tidy"
configure release
mapfile -t units < <(git ls-files 'src/*.cpp')
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! printf '%s\n' "${units[@]}" |
  xargs -P "$(nproc)" -n 3 clang-tidy -p build --quiet >"$log" 2>&1; then
  grep -v -E 'warnings? generated|Suppressed|Use -header-filter' "$log" >&2
  exit 1
fi
echo "== clean"
