//! `/reports`, `/invocations` and `/metrics`: what is counted, and that it survives.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lambkin_tests::{Server, Start, until};
use serde_json::{Value, json};

const ANY: &str = "function lambda(i, cb) {
    if (i.payload === 'fail') { cb({errorCode: 'my.code', errorMsg: 'no'}); return; }
    if (i.payload === 'loop') { for (;;) {} }
    cb(null, i.payload);
}";

fn total(server: &Server, uuid: &str) -> Value {
    let report = server.get(&format!("reports/invocations/{uuid}?bucketSize=86400")).expect(200).json();
    let buckets = report["invocationStatistics"].as_array().unwrap().clone();
    let sum = |key: &str| buckets.iter().map(|bucket| bucket[key].as_u64().unwrap()).sum::<u64>();
    let keys = ["UNKOWN", "SUCCEEDED", "CODING_FAILURE", "PLATFORM_FAILURE", "TIMEOUT"];
    json!(keys.map(sum))
}

#[test]
fn outcomes_are_counted_and_survive_a_stop() {
    let server = Start::fresh().with(&["--limit", "wall=1000"]).server();
    let uuid = server.serve("any", ANY);
    for payload in ["a", "b", "fail", "loop"] {
        server.invoke(&uuid, &json!(payload));
    }
    until("the counts", || (total(&server, &uuid) == json!([0, 2, 1, 0, 1])).then_some(()));
    let account = server.account.clone();
    let counts = json!({"accountId": account, "successfulInvocations": 2, "unsuccessfulInvocations": 2});
    assert_eq!(server.get("reports/invocationCounts").expect(200).json(), counts);
    let lambdas = json!({"accountId": account, "total": 1, "deployed": 1});
    assert_eq!(server.get("reports/lambdaCounts").expect(200).json(), lambdas);
    let limits =
        json!({"limitTotalLambdas": 50, "limitDeployedLambdas": 50, "invocationLimitPerMonth": 150_000});
    assert_eq!(server.get("reports/limitCounts").expect(200).json(), limits);
    server.invoke(&uuid, &json!("last")).expect(200);
    let (status, remains) = server.stop();
    assert!(status.success());
    let server = remains.start().server();
    assert_eq!(total(&server, &uuid), json!([0, 3, 1, 0, 1]), "a server that is stopped loses nothing");
    // A killed one loses nothing that a report has shown.
    server.invoke(&uuid, &json!("more")).expect(200);
    until("the count", || (total(&server, &uuid) == json!([0, 4, 1, 0, 1])).then_some(()));
    let server = server.kill().start().server();
    assert_eq!(total(&server, &uuid), json!([0, 4, 1, 0, 1]));
}

#[test]
fn a_report_has_the_shape_of_the_contract() {
    let server = Server::fresh();
    let uuid = server.serve("shape", ANY);
    server.invoke(&uuid, &json!(1)).expect(200);
    until("the count", || (total(&server, &uuid) == json!([0, 1, 0, 0, 0])).then_some(()));
    let path = format!("reports/invocations/{uuid}");
    let report = server.get(&format!("{path}?startTimestamp=0&endTimestamp=120000&bucketSize=60&v=1")).json();
    assert_eq!(report["name"], "shape");
    assert_eq!(report["uuid"], uuid.as_str());
    let buckets = report["invocationStatistics"].as_array().unwrap();
    let empty = json!({"from": 60_000, "to": 120_000, "UNKOWN": 0, "SUCCEEDED": 0, "CODING_FAILURE": 0,
        "PLATFORM_FAILURE": 0, "TIMEOUT": 0});
    assert_eq!((buckets.len(), &buckets[1]), (2, &empty));
    let failures =
        server.get(&format!("{path}?bucketSize=86400&invocationStates=TIMEOUT&invocationStates=UNKOWN"));
    assert_eq!(failures.json()["invocationStatistics"][0]["SUCCEEDED"], 0);
    let other = "00000000-0000-4000-8000-000000000000";
    server.get(&format!("reports/invocations/{other}")).expect(404);
    server.get(&format!("{path}?bucketSize=1")).expect_error(400, "com.liveperson.faas.es.badinput");
}

