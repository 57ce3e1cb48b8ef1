//! Tokens about users: for a code, for a refresh token. Access and refresh tokens are opaque and stored as hashes, so
//! that taking them back takes effect; the id token is signed, because the app looks into it.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    app_token::{AppTokenV2View, app_token_for},
    client::authenticate,
    discovery::issuer,
    error::OAuthError,
    form, no_store,
    parameters::Parameters,
    work,
};
use crate::{
    auth::{TokenHash, key_ring::TOKEN_SECONDS, table::Audience, tokens},
    client::Encrypted,
    directory::{
        apps::AppRecord,
        grants::{ACCESS_LIFE, Brought, Fresh, Given, GrantError},
    },
    host::Host,
    lambda::now_ms,
    oauth::{GrantTypes, Scope},
    reply,
};

/// Tokens about a user.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(super) struct TokensView {
    /// Opaque; good for eight hours.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Where the app was installed with `refresh_token`; good once, and another one comes with the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// A JWT, signed with RS256: who the user is.
    id_token: String,
    /// Seconds.
    expires_in: u64,
    /// Where it is not what was asked for, or not all that the app was installed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// What an app sends for tokens about a user.
#[derive(serde::Deserialize, ToSchema)]
#[schema(as = TokenRequest)]
#[expect(dead_code, reason = "for the document; the form is read by `Parameters`")]
pub(super) struct TokenForm {
    /// `authorization_code`, `refresh_token` or `client_credentials`.
    grant_type: String,
    code: Option<String>,
    /// As in the authorisation request.
    redirect_uri: Option<String>,
    /// PKCE: what the challenge was made of.
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    /// Of a refresh: less than was agreed to.
    scope: Option<String>,
    /// Here, or as Basic with the secret.
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// What an id token says (`OpenID` Connect Core, 2).
#[derive(Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

/// `POST /sentinel/api/account/{account}/token`.
#[utoipa::path(
    post, path = "/sentinel/api/account/{account}/token", operation_id = "getTokens", tag = "oauth",
    params(("account" = String, Path, description = "the account"), ("v" = Option<String>, Query, description = "`1.0` or `2.0`: the same")),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "the tokens; for `client_credentials` the app's own", body = TokensView),
        (status = 400, description = "`invalid_grant`: the code or refresh token is not good; what is used twice takes back all that came of it", body = OAuthError),
        (status = 401, description = "no such app, or not its secret", body = OAuthError),
    ),
)]
pub(crate) async fn token(
    State(host): State<Arc<Host>>,
    Path(account): Path<String>,
    Extension(asked): Extension<Audience>,
    encrypted: Option<Extension<Encrypted>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, OAuthError> {
    let parameters = form(&host, &headers, body).await?.unwrap_or_default();
    let way = parameters.needed("grant_type")?;
    let way = GrantTypes::named(way).ok_or_else(|| {
        OAuthError::unsupported_grant_type("`authorization_code`, `refresh_token` or `client_credentials`")
    })?;
    let app = authenticate(&host, &account, &headers, &parameters).await?;
    if !app.may(way) {
        return Err(OAuthError::unauthorized_client(way.names().next().unwrap_or_default()));
    }
    if way == GrantTypes::CLIENT_CREDENTIALS {
        let access_token = app_token_for(&host, app, &parameters).await?;
        let view = AppTokenV2View { access_token, token_type: "Bearer", expires_in: TOKEN_SECONDS };
        return Ok(no_store(reply::json(StatusCode::OK, &view)));
    }
    let issuer = issuer(&host.options, asked, &headers, encrypted.is_some(), &account)?;
    let order = Order::read(way, &parameters)?;
    let tokens = work(&host, move |host| order.carry_out(host, &app, &issuer, now_ms())).await?;
    Ok(no_store(reply::json(StatusCode::OK, &tokens)))
}

/// What an app brings, and what it wants for it.
enum Order {
    Code { code: TokenHash, redirect_uri: Option<String>, verifier: Option<String> },
    Refresh { token: TokenHash, wished: Option<String> },
}

impl Order {
    fn read(way: GrantTypes, parameters: &Parameters) -> Result<Self, OAuthError> {
        let hash = |text: &str| TokenHash::of(text.as_bytes());
        let owned = |name| Ok::<_, OAuthError>(parameters.one(name)?.map(str::to_owned));
        Ok(if way == GrantTypes::AUTHORIZATION_CODE {
            Self::Code {
                code: hash(parameters.needed("code")?),
                redirect_uri: owned("redirect_uri")?,
                verifier: owned("code_verifier")?,
            }
        } else {
            Self::Refresh { token: hash(parameters.needed("refresh_token")?), wished: owned("scope")? }
        })
    }

    fn carry_out(
        &self,
        host: &Host,
        app: &AppRecord,
        issuer: &str,
        now: u64,
    ) -> Result<TokensView, OAuthError> {
        // Before anything is used up: a key that cannot be had must not cost the user another log-in.
        host.keys.current(now)?;
        let access_token = tokens::random(tokens::ACCESS)?;
        let refresh_token =
            if app.may(GrantTypes::REFRESH_TOKEN) { Some(tokens::random(tokens::REFRESH)?) } else { None };
        let access = TokenHash::of(access_token.as_bytes());
        let refresh = refresh_token.as_ref().map(|token| TokenHash::of(token.as_bytes()));
        let fresh = Fresh { access: &access, refresh: refresh.as_ref() };
        let given = match self {
            Self::Code { code, redirect_uri, verifier } => {
                let brought =
                    Brought { code, redirect_uri: redirect_uri.as_deref(), verifier: verifier.as_deref() };
                host.directory.exchange(app, brought, fresh, now)
            }
            Self::Refresh { token, wished } => {
                let wished = wished.as_deref().map(Scope::known);
                host.directory.refresh(app, token, wished, fresh, now)
            }
        };
        let given = given.map_err(|error| {
            if matches!(error, GrantError::Reused) {
                tracing::warn!(
                    account = app.account,
                    app = app.client_id,
                    "a code or refresh token was used twice"
                );
                host.credentials.forget_account(&app.account);
            }
            OAuthError::from(error)
        })?;
        for gone in &given.gone {
            host.credentials.forget_token(gone);
        }
        let id_token = id_token(host, app, issuer, &given, now)?;
        let narrowed = match self {
            Self::Code { .. } => given.grant.narrowed,
            Self::Refresh { wished, .. } => {
                wished.as_deref().map_or(given.grant.narrowed, |wished| !given.scope.is_asked_by(wished))
            }
        };
        Ok(TokensView {
            access_token,
            token_type: "Bearer",
            refresh_token,
            id_token,
            expires_in: ACCESS_LIFE / 1_000,
            scope: (narrowed || given.scope != app.metadata.scope).then(|| given.scope.text()),
        })
    }
}

fn id_token(
    host: &Host,
    app: &AppRecord,
    issuer: &str,
    given: &Given,
    now: u64,
) -> Result<String, OAuthError> {
    let iat = now / 1_000;
    let claims = IdClaims {
        iss: issuer,
        sub: given.user.id.to_string(),
        aud: &app.client_id,
        iat,
        exp: iat + TOKEN_SECONDS,
        nonce: given.grant.nonce.as_deref(),
    };
    Ok(host.keys.sign(&claims, now)?)
}
