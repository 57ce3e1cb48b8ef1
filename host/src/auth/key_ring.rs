//! The keys that tokens are signed with: one that signs, and those before it for as long as tokens of theirs live.
//!
//! They are sealed at rest and open in memory. Verifying looks at a snapshot and waits for nothing; only making a key,
//! which takes a second, is done by one at a time.

use std::sync::Arc;

use arc_swap::ArcSwap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use parking_lot::Mutex;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

use super::signing;
use crate::{
    activity::{Action, Activity, Subject},
    ledger::{Ledger, SigningKeyRecord},
    reply::Refusal,
    sealing::Sealer,
    store::StoreError,
};

/// Seconds for which a signed token is good.
pub(crate) const TOKEN_SECONDS: u64 = 3_600;

/// Milliseconds for which a key is kept once it signs nothing more: its last token's life, and some for clocks.
const KEPT: u64 = (TOKEN_SECONDS + 300) * 1_000;

/// Who is written down for the key that is made when there is none.
const SERVER: &str = "server";

/// A key that is ready for use.
pub(crate) struct SigningKey {
    record: SigningKeyRecord,
    private: EncodingKey,
    public: DecodingKey,
    /// Modulus and exponent as verifiers get them.
    modulus: String,
    exponent: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.record.kid).finish_non_exhaustive()
    }
}

impl SigningKey {
    fn new(record: SigningKeyRecord, pkcs8: &[u8]) -> Result<Self, String> {
        let (n, e) = signing::public_half(pkcs8)?;
        Ok(Self {
            record,
            private: EncodingKey::from_rsa_der(pkcs8),
            public: DecodingKey::from_rsa_raw_components(&n, &e),
            modulus: URL_SAFE_NO_PAD.encode(n),
            exponent: URL_SAFE_NO_PAD.encode(e),
        })
    }

    pub(crate) fn kid(&self) -> &str {
        &self.record.kid
    }

    pub(crate) fn created_at(&self) -> u64 {
        self.record.created_at
    }

    pub(crate) fn retired_at(&self) -> Option<u64> {
        self.record.retired_at
    }

    /// Whether a token of this key may still be alive.
    fn serves(&self, now: u64) -> bool {
        self.record.retired_at.is_none_or(|retired| now < retired.saturating_add(KEPT))
    }

    fn retire(&self, now: u64) -> Self {
        Self {
            record: SigningKeyRecord { retired_at: Some(now), ..self.record.clone() },
            private: self.private.clone(),
            public: self.public.clone(),
            modulus: self.modulus.clone(),
            exponent: self.exponent.clone(),
        }
    }
}

/// All keys of this server.
#[derive(Debug)]
pub(crate) struct KeyRing {
    ledger: Arc<Ledger>,
    sealer: Sealer,
    keys: ArcSwap<Vec<Arc<SigningKey>>>,
    /// Held while the keys are changed.
    changing: Mutex<()>,
}

impl KeyRing {
    /// Opens the keys there are. Blocks.
    pub(crate) fn open(ledger: Arc<Ledger>, sealer: Sealer) -> Result<Self, StoreError> {
        signing::install();
        let mut keys = Vec::new();
        for record in ledger.signing_keys()? {
            let kid = record.kid.clone();
            let opened = sealer.open(&SigningKeyRecord::place(&kid), &record.sealed);
            match opened.map_err(|error| error.to_string()).and_then(|pkcs8| SigningKey::new(record, &pkcs8))
            {
                Ok(key) => keys.push(Arc::new(key)),
                // Its tokens are refused; clients get others.
                Err(error) => tracing::error!(kid, error, "a signing key cannot be used"),
            }
        }
        Ok(Self { ledger, sealer, keys: ArcSwap::from_pointee(keys), changing: Mutex::new(()) })
    }

    /// The key that signs; made if there is none yet. Blocks.
    pub(crate) fn current(&self, now: u64) -> Result<Arc<SigningKey>, Refusal> {
        if let Some(key) = newest(&self.keys.load()) {
            return Ok(key);
        }
        let changing = self.changing.lock();
        match newest(&self.keys.load()) {
            Some(key) => Ok(key),
            None => self.add(&changing, SERVER, now),
        }
    }

    /// Makes another key, which signs from now on. Blocks.
    pub(crate) fn rotate(&self, by: &str, now: u64) -> Result<Arc<SigningKey>, Refusal> {
        let changing = self.changing.lock();
        self.add(&changing, by, now)
    }

