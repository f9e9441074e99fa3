#!/usr/bin/env bash
# Formatting and static analysis of our own code; prints what is wrong and fails.
#   tools/lint.sh        check
#   tools/lint.sh --fix  format in place first
set -euo pipefail
cd "$(dirname "$0")/.."
. cmake/prepare.sh
for tool in clang-format clang-tidy; do
  command -v $tool >/dev/null || bash cmake/provide-packages.sh $tool
done

mapfile -t sources < <(git ls-files 'src/*.cpp' 'src/*.h' 'tests/*.cpp' 'tests/*.h')
[ "${1:-}" != --fix ] || clang-format -i "${sources[@]}"
echo "== clang-format"
clang-format --dry-run --Werror "${sources[@]}"

echo "== clang-tidy"
configure release
mapfile -t units < <(git ls-files 'src/*.cpp')
printf '%s\n' "${units[@]}" | xargs -P "$(nproc)" -n 3 clang-tidy -p build --quiet 2>&1 |
  grep -v -E 'warnings? generated|Suppressed|Use -header-filter|non-user code' || true
# xargs' status is lost behind the filter; ask again for what matters, cheaply, from the log
