//! What users have agreed to. A grant is one record that every code and token of it points to, so taking it back is one
//! write. Codes and tokens are found by their hashes, which is all that is stored of them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Directory, apps::AppRecord, records::UserRecord};
use crate::{
    activity::{Action, Activity, Subject},
    auth::TokenHash,
    oauth::{Scope, pkce},
    store::{Batch, Key, Shelf, StoreError, decode, read},
};

/// Milliseconds for which a code is good.
pub(crate) const CODE_LIFE: u64 = 60_000;

/// Milliseconds for which an access token is good: the platform's eight hours.
pub(crate) const ACCESS_LIFE: u64 = 28_800_000;

/// Milliseconds for which a grant lives on that nobody refreshes: 30 days.
pub(crate) const GRANT_LIFE: u64 = 30 * 24 * 3_600_000;

/// Access tokens of one grant that are good at the same time, and refresh tokens that were used and are remembered.
const AT_ONCE: usize = 16;

/// What a user agreed to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GrantRecord {
    pub(crate) id: Uuid,
    pub(crate) account: String,
    pub(crate) client_id: String,
    pub(crate) user: Uuid,
    pub(crate) scope: Scope,
    /// The app asked for something else than `scope` and is to be told (RFC 6749, 5.1).
    #[serde(default)]
    pub(crate) narrowed: bool,
    /// What the app wants to find in the id token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    pub(crate) created_at: u64,
    pub(crate) expires_at: u64,
    /// Taken back: kept until it expires, so that its tokens are known for what they are.
    #[serde(default)]
    pub(crate) revoked: bool,
    /// Hash of the refresh token that may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
    /// Hashes of those that were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spent: Vec<String>,
    /// Hashes of the access tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    access: Vec<String>,
}

/// A code on its way from the user's browser to the app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CodeRecord {
    pub(crate) account: String,
    pub(crate) grant: Uuid,
    pub(crate) redirect_uri: String,
    /// Whether the app named the URI, so that it has to name it again.
    pub(crate) named: bool,
    /// PKCE: the SHA-256 of what the app keeps until it brings the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) challenge: Option<String>,
    pub(crate) expires_at: u64,
    #[serde(default)]
    pub(crate) used: bool,
}

/// A token of a grant.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct TokenRecord {
    account: String,
    grant: Uuid,
    scope: Scope,
    expires_at: u64,
}

/// What an app brings for its first tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brought<'a> {
    pub(crate) code: &'a TokenHash,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) verifier: Option<&'a str>,
}

/// The hashes of tokens that are to be given out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fresh<'a> {
    pub(crate) access: &'a TokenHash,
    pub(crate) refresh: Option<&'a TokenHash>,
}

/// What was given out.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) grant: GrantRecord,
    pub(crate) user: UserRecord,
    pub(crate) scope: Scope,
    /// Tokens that made room.
    pub(crate) gone: Vec<TokenHash>,
}

