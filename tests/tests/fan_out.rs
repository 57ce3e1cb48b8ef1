//! `POST /events/{eventId}/invoke`: all functions of an event, side by side.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lambkin_tests::{Server, Start, definition};
use serde_json::{Value, json};

const EVENT: &str = "conversational_command";

fn serve(server: &Server, name: &str, skills: &[&str], code: &str) -> String {
    let mut body = definition(name, code);
    body["eventId"] = EVENT.into();
    body["skills"] = json!(skills);
    let uuid = server.post("lambdas", &body).expect(201).json()["uuid"].as_str().unwrap().to_owned();
    assert_eq!(server.deploy(&uuid), "Productive");
    uuid
}

fn call(server: &Server, query: &str) -> Value {
    let path = format!("events/{EVENT}/invoke?{query}");
    server.post(&path, &json!({"timestamp": 0, "payload": {"n": 1}})).expect(200).json()
}

#[test]
fn every_function_of_the_event_answers_and_skills_choose() {
    let server = Server::fresh();
    assert_eq!(call(&server, "v=1&skillId=&externalSystem=x"), json!([]));
    let one = serve(&server, "one", &["a"], "function lambda(i, cb) { cb(null, ['one', i.payload.n]); }");
    let two = serve(&server, "two", &["b"], "function lambda(i, cb) { console.info('called'); cb(); }");
    let all = call(&server, "v=1");
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), 2, "{all:?}");
    let of = |uuid: &str| all.iter().find(|entry| entry["uuid"] == uuid).unwrap();
    assert_eq!(of(&one)["result"], json!(["one", 1]));
    assert_eq!(of(&two)["result"], Value::Null);
    assert!(of(&one)["timestamp"].as_u64().unwrap() > 1_600_000_000_000);
    assert_eq!(of(&one).as_object().unwrap().len(), 3, "uuid, timestamp, result");
    let chosen = call(&server, "skillId=b");
    assert_eq!(chosen.as_array().unwrap().len(), 1);
    assert_eq!(chosen[0]["uuid"], two.as_str());
    assert_eq!(call(&server, "skillId=c"), json!([]));
    // Logs are stored, and the record says how the call came.
    assert_eq!(server.logs(&two, 2)[0]["message"], "called");
    let records = server.get(&format!("invocations?lambdaUUID={two}")).expect(200).json();
    assert_eq!(records[0]["via"], json!({"event": EVENT}));
    // A saved function goes on answering; one that is undeployed does not.
    server.save(&one, "function lambda(i, cb) { cb(null, 'newer'); }");
    assert_eq!(call(&server, "skillId=a")[0]["result"], json!(["one", 1]));
    server.delete(&format!("deployments/{one}")).expect(202);
    lambkin_tests::until("the undeployment", || (call(&server, "skillId=a") == json!([])).then_some(()));
}

#[test]
fn one_function_that_fails_does_not_lose_what_the_others_found() {
    let server = Server::fresh();
    let fails = serve(&server, "fails", &["a"], "function lambda(i, cb) { cb(new Error('no luck')); }");
    let loops = serve(&server, "throws", &["b"], "function lambda(i, cb) { null.x; cb(); }");
    let works = serve(&server, "works", &["c"], "function lambda(i, cb) { cb(null, 'fine'); }");
    let all = call(&server, "");
    let of = |uuid: &str| all.as_array().unwrap().iter().find(|entry| entry["uuid"] == uuid).unwrap();
    assert_eq!(of(&works)["result"], "fine");
    assert_eq!(
        of(&fails)["error"],
        json!({"errorCode": "com.liveperson.faas.handler.custom-failure", "errorMsg": "no luck"})
    );
    assert_eq!(of(&fails).get("result"), None);
    assert_eq!(of(&loops)["error"]["errorCode"], "com.liveperson.faas.handler.runtime-exception");
}

#[test]
fn functions_run_side_by_side_and_a_repeat_runs_none_of_them() {
    let server = Server::fresh();
    for (name, skill) in [("a", "a"), ("b", "b"), ("c", "c")] {
        let code = "function lambda(i, cb) { setTimeout(() => cb(null, Math.random()), 300); }";
        serve(&server, name, &[skill], code);
    }
    let path = format!("events/{EVENT}/invoke");
    let headers = [("x-request-id", "event-1"), ("content-type", "application/json")];
    let started = std::time::Instant::now();
    let first = server.call_with("POST", &path, "{}", &headers).expect(200);
    let elapsed = started.elapsed();
    assert_eq!(first.json().as_array().unwrap().len(), 3);
    // The records say when each began: all before the first of them ended.
    let records = lambkin_tests::until("the records", || {
        let records = server.get("invocations").expect(200).json();
        (records.as_array().unwrap().len() == 3).then_some(records)
    });
    let began: Vec<_> =
        records.as_array().unwrap().iter().map(|r| r["timestamp"].as_u64().unwrap()).collect();
    let spread = began.iter().max().unwrap() - began.iter().min().unwrap();
    assert!(spread < 300 || elapsed.as_millis() < 900, "{began:?} {elapsed:?}");
    let repeat = server.call_with("POST", &path, "{}", &headers).expect(200);
    assert_eq!(repeat.header("x-lambkin-replayed"), "true");
    assert_eq!(repeat.text(), first.text());
}

#[test]
fn a_bad_input_and_a_full_server_refuse_the_whole_call() {
    let server = Start::fresh().with(&["--limit", "per_second=1"]).server();
    serve(&server, "only", &[], "function lambda(i, cb) { cb(null, 1); }");
    let path = format!("events/{EVENT}/invoke");
    server.call("POST", &path, "{").expect_error(400, "com.liveperson.faas.es.badinput");
    let refused = lambkin_tests::until("a refusal", || {
        let reply = server.call("POST", &path, "{}");
        (reply.status == 429).then_some(reply)
    });
    refused.expect_error(429, "com.liveperson.faas.es.general");
}
