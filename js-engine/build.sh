#!/usr/bin/env bash
# Builds target/engine/engine.wasm (or the file named as the argument) from js-engine/. Two builds of the same sources
# give the same bytes. ENGINE_FEATURES names features of the crate; there is `conformance`, for test262.
#
# Two toolchains will do, in this order:
#   1. rustup's wasm32-wasip1 target and a wasi-sdk (set WASI_SDK=/path/to/wasi-sdk);
#   2. Debian's packages (`make setup` installs them): rustc-web with its std sources, clang-19, lld-19, wasi-libc.
set -euo pipefail
result=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."

root=$PWD
out=$root/target/engine
mkdir -p "$out"

# Paths of this checkout must not reach the bytes.
remap="--remap-path-prefix=$root=/lambkin --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
# `--stack-first`: overflowing the shadow stack traps instead of eating the heap.
# `--initial-memory`: roomy, so that an ordinary invocation never grows the memory.
link="-C link-arg=--stack-first -C link-arg=-zstack-size=2097152 -C link-arg=--initial-memory=25165824"

cargo_args=(build --locked --profile engine --package lambkin-engine --target wasm32-wasip1 --target-dir "$out/cargo")

if [ -n "${ENGINE_FEATURES:-}" ]; then
  cargo_args+=(--features "$ENGINE_FEATURES")
fi

if [ -n "${WASI_SDK:-}" ] && rustup target list --installed 2>/dev/null | grep -qx wasm32-wasip1; then
  export RUSTFLAGS="$remap $link"
elif [ -x /usr/bin/rustc ] && [ -e /usr/lib/rustlib/src/rust/library/Cargo.lock ] && [ -x /usr/bin/clang-19 ]; then
  # rquickjs-sys wants the layout of a wasi-sdk: links to the packages' folders make one.
  sdk=$out/wasi-sdk
  mkdir -p "$sdk/bin" "$sdk/share/wasi-sysroot/include" "$sdk/share/wasi-sysroot/lib"
  ln -sfn /usr/bin/clang-19 "$sdk/bin/clang"
  ln -sfn /usr/bin/llvm-ar-19 "$sdk/bin/ar"
  ln -sfn /usr/bin/llvm-ar-19 "$sdk/bin/llvm-ar"
  for triple in wasm32-wasi wasm32-wasip1; do
    ln -sfn /usr/include/wasm32-wasi "$sdk/share/wasi-sysroot/include/$triple"
    ln -sfn /usr/lib/wasm32-wasi "$sdk/share/wasi-sysroot/lib/$triple"
  done
  export WASI_SDK=$sdk LIBCLANG_PATH=/usr/lib/llvm-19/lib
  export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
  builtins=/usr/lib/llvm-19/lib/clang/19/lib/wasi
  export RUSTFLAGS="$remap --remap-path-prefix=/usr/lib/rustlib/src=/rust $link \
    -C link-self-contained=no -C linker=wasm-ld-19 -L native=/usr/lib/wasm32-wasi -L native=$builtins \
    -C link-arg=/usr/lib/wasm32-wasi/crt1-reactor.o -C link-arg=-lc -C link-arg=$builtins/libclang_rt.builtins-wasm32.a"
  cargo_args+=(-Zbuild-std=std,panic_abort)
else
  echo "error: no toolchain for the engine" >&2
  echo "hint: run \`make setup\` (Debian 12, as root or with sudo), or install a wasi-sdk, set WASI_SDK to its folder and run \`rustup target add wasm32-wasip1\`" >&2
  exit 1
fi

# What the interpreter is told about its platform; the hash makes cargo rebuild it when the header changes.
shim=$root/js-engine/quickjs.wasi.h
shim_flags="-include $shim -DLAMBKIN_SHIM=0x$(sha256sum "$shim" | cut -c1-8)"

# No build path in the C objects either.
export CFLAGS_wasm32_wasip1="-O3 $shim_flags -ffile-prefix-map=$root=/lambkin -ffile-prefix-map=${CARGO_HOME:-$HOME/.cargo}=/cargo ${CFLAGS_wasm32_wasip1:-}"
# From npm, by the lock file: Node 10's own library, the packages lambdas can require, and Binaryen.
tools=$out/tools
if ! cmp -s js-engine/package-lock.json "$tools/package-lock.json" || [ ! -e "$tools/node_modules/.package-lock.json" ]; then
  mkdir -p "$tools"
  cp js-engine/package.json js-engine/package-lock.json "$tools/"
  npm ci --prefix "$tools" --ignore-scripts --no-audit --no-fund --silent
fi
export LAMBKIN_LIBRARY=$out/library.pack
node js-engine/node/pack.mjs "$tools/node_modules" "$LAMBKIN_LIBRARY"

cargo "${cargo_args[@]}"

# Binaryen's optimiser makes JSON-heavy lambdas a tenth faster; a pinned version, so that the bytes stay the same.
result=${result:-$out/engine.wasm}
node "$tools/node_modules/binaryen/bin/wasm-opt" -O3 --debuginfo \
  "$out/cargo/wasm32-wasip1/engine/engine.wasm" -o "$result.draft"
mv "$result.draft" "$result"
sha256sum "$result" | cut -d' ' -f1
