//! What others verify our tokens with.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, Response, StatusCode, header},
};

use super::{error::OAuthError, work};
use crate::{host::Host, lambda::now_ms, reply};

/// `GET /sentinel/well-known/jwks`. A verifier that meets a key it does not know asks again, so an hour's cache would
/// do no harm; five minutes let a key that is gone be gone.
#[utoipa::path(
    get, path = "/sentinel/well-known/jwks", operation_id = "listPublicKeys", tag = "oauth",
    responses((status = 200, description = "the keys that tokens are verified with (RFC 7517): the one that signs, and those before it while tokens of theirs live", body = Object)),
)]
pub(crate) async fn public_keys(State(host): State<Arc<Host>>) -> Result<Response<Body>, OAuthError> {
    if host.keys.serving(now_ms()).is_empty() {
        work(&host, |host| Ok(host.keys.current(now_ms()).map(drop)?)).await?;
    }
    let mut response = reply::json(StatusCode::OK, &host.keys.public_keys(now_ms()));
    let cache = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    Ok(response)
}
