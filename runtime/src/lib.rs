//! Freezes JavaScript lambdas into memory images and thaws a fresh, isolated copy for every invocation.
//!
//! ```text
//! source --check--> Checked --freeze--> Image --load--> Lambda --thaw--> Instance --invoke--> Reply --finish--> Finished
//! ```
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use lambkin_runtime::{Envelope, Limits, Outcome, Runtime, RuntimeConfig, check};
//!
//! let runtime = Runtime::new(RuntimeConfig::default())?;
//! let source = check("function lambda(input, callback) { callback(null, 'Hello ' + input.payload.name); }")
//!     .map_err(|findings| findings[0].message.clone())?;
//! let frozen = runtime.freeze(&source, &Default::default())?;
//! let lambda = runtime.load(&frozen.image)?;
//!
//! let limits = Limits::default();
//! let body = Envelope::check(r#"{"payload": {"name": "World"}}"#.into(), &limits)?;
//! let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
//! let reply = tokio.block_on(runtime.thaw(&lambda, &limits)?.invoke(body));
//! assert!(matches!(reply.outcome, Outcome::Value(Some(json)) if json == "\"Hello World\""));
//! tokio.block_on(reply.rest.finish());
//! # Ok(()) }
//! ```
//!
//! # What holds here
//!
//! - An instance serves one invocation, and nothing of it is visible to another: see `memory`. Only who asks for it
//!   ([`Rest::finish_and_keep`]) gets an instance that serves more than one, all of the same lambda.
//! - A guest reaches what `linker` links and nothing else. There is no HTTP server, no database, no account and no
//!   ambient input or output in this crate.
//! - Cranelift compiles one thing, the engine; never what a tenant sent.
//! - This is the only crate that knows wasmtime.

mod check;
mod code;
mod engine;
mod envelope;
mod error;
mod freeze;
mod guest;
mod image;
mod invoke;
mod limits;
mod linker;
mod logs;
mod memory;
mod module;
mod native;
mod operations;
mod reuse;
mod runtime;
mod thaw;

pub use check::{Checked, Finding, MAX_SOURCE_CHARS, Severity, check};
pub use envelope::{Envelope, EnvelopeError, MAX_DEPTH};
pub use error::{ErrorCode, RuntimeError};
pub use freeze::{BuildReport, FreezeFailure, Frozen};
pub use image::{EngineHash, Image};
pub use invoke::{Answer, Ending, Failure, Finished, Outcome, Reply, Rest, Usage};
pub use limits::{Kill, LimitKind, LimitRow, Limits};
pub use logs::{Level, LogBook, LogEntry, LogLimits};
pub use memory::{Reset, disable_huge_pages};
pub use module::{MAX_MODULE_BYTES, ModuleFile};
pub use operations::{
    Answer as OperationAnswer, Completion, CompletionError, Egress, Note, Operation, OperationKind, Pending,
};
pub use reuse::Kept;
pub use runtime::{Lambda, Runtime, RuntimeConfig};
pub use thaw::Instance;
