//! Invocation bodies, good and bad, with serde_json's tree as the oracle.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use lambkin_runtime::{Envelope, ErrorCode, Limits};
use proptest::prelude::*;
use serde_json::{Value, json};

fn limits() -> Limits {
    Limits::default()
}

fn refusal(body: impl Into<Vec<u8>>) -> String {
    let body = body.into();
    let shown = String::from_utf8_lossy(&body).into_owned();
    let error = Envelope::check(Bytes::from(body), &limits()).expect_err(&shown);
    assert_eq!(error.code, ErrorCode::BadInput);
    assert!(error.hint.is_some(), "{}", error.message);
    error.message
}

fn accepted(body: impl Into<Vec<u8>>) -> bool {
    Envelope::check(Bytes::from(body.into()), &limits()).is_ok()
}

#[test]
fn good_bodies_come_back_as_they_are() {
    for body in [
        "{}",
        r#"{"payload": null}"#,
        r#"{"timestamp": 1700000000000, "headers": [], "payload": {"a": [1, 2.5e3, "x"]}}"#,
        r#"{"headers": null, "timestamp": null}"#,
        r#"{"headers": [{"key": "a", "value": "b"}, {"value": "", "key": "", "more": [1]}], "timestamp": -1.5}"#,
        r#"{"unknown": 1, "payload": "text", "another": {}}"#,
        r#"{"payload": {"payload": 1, "headers": 2, "a": 1, "a": 2}}"#,
        r#"{"payload": "\ud800 half a pair", "headers": [{"key": "\udc00", "value": "\ud800"}]}"#,
        r#"{"payload": 1e999}"#,
        r#"{"half \ud800 a key": 1}"#,
        " \r\n\t{ } \n",
    ] {
        let given = Bytes::from(body);
        let checked =
            Envelope::check(given.clone(), &limits()).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(checked, given);
        assert_eq!(checked.as_ptr(), given.as_ptr(), "the body is not copied");
    }
}

#[test]
fn nothing_is_an_empty_envelope() {
    for body in ["", " ", "\r\n\t \n"] {
        assert_eq!(Envelope::check(body.into(), &limits()).expect("accepted"), "{}");
    }
}

