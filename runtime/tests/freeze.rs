//! Freezing: what becomes of a top level, and why a freeze is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;

use std::collections::BTreeMap;

use fixture::{RUNTIME, call_with, lambda, run, try_freeze, unmetered};
use lambkin_runtime::{ErrorCode, Image, Limits, check};
use serde_json::json;

const HELLO: &str = "function lambda(input, callback) { callback(null, 'Hello ' + input.payload.name); }";

#[test]
fn the_top_level_runs_once_and_every_call_starts_from_what_it_left() {
    let source = "let n = 40; n += 1; function lambda(input, callback) { n += 1; callback(null, n); }";
    let lambda = lambda(&RUNTIME, source);
    for _ in 0..3 {
        assert_eq!(call_with(&RUNTIME, &lambda, &Limits::default(), &json!({})).value(), json!(42));
    }
}

#[test]
fn the_same_source_gives_the_same_image_metered_or_not() {
    let images: Vec<Vec<u8>> = [&*RUNTIME, &RUNTIME.clone(), &unmetered()]
        .iter()
        .map(|runtime| try_freeze(runtime, HELLO).unwrap().image.to_bytes())
        .collect();
    assert_eq!(images[0], images[1]);
    assert_eq!(images[0], images[2]);
}

#[test]
fn a_hello_costs_less_than_a_hundred_kilobytes() {
    let frozen = try_freeze(&RUNTIME, HELLO).unwrap();
    let bytes = frozen.image.to_bytes().len();
    assert!(bytes < 100 << 10, "{bytes} bytes, {} pages", frozen.image.pages());
    assert_eq!(frozen.report.image_bytes, bytes as u64);
}

#[test]
fn an_image_survives_its_file() {
    let frozen = try_freeze(&RUNTIME, HELLO).unwrap();
    let image = Image::from_bytes(&frozen.image.to_bytes()).unwrap();
    let lambda = RUNTIME.load(&image).unwrap();
    let called = call_with(&RUNTIME, &lambda, &Limits::default(), &json!({ "name": "file" }));
    assert_eq!(called.value(), json!("Hello file"));
}

#[test]
fn an_image_of_another_engine_is_refused() {
    let mut bytes = try_freeze(&RUNTIME, HELLO).unwrap().image.to_bytes();
    bytes[8] ^= 1;
    let end = bytes.len() - 32;
    let sum: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&bytes[..end]).into();
    bytes[end..].copy_from_slice(&sum);
    let error = RUNTIME.load(&Image::from_bytes(&bytes).unwrap()).unwrap_err();
    assert_eq!(error.code, ErrorCode::ImageInvalid);
}

#[test]
fn the_environment_is_there_at_top_level_and_in_the_lambda() {
    let source = check(
        "const early = process.env.GREETING; \
         function lambda(input, callback) { callback(null, [early, process.env.GREETING, typeof process.env.PATH]); }",
    )
    .unwrap();
    let environment = BTreeMap::from([("GREETING".to_owned(), "hej".to_owned())]);
    let frozen = RUNTIME.freeze(&source, &environment).unwrap();
    assert!(frozen.report.reads_environment);
    let lambda = RUNTIME.load(&frozen.image).unwrap();
    let called = call_with(&RUNTIME, &lambda, &Limits::default(), &json!({}));
    assert_eq!(called.value(), json!(["hej", "hej", "undefined"]));
}

#[test]
fn clock_and_randomness_at_top_level_are_fixed_and_reported() {
    let source = "const t = Date.now(), r = Math.random(); \
                  function lambda(i, callback) { callback(null, [t, Math.random() === r, Date.now() > t]); }";
    let frozen = try_freeze(&RUNTIME, source).unwrap();
    assert_eq!(frozen.report.warnings.len(), 2, "{:?}", frozen.report.warnings);
    assert_eq!(run(source, &json!({})).value(), json!([1_577_836_800_000_u64, false, true]));
}

#[test]
fn a_top_level_that_throws_is_refused_with_its_place() {
    let failure = try_freeze(
        &RUNTIME,
        "const a = 1;\n  null.x;\nfunction lambda(input, callback) { callback(null, a); }",
    )
    .unwrap_err();
    assert_eq!(failure.error.code, ErrorCode::FreezeFailed);
    assert_eq!(failure.line, Some(2), "{failure:?}");
    assert!(failure.stack.as_deref().unwrap_or_default().contains("lambda.js:2"), "{failure:?}");
}

#[test]
fn a_top_level_without_end_or_bounds_is_stopped_with_a_reason() {
    let tail = "function lambda(input, callback) { callback(); }";
    for (head, reason) in [
        ("console.info('before'); for (;;) {}", "CPU fuel"),
        ("console.info('before'); const a = []; for (;;) a.push(new Uint8Array(1 << 20));", "memory"),
        ("console.info('before'); (function f() { f(); })();", "stack"),
    ] {
        let failure = try_freeze(&RUNTIME, &format!("{head}\n{tail}")).unwrap_err();
        assert_eq!(failure.error.code, ErrorCode::FreezeFailed, "{failure:?}");
        assert!(failure.error.message.contains(reason), "{reason}: {}", failure.error.message);
        assert_eq!(failure.logs.len(), 1, "what was logged before is kept: {failure:?}");
    }
}

#[test]
fn what_belongs_into_the_lambda_is_refused_at_top_level() {
    for head in ["setTimeout(() => {}, 10);", "Promise.reject(new Error('lost'));"] {
        let source = format!("{head}\nfunction lambda(input, callback) {{ callback(); }}");
        let failure = try_freeze(&RUNTIME, &source).unwrap_err();
        assert_eq!(failure.error.code, ErrorCode::FreezeFailed, "{head}: {failure:?}");
    }
}

#[test]
fn a_top_level_that_grows_the_memory_is_kept() {
    let source = "const big = new Uint8Array(20 << 20).fill(7); \
                  function lambda(i, callback) { callback(null, [big.length, big[12345678]]); }";
    assert_eq!(run(source, &json!({})).value(), json!([20 << 20, 7]));

    // A byte in every MiB: few pages, far apart.
    let sparse = "const big = new Uint8Array(200 << 20); for (let i = 0; i < big.length; i += 1 << 20) big[i] = 7; \
                  function lambda(i, callback) { callback(null, big[5 << 20]); }";
    let failure = try_freeze(&RUNTIME, sparse).unwrap_err();
    assert!(failure.error.message.contains("too large to keep"), "{failure}");
}
