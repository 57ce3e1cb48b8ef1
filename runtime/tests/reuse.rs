//! Instances that serve more than one invocation: what stays, what does not, and when there is no other.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;

use std::sync::Arc;

use bytes::Bytes;
use fixture::{RUNTIME, entry, lambda};
use lambkin_runtime::{
    Completion, Egress, Envelope, Finished, Instance, Kept, Limits, Operation, Outcome, Pending, Runtime,
    RuntimeConfig,
};
use serde_json::{Value, json};

/// Answers every operation with a secret that is not to be logged.
struct Vault;

impl Egress for Vault {
    fn start(self: Arc<Self>, _: Operation) -> Pending {
        let secret = json!({ "key": "k", "value": "hunter2" });
        Box::pin(async move { Completion::json(&secret).with_masks(vec!["hunter2".to_owned()]) })
    }
}

/// One invocation of an instance that may be kept.
fn call(instance: Instance, payload: &Value) -> (Outcome, Finished, Option<Kept>) {
    let body = serde_json::to_vec(&json!({ "payload": payload })).unwrap();
    let body: Bytes = Envelope::check(body.into(), &Limits::default()).unwrap();
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    tokio.block_on(async {
        let reply = instance.invoke(body).await;
        let (finished, kept) = reply.rest.finish_and_keep().await;
        (reply.outcome, finished, kept)
    })
}

fn value(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Value(Some(json)) => serde_json::from_slice(json).unwrap(),
        other => panic!("no result: {other:?}"),
    }
}

#[test]
fn variables_stay_and_usage_logs_and_limits_begin_anew() {
    let source = "let count = 0; const kept = [];
        function lambda(input, callback) {
            kept.push(input.payload); console.log(`call ${++count}`); setTimeout(() => callback(null, kept), 1);
        }";
    let lambda = lambda(&RUNTIME, source);
    // Too little for three of them together.
    let one = call(RUNTIME.thaw(&lambda, &Limits::default()).unwrap(), &json!(0)).1.usage.fuel;
    let limits = Limits { fuel: one * 2, ..Limits::default() };
    let mut instance = RUNTIME.thaw(&lambda, &limits).unwrap();
    for n in 1..=4_u32 {
        let (outcome, finished, kept) = call(instance, &json!(n));
        assert_eq!(value(&outcome), json!((1..=n).collect::<Vec<_>>()));
        let logs: Vec<_> = finished.logs.all().iter().map(entry).collect();
        assert_eq!(logs, [("Info".to_owned(), json!(format!("call {n}")))]);
        assert!(finished.usage.fuel < one * 2 && finished.kill.is_none(), "{finished:?}");
        let kept = kept.unwrap();
        assert_eq!(kept.invocations(), n);
        assert!(kept.idle() <= kept.age() && kept.memory() >= 1 << 20);
        instance = kept.wake(&limits);
    }
}

#[test]
fn there_is_no_other_invocation_after_a_failure_a_kill_or_an_error_nobody_handled() {
    for source in [
        "function lambda(input, callback) { callback(new Error('no')); }",
        "function lambda(input, callback) { callback(null, 1); throw new Error('late'); }",
        "function lambda(input, callback) { callback(null, 1); for (;;) {} }",
        "function lambda(input, callback) { callback(null, 1); setTimeout(() => { for (;;) {} }, 1); }",
        "function lambda(input, callback) { callback(null, 1); const all = []; try { for (;;) all.push(new Uint8Array(1 << 20)); } catch {} }",
        "function lambda(input, callback) { callback(null, 1); setInterval(() => {}, 1); }",
    ] {
        let limits = Limits {
            fuel: 300_000_000,
            wall: std::time::Duration::from_millis(500),
            memory: 64 << 20,
            ..Limits::default()
        };
        let lambda = lambda(&RUNTIME, source);
        let (outcome, _, kept) = call(RUNTIME.thaw(&lambda, &limits).unwrap(), &json!({}));
        assert!(matches!(outcome, Outcome::Value(_) | Outcome::Failure(_)), "{outcome:?}");
        assert!(kept.is_none(), "{source}");
    }
}

#[test]
fn a_kept_instance_has_no_way_out_and_its_secrets_stay_out_of_the_log() {
    let source = "const { Toolbelt } = require('lp-faas-toolbelt'); let kept;
        async function lambda(input, callback) {
            if (kept === undefined) kept = (await Toolbelt.SecretClient().readSecret('k')).value;
            else try { await Toolbelt.SecretClient().readSecret('k'); } catch (error) { console.log(error.message); }
            console.log(kept); callback(null, kept);
        }";
    let lambda = lambda(&RUNTIME, source);
    let first = RUNTIME.thaw(&lambda, &Limits::default()).unwrap().with_egress(Arc::new(Vault));
    let (outcome, finished, kept) = call(first, &json!({}));
    assert_eq!(value(&outcome), "hunter2");
    assert_eq!(finished.logs.all()[0].message.get(), "\"***\"");
    let (outcome, finished, kept) = call(kept.unwrap().wake(&Limits::default()), &json!({}));
    assert_eq!(value(&outcome), "hunter2");
    let said: Vec<_> = finished.logs.all().iter().map(|entry| entry.message.get().to_owned()).collect();
    assert!(said[0].contains("without a network"), "{said:?}");
    assert_eq!(said[1], "\"***\"");
    assert!(kept.is_some());
}

#[test]
fn instances_that_are_kept_hold_slots_and_give_them_back() {
    // Of its own: the other tests need slots meanwhile.
    let cache = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("native");
    let config = RuntimeConfig { cache: Some(cache), slots: 4, ..RuntimeConfig::default() };
    let runtime = Runtime::new(config).unwrap();
    let lambda = lambda(&runtime, "let n = 0; function lambda(input, callback) { callback(null, ++n); }");
    let mut kept = Vec::new();
    loop {
        let Ok(instance) = runtime.thaw(&lambda, &Limits::default()) else { break };
        kept.push(call(instance, &json!({})).2.unwrap());
        assert!(kept.len() <= 4, "there are 4 slots");
    }
    assert_eq!(kept.len(), 4);
    drop(kept);
    let fresh = runtime.thaw(&lambda, &Limits::default()).unwrap();
    assert_eq!(value(&call(fresh, &json!({})).0), 1, "nothing of them is left");
}

#[test]
fn an_instance_that_keeps_many_texts_out_of_its_log_serves_no_more() {
    struct Talkative;
    impl Egress for Talkative {
        fn start(self: Arc<Self>, _: Operation) -> Pending {
            let masks = vec!["x".repeat(70 << 10)];
            Box::pin(async move { Completion::json(&json!({ "key": "k", "value": 1 })).with_masks(masks) })
        }
    }
    let source = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) { await Toolbelt.SecretClient().readSecret('k'); callback(null, 1); }";
    let lambda = lambda(&RUNTIME, source);
    let instance = RUNTIME.thaw(&lambda, &Limits::default()).unwrap().with_egress(Arc::new(Talkative));
    let (outcome, _, kept) = call(instance, &json!({}));
    assert_eq!(value(&outcome), 1);
    assert!(kept.is_none());
}
