//! `/settings`: what an account decides about how it is served.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode},
};

use super::{
    MANAGEMENT_BODY,
    member::Member,
    schemas::ErrorView,
    sent::{Document, Sent},
};
use crate::{
    host::Host,
    reply::{self, Refusal},
    settings::AccountSettings,
};

impl Document for AccountSettings {
    const MOST: usize = MANAGEMENT_BODY;
}

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
    sent: Sent<AccountSettings>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let settings = sent.parse()?;
        settings.check().map_err(Refusal::bad_input)?;
        host.settings.change(member.caller.account(), settings, member.caller.name())?;
        Ok(reply::json(StatusCode::OK, &settings))
    })
    .await
}
