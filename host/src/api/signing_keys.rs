//! `/signing-keys`: the operator changes the key that tokens are signed with. The one before stays until its last token
//! has expired, so nobody has to log in again.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{accounts::of_the_operators, member::Member, schemas::ErrorView, view::date};
use crate::{
    auth::key_ring::SigningKey,
    host::Host,
    lambda::now_ms,
    reply::{self, Refusal},
};

/// A key.
#[derive(Serialize, ToSchema)]
#[schema(as = SigningKey)]
#[serde(rename_all = "camelCase")]
struct SigningKeyView {
    /// What tokens call it.
    kid: String,
    created_at: String,
    /// Since when it only verifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    retired_at: Option<String>,
}

impl SigningKeyView {
    fn new(key: &SigningKey) -> Self {
        Self {
            kid: key.kid().to_owned(),
            created_at: date(key.created_at()),
            retired_at: key.retired_at().map(date),
        }
    }
}

/// `GET /signing-keys`.
#[utoipa::path(
    get, path = "/signing-keys", operation_id = "listSigningKeys", tag = "oauth",
    responses((status = 200, description = "the keys in use, for the operator", body = Vec<SigningKeyView>), (status = 404, description = "not the operators' account", body = ErrorView)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    of_the_operators(&member)?;
    let keys = host.keys.serving(now_ms());
    let views: Vec<_> = keys.iter().map(|key| SigningKeyView::new(key)).collect();
    Ok(reply::json(StatusCode::OK, &views))
}

/// `POST /signing-keys`.
#[utoipa::path(
    post, path = "/signing-keys", operation_id = "rotateSigningKey", tag = "oauth",
    responses((status = 201, description = "the key that signs from now on", body = SigningKeyView), (status = 404, description = "not the operators' account", body = ErrorView)),
)]
pub(crate) async fn rotate(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    of_the_operators(&member)?;
    host.blocking(move |host| {
        let key = host.keys.rotate(member.caller.name(), now_ms())?;
        Ok(reply::json(StatusCode::CREATED, &SigningKeyView::new(&key)))
    })
    .await
}
