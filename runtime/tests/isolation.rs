//! Nothing of one invocation is ever visible to another, whoever it belongs to.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;

use std::{collections::BTreeSet, sync::mpsc, time::Duration};

use fixture::{RUNTIME, call_with, lambda};
use lambkin_runtime::{Limits, Runtime, RuntimeConfig};
use serde_json::{Value, json};

/// Writes a secret into state, globals, prototypes, timers and a lot of memory.
const SPY: &str = "
let calls = 0;
const cache = [];
function lambda(input, callback) {
  calls += 1;
  globalThis.leak = 'SECRET-' + input.payload.who;
  Array.prototype.leak = globalThis.leak;
  Object.prototype.leaked = true;
  cache.push(globalThis.leak.repeat(1000));
  const bytes = new Uint8Array(2 << 20).fill(83);
  cache.push(bytes);
  process.env.LEAK = 'SECRET';
  const crypto = require('crypto');
  crypto.createHash = () => globalThis.leak;
  for (const name of ['lodash', 'request']) require.cache[require.resolve(name)].exports = { leak };
  delete require.cache[require.resolve('jsonwebtoken')];
  JSON.parse = Promise.prototype.then = console.info = process.nextTick = () => { throw globalThis.leak; };
  process.on('uncaughtException', () => {});
  setInterval(() => { cache.push('SECRET'); }, 1).unref();
  setTimeout(() => { globalThis.leak += '!'; }, 0);
  callback(null, { calls, cached: cache.length });
}";

/// Looks for all of it that a program can look for; the bytes themselves are compared by hash below.
const SEEKER: &str = "
function lambda(input, callback) {
  const found = [];
  if (typeof leak !== 'undefined') found.push('global');
  if ([].leak) found.push('prototype');
  if ({}.leaked) found.push('object prototype');
  if (process.env.LEAK) found.push('environment');
  if (require('crypto').createHash('md5').update('').digest('hex')[0] !== 'd') found.push('core module');
  if (require('lodash').leak || require('request').leak) found.push('package');
  if (!require('jsonwebtoken').sign) found.push('module cache');
  if (JSON.parse('1') !== 1) found.push('JSON');
  if (process.listenerCount('uncaughtException')) found.push('listener');
  callback(null, found);
}";

fn one_slot(reset: Option<lambkin_runtime::Reset>) -> Runtime {
    let cache = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("native");
    Runtime::new(RuntimeConfig { cache: Some(cache), slots: 1, reset, ..RuntimeConfig::default() }).unwrap()
}

#[test]
fn state_and_memory_of_one_invocation_are_gone_in_the_next() {
    for reset in [None, Some(lambkin_runtime::Reset::Discard)] {
        let runtime = one_slot(reset);
        let (spy, seeker) = (lambda(&runtime, SPY), lambda(&runtime, SEEKER));
        for round in 0..3 {
            let called = call_with(&runtime, &spy, &Limits::default(), &json!({ "who": round }));
            assert_eq!(called.value(), json!({ "calls": 1, "cached": 2 }), "the spy meets itself");
            let called = call_with(&runtime, &seeker, &Limits::default(), &json!({}));
            assert_eq!(called.value(), json!([]), "round {round}");
        }
    }
}

/// Writes a secret to every page it may have, until it is stopped.
const FILLER: &str = "
function lambda(input, callback) {
  const kept = [];
  for (let piece = 1 << 20; ; piece >>= 1)
    try { for (;;) kept.push(new Uint8Array(piece).fill(83)); } catch (error) { if (piece < 64) throw error; }
  callback;
}";

/// The same slot, another tenant, every byte of the linear memory: none of the first one's is left.
#[test]
fn no_byte_of_a_secret_is_left_in_the_slot() {
    for reset in [None, Some(lambkin_runtime::Reset::Discard)] {
        let runtime = one_slot(reset);
        let quiet = lambda(&runtime, "function lambda(input, callback) { callback(null, 1); }");
        let limits = Limits { memory: 64 << 20, ..Limits::default() };
        let pristine = runtime.thaw(&quiet, &limits).unwrap().memory_hash();
        // More than the slot keeps, and more than an image has.
        for (spy, pages) in [(SPY, 512), (FILLER, 10_000)] {
            let spy = lambda(&runtime, spy);
            for _ in 0..3 {
                let called = call_with(&runtime, &spy, &limits, &json!({ "who": "a" }));
                let dirty = called.finished.dirty_pages;
                // Where all is thrown away, nobody counts.
                assert!(reset.is_some() || dirty > pages, "{dirty} pages were written");
                let instance = runtime.thaw(&quiet, &limits).unwrap();
                assert_eq!(instance.memory_hash(), pristine, "memory differs from the image");
            }
        }
    }
}

