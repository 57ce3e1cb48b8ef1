//! What is remembered about one invocation, apart from its log: how it came in, how it ended, what it used.

use lambkin_runtime::{Ending, Usage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::egress::{Calls, OutboundCall};

/// Characters of an error code that are kept. Lambdas choose their own.
const CODE: usize = 200;

/// How an invocation ended, in the words of the reports (contract, section 11; the first is misspelt there).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Outcome {
    /// Nobody can tell: it was cut off inside the platform.
    #[serde(rename = "UNKOWN")]
    Unknown,
    Succeeded,
    /// The lambda failed, or went over a limit that is not one of time.
    CodingFailure,
    PlatformFailure,
    /// Over its time or its CPU budget.
    Timeout,
}

impl Outcome {
    /// All of them, in the order of the reports.
    pub(crate) const ALL: [Self; 5] =
        [Self::Unknown, Self::Succeeded, Self::CodingFailure, Self::PlatformFailure, Self::Timeout];

    /// The name on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "UNKOWN",
            Self::Succeeded => "SUCCEEDED",
            Self::CodingFailure => "CODING_FAILURE",
            Self::PlatformFailure => "PLATFORM_FAILURE",
            Self::Timeout => "TIMEOUT",
        }
    }

    /// The outcome of that name; `UNKNOWN` is understood as well.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name == "UNKNOWN" {
            return Some(Self::Unknown);
        }
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

impl From<&Ending> for Outcome {
    fn from(ending: &Ending) -> Self {
        match ending {
            Ending::Value => Self::Succeeded,
            Ending::Failure(_) => Self::CodingFailure,
            Ending::TimedOut => Self::Timeout,
            Ending::Broken => Self::PlatformFailure,
        }
    }
}

/// What made an invocation happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Via {
    /// A call of this lambda.
    #[default]
    Call,
    /// A call of the event.
    Event(String),
    /// The schedule of this id.
    Schedule(Uuid),
}

/// One invocation: one line of a file, and one element of `GET /invocations`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invocation {
    #[serde(rename = "lambdaUUID")]
    pub(crate) lambda: Uuid,
    #[serde(rename = "requestID")]
    pub(crate) request_id: String,
    /// Milliseconds since the epoch, when it began to run.
    #[serde(rename = "timestamp")]
    pub(crate) at: u64,
    /// The deployment that served it.
    pub(crate) version: u64,
    pub(crate) caller: String,
    pub(crate) via: Via,
    /// Called in the test form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) test: bool,
    pub(crate) outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error_code: Option<String>,
    pub(crate) queue_us: u64,
    pub(crate) thaw_us: u64,
    pub(crate) run_us: u64,
    pub(crate) cpu_us: u64,
    pub(crate) fuel: u64,
    pub(crate) memory: u64,
    pub(crate) host_calls: u64,
    pub(crate) log_bytes: u64,
    pub(crate) output_bytes: u64,
    /// Time that was waited for calls to the outside.
    #[serde(default)]
    pub(crate) egress_us: u64,
    /// Requests it made.
    #[serde(default)]
    pub(crate) outbound_calls: u64,
    /// The first 50 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) outbound: Vec<OutboundCall>,
}

impl Invocation {
    /// Adds how it ended, what it used and whom it called.
    pub(crate) fn ended(mut self, ending: &Ending, usage: &Usage, calls: Calls) -> Self {
        self.outcome = ending.into();
        if let Ending::Failure(code) = ending {
            self.error_code = Some(code.chars().take(CODE).collect());
        }
        self.run_us = usage.run_us;
        self.cpu_us = usage.cpu_us;
        self.fuel = usage.fuel;
        self.memory = usage.memory;
        self.host_calls = usage.host_calls;
        self.log_bytes = usage.log_bytes;
        self.output_bytes = usage.output_bytes;
        self.egress_us = usage.egress_us;
        self.outbound_calls = calls.count;
        self.outbound = calls.kept;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_have_their_names_on_the_wire() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
            assert_eq!(Outcome::named(outcome.name()), Some(outcome));
        }
        assert_eq!(Outcome::named("UNKNOWN"), Some(Outcome::Unknown));
        assert_eq!(Outcome::named("succeeded"), None);
    }
}
