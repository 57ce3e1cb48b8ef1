//! Tokens: random, recognisable by how they begin, and stored only as hashes. They carry 256 random bits, so a fast
//! hash is enough; a password would need a slow one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore as _, rngs::OsRng};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{artifacts::hex, reply::Refusal};

/// Longest token that is looked at.
pub(crate) const MAX_TOKEN: usize = 4_096;

/// How the token of a session begins.
pub(crate) const SESSION: &str = "lks_";

/// How the secret of an app begins.
pub(crate) const APP_SECRET: &str = "lkc_";

/// How a code for an app, and the tokens it gets for it, begin.
pub(crate) const CODE: &str = "lkd_";
pub(crate) const ACCESS: &str = "lka_";
pub(crate) const REFRESH: &str = "lkr_";

/// SHA-256 of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TokenHash([u8; 32]);

impl TokenHash {
    pub(crate) fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// The hash written down.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut hash = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(hash))
    }

    /// Whether this is the hash written down, in a time that does not tell how much of it is.
    pub(crate) fn is(&self, stored: &str) -> bool {
        self.to_hex().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

/// A new token that begins with `kind`.
pub(crate) fn random(kind: &str) -> Result<String, Refusal> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(format!("{kind}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// A password for one use: 80 bits in letters and digits that are not mistaken for each other.
pub(crate) fn one_time_password() -> Result<String, Refusal> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect::<Vec<_>>();
    Ok(letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Random bytes of the operating system.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Refusal> {
    OsRng.try_fill_bytes(bytes).map_err(|error| Refusal::internal(format!("no random bytes: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_known_by_their_hashes() {
        let (one, two) = (random(SESSION).unwrap(), random(SESSION).unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), SESSION.len() + 43);
        let hash = TokenHash::of(one.as_bytes());
        assert_eq!(TokenHash::from_hex(&hash.to_hex()), Some(hash));
        assert_eq!(TokenHash::from_hex("00"), None);
        assert!(hash.is(&hash.to_hex()) && !hash.is(&TokenHash::of(two.as_bytes()).to_hex()) && !hash.is(""));
    }

    #[test]
    fn one_time_passwords_can_be_read_aloud() {
        let password = one_time_password().unwrap();
        assert_eq!(password.len(), 19);
        assert_ne!(password, one_time_password().unwrap());
    }
}
