//! `/accounts`: the tenants of this server, for its operator, who calls them under the operators' own account.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{Response, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    member::Member,
    paging::Page,
    query::Query,
    schemas::ErrorView,
    sent::{Document, Sent},
    users::{login_name, shown_once, text, with_password},
    view::date,
};
use crate::{
    auth::Permissions,
    directory::{NewUser, OPERATORS, records::AccountRecord},
    host::Host,
    reply::{self, Refusal},
};

/// Bytes of an account's description.
const BODY: usize = 16 << 10;

/// Characters of an account's id, which stands in every path.
const MAX_ID: usize = 30;

/// An account that is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountBody {
    /// Letters and digits.
    id: Option<String>,
    /// The same as the id when it is not given.
    name: Option<String>,
    /// Login name of its first user, who may do everything in it.
    login_name: Option<String>,
}

impl Document for AccountBody {
    const MOST: usize = BODY;
}

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
#[serde(rename_all = "camelCase")]
struct AccountView {
    id: String,
    name: String,
    enabled: bool,
    created_at: String,
    created_by: String,
}

/// A new account and how its first user gets in.
#[derive(Serialize, ToSchema)]
#[schema(as = NewAccount)]
#[serde(rename_all = "camelCase")]
struct NewAccountView {
    id: String,
    name: String,
    login_name: String,
    /// Shown once; the user must replace it.
    one_time_password: String,
}

impl From<AccountRecord> for AccountView {
    fn from(account: AccountRecord) -> Self {
        Self {
            id: account.id,
            name: account.name,
            enabled: account.enabled,
            created_at: date(account.created_at),
            created_by: account.created_by,
        }
    }
}

/// `GET /accounts`.
#[utoipa::path(
    get, path = "/accounts", operation_id = "listAccounts", tag = "users",
    params(
        ("limit" = Option<u64>, Query, description = "entries of a page, 1 to 1000; all unless given"),
        ("after" = Option<String>, Query, description = "the `id` of the last entry of the page before"),
    ),
    responses((status = 200, description = "the tenants of this server, for its operator", body = Vec<AccountView>), (status = 400, body = ErrorView), (status = 404, description = "not the operators' account", body = ErrorView)),
)]
pub(crate) async fn list(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    of_the_operators(&member)?;
    let mut page = Page::parse(&Query::parse(query.as_deref())?)?;
    super::array::array(&host, move |host, elements| {
        Ok(host.directory.each_account(|account| {
            if !page.has_room_for(&account.id) {
                return Ok(());
            }
            page.count();
            elements.push(&AccountView::from(account))
        })?)
    })
    .await
}

/// `POST /accounts`.
#[utoipa::path(
    post, path = "/accounts", operation_id = "createAccount", tag = "users",
    request_body = AccountBody,
    responses(
        (status = 201, description = "the account, and a password for one use for its first user", body = NewAccountView),
        (status = 400, body = ErrorView),
        (status = 404, description = "not the operators' account", body = ErrorView),
        (status = 409, description = "the id is taken", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<AccountBody>,
) -> Result<Response<Body>, Refusal> {
    of_the_operators(&member)?;
    let given = sent.parse()?;
    let id = given.id.unwrap_or_default();
    if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Refusal::bad_input(format!("`id` must be 1 to {MAX_ID} letters and digits")));
    }
    let name = text("name", given.name.or_else(|| Some(id.clone())))?;
    let new = NewUser {
        login_name: login_name(given.login_name)?,
        full_name: String::new(),
        email: String::new(),
        password: String::new(),
        newcomer: true,
    };
    let login_name = new.login_name.clone();
    let (new, one_time_password) = with_password(&host, new).await?;
    let made = host
        .blocking(move |host| {
            let users = vec![(new, Permissions::LPA)];
            host.directory.create_account(&id, &name, users, member.caller.name())?;
            Ok(NewAccountView { id, name, login_name, one_time_password })
        })
        .await?;
    Ok(shown_once(reply::json(StatusCode::CREATED, &made)))
}

pub(super) fn of_the_operators(member: &Member) -> Result<(), Refusal> {
    if member.caller.account() == OPERATORS { Ok(()) } else { Err(Refusal::not_found()) }
}
