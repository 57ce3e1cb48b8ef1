//! `POST /check`: judges a source without saving it. The body is the source, or `{"code": "..."}` as JSON.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode, header::CONTENT_TYPE},
};
use lambkin_runtime::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    MANAGEMENT_BODY,
    member::Member,
    schemas::{ErrorView, VerdictView},
};
use crate::{
    body,
    host::Host,
    reply::{self, Refusal},
};

/// A source.
#[derive(Deserialize, ToSchema)]
struct CodeBody {
    code: String,
}

/// The verdict: errors refuse the source, warnings do not.
#[derive(Serialize)]
struct Verdict<'a> {
    accepted: bool,
    findings: &'a [Finding],
}

#[utoipa::path(
    post, path = "/check", operation_id = "check", tag = "lambdas",
    request_body(content((CodeBody = "application/json"), (String = "text/plain"))),
    responses((status = 200, description = "the verdict", body = VerdictView), (status = 400, body = ErrorView)),
)]
pub(crate) async fn check(
    State(host): State<Arc<Host>>,
    _member: Member,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let taken = body::read(&host, &headers, body, MANAGEMENT_BODY).await?;
    let is_json =
        headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    host.blocking(move |_| {
        let source = if is_json {
            let body: CodeBody = serde_json::from_slice(&taken.bytes).map_err(|error| {
                Refusal::bad_input(format!("the body is not `{{\"code\": \"...\"}}`: {error}"))
            })?;
            body.code
        } else {
            String::from_utf8(taken.bytes.into()).map_err(|error| {
                Refusal::bad_input(format!("the source is not UTF-8: {}", error.utf8_error()))
            })?
        };
        let verdict = lambkin_runtime::check(&source);
        Ok(match &verdict {
            Ok(checked) => {
                reply::json(StatusCode::OK, &Verdict { accepted: true, findings: checked.warnings() })
            }
            Err(findings) => reply::json(StatusCode::OK, &Verdict { accepted: false, findings }),
        })
    })
    .await
}
