//! `/users`: who may log in to an account and with which permissions. Passwords are never chosen for somebody else:
//! a new user gets one for one use.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode, header},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    member::Member,
    paging::Page,
    query::Query,
    schemas::ErrorView,
    sent::{Document, Sent},
    view::date,
};
use crate::{
    auth::{Permissions, tokens},
    directory::{Grant, NewUser, UserChange, records::UserRecord},
    host::Host,
    reply::{self, Refusal},
};

/// Bytes of a user's description.
const BODY: usize = 16 << 10;

/// Characters of names and addresses.
const MAX_TEXT: usize = 100;

/// Profiles of one user.
const MAX_PROFILES: usize = 20;

/// A user who is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserBody {
    login_name: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    /// Any of `FaaS-Admin`, `FaaS-Developer`, `FaaS-Invocation` and `LPA`.
    #[schema(value_type = Option<Vec<String>>)]
    permissions: Option<Permissions>,
    /// Names of profiles, in the place of `permissions`.
    profiles: Option<Vec<String>>,
}

impl Document for UserBody {
    const MOST: usize = BODY;
}

/// What is to be different about a user; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserChangeBody {
    full_name: Option<String>,
    email: Option<String>,
    /// Names of profiles.
    profiles: Option<Vec<String>>,
    enabled: Option<bool>,
}

impl Document for UserChangeBody {
    const MOST: usize = BODY;
}

/// A user.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
#[serde(rename_all = "camelCase")]
struct UserView {
    user_id: Uuid,
    login_name: String,
    full_name: String,
    email: String,
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
    /// The names of those that give them.
    profiles: Vec<String>,
    enabled: bool,
    /// The password was for one use; nothing else is allowed until it is replaced.
    must_change_password: bool,
    created_at: String,
    created_by: String,
    /// Shown once, in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    one_time_password: Option<String>,
}

impl UserView {
    fn new(host: &Host, user: UserRecord, one_time_password: Option<String>) -> Result<Self, Refusal> {
        let mut profiles = Vec::new();
        for id in &user.profiles {
            profiles.extend(host.directory.profile(&user.account, *id)?.map(|profile| profile.name));
        }
        Ok(Self {
            permissions: host.directory.permissions(&user)?,
            profiles,
            user_id: user.id,
            login_name: user.login_name,
            full_name: user.full_name,
            email: user.email,
            enabled: user.enabled,
            must_change_password: user.newcomer,
            created_at: date(user.created_at),
            created_by: user.created_by,
            one_time_password,
        })
    }
}

/// `GET /users`.
#[utoipa::path(
    get, path = "/users", operation_id = "listUsers", tag = "users",
    params(
        ("limit" = Option<u64>, Query, description = "entries of a page, 1 to 1000; all unless given"),
        ("after" = Option<String>, Query, description = "the `loginName` of the last entry of the page before"),
    ),
    responses((status = 200, description = "the users of the account, by login name", body = Vec<UserView>), (status = 400, body = ErrorView)),
)]
pub(crate) async fn list(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let mut page = Page::parse(&Query::parse(query.as_deref())?)?;
    host.blocking(move |host| {
        let mut users = host.directory.users(member.caller.account())?;
        users.sort_by(|one, other| one.login_name.cmp(&other.login_name));
        let mut views = Vec::new();
        for user in users {
            if page.has_room_for(&user.login_name) {
                page.count();
                views.push(UserView::new(host, user, None)?);
            }
        }
        Ok(reply::json(StatusCode::OK, &views))
    })
    .await
}

/// `POST /users`.
#[utoipa::path(
    post, path = "/users", operation_id = "createUser", tag = "users",
    request_body = UserBody,
    responses(
        (status = 201, description = "the user, with a password for one use", body = UserView),
        (status = 400, body = ErrorView),
        (status = 409, description = "the login name is taken", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<UserBody>,
) -> Result<Response<Body>, Refusal> {
    let given = sent.parse()?;
    let permissions = given.permissions.filter(|wanted| *wanted != Permissions::NONE);
    let grant = match (permissions, profiles(given.profiles)?) {
        (Some(permissions), None) => Grant::Permissions(permissions),
        (None, Some(names)) => Grant::Profiles(names),
        (None, None) => {
            return Err(Refusal::bad_input("`permissions` is missing; name at least one, or `profiles`"));
        }
        (Some(_), Some(_)) => {
            return Err(Refusal::bad_input("`permissions` and `profiles` say the same; leave one out"));
        }
    };
    let new = NewUser {
        login_name: login_name(given.login_name)?,
        full_name: text("fullName", given.full_name)?,
        email: text("email", given.email)?,
        password: String::new(),
        newcomer: true,
    };
    let (new, password) = with_password(&host, new).await?;
    let view = host
        .blocking(move |host| {
            let by = member.caller.name();
            let user = host.directory.create_user(member.caller.account(), new, &grant, by)?;
            UserView::new(host, user, Some(password))
        })
        .await?;
    Ok(shown_once(reply::json(StatusCode::CREATED, &view)))
}

/// `PUT /users/{id}`. Nobody takes their own profiles or their own way in: an account would be left without anybody who
/// can give them back.
#[utoipa::path(
    put, path = "/users/{id}", operation_id = "updateUser", tag = "users",
    params(("id" = Uuid, Path, description = "the user")),
    request_body = UserChangeBody,
    responses(
        (status = 200, description = "the user, with what counts from the next call on", body = UserView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 404, description = "no such user or profile", body = ErrorView),
        (status = 409, description = "it is the caller", body = ErrorView),
    ),
)]
pub(crate) async fn update(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<UserChangeBody>,
) -> Result<Response<Body>, Refusal> {
    let id = user(&member)?;
    host.blocking(move |host| {
        let given = sent.parse()?;
        let given_text =
            |field, given: Option<String>| given.map(|given| text(field, Some(given))).transpose();
        let change = UserChange {
            full_name: given_text("fullName", given.full_name)?,
            email: given_text("email", given.email)?,
            profiles: profiles(given.profiles)?,
            enabled: given.enabled,
        };
        let is_own = member.caller.id() == id.to_string();
        if is_own && (change.profiles.is_some() || change.enabled == Some(false)) {
            return Err(Refusal::conflict(
                "users do not change what they may do themselves; ask another administrator",
            ));
        }
        let account = member.caller.account();
        let user = host.directory.change_user(account, id, change, member.caller.name())?;
        host.credentials.forget_account(account);
        Ok(reply::json(StatusCode::OK, &UserView::new(host, user, None)?))
    })
    .await
}

