//! Events and skills: which function may have which, and who is found for an event.

use lambkin_tests::{Reply, Server, definition, until};
use serde_json::{Value, json};

const CODE: &str = "function lambda(input, callback) { callback(null, 'ok'); }";
const CONFLICT: &str = "com.liveperson.faas.es.conflict";
const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";

fn create(server: &Server, name: &str, event: &str, skills: &[&str]) -> Reply {
    let mut definition = definition(name, CODE);
    definition["eventId"] = event.into();
    definition["skills"] = json!(skills);
    server.post("lambdas", &definition)
}

fn uuid(reply: &Reply) -> String {
    reply.clone().expect(201).json()["uuid"].as_str().expect("an id").to_owned()
}

/// The message of a refusal, once it is sure that it names these.
#[track_caller]
fn refused(reply: Reply, status: u16, code: &str, names: &[&str]) {
    let error = reply.expect_error(status, code);
    for name in names {
        assert!(error["errorMsg"].as_str().is_some_and(|text| text.contains(name)), "`{name}` in {error}");
    }
}

fn implemented(server: &Server, event: &str, query: &str) -> Value {
    server.get(&format!("events/{event}/isImplemented{query}")).expect(200).json()
}

fn undeploy(server: &Server, uuid: &str) {
    server.delete(&format!("deployments/{uuid}")).expect(202);
    until("the state Draft", || (server.lambda(uuid)["state"] == "Draft").then_some(()));
}

#[test]
fn the_list_has_every_event_with_its_limit() {
    let server = Server::fresh();
    let events = server.get("events?v=1&userId=7").expect(200).json();
    let events = events.as_array().unwrap();
    assert_eq!(events.len(), 15);
    for event in events {
        let mut keys: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["description", "eventId", "eventName", "lambdaLimit"]);
    }
    let limit = |id: &str| {
        let event = events.iter().find(|event| event["eventId"] == id);
        event.expect("the event is listed")["lambdaLimit"].as_u64().unwrap()
    };
    assert_eq!(limit("conversational_command"), 30);
    assert_eq!(limit("bot_connectors_pre_hook"), 15);
    assert_eq!(limit("denver_post_survey_email_transcript"), 10);
    assert_eq!(limit("controllerbot_messaging_ttr"), 1);
}

#[test]
fn an_event_is_one_of_the_list_and_chosen_once() {
    let server = Server::fresh();
    refused(create(&server, "unknown", "full_moon", &[]), 400, BAD_INPUT, &["`eventId`", "full_moon"]);
    let command = uuid(&create(&server, "command", "conversational_command", &[]));
    let plain = uuid(&create(&server, "plain", "No Event", &[]));
    assert!(server.lambda(&plain).get("eventId").is_none());
    let change = |uuid: &str, event: Value| {
        let mut lambda = server.lambda(uuid);
        lambda["eventId"] = event;
        lambda["description"] = "changed".into();
        server.put(&format!("lambdas/{uuid}"), &lambda)
    };
    let other = "bot_connectors_pre_hook";
    refused(change(&command, other.into()), 400, BAD_INPUT, &["`eventId`", "conversational_command"]);
    refused(change(&command, "No Event".into()), 400, BAD_INPUT, &["`eventId`", "cannot be changed"]);
    refused(change(&plain, other.into()), 400, BAD_INPUT, &["`eventId`", "No Event"]);
    // Clients that say nothing about the event leave it as it is.
    for nothing in [json!(""), Value::Null, json!("conversational_command")] {
        let saved = change(&command, nothing);
        assert!(matches!(saved.status, 200 | 304), "{}", saved.text());
        assert_eq!(server.lambda(&command)["eventId"], "conversational_command");
    }
}

