//! `POST /lambdas/{uuid}/invoke`: results, failures, logs, and who may call.

use std::io::{Read, Write};

use lambkin_tests::{Server, until};
use serde_json::{Value, json};

const ECHO: &str = "function lambda(input, callback) { callback(null, input); }";

#[test]
fn the_reply_is_the_json_of_the_result() {
    let server = Server::fresh();
    let uuid = server.serve("result", "function lambda(input, callback) { callback(null, input.payload); }");
    for payload in
        [json!({"a": [1, 2.5, null, true]}), json!("text \u{1f411} \"quoted\""), json!(42), json!(null)]
    {
        let reply = server.invoke(&uuid, &payload).expect(200);
        assert_eq!(reply.json(), payload);
        assert_eq!(reply.header("content-type"), "application/json");
    }
}

#[test]
fn no_result_is_an_empty_body() {
    let server = Server::fresh();
    let uuid = server.serve("nothing", "function lambda(input, callback) { callback(); }");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).text(), "");
}

#[test]
fn the_envelope_arrives_as_it_was_sent() {
    let server = Server::fresh();
    let uuid = server.serve("echo", ECHO);
    let path = format!("lambdas/{uuid}/invoke?v=1&userId=&externalSystem=test&skillId=");
    let envelope = json!({"timestamp": 7, "headers": [{"key": "k", "value": "v"}], "payload": {"x": 1}});
    assert_eq!(server.post(&path, &envelope).expect(200).json(), envelope);
    let empty = server.call("POST", &path, "").expect(200).json();
    assert!(empty["payload"].is_null() || empty["payload"] == json!({}), "{empty}");
}

#[test]
fn a_lambdas_own_failure_is_901_with_its_logs() {
    let server = Server::fresh();
    let uuid = server.serve(
        "failure",
        "async function lambda(input, callback) {
            console.info('before', {n: 1});
            if (input.payload === 'type') { undefined.x; }
            if (input.payload === 'own') { callback({errorCode: 'my.code', errorMsg: 'my message'}); return; }
            if (input.payload === 'text') { callback('plain'); return; }
            callback(new Error('no luck'));
        }",
    );
    let failure =
        server.invoke(&uuid, &json!("error")).expect_error(901, "com.liveperson.faas.handler.custom-failure");
    assert_eq!(failure["errorMsg"], "no luck");
    let logs = failure["errorLogs"].as_array().unwrap();
    assert_eq!(logs[0]["message"], "before");
    assert_eq!(logs[0]["level"], "Info");
    assert_eq!(logs[0]["extras"], json!([{"n": 1}]));
    assert!(logs[0]["timestamp"].as_u64().unwrap() > 1_600_000_000_000);
    assert_eq!(logs[1]["message"], "Received Error - no luck");
    let code = "com.liveperson.faas.handler.runtime-exception";
    server.invoke(&uuid, &json!("type")).expect_error(901, code);
    assert_eq!(server.invoke(&uuid, &json!("own")).expect_error(901, "my.code")["errorMsg"], "my message");
    let text = server.invoke(&uuid, &json!("text")).expect(901).json();
    assert_eq!(text["errorMsg"], "plain");
}

#[test]
fn whoever_tests_is_told_where_an_error_came_from_and_callers_are_not() {
    let server = Server::fresh();
    let uuid = server.serve("thrower", "async function lambda() {\n  throw new TypeError('no luck');\n}");
    let failure =
        |form| server.call("POST", &format!("lambdas/{uuid}/invoke?{form}"), "{}").expect(901).json();
    let stack = failure("form=test")["errorStack"].as_str().map(str::to_owned).expect("a stack");
    assert!(stack.contains("lambda") && stack.contains(":2:"), "{stack}");
    assert_eq!(failure("form=raw")["errorStack"], Value::Null);
}

