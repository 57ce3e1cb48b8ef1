//! `/app-installations`: the programs that get tokens in an account. What an app says about itself has the names of
//! RFC 7591, as the platform writes them; a secret is shown in the answer that made it and never again.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    member::Member,
    schemas::ErrorView,
    sent::{Document, Sent},
    users::{shown_once, text},
    view::date,
};
use crate::{
    auth::{TokenHash, tokens},
    body,
    directory::apps::{AppMetadata, AppRecord, missing},
    host::Host,
    oauth::{GrantTypes, Scope, redirect_uri},
    reply::{self, Refusal},
};

/// Bytes of an app's description.
const BODY: usize = 64 << 10;

/// Redirect URIs of one app.
const MAX_URIS: usize = 20;

/// How an app that keeps no secret proves itself.
const NO_SECRET: &str = "none";

/// An app that is to be installed or changed. What is left out of a change stays as it is.
#[derive(Deserialize, ToSchema)]
#[schema(as = AppMetadata)]
pub(crate) struct AppBody {
    client_name: Option<String>,
    /// Any of `authorization_code`, `refresh_token` and `client_credentials`; unless given, those that make sense.
    #[schema(value_type = Option<Vec<String>>)]
    grant_types: Option<GrantTypes>,
    /// `code`, where users log in.
    response_types: Option<Vec<String>>,
    /// `faas.lambda.invoke` unless given; `faas.account` is whatever the user may do.
    #[schema(value_type = Option<String>)]
    scope: Option<Scope>,
    /// Where users are sent back to, to the letter. `http:` only for loopback addresses, where any port will do.
    redirect_uris: Option<Vec<String>>,
    /// `none` for an app that cannot keep a secret and uses PKCE instead; cannot be changed.
    token_endpoint_auth_method: Option<String>,
    enabled: Option<bool>,
    /// The version the change is based on; unless given, the newest.
    version: Option<u64>,
}

impl Document for AppBody {
    const MOST: usize = BODY;
}

/// An app.
#[derive(Serialize, ToSchema)]
#[schema(as = App)]
struct AppView {
    client_id: String,
    /// Shown once, in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    client_name: String,
    #[schema(value_type = Vec<String>)]
    grant_types: GrantTypes,
    response_types: Vec<&'static str>,
    #[schema(value_type = String)]
    scope: Scope,
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: &'static str,
    enabled: bool,
    version: u64,
    #[serde(rename = "createdAt")]
    created_at: String,
    #[serde(rename = "createdBy")]
    created_by: String,
    #[serde(rename = "updatedAt")]
    updated_at: String,
    #[serde(rename = "updatedBy")]
    updated_by: String,
}

impl AppView {
    fn new(app: AppRecord, client_secret: Option<String>) -> Self {
        let takes_codes = app.metadata.grant_types.has(GrantTypes::AUTHORIZATION_CODE);
        Self {
            client_id: app.client_id,
            client_secret,
            client_name: app.metadata.name,
            grant_types: app.metadata.grant_types,
            response_types: if takes_codes { vec!["code"] } else { Vec::new() },
            scope: app.metadata.scope,
            redirect_uris: app.metadata.redirect_uris,
            token_endpoint_auth_method: if app.secret.is_some() { "client_secret_post" } else { NO_SECRET },
            enabled: app.enabled,
            version: app.version,
            created_at: date(app.created_at),
            created_by: app.created_by,
            updated_at: date(app.updated_at),
            updated_by: app.updated_by,
        }
    }
}

/// `GET /app-installations`.
#[utoipa::path(
    get, path = "/app-installations", operation_id = "listApps", tag = "apps",
    responses((status = 200, description = "the apps of the account", body = Vec<AppView>)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let apps = host.directory.apps(member.caller.account())?;
        let views: Vec<_> = apps.into_iter().map(|app| AppView::new(app, None)).collect();
        Ok(reply::json(StatusCode::OK, &views))
    })
    .await
}

/// `GET /app-installations/{id}`.
#[utoipa::path(
    get, path = "/app-installations/{id}", operation_id = "readApp", tag = "apps",
    params(("id" = String, Path, description = "its `client_id`")),
    responses((status = 200, description = "the app", body = AppView), (status = 404, body = ErrorView)),
)]
pub(crate) async fn read(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let app = host.directory.app(member.caller.account(), &member.id)?;
        let app = app.ok_or_else(|| missing(&member.id))?;
        Ok(reply::json(StatusCode::OK, &AppView::new(app, None)))
    })
    .await
}

