//! What the engine asks of its host: the imports of the ABI, made safe.

use std::cell::Cell;

use lambkin_abi::{Level, Status, Warning};

mod imports {
    // The names and the module are `lambkin_abi::import`; an attribute takes literals only.
    #[link(wasm_import_module = "lambkin")]
    unsafe extern "C" {
        pub fn log(
            level: u32,
            timestamp_ms: f64,
            message: *const u8,
            message_len: usize,
            extras: *const u8,
            extras_len: usize,
        );
        pub safe fn now() -> f64;
        pub safe fn interrupted() -> i32;
        pub safe fn settled(status: u32);
        pub safe fn warn(kind: u32);
    }
}

thread_local! {
    /// While the engine warms itself up there is no one to tell anything.
    static IS_MUTE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` without a word to the host.
pub fn muted<R>(f: impl FnOnce() -> R) -> R {
    IS_MUTE.set(true);
    let result = f();
    IS_MUTE.set(false);
    result
}

/// Hands one log entry to the host, which copies it at once.
pub fn log(level: Level, message: &str, extras: &str) {
    if !IS_MUTE.get() {
        // SAFETY: both pointers are followed by as many readable bytes as their lengths say, for the time of the call.
        unsafe {
            imports::log(level as u32, now(), message.as_ptr(), message.len(), extras.as_ptr(), extras.len())
        }
    }
}

/// Milliseconds since the Unix epoch.
pub fn now() -> f64 {
    imports::now()
}

/// Whether a time limit is spent.
pub fn interrupted() -> bool {
    imports::interrupted() != 0
}

/// The reply stands in the outbox and will not change.
pub fn settled(status: Status) {
    if !IS_MUTE.get() {
        imports::settled(status as u32);
    }
}

/// Mentions something in the build report.
pub fn warn(warning: Warning) {
    if !IS_MUTE.get() {
        imports::warn(warning as u32);
    }
}