/// The thread that gives the slot back has seen no page fault: another one has written to the memory.
#[test]
fn what_another_thread_wrote_is_gone_too() {
    let runtime = one_slot(None);
    let writer = lambda(
        &runtime,
        "function lambda(input, callback) { globalThis.kept = new Uint8Array(input.payload.size).fill(83); callback(); }",
    );
    let limits = Limits::default();
    let pristine = runtime.thaw(&writer, &limits).unwrap().memory_hash();
    let block_on = |rest: lambkin_runtime::Rest| {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(rest.finish())
    };
    let (to_worker, instances) = mpsc::channel::<(lambkin_runtime::Instance, usize)>();
    let (to_here, replies) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        for (instance, size) in instances {
            let body = format!(r#"{{"payload": {{"size": {size}}}}}"#);
            to_here.send(tokio.block_on(instance.invoke(body.into())).rest).unwrap();
        }
    });
    for round in 1..=8_usize {
        // Every call writes to pages that no call before it has written to.
        let pages = round * 10;
        to_worker.send((runtime.thaw(&writer, &limits).unwrap(), pages << 12)).unwrap();
        let finished = block_on(replies.recv().unwrap());
        assert!(finished.dirty_pages > pages as u64, "round {round}: {} dirty pages", finished.dirty_pages);
        let instance = runtime.thaw(&writer, &limits).unwrap();
        assert_eq!(instance.memory_hash(), pristine, "memory differs from the image after round {round}");
    }
    drop(to_worker);
    worker.join().unwrap();
}

#[test]
fn a_killed_invocation_leaves_nothing_either() {
    let runtime = one_slot(None);
    let limits =
        Limits { wall: Duration::from_secs(5), fuel: 200_000_000, memory: 64 << 20, ..Limits::default() };
    let seeker = lambda(&runtime, SEEKER);
    for end in
        ["for (;;) {}", "for (;;) cache.push(new Uint8Array(1 << 20).fill(83));", "throw new Error('x')"]
    {
        let bomb = lambda(
            &runtime,
            &SPY.replace("callback(null, { calls, cached: cache.length });", end)
                .replace("input.payload.who", "callback"),
        );
        call_with(&runtime, &bomb, &limits, &json!({}));
        let called = call_with(&runtime, &seeker, &Limits::default(), &json!({}));
        assert_eq!(called.value(), json!([]), "after {end}");
    }
}

#[test]
fn random_sequences_are_never_shared() {
    let lambda = lambda(
        &RUNTIME,
        "const crypto = require('crypto'); Math.random(); crypto.randomBytes(8);
        function lambda(input, callback) {
            callback(null, [Math.random(), crypto.randomBytes(8).toString('hex'), crypto.randomUUID(),
                String(globalThis.crypto.getRandomValues(new Uint8Array(8)))]); }",
    );
    let seen: BTreeSet<String> = (0..50)
        .flat_map(|_| match call_with(&RUNTIME, &lambda, &Limits::default(), &json!({})).value() {
            Value::Array(values) => values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>(),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(seen.len(), 200);
}

#[test]
fn a_bomb_in_one_slot_does_not_disturb_the_neighbour() {
    let limits = Limits { fuel: 500_000_000, ..Limits::default() };
    let bomb = lambda(&RUNTIME, "function lambda(input, callback) { for (;;) {} callback; }");
    let good =
        lambda(&RUNTIME, "function lambda(input, callback) { setTimeout(() => callback(null, 'fine'), 5); }");
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    // One thread: the neighbour is served only because a computing lambda yields at every epoch.
    tokio.block_on(async {
        let bomb = RUNTIME.thaw(&bomb, &limits).unwrap().invoke("{}".into());
        let good = RUNTIME.thaw(&good, &Limits::default()).unwrap().invoke("{}".into());
        let (mut bomb, mut good) = (std::pin::pin!(bomb), std::pin::pin!(good));
        tokio::select! {
            biased;
            reply = &mut bomb => panic!("the bomb was first: {:?}", reply.outcome),
            reply = &mut good => assert!(matches!(reply.outcome, lambkin_runtime::Outcome::Value(Some(_)))),
        }
    });
}
