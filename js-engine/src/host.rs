//! What the engine asks of its host: the imports of the ABI, made safe.

use std::cell::Cell;

use lambkin_abi::{Completion, Level, OperationKind, Status, Warning};

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
        pub fn op_start(kind: u32, head: *const u8, head_len: usize, body: *const u8, body_len: usize)
        -> i32;
        pub safe fn op_cancel(id: u32);
        pub fn op_next(out: *mut lambkin_abi::Completion) -> i32;
        pub fn op_take(out: *mut u8);
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

/// Starts an operation; its id, or why there is none (`lambkin_abi::op_refused`).
pub fn start_operation(kind: OperationKind, head: &[u8], body: &[u8]) -> Result<u32, i32> {
    // SAFETY: both pointers are followed by as many readable bytes as their lengths say, for the time of the call.
    let id = unsafe { imports::op_start(kind as u32, head.as_ptr(), head.len(), body.as_ptr(), body.len()) };
    u32::try_from(id).map_err(|_| id)
}

/// Nobody wants the answer of an operation any more.
pub fn cancel_operation(id: u32) {
    imports::op_cancel(id);
}

/// The next operation that has ended. Its answer has to be taken before the next question.
pub fn next_completion() -> Option<Completion> {
    let mut completion = Completion::default();
    // SAFETY: the host writes the three words of a `Completion`, which is `repr(C)`.
    let is_there = unsafe { imports::op_next(&raw mut completion) } != 0;
    is_there.then_some(completion)
}

/// The answer of the operation that [`next_completion`] told of last; `None` when there is no room for it.
pub fn take_completion(len: usize) -> Option<Vec<u8>> {
    let mut answer = Vec::new();
    let has_room = answer.try_reserve_exact(len).is_ok();
    if has_room {
        answer.resize(len, 0);
    }
    let out = if has_room && len > 0 { answer.as_mut_ptr() } else { std::ptr::null_mut() };
    // SAFETY: `out` is null or points to `len` bytes, which is what the host writes.
    unsafe { imports::op_take(out) };
    has_room.then_some(answer)
}
