//! Why a server could not start or go on: a sentence for the operator, and the way out apart from it.

use std::fmt;

use lambkin_runtime::RuntimeError;

/// An error of the server as a whole. Errors of single calls are `Refusal`s, in `reply`.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct HostError {
    /// One sentence, lower case, no full stop, naming the thing.
    pub message: String,
    /// The way out, when there is one.
    pub hint: Option<String>,
}

impl HostError {
    /// An error without a hint.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// Adds the way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What was being done, and what stopped it.
    pub(crate) fn while_doing(doing: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::new(format!("{doing}: {cause}"))
    }
}

impl From<RuntimeError> for HostError {
    fn from(error: RuntimeError) -> Self {
        Self { message: error.message, hint: error.hint }
    }
}