/// `POST /app-installations`.
#[utoipa::path(
    post, path = "/app-installations", operation_id = "createApp", tag = "apps",
    request_body = AppBody,
    responses(
        (status = 201, description = "the app, with its secret: it is not shown again", body = AppView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 409, description = "the account is full", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<AppBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let given = sent.parse()?;
        let is_public = given.is_public()?.unwrap_or(false);
        let enabled = given.enabled;
        let metadata = given.judge(None, is_public)?;
        let secret = if is_public { None } else { Some(tokens::random(tokens::APP_SECRET)?) };
        let hash = secret.as_ref().map(|secret| TokenHash::of(secret.as_bytes()).to_hex());
        let id = Uuid::new_v4().to_string();
        let mut app = AppRecord::new(member.caller.account(), id, hash, metadata, member.caller.name());
        app.enabled = enabled.unwrap_or(true);
        host.directory.create_app(&app, host.options.account_limits.apps)?;
        Ok(shown_once(reply::json(StatusCode::CREATED, &AppView::new(app, secret))))
    })
    .await
}

/// `PUT /app-installations/{id}`.
#[utoipa::path(
    put, path = "/app-installations/{id}", operation_id = "updateApp", tag = "apps",
    params(("id" = String, Path, description = "its `client_id`")),
    request_body = AppBody,
    responses(
        (status = 200, description = "the app as it is now; what it may no longer do holds for its tokens at once", body = AppView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "somebody else was faster", body = ErrorView),
    ),
)]
pub(crate) async fn update(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<AppBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let given = sent.parse()?;
        let account = member.caller.account();
        let change = |app: &mut AppRecord| {
            let is_public = app.secret.is_none();
            if given.is_public()?.is_some_and(|wished| wished != is_public) {
                return Err(Refusal::bad_input(
                    "`token_endpoint_auth_method` says whether the app keeps a secret, which cannot be changed; install another one",
                ));
            }
            app.enabled = given.enabled.unwrap_or(app.enabled);
            app.metadata = given.judge(Some(&app.metadata), is_public)?;
            Ok(())
        };
        let seen = given.version;
        let app = host.directory.change_app(account, &member.id, seen, member.caller.name(), change)?;
        host.credentials.forget_account(account);
        Ok(reply::json(StatusCode::OK, &AppView::new(app, None)))
    })
    .await
}

/// `POST /app-installations/{id}/secret`: another secret. The old one, and the tokens that the app got for itself, are
/// void from then on.
#[utoipa::path(
    post, path = "/app-installations/{id}/secret", operation_id = "renewAppSecret", tag = "apps",
    params(("id" = String, Path, description = "its `client_id`")),
    responses(
        (status = 200, description = "the app, with its secret: it is not shown again", body = AppView),
        (status = 404, body = ErrorView),
        (status = 409, description = "the app keeps no secret", body = ErrorView),
    ),
)]
pub(crate) async fn renew_secret(
    State(host): State<Arc<Host>>,
    member: Member,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    // Means nothing, but clients send one; what is left unread may cost them the connection.
    body::read(&host, &headers, body, BODY).await?;
    host.blocking(move |host| {
        let account = member.caller.account();
        let secret = tokens::random(tokens::APP_SECRET)?;
        let change = |app: &mut AppRecord| {
            if app.secret.is_none() {
                return Err(Refusal::conflict("this app keeps no secret, it proves itself by PKCE"));
            }
            app.secret = Some(TokenHash::of(secret.as_bytes()).to_hex());
            app.generation += 1;
            Ok(())
        };
        let app = host.directory.change_app(account, &member.id, None, member.caller.name(), change)?;
        host.credentials.forget_account(account);
        Ok(shown_once(reply::json(StatusCode::OK, &AppView::new(app, Some(secret)))))
    })
    .await
}

/// `DELETE /app-installations/{id}`.
#[utoipa::path(
    delete, path = "/app-installations/{id}", operation_id = "deleteApp", tag = "apps",
    params(("id" = String, Path, description = "its `client_id`")),
    responses((status = 204, description = "it is gone, and its tokens are void"), (status = 404, body = ErrorView)),
)]
pub(crate) async fn delete(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let account = member.caller.account();
        host.directory.delete_app(account, &member.id, member.caller.name())?;
        host.credentials.forget_account(account);
        Ok(reply::empty(StatusCode::NO_CONTENT))
    })
    .await
}

