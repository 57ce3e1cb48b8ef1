//! What callers are told when a call is refused. What is logged about it is another field and never leaves the house.

use std::{borrow::Cow, fmt};

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use bytes::Bytes;
use lambkin_runtime::{ErrorCode, Finding, RuntimeError};
use serde::Serialize;

use crate::{
    admission::Turned,
    auth::{
        Identity, Kind,
        rights::{Right, Roles},
    },
    directory::DirectoryError,
    ledger::LedgerError,
    rates::Spent,
    store::StoreError,
};

/// Stable error codes of the API.
pub(crate) mod code {
    pub(crate) const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";
    pub(crate) const GENERAL: &str = "com.liveperson.faas.es.general";
    pub(crate) const MISSING_LAMBDA: &str = "com.liveperson.faas.es.missinglambda";
    pub(crate) const NOT_DEPLOYED: &str = "com.liveperson.faas.es.notdeployed";
    pub(crate) const UNAVAILABLE: &str = "com.liveperson.faas.es.unavailable";
    pub(crate) const UNAUTHORIZED: &str = "com.liveperson.faas.es.unauthorized";
    pub(crate) const FORBIDDEN: &str = "com.liveperson.faas.es.forbidden";
    pub(crate) const NOT_FOUND: &str = "com.liveperson.faas.es.notfound";
    pub(crate) const METHOD: &str = "com.liveperson.faas.es.methodnotallowed";
    pub(crate) const CONFLICT: &str = "com.liveperson.faas.es.conflict";
    pub(crate) const TOO_MANY_HOPS: &str = "com.liveperson.faas.es.toomanyhops";
    pub(crate) const TOO_LARGE: &str = "com.liveperson.faas.es.toolarge";
}

/// Seconds after which a caller that met a full house should come back.
const COME_BACK: u32 = 1;

/// Seconds that stop the published clients from repeating a call that may have run already.
const DO_NOT_REPEAT: u32 = 3_600;

/// A call that was not served.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    findings: Vec<Finding>,
    retry_after: Option<u32>,
    /// For the log only.
    cause: Option<String>,
}

