//! Logging in and out, the way the platform's user interfaces and `lpf` do it.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    member::Member,
    schemas::{ErrorView, RefreshedView, SessionView},
    sent::{Document, Sent},
};
use crate::{
    auth::{self, COOKIE, TokenHash, passwords, tokens},
    client::{ClientAddress, Encrypted},
    directory::{
        OPERATORS,
        records::{SessionRecord, UserRecord},
    },
    host::Host,
    lambda::now_ms,
    reply::{self, Refusal},
};

/// Bytes of a log-in's body.
const BODY: usize = 16 << 10;

/// Who logs in: with a password, or with the four parts of an API key.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LoginBody {
    username: Option<String>,
    password: Option<String>,
    app_key: Option<String>,
    secret: Option<String>,
    access_token: Option<String>,
    access_token_secret: Option<String>,
}

impl Document for LoginBody {
    const MOST: usize = BODY;
}

/// An API key as a program brings it.
struct BroughtKey {
    app_key: String,
    secret: String,
    access_token: String,
    access_token_secret: String,
}

impl LoginBody {
    /// The API key, where one is meant.
    fn api_key(&mut self) -> Result<Option<BroughtKey>, Refusal> {
        let Some(app_key) = self.app_key.take().filter(|key| !key.is_empty()) else { return Ok(None) };
        let needed = |field: &mut Option<String>, name: &str| {
            field
                .take()
                .ok_or_else(|| Refusal::bad_input(format!("`{name}` is missing, which goes with `appKey`")))
        };
        Ok(Some(BroughtKey {
            app_key,
            secret: needed(&mut self.secret, "secret")?,
            access_token: needed(&mut self.access_token, "accessToken")?,
            access_token_secret: needed(&mut self.access_token_secret, "accessTokenSecret")?,
        }))
    }
}

/// What proves that a refresh is meant.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RefreshBody {
    csrf: Option<String>,
}

impl Document for RefreshBody {
    const MOST: usize = BODY;
}

/// One password for another.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasswordBody {
    old_password: Option<String>,
    password: Option<String>,
}

impl Document for PasswordBody {
    const MOST: usize = BODY;
}

/// A session that was just begun.
struct Begun {
    token: String,
    csrf: String,
}

