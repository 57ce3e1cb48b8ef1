//! The way of an invocation. One type per step; each consumes the one before, so none can be left out.
//!
//! ```text
//! Call --look_up--> Found --take--> Loaded --admit--> Admitted --thaw--> Thawed --run--> Answer --respond--> Response
//!                                                                           \--> record, drop the store (later)
//! ```
//!
//! No lock, no disk and nothing that grows with the number of lambdas from the second call of a lambda on. The run
//! does not depend on its caller ([`crate::aftermath`]): one that hangs up does not stop a lambda half-way, and its
//! logs are kept.

use std::{fmt::Write as _, sync::Arc, time::Instant};

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header::HeaderName},
    response::IntoResponse,
};
use bytes::Bytes;
use lambkin_runtime::{Envelope, ErrorCode, Failure, Instance, LogEntry, LogLimits, Outcome, Usage};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::{
    admission::Permit,
    aftermath,
    auth::Principal,
    body::Taken,
    egress::{Caller, Outbound, Policy, Vault},
    host::Host,
    invocation::{Invocation, Outcome as Counted, Via},
    lambda::now_ms,
    registry::Deployed,
    reply::{Refusal, empty, json, json_bytes},
};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// How much of an invocation the caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The result as it is; logs are stored.
    Raw,
    /// `{result, logs}` with Debug entries; nothing is stored.
    Test,
}

/// An authorised call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) caller: Principal,
    pub(crate) request_id: String,
    pub(crate) form: Form,
    pub(crate) via: Via,
    /// Through how many lambdas it came.
    pub(crate) hops: u32,
}

/// A call of a lambda that is served.
#[derive(Debug)]
pub(crate) struct Found {
    call: Call,
    deployed: Arc<Deployed>,
}

/// A call with its input.
#[derive(Debug)]
pub(crate) struct Loaded {
    found: Found,
    input: Taken,
}

/// A call that may run.
#[derive(Debug)]
pub(crate) struct Admitted {
    loaded: Loaded,
    permit: Permit,
    timing: Timing,
}

/// A call with the instance that will serve it.
#[derive(Debug)]
pub(crate) struct Thawed {
    admitted: Admitted,
    instance: Instance,
}

/// What the lambda said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    form: Form,
    logs: Vec<LogEntry>,
    usage: Usage,
    timing: Timing,
    /// The status of a failure of the lambda's own.
    failed: u16,
}

/// Where the time went before the run, in microseconds.
#[derive(Clone, Copy, Debug)]
struct Timing {
    queue_us: u64,
    thaw_us: u64,
}

impl Call {
    /// Finds what is served under an id.
    pub(crate) async fn look_up(self, host: &Arc<Host>, id: &str) -> Result<Found, Refusal> {
        let account = self.caller.account();
        let Ok(lambda) = Uuid::try_parse(id) else {
            return Err(Refusal::missing_lambda(account, id.escape_default().take(64).collect::<String>()));
        };
        match host.registry.look_up(account, lambda) {
            Some(deployed) => Ok(Found { call: self, deployed }),
            None => Err(self.why_missing(host, lambda).await),
        }
    }

    /// What is remembered of it, but for how it ends.
    fn recorded(self, deployed: &Deployed, began: u64, timing: Timing) -> Invocation {
        Invocation {
            lambda: deployed.lambda,
            request_id: self.request_id,
            at: began,
            version: deployed.sequence,
            caller: self.caller.name().to_owned(),
            via: self.via,
            test: self.form == Form::Test,
            outcome: Counted::Unknown,
            error_code: None,
            queue_us: timing.queue_us,
            thaw_us: timing.thaw_us,
            run_us: 0,
            cpu_us: 0,
            fuel: 0,
            memory: 0,
            host_calls: 0,
            log_bytes: 0,
            output_bytes: 0,
            egress_us: 0,
            outbound_calls: 0,
            outbound: Vec::new(),
        }
    }

    /// Tells an id nobody knows from a lambda that is not deployed. Only failing calls come here.
    async fn why_missing(self, host: &Arc<Host>, lambda: Uuid) -> Refusal {
        let account = self.caller.account().to_owned();
        let known = host.blocking(move |host| Ok(host.ledger.lambda(&account, lambda).is_ok())).await;
        match known {
            Ok(true) => Refusal::not_deployed(lambda),
            Ok(false) => Refusal::missing_lambda(self.caller.account(), lambda),
            Err(refusal) => refusal,
        }
    }
}

impl Found {
    /// A lambda that was found by another way than its id.
    pub(crate) fn new(call: Call, deployed: Arc<Deployed>) -> Self {
        Self { call, deployed }
    }

    /// Adds the input, once it is known to be an envelope.
    pub(crate) fn take(self, host: &Host, mut input: Taken) -> Result<Loaded, Refusal> {
        input.bytes = Envelope::check(input.bytes, &host.limits)?;
        Ok(Loaded { found: self, input })
    }
}

impl Loaded {
    /// Waits for a place.
    pub(crate) async fn admit(self, host: &Host) -> Result<Admitted, Refusal> {
        let asked = Instant::now();
        let permit = host.admission.admit(&self.found.deployed.gate).await?;
        let timing = Timing { queue_us: micros_since(asked), thaw_us: 0 };
        Ok(Admitted { loaded: self, permit, timing })
    }
}

