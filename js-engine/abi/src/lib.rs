//! What the engine (the WebAssembly guest) and the runtime (its host) must agree on, and nothing else.
//!
//! Plain numbers and names: no QuickJS, no wasmtime. Both sides read this file; changing it changes the
//! engine's hash, so an image can never meet a runtime that speaks another version.

#![no_std]
#![forbid(unsafe_code)]

/// What lambdas can require of Node, as JSON: `modules`, and `refused` with the reason why each one's functions throw.
pub const CORE_MODULES: &str = include_str!("../../node/modules.json");

/// Module name of every function the engine imports besides WASI preview 1.
pub const IMPORT_MODULE: &str = "lambkin";

/// Functions the runtime provides under [`IMPORT_MODULE`]. All are synchronous and never block.
pub mod import {
    /// `log(level: i32, timestamp_ms: f64, message_ptr, message_len, extras_ptr, extras_len)`.
    ///
    /// `message` is one JSON value, `extras` a JSON array, both UTF-8. The host keeps a copy at once,
    /// so a log entry survives whatever happens to the instance afterwards.
    pub const LOG: &str = "log";
    /// `now() -> f64`: milliseconds since the Unix epoch.
    pub const NOW: &str = "now";
    /// `interrupted() -> i32`: non-zero once a time limit is spent. Asked by the interpreter's interrupt
    /// handler, so that the JS stack at the kill can be reported.
    pub const INTERRUPTED: &str = "interrupted";
    /// `settled(status: i32)`: the reply is decided and stands in the outbox, [`super::Status::Done`] or
    /// [`super::Status::Failed`]. The lambda may go on running; the caller does not wait for that.
    pub const SETTLED: &str = "settled";
    /// `warn(kind: i32)`: something happened while freezing that the build report should mention.
    pub const WARN: &str = "warn";
    /// `op_start(kind: i32, head_ptr, head_len, body_ptr, body_len) -> i32`: starts an operation of
    /// [`super::OperationKind`] outside of the guest; `head` is JSON, `body` is bytes, both copied at once. Returns the
    /// operation's id, 1 or more, or one of [`super::op_refused`].
    pub const OP_START: &str = "op_start";
    /// `op_cancel(id: i32)`: nobody wants the answer any more; none will come.
    pub const OP_CANCEL: &str = "op_cancel";
    /// `op_next(out_ptr) -> i32`: 1 and a [`super::Completion`] at `out_ptr` when an operation has ended, otherwise 0.
    pub const OP_NEXT: &str = "op_next";
    /// `op_take(ptr)`: copies the answer's [`super::Completion::len`] bytes, of which `op_next` told last, to `ptr`;
    /// drops them when `ptr` is 0.
    pub const OP_TAKE: &str = "op_take";
}

/// What the guest can ask for outside of itself. Operations are split in two: they start by a call that returns at
/// once, and end while the guest is not running ([`Status::Waiting`]); no WebAssembly frame waits on a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum OperationKind {
    /// An HTTP request. Answered as soon as the response's head is there; its body stays with the host.
    Request = 1,
    /// The next bytes of a response's body.
    Read = 2,
    /// A response's body is not wanted any more.
    Discard = 3,
    /// The value of a secret of the lambda's account.
    ReadSecret = 4,
    /// A new value for one.
    UpdateSecret = 5,
    /// A call of another lambda of the same account.
    Invoke = 6,
}

impl OperationKind {
    /// Reads a wire value.
    pub const fn from_wire(value: u32) -> Option<Self> {
        Some(match value {
            1 => Self::Request,
            2 => Self::Read,
            3 => Self::Discard,
            4 => Self::ReadSecret,
            5 => Self::UpdateSecret,
            6 => Self::Invoke,
            _ => return None,
        })
    }
}

/// Why `op_start` started nothing.
pub mod op_refused {
    /// Whoever runs the lambda gave it no way out.
    pub const NO_CAPABILITY: i32 = -1;
    /// Too many operations have been started and not ended.
    pub const TOO_MANY: i32 = -2;
    /// The request is too large.
    pub const TOO_LARGE: i32 = -3;
    /// The request cannot be read; the engine does not write such.
    pub const MALFORMED: i32 = -4;
}

