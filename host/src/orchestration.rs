//! Lambdas that call lambdas of their account ([`crate::egress`]'s `sibling`): the way of every invocation, without a
//! connection, a token or a whitelist entry, which the account would only give to itself.
//!
//! Such a call counts against the account's rate, waits for a place like any other and has a record of its own. How
//! often a call may go on from lambda to lambda is what [`HOP_BUDGET`] says.

use std::{future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use lambkin_runtime::Outcome;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::{
    auth::Principal,
    body::Taken,
    egress::{Fields, SiblingAnswer, SiblingCall, Siblings},
    fan_out::ErrorView,
    host::Host,
    invocation::Via,
    invoke::{Answer, Call, Form},
    reply::Refusal,
};

/// How often a call may go from lambda to lambda.
pub(crate) const HOP_BUDGET: u32 = 5;

impl Siblings for Host {
    fn call(self: Arc<Self>, call: SiblingCall) -> Pin<Box<dyn Future<Output = SiblingAnswer> + Send>> {
        Box::pin(async move {
            let request_id = Uuid::new_v4().to_string();
            let (status_code, body) = match run(&self, call, request_id.clone()).await {
                Ok(answer) => of(answer),
                Err(refusal) => told(&refusal),
            };
            let headers = Fields { content_type: "application/json", request_id };
            SiblingAnswer { status_code, headers, body }
        })
    }
}

async fn run(host: &Arc<Host>, call: SiblingCall, request_id: String) -> Result<Answer, Refusal> {
    if host.is_draining() {
        return Err(Refusal::shutting_down());
    }
    if call.hops >= HOP_BUDGET {
        return Err(Refusal::too_many_hops(HOP_BUDGET));
    }
    host.rates.take(&call.account, 1)?;
    let caller = Principal::lambda(&call.account, call.from);
    let made = Call { caller, request_id, form: Form::Raw, via: Via::Call, hops: call.hops };
    let input = Taken { bytes: Bytes::from(call.input), memory: None };
    let loaded = made.look_up(host, &call.to).await?.take(host, input)?;
    loaded.admit(host).await?.thaw(host).await?.run(host).await
}

fn of(answer: Answer) -> (u16, Option<Box<RawValue>>) {
    let failed = answer.failure_status();
    match answer.outcome {
        Outcome::Value(None) => (200, None),
        Outcome::Value(Some(result)) => match serde_json::from_slice(&result) {
            Ok(result) => (200, Some(result)),
            Err(error) => told(&Refusal::internal_after_run(format!("a result is not JSON: {error}"))),
        },
        Outcome::Failure(failure) => {
            let view = ErrorView { error_code: failure.error_code, error_msg: failure.error_msg };
            (failed, to_raw_value(&view).ok())
        }
        Outcome::Broken(error) => {
            tracing::error!(cause = error.message, "a lambda that was called by a lambda failed");
            told(&Refusal::internal_after_run(error.message))
        }
    }
}

fn told(refusal: &Refusal) -> (u16, Option<Box<RawValue>>) {
    (refusal.status(), to_raw_value(&ErrorView::from(refusal)).ok())
}
