//! Codes (RFC 6749, 4.1): the app sends the user's browser here, the user logs in and agrees, the browser takes a code
//! back to the app.
//!
//! Nothing is remembered between the page and its form: what the app asked for travels in the form and is judged again.
//! That the form was sent from our page and not by another site is proved twice: by a cookie whose hash the form
//! carries, and by what the browser says about where the form came from.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};

use super::{
    consent::{self, Attempt},
    error::OAuthError,
    form, no_store,
    parameters::Parameters,
    request::{AuthorizationRequest, Back, Unanswerable},
};
use crate::{
    api::login::check_password,
    auth::{self, TokenHash, tokens},
    client::{ClientAddress, Encrypted},
    directory::{
        grants::{CODE_LIFE, CodeRecord, GrantRecord},
        records::UserRecord,
    },
    host::Host,
    lambda::now_ms,
    reply::Refusal,
};

/// The cookie that ties a form to the browser it was shown in.
const COOKIE: &str = "sentinel_form";

/// Seconds for which a page may be left open.
const PAGE_SECONDS: u32 = 1_800;

/// `GET /sentinel/api/account/{account}/authorize`.
#[utoipa::path(
    get, path = "/sentinel/api/account/{account}/authorize", operation_id = "authorize", tag = "oauth",
    params(
        ("account" = String, Path, description = "the account"),
        ("response_type" = String, Query, description = "`code`"),
        ("client_id" = String, Query, description = "the app"),
        ("redirect_uri" = Option<String>, Query, description = "where to go back to: one the app was installed with, to the letter"),
        ("state" = Option<String>, Query, description = "comes back unchanged"),
        ("scope" = Option<String>, Query, description = "the app's unless given"),
        ("code_challenge" = Option<String>, Query, description = "PKCE; needed where the app keeps no secret"),
        ("code_challenge_method" = Option<String>, Query, description = "`S256`"),
        ("nonce" = Option<String>, Query, description = "comes back in the id token"),
        ("v" = Option<String>, Query, description = "`1.0`"),
    ),
    responses(
        (status = 200, description = "a page on which a user logs in and agrees", content_type = "text/html", body = String),
        (status = 302, description = "back to the app: `error`, `error_description` and `state`"),
        (status = 400, description = "a page that says what is wrong, where it is not sure that the URI is the app's", content_type = "text/html", body = String),
        (status = 401, description = "a page: there is no such app", content_type = "text/html", body = String),
    ),
)]
pub(crate) async fn authorize(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
    encrypted: Option<Extension<Encrypted>>,
    headers: HeaderMap,
) -> Response<Body> {
    let asked = async {
        let parameters = Parameters::parse_query(query.as_deref()).map_err(Unanswerable::Here)?;
        AuthorizationRequest::judge(&host, &account, &parameters).await
    };
    match asked.await {
        Ok(request) => ask(&request, &headers, encrypted.is_some(), &Attempt::default(), StatusCode::OK),
        Err(unanswerable) => explain(unanswerable),
    }
}