impl AppBody {
    /// Whether the app is to keep no secret, if that is said.
    fn is_public(&self) -> Result<Option<bool>, Refusal> {
        match self.token_endpoint_auth_method.as_deref() {
            None => Ok(None),
            Some(NO_SECRET) => Ok(Some(true)),
            Some("client_secret_post" | "client_secret_basic") => Ok(Some(false)),
            Some(_) => Err(Refusal::bad_input(
                "`token_endpoint_auth_method` must be `client_secret_post`, `client_secret_basic` (the server takes both) or `none`",
            )),
        }
    }

    /// What the app will be, where it breaks no rule.
    fn judge(&self, before: Option<&AppMetadata>, is_public: bool) -> Result<AppMetadata, Refusal> {
        let name = match (&self.client_name, before) {
            (None, Some(before)) => before.name.clone(),
            (given, _) => text("client_name", given.clone())?,
        };
        if name.trim().is_empty() {
            return Err(Refusal::bad_input("`client_name` is missing; users see it when they are asked"));
        }
        let redirect_uris = match (&self.redirect_uris, before) {
            (Some(given), _) => uris(given)?,
            (None, before) => before.map(|before| before.redirect_uris.clone()).unwrap_or_default(),
        };
        let grant_types = match (self.grant_types, before) {
            (Some(given), _) => given,
            (None, Some(before)) => before.grant_types,
            (None, None) => usual(is_public, !redirect_uris.is_empty()),
        };
        let scope = self.scope.or(before.map(|before| before.scope)).unwrap_or(Scope::INVOKE);
        self.judge_ways(grant_types, is_public, &redirect_uris)?;
        if !scope.has(Scope::INVOKE) && !scope.has(Scope::ACCOUNT) {
            return Err(Refusal::bad_input("`scope` must name `faas.lambda.invoke` or `faas.account`"));
        }
        Ok(AppMetadata { name, grant_types, scope, redirect_uris })
    }

    fn judge_ways(&self, ways: GrantTypes, is_public: bool, uris: &[String]) -> Result<(), Refusal> {
        let takes_codes = ways.has(GrantTypes::AUTHORIZATION_CODE);
        let refuse = |why: &str| Err(Refusal::bad_input(why));
        if ways == GrantTypes::NONE {
            return refuse("`grant_types` names none; the app could do nothing");
        }
        if ways.has(GrantTypes::REFRESH_TOKEN) && !takes_codes {
            return refuse("`grant_types` names `refresh_token`, which goes with `authorization_code`");
        }
        if ways.has(GrantTypes::CLIENT_CREDENTIALS) && is_public {
            return refuse("`grant_types` names `client_credentials`, which takes a secret to keep");
        }
        if takes_codes && uris.is_empty() {
            return refuse("`redirect_uris` is missing; `authorization_code` needs one");
        }
        match &self.response_types {
            Some(given) if given.iter().any(|given| given != "code") => {
                refuse("`response_types` may name `code` and nothing else")
            }
            Some(given) if given.is_empty() == takes_codes => refuse(
                "`response_types` names `code` where `grant_types` names `authorization_code`, and only there",
            ),
            _ => Ok(()),
        }
    }
}

/// The ways of an app that does not say.
fn usual(is_public: bool, has_users: bool) -> GrantTypes {
    let codes = GrantTypes::AUTHORIZATION_CODE.and(GrantTypes::REFRESH_TOKEN);
    match (is_public, has_users) {
        (true, _) => codes,
        (false, true) => codes.and(GrantTypes::CLIENT_CREDENTIALS),
        (false, false) => GrantTypes::CLIENT_CREDENTIALS,
    }
}

fn uris(given: &[String]) -> Result<Vec<String>, Refusal> {
    if given.len() > MAX_URIS {
        return Err(Refusal::bad_input(format!("`redirect_uris` names more than {MAX_URIS}")));
    }
    for (at, uri) in given.iter().enumerate() {
        if let Err(rule) = redirect_uri::judge(uri) {
            return Err(Refusal::bad_input(format!("`redirect_uris[{at}]` {rule}")));
        }
    }
    Ok(given.to_vec())
}
