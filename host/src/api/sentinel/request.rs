//! An authorisation request (RFC 6749, 4.1.1), judged. Nobody is ever sent to a URI that is not the app's: until that is
//! sure, what is wrong is said on a page of our own.

use std::sync::Arc;

use url::form_urlencoded::Serializer;

use super::{error::OAuthError, parameters::Parameters, work};
use crate::{
    directory::apps::AppRecord,
    host::Host,
    oauth::{GrantTypes, Scope, pkce},
};

/// Characters of what an app wants to get back unchanged.
const MAX_STATE: usize = 4_096;
const MAX_NONCE: usize = 512;

/// The field of the consent form that says that the app asked for more than the form shows.
pub(super) const NARROWED: &str = "narrowed";

/// What an app asks a user for.
#[derive(Debug)]
pub(super) struct AuthorizationRequest {
    pub(super) app: AppRecord,
    pub(super) back: Back,
    pub(super) wish: Wish,
}

/// What the app would like to be given.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) scope: Scope,
    /// The app asked for other words than those of `scope`.
    pub(super) narrowed: bool,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
}

/// The way back to the app.
#[derive(Clone, Debug)]
pub(super) struct Back {
    pub(super) redirect_uri: String,
    /// Whether the app named the URI, which it need not where it has only one.
    pub(super) named: bool,
    pub(super) state: Option<String>,
}

/// Why a user cannot be asked.
#[derive(Debug)]
pub(super) enum Unanswerable {
    /// Not to be told to anybody but the user.
    Here(OAuthError),
    /// The app's to know.
    There(Box<Back>, OAuthError),
}

impl Back {
    /// The URI with what it is to be told.
    pub(super) fn with(&self, told: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(told);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        let joint = if self.redirect_uri.contains('?') { '&' } else { '?' };
        format!("{}{joint}{}", self.redirect_uri, query.finish())
    }
}

impl AuthorizationRequest {
    /// Judges the parameters of a request, the most telling mistake first.
    pub(super) async fn judge(
        host: &Arc<Host>,
        account: &str,
        parameters: &Parameters,
    ) -> Result<Self, Unanswerable> {
        let here = Unanswerable::Here;
        let client_id = parameters.needed("client_id").map_err(here)?.to_owned();
        let account = account.to_owned();
        let find = move |host: &Arc<Host>| Ok(host.directory.app_admitted(&account, &client_id)?);
        let app = work(host, find).await.map_err(here)?;
        let unknown = "no app of this account has this `client_id`, or it is disabled";
        let app = app.ok_or_else(|| here(OAuthError::invalid_request(unknown)))?;
        let back = back(&app, parameters).map_err(here)?;
        match judge_wish(&app, parameters) {
            Ok(wish) => Ok(Self { app, back, wish }),
            Err(error) => Err(Unanswerable::There(Box::new(back), error)),
        }
    }
}

fn back(app: &AppRecord, parameters: &Parameters) -> Result<Back, OAuthError> {
    let given = parameters.one("redirect_uri")?;
    let redirect_uri = match (given, app.metadata.redirect_uris.as_slice()) {
        (Some(given), _) if app.is_registered(given) => given.to_owned(),
        (Some(_), _) => {
            return Err(OAuthError::invalid_request(
                "`redirect_uri` is none of those the app was installed with",
            ));
        }
        (None, [only]) => only.clone(),
        (None, _) => return Err(OAuthError::invalid_request("`redirect_uri` is missing")),
    };
    // One that stands there twice or is too long is complained about without it.
    let state = parameters.one("state").ok().flatten().filter(|state| state.len() <= MAX_STATE);
    Ok(Back { redirect_uri, named: given.is_some(), state: state.map(str::to_owned) })
}

fn judge_wish(app: &AppRecord, parameters: &Parameters) -> Result<Wish, OAuthError> {
    let refuse = |why: &str| Err(OAuthError::invalid_request(why));
    if !app.may(GrantTypes::AUTHORIZATION_CODE) {
        return Err(OAuthError::unauthorized_client("authorization_code"));
    }
    if parameters.one("state")?.is_some_and(|state| state.len() > MAX_STATE) {
        return refuse("`state` is too long");
    }
    match parameters.needed("response_type")? {
        "code" => {}
        _ => return Err(OAuthError::named("unsupported_response_type", "`response_type` must be `code`")),
    }
    if parameters.one("response_mode")?.is_some_and(|mode| mode != "query") {
        return refuse("`response_mode` must be `query`");
    }
    for (parameter, error) in
        [("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")]
    {
        if parameters.one(parameter)?.is_some() {
            return Err(OAuthError::named(error, "the request must stand in the query string"));
        }
    }
    if parameters.one("prompt")?.is_some_and(|prompt| prompt.split(' ').any(|word| word == "none")) {
        return Err(OAuthError::named("login_required", "users log in every time"));
    }
    let nonce = parameters.one("nonce")?;
    if nonce.is_some_and(|nonce| nonce.len() > MAX_NONCE) {
        return refuse("`nonce` is too long");
    }
    let allowed = app.metadata.scope.and(Scope::OPENID);
    let asked = parameters.one("scope")?;
    let scope = match asked {
        Some(wished) => Scope::known(wished).within(allowed),
        None => app.metadata.scope,
    };
    if scope == Scope::NONE {
        return Err(OAuthError::invalid_scope(&allowed.text()));
    }
    let challenge = parameters.one("code_challenge")?;
    match (challenge, parameters.one("code_challenge_method")?) {
        (None, Some(_)) => return refuse("`code_challenge_method` is there without `code_challenge`"),
        (None, None) if app.secret.is_none() => {
            return refuse("`code_challenge` is missing; an app that keeps no secret needs PKCE");
        }
        (Some(challenge), Some("S256")) if pkce::is_challenge(challenge) => {}
        (Some(_), Some("S256")) => return refuse("`code_challenge` is no SHA-256 in base64url"),
        (Some(_), _) => return refuse("`code_challenge_method` must be `S256`"),
        (None, None) => {}
    }
    let narrowed =
        parameters.one(NARROWED)?.is_some() || asked.is_some_and(|asked| !scope.is_asked_by(asked));
    Ok(Wish { scope, narrowed, challenge: challenge.map(str::to_owned), nonce: nonce.map(str::to_owned) })
}
