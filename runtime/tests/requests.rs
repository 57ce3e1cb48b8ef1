//! What a request costs the lambda that makes it, in fuel: the same on every machine, so that it cannot rise unnoticed.
//! `make figures-guest` says what it is in time.

mod fixture;

use std::sync::Arc;

use bytes::Bytes;
use fixture::{RUNTIME, lambda};
use lambkin_runtime::{Completion, Egress, Envelope, Limits, Operation, OperationKind, Outcome, Pending};
use serde_json::{Value, json};

/// Answers everything with a small JSON text, at once.
struct World;

impl Egress for World {
    fn start(self: Arc<Self>, operation: Operation) -> Pending {
        Box::pin(async move {
            if operation.kind == OperationKind::Read {
                return Completion::bytes(Bytes::from_static(br#"{"name":"Ada","list":[1,2,3]}"#), true);
            }
            let head: Value = serde_json::from_slice(&operation.head).expect("JSON");
            Completion::json(&json!({
                "status": 200, "statusText": "OK", "httpVersion": "1.1",
                "headers": [
                    ["content-type", "application/json"], ["date", "Sun, 29 Nov 2026 09:00:00 GMT"],
                    ["connection", "keep-alive"], ["content-length", "29"],
                ],
                "url": head["url"], "redirected": false, "body": 1,
            }))
        })
    }
}

/// Fuel of an invocation that makes so many calls.
fn fuel(lambda: &lambkin_runtime::Lambda, calls: u64) -> u64 {
    let limits = Limits::default();
    let body = Envelope::check(json!({ "payload": calls }).to_string().into(), &limits).expect("an envelope");
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("tokio starts");
    tokio.block_on(async {
        let instance = RUNTIME.thaw(lambda, &limits).expect("a slot is free").with_egress(Arc::new(World));
        let reply = instance.invoke(body).await;
        let Outcome::Value(Some(value)) = &reply.outcome else { panic!("no result: {:?}", reply.outcome) };
        let value: Value = serde_json::from_slice(value).expect("a result is JSON");
        let last = if calls == 0 { Value::Null } else { json!({ "name": "Ada", "list": [1, 2, 3] }) };
        assert_eq!(value, last, "the calls were made");
        reply.rest.finish().await.usage.fuel
    })
}

/// Fuel of the first call of an invocation, and of each later one.
fn per_call(source: &str) -> (u64, u64) {
    let source = format!(
        "{source}
        async function lambda(input, callback) {{
            let last = null;
            for (let i = 0; i < input.payload; i++) last = await get('http://localhost:8080/');
            callback(null, last);
        }}"
    );
    let lambda = lambda(&RUNTIME, &source);
    let [none, one, many] = [0, 1, 11].map(|calls| fuel(&lambda, calls));
    (one - none, (many - one) / 10)
}

#[test]
fn a_request_costs_no_more_than_it_did() {
    let all = [
        ("const rp = require('request-promise'); const get = (uri) => rp({ uri, json: true });", 560_000),
        (
            "const rp = require('request-promise');
            const get = (uri) => rp({
                method: 'POST', uri, json: true, body: { name: 'Ada' }, qs: { id: 5 }, headers: { 'X-Id': '7' }, timeout: 5000,
            });",
            930_000,
        ),
        (
            "const http = require('http');
            const get = (url) => new Promise((done) => http.get(url, (answer) => {
                let text = '';
                answer.setEncoding('utf8').on('data', (more) => (text += more)).on('end', () => done(JSON.parse(text)));
            }));",
            2_110_000,
        ),
        ("const get = async (url) => (await fetch(url)).json();", 560_000),
    ];
    for (source, most) in all {
        let (first, later) = per_call(source);
        println!("{later} for each call, {first} for the first: {source}");
        // What the first call of an invocation makes lazily may cost a little.
        assert!(first <= most + most / 20, "{first} for the first call of {source}");
        assert!(later <= most, "{later} for a later call of {source}");
        assert!(later >= most - most / 10, "{later} is much less than {most}: hold it there, {source}");
    }
}
