//! Tokens that an app gets for itself: signed, so that nothing has to be stored for each of them, and short-lived.
//! What an app may do now is looked up when a token is seen for the first time, not read from the token.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key_ring::{KeyRing, TOKEN_SECONDS};
use crate::{directory::apps::AppRecord, oauth::Scope, reply::Refusal};

/// Who gives them out, in the platform's words. Tokens about users name another issuer, so that one is never taken for
/// the other.
const ISSUER: &str = "Sentinel";

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AppClaims {
    /// The account.
    pub(crate) aud: String,
    /// The app's client id.
    pub(crate) azp: String,
    pub(crate) scope: String,
    iss: String,
    /// Seconds since the epoch.
    iat: u64,
    pub(crate) exp: u64,
    jti: String,
    /// Which of the app's secrets it was given for.
    #[serde(rename = "gen")]
    pub(crate) generation: u64,
}

impl AppClaims {
    /// Whether what is said holds for the app as it is now.
    pub(crate) fn hold(&self, app: &AppRecord) -> bool {
        app.may(crate::oauth::GrantTypes::CLIENT_CREDENTIALS) && app.generation == self.generation
    }
}

/// A token for an app. Blocks.
pub(crate) fn issue(keys: &KeyRing, app: &AppRecord, now: u64) -> Result<String, Refusal> {
    let iat = now / 1_000;
    let claims = AppClaims {
        aud: app.account.clone(),
        azp: app.client_id.clone(),
        scope: Scope::INVOKE.text(),
        iss: ISSUER.to_owned(),
        iat,
        exp: iat + TOKEN_SECONDS,
        jti: Uuid::new_v4().to_string(),
        generation: app.generation,
    };
    keys.sign(&claims, now)
}

/// Whether it is worth looking at: three parts, of which the first begins as JSON does.
pub(crate) fn looks_like_one(token: &[u8]) -> bool {
    token.starts_with(b"ey") && token.iter().filter(|byte| **byte == b'.').count() == 2
}

/// What a token says, if it is one of ours and has not expired.
pub(crate) fn verify(keys: &KeyRing, token: &[u8], now: u64) -> Option<AppClaims> {
    let claims: AppClaims = keys.verify(token, now)?;
    let is_fresh = claims.exp.saturating_mul(1_000) > now;
    (claims.iss == ISSUER && is_fresh && Scope::known(&claims.scope).has(Scope::INVOKE)).then_some(claims)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::{
        account_limits::AccountLimits,
        ledger::Ledger,
        sealing::{KEY, Sealer},
        store::faulty::FaultyStore,
    };

    const NOW: u64 = 1_000_000_000_000;

    #[test]
    fn a_token_is_good_for_its_time_and_its_purpose() {
        let store = Arc::new(FaultyStore::default()) as Arc<dyn crate::store::Store>;
        let ledger = Ledger::open(store, AccountLimits::default()).unwrap();
        let keys = KeyRing::open(Arc::new(ledger), Sealer::new(&[3; KEY])).unwrap();
        let ends = NOW / 1_000 + TOKEN_SECONDS;
        let token = |changed: &Value| {
            let mut claims = json!({
                "aud": "1", "azp": "app", "scope": Scope::INVOKE.text(), "iss": ISSUER, "iat": NOW / 1_000,
                "exp": ends, "jti": "x", "gen": 1,
            });
            claims.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
            keys.sign(&claims, NOW).unwrap()
        };
        let good = token(&json!({}));
        assert_eq!(verify(&keys, good.as_bytes(), NOW).unwrap().azp, "app");
        assert!(verify(&keys, good.as_bytes(), ends * 1_000 - 1).is_some());
        for now in [ends * 1_000, ends * 1_000 + 1, u64::MAX] {
            assert!(verify(&keys, good.as_bytes(), now).is_none(), "{now}");
        }
        for changed in [
            json!({ "exp": NOW / 1_000 }),
            json!({ "exp": 0 }),
            json!({ "exp": -1 }),
            json!({ "exp": null }),
            json!({ "exp": "9999999999" }),
            json!({ "iss": "https://lambkin.example" }),
            json!({ "iss": null }),
            json!({ "scope": "openid" }),
            json!({ "scope": "" }),
            json!({ "gen": null }),
        ] {
            assert!(verify(&keys, token(&changed).as_bytes(), NOW).is_none(), "{changed}");
        }
    }
}