impl Admitted {
    /// Gets an instance: one that was kept, where the lambda wants it so, otherwise a fresh one; on the first call of
    /// a lambda its image is loaded before.
    pub(crate) async fn thaw(mut self, host: &Host) -> Result<Thawed, Refusal> {
        let asked = Instant::now();
        let deployed = &self.loaded.found.deployed;
        let broken = |refusal: Refusal| {
            if refusal.is_internal() {
                host.counters.count(&deployed.account, deployed.lambda, Counted::PlatformFailure);
            }
            refusal
        };
        if let Some(instance) = host.warm.take(deployed, &host.limits) {
            self.timing.thaw_us = micros_since(asked);
            return Ok(Thawed { admitted: self, instance });
        }
        let lambda = host.loader.ready(deployed).await.map_err(|error| broken(Refusal::internal(error)))?;
        let mut thawed = host.runtime.thaw(&lambda, &host.limits);
        // Instances that wait for work make room for one that has some.
        while thawed.as_ref().is_err_and(|error| error.code == ErrorCode::Busy) && host.warm.make_room() {
            thawed = host.runtime.thaw(&lambda, &host.limits);
        }
        let instance = thawed.map_err(|error| broken(error.into()))?;
        self.timing.thaw_us = micros_since(asked);
        Ok(Thawed { admitted: self, instance })
    }
}

impl Thawed {
    /// Runs the lambda and returns as soon as it has answered; the rest goes on without the caller.
    pub(crate) async fn run(self, host: &Arc<Host>) -> Result<Answer, Refusal> {
        let (answer, mut answered) = oneshot::channel();
        let deployed = Arc::clone(&self.admitted.loaded.found.deployed);
        let unfinished = aftermath::begin(Box::pin(self.run_to_the_end(Arc::clone(host), answer)));
        let given: Result<Answer, _> = answered.try_recv();
        let mut answer = match (given, unfinished) {
            (Ok(answer), rest) => {
                if let Some(rest) = rest {
                    aftermath::leave(rest);
                }
                answer
            }
            (Err(_), run) => {
                if let Some(run) = run {
                    aftermath::detach(run);
                }
                answered.await.map_err(|_| Refusal::internal_after_run("an invocation ended in a panic"))?
            }
        };
        if matches!(answer.outcome, Outcome::Failure(_)) {
            answer.failed = host.settings.failure_status(&deployed.account);
        }
        Ok(answer)
    }

    async fn run_to_the_end(self, host: Arc<Host>, answer: oneshot::Sender<Answer>) {
        let Admitted { loaded: Loaded { found: Found { call, deployed }, input }, permit, timing } =
            self.admitted;
        let Taken { bytes, memory } = input;
        let form = call.form;
        let began = now_ms();
        let mut count = Count { host: &host, deployed: &deployed, outcome: Counted::Unknown };
        let deliver = move |given: lambkin_runtime::Answer| {
            let logs = match (&given.outcome, form) {
                (_, Form::Test) => given.logs.all().to_vec(),
                (Outcome::Failure(_), Form::Raw) => given.logs.stored(LogLimits::default()),
                (Outcome::Value(_) | Outcome::Broken(_), Form::Raw) => Vec::new(),
            };
            // An error means that the caller hung up; the lambda has run all the same.
            let usage = given.usage;
            let _ = answer.send(Answer { outcome: given.outcome, form, logs, usage, timing, failed: 0 });
        };
        let outbound = Arc::new(Outbound::new(Arc::clone(&host.egress), caller(&host, &deployed, call.hops)));
        let instance = self.instance.with_egress(Arc::clone(&outbound) as _);
        let rest = instance.invoke_with(bytes, deliver).await;
        drop(memory);
        // The connection writes the answer before anybody goes on with what nobody waits for.
        tokio::task::yield_now().await;
        let finished = if host.warm.is_for(&deployed) {
            let (finished, kept) = rest.finish_and_keep().await;
            if let Some(kept) = kept {
                host.warm.keep(&deployed, kept);
                // Replaced or withdrawn while it ran.
                let served = host.served(&deployed);
                if served != Some(deployed.sequence) {
                    host.warm.forget(deployed.lambda, served);
                }
            }
            finished
        } else {
            rest.finish().await
        };
        host.metrics.observe(timing.queue_us, timing.thaw_us, finished.usage.run_us);
        if let Some(kill) = &finished.kill {
            tracing::debug!(lambda = %deployed.lambda, request = call.request_id, ?kill, "an invocation was ended");
        }
        count.outcome = Counted::from(&finished.ending);
        drop(count);
        let logs = match form {
            Form::Raw => finished.logs.stored(LogLimits::default()),
            Form::Test => Vec::new(),
        };
        let invocation = call.recorded(&deployed, began, timing).ended(
            &finished.ending,
            &finished.usage,
            outbound.calls(),
        );
        host.recorder.record(invocation, logs);
        drop(permit);
    }
}

