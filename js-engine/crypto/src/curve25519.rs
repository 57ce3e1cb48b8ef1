//! Curve25519, which has two uses with keys of their own: signatures (Ed25519, RFC 8032) and agreement on a secret
//! (X25519, RFC 7748). A key is 32 bytes, and all 32 bytes are a private key.

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use rand_core::CryptoRng;
use x25519_dalek::StaticSecret;

use crate::error::{Error, Result};

/// A key, private or public.
pub type Key = [u8; 32];

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Signatures.
    Ed25519,
    /// Agreement.
    X25519,
}

impl Use {
    /// By the name it has in standards.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "Ed25519" => Self::Ed25519,
            "X25519" => Self::X25519,
            _ => return None,
        })
    }

    /// The public key of a private key.
    pub fn public_key(self, private: &Key) -> Key {
        match self {
            Self::Ed25519 => SigningKey::from_bytes(private).verifying_key().to_bytes(),
            Self::X25519 => x25519_dalek::PublicKey::from(&StaticSecret::from(*private)).to_bytes(),
        }
    }
}

/// A new private key, for either use.
pub fn generate(random: &mut impl CryptoRng) -> Key {
    let mut key = [0; 32];
    random.fill_bytes(&mut key);
    key
}

/// The bytes as a key.
pub fn key(bytes: &[u8]) -> Result<Key> {
    bytes.try_into().map_err(|_| Error::BAD_KEY)
}

/// What the owner of `private` and the owner of the private key of `public` have in common. Some public keys would give the
/// same to everybody; they are refused.
pub fn agree(private: &Key, public: &Key) -> Result<Key> {
    let shared = StaticSecret::from(*private).diffie_hellman(&x25519_dalek::PublicKey::from(*public));
    if shared.was_contributory() { Ok(shared.to_bytes()) } else { Err(Error::DERIVATION) }
}

/// Signs a message.
pub fn sign(private: &Key, message: &[u8]) -> Vec<u8> {
    SigningKey::from_bytes(private).sign(message).to_bytes().to_vec()
}

/// Whether a signature of a message is right.
pub fn verify(public: &Key, message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(public) else { return false };
    Signature::from_slice(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
}