/// What became of an operation: three little-endian words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Completion {
    /// The operation.
    pub id: u32,
    /// How to read the answer, see [`Completion::JSON`] and its like.
    pub form: u32,
    /// Bytes of it.
    pub len: u32,
}

impl Completion {
    /// Bytes it occupies in linear memory.
    pub const SIZE: usize = 12;
    /// The answer is a JSON value.
    pub const JSON: u32 = 0;
    /// The operation failed; the answer is a JSON object `{code, message}`.
    pub const FAILED: u32 = 1;
    /// The answer is bytes, and there may be more.
    pub const BYTES: u32 = 2;
    /// The answer is bytes, the last ones.
    pub const LAST_BYTES: u32 = 3;

    /// Encodes the three words.
    pub const fn to_bytes(self) -> [u8; Self::SIZE] {
        let (a, b, c) = (self.id.to_le_bytes(), self.form.to_le_bytes(), self.len.to_le_bytes());
        [a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3], c[0], c[1], c[2], c[3]]
    }
}

/// Functions and memory the engine exports.
pub mod export {
    /// The linear memory.
    pub const MEMORY: &str = "memory";
    /// The reactor's constructor; called once, before [`BOOT`].
    pub const INITIALIZE: &str = "_initialize";
    /// `boot()`: creates the interpreter and everything lambdas share. Called once: its memory afterwards is the base image.
    pub const BOOT: &str = "lambkin_boot";
    /// `inbox(len: i32) -> ptr`: where the host writes the next call's `len` bytes. Up to [`super::INBOX_BYTES`] the
    /// answer is the same in every image of one engine and the call changes nothing, so the host asks once.
    pub const INBOX: &str = "lambkin_inbox";
    /// `outbox() -> ptr`: address of the [`super::Outbox`]; constant for one engine.
    pub const OUTBOX: &str = "lambkin_outbox";
    /// `environment(len: i32) -> status`: inbox holds a JSON object of strings that becomes `process.env`.
    pub const ENVIRONMENT: &str = "lambkin_environment";
    /// `freeze(len: i32) -> status`: inbox holds the lambda's source; its top level is evaluated and garbage is collected.
    pub const FREEZE: &str = "lambkin_freeze";
    /// `invoke(len: i32, seed: i64) -> status`: inbox holds the input envelope as JSON.
    pub const INVOKE: &str = "lambkin_invoke";
    /// `resume() -> status`: continues the event loop after [`super::Status::Waiting`] or after the reply.
    pub const RESUME: &str = "lambkin_resume";
    /// `renew() -> status`: after a success and an empty event loop, makes the instance ready for one more
    /// [`INVOKE`]; what the lambda keeps in its variables stays. [`super::Status::Idle`], or
    /// [`super::Status::Refused`] when an error nobody handled says that what it keeps may be half-made.
    pub const RENEW: &str = "lambkin_renew";
}

/// Inputs up to this many bytes use a buffer that is part of the base image.
pub const INBOX_BYTES: usize = 64 << 10;

/// What a call into the engine came to. The numbers are the wire values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Status {
    /// The event loop is empty and nothing more will happen.
    Idle = 0,
    /// The lambda succeeded; the outbox holds its result as JSON, or nothing for "no result".
    Done = 1,
    /// The lambda failed; the outbox holds `{errorCode, errorMsg}` as JSON.
    Failed = 2,
    /// Nothing can run for [`Outbox::wait_us`] microseconds, or until an operation ends; call `resume` then.
    Waiting = 3,
    /// The interrupt handler ended the run; the outbox holds the JS stack as text.
    Interrupted = 4,
    /// Freezing was refused; the outbox holds a [`FREEZE_ERROR`]-shaped JSON object. Or renewing was.
    Refused = 5,
}