#[test]
fn bad_bodies_are_refused_with_the_reason_and_the_place() {
    for (body, message) in [
        ("[]", "the body is not an invocation: it is not an object at line 1, column 1"),
        ("\n \"x\"", "not an invocation: it is not an object at line 2, column 2"),
        ("null", "not an invocation: it is not an object"),
        ("{", "the body is not JSON: it ends too early at line 1, column 2"),
        ("{\"a\": [1, {\"b\": \"", "not JSON: it ends too early at line 1, column 18"),
        ("{\"headers\":", "not JSON: it ends too early at line 1, column 12"),
        ("{}{}", "not JSON: something follows the object at line 1, column 3"),
        ("{\"a\": 1,}", "not JSON: expected a key in double quotes at line 1, column 9"),
        ("{\"a\": [1,]}", "not JSON: expected a value at line 1, column 10"),
        ("{\"a\": [1}", "not JSON: expected `,` or `]` at line 1, column 9"),
        ("{\"a\": {\"b\" 1}}", "not JSON: expected `:` at line 1, column 12"),
        ("{\"a\": {\"b\": 1]}", "not JSON: expected `,` or `}` at line 1, column 14"),
        ("{'a': 1}", "not JSON: expected a key in double quotes at line 1, column 2"),
        ("{\"ä\": \"ö\", x}", "not JSON: expected a key in double quotes at line 1, column 12"),
        ("{\n\"a\": 01\n}", "not JSON: a wrong number at line 2, column 7"),
        ("{\"a\": -}", "not JSON: a wrong number"),
        ("{\"a\": 1.}", "not JSON: a wrong number"),
        ("{\"a\": 1e+}", "not JSON: a wrong number"),
        ("{\"payload\": NaN}", "not JSON: expected a value at line 1, column 13"),
        ("{\"payload\": nul}", "not JSON: expected a value"),
        ("{\"payload\": \"\u{1}\"}", "not JSON: a control character in a string at line 1, column 14"),
        ("{\"payload\": \"\\x\"}", "not JSON: a wrong escape in a string at line 1, column 14"),
        ("{\"payload\": \"\\u12g4\"}", "not JSON: a wrong escape in a string"),
        ("\u{feff}{}", "it is not an object at line 1, column 1"),
        (r#"{"timestamp": "1"}"#, "`timestamp` is not a number at line 1, column 15"),
        (r#"{"timestamp": {}}"#, "`timestamp` is not a number"),
        (r#"{"timestamp": true}"#, "`timestamp` is not a number"),
        (r#"{"headers": {}}"#, "not an invocation: `headers` is not an array at line 1, column 13"),
        (r#"{"headers": "x"}"#, "`headers` is not an array"),
        (r#"{"headers": [1]}"#, "a header is not an object at line 1, column 14"),
        (r#"{"headers": [null]}"#, "a header is not an object"),
        (r#"{"headers": [{"key": "a", "value": "b"},]}"#, "a header is not an object at line 1, column 41"),
        (r#"{"headers": [{"key": "a"}]}"#, "a header has no `value` at line 1, column 14"),
        (r#"{"headers": [{"value": "a"}]}"#, "a header has no `key`"),
        (
            r#"{"headers": [{"key": 1, "value": "a"}]}"#,
            "`key` of a header is not a string at line 1, column 22",
        ),
        (r#"{"headers": [{"key": "a", "value": null}]}"#, "`value` of a header is not a string"),
        (r#"{"headers": [{"key": "a", "key": "b", "value": "c"}]}"#, "`key` of a header is given twice"),
        (r#"{"payload": 1, "payload": 2}"#, "`payload` is given twice at line 1, column 16"),
        (r#"{"payload": 1, "p\u0061yload": 2}"#, "`payload` is given twice"),
        (r#"{"x": 1, "x": 2}"#, "`x` is given twice"),
    ] {
        let actual = refusal(body);
        assert!(actual.contains(message), "{body}\n{actual}");
    }
    let many: String = (0..20).map(|n| format!("\"k{n}\": 1, ")).collect();
    assert!(refusal(format!("{{{many}\"k15\": 2}}")).contains("`k15` is given twice"));
}

#[test]
fn not_utf8_is_refused() {
    assert_eq!(refusal(b"{\"a\": \"\xff\"}".to_vec()), "the body is not UTF-8: byte 7 starts no character");
    assert!(refusal(b"\xff\xfe{\0}\0".to_vec()).contains("byte 0"));
}

#[test]
fn size_is_judged_first_and_is_told_apart() {
    let limits = Limits { input: 20, ..Limits::default() };
    let exact = format!("{{\"payload\":{}}}", "1".repeat(8));
    assert_eq!(exact.len(), 20);
    assert!(Envelope::check(exact.into(), &limits).is_ok());
    let error = Envelope::validate("x".repeat(21).into(), &limits).expect_err("too large");
    assert!(error.is_too_large());
    assert_eq!(error.to_string(), "the body has 21 bytes, 20 are allowed");
    assert!(!Envelope::validate("x".into(), &limits).expect_err("no JSON").is_too_large());
}

#[test]
fn depth_is_exact_and_costs_no_stack() {
    let nested = |depth: usize, open: &str, close: &str| {
        format!("{{\"payload\":{}1{}}}", open.repeat(depth - 1), close.repeat(depth - 1))
    };
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        assert!(accepted(nested(128, open, close)));
        assert!(refusal(nested(129, open, close)).contains("more than 128 deep at line 1, column"));
        assert!(refusal(nested(1_000_000, open, close)).contains("more than 128 deep"));
        assert!(refusal(format!("{{\"payload\":{}", open.repeat(1_000_000))).contains("more than 128 deep"));
    }
    // Brackets in strings are text, and many of them side by side are not deep.
    assert!(accepted(format!("{{\"payload\": \"{}\\\"{}\"}}", "[".repeat(500), "{".repeat(500))));
    assert!(accepted(format!("{{\"payload\": [{}[]]}}", "[],{},".repeat(5_000).replace("{}", "{\"a\":[]}"))));
    assert!(refusal(format!("{{\n\"ä\": {}", "[".repeat(1_000))).contains("line 2, column 133"));
}

/// The contract's shape, judged on a tree. Duplicate keys and what a tree cannot hold are tested above.
fn oracle(body: &str) -> bool {
    if body.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
        return true;
    }
    let Ok(Value::Object(envelope)) = serde_json::from_str::<Value>(body) else { return false };
    let headers = match envelope.get("headers") {
        None | Some(Value::Null) => true,
        Some(Value::Array(headers)) => headers
            .iter()
            .all(|header| header.is_object() && header["key"].is_string() && header["value"].is_string()),
        Some(_) => false,
    };
    headers && matches!(envelope.get("timestamp"), None | Some(Value::Null | Value::Number(_)))
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["key", "value", "headers", "timestamp", "payload"]).prop_map(str::to_owned),
        any::<String>(),
    ]
}

fn envelope() -> impl Strategy<Value = Value> {
    let header = prop_oneof![
        4 => (any::<String>(), any::<String>()).prop_map(|(key, value)| json!({ "key": key, "value": value })),
        1 => tree(),
    ];
    let headers = prop_oneof![3 => prop::collection::vec(header, 0..5).prop_map(Value::from), 1 => tree()];
    let timestamp = prop_oneof![2 => any::<u64>().prop_map(Value::from), 1 => tree()];
    (prop::option::of(headers), prop::option::of(timestamp), prop::option::of(tree())).prop_map(
        |(headers, timestamp, payload)| {
            let parts = [("headers", headers), ("timestamp", timestamp), ("payload", payload)];
            Value::Object(
                parts.into_iter().filter_map(|(name, part)| Some((name.to_owned(), part?))).collect(),
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_tree(value in prop_oneof![4 => envelope(), 1 => tree()], pretty in any::<bool>()) {
        let body = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let body = body.expect("JSON");
        prop_assert_eq!(accepted(body.clone()), oracle(&body), "{}", body);
    }

    #[test]
    fn agrees_on_damaged_json(value in envelope(), at in any::<prop::sample::Index>(), with in any::<char>(), cut in 0_usize..3) {
        let mut characters: Vec<char> = serde_json::to_string(&value).expect("JSON").chars().collect();
        let at = at.index(characters.len());
        characters.splice(at..(at + cut).min(characters.len()), [with]);
        let body: String = characters.into_iter().collect();
        // What the tree accepts is accepted; it refuses some numbers and half pairs that JavaScript takes, and takes
        // keys given twice.
        match Envelope::check(Bytes::from(body.clone()), &limits()) {
            Ok(_) => {
                let tree = serde_json::from_str::<Value>(&body);
                let excused = tree.as_ref().is_err_and(|error| {
                    let error = error.to_string();
                    error.contains("out of range") || error.contains("surrogate") || error.contains("hex escape")
                });
                prop_assert!(oracle(&body) || excused, "{}", body);
            }
            Err(error) => prop_assert!(!oracle(&body) || error.message.contains("given twice"), "{}: {}", body, error),
        }
    }

    #[test]
    fn any_bytes_are_judged(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Envelope::check(Bytes::from(body), &limits());
    }

    #[test]
    fn any_json_like_text_is_judged(body in "[\\[\\]{}\":,0-9eE+.\\\\untrfals \n-]{0,80}") {
        let verdict = accepted(body.clone());
        if oracle(&body) && verdict != oracle(&body) {
            prop_assert!(refusal(body.clone()).contains("given twice"), "{}", body);
        }
    }
}
