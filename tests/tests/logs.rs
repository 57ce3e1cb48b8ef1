//! `GET /logs`, `GET /logs/export`: what is stored, for how long, and how it leaves.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use lambkin_tests::{Remains, Server, until};
use serde_json::{Value, json};

const LOGS: &str = "function lambda(i, cb) {
    console.debug('never stored');
    console.info(i.payload, {n: 1});
    cb();
}";

fn file(remains: &Remains, uuid: &str) -> PathBuf {
    let id = uuid.replace('-', "");
    remains.data.join("logs").join(&id[..2]).join(format!("{id}.log"))
}

fn line(timestamp: u64, message: &str) -> String {
    let entry = json!({"level": "Info", "message": message, "extras": [], "timestamp": timestamp});
    format!("{}\n", json!({"requestId": "r", "entries": [entry]}))
}

#[test]
fn an_export_is_csv_that_no_spreadsheet_runs() {
    let server = Server::fresh();
    let uuid = server.serve("export", LOGS);
    let path = format!("lambdas/{uuid}/invoke");
    for (id, message) in [("r1", "=cmd|' /C calc'!A0"), ("r2", "a;b\n\"quoted\"")] {
        let body = json!({"payload": message}).to_string();
        server.call_with("POST", &path, body, &[("x-request-id", id)]).expect(200);
    }
    server.logs(&uuid, 2);
    let export = server.get(&format!("logs/export?lambdaUUID={uuid}&userId=1&v=1")).expect(200);
    assert_eq!(export.header("content-type"), "text/csv; charset=utf-8");
    let text = export.text();
    assert!(text.starts_with("lambdaUUID;requestID;timestamp;level;message;extras\n"), "{text}");
    assert!(text.contains(&format!("{uuid};r1;")), "{text}");
    assert!(text.contains(";Info;'=cmd|' /C calc'!A0;\"[{\"\"n\"\":1}]\"\n"), "{text}");
    assert!(text.contains(";Info;\"a;b\n\"\"quoted\"\"\";"), "{text}");
    assert!(!text.contains("never stored"));
    server.get("logs/export").expect_error(400, "com.liveperson.faas.es.badinput");
    server.get("logs/export?lambdaUUID=00000000-0000-4000-8000-000000000000").expect(404);
    let empty = server.get(&format!("logs/export?lambdaUUID={uuid}&filterLevels=Error")).expect(200);
    assert_eq!(empty.text(), "lambdaUUID;requestID;timestamp;level;message;extras\n");
}

#[test]
fn an_export_has_the_newest_500_lines_and_a_query_at_most_7_days() {
    let server = Server::fresh();
    let uuid = server.serve("many", LOGS);
    server.invoke(&uuid, &json!("here")).expect(200);
    let now = server.logs(&uuid, 1)[0]["timestamp"].as_u64().unwrap();
    let (_, remains) = server.stop();
    let lines: String = (0..700).map(|n| line(now - 1_000 + n, &format!("m{n}"))).collect();
    std::fs::write(file(&remains, &uuid), lines).unwrap();
    let server = remains.start().server();
    let text = server.get(&format!("logs/export?lambdaUUID={uuid}")).expect(200).text();
    assert_eq!(text.lines().count(), 501);
    assert!(text.contains(";m699;") && text.contains(";m200;") && !text.contains(";m199;"));
    let day = 24 * 3_600_000;
    let week = format!("logs?lambdaUUID={uuid}&startTimestamp={}&endTimestamp={}", now - 7 * day, now - day);
    assert_eq!(server.get(&week).expect(200).json(), json!([]));
    let longer = format!("logs?lambdaUUID={uuid}&startTimestamp={}&endTimestamp={now}", now - 8 * day);
    server.get(&longer).expect_error(400, "com.liveperson.faas.es.badinput");
}

#[test]
fn old_logs_and_those_of_deleted_lambdas_leave_the_disk() {
    let server = Server::fresh();
    let (uuid, gone) = (server.serve("kept", LOGS), server.serve("gone", LOGS));
    for uuid in [&uuid, &gone] {
        server.invoke(uuid, &json!("here")).expect(200);
        server.logs(uuid, 1);
    }
    let now = server.logs(&uuid, 1)[0]["timestamp"].as_u64().unwrap();
    server.delete(&format!("deployments/{gone}")).expect(202);
    until("the undeployment", || (server.lambda(&gone)["state"] == "Draft").then_some(()));
    server.delete(&format!("lambdas/{gone}")).expect(204);
    let (_, remains) = server.stop();
    assert!(!file(&remains, &gone).exists());
    // As a crash between the two would leave it.
    std::fs::write(file(&remains, &gone), line(now, "orphan")).unwrap();
    let old = now - 31 * 24 * 3_600_000;
    std::fs::write(file(&remains, &uuid), line(old, "old") + &line(now, "young")).unwrap();
    let _server = remains.start().server();
    until("the sweep", || {
        let text = std::fs::read_to_string(file(&remains, &uuid)).unwrap();
        (!text.contains("old") && text.contains("young") && !file(&remains, &gone).exists()).then_some(())
    });
}