/// On whose behalf an invocation calls out.
fn caller(host: &Arc<Host>, deployed: &Deployed, hops: u32) -> Caller {
    let account = Arc::clone(&deployed.account);
    let policy = Policy::Account(Arc::clone(&host.whitelist), Arc::clone(&account));
    let secrets = Vault::Account(Arc::clone(&host.secrets));
    let siblings = Some(Arc::clone(host) as _);
    Caller { account, lambda: deployed.lambda, policy, secrets, siblings, hops }
}

/// Counts an invocation when it is over, also one that breaks off in a panic.
struct Count<'a> {
    host: &'a Host,
    deployed: &'a Deployed,
    outcome: Counted,
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.host.counters.count(&self.deployed.account, self.deployed.lambda, self.outcome);
    }
}

#[derive(Serialize)]
struct TestBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    logs: &'a [LogEntry],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FailureBody<'a> {
    error_code: &'a str,
    error_msg: &'a str,
    error_logs: &'a [LogEntry],
    /// For whoever tests: callers of a function are not told how it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_stack: Option<&'a str>,
}

impl Answer {
    /// The status of a failure of the lambda's own, as the account chose it.
    pub(crate) fn failure_status(&self) -> u16 {
        self.failed
    }

    /// The answer as the caller gets it. A raw result is moved, never copied.
    pub(crate) fn respond(self) -> Response<Body> {
        let timing = self.server_timing();
        let mut response = match self.outcome {
            Outcome::Failure(failure) => failed(self.failed, self.form, &failure, &self.logs),
            Outcome::Broken(error) => Refusal::internal_after_run(error.message).into_response(),
            Outcome::Value(Some(result)) if self.form == Form::Raw => json_bytes(StatusCode::OK, result),
            Outcome::Value(None) if self.form == Form::Raw => empty(StatusCode::OK),
            Outcome::Value(result) => tested(result.as_ref(), &self.logs),
        };
        if let Some(timing) = timing {
            response.headers_mut().insert(SERVER_TIMING, timing);
        }
        response
    }

    fn server_timing(&self) -> Option<HeaderValue> {
        let ms = |us: u64| (us / 1_000, us % 1_000);
        let mut text = String::with_capacity(96);
        for (name, us) in [
            ("queue", self.timing.queue_us),
            ("thaw", self.timing.thaw_us),
            ("run", self.usage.run_us),
            ("egress", self.usage.egress_us),
        ] {
            let (whole, thousandths) = ms(us);
            let separator = if text.is_empty() { "" } else { ", " };
            let _ = write!(text, "{separator}{name};dur={whole}.{thousandths:03}");
        }
        HeaderValue::from_maybe_shared(Bytes::from(text)).ok()
    }
}

fn failed(status: u16, form: Form, failure: &Failure, logs: &[LogEntry]) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = FailureBody {
        error_code: &failure.error_code,
        error_msg: &failure.error_msg,
        error_logs: logs,
        error_stack: failure.stack.as_deref().filter(|_| form == Form::Test),
    };
    json(status, &body)
}

fn tested(result: Option<&Bytes>, logs: &[LogEntry]) -> Response<Body> {
    let result = result.map(|json| serde_json::from_slice::<&RawValue>(json)).transpose();
    match result {
        Ok(result) => json(StatusCode::OK, &TestBody { result, logs }),
        Err(error) => Refusal::internal_after_run(format!("a result is not JSON: {error}")).into_response(),
    }
}

fn micros_since(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(outcome: Outcome, form: Form) -> Answer {
        let usage = Usage { run_us: 1_234_567, egress_us: 1_000_020, ..Usage::default() };
        let timing = Timing { queue_us: 7, thaw_us: 1_005 };
        Answer { outcome, form, logs: Vec::new(), usage, timing, failed: 901 }
    }

    async fn body(response: Response<Body>) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_two_forms_of_a_result() {
        let value = |text: &'static str| Outcome::Value(Some(Bytes::from_static(text.as_bytes())));
        let raw = answer(value("{\"a\": 1}"), Form::Raw).respond();
        assert_eq!(
            raw.headers()["server-timing"],
            "queue;dur=0.007, thaw;dur=1.005, run;dur=1234.567, egress;dur=1000.020"
        );
        assert_eq!(body(raw).await, "{\"a\": 1}");
        assert_eq!(body(answer(Outcome::Value(None), Form::Raw).respond()).await, "");
        let test = answer(value("{\"a\": 1}"), Form::Test).respond();
        assert_eq!(body(test).await, r#"{"result":{"a": 1},"logs":[]}"#);
        assert_eq!(body(answer(Outcome::Value(None), Form::Test).respond()).await, r#"{"logs":[]}"#);
    }

    #[tokio::test]
    async fn a_failure_is_901_in_both_forms() {
        for form in [Form::Raw, Form::Test] {
            let failure = Failure { error_code: "c".into(), error_msg: "m".into(), stack: None, kill: None };
            let response = answer(Outcome::Failure(failure), form).respond();
            assert_eq!(response.status().as_u16(), 901);
            assert_eq!(body(response).await, r#"{"errorCode":"c","errorMsg":"m","errorLogs":[]}"#);
        }
    }
}
