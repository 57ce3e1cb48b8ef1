//! Signatures: hash, then sign with whatever kind of key it is.

use ed25519_dalek::{Signer as _, Verifier as _};
use rand_core::CryptoRng;

use crate::digest::Algorithm;
use crate::dsa;
use crate::error::{Error, Result};
use crate::key::{PrivateKey, PublicKey};
use crate::rsa::{self, Padding};

/// How ECDSA's two numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As a DER sequence.
    #[default]
    Der,
    /// One after the other, in full length.
    P1363,
}

/// PSS's salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Salt {
    /// As long as the hash: -1.
    Digest,
    /// When signing as long as there is room for, when verifying whatever is found: -2.
    Auto,
    /// That many bytes.
    Bytes(usize),
}

impl Salt {
    /// From OpenSSL's number.
    pub fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            -1 => Self::Digest,
            -2 => Self::Auto,
            number => Self::Bytes(usize::try_from(number).ok()?),
        })
    }

    fn length(self, algorithm: Algorithm) -> Option<usize> {
        match self {
            Self::Digest => Some(algorithm.size()),
            Self::Auto => None,
            Self::Bytes(length) => Some(length),
        }
    }
}

/// The ways of signing that a key's kind leaves open.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// RSA's padding.
    pub padding: Padding,
    /// PSS's salt.
    pub salt: Salt,
    /// ECDSA's form.
    pub encoding: Encoding,
}

impl Default for Scheme {
    fn default() -> Self {
        Self { padding: Padding::Pkcs1, salt: Salt::Auto, encoding: Encoding::Der }
    }
}

/// Signs a hash made with `algorithm`.
pub fn sign(
    key: &PrivateKey,
    algorithm: Algorithm,
    hash: &[u8],
    scheme: Scheme,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    match key {
        PrivateKey::Rsa(key) => {
            rsa::sign(key, scheme.padding, algorithm, scheme.salt.length(algorithm), hash, random)
        }
        PrivateKey::Ec { curve, scalar } => {
            let signature = curve.sign(scalar, hash)?;
            if scheme.encoding == Encoding::Der { curve.signature_to_der(&signature) } else { Ok(signature) }
        }
        PrivateKey::Dsa(key) => dsa::sign(key, hash, random),
        PrivateKey::Ed25519(_) | PrivateKey::X25519(_) => Err(Error::WRONG_KEY_KIND),
    }
}

/// Whether a signature of a hash made with `algorithm` is right.
pub fn verify(
    key: &PublicKey,
    algorithm: Algorithm,
    hash: &[u8],
    signature: &[u8],
    scheme: Scheme,
) -> Result<bool> {
    match key {
        PublicKey::Rsa(key) => {
            rsa::verify(key, scheme.padding, algorithm, scheme.salt.length(algorithm), hash, signature)
        }
        PublicKey::Ec { curve, point } => Ok(match scheme.encoding {
            Encoding::P1363 => curve.verify(point, hash, signature),
            Encoding::Der => {
                curve.signature_from_der(signature).is_some_and(|plain| curve.verify(point, hash, &plain))
            }
        }),
        PublicKey::Dsa(key) => Ok(dsa::verify(key, hash, signature)),
        PublicKey::Ed25519(_) | PublicKey::X25519(_) => Err(Error::WRONG_KEY_KIND),
    }
}

/// Signs a message itself, as Ed25519 does.
pub fn sign_message(key: &PrivateKey, message: &[u8]) -> Result<Vec<u8>> {
    let PrivateKey::Ed25519(seed) = key else { return Err(Error::UNKNOWN_DIGEST) };
    Ok(ed25519_dalek::SigningKey::from_bytes(seed).sign(message).to_bytes().to_vec())
}

/// Whether an Ed25519 signature of a message is right.
pub fn verify_message(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<bool> {
    let PublicKey::Ed25519(point) = key else { return Err(Error::UNKNOWN_DIGEST) };
    let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(point) else { return Ok(false) };
    let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return Ok(false) };
    Ok(key.verify(message, &signature).is_ok())
}