/// `POST /sentinel/api/account/{account}/authorize`: the form of that page.
#[utoipa::path(
    post, path = "/sentinel/api/account/{account}/authorize", operation_id = "agree", tag = "oauth",
    params(("account" = String, Path, description = "the account")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "the form of the page"),
    responses(
        (status = 302, description = "back to the app: `code` and `state`, or `error`, `error_description` and `state`"),
        (status = 400, description = "a page", content_type = "text/html", body = String),
        (status = 401, description = "the page again: no such user, or not that password", content_type = "text/html", body = String),
        (status = 403, description = "the form was not sent from the page", content_type = "text/html", body = String),
        (status = 429, description = "the page again: too many failures; `Retry-After` says when to come back", content_type = "text/html", body = String),
    ),
)]
pub(crate) async fn agree(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    encrypted: Option<Extension<Encrypted>>,
    Extension(peer): Extension<ClientAddress>,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let sent = async {
        let parameters = form(&host, &headers, body).await.map_err(Unanswerable::Here)?;
        let parameters = parameters.unwrap_or_default();
        if !comes_from_here(&headers, parameters.one("csrf").map_err(Unanswerable::Here)?) {
            return Err(Unanswerable::Here(foreign()));
        }
        let request = AuthorizationRequest::judge(&host, &account, &parameters).await?;
        Ok((parameters, request))
    };
    let (parameters, request) = match sent.await {
        Ok(sent) => sent,
        Err(unanswerable) => return explain(unanswerable),
    };
    match decide(&host, &account, &parameters, &request, peer).await {
        Ok(code) => go(&request.back, &[("code", &code)]),
        Err(Undecided::Denied) => {
            let told = [("error", "access_denied"), ("error_description", "the user said no")];
            go(&request.back, &told)
        }
        Err(Undecided::Again(refusal)) => {
            let (status, message, retry_after, cause) = refusal.into_parts();
            if let Some(cause) = cause {
                tracing::error!(cause, "a log-in for an app failed");
            }
            let username = parameters.one("username").ok().flatten().unwrap_or_default();
            let attempt = Attempt { username, error: Some(sentence(&message)) };
            let mut page = ask(&request, &headers, encrypted.is_some(), &attempt, status);
            if let Some(seconds) = retry_after {
                page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            page
        }
    }
}

/// Why there is no code.
enum Undecided {
    Denied,
    /// The user may try again.
    Again(Refusal),
}

impl From<Refusal> for Undecided {
    fn from(refusal: Refusal) -> Self {
        Self::Again(refusal)
    }
}

/// Looks who the user is and gives the app a code if they agree.
async fn decide(
    host: &Arc<Host>,
    account: &str,
    parameters: &Parameters,
    request: &AuthorizationRequest,
    peer: ClientAddress,
) -> Result<String, Undecided> {
    let once = |name: &str| {
        let value = parameters.one(name).map_err(|error| Refusal::bad_input(error.description))?;
        Ok::<_, Refusal>(value.map(str::to_owned))
    };
    match once("decision")?.as_deref() {
        Some("allow") => {}
        Some("deny") => return Err(Undecided::Denied),
        _ => return Err(Refusal::bad_input("say whether you allow it").into()),
    }
    let (Some(username), Some(password)) = (once("username")?, once("password")?) else {
        return Err(Refusal::bad_input("the user name or the password is missing").into());
    };
    let user = check_password(host, account, &username, password, peer).await?;
    if user.newcomer {
        return Err(Refusal::password_due().into());
    }
    Ok(give_code(host, request, user).await?)
}

async fn give_code(
    host: &Arc<Host>,
    request: &AuthorizationRequest,
    user: UserRecord,
) -> Result<String, Refusal> {
    let now = now_ms();
    let code = tokens::random(tokens::CODE)?;
    let hash = TokenHash::of(code.as_bytes());
    let app = request.app.clone();
    let grant = GrantRecord::new(
        &app,
        &user,
        (request.wish.scope, request.wish.narrowed),
        request.wish.nonce.clone(),
        now,
    );
    let record = CodeRecord {
        account: app.account.clone(),
        grant: grant.id,
        redirect_uri: request.back.redirect_uri.clone(),
        named: request.back.named,
        challenge: request.wish.challenge.clone(),
        expires_at: now + CODE_LIFE,
        used: false,
    };
    host.blocking(move |host| Ok(host.directory.agree(&grant, &hash, &record, &app, &user.login_name)?))
        .await?;
    Ok(code)
}

/// Shows the form.
fn ask(
    request: &AuthorizationRequest,
    headers: &HeaderMap,
    encrypted: bool,
    attempt: &Attempt<'_>,
    status: StatusCode,
) -> Response<Body> {
    let page = || {
        // A page in another tab keeps working: the browser's cookie stays what it is. `Lax`, because the browser comes
        // here from the app's site and would not bring a strict one; no site can make it send either with a form.
        let cookie =
            match auth::named_cookie(headers, COOKIE).and_then(|cookie| std::str::from_utf8(cookie).ok()) {
                Some(cookie) if is_fit(cookie) => cookie.to_owned(),
                _ => tokens::random("")?,
            };
        let csrf = TokenHash::of(cookie.as_bytes()).to_hex();
        let mut page = consent::form(request, &csrf, attempt, status)?;
        let secure = if encrypted { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE}={cookie}; Path=/sentinel; Max-Age={PAGE_SECONDS}; HttpOnly; SameSite=Lax{secure}"
        );
        page.headers_mut()
            .insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Refusal::internal)?);
        Ok::<_, Refusal>(page)
    };
    page().unwrap_or_else(IntoResponse::into_response)
}

/// Whether a cookie is one that [`ask`] made.
fn is_fit(cookie: &str) -> bool {
    cookie.len() == 43 && cookie.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether a form was sent from the page this browser was shown.
fn comes_from_here(headers: &HeaderMap, csrf: Option<&str>) -> bool {
    let proved = match (auth::named_cookie(headers, COOKIE), csrf) {
        (Some(cookie), Some(csrf)) => TokenHash::of(cookie).is(csrf),
        _ => false,
    };
    let site = headers.get("sec-fetch-site").is_none_or(|site| site.as_bytes() == b"same-origin");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = headers.get(header::ORIGIN).is_none_or(|origin| {
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        origin.is_some_and(|(_, name)| Some(name) == host)
    });
    proved && site && origin
}

fn foreign() -> OAuthError {
    let mut error = OAuthError::invalid_request(
        "the form was not sent from its page, or the page was open for too long; a proxy in between must pass the header `Host` on",
    );
    error.status = StatusCode::FORBIDDEN;
    error
}

fn explain(unanswerable: Unanswerable) -> Response<Body> {
    match unanswerable {
        Unanswerable::Here(error) => {
            let mut page = consent::apology(error.status, &sentence(&error.description));
            error.leave_cause(&mut page);
            page
        }
        Unanswerable::There(back, error) => {
            go(&back, &[("error", error.error), ("error_description", &error.description)])
        }
    }
}

/// Sends the browser back to the app.
fn go(back: &Back, told: &[(&str, &str)]) -> Response<Body> {
    let Ok(location) = HeaderValue::from_str(&back.with(told)) else {
        return Refusal::internal("a redirect URI is no header value").into_response();
    };
    let mut response = no_store(Response::new(Body::empty()));
    *response.status_mut() = StatusCode::FOUND;
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// As it stands on a page: with a capital and a full stop.
fn sentence(text: &str) -> String {
    let text = text.replace('`', "");
    let mut letters = text.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
