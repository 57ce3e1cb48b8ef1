//! What an invocation costs, step by step: `cargo bench -p lambkin-runtime`.

use std::{collections::BTreeMap, hint::black_box, path::Path, time::Instant};

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use lambkin_runtime::{Lambda, Limits, Reset, Runtime, RuntimeConfig, check};

const HELLO: &str =
    "function lambda(input, callback) { callback(null, { hello: 'Hello ' + input.payload.name }); }";

/// Computes: the interpreter and nothing else.
const FIB: &str = "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } \
                   function lambda(input, callback) { callback(null, fib(20)); }";

fn runtime(metered: bool, epochs: bool, reset: Option<Reset>) -> Runtime {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("native");
    Runtime::new(RuntimeConfig {
        cache: Some(cache),
        metered,
        epochs,
        reset,
        slots: 64,
        ..RuntimeConfig::default()
    })
    .expect("the runtime starts")
}

fn load(runtime: &Runtime, source: &str) -> Lambda {
    let checked = check(source).expect("a good lambda");
    runtime.load(&runtime.freeze(&checked, &BTreeMap::new()).expect("it freezes").image).expect("it loads")
}

fn invocations(c: &mut Criterion) {
    let limits = Limits::default();
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("tokio starts");
    let body = Bytes::from(format!(r#"{{"payload": {{"name": "{}"}}}}"#, "x".repeat(1000)));

    let mut group = c.benchmark_group("hello");
    for (name, metered, reset) in [
        ("metered", true, None),
        ("unmetered", false, None),
        ("metered, reset by madvise", true, Some(Reset::Discard)),
    ] {
        let runtime = runtime(metered, true, reset);
        let lambda = load(&runtime, HELLO);
        group.bench_function(format!("whole, {name}"), |b| {
            b.iter(|| {
                tokio.block_on(async {
                    let reply = runtime.thaw(&lambda, &limits).expect("a slot").invoke(body.clone()).await;
                    black_box(reply.rest.finish().await)
                })
            });
        });
        group.bench_function(format!("thaw, {name}"), |b| {
            b.iter_custom(|n| {
                let mut spent = std::time::Duration::ZERO;
                for _ in 0..n {
                    let started = Instant::now();
                    let instance = runtime.thaw(&lambda, &limits).expect("a slot");
                    spent += started.elapsed();
                    drop(instance);
                }
                spent
            });
        });
    }
    group.finish();

    let mut group = c.benchmark_group("guards");
    for (name, metered, epochs) in [
        ("none", false, false),
        ("epochs", false, true),
        ("fuel", true, false),
        ("epochs and fuel", true, true),
    ] {
        let runtime = runtime(metered, epochs, None);
        for (what, source) in [("fib", FIB), ("hello", HELLO)] {
            let lambda = load(&runtime, source);
            group.bench_function(format!("{what}, {name}"), |b| {
                b.iter(|| {
                    tokio.block_on(async {
                        let reply =
                            runtime.thaw(&lambda, &limits).expect("a slot").invoke(body.clone()).await;
                        black_box(reply.rest.finish().await)
                    })
                });
            });
        }
    }
    group.finish();

    let runtime = runtime(true, true, None);
    let checked = check(HELLO).expect("a good lambda");
    c.bench_function("check hello", |b| b.iter(|| check(black_box(HELLO)).is_ok()));
    c.bench_function("freeze hello", |b| {
        b.iter(|| runtime.freeze(&checked, &BTreeMap::new()).expect("it freezes"))
    });
    let image = runtime.freeze(&checked, &BTreeMap::new()).expect("it freezes").image;
    c.bench_function("load hello", |b| b.iter(|| runtime.load(black_box(&image)).expect("it loads")));
}

criterion_group!(benches, invocations);
criterion_main!(benches);
