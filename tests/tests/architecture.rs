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

/// Where tests lie: the beginning of a name on the pages below, the folder, the end of its files' names.
const PLACES: [(&str, &str, &str); 6] = [
    ("engine/", "js-engine/tests/", ".mjs"),
    ("ui/", "host/ui/e2e/", ".test.mjs"),
    ("runtime/src/", "runtime/src/", ".rs"),
    ("runtime/", "runtime/tests/", ".rs"),
    ("host/src/", "host/src/", ".rs"),
    ("", "tests/tests/", ".rs"),
];

/// Whether there is a test of this name, `FILE::TEST`. A golden case is a folder.
fn is_test(name: &str) -> bool {
    let Some((file, test)) = name.split_once("::") else { return false };
    if file == "engine/golden" {
        return root().join("js-engine/tests/golden").join(test).join("lambda.js").exists();
    }
    let place = PLACES.iter().find(|(prefix, ..)| file.starts_with(prefix));
    let (prefix, folder, end) = place.expect("the last place takes every name");
    let path = root().join(format!("{folder}{}{end}", &file[prefix.len()..]));
    let text = fs::read_to_string(path).unwrap_or_default();
    if *end != ".rs" {
        // A title, or the part of one that stands in a table.
        return ["'", "\"", "`"].iter().any(|quote| text.contains(&format!("{quote}{test}{quote}")));
    }
    let mut above = "";
    text.lines().any(|line| {
        let is_marked = above.starts_with("#[") && above.contains("test");
        above = line.trim();
        is_marked && above.trim_start_matches("async ").starts_with(&format!("fn {test}("))
    })
}

/// A page of tables whose rows end with the tests that hold them: none is without, and each of them exists.
fn every_row_is_held(page: &str, at_least: usize) {
    let text = fs::read_to_string(root().join(page)).unwrap();
    // The heads of the tables begin with "what".
    let rows: Vec<_> =
        text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what")).collect();
    assert!(rows.len() > at_least, "{page} has {} rows", rows.len());
    for row in rows {
        let tests = row.split('|').nth(2).unwrap_or_default();
        let names: Vec<_> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test in {row}");
        for name in names {
            assert!(is_test(name), "there is no {name}: {row}");
        }
    }
}

#[test]
fn every_row_of_the_contract_has_its_tests() {
    every_row_is_held("tests/CONTRACT.md", 50);
}

#[test]
fn every_attack_has_its_tests() {
    every_row_is_held("tests/ATTACKS.md", 100);
}
