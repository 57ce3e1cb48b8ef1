//! In the steady state an invocation causes no page fault: what makes or breaks throughput.
//!
//! A test binary of its own with one test, because the kernel counts faults per process or thread.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;

use fixture::{RUNTIME, lambda};
use lambkin_runtime::{Limits, Reset};

/// Minor faults of this thread so far.
fn faults() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("procfs");
    // Fields are counted from behind the command's closing parenthesis; minflt is the tenth of all.
    let (_, rest) = stat.rsplit_once(')').expect("a command name");
    rest.split_whitespace().nth(7).expect("minflt").parse().expect("a number")
}

const HELLO: &str =
    "function lambda(input, callback) { callback(null, { hello: 'Hello ' + input.payload.name }); }";

/// What a lambda has loaded is in its image, and costs an invocation nothing.
const LOADED: &str = "['request', 'request-promise-native', 'jsforce', 'luxon', 'lodash', 'jsonwebtoken', \
                      'lp-faas-toolbelt'].forEach((name) => require(name));";

#[test]
fn a_steady_invocation_faults_on_no_page() {
    if RUNTIME.reset() != Reset::Scan {
        eprintln!("PAGEMAP_SCAN is missing here: nothing to assert");
        return;
    }
    let limits = Limits::default();
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let body = bytes::Bytes::from(format!(r#"{{"payload": {{"name": "{}"}}}}"#, "x".repeat(1000)));
    for source in [HELLO.to_owned(), format!("{LOADED}\n{HELLO}")] {
        let lambda = lambda(&RUNTIME, &source);
        let call = || {
            tokio.block_on(async {
                let reply = RUNTIME.thaw(&lambda, &limits).unwrap().invoke(body.clone()).await;
                reply.rest.finish().await
            })
        };
        let first = call();
        assert!(first.dirty_pages > 0);
        for _ in 0..200 {
            call();
        }
        // Reading the counter faults now and then itself; one in a hundred calls is not the lambda's.
        let before = faults();
        let mut dirty = 0;
        for _ in 0..1_000 {
            dirty = call().dirty_pages;
        }
        let caused = faults() - before;
        assert!(caused < 10, "{caused} faults in 1000 invocations, {dirty} dirty pages each");
        assert!(dirty < 60, "{dirty} dirty pages per hello");
    }
}
