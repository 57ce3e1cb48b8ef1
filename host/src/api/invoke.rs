//! `POST /lambdas/{id}/invoke` and `POST /events/{id}/invoke`: the calls everything is about.
//!
//! A call with a user's session and without `externalSystem` gets the test form, with Debug logs and nothing stored;
//! every other call gets the raw form. `form=test` in the query asks for the test form by name, which users may and
//! apps may not. Query parameters that are not known are ignored, empty ones count as absent.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Response, Uri},
};

use super::{
    member::Member,
    query::Query,
    schemas::{EnvelopeView, ErrorView, EventEntryView, FailureView},
};
use crate::{
    auth::Principal,
    body::{self, Taken},
    egress::HOPS,
    fan_out::{self, EventCall},
    host::Host,
    invocation::Via,
    invoke::{Call, Form},
    orchestration::HOP_BUDGET,
    reply::Refusal,
    server::{GivenId, REQUEST_ID},
};

/// `POST /lambdas/{id}/invoke`.
#[utoipa::path(
    post, path = "/lambdas/{uuid}/invoke", operation_id = "invoke", tag = "invocation",
    params(
        ("uuid" = Uuid, Path, description = "the lambda"),
        ("v" = Option<String>, Query, description = "version of this interface, `1`"),
        ("userId" = Option<String>, Query, description = "who calls; for the record only"),
        ("externalSystem" = Option<String>, Query, description = "what system calls; with it a session gets the raw form"),
        ("skillId" = Option<String>, Query, description = "the skill on whose behalf the call is made"),
        ("X-Request-ID" = Option<String>, Header, description = "echoed and stored with the logs; a repeat within five minutes gets the first outcome"),
        ("X-Lambkin-Hops" = Option<u32>, Header, description = "through how many lambdas the call came already"),
    ),
    request_body = EnvelopeView,
    responses(
        (status = 200, description = "the result as JSON, empty when there is none; to a user's session `{result, logs}`", body = Object),
        (status = 400, description = "the body is no envelope", body = ErrorView),
        (status = 404, description = "nothing is deployed under this id", body = ErrorView),
        (status = 409, description = "the same request ran before and its answer was not kept", body = ErrorView),
        (status = 413, description = "the body is larger than `limits` says", body = ErrorView),
        (status = 422, description = "the lambda failed, where the account chose this status", body = FailureView),
        (status = 901, description = "the lambda failed", body = FailureView),
        (status = 503, description = "the server is shutting down", body = ErrorView),
    ),
)]
pub(crate) async fn invoke(
    State(host): State<Arc<Host>>,
    member: Member,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let (head, body) = request.into_parts();
    let hops = check(&host, &head.headers)?;
    host.rates.take(member.caller.account(), 1)?;
    let call = Call {
        request_id: request_id(&head.headers),
        form: form(&member.caller, &head.uri)?,
        caller: member.caller,
        via: Via::Call,
        hops,
    };
    if head.extensions.get::<GivenId>().is_some() {
        let input = body::read(&host, &head.headers, body, host.limits.input).await?;
        let target = match call.form {
            Form::Raw => ("lambda", &*member.id),
            Form::Test => ("test", &*member.id),
        };
        let key = key(&host, &call.caller, target, &call.request_id, &input);
        let run = run(Arc::clone(&host), call, member.id, input);
        return host.replay.once(key, run).await;
    }
    let found = call.look_up(&host, &member.id).await?;
    let input = body::read(&host, &head.headers, body, host.limits.input).await?;
    let loaded = found.take(&host, input)?;
    let admitted = loaded.admit(&host).await?;
    let thawed = admitted.thaw(&host).await?;
    let answer = thawed.run(&host).await?;
    Ok(answer.respond())
}

/// All steps of a call whose input is here.
async fn run(host: Arc<Host>, call: Call, id: String, input: Taken) -> Result<Response<Body>, Refusal> {
    let loaded = call.look_up(&host, &id).await?.take(&host, input)?;
    let answer = loaded.admit(&host).await?.thaw(&host).await?.run(&host).await?;
    Ok(answer.respond())
}

