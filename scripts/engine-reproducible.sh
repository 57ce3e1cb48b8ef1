#!/usr/bin/env bash
# Two builds of the same sources must give the same bytes. The second one starts from nothing, in a copy of the sources
# under another path: a path that leaked into the bytes shows up as well.
set -euo pipefail
cd "$(dirname "$0")/.."

first=target/engine/engine.wasm

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar --exclude=./target --exclude=./.git --exclude=node_modules -cf - . | tar -xf - -C "$copy"
(cd "$copy" && js-engine/build.sh >/dev/null)
second=$copy/target/engine/engine.wasm

if cmp "$first" "$second"; then
  echo "engine: the same $(stat --format=%s "$first") bytes twice, sha256 $(sha256sum "$first" | cut -d' ' -f1)"
else
  echo "error: two builds of the engine differ" >&2
  echo "hint: compare them with \`wasm-objdump -h\` or \`strings\`; a path or a time has leaked into the bytes" >&2
  cp "$second" target/engine/engine-second.wasm
  exit 1
fi