#[test]
fn the_test_form_shows_debug_and_stores_nothing() {
    let server = Server::fresh();
    let uuid = server.serve(
        "forms",
        "function lambda(input, callback) { console.debug('deep'); console.warn(input.payload); callback(null, 1); }",
    );
    let body = json!({"payload": "shown"}).to_string();
    let reply = server.call("POST", &format!("lambdas/{uuid}/invoke?form=test"), &body).expect(200).json();
    assert_eq!(reply["result"], 1);
    let levels: Vec<_> = reply["logs"].as_array().unwrap().iter().map(|entry| &entry["level"]).collect();
    assert_eq!(levels, ["Debug", "Warn"]);
    assert_eq!(server.invoke(&uuid, &json!("stored")).expect(200).text(), "1");
    let logs = server.logs(&uuid, 1);
    assert_eq!(logs.len(), 1, "{logs:?}");
    assert_eq!(logs[0]["message"], "stored");
}

#[test]
fn stored_logs_carry_the_request_id_and_can_be_filtered() {
    let server = Server::fresh();
    let code = "function lambda(input, callback) { console.info('i'); console.error('e'); callback(); }";
    let uuid = server.serve("logs", code);
    let path = format!("lambdas/{uuid}/invoke");
    let reply = server.call_with("POST", &path, "{}", &[("x-request-id", "my-id-1")]).expect(200);
    assert_eq!(reply.header("x-request-id"), "my-id-1");
    let logs = server.logs(&uuid, 2);
    assert!(logs.iter().all(|entry| entry["requestID"] == "my-id-1" && entry["lambdaUUID"] == uuid.as_str()));
    let errors = server.get(&format!("logs?lambdaUUID={uuid}&filterLevels=Error")).expect(200).json();
    assert_eq!(errors.as_array().unwrap().len(), 1);
    let early =
        server.get(&format!("logs?lambdaUUID={uuid}&startTimestamp=0&endTimestamp=1")).expect(200).json();
    assert_eq!(early, json!([]));
}

#[test]
fn every_reply_has_a_request_id_and_an_invocation_its_times() {
    let server = Server::fresh();
    let uuid = server.serve("times", ECHO);
    let reply = server.invoke(&uuid, &Value::Null).expect(200);
    assert_eq!(reply.header("x-request-id").len(), 36);
    let timing = reply.header("server-timing");
    for part in ["queue;dur=", "thaw;dur=", "run;dur=", "egress;dur="] {
        assert!(timing.contains(part), "{timing}");
    }
    assert_eq!(server.get("/nothing").expect(404).header("x-request-id").len(), 36);
    let odd = server.call_with("GET", "/health", "", &[("x-request-id", "two words")]).expect(200);
    assert_ne!(odd.header("x-request-id"), "two words", "an id that is not fit for a log is replaced");
}

#[test]
fn only_the_token_opens_and_only_its_own_account() {
    let server = Server::fresh();
    let uuid = server.serve("guarded", ECHO);
    let path = format!("lambdas/{uuid}/invoke");
    for token in ["", "Bearer", "Bearer wrong", "Basic bGFtYmtpbg=="] {
        let reply = server.call_with("POST", &path, "{}", &[("authorization", token)]);
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        reply.expect_error(401, "com.liveperson.faas.es.unauthorized");
    }
    // URLs are written down by proxies and browsers: a token in one opens nothing.
    for name in ["access_token", "token", "bearer"] {
        let path = format!("{path}?{name}={}", server.token);
        server.call_with("POST", &path, "{}", &[("authorization", "")]).expect(401);
    }
    let other = format!("/api/account/654321/lambdas/{uuid}/invoke");
    server.call("POST", &other, "{}").expect_error(403, "com.liveperson.faas.es.forbidden");
    server.call("GET", "/api/account/654321/lambdas", "").expect(403);
}

#[test]
fn unknown_and_undeployed_lambdas_are_told_apart() {
    let server = Server::fresh();
    let unknown = "00000000-0000-4000-8000-000000000000";
    for id in [unknown, "nonsense", "%2e%2e"] {
        let path = format!("lambdas/{id}/invoke");
        server.call("POST", &path, "{}").expect_error(404, "com.liveperson.faas.es.missinglambda");
    }
    let error = server.invoke(unknown, &Value::Null).json();
    assert_eq!(error["errorMsg"], format!("There is no {unknown} deployed on {}", server.account));
    let draft = server.create("draft", ECHO);
    server.invoke(&draft, &Value::Null).expect_error(404, "com.liveperson.faas.es.notdeployed");
}