#[test]
fn nothing_is_stored_of_the_test_form_but_that_it_ran() {
    let server = Server::fresh();
    let uuid = server.serve("forms", LOGS);
    let shown = server.call("POST", &format!("lambdas/{uuid}/invoke?form=test"), "{}").expect(200).json();
    let levels: Vec<&Value> = shown["logs"].as_array().unwrap().iter().map(|entry| &entry["level"]).collect();
    assert_eq!(levels, ["Debug", "Info"]);
    server.invoke(&uuid, &json!("raw")).expect(200);
    let logs = server.logs(&uuid, 1);
    assert_eq!((logs.len(), &logs[0]["message"]), (1, &json!("raw")));
}

#[test]
fn a_session_gets_the_test_form_and_a_token_the_raw_one() {
    let server = Server::fresh();
    let uuid = server.serve("forms", LOGS);
    let session = server.log_in("123456", "developer", "lambkin");
    let call = |token: &str, query: &str| {
        let path = format!("lambdas/{uuid}/invoke?v=1{query}");
        server.call_as(token, "POST", &path, &json!({"payload": query})).expect(200).text()
    };
    let is_test = |text: &str| serde_json::from_str::<Value>(text).is_ok_and(|body| body["logs"].is_array());
    for query in ["", "&externalSystem=", "&userId=1&externalSystem", "&form=test&externalSystem=crm"] {
        assert!(is_test(&call(&session, query)), "a session, {query}");
    }
    assert_eq!(call(&session, "&externalSystem=crm"), "");
    // The built-in token is that of a user, held by an app.
    assert_eq!(call(&server.token, ""), "");
    assert_eq!(call(&server.token, "&form=raw"), "");
    assert!(is_test(&call(&server.token, "&form=test")));
    let stored: Vec<Value> =
        server.logs(&uuid, 3).into_iter().map(|entry| entry["message"].clone()).collect();
    assert_eq!(stored, ["&externalSystem=crm", "", "&form=raw"], "what the test form logs is not stored");
}

#[test]
fn a_failure_has_the_same_body_in_both_forms_and_its_logs_are_stored_once() {
    let server = Server::fresh();
    let code =
        "function lambda(i, cb) { console.debug('d'); console.warn('w', 1); cb(new TypeError('no')); }";
    let uuid = server.serve("fails", code);
    let session = server.log_in("123456", "developer", "lambkin");
    let path = format!("lambdas/{uuid}/invoke");
    let levels = |body: &Value| {
        let logs = body["errorLogs"].as_array().unwrap().clone();
        logs.iter().map(|entry| entry["level"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let raw = server.invoke(&uuid, &Value::Null).expect(901).json();
    assert_eq!(raw["errorCode"], "com.liveperson.faas.handler.runtime-exception");
    assert_eq!(raw["errorMsg"], "no");
    assert_eq!(levels(&raw), ["Warn", "Error"]);
    let test = server.call_as(&session, "POST", &path, &json!({})).expect(901).json();
    assert_eq!(levels(&test), ["Debug", "Warn", "Error"]);
    assert_eq!(server.logs(&uuid, 2).len(), 2);
}

#[test]
fn an_app_gets_the_raw_form_only_and_what_its_calls_log_is_stored() {
    let server = Server::fresh();
    let uuid = server.serve("app", LOGS);
    let form = "grant_type=client_credentials&client_id=dev-client&client_secret=dev-secret";
    let headers = [("authorization", ""), ("content-type", "application/x-www-form-urlencoded")];
    let token = server
        .call_with("POST", "/sentinel/api/account/123456/app/token?v=1.0", form, &headers)
        .expect(200)
        .json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let call = |query: &str| {
        let path = format!("lambdas/{uuid}/invoke?v=1{query}");
        server.call_as(&token, "POST", &path, &json!({"payload": query}))
    };
    assert_eq!(call("").expect(200).text(), "");
    assert_eq!(call("&externalSystem=crm").expect(200).text(), "");
    let error = call("&form=test").expect_error(403, "com.liveperson.faas.es.forbidden");
    assert!(error["errorMsg"].as_str().unwrap().contains("form=test"), "{error}");
    let stored: Vec<Value> =
        server.logs(&uuid, 2).into_iter().map(|entry| entry["message"].clone()).collect();
    assert_eq!(stored, ["", "&externalSystem=crm"]);
    let metrics = server.call_as(&token, "GET", "/metrics", &Value::Null);
    metrics.expect_error(403, "com.liveperson.faas.es.forbidden");
}
