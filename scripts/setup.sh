#!/usr/bin/env bash
# Installs what a build needs and the machine does not have. Running it again changes nothing.
#
# The guest (js-engine/) is compiled for wasm32-wasip1. Two toolchains will do, see js-engine/build.sh:
# rustup's target with a wasi-sdk, or Debian's packages.
set -euo pipefail

fail() {
  echo "error: $1" >&2
  echo "hint: $2" >&2
  exit 1
}

missing=()
want_package() { # want_package PACKAGE [VERSION]: adds it unless dpkg has it, at least that new
  local status version
  read -r status version < <(dpkg-query --show --showformat='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null) || true
  if [ "${status:-}" != installed ] || { [ -n "${2:-}" ] && dpkg --compare-versions "$version" lt "$2"; }; then
    missing+=("$1")
  fi
}

# The host's own needs. `cargo` is not installed for anybody: people have it from rustup and want to keep it so.
command -v cargo >/dev/null || fail "there is no cargo" "install Rust from https://rustup.rs, then run \`make setup\` again"
for tool in fmt clippy; do
  cargo "$tool" --version >/dev/null 2>&1 || echo "note: \`make lint\` needs \`rustup component add rustfmt clippy\`" >&2
done
command -v node >/dev/null || echo "note: building the engine and testing need Node 20 or newer" >&2
# What tests run besides: published clients, and a tool that fuzzes the API.
command -v npm >/dev/null || echo "note: building the web application and testing need npm" >&2
# The web application is tested in a real browser.
command -v chromium >/dev/null || missing+=(chromium)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v make >/dev/null || missing+=(make)

# The guest's needs.
if [ -n "${WASI_SDK:-}" ]; then
  [ -x "$WASI_SDK/bin/clang" ] || fail "WASI_SDK=$WASI_SDK holds no bin/clang" "set WASI_SDK to the folder of an unpacked wasi-sdk"
  if ! rustup target list --installed 2>/dev/null | grep -qx wasm32-wasip1; then
    command -v rustup >/dev/null || fail "WASI_SDK is set, but there is no rustup to get the target wasm32-wasip1 from" \
      "install Rust from https://rustup.rs, or unset WASI_SDK to use Debian's packages"
    rustup target add wasm32-wasip1
  fi
elif command -v dpkg-query >/dev/null; then
  # Debian 12 has two of them; only the one from its security updates is new enough for us.
  rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
  for package in rustc-web rust-web-src; do
    want_package "$package" "$rust"
  done
  for package in clang-19 lld-19 llvm-19 libclang-rt-19-dev-wasm32 libclang1-19 wasi-libc; do
    want_package "$package"
  done
else
  fail "no toolchain for the guest" \
    "unpack a wasi-sdk, set WASI_SDK to its folder and run \`make setup\` again (on Debian 12 the packages are installed for you)"
fi

[ ${#missing[@]} -gt 0 ] || exit 0

install=(apt-get install --yes --no-install-recommends)
by_hand="sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
command -v apt-get >/dev/null || fail "missing: ${missing[*]}" "install them with your system's package manager"
if [ "$(id -u)" = 0 ]; then
  as_root=()
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=(sudo)
else
  fail "missing packages: ${missing[*]}" "run as root: $by_hand"
fi

echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
# With old package lists apt would find an older compiler than the archive has, or none.
"${as_root[@]}" apt-get update >&2 || true
"${as_root[@]}" "${install[@]}" "${missing[@]}" >&2 ||
  fail "apt-get could not install: ${missing[*]}" \
    "on Debian 12 they come from the main archive and its security updates; run by hand to see why: $by_hand"
