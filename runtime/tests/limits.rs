//! Every limit: what strikes it, what the report says, and that logs written before it are kept.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;

use std::time::Duration;

use fixture::{RUNTIME, call_with, lambda, run, run_with, unmetered};
use lambkin_runtime::{LimitKind, Limits, Outcome};
use serde_json::json;

const TIME: &str = "com.liveperson.faas.handler.executiontime-exceeded";
const MEMORY: &str = "com.liveperson.faas.handler.memory-limit-exceeded";

/// For lambdas that compute: the fuel decides, however slow the machine is.
fn little_fuel() -> Limits {
    Limits { wall: Duration::from_secs(60), ..short() }
}

fn short() -> Limits {
    Limits { wall: Duration::from_millis(300), fuel: 300_000_000, ..Limits::default() }
}

fn killed(
    source: &str,
    limits: &Limits,
) -> (lambkin_runtime::Kill, String, Vec<(String, serde_json::Value)>) {
    let called = run_with(source, limits, &json!({}));
    let Outcome::Failure(failure) = &called.outcome else { panic!("{called:?}") };
    let kill = failure.kill.clone().unwrap_or_else(|| panic!("{called:?}"));
    (kill, failure.error_code.clone(), called.logs())
}

#[test]
fn computing_without_end_spends_the_fuel_and_leaves_a_stack() {
    for body in [
        "for (;;) {}",
        "Promise.resolve().then(function spin() { for (;;) {} }); ",
        "(function again() { Promise.resolve().then(again); })();",
        "/(a+)+$/.test('a'.repeat(40) + 'b'); callback();",
        "JSON.parse('1', function r() { for (;;) {} }); callback();",
        "(function again() { setTimeout(again, 0); setImmediate(again); })();",
        "console.warn('half', { get x() { for (;;) {} } });",
        "console.warn({ toJSON() { for (;;) {} } });",
        "callback(null, { get x() { for (;;) {} } });",
        "callback({ get message() { for (;;) {} } });",
    ] {
        let source =
            format!("function lambda(input, callback) {{ console.info('before'); {body} callback; }}");
        let (kill, code, logs) = killed(&source, &little_fuel());
        assert_eq!((kill.limit, code.as_str()), (LimitKind::Fuel, TIME), "{body}: {kill:?}");
        assert!(kill.used > kill.value && kill.value == 300_000_000, "{body}: {kill:?}");
        assert_eq!(
            (logs.len(), &logs[0].1),
            (2, &json!("before")),
            "{body}: nothing is half there: {logs:?}"
        );
        assert_eq!(logs.last().map(|l| l.0.as_str()), Some("Error"), "{body}: the kill is in the log");
    }
    let (kill, ..) = killed(
        "function lambda(input, callback) { (function named() { for (;;) {} })(); callback; }",
        &little_fuel(),
    );
    assert!(kill.js_stack.as_deref().unwrap_or_default().contains("named"), "{kill:?}");
}

#[test]
fn a_lambda_cannot_catch_its_end_nor_answer_after_it() {
    for body in [
        "for (;;) { try { for (;;) {} } catch (e) {} finally { continue; } }",
        "try { for (;;) {} } finally { callback(null, 'late'); }",
        "process.on('exit', () => callback(null, 'late')); setTimeout(() => callback(null, 'late')); for (;;) {}",
        "Promise.resolve().then(() => { for (;;) {} }).finally(() => callback(null, 'late'));",
    ] {
        let (kill, ..) =
            killed(&format!("function lambda(input, callback) {{ {body} callback; }}"), &little_fuel());
        assert_eq!(kill.limit, LimitKind::Fuel, "{body}");
    }
}

#[test]
fn fuel_is_the_same_for_the_same_call() {
    let lambda = lambda(
        &RUNTIME,
        "function lambda(input, callback) { let n = 0; for (let i = 0; i < 1e5; i++) n += i; callback(null, n); }",
    );
    let used: Vec<u64> = (0..3)
        .map(|_| {
            call_with(&RUNTIME, &lambda, &Limits::default(), &json!({ "a": [1, 2, 3] })).finished.usage.fuel
        })
        .collect();
    assert!(used[0] > 1_000_000, "{used:?}");
    assert_eq!((used[0], used[0]), (used[1], used[2]));
}