/// `POST /events/{id}/invoke`: every function that is served for the event, with `skillId` those that answer for it.
#[utoipa::path(
    post, path = "/events/{eventId}/invoke", operation_id = "invokeEvent", tag = "invocation",
    params(
        ("eventId" = String, Path, description = "the event"),
        ("skillId" = Option<String>, Query, description = "the skill on whose behalf the call is made"),
        ("X-Request-ID" = Option<String>, Header, description = "as for one function"),
    ),
    request_body = EnvelopeView,
    responses(
        (status = 200, description = "one entry for each function that is served for the event", body = Vec<EventEntryView>),
        (status = 400, description = "the body is no envelope", body = ErrorView),
        (status = 409, description = "the same request ran before and its answer was not kept", body = ErrorView),
        (status = 413, description = "the body is larger than `limits` says", body = ErrorView),
        (status = 503, description = "the server is shutting down", body = ErrorView),
    ),
)]
pub(crate) async fn invoke_event(
    State(host): State<Arc<Host>>,
    member: Member,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let (head, body) = request.into_parts();
    let hops = check(&host, &head.headers)?;
    let query = Query::parse(head.uri.query())?;
    let skill = query.first("skillId");
    let functions = host.registry.look_up_event(member.caller.account(), &member.id, skill);
    if functions.is_empty() {
        return Ok(fan_out::nothing());
    }
    host.rates.take(member.caller.account(), functions.len())?;
    let mut input = body::read(&host, &head.headers, body, host.limits.input).await?;
    // Looked at once, so that an input that is none is the call's error and not that of every function.
    input.bytes = lambkin_runtime::Envelope::check(input.bytes, &host.limits)?;
    let request_id = request_id(&head.headers);
    let target = format!("{} {}", member.id, skill.unwrap_or_default());
    let call = EventCall { caller: member.caller, request_id, event: member.id, input, hops };
    if head.extensions.get::<GivenId>().is_none() {
        return call.run(&host, functions).await;
    }
    let key = key(&host, &call.caller, ("event", &target), &call.request_id, &call.input);
    let owner = Arc::clone(&host);
    host.replay.once(key, async move { call.run(&owner, functions).await }).await
}

/// What is looked at before anything else; through how many lambdas the call came.
fn check(host: &Host, headers: &HeaderMap) -> Result<u32, Refusal> {
    if host.is_draining() {
        return Err(Refusal::shutting_down());
    }
    let Some(hops) = headers.get(HOPS) else { return Ok(0) };
    match hops.to_str().ok().and_then(|hops| hops.parse::<u32>().ok()) {
        Some(hops) if hops < HOP_BUDGET => Ok(hops),
        Some(_) => Err(Refusal::too_many_hops(HOP_BUDGET)),
        None => Err(Refusal::bad_input("the header `X-Lambkin-Hops` must be a number")),
    }
}

fn key(
    host: &Host,
    caller: &Principal,
    target: (&str, &str),
    request_id: &str,
    input: &Taken,
) -> crate::replay::RequestKey {
    host.replay.key(caller.account(), caller.id(), target, request_id, &input.bytes)
}

/// Which form a caller gets. An app must not see what its lambdas log for their developers.
fn form(caller: &Principal, uri: &Uri) -> Result<Form, Refusal> {
    let mut pairs = uri.query().unwrap_or_default().split('&');
    let is_external =
        |pair: &str| pair.strip_prefix("externalSystem=").is_some_and(|system| !system.is_empty());
    match pairs.clone().any(|pair| pair == "form=test") {
        true if caller.is_app() => Err(Refusal::raw_form_only()),
        true => Ok(Form::Test),
        false if caller.is_session() && !pairs.any(is_external) => Ok(Form::Test),
        false => Ok(Form::Raw),
    }
}

/// The front of the server has put one on every request.
fn request_id(headers: &HeaderMap) -> String {
    headers.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Identity, Kind, Permissions};

    fn wanted(kind: Kind, query: &str) -> Option<Form> {
        let caller = Principal::new(Arc::new(Identity {
            account: "a".into(),
            id: "i".to_owned(),
            name: "n".to_owned(),
            kind,
            permissions: Permissions::NONE,
            newcomer: false,
        }));
        form(&caller, &format!("/x?{query}").parse().unwrap()).ok()
    }

    #[test]
    fn only_users_get_the_test_form_and_only_sessions_unasked() {
        for kind in [Kind::Session, Kind::UserToken, Kind::AppToken] {
            let unasked = if kind == Kind::Session { Form::Test } else { Form::Raw };
            for query in ["", "v=1", "externalSystem", "externalSystem=&v=1", "form=raw"] {
                assert_eq!(wanted(kind, query), Some(unasked), "{kind:?} {query}");
            }
            assert_eq!(wanted(kind, "userId=&externalSystem=crm"), Some(Form::Raw), "{kind:?}");
            let asked = (kind != Kind::AppToken).then_some(Form::Test);
            assert_eq!(wanted(kind, "externalSystem=crm&form=test"), asked, "{kind:?}");
        }
    }
}
