//! Holds the invariants that ARCHITECTURE.md writes as absences.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every Rust file under `folder`, with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn manifest(package: &str) -> String {
    fs::read_to_string(root().join(package).join("Cargo.toml")).unwrap()
}

#[test]
fn only_the_runtime_knows_wasmtime() {
    for (path, text) in sources("host/src") {
        assert!(!text.contains("wasmtime::"), "{} names wasmtime", path.display());
    }
    for package in ["host", "templates", "tests", "js-engine", "js-engine/abi"] {
        assert!(!manifest(package).contains("wasmtime"), "{package} depends on wasmtime");
    }
}

#[test]
fn the_runtime_serves_and_stores_nothing() {
    let manifest = manifest("runtime");
    for dependency in ["axum", "hyper", "sled", "cap-std", "clap", "ureq", "lambkin-host"] {
        assert!(!manifest.contains(dependency), "runtime depends on {dependency}");
    }
}

#[test]
fn only_the_engine_knows_quickjs() {
    for package in ["runtime", "host", "templates", "tests", "js-engine/abi"] {
        let manifest = manifest(package);
        assert!(!manifest.contains("javy") && !manifest.contains("quickjs"), "{package} depends on QuickJS");
    }
}

#[test]
fn every_module_says_why_it_exists() {
    for folder in
        ["host/src", "runtime/src", "js-engine/src", "js-engine/abi/src", "templates/src", "tests/src"]
    {
        for (path, text) in sources(folder) {
            assert!(text.starts_with("//!"), "{} does not open with `//!`", path.display());
        }
    }
}

/// Where `unsafe` may stand, as ARCHITECTURE.md lists it.
#[test]
fn unsafe_stays_in_its_rooms() {
    const ROOMS: [&str; 4] =
        ["runtime/src/memory/", "runtime/src/native.rs", "runtime/src/thaw.rs", "js-engine/src/"];
    for folder in ["host/src", "runtime/src", "js-engine", "templates/src", "tests/src"] {
        for (path, text) in sources(folder) {
            let path = path.strip_prefix(root()).unwrap().display().to_string();
            let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
            let uses = code.filter(|line| line.contains("unsafe ") && !line.contains("unsafe_code")).count();
            assert!(uses == 0 || ROOMS.iter().any(|room| path.starts_with(room)), "{path} uses unsafe");
        }
    }
}

/// Files stay small enough to hold in the head.
#[test]
fn no_source_file_is_a_book() {
    for folder in ["host/src", "runtime/src", "js-engine/src"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            assert!(lines <= 650, "{} has {lines} lines: move a wall", path.display());
        }
    }
}

/// What clients rely on is held by tests that exist.
#[test]
fn every_row_of_the_contract_has_its_tests() {
    let page = fs::read_to_string(root().join("tests/CONTRACT.md")).unwrap();
    let rows: Vec<_> =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what")).collect();
    assert!(rows.len() > 50, "the page has {} rows", rows.len());
    for row in rows {
        let tests = row.split('|').nth(2).unwrap_or_default();
        let names: Vec<_> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test in {row}");
        for name in names {
            let (file, test) = name.split_once("::").unwrap_or_else(|| panic!("{name} in {row}"));
            let text = fs::read_to_string(root().join(format!("tests/tests/{file}.rs"))).unwrap_or_default();
            assert!(text.contains(&format!("#[test]\nfn {test}(")), "there is no {name}: {row}");
        }
    }
}
