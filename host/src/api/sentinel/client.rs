//! Which app is calling, and whether it is that app: its secret comes in the form or as Basic, never both ways.
//!
//! Guessing is not slowed down as it is for passwords: a secret has 256 random bits, and a brake would let anybody who
//! knows a client id keep that app from its tokens.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{error::OAuthError, parameters::Parameters, work};
use crate::{api::query, auth::TokenHash, directory::apps::AppRecord, host::Host};

/// Characters of a client id.
const MAX_ID: usize = 64;

/// What an app says about itself.
struct Presented {
    client_id: String,
    secret: Option<String>,
}

/// The app that is calling, once it has proved itself. An app without a secret has not; PKCE does it for its codes.
pub(super) async fn authenticate(
    host: &Arc<Host>,
    account: &str,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<AppRecord, OAuthError> {
    let presented = presented(headers, parameters)?;
    let account = account.to_owned();
    work(host, move |host| {
        let app = host.directory.app_admitted(&account, &presented.client_id)?;
        let app = app.ok_or_else(OAuthError::invalid_client)?;
        let proved = match (&app.secret, &presented.secret) {
            (Some(stored), Some(given)) => TokenHash::of(given.as_bytes()).is(stored),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if proved { Ok(app) } else { Err(OAuthError::invalid_client()) }
    })
    .await
}

fn presented(headers: &HeaderMap, parameters: &Parameters) -> Result<Presented, OAuthError> {
    let id = parameters.one("client_id")?;
    let secret = parameters.one("client_secret")?;
    let presented = match basic(headers)? {
        Some(_) if secret.is_some() => {
            return Err(OAuthError::invalid_request(
                "the secret comes twice: in the form and in the header `Authorization`",
            ));
        }
        Some(basic) if id.is_some_and(|id| id != basic.client_id) => {
            return Err(OAuthError::invalid_request(
                "`client_id` is not the one of the header `Authorization`",
            ));
        }
        Some(basic) => basic,
        None => Presented {
            client_id: id.ok_or_else(OAuthError::invalid_client)?.to_owned(),
            secret: secret.map(str::to_owned),
        },
    };
    let is_fit = presented.client_id.len() <= MAX_ID
        && presented.client_id.bytes().all(|byte| byte.is_ascii_graphic());
    if is_fit { Ok(presented) } else { Err(OAuthError::invalid_client()) }
}

/// The id and the secret of `Authorization: Basic`. Both are escaped as in a form (RFC 6749, 2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<Presented>, OAuthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(OAuthError::invalid_request("the header `Authorization` is there more than once"));
    }
    let (scheme, encoded) = value.as_bytes().split_at_checked(6).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        // An empty one, or a token of something else: not meant for us.
        return Ok(None);
    }
    let decoded = STANDARD.decode(encoded.trim_ascii()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = decoded.as_deref().and_then(|text| text.split_once(':'));
    let (id, secret) = pair.ok_or_else(OAuthError::invalid_client)?;
    let (id, secret) = query::decode(id).zip(query::decode(secret)).ok_or_else(OAuthError::invalid_client)?;
    Ok(Some(Presented { client_id: id, secret: Some(secret).filter(|secret| !secret.is_empty()) }))
}
