//! `/profiles`: named sets of permissions that the users of an account are given. A change counts for the next call of
//! everybody who has the profile.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    member::Member,
    schemas::ErrorView,
    sent::{Document, Sent},
    users::text,
    view::date,
};
use crate::{
    auth::Permissions,
    directory::records::ProfileRecord,
    host::Host,
    reply::{self, Refusal},
};

/// Bytes of a profile's description.
const BODY: usize = 16 << 10;

/// A profile that is to be made or changed. What is left out of a change stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ProfileBody {
    name: Option<String>,
    /// Any of `FaaS-Admin`, `FaaS-Developer`, `FaaS-Invocation` and `LPA`.
    #[schema(value_type = Option<Vec<String>>)]
    permissions: Option<Permissions>,
}

impl Document for ProfileBody {
    const MOST: usize = BODY;
}

/// A profile.
#[derive(Serialize, ToSchema)]
#[schema(as = Profile)]
#[serde(rename_all = "camelCase")]
struct ProfileView {
    profile_id: Uuid,
    name: String,
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
    created_at: String,
    created_by: String,
    updated_at: String,
    updated_by: String,
}

impl From<ProfileRecord> for ProfileView {
    fn from(profile: ProfileRecord) -> Self {
        Self {
            profile_id: profile.id,
            name: profile.name,
            permissions: profile.permissions,
            created_at: date(profile.created_at),
            created_by: profile.created_by,
            updated_at: date(profile.updated_at),
            updated_by: profile.updated_by,
        }
    }
}

impl ProfileBody {
    /// The parts that are given, each of them fit.
    fn judge(self) -> Result<(Option<String>, Option<Permissions>), Refusal> {
        let name = match self.name {
            Some(name) => Some(text("name", Some(name.trim().to_owned()))?),
            None => None,
        };
        if name.as_ref().is_some_and(String::is_empty) {
            return Err(Refusal::bad_input("`name` is empty; call the profile something"));
        }
        if self.permissions == Some(Permissions::NONE) {
            return Err(Refusal::bad_input("`permissions` is empty; name at least one"));
        }
        Ok((name, self.permissions))
    }
}

/// `GET /profiles`.
#[utoipa::path(
    get, path = "/profiles", operation_id = "listProfiles", tag = "users",
    responses((status = 200, description = "the profiles of the account, by name", body = Vec<ProfileView>)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let mut profiles = host.directory.profiles(member.caller.account())?;
        profiles.sort_by(|one, other| one.name.cmp(&other.name));
        let views: Vec<_> = profiles.into_iter().map(ProfileView::from).collect();
        Ok(reply::json(StatusCode::OK, &views))
    })
    .await
}

/// `POST /profiles`.
#[utoipa::path(
    post, path = "/profiles", operation_id = "createProfile", tag = "users",
    request_body = ProfileBody,
    responses(
        (status = 201, description = "the profile", body = ProfileView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 409, description = "the name is taken, or the account is full", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<ProfileBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let given = sent.parse()?;
        let (name, permissions) = given.judge()?;
        let name = name.ok_or_else(|| Refusal::missing("name"))?;
        let permissions = permissions.ok_or_else(|| Refusal::missing("permissions"))?;
        let (account, by) = (member.caller.account(), member.caller.name());
        let profile = host.directory.create_profile(account, &name, permissions, by)?;
        Ok(reply::json(StatusCode::CREATED, &ProfileView::from(profile)))
    })
    .await
}

/// `PUT /profiles/{id}`.
#[utoipa::path(
    put, path = "/profiles/{id}", operation_id = "updateProfile", tag = "users",
    params(("id" = Uuid, Path, description = "the profile")),
    request_body = ProfileBody,
    responses(
        (status = 200, description = "the profile as it is now, for the next call of everybody who has it", body = ProfileView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "the name is taken, or the caller would lose the right to change it back", body = ErrorView),
    ),
)]
pub(crate) async fn update(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<ProfileBody>,
) -> Result<Response<Body>, Refusal> {
    let id = profile(&member)?;
    host.blocking(move |host| {
        let given = sent.parse()?;
        let (name, permissions) = given.judge()?;
        let (account, by) = (member.caller.account(), member.caller.name());
        if let Some(permissions) = permissions
            && !permissions.meets(Permissions::LPA)
            && has(host, &member, id)?
        {
            return Err(Refusal::conflict(
                "you have this profile yourself and could not change it back; ask another administrator",
            ));
        }
        let profile = host.directory.change_profile(account, id, name, permissions, by)?;
        host.credentials.forget_account(account);
        Ok(reply::json(StatusCode::OK, &ProfileView::from(profile)))
    })
    .await
}

/// `DELETE /profiles/{id}`.
#[utoipa::path(
    delete, path = "/profiles/{id}", operation_id = "deleteProfile", tag = "users",
    params(("id" = Uuid, Path, description = "the profile")),
    responses(
        (status = 204, description = "gone"),
        (status = 400, description = "the path names no profile", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "users have it", body = ErrorView),
    ),
)]
pub(crate) async fn delete(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let id = profile(&member)?;
    host.blocking(move |host| {
        host.directory.delete_profile(member.caller.account(), id, member.caller.name())?;
        Ok(reply::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// The profile of the path.
fn profile(member: &Member) -> Result<Uuid, Refusal> {
    Uuid::try_parse(&member.id).map_err(|_| Refusal::bad_input("the path must name a profile by `profileId`"))
}

/// Whether the caller is a user of this account who has a profile that is theirs to manage by.
fn has(host: &Host, member: &Member, profile: Uuid) -> Result<bool, Refusal> {
    let Ok(id) = Uuid::try_parse(member.caller.id()) else { return Ok(false) };
    let user = host.directory.user(member.caller.account(), id)?;
    Ok(user.is_some_and(|user| user.profiles.contains(&profile)))
}
