#!/usr/bin/env bash
# Everything a change must pass, in the order that says the most first. The second engine build ends in one long thread,
# so it goes beside the lints; the tests have the machine for themselves.
set -euo pipefail
cd "$(dirname "$0")/.."

make engine
said=target/engine-reproducible.log
scripts/engine-reproducible.sh >"$said" 2>&1 &
second=$!

status=0
make lint deny || status=$?
wait "$second" || { status=$?; tail --lines=40 "$said"; }
[ "$status" = 0 ] || exit "$status"
tail --lines=1 "$said"
make test api-fuzz
