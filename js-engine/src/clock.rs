//! The clock behind `Date`: libc's, replaced, so that there is one source of time (the host's `now`) and so that a
//! top level that looks at the clock is noticed.

use std::cell::Cell;

use lambkin_abi::Warning;

use crate::{freeze, host};

thread_local! {
    /// When this invocation began: `performance.now()` and `process.hrtime()` count from here.
    static STARTED: Cell<f64> = const { Cell::new(0.0) };
}

/// Starts the clocks that count from the beginning of an invocation.
pub fn start() {
    STARTED.set(host::now());
}

/// When the invocation began, in milliseconds since the Unix epoch.
pub fn started() -> f64 {
    STARTED.get()
}

/// Milliseconds since the invocation began.
pub fn uptime() -> f64 {
    freeze::warn_at_top_level(Warning::ClockAtTopLevel);
    host::now() - STARTED.get()
}

/// libc's `struct timeval` on wasm32-wasi.
#[repr(C)]
struct TimeValue {
    seconds: i64,
    microseconds: i64,
}

/// What QuickJS calls for `Date.now()`, `new Date()` and `Date()`; nothing else in the engine calls it.
#[unsafe(no_mangle)]
extern "C" fn gettimeofday(time: *mut TimeValue, _timezone: *mut std::ffi::c_void) -> i32 {
    freeze::warn_at_top_level(Warning::ClockAtTopLevel);
    let microseconds = (host::now() * 1000.0) as i64;
    let value = TimeValue {
        seconds: microseconds.div_euclid(1_000_000),
        microseconds: microseconds.rem_euclid(1_000_000),
    };
    // SAFETY: C code calls this with a pointer to its own `struct timeval`, or with null.
    if let Some(time) = unsafe { time.as_mut() } {
        *time = value;
    }
    0
}
