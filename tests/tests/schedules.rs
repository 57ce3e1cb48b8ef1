//! Schedules as clients see them. When ticks are given out is tested beside the scheduler, with a clock of its own.

use lambkin_tests::{Server, until};
use serde_json::{Value, json};

const CODE: &str = "function lambda(input, callback) { console.info('ran', input.headers, input.payload); callback(null, 1); }";
const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";
const NOT_FOUND: &str = "com.liveperson.faas.es.notfound";

fn schedule(lambda: &str, expression: &str) -> Value {
    json!({"lambdaUUID": lambda, "cronExpression": expression, "isActive": true, "uuid": ""})
}

#[test]
fn a_schedule_is_made_read_changed_and_deleted() {
    let server = Server::fresh();
    let lambda = server.serve("scheduled", CODE);
    let mut sent = schedule(&lambda, "0 0 1 1 *");
    sent["invocationBody"] = json!({"headers": [], "payload": {"a": 1}});
    let made = server.post("schedules", &sent).expect(201).json();
    for key in [
        "uuid",
        "lambdaUUID",
        "cronExpression",
        "isActive",
        "createdBy",
        "lastExecution",
        "nextExecution",
        "didLastExecutionFail",
    ] {
        assert!(made.get(key).is_some(), "{key} in {made}");
    }
    assert_eq!(
        (&made["lambdaUUID"], &made["isActive"], &made["createdBy"]),
        (&json!(lambda), &json!(true), &json!("dev"))
    );
    assert!(
        made["nextExecution"].as_str().is_some_and(|next| next.ends_with("-01-01T00:00:00.000Z")),
        "{made}"
    );
    assert_eq!((&made["lastExecution"], &made["didLastExecutionFail"]), (&Value::Null, &Value::Null));
    let path = format!("schedules/{}", made["uuid"].as_str().expect("an id"));
    let changed =
        server.put(&path, &json!({"cronExpression": "0 0 1 7 *", "isActive": false})).expect(200).json();
    assert_eq!((&changed["cronExpression"], &changed["nextExecution"]), (&json!("0 0 1 7 *"), &Value::Null));
    let server = server.kill().start().server();
    assert_eq!(server.get(&path).expect(200).json(), changed);
    assert_eq!(server.get("schedules").expect(200).json(), json!([changed]));
    server.delete(&path).expect(204);
    server.delete(&path).expect_error(404, NOT_FOUND);
    server.put(&path, &json!({})).expect_error(404, NOT_FOUND);
    assert_eq!(server.get("schedules").expect(200).json(), json!([]));
}

#[test]
fn what_a_schedule_cannot_be_is_refused_by_name() {
    let server = Server::fresh();
    let lambda = server.create("refused", CODE);
    for (field, value) in [
        ("cronExpression", json!("* * * * * *")),
        ("cronExpression", json!("60 * * * *")),
        ("cronExpression", json!("* * * 0 *")),
        ("cronExpression", json!("0 0 31 2 *")),
        ("cronExpression", Value::Null),
        ("lambdaUUID", Value::Null),
        ("invocationBody", json!({"payload": "x".repeat(8_000)})),
        ("invocationBody", json!({"headers": 1})),
    ] {
        let mut sent = schedule(&lambda, "* * * * *");
        sent[field] = value;
        let error = server.post("schedules", &sent).expect_error(400, BAD_INPUT);
        assert!(
            error["errorMsg"].as_str().is_some_and(|text| text.contains(&format!("`{field}`"))),
            "{error}"
        );
    }
    let unknown = schedule("00000000-0000-4000-8000-000000000000", "* * * * *");
    server.post("schedules", &unknown).expect_error(404, "com.liveperson.faas.es.missinglambda");
    for _ in 0..10 {
        server.post("schedules", &schedule(&lambda, "0 0 1 1 *")).expect(201);
    }
    let eleventh = server.post("schedules", &schedule(&lambda, "0 0 1 1 *"));
    eleventh.expect_error(409, "com.liveperson.faas.es.conflict");
    // They go with their lambda.
    server.delete(&format!("lambdas/{lambda}")).expect(204);
    assert_eq!(server.get("schedules").expect(200).json(), json!([]));
}

#[test]
fn the_next_runs_of_an_expression_are_shown() {
    let server = Server::fresh();
    let shown = server.get("schedules/preview?cronExpression=0+0+1+1+*").expect(200).json();
    let next = shown["nextExecutions"].as_array().expect("a list");
    assert_eq!(next.len(), 5);
    assert!(
        next.iter().all(|at| at.as_str().is_some_and(|at| at.ends_with("-01-01T00:00:00.000Z"))),
        "{shown}"
    );
    let error = server.get("schedules/preview?cronExpression=nonsense").expect_error(400, BAD_INPUT);
    assert!(error["errorMsg"].as_str().is_some_and(|text| text.contains("five fields")), "{error}");
}

#[test]
fn a_lambda_runs_when_its_minute_comes_and_leaves_a_log() {
    let server = Server::fresh();
    let good = server.serve("good", CODE);
    let bad = server.serve("bad", "function lambda(input, callback) { callback(new Error('no')); }");
    let make = |lambda: &str| {
        let mut sent = schedule(lambda, "* * * * *");
        sent["invocationBody"] = json!({"payload": {"a": 1}});
        server.post("schedules", &sent).expect(201).json()["uuid"].as_str().expect("an id").to_owned()
    };
    let ids = [make(&good), make(&bad)];
    // The wait is for the clock: at most a minute, and some more on a busy machine.
    let ended = ids.clone().map(|id| {
        until("the run's end", || {
            let now = server.get(&format!("schedules/{id}")).expect(200).json();
            now["didLastExecutionFail"].is_boolean().then_some(now)
        })
    });
    assert_eq!(
        (&ended[0]["didLastExecutionFail"], &ended[1]["didLastExecutionFail"]),
        (&json!(false), &json!(true))
    );
    assert!(ended[0]["lastExecution"].as_str().is_some_and(|at| at.ends_with(":00.000Z")), "{}", ended[0]);
    let logs = server.logs(&good, 1);
    assert_eq!((&logs[0]["message"], &logs[0]["extras"]), (&json!("ran"), &json!([[], {"a": 1}])));
    assert!(logs[0]["requestID"].as_str().is_some_and(|id| id.len() == 36), "{}", logs[0]);
    let records = until("the record", || {
        let records = server.get(&format!("invocations?lambdaUUID={good}")).expect(200).json();
        records.as_array().is_some_and(|records| !records.is_empty()).then_some(records)
    });
    assert_eq!(records[0]["via"], json!({"schedule": ids[0]}));
    assert_eq!(records[0]["caller"], "scheduler");
    // Paused while it is not deployed.
    server.delete(&format!("deployments/{good}")).expect(202);
    until("the state Draft", || (server.lambda(&good)["state"] == "Draft").then_some(()));
    let paused = server.get("schedules").expect(200).json();
    let paused = paused.as_array().expect("a list").iter().find(|one| one["lambdaUUID"] == good.as_str());
    assert!(
        paused.is_some_and(|one| one["nextExecution"].is_null() && one["isActive"] == true),
        "{paused:?}"
    );
}
