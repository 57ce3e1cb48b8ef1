//! Who is calling, and what they may do.
//!
//! [`Credentials::authenticate`] turns a request into a [`Principal`]; [`table`] says what a route needs, [`rights`]
//! who has it. A token that was seen before costs a hash and one look into a bounded table in memory; a new one is
//! looked up in the [`Directory`]. Whoever changes a user, a profile, an account or a token calls
//! [`Credentials::forget_account`] or [`Credentials::forget_token`] afterwards, and the next call finds out anew: a
//! revocation holds from the moment it is acknowledged.

pub(crate) mod app_tokens;
mod brake;
pub(crate) mod key_ring;
pub(crate) mod passwords;
mod permissions;
mod principal;
pub(crate) mod rights;
mod signing;
pub(crate) mod table;
pub(crate) mod tokens;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::http::{HeaderMap, Method, header};
use quick_cache::sync::Cache;
use subtle::ConstantTimeEq as _;

use self::app_tokens::AppClaims;
pub(crate) use self::{
    brake::Brake,
    key_ring::KeyRing,
    permissions::Permissions,
    principal::{Identity, Kind, Principal},
    tokens::TokenHash,
};
use crate::{
    config::{BUILT_IN_ACCOUNT, DEV_TOKEN},
    directory::{Directory, OPERATORS},
    host::Host,
    lambda::now_ms,
    oauth::{GrantTypes, Scope},
    reply::Refusal,
    store::StoreError,
};

/// Tokens that are remembered. About 300 bytes each.
const REMEMBERED: usize = 1 << 16;

/// The cookie of a session.
pub(crate) const COOKIE: &str = "session_id";

/// The header in which a session that comes by cookie proves that it was not sent there by another site.
const CSRF: &str = "x-csrf-token";

/// What a token opens, as long as nothing changes.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) identity: Arc<Identity>,
    /// Hash of the session's csrf token, in hex; empty for tokens that never come by cookie.
    pub(crate) csrf: Arc<str>,
    expires_at: u64,
}

