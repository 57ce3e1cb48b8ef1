//! The authorisation server, which the platform calls "sentinel": tokens for apps and, when users agree, for users.
//! Paths and answers are the contract's (section 9), errors are RFC 6749's.

pub(crate) mod app_token;
pub(crate) mod authorize;
mod client;
mod consent;
pub(crate) mod discovery;
mod error;
pub(crate) mod keys;
mod parameters;
mod request;
pub(crate) mod revoke;
pub(crate) mod token;

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, header},
};

use self::{error::OAuthError, parameters::Parameters};
use crate::{body, host::Host};

/// Bytes of a form.
const FORM: usize = 16 << 10;

const FORM_TYPE: &[u8] = b"application/x-www-form-urlencoded";

/// Reads a form; `None` when there is nothing in the body.
async fn form(host: &Arc<Host>, headers: &HeaderMap, body: Body) -> Result<Option<Parameters>, OAuthError> {
    let taken = body::read(host, headers, body, FORM).await?;
    if taken.bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        let kind = kind.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
        if !kind.trim_ascii().eq_ignore_ascii_case(FORM_TYPE) {
            return Err(OAuthError::invalid_request(
                "the body must be a form (`application/x-www-form-urlencoded`)",
            ));
        }
    }
    let text = std::str::from_utf8(&taken.bytes)
        .map_err(|_| OAuthError::invalid_request("the body is not UTF-8"))?;
    Parameters::parse(text.trim_ascii()).map(Some)
}

/// Works where it may block.
async fn work<T: Send + 'static>(
    host: &Arc<Host>,
    work: impl FnOnce(&Arc<Host>) -> Result<T, OAuthError> + Send + 'static,
) -> Result<T, OAuthError> {
    host.blocking(move |host| Ok(work(host))).await?
}

/// An answer that must not lie in a cache: it holds tokens or says something about them.
fn no_store(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
