//! Finds the engine that `make engine` built, so that the crate can embed it.

use std::{env, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-env-changed=LAMBKIN_ENGINE");
    // Cargo sets it anew for every run: a target directory that was copied from another checkout, with this script
    // compiled there, must not embed that checkout's engine. Its change is a reason to run again for the same cause.
    println!("cargo:rerun-if-env-changed=CARGO_MANIFEST_DIR");
    let path = env::var_os("LAMBKIN_ENGINE").map_or_else(
        || {
            PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../target/engine/engine.wasm")
        },
        PathBuf::from,
    );
    println!("cargo:rerun-if-changed=../target/engine/engine.wasm");
    println!("cargo:rerun-if-changed={}", path.display());
    match path.canonicalize() {
        Ok(path) => println!("cargo:rustc-env=LAMBKIN_ENGINE_WASM={}", path.display()),
        Err(e) => {
            println!(
                "cargo::error=the engine {} cannot be read: {e}; run `make engine` first",
                path.display()
            );
        }
    }
}
