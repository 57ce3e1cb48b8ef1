//! `/users/{id}/api-keys`: what a user's programs log in with. The parts that prove a key are shown in the answer that
//! made it and never again.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{Response, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    member::Member,
    schemas::ErrorView,
    sent::{Document, Sent},
    users::{shown_once, text, user},
    view::date,
};
use crate::{
    auth::{TokenHash, tokens},
    directory::api_keys::ApiKeyRecord,
    host::Host,
    lambda::now_ms,
    reply::{self, Refusal},
};

/// Bytes of a key's description.
const BODY: usize = 4 << 10;

/// A key that is to be made.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = NewApiKey)]
pub(crate) struct ApiKeyBody {
    /// What people call it.
    name: Option<String>,
}

impl Document for ApiKeyBody {
    const MOST: usize = BODY;
}

/// A key.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
#[serde(rename_all = "camelCase")]
struct ApiKeyView {
    app_key: String,
    name: String,
    created_at: String,
    created_by: String,
    /// What proves the key, as the next two do. Shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_secret: Option<String>,
}

/// What proves a key.
struct Parts {
    secret: String,
    access_token: String,
    access_token_secret: String,
}

impl ApiKeyView {
    fn new(key: ApiKeyRecord, parts: Option<Parts>) -> Self {
        let (secret, access_token, access_token_secret) = match parts {
            Some(parts) => (Some(parts.secret), Some(parts.access_token), Some(parts.access_token_secret)),
            None => (None, None, None),
        };
        Self {
            app_key: key.app_key,
            name: key.name,
            created_at: date(key.created_at),
            created_by: key.created_by,
            secret,
            access_token,
            access_token_secret,
        }
    }
}

/// `GET /users/{id}/api-keys`.
#[utoipa::path(
    get, path = "/users/{id}/api-keys", operation_id = "listApiKeys", tag = "users",
    params(("id" = Uuid, Path, description = "the user")),
    responses((status = 200, description = "the user's keys, without what proves them", body = Vec<ApiKeyView>), (status = 400, description = "the path names no user", body = ErrorView)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let id = user(&member)?;
    host.blocking(move |host| {
        let keys = host.directory.api_keys(member.caller.account(), id)?;
        let views: Vec<_> = keys.into_iter().map(|key| ApiKeyView::new(key, None)).collect();
        Ok(reply::json(StatusCode::OK, &views))
    })
    .await
}

/// `POST /users/{id}/api-keys`.
#[utoipa::path(
    post, path = "/users/{id}/api-keys", operation_id = "createApiKey", tag = "users",
    params(("id" = Uuid, Path, description = "the user")),
    request_body = ApiKeyBody,
    responses(
        (status = 201, description = "the key, with what proves it: that is not shown again", body = ApiKeyView),
        (status = 400, body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "the user has too many", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<ApiKeyBody>,
) -> Result<Response<Body>, Refusal> {
    let id = user(&member)?;
    let name = text("name", sent.parse_or_default()?.name)?;
    host.blocking(move |host| {
        let parts = Parts {
            secret: tokens::random("")?,
            access_token: tokens::random("")?,
            access_token_secret: tokens::random("")?,
        };
        let hash = |text: &str| TokenHash::of(text.as_bytes()).to_hex();
        let key = ApiKeyRecord {
            account: member.caller.account().to_owned(),
            user: id,
            app_key: Uuid::new_v4().simple().to_string(),
            secret: hash(&parts.secret),
            access_token: hash(&parts.access_token),
            access_token_secret: hash(&parts.access_token_secret),
            name,
            created_at: now_ms(),
            created_by: member.caller.name().to_owned(),
        };
        host.directory.create_api_key(&key)?;
        Ok(shown_once(reply::json(StatusCode::CREATED, &ApiKeyView::new(key, Some(parts)))))
    })
    .await
}

/// `DELETE /users/{id}/api-keys/{key}`.
#[utoipa::path(
    delete, path = "/users/{id}/api-keys/{key}", operation_id = "deleteApiKey", tag = "users",
    params(("id" = Uuid, Path, description = "the user"), ("key" = String, Path, description = "its `appKey`")),
    responses((status = 204, description = "gone; sessions that began with it are void"), (status = 400, description = "the path names no user", body = ErrorView), (status = 404, body = ErrorView)),
)]
pub(crate) async fn delete(
    State(host): State<Arc<Host>>,
    member: Member,
    Path((_, _, key)): Path<(String, String, String)>,
) -> Result<Response<Body>, Refusal> {
    let id = user(&member)?;
    host.blocking(move |host| {
        let account = member.caller.account();
        host.directory.delete_api_key(account, id, &key, member.caller.name())?;
        host.credentials.forget_account(account);
        Ok(reply::empty(StatusCode::NO_CONTENT))
    })
    .await
}
