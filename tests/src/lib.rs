//! The product from outside: the real `lambkin` binary on a free port, real HTTP, a data directory of its own.
//!
//! Every server a test starts is killed by its process id when the test ends, however it ends.

mod reply;
mod server;
mod start;
mod tenant;
mod upstream;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

pub use reply::Reply;
use serde_json::{Value, json};
pub use server::{Remains, Server};
pub use start::Start;
pub use tenant::Tenant;
pub use upstream::{Asked, Upstream, respond};

/// How long a condition may take to come true, and a reply to arrive. Generous: machines are busy.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// The binary under test: built next to this test, or named by `LAMBKIN_BIN`.
pub fn lambkin() -> PathBuf {
    if let Some(path) = std::env::var_os("LAMBKIN_BIN") {
        return path.into();
    }
    let this = std::env::current_exe().expect("a test has a path");
    let folder = this.parent().and_then(Path::parent).expect("tests lie in target/PROFILE/deps");
    let binary = folder.join("lambkin");
    assert!(binary.exists(), "{} is missing; build it first: make build", binary.display());
    binary
}

/// Calls `done` until it gives something.
///
/// # Panics
/// When that takes longer than [`PATIENCE`].
pub fn until<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = done() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for {what}");
        // Only so that the waiting does not take the processor from what is waited for.
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A lambda as clients send it.
pub fn definition(name: &str, code: &str) -> Value {
    json!({
        "uuid": "",
        "version": -1,
        "name": name,
        "description": "for a test",
        "runtime": { "uuid": "", "name": "", "baseImageName": "" },
        "implementation": { "code": code, "dependencies": [], "environmentVariables": [] },
    })
}

/// What a signed token (a JWT) says, unverified.
///
/// # Panics
/// When it is none.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("three parts");
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for letter in part.bytes() {
        let digit = digits.iter().position(|digit| *digit == letter).expect("base64url");
        bits = (bits << 6) | u32::try_from(digit).expect("six bits");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).expect("eight bits"));
        }
    }
    serde_json::from_slice(&bytes).expect("JSON")
}
