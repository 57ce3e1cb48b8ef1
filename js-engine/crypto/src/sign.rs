//! Signatures: hash, then sign with whatever kind of key it is.

use rand_core::CryptoRng;

use crate::digest::Algorithm;
use crate::error::{Error, Result};
use crate::key::{PrivateKey, PublicKey};
use crate::rsa::{self, Padding};
use crate::{curve25519, dsa};

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

/// What other kinds of keys than Ed25519 hash a message with when nobody says.
const USUAL: Algorithm = Algorithm::Sha256;

/// Signs a message in the way of the key: with Ed25519 the message itself, else its usual hash.
pub fn sign_message(
    key: &PrivateKey,
    message: &[u8],
    scheme: Scheme,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    match key {
        PrivateKey::Ed25519(private) => Ok(curve25519::sign(private, message)),
        key => sign(key, USUAL, &USUAL.hash(message), scheme, random),
    }
}

/// Whether a signature that was made by [`sign_message`] is right.
pub fn verify_message(key: &PublicKey, message: &[u8], signature: &[u8], scheme: Scheme) -> Result<bool> {
    match key {
        PublicKey::Ed25519(public) => Ok(curve25519::verify(public, message, signature)),
        key => verify(key, USUAL, &USUAL.hash(message), signature, scheme),
    }
}