/// Why nothing was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("{0}")]
    Invalid(&'static str),
    /// Something that is good once came again: somebody has a copy. The grant is taken back.
    #[error("this was used before, so everything that came of it is void; the user has to log in again")]
    Reused,
    #[error("nothing of the wished scope was agreed to")]
    Scope,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a token that was to be revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revoked {
    /// It is void now, or was before, or never was a token.
    Void,
    /// It belongs to another app.
    Foreign,
}

const INVALID_CODE: &str =
    "the code is unknown or expired, or it was given for another app, redirect URI or `code_challenge`";

const INVALID_REFRESH: &str = "the refresh token is unknown or expired, or it was given to another app";

const WITHDRAWN: &str = "the user's consent does not hold any more; they have to log in again";

impl GrantRecord {
    pub(crate) fn new(
        app: &AppRecord,
        user: &UserRecord,
        (scope, narrowed): (Scope, bool),
        nonce: Option<String>,
        now: u64,
    ) -> Self {
        Self {
            id: Uuid::new_v4(),
            account: app.account.clone(),
            client_id: app.client_id.clone(),
            user: user.id,
            scope,
            narrowed,
            nonce,
            created_at: now.max(user.valid_from),
            expires_at: now + GRANT_LIFE,
            revoked: false,
            refresh: None,
            spent: Vec::new(),
            access: Vec::new(),
        }
    }
}

impl Directory {
    /// Writes down what a user agreed to, and the code by which the app will know.
    pub(crate) fn agree(
        &self,
        grant: &GrantRecord,
        code: &TokenHash,
        record: &CodeRecord,
        app: &AppRecord,
        by: &str,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(grant_key(&grant.account, grant.id), grant)?;
        batch.put(token_key(b'c', code), record)?;
        grant_activity(Action::Create, by, grant, &app.metadata.name).record(&grant.account, &mut batch)?;
        self.commit(batch)
    }

    /// First tokens for a code, once.
    pub(crate) fn exchange(
        &self,
        app: &AppRecord,
        brought: Brought<'_>,
        fresh: Fresh<'_>,
        now: u64,
    ) -> Result<Given, GrantError> {
        let writing = self.writing.lock();
        let key = token_key(b'c', brought.code);
        let mut code: CodeRecord = read(&*self.store, &key)?.ok_or(GrantError::Invalid(INVALID_CODE))?;
        let grant =
            self.grant_for(app, &code.account, code.grant)?.ok_or(GrantError::Invalid(INVALID_CODE))?;
        if code.used {
            self.revoke_grant(grant, app)?;
            return Err(GrantError::Reused);
        }
        let is_there = match brought.redirect_uri {
            Some(given) => given == code.redirect_uri,
            None => !code.named,
        };
        let is_proved = match (&code.challenge, brought.verifier) {
            (Some(challenge), Some(verifier)) => pkce::proves(verifier, challenge),
            (None, None) => app.secret.is_some(),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if code.expires_at <= now || !is_there || !is_proved {
            return Err(GrantError::Invalid(INVALID_CODE));
        }
        let user = self.stands(&grant, now)?;
        code.used = true;
        let mut batch = Batch::default();
        batch.put(key, &code)?;
        let scope = grant.scope;
        let given = self.hand_out(grant, user, scope, fresh, now, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(given)
    }

    /// Further tokens for a refresh token, once.
    pub(crate) fn refresh(
        &self,
        app: &AppRecord,
        token: &TokenHash,
        wished: Option<Scope>,
        fresh: Fresh<'_>,
        now: u64,
    ) -> Result<Given, GrantError> {
        let writing = self.writing.lock();
        let record: Option<TokenRecord> = read(&*self.store, &token_key(b'r', token))?;
        let record = record.ok_or(GrantError::Invalid(INVALID_REFRESH))?;
        let grant = self.grant_for(app, &record.account, record.grant)?;
        let grant = grant.ok_or(GrantError::Invalid(INVALID_REFRESH))?;
        if !grant.refresh.as_deref().is_some_and(|current| token.is(current)) {
            self.revoke_grant(grant, app)?;
            return Err(GrantError::Reused);
        }
        if record.expires_at <= now {
            return Err(GrantError::Invalid(INVALID_REFRESH));
        }
        let user = self.stands(&grant, now)?;
        let scope = wished.map_or(grant.scope, |wished| wished.within(grant.scope));
        if scope == Scope::NONE {
            return Err(GrantError::Scope);
        }
        let mut batch = Batch::default();
        let given = self.hand_out(grant, user, scope, fresh, now, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(given)
    }

    /// The grant of an access token that is good, what of it the token is for, and until when.
    pub(crate) fn granted(
        &self,
        access: &TokenHash,
        now: u64,
    ) -> Result<Option<(GrantRecord, UserRecord, Scope, u64)>, StoreError> {
        let token: Option<TokenRecord> = read(&*self.store, &token_key(b'a', access))?;
        let Some(token) = token.filter(|token| token.expires_at > now) else { return Ok(None) };
        let Some(grant) = read::<GrantRecord>(&*self.store, &grant_key(&token.account, token.grant))? else {
            return Ok(None);
        };
        match self.stands(&grant, now) {
            Ok(user) => Ok(Some((grant, user, token.scope, token.expires_at))),
            Err(GrantError::Store(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Makes a token void: an access token alone, a refresh token with everything its grant gave.
    pub(crate) fn revoke_token(&self, app: &AppRecord, token: &TokenHash) -> Result<Revoked, StoreError> {
        let _writing = self.writing.lock();
        for kind in [b'r', b'a'] {
            let key = token_key(kind, token);
            let Some(record) = read::<TokenRecord>(&*self.store, &key)? else { continue };
            let Some(mut grant) = self.grant_for(app, &record.account, record.grant)? else {
                return Ok(Revoked::Foreign);
            };
            if kind == b'r' {
                self.revoke_grant(grant, app)?;
                return Ok(Revoked::Void);
            }
            let mut batch = Batch::default();
            batch.remove(key);
            grant.access.retain(|known| !token.is(known));
            batch.put(grant_key(&grant.account, grant.id), &grant)?;
            self.commit(batch)?;
        }
        Ok(Revoked::Void)
    }

    /// Removes codes, tokens and grants that have expired. Returns how many there were.
    pub(crate) fn sweep_grants(&self, now: u64) -> Result<usize, StoreError> {
        /// What all records of this shelf have.
        #[derive(Deserialize)]
        struct Expiring {
            expires_at: u64,
        }
        let _writing = self.writing.lock();
        let mut batch = Batch::default();
        let mut swept = 0;
        self.store.scan(&Key::new(Shelf::Token, &[]), &mut |key, bytes| {
            // A used code has to be known as long as what it gave may live, so that its second use is noticed.
            let kept = if key.get(1) == Some(&b'c') { GRANT_LIFE } else { 0 };
            // One that cannot be read lets nobody in, so it goes too.
            let expired =
                decode::<Expiring>(key, bytes).map_or(true, |it| it.expires_at.saturating_add(kept) <= now);
            if expired {
                batch.remove(Key::from_bytes(key));
                swept += 1;
            }
            Ok(())
        })?;
        if swept > 0 {
            self.store.apply(batch)?;
        }
        Ok(swept)
    }

    /// A grant, if it is this app's.
    fn grant_for(&self, app: &AppRecord, account: &str, id: Uuid) -> Result<Option<GrantRecord>, StoreError> {
        let grant: Option<GrantRecord> = read(&*self.store, &grant_key(account, id))?;
        Ok(grant.filter(|grant| grant.account == app.account && grant.client_id == app.client_id))
    }

    /// The user of a grant that holds: it was not taken back, and its user may still come in as they did then.
    fn stands(&self, grant: &GrantRecord, now: u64) -> Result<UserRecord, GrantError> {
        let user = self.user_admitted(&grant.account, grant.user)?;
        let user = user.filter(|user| grant.created_at >= user.valid_from);
        let holds = !grant.revoked && grant.expires_at > now;
        user.filter(|_| holds).ok_or(GrantError::Invalid(WITHDRAWN))
    }

    /// Adds fresh tokens to a batch; the oldest make room for them.
    fn hand_out(
        &self,
        mut grant: GrantRecord,
        user: UserRecord,
        scope: Scope,
        fresh: Fresh<'_>,
        now: u64,
        batch: &mut Batch,
    ) -> Result<Given, StoreError> {
        grant.expires_at = now + GRANT_LIFE;
        let record =
            |expires_at| TokenRecord { account: grant.account.clone(), grant: grant.id, scope, expires_at };
        batch.put(token_key(b'a', fresh.access), &record(now + ACCESS_LIFE))?;
        if let Some(refresh) = fresh.refresh {
            batch.put(token_key(b'r', refresh), &record(grant.expires_at))?;
        }
        grant.spent.extend(grant.refresh.take());
        grant.refresh = fresh.refresh.map(|refresh| refresh.to_hex());
        grant.access.push(fresh.access.to_hex());
        for spent in oldest(&mut grant.spent) {
            batch.remove(token_key(b'r', &spent));
        }
        let gone = oldest(&mut grant.access);
        for access in &gone {
            batch.remove(token_key(b'a', access));
        }
        batch.put(grant_key(&grant.account, grant.id), &grant)?;
        Ok(Given { grant, user, scope, gone })
    }

    /// Takes a grant back. The caller holds the turn to write.
    fn revoke_grant(&self, mut grant: GrantRecord, app: &AppRecord) -> Result<(), StoreError> {
        if grant.revoked {
            return Ok(());
        }
        grant.revoked = true;
        let mut batch = Batch::default();
        batch.put(grant_key(&grant.account, grant.id), &grant)?;
        let by = format!("app {}", app.client_id);
        grant_activity(Action::Delete, &by, &grant, &app.metadata.name).record(&grant.account, &mut batch)?;
        self.commit(batch)
    }
}

fn grant_activity(action: Action, by: &str, grant: &GrantRecord, app: &str) -> Activity {
    Activity { id: Some(grant.id.to_string()), ..Activity::new(by, action, Subject::Grant, app) }
}

/// Takes off what is beyond [`AT_ONCE`].
fn oldest(hashes: &mut Vec<String>) -> Vec<TokenHash> {
    let beyond = hashes.len().saturating_sub(AT_ONCE);
    hashes.drain(..beyond).filter_map(|hash| TokenHash::from_hex(&hash)).collect()
}

fn token_key(kind: u8, token: &TokenHash) -> Key {
    Key::new(Shelf::Token, &[&[kind], token.as_bytes()])
}

fn grant_key(account: &str, id: Uuid) -> Key {
    Key::new(Shelf::Token, &[b"g", account.as_bytes(), b"\0", id.as_bytes()])
}

#[cfg(test)]
#[path = "grants_tests.rs"]
mod tests;
