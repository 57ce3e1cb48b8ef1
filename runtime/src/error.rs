//! The error type of this crate: a stable code, a sentence that names the thing, and the way out apart from it.

use std::fmt;

/// Stable names of everything that can go wrong here; part of the public interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The source is not an acceptable lambda (syntax, no `lambda`, callback unused, too long, not UTF-8).
    ContractError,
    /// The top level threw, looped, allocated too much or reached for something it may not have at build.
    FreezeFailed,
    /// An image file is damaged or belongs to another engine.
    ImageInvalid,
    /// A module file is not one this engine can take: foreign or native code, damaged, or source and image disagree.
    ModuleRefused,
    /// Every instance slot is taken.
    Busy,
    /// The input is over the limit or not a valid envelope.
    BadInput,
    /// The host's own fault: the operating system or wasmtime refused something.
    Internal,
}

impl ErrorCode {
    /// The code's text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ContractError => "com.liveperson.faas.contract-error",
            Self::FreezeFailed => "lambkin.freeze-failed",
            Self::ImageInvalid => "lambkin.image-invalid",
            Self::ModuleRefused => "lambkin.module-refused",
            Self::Busy => "lambkin.busy",
            Self::BadInput => "com.liveperson.faas.es.badinput",
            Self::Internal => "lambkin.internal",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error of the runtime.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct RuntimeError {
    /// Stable code.
    pub code: ErrorCode,
    /// One sentence, lower case, no full stop, naming the thing.
    pub message: String,
    /// The way out, when there is one.
    pub hint: Option<String>,
}

impl RuntimeError {
    /// An error without a hint.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None }
    }

    /// Adds the way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn internal(doing: &str, cause: impl fmt::Display) -> Self {
        Self::new(ErrorCode::Internal, format!("{doing}: {cause}"))
    }
}
