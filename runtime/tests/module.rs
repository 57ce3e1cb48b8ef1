//! Complete modules: written reproducibly, read back, and refused for every way in which they can be wrong.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;

use std::collections::BTreeMap;

use fixture::RUNTIME;
use lambkin_runtime::{ErrorCode, check};
use wasm_encoder::{CustomSection, RawSection};

const SOURCE: &str = "const table = [1, 2, 3]; function lambda(input, callback) { callback(null, table); }";

fn module(source: &str) -> Vec<u8> {
    let checked = check(source).unwrap();
    let frozen = RUNTIME.freeze(&checked, &BTreeMap::new()).unwrap();
    RUNTIME.write_module(&checked, &frozen).unwrap()
}

/// Section number and contents, in order.
fn sections(module: &[u8]) -> Vec<(u8, Vec<u8>)> {
    wasmparser::Parser::new(0)
        .parse_all(module)
        .filter_map(|payload| payload.unwrap().as_section())
        .map(|(id, range)| (id, module[range].to_vec()))
        .collect()
}

fn assemble(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut module = wasm_encoder::Module::new();
    for (id, data) in sections {
        module.section(&RawSection { id: *id, data });
    }
    module.finish()
}

fn refusal(bytes: &[u8]) -> String {
    let error = RUNTIME.read_module(bytes).unwrap_err();
    assert_eq!(error.code, ErrorCode::ModuleRefused, "{error}");
    error.message
}

#[test]
fn a_module_is_valid_wasm_reproducible_and_reads_back() {
    let bytes = module(SOURCE);
    assert_eq!(bytes, module(SOURCE));
    wasmparser::validate(&bytes).unwrap();
    let file = RUNTIME.read_module(&bytes).unwrap();
    assert!(file.same_engine);
    assert_eq!(file.source.source(), SOURCE);
    assert_eq!(file.engine_hash, RUNTIME.engine_hash());
    assert!(file.sections.iter().any(|(name, _)| name == "custom lambkin.source"), "{:?}", file.sections);
}

#[test]
fn source_and_image_that_disagree_are_found_out() {
    let mut parts = sections(&module(SOURCE));
    let other = sections(&module(&SOURCE.replace("[1, 2, 3]", "[6, 6, 6]")));
    let data = parts.iter().position(|(id, _)| *id == 11).unwrap();
    parts[data] = other.into_iter().find(|(id, _)| *id == 11).unwrap();
    let why = refusal(&assemble(&parts));
    assert!(why.contains("disagree"), "{why}");
}

#[test]
fn changed_code_is_not_the_engines() {
    for section in [2_u8, 3, 7, 10] {
        let mut parts = sections(&module(SOURCE));
        let part = parts.iter_mut().find(|(id, _)| *id == section).unwrap();
        let last = part.1.len() - 2;
        part.1[last] ^= 1;
        let why = refusal(&assemble(&parts));
        assert!(why.contains("not the engine's") || why.contains("damaged"), "{section}: {why}");
    }
}

#[test]
fn another_engines_module_is_taken_for_its_source() {
    let mut parts = sections(&module(SOURCE));
    for (id, data) in &mut parts {
        if *id == 0 && String::from_utf8_lossy(data).contains("lambkin.build") {
            let text = String::from_utf8_lossy(data).replace(RUNTIME.engine_hash(), &"0".repeat(64));
            *data = text.into_bytes();
        }
    }
    let file = RUNTIME.read_module(&assemble(&parts)).unwrap();
    assert!(!file.same_engine);
    assert_eq!(file.source.source(), SOURCE);
}

#[test]
fn foreign_native_and_damaged_files_are_refused_with_the_reason() {
    let good = module(SOURCE);
    for (bytes, why) in [
        (b"\x7fELF rest of a native image".to_vec(), "native code"),
        (b"function lambda() {}".to_vec(), "not a WebAssembly module"),
        (Vec::new(), "not a WebAssembly module"),
        (b"\0asm\x01\0\0\0".to_vec(), "memories"),
        (b"\0asm\x0d\0\x01\0".to_vec(), "component"),
        (good[..good.len() / 2].to_vec(), "damaged"),
        (
            assemble(&sections(&good).into_iter().filter(|(id, _)| *id != 0).collect::<Vec<_>>()),
            "carries no source",
        ),
    ] {
        let refused = refusal(&bytes);
        assert!(refused.contains(why), "{why}: {refused}");
    }
}

#[test]
fn structure_that_no_build_has_is_refused() {
    let parts = sections(&module(SOURCE));
    // A start function that loops would run at instantiation; ours is never even compiled.
    let mut with_start = parts.clone();
    let at = with_start.iter().position(|(id, _)| *id == 9).unwrap();
    with_start.insert(at, (8, vec![0]));
    assert!(refusal(&assemble(&with_start)).contains("start function"));

    // A segment outside the memory.
    let mut outside = parts.clone();
    let data = outside.iter_mut().find(|(id, _)| *id == 11).unwrap();
    let mut section = wasm_encoder::DataSection::new();
    section.active(0, &wasm_encoder::ConstExpr::i32_const(-1), [1_u8; 16]);
    let encoded = assemble_section(&section);
    data.1 = encoded;
    assert!(refusal(&assemble(&outside)).contains("outside its memory"));

    // A million segments, each of them good.
    let mut many = parts.clone();
    let mut section = wasm_encoder::DataSection::new();
    for _ in 0..1_000_000 {
        section.active(0, &wasm_encoder::ConstExpr::i32_const(0), []);
    }
    many.iter_mut().find(|(id, _)| *id == 11).unwrap().1 = assemble_section(&section);
    refusal(&assemble(&many));

    // One import more than the engine has: what would it be given?
    let mut imports = wasm_encoder::ImportSection::new();
    imports.import("lambkin", "more", wasm_encoder::EntityType::Function(0));
    let one = assemble_section(&imports);
    let mut importing = parts.clone();
    let (_, own) = importing.iter_mut().find(|(id, _)| *id == 2).unwrap();
    // Behind the count, which stays below 128 and thus is one byte.
    assert!(own[0] < 127);
    own[0] += 1;
    own.extend_from_slice(&one[1..]);
    assert!(refusal(&assemble(&importing)).contains("not the engine's"));

    // Two sources: which one would be shown?
    let mut module = wasm_encoder::Module::new();
    for (id, data) in &parts {
        module.section(&RawSection { id: *id, data });
    }
    module.section(&CustomSection { name: "lambkin.source".into(), data: b"other".as_slice().into() });
    assert!(refusal(&module.finish()).contains("carries no source"));
}

/// The contents of a section without its header.
fn assemble_section(section: &impl wasm_encoder::Section) -> Vec<u8> {
    let mut module = wasm_encoder::Module::new();
    module.section(section);
    let bytes = module.finish();
    let range = wasmparser::Parser::new(0)
        .parse_all(&bytes)
        .find_map(|payload| payload.unwrap().as_section())
        .map(|(_, range)| range)
        .unwrap();
    bytes[range].to_vec()
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]
    #[test]
    fn no_damage_makes_the_reader_panic_or_accept_another_lambda(
        at in proptest::prelude::any::<proptest::prelude::prop::sample::Index>(), bit in 0..8_u32
    ) {
        static GOOD: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| module(SOURCE));
        let mut bytes = GOOD.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(file) = RUNTIME.read_module(&bytes) {
            // A flip in a comment-like place may pass; what runs is then what the source says.
            proptest::prop_assert!(!file.same_engine || file.source.source() == SOURCE || at > GOOD.len() - 4096);
        }
    }
}
