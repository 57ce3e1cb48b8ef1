#!/usr/bin/env bash
# Measures what the server promises about its speed, and prints the figures as one JSON object.
#
# Environment: ACCOUNTS and LAMBDAS (of each account) of the full server; ACCOUNTS=0 leaves it out.
set -euo pipefail
cd "$(dirname "$0")/.."

accounts=${ACCOUNTS:-10000}
lambdas=${LAMBDAS:-10}

# Whatever the profile of this machine says: what is measured is what is shipped.
cargo build --release --locked --package lambkin-host --bin lambkin --example crowd \
  --config 'profile.release.package.lambkin-host.opt-level=3'
cargo build --release --locked --package lambkin-tests --example figures

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp target/release/lambkin "$work/lambkin"
export LAMBKIN_BIN=$work/lambkin LAMBKIN_LOG=error

crowd=()
if [ "$accounts" -gt 0 ]; then
  target/release/examples/crowd "$work/crowd" "$accounts" "$lambdas" >&2
  crowd=("$work/crowd")
fi
target/release/examples/figures "${crowd[@]}"
