#!/usr/bin/env bash
# Every test, through to the end whatever fails on the way, and the number of them. Compiling the Rust tests goes beside
# the engine's tests, which take one thread and go first (`nice`); browsers and servers have the machine for themselves.
set -uo pipefail
cd "$(dirname "$0")/.."

# The Makefile says how each part is run; split into words here, and the pattern of file names into files.
rust=(--release --locked ${HOST:?is set by the Makefile: make test})
engine=(${ENGINE_TESTS:?is set by the Makefile: make test})
browser=(${UI_TESTS:?is set by the Makefile: make test})
status=0

# A part that speaks TAP: its counts, and of a failure what failed with the lines that say why. The log has it all.
tap() {
  local log=target/test-$1.log counts='^# (pass|fail|packages) '
  shift
  "$@" >"$log"
  local ended=$?
  grep -E "$counts" "$log"
  [ "$ended" = 0 ] && return
  status=1
  echo "exit code $ended, the whole of it is in $log"
  { grep -A 15 -E '^ *not ok' "$log" || tail --lines=40 "$log"; } | grep -vE "$counts"
}

# The binary first: the tests drive it from outside, and no cargo dependency says so.
build() { nice cargo build --release --locked && nice cargo test "${rust[@]}" --no-run; }
# A compiler or linker that a full machine killed is asked again, with the machine for itself; what fails by itself fails again.
{ build || { echo "error: the build failed; once more, one job at a time" && CARGO_BUILD_JOBS=1 build; }; } \
  >target/test-build.log 2>&1 &
build=$!

tap engine "${engine[@]}"
tap packages "${engine[@]}" packages

# Of a build that failed, what failed: hundreds of lines say only what was compiled.
wait "$build" || {
  echo "exit code $?, the whole of it is in target/test-build.log"
  grep -vE '^ +(Compiling|Downloaded|Downloading|Updating|Blocking|Finished) ' target/test-build.log | tail --lines=80
  exit 1
}

NO_COLOR=1 npm run test --prefix host/ui --silent | tee target/test-ui.log || status=1
tap browser "${browser[@]}"
cargo test "${rust[@]}" --no-fail-fast | tee target/test.log || status=1

awk -f scripts/count-tests.awk target/test-{engine,packages,ui,browser}.log target/test.log
exit "$status"
