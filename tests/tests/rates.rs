//! How much one account may invoke, and how lambdas that call lambdas are stopped.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lambkin_tests::{Server, Start, until};
use serde_json::{Value, json};

const NOTHING: &str = "function lambda(input, callback) { callback(null, 1); }";

#[test]
fn an_account_over_its_rate_is_told_when_to_come_back() {
    let server = Start::fresh().with(&["--limit", "per_second=2"]).server();
    let uuid = server.serve("often", NOTHING);
    let refused = until("a refusal", || {
        let reply = server.invoke(&uuid, &Value::Null);
        (reply.status != 200).then_some(reply)
    });
    assert_eq!(refused.header("retry-after"), "1");
    let error = refused.expect_error(429, "com.liveperson.faas.es.general");
    assert!(error["errorMsg"].as_str().unwrap().contains("2 invocations within a second"), "{error}");
    until("the next second", || (server.invoke(&uuid, &Value::Null).status == 200).then_some(()));
    // Management is not counted.
    (0..10).for_each(|_| drop(server.get("lambdas").expect(200)));
}

#[test]
fn a_month_is_counted_and_refused_only_where_the_operator_says_so() {
    let server = Start::fresh().with(&["--limit", "per_month=2"]).server();
    let uuid = server.serve("monthly", NOTHING);
    (0..4).for_each(|_| drop(server.invoke(&uuid, &Value::Null).expect(200)));
    assert_eq!(server.get("reports/limitCounts").json()["invocationLimitPerMonth"], 2);
    until("the count", || {
        let counts = server.get("reports/invocationCounts").expect(200).json();
        (counts["successfulInvocations"] == 4).then_some(())
    });
    let (_, remains) = server.stop();
    let server = remains.start().with(&["--limit", "per_month=2", "--enforce-monthly"]).server();
    let refused = server.invoke(&uuid, &Value::Null);
    assert_eq!(refused.header("retry-after"), "3600", "the published clients must not wait for it");
    refused.expect_error(429, "com.liveperson.faas.es.general");
}

#[test]
fn calls_from_lambda_to_lambda_have_a_budget() {
    let server = Server::fresh();
    let uuid = server.serve("hops", NOTHING);
    let call = |hops: &str| {
        let headers = [("x-lambkin-hops", hops), ("content-type", "application/json")];
        server.call_with("POST", &format!("lambdas/{uuid}/invoke"), "{}", &headers)
    };
    call("0").expect(200);
    call("4").expect(200);
    for hops in ["5", "4000000000"] {
        let error = call(hops).expect_error(400, "com.liveperson.faas.es.toomanyhops");
        assert!(error["errorMsg"].as_str().unwrap().contains("5 lambdas"), "{error}");
    }
    for hops in ["-1", "x", "99999999999"] {
        call(hops).expect_error(400, "com.liveperson.faas.es.badinput");
    }
}

#[test]
fn an_account_chooses_the_status_of_a_lambdas_own_failure() {
    let server = Server::fresh();
    let uuid = server.serve("status", "function lambda(input, callback) { callback(new Error('x')); }");
    assert_eq!(server.get("settings").expect(200).json(), json!({"lambdaFailureStatus": 901}));
    server.invoke(&uuid, &Value::Null).expect(901);
    server.put("settings", &json!({"lambdaFailureStatus": 422})).expect(200);
    let code = "com.liveperson.faas.handler.custom-failure";
    assert_eq!(server.invoke(&uuid, &Value::Null).expect_error(422, code)["errorMsg"], "x");
    for bad in [json!({"lambdaFailureStatus": 500}), json!({"lambdaFailure": 422}), json!({}), json!([])] {
        server.put("settings", &bad).expect_error(400, "com.liveperson.faas.es.badinput");
    }
    let told = server.get("activities?subject=account&action=update").expect(200).json();
    assert_eq!(
        (&told[0]["user"], &told[0]["changed"]),
        (&json!("dev"), &json!(["lambdaFailureStatus"])),
        "{told}"
    );
    let server = server.kill().start().server();
    server.invoke(&uuid, &Value::Null).expect(422);
}
