//! `POST /lambdas/{id}/invoke`: the call everything is about.
//!
//! The raw form is the default. The test form, with Debug logs and nothing stored, is asked for with the query
//! `form=test` or the header `X-Lambkin-Form: test`, until user sessions decide it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Response, Uri},
};

use super::{
    member::Member,
    schemas::{EnvelopeView, ErrorView, FailureView},
};
use crate::{
    body,
    host::Host,
    invoke::{Call, Form},
    reply::Refusal,
    server::REQUEST_ID,
};

#[utoipa::path(
    post, path = "/lambdas/{uuid}/invoke", operation_id = "invoke", tag = "invocation",
    params(
        ("uuid" = Uuid, Path, description = "the lambda"),
        ("v" = Option<String>, Query, description = "version of this interface, `1`"),
        ("userId" = Option<String>, Query, description = "who calls; for the record only"),
        ("externalSystem" = Option<String>, Query, description = "what system calls; with it a session gets the raw form"),
        ("skillId" = Option<String>, Query, description = "the skill on whose behalf the call is made"),
        ("X-Request-ID" = Option<String>, Header, description = "echoed and stored with the logs"),
    ),
    request_body = EnvelopeView,
    responses(
        (status = 200, description = "the result as JSON, empty when there is none; to a user's session `{result, logs}`", body = Object),
        (status = 400, description = "the body is no envelope", body = ErrorView),
        (status = 404, description = "nothing is deployed under this id", body = ErrorView),
        (status = 413, description = "the body is larger than `limits` says", body = ErrorView),
        (status = 901, description = "the lambda failed", body = FailureView),
        (status = 503, description = "the server is shutting down", body = ErrorView),
    ),
)]
pub(crate) async fn invoke(
    State(host): State<Arc<Host>>,
    member: Member,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    if host.is_draining() {
        return Err(Refusal::shutting_down());
    }
    let form = form(&uri, &headers);
    let call = Call { caller: member.caller, request_id: request_id(&headers), form };
    let found = call.look_up(&host, &member.id).await?;
    let input = body::read(&host, &headers, body, host.limits.input).await?;
    let loaded = found.take(&host, input)?;
    let admitted = loaded.admit(&host).await?;
    let thawed = admitted.thaw(&host).await?;
    let answer = thawed.run(&host).await?;
    Ok(answer.respond())
}

fn form(uri: &Uri, headers: &HeaderMap) -> Form {
    let by_query = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "form=test"));
    let by_header = headers.get("x-lambkin-form").is_some_and(|form| form.as_bytes() == b"test");
    if by_query || by_header { Form::Test } else { Form::Raw }
}

/// The front of the server has put one on every request.
fn request_id(headers: &HeaderMap) -> String {
    headers.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}
