//! Where everything is and what is understood, for clients that ask (`OpenID` Connect Discovery, RFC 8414). Each account
//! is an issuer of its own, under the name that the operator gave the server or the caller reached it by.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use serde_json::json;

use super::error::OAuthError;
use crate::{
    api::domains::sentinel_name,
    auth::table::Audience,
    client::Encrypted,
    config::ServeOptions,
    host::Host,
    oauth::Scope,
    reply::{self, Refusal},
};

/// Who says so in id tokens.
pub(super) fn issuer(
    options: &ServeOptions,
    asked: Audience,
    headers: &HeaderMap,
    encrypted: bool,
    account: &str,
) -> Result<String, Refusal> {
    // Stands in URLs and is compared letter by letter.
    if account.is_empty()
        || !account.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    {
        return Err(Refusal::not_found());
    }
    Ok(format!("{}/sentinel/api/account/{account}", origin(options, asked, headers, encrypted)?))
}

fn origin(
    options: &ServeOptions,
    asked: Audience,
    headers: &HeaderMap,
    encrypted: bool,
) -> Result<String, Refusal> {
    let scheme = if encrypted { "https" } else { "http" };
    Ok(format!("{scheme}://{}", sentinel_name(options, asked, headers)?))
}

/// `GET /sentinel/api/account/{account}/.well-known/openid-configuration`.
#[utoipa::path(
    get, path = "/sentinel/api/account/{account}/.well-known/openid-configuration", operation_id = "discover", tag = "oauth",
    params(("account" = String, Path, description = "the account")),
    responses((status = 200, description = "where everything is and what is understood (RFC 8414)", body = Object), (status = 400, body = OAuthError)),
)]
pub(crate) async fn discover(
    State(host): State<Arc<Host>>,
    Extension(asked): Extension<Audience>,
    Path(account): Path<String>,
    encrypted: Option<Extension<Encrypted>>,
    headers: HeaderMap,
) -> Result<Response<Body>, OAuthError> {
    let issuer = issuer(&host.options, asked, &headers, encrypted.is_some(), &account)?;
    let origin = origin(&host.options, asked, &headers, encrypted.is_some())?;
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "revocation_endpoint": format!("{issuer}/token/revoke"),
        "jwks_uri": format!("{origin}/sentinel/well-known/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": Scope::all_names().collect::<Vec<_>>(),
        "claims_supported": ["sub", "aud", "iss", "iat", "exp", "nonce"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
        "code_challenge_methods_supported": ["S256"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    });
    let mut response = reply::json(StatusCode::OK, &document);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
