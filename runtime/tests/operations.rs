//! Operations outside of the guest, with a world outside that the test plays: how they are waited for, cancelled and
//! refused.

mod fixture;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use fixture::{Called, RUNTIME, lambda, try_freeze};
use lambkin_runtime::{
    Completion, CompletionError, Egress, Envelope, Level, Limits, Note, Operation, OperationKind, Pending,
};
use serde_json::{Value, json};

/// Answers `http://test/MS` after so many milliseconds, `…/never` never, `…/fail` with an error. Counts what is open.
#[derive(Default)]
struct World {
    open: Arc<AtomicUsize>,
    most_open: Arc<AtomicUsize>,
    started: Arc<AtomicUsize>,
}

/// One that is open, until it is dropped.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Egress for World {
    fn start(self: Arc<Self>, operation: Operation) -> Pending {
        let open = self.open.fetch_add(1, Relaxed) + 1;
        self.most_open.fetch_max(open, Relaxed);
        self.started.fetch_add(1, Relaxed);
        let guard = Open(Arc::clone(&self.open));
        Box::pin(async move {
            let _guard = guard;
            if operation.kind == OperationKind::Read {
                return Completion::bytes(Bytes::from_static(b"body"), true);
            }
            let head: Value = serde_json::from_slice(&operation.head).expect("JSON");
            let path = head["url"].as_str().expect("a url").rsplit('/').next().expect("a path").to_owned();
            match path.as_str() {
                "never" => std::future::pending().await,
                "fail" => {
                    let note = Note { level: Level::Warn, text: "why it failed".to_owned() };
                    return Completion::failed(&CompletionError::new("ECONNREFUSED", "refused"))
                        .with_notes(vec![note]);
                }
                ms => tokio::time::sleep(Duration::from_millis(ms.parse().expect("a number"))).await,
            }
            Completion::json(&json!({
                "status": 200, "statusText": "OK", "httpVersion": "1.1", "headers": [], "url": head["url"],
                "redirected": false, "body": 1,
            }))
        })
    }
}

fn call(source: &str, world: &Arc<World>, limits: &Limits) -> Called {
    call_lambda(&lambda(&RUNTIME, source), world, limits)
}

fn call_lambda(lambda: &lambkin_runtime::Lambda, world: &Arc<World>, limits: &Limits) -> Called {
    let body = Envelope::check("{}".into(), limits).expect("an envelope");
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("tokio starts");
    tokio.block_on(async {
        let instance =
            RUNTIME.thaw(lambda, limits).expect("a slot is free").with_egress(Arc::clone(world) as _);
        let reply = instance.invoke(body).await;
        Called { outcome: reply.outcome, finished: reply.rest.finish().await }
    })
}

#[test]
fn operations_are_open_side_by_side() {
    let world = Arc::new(World::default());
    let source = "async function lambda(input, callback) {
        const all = await Promise.all(Array.from({ length: 20 }, () => fetch('http://test/50').then((r) => r.text())));
        callback(null, all.join(''));
    }";
    let began = Instant::now();
    let called = call(source, &world, &Limits::default());
    assert_eq!(called.value(), json!("body".repeat(20)));
    assert_eq!(world.most_open.load(Relaxed), 20);
    assert!(began.elapsed() < Duration::from_millis(500), "one after the other they take a second");
    let usage = called.finished.usage;
    assert!(usage.egress_us >= 45_000 && usage.egress_us <= usage.run_us, "{usage:?}");
}

#[test]
fn timers_and_operations_wait_together() {
    let world = Arc::new(World::default());
    let source = "async function lambda(input, callback) {
        const order = [];
        const timer = new Promise((done) => setTimeout(() => { order.push('timer'); done(); }, 20));
        const late = fetch('http://test/200').then(() => order.push('late'));
        const early = fetch('http://test/1').then(() => order.push('early'));
        await Promise.all([timer, late, early]);
        callback(null, order);
    }";
    assert_eq!(call(source, &world, &Limits::default()).value(), json!(["early", "timer", "late"]));
}

#[test]
fn a_failure_reaches_the_lambda_and_the_log() {
    let world = Arc::new(World::default());
    let source = "async function lambda(input, callback) {
        try { await fetch('http://test/fail'); } catch (e) { callback(null, [e.message, e.cause.code]); }
    }";
    let called = call(source, &world, &Limits::default());
    assert_eq!(called.value(), json!(["fetch failed", "ECONNREFUSED"]));
    assert_eq!(called.logs(), [("Warn".to_owned(), json!("why it failed"))]);
}

#[test]
fn what_is_given_up_is_dropped_at_once_and_the_rest_with_the_invocation() {
    let world = Arc::new(World::default());
    let source = "async function lambda(input, callback) {
        const c = new AbortController();
        const gone = fetch('http://test/never', { signal: c.signal }).catch((e) => e.name);
        setTimeout(() => c.abort(), 5);
        callback(null, await gone);
    }";
    assert_eq!(call(source, &world, &Limits::default()).value(), json!("AbortError"));
    assert_eq!((world.started.load(Relaxed), world.open.load(Relaxed)), (1, 0));

    let limits = Limits { wall: Duration::from_millis(300), ..Limits::default() };
    let called = call("async function lambda() { await fetch('http://test/never'); }", &world, &limits);
    let (code, message) = called.failure();
    assert_eq!(code, "com.liveperson.faas.handler.executiontime-exceeded");
    assert!(message.contains("the limit is 300 ms"), "{message}");
    assert_eq!((world.started.load(Relaxed), world.open.load(Relaxed)), (2, 0));
}