    fn add(
        &self,
        _changing: &parking_lot::MutexGuard<'_, ()>,
        by: &str,
        now: u64,
    ) -> Result<Arc<SigningKey>, Refusal> {
        let kid = Uuid::new_v4().simple().to_string();
        let pkcs8 = signing::make_key().map_err(Refusal::internal)?;
        let sealed = self.sealer.seal(&SigningKeyRecord::place(&kid), &pkcs8).map_err(Refusal::internal)?;
        let record = SigningKeyRecord { kid, sealed, created_at: now, retired_at: None };
        let made = Arc::new(SigningKey::new(record, &pkcs8).map_err(Refusal::internal)?);
        let mut keys: Vec<_> = self.keys.load().iter().map(Arc::clone).collect();
        for key in keys.iter_mut().filter(|key| key.record.retired_at.is_none()) {
            *key = Arc::new(key.retire(now));
        }
        keys.push(Arc::clone(&made));
        let records: Vec<_> = keys.iter().map(|key| key.record.clone()).collect();
        let activity = Activity::new(by, Action::Create, Subject::SigningKey, made.kid());
        self.ledger.put_signing_keys(&records, &activity)?;
        self.keys.store(Arc::new(keys));
        Ok(made)
    }

    /// Every key whose tokens may be alive.
    pub(crate) fn serving(&self, now: u64) -> Vec<Arc<SigningKey>> {
        self.keys.load().iter().filter(|key| key.serves(now)).map(Arc::clone).collect()
    }

