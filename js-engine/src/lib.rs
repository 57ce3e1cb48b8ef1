//! The Lambkin engine: QuickJS, the contract of a lambda and the event loop, compiled once to WebAssembly.
//!
//! The host calls [`boot`](lambkin_boot) once and keeps the memory (the *base image*), calls
//! [`freeze`](lambkin_freeze) on a copy of it for each lambda (the lambda's *image*), and serves each invocation from
//! a copy of that: [`invoke`](lambkin_invoke), then [`resume`](lambkin_resume) until nothing is left to do. Where a
//! lambda wants it so, [`renew`](lambkin_renew) makes the same copy ready for one more. What the numbers mean is in
//! `lambkin_abi`.
//!
//! Invariants: no import besides `lambkin_abi::import` and WASI (the feature `conformance`, for tests, adds some);
//! between calls nothing is on the stack, so the globals are what they were; the table is never written; two boots
//! leave the same bytes behind.

mod clock;
mod collation;
#[cfg(feature = "conformance")]
mod conformance;
mod console;
mod engine;
mod event_loop;
mod freeze;
mod heap;
mod host;
mod interpreter;
mod json;
mod library;
mod log_entry;
mod mailbox;
mod natives;
mod node;
mod operations;
mod random;
mod text;
mod values;
mod zones;

/// See `lambkin_abi::export::BOOT`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_boot() {
    engine::boot();
}

/// See `lambkin_abi::export::INBOX`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_inbox(len: usize) -> *mut u8 {
    mailbox::inbox(len)
}

/// See `lambkin_abi::export::OUTBOX`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_outbox() -> *const u8 {
    mailbox::outbox()
}

/// See `lambkin_abi::export::ENVIRONMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_environment(len: usize) -> u32 {
    engine::environment(len) as u32
}

/// See `lambkin_abi::export::FREEZE`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_freeze(len: usize) -> u32 {
    engine::freeze(len) as u32
}

/// See `lambkin_abi::export::INVOKE`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_invoke(len: usize, seed: u64) -> u32 {
    engine::invoke(len, seed) as u32
}

/// See `lambkin_abi::export::RENEW`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_renew() -> u32 {
    engine::renew() as u32
}

/// See `lambkin_abi::export::RESUME`.
#[unsafe(no_mangle)]
pub extern "C" fn lambkin_resume() -> u32 {
    engine::resume() as u32
}

/// Makes test262's host objects part of the memory, after `boot`.
#[cfg(feature = "conformance")]
#[unsafe(no_mangle)]
pub extern "C" fn conformance_prepare() {
    engine::with_context(conformance::prepare);
}

/// The inbox holds a script's name and source, or with `kind` 1 a module's.
#[cfg(feature = "conformance")]
#[unsafe(no_mangle)]
pub extern "C" fn conformance_evaluate(len: usize, kind: u32) -> u32 {
    engine::with_context(|ctx| mailbox::receive(len, |content| conformance::evaluate(ctx, content, kind)))
        as u32
}
