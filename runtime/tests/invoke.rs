//! Invocations as their callers see them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;

use std::time::Duration;

use fixture::{RUNTIME, call_with, lambda, run};
use lambkin_runtime::{LimitKind, Limits, Outcome};
use serde_json::json;

#[test]
fn a_lambda_of_a_hundred_lines_computes_waits_and_logs() {
    let source = include_str!("golden/invoke/orders.js");
    assert!(source.lines().count() > 100);
    let feed = "# orders\nAB-0001; Ada ; 2024-03-01; tea x 2, Green-Tea x 1\r\nAB-0002;Grace;2024-03-02;coffee x 1000\n\
                nonsense\nAB-0003;Ada;2019-01-01;cake x 9\nAB-0004;Ada;2024-04-01;cake x 1, snail x 3\n";
    let called = run(source, &json!({ "feed": feed, "since": "2024-01-01" }));
    assert_eq!(
        called.value(),
        json!({
            "customers": [
                { "name": "Ada", "orders": ["AB-0001", "AB-0004"], "items": 7, "total": "16.10" },
                { "name": "Grace", "orders": ["AB-0002"], "items": 1000, "total": "4,250.00" },
            ],
            "rejected": [4],
        })
    );
    let logs = called.logs();
    let said: Vec<_> =
        logs.iter().map(|(level, message)| (level.as_str(), message.as_str().unwrap())).collect();
    assert_eq!(
        said,
        [
            ("Warn", "attempt 1 failed"),
            ("Info", "line 4 is no order: \"nonsense\""),
            ("Error", "unknown article"),
        ]
    );
    let extras = called.finished.logs.all()[2].extras.get();
    assert_eq!(extras, r#"[{"sku":"snail","order":"AB-0004"}]"#);
}

/// The caller has the answer while the lambda still computes, and what ends the lambda later does not take it back.
#[test]
fn the_first_callback_answers_at_once_and_for_good() {
    let source =
        "function lambda(input, callback) { callback(null, 'first'); callback(null, 'second'); for (;;) {} }";
    let lambda = lambda(&RUNTIME, source);
    let limits = Limits { fuel: 300_000_000, ..Limits::default() };
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (give, given) = std::sync::mpsc::channel();
    let instance = RUNTIME.thaw(&lambda, &limits).unwrap();
    let finished = tokio.block_on(async {
        let rest = instance.invoke_with("{}".into(), move |answer| give.send(answer).unwrap()).await;
        rest.finish().await
    });
    let answer = given.try_recv().unwrap();
    assert!(matches!(&answer.outcome, Outcome::Value(Some(json)) if json == "\"first\""), "{answer:?}");
    assert!(answer.usage.fuel < 10_000_000, "it did not wait for the loop: {:?}", answer.usage);
    assert!(given.try_recv().is_err(), "delivered once");
    assert_eq!(finished.kill.map(|kill| kill.limit), Some(LimitKind::Fuel));
    let called = call_with(&RUNTIME, &lambda, &limits, &json!({}));
    assert_eq!(called.value(), json!("first"));
}

#[test]
fn an_invocation_that_is_dropped_gives_its_slot_back() {
    let lambda = lambda(&RUNTIME, "function lambda(input, callback) { setTimeout(callback, 60000); }");
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    // More than there are slots: each must be given back.
    for _ in 0..100 {
        tokio.block_on(async {
            let call = RUNTIME.thaw(&lambda, &Limits::default()).unwrap().invoke("{}".into());
            assert!(tokio::time::timeout(Duration::from_micros(1), call).await.is_err());
        });
    }
}

#[test]
fn numbers_arrive_and_leave_as_they_are() {
    let source = "function lambda(input, callback) { callback(null, input.payload); }";
    let payload = json!([0, -1, 2147483647_i64, -2147483648_i64, 9007199254740991_i64, 0.1, 1e21, -1.5e-7, "é𝄞\u{2028}", null, true, {"__proto__": 1}]);
    let called = run(source, &payload);
    let Outcome::Value(Some(text)) = &called.outcome else { panic!("{called:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!(
        text,
        "[0,-1,2147483647,-2147483648,9007199254740991,0.1,1e+21,-1.5e-7,\"é𝄞\u{2028}\",null,true,{\"__proto__\":1}]"
    );
}