impl Status {
    /// Reads a wire value; `None` for a number no engine of this version returns.
    pub const fn from_wire(value: u32) -> Option<Self> {
        Some(match value {
            0 => Self::Idle,
            1 => Self::Done,
            2 => Self::Failed,
            3 => Self::Waiting,
            4 => Self::Interrupted,
            5 => Self::Refused,
            _ => return None,
        })
    }
}

/// Shape of a refused freeze: `{kind, message, stack?, line?, column?}`; `line` and `column` are 1-based.
pub const FREEZE_ERROR: &str = "{kind, message, stack?, line?, column?}";

/// The engine's fixed answer area: three little-endian words at the address [`export::OUTBOX`] returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Outbox {
    /// Address of the answer's bytes.
    pub ptr: u32,
    /// Their number; 0 is "no answer".
    pub len: u32,
    /// For [`Status::Waiting`]: microseconds until the next timer is due; [`Outbox::NO_TIMER`] when there is none, and
    /// 0 when the guest has work to do and merely lets operations get on. For [`Status::Done`] and
    /// [`Status::Failed`]: 0 when the event loop is empty and `resume` has nothing to do.
    pub wait_us: u32,
}

impl Outbox {
    /// Bytes the outbox occupies in linear memory.
    pub const SIZE: usize = 12;
    /// Only operations are waited for.
    pub const NO_TIMER: u32 = u32::MAX;

    /// Decodes the three words.
    pub const fn from_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            ptr: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            len: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            wait_us: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
        }
    }
}

/// Log levels, in wire order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
pub enum Level {
    /// `console.debug`; shown in test calls, never stored.
    Debug = 0,
    /// `console.info` and `console.log`.
    Info = 1,
    /// `console.warn`.
    Warn = 2,
    /// `console.error`.
    Error = 3,
}

impl Level {
    /// The name on the wire and in the interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Debug => "Debug",
            Self::Info => "Info",
            Self::Warn => "Warn",
            Self::Error => "Error",
        }
    }

    /// Reads a wire value; anything unknown is an error, the loudest level.
    pub const fn from_wire(value: u32) -> Self {
        match value {
            0 => Self::Debug,
            1 => Self::Info,
            2 => Self::Warn,
            _ => Self::Error,
        }
    }
}

/// Things a top level does that deserve a word in the build report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
pub enum Warning {
    /// `Date.now()`, `new Date()`, `performance.now()` at top level: frozen at build.
    ClockAtTopLevel = 0,
    /// `Math.random()` at top level: frozen at build.
    RandomAtTopLevel = 1,
    /// `process.env` was read at top level.
    EnvironmentAtTopLevel = 2,
}

impl Warning {
    /// Reads a wire value.
    pub const fn from_wire(value: u32) -> Option<Self> {
        Some(match value {
            0 => Self::ClockAtTopLevel,
            1 => Self::RandomAtTopLevel,
            2 => Self::EnvironmentAtTopLevel,
            _ => return None,
        })
    }
}

/// Error codes a lambda's failure can carry (contract, section 1).
pub mod error_code {
    /// An `Error`, an object with a `message`, or anything without one.
    pub const CUSTOM_FAILURE: &str = "com.liveperson.faas.handler.custom-failure";
    /// Exactly `TypeError`, `SyntaxError` or `ReferenceError`.
    pub const RUNTIME_EXCEPTION: &str = "com.liveperson.faas.handler.runtime-exception";
    /// Out of wall-clock time, out of CPU budget, or the callback can no longer be called.
    pub const EXECUTION_TIME_EXCEEDED: &str = "com.liveperson.faas.handler.executiontime-exceeded";
    /// Over the memory cap.
    pub const MEMORY_LIMIT_EXCEEDED: &str = "com.liveperson.faas.handler.memory-limit-exceeded";
    /// The invocation's input is not a JSON object.
    pub const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";
    /// Over the cap on output, logs or host calls.
    pub const OUTPUT_LIMIT_EXCEEDED: &str = "com.liveperson.faas.handler.output-limit-exceeded";
}

/// The name the lambda's source has in stacks and messages.
pub const SOURCE_NAME: &str = "lambda.js";