/// Calls, timers and what would have been made of their ends: none of it reaches the next invocation, of the same image
/// in the same slot.
#[test]
fn what_one_invocation_left_open_is_nothing_to_the_next() {
    let world = Arc::new(World::default());
    let source = "let calls = 0; const heard = [];
    async function lambda(input, callback) {
        const before = [++calls, heard.length];
        for (let i = 0; i < 5; i++) fetch('http://test/never').then(() => heard.push('answer'), () => heard.push('failure'));
        setInterval(() => heard.push('interval'), 1).unref();
        const own = await fetch('http://test/1');
        callback(null, [...before, await own.text()]);
    }";
    let lambda = lambda(&RUNTIME, source);
    let limits = Limits { wall: Duration::from_millis(400), ..Limits::default() };
    for round in 1..=4 {
        let called = call_lambda(&lambda, &world, &limits);
        assert_eq!(called.value(), json!([1, 0, "body"]), "round {round}");
        assert!(called.finished.kill.is_some(), "what is open is waited for until the limit");
        assert_eq!((world.started.load(Relaxed), world.open.load(Relaxed)), (7 * round, 0));
    }
}

#[test]
fn the_way_out_is_a_capability_and_has_bounds() {
    let source = "async function lambda(input, callback) {
        const opened = [];
        for (let i = 0; i < 300; i++) opened.push(fetch('http://test/1').then(() => 'ok', (e) => e.cause.message));
        const counts = {};
        for (const one of await Promise.all(opened)) counts[one] = (counts[one] ?? 0) + 1;
        callback(null, counts);
    }";
    let without = fixture::run(source, &json!(null)).value();
    assert_eq!(without, json!({ "this lambda is run without a network": 300 }));
    let world = Arc::new(World::default());
    let with = call(source, &world, &Limits::default()).value();
    assert_eq!(
        with,
        json!({ "ok": 256, "too many calls are open at once: wait for some of them to end": 44 })
    );

    let large = "async function lambda(input, callback) {
        try { await fetch('http://test/1', { method: 'POST', body: 'x'.repeat(17 << 20) }); } catch (e) { callback(null, e.cause.message); }
    }";
    assert_eq!(call(large, &world, &Limits::default()).value(), json!("the request is too large"));
}

#[test]
fn a_busy_lambda_gets_its_answers_too() {
    let world = Arc::new(World::default());
    let source = "async function lambda(input, callback) {
        let isOver = false;
        const spin = () => { if (!isOver) setImmediate(spin); };
        spin();
        const response = await fetch('http://test/10');
        isOver = true;
        callback(null, response.status);
    }";
    assert_eq!(call(source, &world, &Limits::default()).value(), json!(200));
}

#[test]
fn the_top_level_has_no_way_out() {
    let failure = try_freeze(
        &RUNTIME,
        "fetch('http://test/1').catch(() => 0); function lambda(i, callback) { callback(); }",
    )
    .expect_err("a refusal");
    let told = failure.to_string();
    assert!(told.contains("move the call into the lambda"), "{told}");
}

/// Answers every reading of a secret with the same.
struct Vault;

impl Egress for Vault {
    fn start(self: Arc<Self>, _: Operation) -> Pending {
        Box::pin(async {
            let masks = vec!["tell \"nobody\"".to_owned(), "abc".to_owned()];
            Completion::json(&json!({ "key": "k", "value": "tell \"nobody\"" })).with_masks(masks)
        })
    }
}

#[test]
fn what_is_masked_is_in_no_entry_from_then_on() {
    let source = "const { Toolbelt } = require('lp-faas-toolbelt');
    async function lambda(input, callback) {
        console.info('before: tell \"nobody\"');
        const { value } = await Toolbelt.SecretClient().readSecret('k');
        console.warn('after: ' + value, { value, short: 'abc' });
        callback(null, value);
    }";
    let lambda = lambda(&RUNTIME, source);
    let limits = Limits::default();
    let body = Envelope::check("{}".into(), &limits).expect("an envelope");
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("tokio starts");
    let (outcome, finished) = tokio.block_on(async {
        let instance = RUNTIME.thaw(&lambda, &limits).expect("a slot is free").with_egress(Arc::new(Vault));
        let reply = instance.invoke(body).await;
        (reply.outcome, reply.rest.finish().await)
    });
    let called = Called { outcome, finished };
    assert_eq!(called.value(), json!("tell \"nobody\""), "the lambda itself gets it");
    let entries = called.finished.logs.all();
    assert_eq!(entries[0].message.get(), r#""before: tell \"nobody\"""#);
    assert_eq!(entries[1].message.get(), r#""after: ***""#);
    assert_eq!(
        entries[1].extras.get(),
        r#"[{"value":"***","short":"abc"}]"#,
        "what is too short hides too much"
    );
}
