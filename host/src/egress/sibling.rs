//! A lambda's call of another one of its account (`Toolbelt.OrchestratorClient`): handed over inside the server, with
//! the account's rate, the limits and the record of any other call.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use lambkin_runtime::{Completion, CompletionError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::timeout;
use uuid::Uuid;

use super::Caller;

/// How long one call may be waited for.
const LONGEST: Duration = Duration::from_secs(30);

/// What the guest asks for (js-engine/js/operations.js).
#[derive(Deserialize)]
struct Asked<'a> {
    uuid: String,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
    #[serde(borrow, default)]
    headers: Option<&'a RawValue>,
    #[serde(default)]
    timeout: f64,
}

/// The envelope of a call.
#[derive(Serialize)]
struct Envelope<'a> {
    timestamp: u64,
    headers: Option<&'a RawValue>,
    payload: Option<&'a RawValue>,
}

/// A call of a lambda by another.
#[derive(Debug)]
pub(crate) struct SiblingCall {
    pub(crate) account: Arc<str>,
    pub(crate) from: Uuid,
    pub(crate) to: String,
    /// The envelope.
    pub(crate) input: Vec<u8>,
    /// Through how many lambdas it came.
    pub(crate) hops: u32,
}

/// What the other lambda answered, or the platform in its place.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiblingAnswer {
    pub(crate) status_code: u16,
    pub(crate) headers: Fields,
    /// Absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Box<RawValue>>,
}

/// Header fields of an answer.
#[derive(Debug, Serialize)]
pub(crate) struct Fields {
    #[serde(rename = "content-type")]
    pub(crate) content_type: &'static str,
    #[serde(rename = "x-request-id")]
    pub(crate) request_id: String,
}

/// Whoever runs the other lambdas of an account.
pub(crate) trait Siblings: Send + Sync {
    /// Calls one.
    fn call(self: Arc<Self>, call: SiblingCall) -> Pin<Box<dyn Future<Output = SiblingAnswer> + Send>>;
}

/// Carries an operation out.
pub(super) async fn carry_out(caller: &Caller, head: &[u8], now: u64) -> Result<Completion, CompletionError> {
    let Some(siblings) = caller.siblings.clone() else {
        let message = "there are no other lambdas here: they are called where this one is deployed";
        return Err(CompletionError::new("ERR_NO_LAMBDAS", message));
    };
    let asked: Asked<'_> = serde_json::from_slice(head)
        .map_err(|error| CompletionError::new("ERR_INVALID_ARG_TYPE", format!("the call: {error}")))?;
    let envelope = Envelope { timestamp: now, headers: asked.headers, payload: asked.payload };
    let input = serde_json::to_vec(&envelope)
        .map_err(|error| CompletionError::new("ERR_INVALID_ARG_TYPE", format!("the call: {error}")))?;
    let limit = Duration::try_from_secs_f64(asked.timeout / 1_000.0).unwrap_or(LONGEST).min(LONGEST);
    let call = SiblingCall {
        account: Arc::clone(&caller.account),
        from: caller.lambda,
        to: asked.uuid,
        input,
        hops: caller.hops + 1,
    };
    let answer = timeout(limit, siblings.call(call)).await.map_err(|_| {
        CompletionError::new("ESOCKETTIMEDOUT", format!("no answer after {} ms", limit.as_millis()))
    })?;
    Ok(Completion::json(&answer))
}
