//! Holds the page of error codes that authors read (`docs/error-codes.json`) to the sources: every code that something
//! can answer with stands there, and nothing else does.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The texts of a file, or of the files in a folder and below it, tests left out.
fn texts(place: &str) -> String {
    let mut found = String::new();
    let mut places = vec![root().join(place)];
    while let Some(path) = places.pop() {
        if path.is_dir() {
            places.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.to_string_lossy().contains("test") {
            let text = fs::read_to_string(&path).unwrap();
            found.push_str(text.split("\n#[cfg(test)]\nmod tests {").next().unwrap());
        }
    }
    found
}

/// What stands in quotes, of either kind, and reads like a code.
fn quoted(text: &str, is_code: impl Fn(&str) -> bool) -> BTreeSet<String> {
    text.split(['"', '\'']).filter(|piece| is_code(piece)).map(str::to_owned).collect()
}

fn is_platform(piece: &str) -> bool {
    piece.strip_prefix("com.liveperson.faas.").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || b".-".contains(&byte))
    })
}

fn is_system(piece: &str) -> bool {
    let is_name = piece.len() > 2 && piece.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_name && ["E", "CERT_", "HPE_", "UNABLE_"].iter().any(|prefix| piece.starts_with(prefix))
}

/// The codes of the check: what is reported with a place.
fn findings(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for mark in ["report.error(", "report.warning(", "code: \"", "code = \""] {
        for (at, _) in text.match_indices(mark) {
            let behind = &text[at + mark.len()..];
            let code = if mark.ends_with('"') {
                behind.split('"').next()
            } else {
                // The first text among the arguments.
                behind.split('"').nth(1)
            };
            let code = code.unwrap_or_default();
            if !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
                found.insert(code.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_error_code_is_explained_and_no_other() {
    let page: Value =
        serde_json::from_str(&fs::read_to_string(root().join("docs/error-codes.json")).unwrap()).unwrap();
    let mut explained = BTreeSet::new();
    for entry in page.as_array().unwrap().iter().flat_map(|group| group["codes"].as_array().unwrap()) {
        let text = |name: &str| entry[name].as_str().unwrap();
        assert!(!text("when").is_empty() && !text("do").is_empty(), "{entry} explains nothing");
        assert!(explained.insert(text("code").to_owned()), "{entry} is there twice");
    }

    let mut given = BTreeSet::new();
    for place in ["host/src", "runtime/src", "js-engine/abi/src", "js-engine/js/toolbelt.js"] {
        given.extend(quoted(&texts(place), is_platform));
    }
    given.extend(quoted(&texts("runtime/src/error.rs"), |piece| piece.starts_with("lambkin.")));
    given.extend(quoted(&texts("host/src/egress"), is_system));
    given.extend(findings(&texts("runtime/src/check")));
    assert!(given.len() > 50, "{given:?}");
    assert_eq!(explained, given);
}
