//! Every template, as it ships: it passes the check without a word, freezes, and answers its sample payload.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bytes::Bytes;
use lambkin_runtime::{LogEntry, Outcome, Runtime, RuntimeConfig, check};
use lambkin_templates::{NO_EVENT, TEMPLATES, Template, find};
use serde_json::{Value, json};

/// What a template answers to its own sample payload.
struct Expected {
    id: &'static str,
    result: Value,
    /// Level, message and extras of every log line, Debug included.
    logs: Value,
}

fn expected() -> Vec<Expected> {
    vec![
        Expected { id: "greeting", result: json!({ "message": "Hello Ada!" }), logs: json!([]) },
        Expected {
            id: "logging",
            result: json!({ "id": "A-1001", "total": 2550 }),
            logs: json!([
                ["Debug", "Received an order", [{
                    "id": "A-1001",
                    "items": [
                        { "sku": "wool", "quantity": 3, "cents": 450 },
                        { "sku": "bell", "cents": 1200 },
                        { "sku": "gift" },
                    ],
                }]],
                ["Warn", "Skipped an item without a price", [{ "sku": "gift" }]],
                ["Info", "Order A-1001 sums up to 2550 cents", [{ "items": 3 }, ["any", "number", "of", "extras"]]],
            ]),
        },
    ]
}

/// One engine for all tests of this file: compiling it takes seconds.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let cache = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("engine-cache");
        let config = RuntimeConfig { cache: Some(cache), slots: 4, ..RuntimeConfig::default() };
        Runtime::new(config).expect("the engine starts")
    })
}

fn template(id: &str) -> &'static Template {
    find(id).unwrap_or_else(|| panic!("no template `{id}`"))
}

fn invoke(code: &str, payload: &Value) -> (Outcome, Vec<LogEntry>) {
    let checked = check(code).unwrap_or_else(|findings| panic!("refused: {findings:#?}"));
    let frozen =
        runtime().freeze(&checked, &BTreeMap::new()).unwrap_or_else(|failure| panic!("freeze: {failure:?}"));
    let lambda = runtime().load(&frozen.image).expect("the image loads");
    let input = Bytes::from(json!({ "timestamp": 0, "headers": [], "payload": payload }).to_string());
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an executor").block_on(async {
        let instance = runtime().thaw(&lambda, runtime().limits()).expect("a slot is free");
        let reply = instance.invoke(input).await;
        let finished = reply.rest.finish().await;
        assert_eq!(finished.kill, None);
        (reply.outcome, finished.logs.all().to_vec())
    })
}

fn result(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Value(Some(text)) => serde_json::from_slice(&text).expect("a result is JSON"),
        other => panic!("expected a result, got {other:?}"),
    }
}

fn failure(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failure(failure) => failure.error_msg,
        other => panic!("expected a failure, got {other:?}"),
    }
}

fn lines(logs: &[LogEntry]) -> Value {
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("log parts are JSON");
    logs.iter()
        .map(|entry| {
            json!([format!("{:?}", entry.level), json(entry.message.get()), json(entry.extras.get())])
        })
        .collect()
}

#[test]
fn each_template_answers_its_sample_payload() {
    let expected = expected();
    let ids = |it: &[Expected]| it.iter().map(|e| e.id).collect::<Vec<_>>();
    assert_eq!(
        ids(&expected),
        TEMPLATES.iter().map(|t| t.id).collect::<Vec<_>>(),
        "every template is expected here"
    );
    for case in expected {
        let template = template(case.id);
        let payload = serde_json::from_str(template.sample_payload).expect("a sample payload is JSON");
        let (outcome, logs) = invoke(template.code, &payload);
        assert_eq!(result(outcome), case.result, "result of `{}`", case.id);
        assert_eq!(lines(&logs), case.logs, "logs of `{}`", case.id);
    }
}

#[test]
fn each_template_passes_the_check_without_warnings() {
    for template in TEMPLATES {
        let checked =
            check(template.code).unwrap_or_else(|findings| panic!("`{}`: {findings:#?}", template.id));
        assert!(checked.warnings().is_empty(), "`{}`: {:#?}", template.id, checked.warnings());
    }
}

#[test]
fn greeting_greets_the_world_without_a_name() {
    let greeting = template("greeting");
    for payload in [json!(null), json!({}), json!("text"), json!({ "name": "" })] {
        let (outcome, _) = invoke(greeting.code, &payload);
        assert_eq!(result(outcome), json!({ "message": "Hello World!" }), "payload {payload}");
    }
}

#[test]
fn logging_reports_an_order_without_items() {
    let (outcome, logs) = invoke(template("logging").code, &json!({ "id": "A-1002" }));
    assert_eq!(failure(outcome), "order without items");
    let lines = lines(&logs);
    assert!(
        lines.as_array().expect("an array").contains(&json!(["Error", "The order has no items", []])),
        "{lines}"
    );
}

#[test]
fn identifiers_are_unique_and_found_in_any_case() {
    for (at, template) in TEMPLATES.iter().enumerate() {
        assert!(!TEMPLATES[..at].iter().any(|other| other.id == template.id), "`{}` twice", template.id);
        assert_eq!(find(&template.id.to_uppercase()), Some(template));
    }
    assert_eq!(find("no such template"), None);
}

#[test]
fn descriptions_fit_the_limit_of_a_function() {
    for template in TEMPLATES {
        assert!((1..=100).contains(&template.description.chars().count()), "`{}`", template.id);
        assert_eq!(template.event, NO_EVENT, "`{}`: events are not served yet", template.id);
    }
}
