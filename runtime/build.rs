//! Finds the engine that `make engine` built, so that the crate can embed it.

use std::{env, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-env-changed=LAMBKIN_ENGINE");
    let path = env::var_os("LAMBKIN_ENGINE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/engine/engine.wasm"),
        PathBuf::from,
    );
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