/// What the log is to say about a response; taken off before the response leaves.
#[derive(Clone, Debug)]
pub(crate) struct Cause(pub(crate) String);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody<'a> {
    error_code: &'a str,
    error_msg: &'a str,
    #[serde(skip_serializing_if = "<[Finding]>::is_empty")]
    findings: &'a [Finding],
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code),
            message: message.into(),
            findings: Vec::new(),
            retry_after: None,
            cause: None,
        }
    }

    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code::BAD_INPUT, message)
    }

    /// A field of the body has to be there and is not.
    pub(crate) fn missing(field: &str) -> Self {
        Self::bad_input(format!("`{field}` is missing"))
    }

    /// The source is not an acceptable lambda; the caller gets every finding.
    pub(crate) fn contract(findings: Vec<Finding>) -> Self {
        let message = crate::api::findings::sentence(&findings);
        Self { findings, ..Self::new(StatusCode::BAD_REQUEST, ErrorCode::ContractError.as_str(), message) }
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code::CONFLICT, message)
    }

    pub(crate) fn too_large(cap: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            code::TOO_LARGE,
            format!("the body is larger than the {cap} bytes this call takes"),
        )
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            code::UNAUTHORIZED,
            "the call carries no valid token; send the header `Authorization: Bearer <token>`",
        )
    }

    pub(crate) fn forbidden(account: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            code::FORBIDDEN,
            format!("the token does not open account {}", shown(account)),
        )
    }

    /// An app asked for what only users see.
    pub(crate) fn raw_form_only() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            code::FORBIDDEN,
            "the token of an app gets results in the raw form; leave out `form=test`, or log in as a user",
        )
    }

    /// A name and a password that do not open anything; which of the two is wrong is not told.
    pub(crate) fn wrong_login() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code::UNAUTHORIZED, "the user name or the password is wrong")
    }

    /// Whoever guesses has to wait.
    pub(crate) fn too_many_failures(seconds: u64) -> Self {
        let message = format!("too many log-ins failed; try again in {seconds} s");
        Self {
            retry_after: Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, code::GENERAL, message)
        }
    }

    /// The caller may enter, but not do this.
    pub(crate) fn lacking(right: &Right, identity: &Identity, roles: Roles) -> Self {
        let holders: Vec<_> = right.holders(roles).names().collect();
        let needed = match holders.as_slice() {
            [] if right.is_operators() => "only the operator has it".to_owned(),
            [] => "nobody has it".to_owned(),
            some => format!("it comes with {}", some.join(" or ")),
        };
        let has: Vec<_> = identity.permissions.names().collect();
        let who = match (identity.kind, has.as_slice()) {
            (Kind::InvokeToken, _) => "this token was given for `faas.lambda.invoke` alone".to_owned(),
            (Kind::AppToken, _) => "the token of an app may only invoke".to_owned(),
            (Kind::Operator, _) => "the operator manages accounts and does not work in them".to_owned(),
            (_, []) => "the caller has no permission".to_owned(),
            (_, some) => format!("the caller has {}", some.join(" and ")),
        };
        let message =
            format!("this call needs the right `{} {}`: {needed}, and {who}", right.subject, right.verb);
        Self::new(StatusCode::FORBIDDEN, code::FORBIDDEN, message)
    }

    /// A password that somebody else knows opens nothing but its own replacement.
    pub(crate) fn password_due() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            code::FORBIDDEN,
            "this password was given by somebody else; change it first: `PUT /api/account/{account}/password` with `oldPassword` and `password`, then log in again",
        )
    }

    /// A session came by cookie and without its proof.
    pub(crate) fn csrf(header: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            code::FORBIDDEN,
            format!(
                "a session that comes by cookie may only change something with its `csrf` in the header `{header}`"
            ),
        )
    }

    /// A route that no row of the table opens.
    pub(crate) fn nobodys() -> Self {
        Self::new(StatusCode::FORBIDDEN, code::FORBIDDEN, "nobody may make this call")
    }

    /// A `--dev` server was called by a name that anybody may point at it.
    pub(crate) fn foreign_name() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            code::FORBIDDEN,
            "a server started with --dev answers only calls to a loopback address or `localhost`; call it by one of them, or start it without --dev",
        )
    }

    /// The id is known to nobody in this account. The sentence is the contract's.
    pub(crate) fn missing_lambda(account: &str, uuid: impl fmt::Display) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            code::MISSING_LAMBDA,
            format!("There is no {uuid} deployed on {}", shown(account)),
        )
    }

    pub(crate) fn not_deployed(uuid: impl fmt::Display) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            code::NOT_DEPLOYED,
            format!("lambda {uuid} is not deployed; deploy it first"),
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, "there is nothing under this path")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            code::METHOD,
            "this path does not take this method; the header `Allow` names those it takes",
        )
    }

    pub(crate) fn full(why: impl fmt::Display) -> Self {
        let message = format!("{why}; try again in {COME_BACK} s");
        Self {
            retry_after: Some(COME_BACK),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, code::GENERAL, message)
        }
    }

    pub(crate) fn shutting_down() -> Self {
        let message = "the server is shutting down; try again in a moment";
        Self {
            retry_after: Some(COME_BACK),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, message)
        }
    }

    pub(crate) fn body_too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, code::BAD_INPUT, "the body did not arrive in time")
    }

    /// Status, sentence, seconds to wait and what the log is to say, for those who say it in another form.
    pub(crate) fn into_parts(self) -> (StatusCode, String, Option<u32>, Option<String>) {
        (self.status, self.message, self.retry_after, self.cause)
    }

    /// The host's own trouble. Callers get a sentence without details, the log gets `cause`.
    pub(crate) fn internal(cause: impl fmt::Display) -> Self {
        let message = "the server could not serve this call; its log says why under the call's X-Request-ID";
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, code::GENERAL, message)
        }
    }

    /// The same request has run already, and what came of it is not known any more.
    pub(crate) fn ran_before() -> Self {
        let message = "a request with this `X-Request-ID` and body has run already, and its answer was not kept; if it \
                       is to run again, send it with another id";
        Self::new(StatusCode::CONFLICT, code::CONFLICT, message)
    }

    /// A lambda has called itself, directly or through others, too often.
    pub(crate) fn too_many_hops(budget: u32) -> Self {
        let message = format!(
            "the call came through {budget} lambdas already, which is the limit for calls of lambdas by lambdas; \
             see what calls itself (header `X-Lambkin-Hops`)"
        );
        Self::new(StatusCode::BAD_REQUEST, code::TOO_MANY_HOPS, message)
    }

    /// Whether it is the host's own fault.
    pub(crate) fn is_internal(&self) -> bool {
        self.status == StatusCode::INTERNAL_SERVER_ERROR
    }

    /// Whether the lambda may have run all the same.
    pub(crate) fn may_have_run(&self) -> bool {
        self.status.is_server_error() && self.retry_after == Some(DO_NOT_REPEAT)
    }

    /// The status it has on the wire.
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The code and the sentence, for an answer that has other answers beside it.
    pub(crate) fn told(&self) -> (&str, &str) {
        (&self.code, &self.message)
    }

    /// [`Refusal::internal`] after the lambda may have run: the published clients must not run it again.
    pub(crate) fn internal_after_run(cause: impl fmt::Display) -> Self {
        Self { retry_after: Some(DO_NOT_REPEAT), ..Self::internal(cause) }
    }
}

