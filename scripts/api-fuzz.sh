#!/usr/bin/env bash
# Holds the API to its document: schemathesis makes calls of everything that /openapi.json describes, good and bad ones,
# and no answer may be a 5xx or something that the document does not say. What is checked stands in
# tests/clients/schemathesis.toml.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap finish EXIT

target/release/lambkin serve --dev --listen 127.0.0.1:0 --data "$folder/data" \
  --limit functions=5000 --limit deployed=5000 --limit schedules=5000 --limit secrets=5000 --limit domains=5000 --limit apps=5000 >"$folder/announcement" 2>"$folder/log" &
server=$!
for _ in $(seq 300); do
  [ ! -s "$folder/announcement" ] || break
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.2
done
base=$(sed -n 's/.*"listening":"\([^"]*\)".*/\1/p' "$folder/announcement")

here=$PWD
export LAMBKIN_BASE="$base" SCHEMATHESIS_HOOKS=api_fuzz_hooks PYTHONPATH="$here/tests/clients" PYTHONDONTWRITEBYTECODE=1
status=0
# In a folder of its own: what one run remembers is nothing to the next.
cd "$folder"
timeout 300 "$here/target/clients/bin/schemathesis" --config-file "$here/tests/clients/schemathesis.toml" \
  run "$base/openapi.json" --header 'Authorization: Bearer lambkin-dev-token' --workers 1 --no-color || status=$?
kill -0 "$server" 2>/dev/null || { echo "error: the server has ended" >&2; tail -20 "$folder/log" >&2; exit 1; }
exit "$status"