    /// What others verify tokens with (RFC 7517).
    pub(crate) fn public_keys(&self, now: u64) -> Value {
        let keys = self.serving(now);
        let keys = keys.iter().map(|key| {
            json!({
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": key.kid(), "n": key.modulus, "e": key.exponent,
            })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    /// Signs claims with the newest key. Blocks.
    pub(crate) fn sign(&self, claims: &impl Serialize, now: u64) -> Result<String, Refusal> {
        let key = self.current(now)?;
        let header = Header { kid: Some(key.kid().to_owned()), ..Header::new(Algorithm::RS256) };
        encode(&header, claims, &key.private).map_err(Refusal::internal)
    }

    /// The claims of a token that one of the keys has signed. Whether they are good now is the caller's to judge.
    pub(crate) fn verify<T: DeserializeOwned>(&self, token: &[u8], now: u64) -> Option<T> {
        let header = decode_header(token).ok()?;
        if header.alg != Algorithm::RS256 || header.crit.is_some() {
            return None;
        }
        let kid = header.kid?;
        let keys = self.keys.load();
        // The key that the token brings along (`jwk`, `jku`, `x5c`) is not looked at.
        let key = keys.iter().find(|key| key.kid() == kid && key.serves(now))?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.required_spec_claims.clear();
        (validation.validate_exp, validation.validate_aud) = (false, false);
        decode(token, &key.public, &validation).ok().map(|token| token.claims)
    }

    /// Forgets keys that no token needs any more. Blocks.
    pub(crate) fn sweep(&self, now: u64) -> Result<(), StoreError> {
        let _changing = self.changing.lock();
        let keys = self.keys.load_full();
        if keys.iter().all(|key| key.serves(now)) {
            return Ok(());
        }
        for key in keys.iter().filter(|key| !key.serves(now)) {
            self.ledger.remove_signing_key(key.kid())?;
        }
        self.keys.store(Arc::new(self.serving(now)));
        Ok(())
    }
}

fn newest(keys: &[Arc<SigningKey>]) -> Option<Arc<SigningKey>> {
    let signing = keys.iter().filter(|key| key.record.retired_at.is_none());
    signing.max_by_key(|key| key.record.created_at).map(Arc::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account_limits::AccountLimits, sealing::KEY, store::faulty::FaultyStore};

    const NOW: u64 = 1_000_000_000_000;

    fn ring(store: &Arc<FaultyStore>) -> KeyRing {
        let store = Arc::clone(store) as Arc<dyn crate::store::Store>;
        let ledger = Ledger::open(store, AccountLimits::default()).unwrap();
        KeyRing::open(Arc::new(ledger), Sealer::new(&[3; KEY])).unwrap()
    }

    fn claims(ring: &KeyRing, token: &str, now: u64) -> Option<Value> {
        ring.verify(token.as_bytes(), now)
    }

    fn part(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    #[test]
    fn a_key_signs_until_another_one_does_and_verifies_as_long_as_its_tokens_live() {
        let store = Arc::new(FaultyStore::default());
        let keys = ring(&store);
        assert_eq!(keys.public_keys(NOW), json!({ "keys": [] }));
        let first = keys.sign(&json!({ "n": 1 }), NOW).unwrap();
        let rotated = NOW + 1_000;
        keys.rotate("me", rotated).unwrap();
        let second = keys.sign(&json!({ "n": 2 }), rotated).unwrap();
        assert_ne!(decode_header(&first).unwrap().kid, decode_header(&second).unwrap().kid);
        // What is written down is the same keys.
        let again = ring(&store);
        for keys in [&keys, &again] {
            for now in [rotated, rotated + KEPT - 1] {
                assert_eq!(claims(keys, &first, now).unwrap()["n"], 1);
                assert_eq!(keys.public_keys(now)["keys"].as_array().unwrap().len(), 2);
            }
            assert_eq!(claims(keys, &first, rotated + KEPT), None);
            assert_eq!(claims(keys, &second, rotated + KEPT).unwrap()["n"], 2);
            assert_eq!(keys.public_keys(rotated + KEPT)["keys"].as_array().unwrap().len(), 1);
        }
        keys.sweep(rotated + KEPT).unwrap();
        assert_eq!(ring(&store).serving(NOW).len(), 1);
        let newest = keys.sign(&json!({}), rotated + KEPT).unwrap();
        assert_eq!(decode_header(&newest).unwrap().kid, decode_header(&second).unwrap().kid);
        // With another master key there is nothing to sign or verify with, and a fresh key is made.
        let ledger = Arc::clone(&keys.ledger);
        let strange = KeyRing::open(ledger, Sealer::new(&[4; KEY])).unwrap();
        assert_eq!(claims(&strange, &second, rotated), None);
    }

    #[test]
    fn only_rs256_by_a_key_of_ours_is_believed() {
        let keys = ring(&Arc::new(FaultyStore::default()));
        let good = keys.sign(&json!({ "n": 1 }), NOW).unwrap();
        assert!(claims(&keys, &good, NOW).is_some());
        let kid = keys.current(NOW).unwrap().kid().to_owned();
        let parts: Vec<&str> = good.split('.').collect();
        let [header, body, signature] = parts[..] else { panic!("{good}") };
        let modulus = URL_SAFE_NO_PAD.decode(&keys.current(NOW).unwrap().modulus).unwrap();
        for alg in
            ["none", "None", "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "ES256", "EdDSA", ""]
        {
            let head = part(&json!({ "alg": alg, "typ": "JWT", "kid": kid }));
            // Signed with the public key as a secret, as careless verifiers would check it.
            let message = format!("{head}.{body}");
            let mac = ring::hmac::sign(
                &ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &modulus),
                message.as_bytes(),
            );
            for signature in [signature, "", &URL_SAFE_NO_PAD.encode(mac)] {
                assert_eq!(claims(&keys, &format!("{message}.{signature}"), NOW), None, "{alg}");
            }
        }
        // Another key that calls itself ours, or that the token brings along.
        let other = ring_of_another_key();
        let theirs = other.current(NOW).unwrap();
        for extra in [json!({}), json!({ "jwk": other.public_keys(NOW)["keys"][0] })] {
            let mut head = json!({ "alg": "RS256", "typ": "JWT", "kid": kid });
            head.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            let header: Header = serde_json::from_value(head).unwrap();
            let forged = encode(&header, &json!({ "n": 1 }), &theirs.private).unwrap();
            assert_eq!(claims(&keys, &forged, NOW), None);
        }
        let unnamed = Header::new(Algorithm::RS256);
        let private = &keys.current(NOW).unwrap().private;
        assert_eq!(claims(&keys, &encode(&unnamed, &json!({}), private).unwrap(), NOW), None, "no kid");
        let critical = Header { kid: Some(kid.clone()), crit: Some(vec!["b64".to_owned()]), ..unnamed };
        assert_eq!(claims(&keys, &encode(&critical, &json!({}), private).unwrap(), NOW), None, "crit");
        let body = part(&json!({ "n": 2 }));
        for broken in [
            format!("{header}.{body}.{signature}"),
            format!("{header}.{body}."),
            format!("{header}.{body}"),
            format!("{good}."),
            format!(".{good}"),
            good.replace('.', ""),
            String::new(),
            "...".to_owned(),
            "é.é.é".to_owned(),
        ] {
            assert_eq!(claims(&keys, &broken, NOW), None, "{broken}");
        }
    }

    fn ring_of_another_key() -> KeyRing {
        ring(&Arc::new(FaultyStore::default()))
    }
}
