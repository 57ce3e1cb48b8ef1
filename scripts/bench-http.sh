#!/usr/bin/env bash
# Measures Lambkin beside what it is compared with, in one run on one machine: alternating rounds, the same requests.
# The last thing printed is a JSON object and a table for the README.
#
# Environment: ROUNDS, SECONDS_PER_ROUND, CONNECTIONS, THREADS (of wrk), LAMBDAS (deployed at once; 100 is quick),
# MICRO=0 leaves the criterion benches out.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${ROUNDS:-5}
seconds=${SECONDS_PER_ROUND:-5}
connections=${CONNECTIONS:-32}
threads=${THREADS:-1}

for tool in wrk node curl; do
  command -v "$tool" >/dev/null || {
    echo "error: there is no \`$tool\`" >&2
    echo "hint: on Debian 12: sudo apt-get install wrk nodejs curl" >&2
    exit 1
  }
done

cargo build --release --locked --package lambkin-host --bin lambkin --example bare
cargo build --release --locked --package lambkin-tests --example scale
lambkin=$PWD/target/release/lambkin

work=$(mktemp -d)
pids=()
stop() {
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap stop EXIT

# start NAME COMMAND…: starts a server and sets `url` to what its first line says.
start() {
  local name=$1
  shift
  "$@" >"$work/$name.out" 2>"$work/$name.err" &
  pids+=($!)
  url=
  for _ in $(seq 300); do
    url=$(sed -n '1s/.*"listening": *"\([^"]*\)".*/\1/p' "$work/$name.out")
    [ -z "$url" ] || return 0
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "error: $name did not start" >&2
  cat "$work/$name.err" >&2
  exit 1
}

results=$work/results
# record WHAT JSON: one line for bench/summary.mjs.
record() { printf '{"what": "%s", %s\n' "$1" "${2#\{}" | tee -a "$results" >&2; }

if [ "${MICRO:-1}" = 1 ]; then
  cargo bench --locked --workspace --exclude lambkin-engine >&2
fi

for lambda in hello fib json-transform; do
  node bench/payload.mjs "$lambda" >"$work/$lambda.json"
done

echo "the steps of an invocation, and Node" >&2
bench() { # bench LAMBDA N FLAGS…
  "$lambkin" bench "bench/lambdas/$1.js" --input "$work/$1.json" -n "$2" --json "${@:3}"
}
for _ in $(seq "$rounds"); do
  record "lambkin hello" "$(bench hello 20000)"
  record "lambkin fib" "$(bench fib 20)"
  record "unmetered fib" "$(bench fib 20 --unmetered)"
  record "node fib" "$(node bench/node.mjs bench/lambdas/fib.js "$work/fib.json" 200)"
  record "lambkin json-transform" "$(bench json-transform 200)"
  record "unmetered json-transform" "$(bench json-transform 200 --unmetered)"
  record "node json-transform" "$(node bench/node.mjs bench/lambdas/json-transform.js "$work/json-transform.json" 500)"
done

echo "many lambdas" >&2
record scale "$(LAMBKIN_LOG=error LAMBKIN_BIN=$lambkin target/release/examples/scale "${LAMBDAS:-1000}")"

echo "HTTP" >&2
start lambkin env LAMBKIN_LOG=warn "$lambkin" serve --dev --listen 127.0.0.1:0 --data "$work/data"
server=$url
token=$(sed -n '1s/.*"token": *"\([^"]*\)".*/\1/p' "$work/lambkin.out")
export LAMBKIN_SERVER=$server LAMBKIN_TOKEN=$token
invoke=$("$lambkin" deploy bench/lambdas/hello.js --name hello --json | sed -n 's/.*"url": *"\([^"]*\)".*/\1/p')
path=${invoke#"$server"}

# The bare server answers with exactly what Lambkin answers.
curl --silent --fail --max-time 10 --header "authorization: Bearer $token" --header 'content-type: application/json' \
  --data-binary "@$work/hello.json" --output "$work/answer" "$invoke"
start bare target/release/examples/bare "$work/answer"
bare=$url

load() { # load NAME BASE_URL SECONDS
  BENCH_BODY=$work/hello.json BENCH_TOKEN=$token \
    wrk --threads "$threads" --connections "$connections" --duration "${3}s" --script bench/invoke.lua "$2$path" | tail -1
}
load warm-up "$bare" 1 >/dev/null
load warm-up "$server" 1 >/dev/null
for _ in $(seq "$rounds"); do
  record bare "$(load bare "$bare" "$seconds")"
  record lambkin "$(load lambkin "$server" "$seconds")"
done

echo >&2
node bench/summary.mjs "$results"