/// What the server knows about tokens.
pub(crate) struct Credentials {
    directory: Arc<Directory>,
    keys: Arc<KeyRing>,
    remembered: Cache<TokenHash, Opened>,
    /// Counts what was forgotten, so that what was read before is not remembered after.
    forgotten: AtomicU64,
    dev: Option<Opened>,
    /// Opens the metrics and nothing else.
    metrics: Option<TokenHash>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// A token as a request carries it.
enum Presented<'a> {
    Bearer(&'a [u8]),
    Cookie(&'a [u8]),
}

impl Credentials {
    pub(crate) fn new(
        directory: Arc<Directory>,
        keys: Arc<KeyRing>,
        dev: bool,
        metrics: Option<TokenHash>,
    ) -> Self {
        let opened = || Opened {
            identity: Arc::new(Identity {
                account: BUILT_IN_ACCOUNT.into(),
                id: "dev".to_owned(),
                name: "dev".to_owned(),
                kind: Kind::UserToken,
                permissions: Permissions::LPA,
                newcomer: false,
            }),
            csrf: "".into(),
            expires_at: u64::MAX,
        };
        Self {
            directory,
            keys,
            remembered: Cache::new(REMEMBERED),
            forgotten: AtomicU64::new(0),
            dev: dev.then(opened),
            metrics,
        }
    }

    /// Whether a request carries the token of those who collect the metrics.
    pub(crate) fn is_for_metrics(&self, headers: &HeaderMap) -> bool {
        let token = token(headers).map(TokenHash::of);
        token.zip(self.metrics.as_ref()).is_some_and(|(token, wanted)| token.is(&wanted.to_hex()))
    }

    /// The caller behind a request.
    pub(crate) async fn authenticate(
        &self,
        host: &Arc<Host>,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Principal, Refusal> {
        let presented = presented(headers).ok_or_else(Refusal::unauthorized)?;
        let (Presented::Bearer(token) | Presented::Cookie(token)) = presented;
        let opened = self.open(host, token).await?;
        if matches!(presented, Presented::Cookie(_)) && !method.is_safe() {
            let proof = headers.get(CSRF).map(|proof| TokenHash::of(proof.as_bytes()));
            if !proof.is_some_and(|proof| proof.is(&opened.csrf)) {
                return Err(Refusal::csrf(CSRF));
            }
        }
        Ok(Principal::new(opened.identity))
    }

    /// What a token opens.
    pub(crate) async fn open(&self, host: &Arc<Host>, token: &[u8]) -> Result<Opened, Refusal> {
        let hash = TokenHash::of(token);
        if let Some(opened) = self.remembered.get(&hash) {
            if opened.expires_at > now_ms() {
                return Ok(opened);
            }
            self.remembered.remove(&hash);
            return Err(Refusal::unauthorized());
        }
        if let Some(dev) = &self.dev
            && bool::from(token.ct_eq(DEV_TOKEN.as_bytes()))
        {
            return Ok(dev.clone());
        }
        let before = self.forgotten.load(Ordering::Acquire);
        let opened = if token.starts_with(tokens::SESSION.as_bytes()) {
            host.blocking(move |host| Ok(host.credentials.session(&hash)?)).await?
        } else if token.starts_with(tokens::ACCESS.as_bytes()) {
            host.blocking(move |host| Ok(host.credentials.granted(&hash)?)).await?
        } else if app_tokens::looks_like_one(token) {
            // The signature first: it costs less than a look into the database.
            let claims = app_tokens::verify(&self.keys, token, now_ms()).ok_or_else(Refusal::unauthorized)?;
            host.blocking(move |host| Ok(host.credentials.app(&claims)?)).await?
        } else {
            None
        };
        let opened = opened.ok_or_else(Refusal::unauthorized)?;
        self.remembered.insert(hash, opened.clone());
        if self.forgotten.load(Ordering::Acquire) != before {
            self.remembered.remove(&hash);
        }
        Ok(opened)
    }

    /// A session that is good, with the user as they are now.
    fn session(&self, hash: &TokenHash) -> Result<Option<Opened>, StoreError> {
        let Some(session) = self.directory.session(hash)? else { return Ok(None) };
        if session.expires_at <= now_ms() {
            return Ok(None);
        }
        let Some(user) = self.directory.user_admitted(&session.account, session.user)? else {
            return Ok(None);
        };
        if session.created_at < user.valid_from {
            return Ok(None);
        }
        if let Some(key) = &session.api_key
            && self.directory.api_key(&session.account, key)?.is_none()
        {
            return Ok(None);
        }
        let kind = if user.account == OPERATORS { Kind::Operator } else { Kind::Session };
        let permissions = self.directory.permissions(&user)?;
        let identity = Arc::new(Identity {
            account: user.account.into(),
            id: user.id.to_string(),
            name: user.login_name,
            kind,
            permissions,
            newcomer: user.newcomer,
        });
        Ok(Some(Opened { identity, csrf: session.csrf.into(), expires_at: session.expires_at }))
    }

    /// What the access token of a user opens: what they agreed to, of what they and the app may do now.
    fn granted(&self, hash: &TokenHash) -> Result<Option<Opened>, StoreError> {
        let Some((grant, user, scope, expires_at)) = self.directory.granted(hash, now_ms())? else {
            return Ok(None);
        };
        let app = self.directory.app_admitted(&grant.account, &grant.client_id)?;
        let Some(app) = app.filter(|app| app.may(GrantTypes::AUTHORIZATION_CODE)) else { return Ok(None) };
        let scope = scope.within(app.metadata.scope);
        let permissions = self.directory.permissions(&user)?;
        let (kind, permissions) = if scope.has(Scope::ACCOUNT) {
            (Kind::UserToken, permissions)
        } else if scope.has(Scope::INVOKE) {
            (Kind::InvokeToken, permissions)
        } else {
            (Kind::InvokeToken, Permissions::NONE)
        };
        let identity = Arc::new(Identity {
            account: user.account.into(),
            id: user.id.to_string(),
            name: user.login_name,
            kind,
            permissions,
            newcomer: user.newcomer,
        });
        Ok(Some(Opened { identity, csrf: "".into(), expires_at }))
    }

    /// What the token of an app opens, as the app is now.
    fn app(&self, claims: &AppClaims) -> Result<Option<Opened>, StoreError> {
        let app = self.directory.app_admitted(&claims.aud, &claims.azp)?;
        let identity = app.filter(|app| claims.hold(app)).map(|app| Identity {
            account: app.account.into(),
            id: app.client_id,
            name: app.metadata.name,
            kind: Kind::AppToken,
            permissions: Permissions::NONE,
            newcomer: false,
        });
        let expires_at = claims.exp.saturating_mul(1_000);
        Ok(identity.map(|identity| Opened { identity: Arc::new(identity), csrf: "".into(), expires_at }))
    }

    /// Call after a token was revoked or changed.
    pub(crate) fn forget_token(&self, hash: &TokenHash) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        self.remembered.remove(hash);
    }

    /// Call after an account, or anybody or anything in it that tokens belong to, was changed.
    pub(crate) fn forget_account(&self, account: &str) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        self.remembered.retain(|_, opened| *opened.identity.account != *account);
    }
}

/// The token of a request: of the `Authorization` header, or else of the session's cookie.
fn presented(headers: &HeaderMap) -> Option<Presented<'_>> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.as_bytes().split_at_checked(7)?;
        let fits = scheme.eq_ignore_ascii_case(b"bearer ") && token.len() <= tokens::MAX_TOKEN;
        return fits.then_some(Presented::Bearer(token));
    }
    cookie(headers).map(Presented::Cookie)
}

/// The token of a request, however it came.
pub(crate) fn token(headers: &HeaderMap) -> Option<&[u8]> {
    presented(headers).map(|(Presented::Bearer(token) | Presented::Cookie(token))| token)
}

/// The session's cookie.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<&[u8]> {
    named_cookie(headers, COOKIE)
}

/// The first cookie of a name.
pub(crate) fn named_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let pairs =
        headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut tokens = pairs.filter_map(|pair| {
        let pair = pair.trim_ascii();
        pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
    });
    tokens.next().filter(|token| token.len() <= tokens::MAX_TOKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(name: header::HeaderName, value: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(name, value.parse().unwrap())]);
        presented(&headers).map(|(Presented::Bearer(token) | Presented::Cookie(token))| {
            String::from_utf8_lossy(token).into_owned()
        })
    }

    #[test]
    fn tokens_come_by_header_or_cookie() {
        assert_eq!(token(header::AUTHORIZATION, "bearer secret").unwrap(), "secret");
        for other in ["Bearer", "Basic secret", "secret", ""] {
            assert_eq!(token(header::AUTHORIZATION, other), None, "{other}");
        }
        assert_eq!(token(header::AUTHORIZATION, &format!("Bearer {}", "x".repeat(5_000))), None);
        assert_eq!(token(header::COOKIE, "a=b; session_id=secret;c=d").unwrap(), "secret");
        assert_eq!(token(header::COOKIE, "xsession_id=secret"), None);
        assert!(presented(&HeaderMap::new()).is_none());
    }
}
