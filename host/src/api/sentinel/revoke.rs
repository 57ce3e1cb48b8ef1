//! Taking tokens back (RFC 7009): an access token alone, a refresh token with everything that came of the same consent.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode},
};
use utoipa::ToSchema;

use super::{client::authenticate, error::OAuthError, form, no_store, work};
use crate::{
    auth::{TokenHash, app_tokens},
    directory::grants::Revoked,
    host::Host,
    reply,
};

/// What an app sends to have a token made void.
#[derive(serde::Deserialize, ToSchema)]
#[schema(as = RevocationRequest)]
#[expect(dead_code, reason = "for the document; the form is read by `Parameters`")]
pub(super) struct RevocationForm {
    /// An access or a refresh token.
    token: String,
    /// Not needed.
    token_type_hint: Option<String>,
    /// Here, or as Basic with the secret.
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// `POST /sentinel/api/account/{account}/token/revoke`.
#[utoipa::path(
    post, path = "/sentinel/api/account/{account}/token/revoke", operation_id = "revokeToken", tag = "oauth",
    params(("account" = String, Path, description = "the account")),
    request_body(content = RevocationForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "it is void, or never was a token; the object is empty", body = Object),
        (status = 400, body = OAuthError),
        (status = 401, description = "no such app, or not its secret", body = OAuthError),
    ),
)]
pub(crate) async fn revoke(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, OAuthError> {
    let parameters = form(&host, &headers, body).await?.unwrap_or_default();
    let app = authenticate(&host, &account, &headers, &parameters).await?;
    let token = parameters.needed("token")?;
    if app_tokens::looks_like_one(token.as_bytes()) {
        return Err(OAuthError::named(
            "unsupported_token_type",
            "signed tokens cannot be taken back one by one; they are good for an hour, and disabling the app or renewing its secret ends all of them",
        ));
    }
    let hash = TokenHash::of(token.as_bytes());
    let revoked = work(&host, move |host| {
        let revoked = host.directory.revoke_token(&app, &hash)?;
        host.credentials.forget_account(&app.account);
        Ok(revoked)
    })
    .await?;
    match revoked {
        // RFC 7009 leaves the body open; a client that takes nothing but JSON needs some.
        Revoked::Void => Ok(no_store(reply::json(StatusCode::OK, &serde_json::json!({})))),
        Revoked::Foreign => Err(OAuthError::invalid_request("the token was given to another app")),
    }
}