#[test]
fn waiting_too_long_is_the_wall_clocks_business() {
    let (kill, code, logs) = killed(
        "function lambda(input, callback) { console.warn('w'); setTimeout(callback, 60000); }",
        &short(),
    );
    assert_eq!((kill.limit, code.as_str()), (LimitKind::Wall, TIME));
    assert!(kill.used >= 300 && kill.value == 300, "{kill:?}");
    assert_eq!(logs[0], ("Warn".to_owned(), json!("w")));
}

#[test]
fn without_fuel_the_wall_clock_ends_a_loop_and_still_finds_the_stack() {
    let runtime = unmetered();
    let lambda = lambda(
        &runtime,
        "function lambda(input, callback) { (function named() { for (;;) {} })(); callback; }",
    );
    let called = call_with(&runtime, &lambda, &short(), &json!({}));
    let Outcome::Failure(failure) = &called.outcome else { panic!("{called:?}") };
    let kill = failure.kill.clone().unwrap();
    assert_eq!(kill.limit, LimitKind::Wall);
    assert!(kill.js_stack.unwrap_or_default().contains("named"));
    assert_eq!(called.finished.usage.fuel, 0);
}

#[test]
fn memory_bombs_hit_the_cap() {
    for body in [
        "const a = []; for (;;) a.push(new Array(10000).fill({}));",
        "let s = 'x'; for (;;) { s += s; JSON.stringify(s); }",
        "const a = []; for (;;) a.push(new Uint8Array(1 << 20));",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });",
        "const o = {}; for (let i = 0; ; i++) o['key' + i] = i;",
        "let list; for (;;) list = { list };",
        "const e = new (require('events'))().setMaxListeners(0); for (;;) e.on('x', () => {});",
        // Storms: nothing but memory bounds how many may wait.
        "const a = []; for (;;) a.push(new Promise(() => {}));",
        "for (;;) Promise.resolve().then(() => {});",
        "const a = []; (function f() { a.push([a]); queueMicrotask(f); queueMicrotask(f); })();",
        "for (;;) process.nextTick(() => {});",
        "for (;;) setTimeout(() => {}, 1000);",
        "for (;;) setImmediate(() => {});",
    ] {
        let source =
            format!("function lambda(input, callback) {{ console.info('before'); {body} callback; }}");
        let limits = Limits { memory: 64 << 20, ..Limits::default() };
        let (kill, code, logs) = killed(&source, &limits);
        assert_eq!((kill.limit, code.as_str()), (LimitKind::Memory, MEMORY), "{body}: {kill:?}");
        assert_eq!(kill.value, 64 << 20);
        assert!(kill.used > kill.value, "{kill:?}");
        assert_eq!(logs[0].1, json!("before"));
    }
}

#[test]
fn all_lambdas_together_have_a_budget_too() {
    let cache = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("native");
    let config = lambkin_runtime::RuntimeConfig {
        cache: Some(cache),
        // Enough for one.
        memory: 32 << 20,
        slots: 4,
        ..Default::default()
    };
    let runtime = lambkin_runtime::Runtime::new(config).unwrap();
    let source = "function lambda(input, callback) { const a = new Uint8Array(30 << 20).fill(1); \
                  setTimeout(() => callback(null, a.length), 5); }";
    let lambda = lambda(&runtime, source);
    let limits = Limits::default();
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let call = || runtime.thaw(&lambda, &limits).unwrap().invoke("{}".into());
    let (one, two) = tokio.block_on(async { tokio::join!(call(), call()) });
    // Which of them gets there first is the scheduler's to say: either may be interrupted before it asks.
    let (served, refused) =
        if matches!(one.outcome, Outcome::Value(_)) { (&one, &two) } else { (&two, &one) };
    assert!(matches!(served.outcome, Outcome::Value(Some(_))), "{:?}", served.outcome);
    let Outcome::Failure(failure) = &refused.outcome else { panic!("{:?}", refused.outcome) };
    assert_eq!(failure.kill.as_ref().map(|k| k.limit), Some(LimitKind::ServerMemory));
    drop((one, two));
    assert!(matches!(tokio.block_on(call()).outcome, Outcome::Value(Some(_))), "it is given back");
}