#[test]
fn nothing_of_one_invocation_is_seen_by_the_next() {
    let server = Server::fresh();
    let uuid = server.serve(
        "state",
        "let count = 0; globalThis.seen = [];
         function lambda(input, callback) { count++; seen.push(input.payload); callback(null, {count, seen}); }",
    );
    for n in 0..20 {
        assert_eq!(server.invoke(&uuid, &json!(n)).expect(200).json(), json!({"count": 1, "seen": [n]}));
    }
}

#[test]
fn the_reply_does_not_wait_for_what_the_lambda_still_does() {
    let server = Server::fresh();
    let uuid = server.serve(
        "later",
        "function lambda(input, callback) {
            setTimeout(() => console.info('later'), 300);
            callback(null, 'now');
         }",
    );
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), "now");
    assert_eq!(server.logs(&uuid, 1)[0]["message"], "later");
}

#[test]
fn a_caller_that_hangs_up_does_not_stop_the_lambda() {
    let server = Server::fresh();
    let uuid = server.serve(
        "hang_up",
        "function lambda(input, callback) {
            setTimeout(() => { console.info('went on'); callback(); }, 300);
         }",
    );
    let mut stream = server.connect();
    write!(stream, "{}Content-Length: 2\r\n\r\n{{}}", server.invoke_head(&uuid)).unwrap();
    server.until_running(1);
    drop(stream);
    assert_eq!(server.logs(&uuid, 1)[0]["message"], "went on");
}

#[test]
fn one_connection_serves_many_calls_also_pipelined() {
    let server = Server::fresh();
    let uuid =
        server.serve("pipeline", "function lambda(input, callback) { callback(null, input.payload); }");
    let mut stream = server.connect();
    let mut requests = String::new();
    for n in 0..50 {
        let body = format!("{{\"payload\": \"call {n}.\"}}");
        let close = if n == 49 { "Connection: close\r\n" } else { "" };
        let head = server.invoke_head(&uuid);
        requests.push_str(&format!("{head}{close}Content-Length: {}\r\n\r\n{body}", body.len()));
    }
    stream.write_all(requests.as_bytes()).unwrap();
    let mut replies = String::new();
    stream.read_to_string(&mut replies).unwrap();
    assert_eq!(replies.matches("HTTP/1.1 200").count(), 50);
    let places: Vec<_> = (0..50).map(|n| replies.find(&format!("\"call {n}.\"")).unwrap()).collect();
    assert!(places.is_sorted(), "replies come in the order of the calls");
}

#[test]
fn the_status_901_is_on_the_wire() {
    let server = Server::fresh();
    let uuid = server.serve("wire", "function lambda(input, callback) { callback(new Error('x')); }");
    let head = server.invoke_head(&uuid);
    let reply = server.raw(format!("{head}Connection: close\r\nContent-Length: 0\r\n\r\n"));
    assert!(reply.starts_with("HTTP/1.1 901 "), "{reply}");
}

#[test]
fn a_lambda_of_some_length_with_classes_timers_and_expressions_works() {
    let server = Server::fresh();
    let uuid = server.serve("real", include_str!("lambdas/orders.js"));
    let payload = json!({ "orders": [
        { "id": "A-1", "lines": ["2 x apple @ 0.50", "1 x pear @ 0.75", "broken line"] },
        { "id": "A-2", "lines": ["10 x nut @ 0.10"] },
        { "id": "bad", "lines": [] },
    ]});
    let result = server.invoke(&uuid, &payload).expect(200).json();
    assert_eq!(result["total"], 2.75);
    assert_eq!(result["accepted"], json!(["A-1", "A-2"]));
    assert_eq!(result["rejected"], json!([{"id": "bad", "reason": "order bad is not named like A-1"}]));
    assert_eq!(result["byArticle"], json!({"apple": 1, "nut": 1, "pear": 0.75}));
    let logs = until("its logs", || {
        let logs = server.logs(&uuid, 3);
        logs.iter().any(|entry| entry["level"] == "Error").then_some(logs)
    });
    assert!(logs.iter().any(|entry| entry["level"] == "Warn" && entry["extras"][0]["line"] == "broken line"));
}
