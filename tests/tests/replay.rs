//! `X-Request-ID`: a repeat gets the first outcome.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write;

use lambkin_tests::{Reply, Server};
use serde_json::json;

const ONCE: &str = "function lambda(i, cb) {
    console.info('ran');
    if (i.payload === 'fail') { cb(new Error('failed ' + Math.random())); return; }
    if (i.payload === 'big') { cb(null, 'x'.repeat(300000) + Math.random()); return; }
    setTimeout(() => cb(null, Math.random()), i.payload === 'slow' ? 400 : 0);
}";

fn call(server: &Server, uuid: &str, id: &str, body: &str) -> Reply {
    let headers = [("x-request-id", id), ("content-type", "application/json")];
    server.call_with("POST", &format!("lambdas/{uuid}/invoke"), body, &headers)
}

fn runs(server: &Server, uuid: &str, at_least: usize) -> usize {
    server.logs(uuid, at_least).iter().filter(|entry| entry["message"] == "ran").count()
}

#[test]
fn a_repeat_gets_the_first_outcome_and_runs_nothing() {
    let server = Server::fresh();
    let uuid = server.serve("once", ONCE);
    let first = call(&server, &uuid, "id-1", r#"{"timestamp": 1, "payload": 1}"#).expect(200);
    assert_eq!(first.header("x-lambkin-replayed"), "");
    let repeat = call(&server, &uuid, "id-1", r#"{"timestamp": 2, "payload": 1}"#).expect(200);
    assert_eq!(repeat.text(), first.text());
    assert_eq!(repeat.header("x-lambkin-replayed"), "true");
    assert_eq!(repeat.header("x-request-id"), "id-1");
    // Another input, another id, no id: another run.
    let results = [
        call(&server, &uuid, "id-1", r#"{"payload": 2}"#).expect(200).text(),
        call(&server, &uuid, "id-2", r#"{"payload": 1}"#).expect(200).text(),
        server.invoke(&uuid, &json!(1)).expect(200).text(),
        server.invoke(&uuid, &json!(1)).expect(200).text(),
    ];
    assert!(results.iter().all(|result| *result != first.text()));
    assert_eq!(runs(&server, &uuid, 5), 5);
    // A failure is an outcome as well.
    let failed = call(&server, &uuid, "id-3", r#"{"payload": "fail"}"#).expect(901).json();
    let again = call(&server, &uuid, "id-3", r#"{"payload": "fail"}"#).expect(901).json();
    assert_eq!(failed["errorMsg"], again["errorMsg"]);
}

#[test]
fn a_repeat_waits_for_a_run_whose_caller_has_gone() {
    let server = Server::fresh();
    let uuid = server.serve("slow", ONCE);
    let mut stream = server.connect();
    let body = r#"{"payload": "slow"}"#;
    let head = server.invoke_head(&uuid);
    write!(stream, "{head}X-Request-ID: gone\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    server.until_running(1);
    drop(stream);
    let one = call(&server, &uuid, "gone", body).expect(200);
    assert_eq!(one.header("x-lambkin-replayed"), "true");
    assert_eq!(call(&server, &uuid, "gone", body).expect(200).text(), one.text());
    assert_eq!(runs(&server, &uuid, 1), 1);
}

#[test]
fn an_answer_that_was_not_kept_is_refused_and_not_run_again() {
    let server = Server::fresh();
    let uuid = server.serve("big", ONCE);
    call(&server, &uuid, "big", r#"{"payload": "big"}"#).expect(200);
    let refused = call(&server, &uuid, "big", r#"{"payload": "big"}"#);
    let error = refused.expect_error(409, "com.liveperson.faas.es.conflict");
    assert!(error["errorMsg"].as_str().unwrap().contains("X-Request-ID"), "{error}");
    assert_eq!(runs(&server, &uuid, 1), 1);
}

#[test]
fn what_did_not_run_is_tried_again() {
    let server = Server::fresh();
    let uuid = server.create("later", ONCE);
    call(&server, &uuid, "early", "{}").expect(404);
    assert_eq!(server.deploy(&uuid), "Productive");
    let reply = call(&server, &uuid, "early", "{}").expect(200);
    assert_eq!(reply.header("x-lambkin-replayed"), "");
}
