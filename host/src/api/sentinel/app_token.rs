//! Tokens for an app itself (RFC 6749, 4.4). The published clients send their credentials in three ways: in a form, in
//! the query string with an empty body, and as Basic; and they want exactly the two members they know in the answer.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Response, StatusCode},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{client::authenticate, error::OAuthError, form, no_store, parameters::Parameters, work};
use crate::{
    auth::{app_tokens, key_ring::TOKEN_SECONDS},
    directory::apps::AppRecord,
    host::Host,
    lambda::now_ms,
    oauth::{GrantTypes, Scope},
    reply,
};

const CLIENT_CREDENTIALS: &str = "client_credentials";

/// An app's own token.
#[derive(Serialize, ToSchema)]
#[schema(as = AppToken)]
pub(super) struct AppTokenView {
    /// A JWT, signed with RS256.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
}

/// An app's own token, and for how long it is good.
#[derive(Serialize, ToSchema)]
#[schema(as = AppTokenV2)]
pub(super) struct AppTokenV2View {
    /// A JWT, signed with RS256.
    pub(super) access_token: String,
    /// `Bearer`.
    pub(super) token_type: &'static str,
    /// Seconds.
    pub(super) expires_in: u64,
}

/// What an app sends for a token of its own.
#[derive(serde::Deserialize, ToSchema)]
#[schema(as = AppTokenRequest)]
#[expect(dead_code, reason = "for the document; the form is read by `Parameters`")]
pub(super) struct AppTokenForm {
    /// `client_credentials`.
    grant_type: Option<String>,
    /// Here, or as Basic with the secret.
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

/// `POST /sentinel/api/account/{account}/app/token`.
#[utoipa::path(
    post, path = "/sentinel/api/account/{account}/app/token", operation_id = "getAppToken", tag = "oauth",
    params(("account" = String, Path, description = "the account"), ("v" = Option<String>, Query, description = "`1.0` or `2.0`: the same")),
    request_body(content = AppTokenForm, content_type = "application/x-www-form-urlencoded", description = "may also stand in the query string, with an empty body"),
    responses(
        (status = 200, description = "a token that may only invoke, good for an hour", body = AppTokenView),
        (status = 400, body = OAuthError),
        (status = 401, description = "no such app, or not its secret", body = OAuthError),
    ),
)]
pub(crate) async fn app_token(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, OAuthError> {
    let access_token = issue(&host, &account, query.as_deref(), &headers, body).await?;
    Ok(no_store(reply::json(StatusCode::OK, &AppTokenView { access_token, token_type: "Bearer" })))
}

/// `POST /sentinel/api/v2/account/{account}/app/token`: as the other one, and tells how long the token is good.
#[utoipa::path(
    post, path = "/sentinel/api/v2/account/{account}/app/token", operation_id = "getAppTokenV2", tag = "oauth",
    params(("account" = String, Path, description = "the account")),
    request_body(content = AppTokenForm, content_type = "application/x-www-form-urlencoded", description = "may also stand in the query string, with an empty body"),
    responses(
        (status = 200, description = "a token that may only invoke", body = AppTokenV2View),
        (status = 400, body = OAuthError),
        (status = 401, description = "no such app, or not its secret", body = OAuthError),
    ),
)]
pub(crate) async fn app_token_v2(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, OAuthError> {
    let access_token = issue(&host, &account, query.as_deref(), &headers, body).await?;
    let view = AppTokenV2View { access_token, token_type: "Bearer", expires_in: TOKEN_SECONDS };
    Ok(no_store(reply::json(StatusCode::OK, &view)))
}

async fn issue(
    host: &Arc<Host>,
    account: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<String, OAuthError> {
    let parameters = match form(host, headers, body).await? {
        Some(form) => form,
        None => Parameters::parse_query(query)?,
    };
    if parameters.one("grant_type")?.is_some_and(|wished| wished != CLIENT_CREDENTIALS) {
        return Err(OAuthError::unsupported_grant_type("`client_credentials`"));
    }
    let app = authenticate(host, account, headers, &parameters).await?;
    if !app.may(GrantTypes::CLIENT_CREDENTIALS) {
        return Err(OAuthError::unauthorized_client(CLIENT_CREDENTIALS));
    }
    app_token_for(host, app, &parameters).await
}

/// A token for an app that has proved itself and may have one.
pub(super) async fn app_token_for(
    host: &Arc<Host>,
    app: AppRecord,
    parameters: &Parameters,
) -> Result<String, OAuthError> {
    if let Some(wished) = parameters.one("scope")?
        && !Scope::known(wished).has(Scope::INVOKE)
    {
        return Err(OAuthError::invalid_scope(&Scope::INVOKE.text()));
    }
    work(host, move |host| Ok(app_tokens::issue(&host.keys, &app, now_ms())?)).await
}
