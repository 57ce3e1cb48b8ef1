//! Who is calling. For now one account with one token; every call already goes through [`Principal`], so that
//! accounts, users and roles change this file and not the handlers.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    artifacts::hex,
    config::{BUILT_IN_ACCOUNT, DEV_TOKEN, ServeOptions},
    error::HostError,
    ledger::Ledger,
    reply::Refusal,
};

/// Longest token that is looked at.
const MAX_TOKEN: usize = 512;

/// A caller whose token was good.
#[derive(Clone, Debug)]
pub(crate) struct Principal {
    account: Arc<str>,
    name: &'static str,
}

impl Principal {
    /// Lets the caller into the account of the path.
    pub(crate) fn enter(self, account: &str) -> Result<Self, Refusal> {
        if *self.account == *account { Ok(self) } else { Err(Refusal::forbidden(account)) }
    }

    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    /// What is written down as the author of a change.
    pub(crate) fn name(&self) -> &str {
        self.name
    }
}

/// What the server knows about tokens: hashes.
#[derive(Debug)]
pub(crate) struct Credentials {
    account: Arc<str>,
    token_hash: [u8; 32],
    name: &'static str,
}

impl Credentials {
    /// The built-in account's credentials, and the token itself when this start may print it.
    pub(crate) fn open(options: &ServeOptions, ledger: &Ledger) -> Result<(Self, Option<String>), HostError> {
        let account = BUILT_IN_ACCOUNT.into();
        if options.dev {
            let credentials = Self { account, token_hash: Sha256::digest(DEV_TOKEN).into(), name: "dev" };
            return Ok((credentials, Some(DEV_TOKEN.to_owned())));
        }
        let trouble = |error| HostError::while_doing("the stored token cannot be used", error);
        let stored = ledger.token_hash().map_err(trouble)?.filter(|_| !options.renew_token);
        let (token, hash) = match stored {
            Some(hash) => (None, hash),
            None => {
                let token = random_token();
                let hash = hex(&Sha256::digest(&token));
                ledger.set_token_hash(&hash).map_err(trouble)?;
                (Some(token), hash)
            }
        };
        let token_hash = unhex(&hash).ok_or_else(|| {
            HostError::new("the stored token hash is damaged")
                .with_hint("make a new token: serve --renew-token")
        })?;
        Ok((Self { account, token_hash, name: "owner" }, token))
    }

    /// The caller behind a request. The comparison takes the same time for every wrong token.
    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Result<Principal, Refusal> {
        let token = bearer(headers).ok_or_else(Refusal::unauthorized)?;
        let given: [u8; 32] = Sha256::digest(token).into();
        if bool::from(given.ct_eq(&self.token_hash)) {
            Ok(Principal { account: Arc::clone(&self.account), name: self.name })
        } else {
            Err(Refusal::unauthorized())
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(7)?;
    (scheme.eq_ignore_ascii_case(b"bearer ") && token.len() <= MAX_TOKEN).then_some(token)
}

/// Two random UUIDs: 244 bits from the operating system.
fn random_token() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())])
    }

    #[test]
    fn only_the_token_opens_and_only_its_account() {
        let credentials =
            Credentials { account: "1".into(), token_hash: Sha256::digest("secret").into(), name: "test" };
        let principal = credentials.authenticate(&headers("bearer secret")).unwrap();
        assert!(principal.clone().enter("1").is_ok());
        assert!(principal.enter("2").is_err());
        for wrong in ["Bearer", "Bearer ", "Bearer secrets", "Basic secret", "secret", ""] {
            assert!(credentials.authenticate(&headers(wrong)).is_err(), "{wrong:?}");
        }
        assert!(credentials.authenticate(&HeaderMap::new()).is_err());
    }

    #[test]
    fn tokens_differ_and_hashes_are_read_back() {
        assert_ne!(random_token(), random_token());
        let hash = Sha256::digest("x");
        assert_eq!(unhex(&hex(&hash)).unwrap()[..], hash[..]);
        assert_eq!(unhex("zz"), None);
    }
}