/// `POST /users/{id}/password`: the way back in for somebody who forgot theirs.
#[utoipa::path(
    post, path = "/users/{id}/password", operation_id = "resetPassword", tag = "users",
    params(("id" = Uuid, Path, description = "the user")),
    responses(
        (status = 200, description = "the user, with a password for one use; the old one and all sessions are void", body = UserView),
        (status = 400, description = "the path names no user", body = ErrorView),
        (status = 404, body = ErrorView),
    ),
)]
pub(crate) async fn reset(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let id = user(&member)?;
    let password = tokens::one_time_password()?;
    let hash = host.passwords.hash(password.clone()).await?;
    let view = host
        .blocking(move |host| {
            let account = member.caller.account();
            let user = host.directory.set_password(account, id, hash, true, member.caller.name())?;
            host.credentials.forget_account(account);
            UserView::new(host, user, Some(password))
        })
        .await?;
    Ok(shown_once(reply::json(StatusCode::OK, &view)))
}

/// `DELETE /users/{id}`. Nobody removes themselves: an account would be left without anybody who can let people in.
#[utoipa::path(
    delete, path = "/users/{id}", operation_id = "deleteUser", tag = "users",
    params(("id" = Uuid, Path, description = "the user")),
    responses(
        (status = 204, description = "gone; sessions are void"),
        (status = 400, description = "the path names no user", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "it is the caller", body = ErrorView),
    ),
)]
pub(crate) async fn delete(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let id = user(&member)?;
    host.blocking(move |host| {
        let account = member.caller.account();
        if member.caller.id() == id.to_string() {
            return Err(Refusal::conflict("users do not delete themselves; ask another administrator"));
        }
        host.directory.delete_user(account, id, member.caller.name())?;
        host.credentials.forget_account(account);
        Ok(reply::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// The user of the path.
pub(super) fn user(member: &Member) -> Result<Uuid, Refusal> {
    Uuid::try_parse(&member.id).map_err(|_| Refusal::bad_input("the path must name a user by `userId`"))
}

/// The profiles somebody is to have.
fn profiles(given: Option<Vec<String>>) -> Result<Option<Vec<String>>, Refusal> {
    match &given {
        Some(names) if names.is_empty() => Err(Refusal::bad_input("`profiles` is empty; name at least one")),
        Some(names) if names.len() > MAX_PROFILES => {
            Err(Refusal::bad_input(format!("`profiles` names more than {MAX_PROFILES}")))
        }
        _ => Ok(given),
    }
}

/// A login name somebody wishes for.
pub(super) fn login_name(given: Option<String>) -> Result<String, Refusal> {
    let name = text("loginName", given)?;
    let is_fit = !name.is_empty() && name.chars().all(|c| !c.is_whitespace());
    if is_fit { Ok(name) } else { Err(Refusal::bad_input("`loginName` must be one word")) }
}

/// A short text; nothing is the empty one.
pub(super) fn text(field: &str, given: Option<String>) -> Result<String, Refusal> {
    let text = given.unwrap_or_default();
    if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        return Err(Refusal::bad_input(format!(
            "`{field}` must have at most {MAX_TEXT} characters and no control characters"
        )));
    }
    Ok(text)
}

/// Gives a new user a password for one use; also the password itself.
pub(super) async fn with_password(host: &Arc<Host>, new: NewUser) -> Result<(NewUser, String), Refusal> {
    let password = tokens::one_time_password()?;
    let hash = host.passwords.hash(password.clone()).await?;
    Ok((NewUser { password: hash, ..new }, password))
}

/// An answer that must not lie in a cache.
pub(super) fn shown_once(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}
