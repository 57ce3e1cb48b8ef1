//! `/settings`: what an account decides about how it is served.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode},
};

use super::{MANAGEMENT_BODY, member::Member, schemas::ErrorView};
use crate::{
    body,
    host::Host,
    reply::{self, Refusal},
    settings::AccountSettings,
};

/// `GET /settings`.
#[utoipa::path(
    get, path = "/settings", operation_id = "readSettings", tag = "platform",
    responses((status = 200, description = "the account's settings", body = AccountSettings)),
)]
pub(crate) async fn read(State(host): State<Arc<Host>>, member: Member) -> Response<Body> {
    reply::json(StatusCode::OK, &host.settings.of(member.caller.account()))
}

/// `PUT /settings`: all of them, in force from the next call on.
#[utoipa::path(
    put, path = "/settings", operation_id = "changeSettings", tag = "platform",
    request_body = AccountSettings,
    responses(
        (status = 200, description = "what is in force now", body = AccountSettings),
        (status = 400, body = ErrorView),
    ),
)]
pub(crate) async fn change(
    State(host): State<Arc<Host>>,
    member: Member,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let taken = body::read(&host, &headers, body, MANAGEMENT_BODY).await?;
    host.blocking(move |host| {
        let settings: AccountSettings = serde_json::from_slice(&taken.bytes)
            .map_err(|error| Refusal::bad_input(format!("these are no settings: {error}")))?;
        settings.check().map_err(Refusal::bad_input)?;
        host.settings.change(member.caller.account(), settings, member.caller.name())?;
        Ok(reply::json(StatusCode::OK, &settings))
    })
    .await
}