/// `POST /login`: a user name and a password for a session.
#[utoipa::path(
    post, path = "/login", operation_id = "logIn", tag = "session",
    request_body = LoginBody,
    responses(
        (status = 200, description = "a session: the token as `bearer` and as the cookie `session_id`, and the csrf token that calls with the cookie must send", body = SessionView),
        (status = 400, body = ErrorView),
        (status = 401, description = "no such user, or not that password", body = ErrorView),
        (status = 429, description = "too many failures; `Retry-After` says when to come back", body = ErrorView),
    ),
)]
pub(crate) async fn login(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    encrypted: Option<Extension<Encrypted>>,
    Extension(peer): Extension<ClientAddress>,
    sent: Sent<LoginBody>,
) -> Result<Response<Body>, Refusal> {
    let mut given = sent.parse()?;
    let api_key = given.api_key()?;
    let username = given.username.filter(|name| !name.is_empty());
    let username = username.ok_or_else(|| Refusal::missing("username"))?;
    let (user, key) = match api_key {
        Some(key) => check_api_key(&host, &account, &username, key, peer).await?,
        None => {
            let password = given.password.ok_or_else(|| Refusal::missing("password"))?;
            (check_password(&host, &account, &username, password, peer).await?, None)
        }
    };
    let ttl = u64::from(host.options.session_seconds) * 1_000;
    let told = host.blocking(move |host| describe(host, &user, &begin(host, &user, key, ttl)?, ttl)).await?;
    let mut response = reply::json(StatusCode::OK, &told);
    let token = told["sessionId"].as_str().unwrap_or_default();
    response.headers_mut().insert(header::SET_COOKIE, cookie(token, ttl / 1_000, encrypted.is_some())?);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /refresh`: whether the session of the cookie is good, and if so, for as long again.
#[utoipa::path(
    post, path = "/refresh", operation_id = "refreshSession", tag = "session",
    request_body = RefreshBody,
    responses(
        (status = 200, description = "the session of the cookie is good for as long again", body = RefreshedView),
        (status = 400, body = ErrorView),
        (status = 401, description = "it is not", body = ErrorView),
    ),
)]
pub(crate) async fn refresh(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    encrypted: Option<Extension<Encrypted>>,
    headers: HeaderMap,
    sent: Sent<RefreshBody>,
) -> Result<Response<Body>, Refusal> {
    let given = sent.parse()?;
    let csrf = given.csrf.ok_or_else(|| Refusal::missing("csrf"))?;
    let token = auth::cookie(&headers).ok_or_else(Refusal::unauthorized)?;
    let opened = host.credentials.open(&host, token).await?;
    let proven = TokenHash::of(csrf.as_bytes()).is(&opened.csrf);
    if *opened.identity.account != *account || !proven {
        return Err(Refusal::unauthorized());
    }
    let ttl = u64::from(host.options.session_seconds) * 1_000;
    let hash = TokenHash::of(token);
    host.blocking(move |host| {
        host.directory.prolong_session(&hash, now_ms() + ttl)?;
        host.credentials.forget_token(&hash);
        Ok(())
    })
    .await?;
    let mut response = reply::json(StatusCode::OK, &json!({ "csrf": csrf, "sessionTTl": ttl.to_string() }));
    let token = std::str::from_utf8(token).map_err(Refusal::internal)?;
    response.headers_mut().insert(header::SET_COOKIE, cookie(token, ttl / 1_000, encrypted.is_some())?);
    Ok(response)
}

/// `POST /logout`: ends the session the call was made with.
#[utoipa::path(
    post, path = "/logout", operation_id = "logOut", tag = "session",
    responses((status = 204, description = "the session is over"), (status = 400, description = "the call was not made with a session", body = ErrorView)),
)]
pub(crate) async fn logout(
    State(host): State<Arc<Host>>,
    member: Member,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    if !member.caller.is_session() {
        return Err(Refusal::bad_input("the call was not made with a session"));
    }
    let hash = auth::token(&headers).map(TokenHash::of).ok_or_else(Refusal::unauthorized)?;
    host.blocking(move |host| {
        host.directory.end_session(&hash)?;
        host.credentials.forget_token(&hash);
        Ok(())
    })
    .await?;
    let mut response = reply::empty(StatusCode::NO_CONTENT);
    response.headers_mut().insert(header::SET_COOKIE, cookie("", 0, false)?);
    Ok(response)
}

/// `PUT /password`: one's own password. Ends every session, this one too.
#[utoipa::path(
    put, path = "/password", operation_id = "changePassword", tag = "session",
    request_body = PasswordBody,
    responses(
        (status = 204, description = "changed; every session of the user is over"),
        (status = 400, description = "the new one is too short, too plain or the old one", body = ErrorView),
        (status = 401, description = "`oldPassword` is wrong", body = ErrorView),
    ),
)]
pub(crate) async fn change_password(
    State(host): State<Arc<Host>>,
    member: Member,
    Extension(peer): Extension<ClientAddress>,
    sent: Sent<PasswordBody>,
) -> Result<Response<Body>, Refusal> {
    if !member.caller.is_session() || member.caller.account() != &*member.caller.identity().account {
        return Err(Refusal::bad_input("a password is changed by its user, who has logged in"));
    }
    let given = sent.parse()?;
    let old = given.old_password.ok_or_else(|| Refusal::missing("oldPassword"))?;
    let new = given.password.ok_or_else(|| Refusal::missing("password"))?;
    let (account, name) = (member.caller.account().to_owned(), member.caller.name().to_owned());
    passwords::judge(&new, &name)?;
    if old == new {
        return Err(Refusal::bad_input("`password` is the old one"));
    }
    let user = check_password(&host, &account, &name, old, peer).await?;
    let hash = host.passwords.hash(new).await?;
    host.blocking(move |host| {
        host.directory.set_password(&account, user.id, hash, false, &name)?;
        host.credentials.forget_account(&account);
        Ok(())
    })
    .await?;
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

/// The user of a name and a password, or one answer for all ways in which there is none.
pub(super) async fn check_password(
    host: &Arc<Host>,
    account: &str,
    username: &str,
    password: String,
    ClientAddress(peer): ClientAddress,
) -> Result<UserRecord, Refusal> {
    if password.len() > passwords::MAX_PASSWORD || username.len() > passwords::MAX_PASSWORD {
        return Err(Refusal::wrong_login());
    }
    host.brake.check(account, username, peer)?;
    let (account, username) = (account.to_owned(), username.to_owned());
    let (in_account, named) = (account.clone(), username.clone());
    let known = host
        .blocking(move |host| match host.directory.user_named(&in_account, &named)? {
            Some(user) => Ok(host.directory.user_admitted(&user.account, user.id)?),
            None => Ok(None),
        })
        .await?;
    let stored = known.as_ref().map(|user| user.password.clone());
    let good = host.passwords.verify(password, stored).await?;
    match known.filter(|_| good) {
        Some(user) => {
            host.brake.succeeded(&account, &username);
            Ok(user)
        }
        None => {
            host.brake.failed(&account, &username, peer);
            tracing::info!(account, from = %peer, "a log-in failed");
            Err(Refusal::wrong_login())
        }
    }
}

/// The user of a name and an API key of theirs, and the key's name; one answer for all ways in which it is not so.
async fn check_api_key(
    host: &Arc<Host>,
    account: &str,
    username: &str,
    key: BroughtKey,
    ClientAddress(peer): ClientAddress,
) -> Result<(UserRecord, Option<String>), Refusal> {
    if username.len() > passwords::MAX_PASSWORD || key.app_key.len() > passwords::MAX_PASSWORD {
        return Err(Refusal::wrong_login());
    }
    host.brake.check(account, username, peer)?;
    let (in_account, named) = (account.to_owned(), username.to_owned());
    let found = host
        .blocking(move |host| {
            let record = host.directory.api_key(&in_account, &key.app_key)?;
            let proved =
                record.filter(|it| it.is_proved_by(&key.secret, &key.access_token, &key.access_token_secret));
            let user = match &proved {
                Some(record) => host.directory.user_admitted(&in_account, record.user)?,
                None => None,
            };
            let user = user.filter(|user| user.login_name.to_lowercase() == named.to_lowercase());
            Ok(user.map(|user| (user, Some(key.app_key))))
        })
        .await?;
    // One that is right forgives nobody's guesses at the password: programs log in again and again.
    if found.is_none() {
        host.brake.failed(account, username, peer);
        tracing::info!(account, from = %peer, "a log-in with an API key failed");
    }
    found.ok_or_else(Refusal::wrong_login)
}

fn begin(host: &Host, user: &UserRecord, api_key: Option<String>, ttl: u64) -> Result<Begun, Refusal> {
    let begun = Begun { token: tokens::random(tokens::SESSION)?, csrf: tokens::random("")? };
    let now = now_ms();
    let session = SessionRecord {
        account: user.account.clone(),
        user: user.id,
        csrf: TokenHash::of(begun.csrf.as_bytes()).to_hex(),
        api_key,
        created_at: now.max(user.valid_from),
        expires_at: now + ttl,
    };
    host.directory.put_session(&TokenHash::of(begun.token.as_bytes()), &session)?;
    Ok(begun)
}

/// What the platform tells a user who has logged in, in its own words.
fn describe(host: &Host, user: &UserRecord, begun: &Begun, ttl: u64) -> Result<Value, Refusal> {
    let permissions = host.directory.permissions(user)?;
    let is_lpa = permissions.meets(auth::Permissions::LPA);
    Ok(json!({
        "bearer": begun.token,
        "csrf": begun.csrf,
        "sessionId": begun.token,
        "sessionTTl": ttl.to_string(),
        "config": {
            "userId": user.id,
            "loginName": user.login_name,
            "userPrivileges": permissions.names().collect::<Vec<_>>(),
            "isLPA": is_lpa,
            "isAdmin": is_lpa || permissions.meets(auth::Permissions::ADMIN),
            "isOperator": user.account == OPERATORS,
            "mustChangePassword": user.newcomer,
        },
        "csdsCollectionResponse": { "baseURIs": [] },
        "accountData": { "accountId": user.account },
    }))
}

fn cookie(token: &str, seconds: u64, encrypted: bool) -> Result<HeaderValue, Refusal> {
    let secure = if encrypted { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).map_err(Refusal::internal)
}