#[test]
fn a_failures_text_is_capped_like_a_result() {
    let limits = Limits { output: 1000, ..Limits::default() };
    let source = "function lambda(input, callback) { callback(new Error('x'.repeat(5000))); }";
    let (kill, ..) = killed(source, &limits);
    assert_eq!(kill.limit, LimitKind::Output);
}

#[test]
fn a_result_over_the_cap_is_not_delivered() {
    let limits = Limits { output: 1000, ..Limits::default() };
    let source = "function lambda(input, callback) { callback(null, 'x'.repeat(input.payload.n)); }";
    assert_eq!(run_with(source, &limits, &json!({ "n": 998 })).value().as_str().map(str::len), Some(998));
    let called = run_with(source, &limits, &json!({ "n": 999 }));
    let Outcome::Failure(failure) = &called.outcome else { panic!("{called:?}") };
    let kill = failure.kill.as_ref().unwrap();
    assert_eq!((kill.limit, kill.value, kill.used), (LimitKind::Output, 1000, 1001));
}

#[test]
fn host_calls_and_log_text_are_capped() {
    let limits = Limits { host_calls: 1_000, ..Limits::default() };
    let (kill, ..) =
        killed("function lambda(input, callback) { for (;;) console.debug('x'); callback; }", &limits);
    assert_eq!((kill.limit, kill.value, kill.used), (LimitKind::HostCalls, 1_000, 1_001));

    let limits = Limits { log_bytes: 10_600, ..Limits::default() };
    let source = "function lambda(input, callback) { for (let i = 0; i < 100; i++) console.info('x'.repeat(990)); callback(null, 1); }";
    let called = run_with(source, &limits, &json!({}));
    assert_eq!(called.value(), json!(1), "a full log is no reason to fail");
    let logs = called.logs();
    assert_eq!(logs.len(), 11, "ten entries and the word that there is no more room");
    assert!(logs[10].1.as_str().unwrap().contains("10600"), "{logs:?}");
}

#[test]
fn recursion_ends_as_an_error_the_lambda_can_catch() {
    for body in [
        "(function f() { f(); })()",
        "(function f(a, b, c) { return [a, b, c].map(f); })()",
        "JSON.parse('['.repeat(200000))",
        "const o = {}; o.toString = () => '' + o; '' + o",
        "const a = []; a.push(a, { toString: () => String(a) }); String(a)",
        "const o = { toJSON: () => JSON.stringify(o) }; JSON.stringify(o)",
        "const a = [3, 2, 1]; a.sort(function c() { a.sort(c); })",
        "new RegExp('('.repeat(50000) + ')'.repeat(50000))",
    ] {
        let source = format!(
            "function lambda(input, callback) {{ try {{ {body}; callback(null, 'no error'); }} catch (e) {{ callback(null, e instanceof Error); }} }}"
        );
        assert_eq!(run(&source, &json!({})).value(), json!(true), "{body}");
    }
}

#[test]
fn deep_results_are_written_as_long_as_there_is_stack() {
    let source = "function lambda(input, callback) { let a = 1; for (let i = 0; i < 10000; i++) a = [a]; callback(null, a); }";
    let called = run(source, &json!({}));
    let Outcome::Value(Some(text)) = &called.outcome else { panic!("{called:?}") };
    assert_eq!(text.len(), 20_001);
}

#[test]
fn work_after_the_reply_is_under_the_same_limits() {
    let source = "function lambda(input, callback) { callback(null, 'done'); setTimeout(() => { console.info('late'); for (;;) {} }, 1); }";
    let called = run_with(source, &little_fuel(), &json!({}));
    assert_eq!(called.value(), json!("done"));
    assert_eq!(called.finished.kill.as_ref().map(|k| k.limit), Some(LimitKind::Fuel));
    assert_eq!(called.logs()[0].1, json!("late"));
}
