//! What is remembered of the calls a lambda made: part of the record of its invocation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Calls of one invocation that are remembered one by one.
const KEPT: usize = 50;

/// Characters of a host and of a method that are kept.
const TEXT: usize = 253;

/// One outbound request; a redirect that was followed is another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutboundCall {
    pub(crate) method: String,
    /// With the port, where it is not the scheme's own.
    pub(crate) host: String,
    /// Of the answer; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Why there was none, as in Node; `ECANCELED` when the lambda gave it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// Bytes of the request's body.
    pub(crate) sent: u64,
    /// Bytes of the answer's body that were read, as they came.
    pub(crate) received: u64,
    /// Microseconds from its start to the last byte that was read.
    pub(crate) us: u64,
}

/// The calls of one invocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) kept: Vec<OutboundCall>,
    /// All of them.
    pub(crate) count: u64,
}

impl Calls {
    /// Notes the start of a call; where it is kept, if it is.
    pub(crate) fn begin(&mut self, method: &str, host: &str, sent: usize) -> Option<usize> {
        self.count += 1;
        if self.kept.len() == KEPT {
            return None;
        }
        let cut = |text: &str| text.chars().take(TEXT).collect();
        self.kept.push(OutboundCall {
            method: cut(method),
            host: cut(host),
            error: Some("ECANCELED".to_owned()),
            sent: sent as u64,
            ..OutboundCall::default()
        });
        Some(self.kept.len() - 1)
    }

    /// Changes what was noted.
    pub(crate) fn update(&mut self, at: Option<usize>, change: impl FnOnce(&mut OutboundCall)) {
        if let Some(call) = at.and_then(|at| self.kept.get_mut(at)) {
            change(call);
        }
    }
}
