//! Errors in the form of RFC 6749 (5.2): what OAuth clients understand, beside what the rest of the API says.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    directory::grants::GrantError,
    reply::{self, Cause, Refusal},
    store::StoreError,
};

/// Why there is no token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OAuthError)]
pub(crate) struct OAuthError {
    /// One of RFC 6749's words.
    #[schema(example = "invalid_grant")]
    pub(super) error: &'static str,
    /// One sentence; made for people.
    #[serde(rename = "error_description")]
    pub(super) description: String,
    #[serde(skip)]
    pub(super) status: StatusCode,
    #[serde(skip)]
    retry_after: Option<u32>,
    /// For the log only.
    #[serde(skip)]
    cause: Option<String>,
}

impl OAuthError {
    fn new(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into(), status, retry_after: None, cause: None }
    }

    /// One of the words that are needed in one place only.
    pub(super) fn named(error: &'static str, description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description)
    }

    /// Leaves on a response what the log is to say about it.
    pub(super) fn leave_cause(self, response: &mut Response<Body>) {
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
        }
    }

    /// Something is missing, is there twice, or cannot be.
    pub(super) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// One answer for every way in which an app can fail to prove itself.
    pub(super) fn invalid_client() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "no app of this account has this `client_id` and `client_secret`, or it is disabled",
        )
    }

    /// The app may do nothing of the kind.
    pub(super) fn unauthorized_client(way: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            format!("the app was not installed with the grant type `{way}`"),
        )
    }

    pub(super) fn unsupported_grant_type(known: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", format!("`grant_type` must be {known}"))
    }

    pub(super) fn invalid_scope(allowed: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            format!("nothing of the `scope` is the app's, which is `{allowed}`"),
        )
    }
}

impl From<Refusal> for OAuthError {
    fn from(refusal: Refusal) -> Self {
        let (status, description, retry_after, cause) = refusal.into_parts();
        let error = match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "temporarily_unavailable",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request",
        };
        Self { error, description, status, retry_after, cause }
    }
}

impl From<StoreError> for OAuthError {
    fn from(error: StoreError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<GrantError> for OAuthError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Store(error) => error.into(),
            GrantError::Scope => Self::named("invalid_scope", &error.to_string()),
            GrantError::Invalid(_) | GrantError::Reused => Self::named("invalid_grant", &error.to_string()),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response<Body> {
        let mut response = super::no_store(reply::json(self.status, &self));
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"sentinel\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        self.leave_cause(&mut response);
        response
    }
}
