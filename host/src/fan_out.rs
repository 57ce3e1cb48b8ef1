//! One call, all functions of an event: they run side by side, and each has its own entry in the answer.
//!
//! What fails fails in its entry (`error` in the place of `result`), so that nobody loses what the others found. Only
//! when not one of them could be started, because the server is full or on its way out, is the call itself refused:
//! then nothing has run and it may be repeated.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use bytes::Bytes;
use lambkin_runtime::Outcome;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    auth::Principal,
    body::Taken,
    host::Host,
    invocation::Via,
    invoke::{Answer, Call, Form, Found},
    lambda::now_ms,
    registry::Deployed,
    reply::{self, Refusal},
};

/// A call of an event.
#[derive(Debug)]
pub(crate) struct EventCall {
    pub(crate) caller: Principal,
    pub(crate) request_id: String,
    pub(crate) event: String,
    pub(crate) input: Taken,
    /// Through how many lambdas it came.
    pub(crate) hops: u32,
}

/// What one function made of it.
#[derive(Debug, Serialize)]
struct Entry {
    uuid: Uuid,
    timestamp: u64,
    #[serde(flatten)]
    end: End,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum End {
    /// `null` when it gave no result.
    Result(Box<RawValue>),
    Error(ErrorView),
}

/// A failure without its logs, as whoever gets several answers at once is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorView {
    pub(crate) error_code: String,
    pub(crate) error_msg: String,
}

impl From<&Refusal> for ErrorView {
    fn from(refusal: &Refusal) -> Self {
        let (code, message) = refusal.told();
        Self { error_code: code.to_owned(), error_msg: message.to_owned() }
    }
}

impl EventCall {
    /// Runs all functions and waits for the last one. The order of the answer is that of `functions`.
    pub(crate) async fn run(
        self,
        host: &Arc<Host>,
        functions: Vec<Arc<Deployed>>,
    ) -> Result<Response<Body>, Refusal> {
        // Held by every run: a caller that hangs up ends none of them.
        let memory = Arc::new(self.input.memory);
        let mut running = Vec::with_capacity(functions.len());
        for deployed in functions {
            let call = Call {
                caller: self.caller.clone(),
                request_id: self.request_id.clone(),
                form: Form::Raw,
                via: Via::Event(self.event.clone()),
                hops: self.hops,
            };
            let (host, memory) = (Arc::clone(host), Arc::clone(&memory));
            let (lambda, bytes) = (deployed.lambda, self.input.bytes.clone());
            let run = async move {
                let answer = invoke(&host, Found::new(call, deployed), bytes).await;
                drop(memory);
                answer
            };
            running.push((lambda, tokio::spawn(run)));
        }
        let mut entries = Vec::with_capacity(running.len());
        let mut refused = None;
        let mut started = false;
        for (uuid, run) in running {
            let outcome = run.await.unwrap_or_else(|panic| Err(Refusal::internal_after_run(panic)));
            let end = match outcome {
                Ok(answer) => {
                    started = true;
                    End::of(answer)
                }
                Err(refusal) => {
                    started |= refusal.may_have_run();
                    let end = End::refused(&refusal);
                    refused.get_or_insert(refusal);
                    end
                }
            };
            entries.push(Entry { uuid, timestamp: now_ms(), end });
        }
        match refused {
            Some(refusal) if !started => Err(refusal),
            _ => Ok(reply::json(StatusCode::OK, &entries)),
        }
    }
}

async fn invoke(host: &Arc<Host>, found: Found, bytes: Bytes) -> Result<Answer, Refusal> {
    let loaded = found.take(host, Taken { bytes, memory: None })?;
    loaded.admit(host).await?.thaw(host).await?.run(host).await
}

impl End {
    fn of(answer: Answer) -> Self {
        match answer.outcome {
            Outcome::Value(result) => {
                let result = result.as_deref().map(serde_json::from_slice::<Box<RawValue>>).transpose();
                match result {
                    Ok(result) => Self::Result(result.unwrap_or_else(|| RawValue::NULL.to_owned())),
                    Err(error) => Self::broken(&format!("a result is not JSON: {error}")),
                }
            }
            Outcome::Failure(failure) => {
                Self::Error(ErrorView { error_code: failure.error_code, error_msg: failure.error_msg })
            }
            Outcome::Broken(error) => Self::broken(&error.message),
        }
    }

    fn broken(cause: &str) -> Self {
        tracing::error!(cause, "a function of an event failed");
        Self::refused(&Refusal::internal_after_run(cause))
    }

    fn refused(refusal: &Refusal) -> Self {
        Self::Error(refusal.into())
    }
}

/// The answer of an event that no function is served for.
pub(crate) fn nothing() -> Response<Body> {
    reply::json_bytes(StatusCode::OK, Bytes::from_static(b"[]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_a_result_or_an_error() {
        let entry = |end| serde_json::to_string(&Entry { uuid: Uuid::nil(), timestamp: 7, end }).unwrap();
        let uuid = Uuid::nil();
        assert_eq!(
            entry(End::Result(serde_json::value::to_raw_value(&[1]).unwrap())),
            format!(r#"{{"uuid":"{uuid}","timestamp":7,"result":[1]}}"#)
        );
        assert_eq!(entry(End::refused(&Refusal::ran_before())).split("\"error\":").count(), 2);
    }
}