#[test]
fn invocations_are_remembered_with_what_they_used() {
    let server = Server::fresh();
    let uuid = server.serve("records", ANY);
    let other = server.serve("other", ANY);
    let headers = [("x-request-id", "find-me"), ("content-type", "application/json")];
    let path = format!("lambdas/{uuid}/invoke");
    server.call_with("POST", &path, r#"{"payload": "fail"}"#, &headers).expect(901);
    server.invoke(&uuid, &json!("fine")).expect(200);
    server.call("POST", &format!("{path}?form=test"), "{}").expect(200);
    server.invoke(&other, &json!("fine")).expect(200);
    let list = |query: &str| server.get(&format!("invocations?{query}")).expect(200).json();
    let count = |query: &str| list(query).as_array().unwrap().len();
    until("the records", || (count("") == 4).then_some(()));
    assert_eq!(count(&format!("lambdaUUID={uuid}")), 3);
    assert_eq!(count("limit=2"), 2);
    assert_eq!(count("outcome=SUCCEEDED"), 3);
    assert_eq!(count("endTimestamp=1"), 0);
    let found = list("requestID=find-me&outcome=CODING_FAILURE");
    let record = &found[0];
    assert_eq!(record["lambdaUUID"], uuid.as_str());
    assert_eq!(record["errorCode"], "my.code");
    assert_eq!(record["via"], "call");
    for number in ["timestamp", "version", "fuel", "memory", "runUs"] {
        assert!(record[number].as_u64().unwrap() > 0, "{number} in {record}");
    }
    let tests = list(&format!("lambdaUUID={uuid}"));
    assert_eq!(tests.as_array().unwrap().iter().filter(|record| record["test"] == true).count(), 1);
    server.get("invocations?limit=0").expect_error(400, "com.liveperson.faas.es.badinput");
    server.get("invocations?lambdaUUID=00000000-0000-4000-8000-000000000000").expect(404);
}

#[test]
fn metrics_tell_what_is_going_on() {
    let server = Server::fresh();
    let uuid = server.serve("metrics", ANY);
    server.invoke(&uuid, &json!("a")).expect(200);
    server.invoke(&uuid, &json!("fail")).expect(901);
    let text = until("the metrics", || {
        let reply = server.get("/metrics").expect(200);
        assert!(reply.header("content-type").starts_with("application/openmetrics-text"));
        let text = reply.text();
        text.contains("lambkin_invocations_total{outcome=\"CODING_FAILURE\"} 1").then_some(text)
    });
    for line in [
        "lambkin_invocations_total{outcome=\"SUCCEEDED\"} 1",
        "lambkin_run_seconds_count 2",
        "lambkin_run_seconds_bucket{le=\"+Inf\"} 2",
        "lambkin_dropped_records_total 0",
        "lambkin_deployed 1",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    for nobody in ["", "no"] {
        server.call_as(nobody, "GET", "/metrics", &Value::Null).expect(401);
    }
}

#[test]
fn metrics_are_the_operators_and_no_tenants() {
    let token = "a-token-for-the-metrics-of-32-characters";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, format!("{token}\n")).unwrap();
    let server =
        Start::fresh().without_dev().with(&["--metrics-token-file", file.to_str().unwrap()]).server();
    let login = server.announcement["operator"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let newcomer = server.log_in("operators", &text(&login["loginName"]), &text(&login["password"]));
    let look = |token: &str, path: &str| server.call_as(token, "GET", path, &Value::Null);
    look(&newcomer, "/metrics").expect_error(403, "com.liveperson.faas.es.forbidden");
    let change = json!({"oldPassword": login["password"], "password": "a long enough password"});
    server.call_as(&newcomer, "PUT", "/api/account/operators/password", &change).expect(204);
    let operator = server.log_in("operators", &text(&login["loginName"]), "a long enough password");
    let wanted = json!({"id": "42", "name": "The answer", "loginName": "ada"});
    let made =
        server.call_as(&operator, "POST", "/api/account/operators/accounts", &wanted).expect(201).json();
    let newcomer = server.log_in("42", "ada", &text(&made["oneTimePassword"]));
    let change = json!({"oldPassword": made["oneTimePassword"], "password": "ada's own password"});
    server.call_as(&newcomer, "PUT", "/api/account/42/password", &change).expect(204);
    let tenant = server.log_in("42", "ada", "ada's own password");
    look(&tenant, "/metrics").expect_error(403, "com.liveperson.faas.es.forbidden");
    look(&tenant, "/api/account/42/limits").expect(200);
    for allowed in [operator.as_str(), token] {
        assert!(look(allowed, "/metrics").expect(200).text().ends_with("# EOF\n"));
    }
    look(token, "/api/account/42/limits").expect(401);
    // What goes on in all accounts together is no tenant's business on other paths either.
    assert_eq!(look(&tenant, "/ready").expect(200).json(), json!({"status": "ready"}));
    assert_eq!(look(&operator, "/ready").expect(200).json()["running"], 0);
}