/// A piece of a request as it may stand in a message: bounded and printable.
fn shown(text: &str) -> String {
    text.chars().take(64).map(|c| if c.is_control() { '?' } else { c }).collect()
}

impl From<Turned> for Refusal {
    fn from(why: Turned) -> Self {
        match why {
            Turned::Closing => Self::shutting_down(),
            Turned::LambdaFull | Turned::HouseFull | Turned::TooLong => Self::full(why),
        }
    }
}

impl From<Spent> for Refusal {
    fn from(why: Spent) -> Self {
        let seconds = match &why {
            Spent::Second { wait, .. } => {
                u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(COME_BACK)
            }
            // Longer than the published clients are prepared to wait: they do not try again.
            Spent::Month { .. } => DO_NOT_REPEAT,
        };
        let message = match &why {
            Spent::Second { .. } => format!("{why}; try again in {seconds} s"),
            Spent::Month { .. } => format!("{why}; it begins anew with the next one, or ask the operator"),
        };
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, code::GENERAL, message)
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Failed(cause) => Self {
                cause: Some(cause),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    code::UNAVAILABLE,
                    "storage failed, restart the server",
                )
            },
            StoreError::Backend(_) | StoreError::Record { .. } => Self::internal(error),
        }
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Missing(uuid) => {
                Self::new(StatusCode::NOT_FOUND, code::MISSING_LAMBDA, format!("there is no lambda {uuid}"))
            }
            LedgerError::NotDeployed(uuid) => Self::not_deployed(uuid),
            LedgerError::NotWhitelisted(_) => {
                Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, error.to_string())
            }
            LedgerError::NoVersion(_) | LedgerError::NoDeployment(_) | LedgerError::NoSchedule(_) => {
                Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, error.to_string())
            }
            LedgerError::Store(error) => error.into(),
            LedgerError::NameTaken(_)
            | LedgerError::TooMany(..)
            | LedgerError::Whitelisted(_)
            | LedgerError::EventFull { .. }
            | LedgerError::SkillsTaken { .. }
            | LedgerError::Served(_)
            | LedgerError::Stale { .. }
            | LedgerError::Deploying
            | LedgerError::StillDeployed(_) => Self::conflict(error.to_string()),
        }
    }
}

impl From<DirectoryError> for Refusal {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Missing(..) => {
                Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, error.to_string())
            }
            DirectoryError::Taken(..) | DirectoryError::Conflict(_) => Self::conflict(error.to_string()),
            DirectoryError::Store(error) => error.into(),
        }
    }
}

impl From<RuntimeError> for Refusal {
    fn from(error: RuntimeError) -> Self {
        let told = match &error.hint {
            Some(hint) => format!("{}; {hint}", error.message),
            None => error.message.clone(),
        };
        match error.code {
            ErrorCode::Busy => Self::full("every instance is in use"),
            ErrorCode::Internal | ErrorCode::ImageInvalid => Self::internal(error.message),
            ErrorCode::ContractError
            | ErrorCode::FreezeFailed
            | ErrorCode::ModuleRefused
            | ErrorCode::BadInput => Self::new(StatusCode::BAD_REQUEST, error.code.as_str(), told),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let body = ErrorBody { error_code: &self.code, error_msg: &self.message, findings: &self.findings };
        let mut response = json(self.status, &body);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}

/// A JSON response.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => json_bytes(status, bytes.into()),
        // Our own types always serialise; should one not, the caller learns no more than of any internal error.
        Err(error) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response.extensions_mut().insert(Cause(error.to_string()));
            response
        }
    }
}

/// A response whose body is JSON text already. The bytes are moved, not copied.
pub(crate) fn json_bytes(status: StatusCode, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A response without a body.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