#[test]
fn an_event_without_a_place_left_cannot_be_chosen() {
    let server = Server::fresh();
    let event = "controllerbot_messaging_ttr";
    let first = uuid(&create(&server, "first", event, &[]));
    refused(create(&server, "second", event, &["a"]), 409, CONFLICT, &[event, "no place left"]);
    create(&server, "elsewhere", "controllerbot_messaging_conversation_end", &[]).expect(201);
    server.save(&first, "function lambda(input, callback) { callback(null, 'saved'); }");
    server.delete(&format!("lambdas/{first}")).expect(204);
    create(&server, "second", event, &["a"]).expect(201);

    for n in 0..10 {
        let skill = n.to_string();
        create(&server, &format!("chat_{n}"), "denver_post_survey_email_transcript", &[&skill]).expect(201);
    }
    let eleventh = create(&server, "chat_10", "denver_post_survey_email_transcript", &["10"]);
    refused(eleventh, 409, CONFLICT, &["denver_post_survey_email_transcript", "10 function"]);
}

#[test]
fn functions_of_one_event_answer_for_different_skills() {
    let server = Server::fresh();
    let event = "bot_connectors_custom_integration";
    let billing = uuid(&create(&server, "billing", event, &["1", "2"]));
    refused(create(&server, "all", event, &[]), 409, CONFLICT, &["`billing`", event]);
    refused(create(&server, "two", event, &["3", "2"]), 409, CONFLICT, &["`billing`", "`2`"]);
    let sales = uuid(&create(&server, "sales", event, &["3"]));
    let with_skills = |uuid: &str, skills: Value| {
        let mut lambda = server.lambda(uuid);
        lambda["skills"] = skills;
        server.put(&format!("lambdas/{uuid}"), &lambda)
    };
    refused(with_skills(&sales, json!(["3", "1"])), 409, CONFLICT, &["`billing`", "`1`"]);
    refused(with_skills(&sales, json!([])), 409, CONFLICT, &["`billing`"]);
    // What is served keeps its skill until something else is.
    assert_eq!(server.deploy(&billing), "Productive");
    with_skills(&billing, json!(["9"])).expect(200);
    refused(create(&server, "one", event, &["1"]), 409, CONFLICT, &["`billing`", "`1`"]);
    assert_eq!(server.deploy(&billing), "Productive");
    create(&server, "one", event, &["1"]).expect(201);
    // Alone, a function may do without skills.
    create(&server, "alone", "bot_connectors_pre_hook", &[]).expect(201);
    refused(create(&server, "late", "bot_connectors_pre_hook", &["5"]), 409, CONFLICT, &["`alone`"]);
}

#[test]
fn an_event_is_implemented_while_a_function_is_served_for_it() {
    let mut server = Server::fresh();
    let event = "conversational_command";
    let no = json!({"implemented": false});
    let yes = json!({"implemented": true});
    let uuid = uuid(&create(&server, "command", event, &["a", "b"]));
    assert_eq!(implemented(&server, event, ""), no, "a draft is not served");
    assert_eq!(server.deploy(&uuid), "Productive");
    for (query, expected) in [
        ("", &yes),
        ("?v=1&externalSystem=x&skillId=", &yes),
        ("?skillId=a", &yes),
        ("?skillId=b", &yes),
        ("?skillId=c", &no),
    ] {
        assert_eq!(implemented(&server, event, query), *expected, "{query}");
    }
    assert_eq!(implemented(&server, "conversational", ""), no);
    assert_eq!(implemented(&server, "full_moon", ""), no);
    let mut lambda = server.lambda(&uuid);
    lambda["skills"] = json!(["c"]);
    server.put(&format!("lambdas/{uuid}"), &lambda).expect(200);
    assert_eq!(implemented(&server, event, "?skillId=c"), no, "saved is not served");
    assert_eq!(implemented(&server, event, "?skillId=a"), yes);
    server = server.kill().start().server();
    assert_eq!(implemented(&server, event, "?skillId=a"), yes);
    assert_eq!(implemented(&server, event, "?skillId=c"), no);
    undeploy(&server, &uuid);
    assert_eq!(implemented(&server, event, ""), no);
}
