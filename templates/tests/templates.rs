//! Every template, as it ships: it passes the check without a word, and does what it says for more than its sample
//! payload. What each answers to that is held by the product's tests, through a server.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bytes::Bytes;
use lambkin_runtime::{LogEntry, Outcome, Runtime, RuntimeConfig, check};
use lambkin_templates::{EVENTS, NO_EVENT, TEMPLATES, Template, find};
use serde_json::{Value, json};

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
    }
}

#[test]
fn every_event_has_a_template_and_the_end_of_a_conversation_three() {
    for event in EVENTS {
        let expected = if event.id == "controllerbot_messaging_conversation_end" { 3 } else { 1 };
        let templates: Vec<_> = TEMPLATES.iter().filter(|template| template.event == event.id).collect();
        assert_eq!(templates.len(), expected, "{}", event.id);
        assert!(templates.iter().all(|template| template.sample_payload == event.sample_payload));
    }
    let plain: Vec<_> = TEMPLATES.iter().filter(|it| it.event == NO_EVENT).map(|it| it.name).collect();
    assert_eq!(plain, ["Greeting", "HTTP", "Logging", "Salesforce", "Secret Storage"]);
}

#[test]
fn modules_are_named_where_they_are_required_and_nowhere_else() {
    for template in TEMPLATES {
        let required: Vec<_> =
            template.code.split("require('").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
        assert_eq!(required, template.requires, "`{}`", template.id);
    }
}

#[test]
fn templates_for_events_look_at_what_the_event_says() {
    let say = |text: &str| json!({ "type": "systemMessage", "text": text });
    for (id, change, expected) in [
        ("post-survey-email-transcript", json!({ "csatRank": 3 }), json!([])),
        (
            "conversational-command",
            json!({ "arguments": [] }),
            json!("Which order? Write its number behind the command."),
        ),
        (
            "conversational-command",
            json!({ "arguments": ["A-1"] }),
            json!("Order A-1: standard shipping costs 4.90 EUR."),
        ),
        (
            "conversational-command",
            json!({ "arguments": ["A-1", "toString"] }),
            json!("There is no shipping \"toString\". Choose one of: standard, express."),
        ),
        ("messaging-conversation-end", json!({ "end": { "closeReason": "SYSTEM" } }), json!([])),
        (
            "messaging-conversation-idle",
            json!({ "idle": { "agentNonResponsive": { "time": 0 }, "consumserNonResponsive": { "time": 30 } } }),
            json!([
                say("As we have not heard from you, we close this conversation. Write again any time."),
                { "type": "closeConversation" },
            ]),
        ),
        (
            "messaging-conversation-idle",
            json!({ "idle": { "agentNonResponsive": { "time": 0 } } }),
            json!([]),
        ),
        ("messaging-conversation-routing", json!({ "routing": { "newSkillId": "7" } }), json!([])),
        (
            "messaging-line-in-off-hours",
            json!({ "mid": { "openedInOffHours": false } }),
            say("We are closed for today and will answer tomorrow from 9 am."),
        ),
        (
            "messaging-new-conversation",
            json!({ "general": { "inOffHours": true } }),
            json!([
                say("We are closed at the moment. We answer from 9 am."),
                { "type": "transfer", "skillId": "1003" },
            ]),
        ),
        (
            "messaging-new-conversation",
            json!({ "start": { "firstConversation": false } }),
            json!([say("Welcome back! One of our agents is with you in a moment.")]),
        ),
        (
            "messaging-participants-change",
            json!({ "participantChange": { "newParticipants": [] } }),
            json!([]),
        ),
        ("messaging-ttr", json!({ "ttr": { "newTtr": { "ttrType": "NORMAL" } } }), json!([])),
        (
            "bots-custom-integration",
            json!({ "message": "Your address?", "context": null }),
            json!({
                "messages": ["You find us here:"],
                "context": { "metadata": [], "structuredContent": {
                    "type": "vertical",
                    "elements": [{
                        "type": "button",
                        "title": "Open the map",
                        "click": { "actions": [{ "type": "link", "uri": "https://maps.example.com/" }] },
                    }],
                } },
            }),
        ),
    ] {
        let template = template(id);
        let mut payload = serde_json::from_str(template.sample_payload).expect("a sample payload is JSON");
        merge(&mut payload, &change);
        let (outcome, _) = invoke(template.code, &payload);
        assert_eq!(result(outcome), expected, "`{id}` with {change}");
    }
}

#[test]
fn a_card_number_does_not_reach_a_bot() {
    let hook = template("bots-pre-hook");
    let (outcome, _) = invoke(hook.code, &json!({ "message": "it is 4111 1111 1111 1111, of 2027" }));
    assert_eq!(result(outcome), json!({ "message": "it is [card number], of 2027" }));
}

/// Puts what `change` has over what is there, object by object.
fn merge(value: &mut Value, change: &Value) {
    match (value, change) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (key, change) in changes {
                merge(fields.entry(key.clone()).or_insert(Value::Null), change);
            }
        }
        (value, change) => *value = change.clone(),
    }
}
