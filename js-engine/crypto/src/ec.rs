//! Elliptic curves: key pairs, ECDSA, agreement on a secret.

use elliptic_curve::sec1::ToSec1Point;
use elliptic_curve::{Generate, PublicKey, SecretKey};
use spki::ObjectIdentifier;

use crate::error::{Error, Result};

/// The curves there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the curves' own")]
pub enum Curve {
    P256,
    P384,
    P521,
    K256,
}

/// Evaluates `$body` with `$C` standing for the type of `$curve`.
macro_rules! with_curve {
    ($curve:expr, $C:ident => $body:expr) => {
        match $curve {
            Curve::P256 => {
                type $C = p256::NistP256;
                $body
            }
            Curve::P384 => {
                type $C = p384::NistP384;
                $body
            }
            Curve::P521 => {
                type $C = p521::NistP521;
                $body
            }
            Curve::K256 => {
                type $C = k256::Secp256k1;
                $body
            }
        }
    };
}

/// The names as OpenSSL lists them.
pub const NAMES: [&str; 4] = ["prime256v1", "secp256k1", "secp384r1", "secp521r1"];

/// How a point is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The x coordinate and the sign of y.
    Compressed,
    /// Both coordinates.
    Uncompressed,
    /// Both coordinates and the sign of y.
    Hybrid,
}

impl Curve {
    /// Finds a curve.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "prime256v1" | "P-256" | "secp256r1" => Self::P256,
            "secp384r1" | "P-384" => Self::P384,
            "secp521r1" | "P-521" => Self::P521,
            "secp256k1" => Self::K256,
            _ => return None,
        })
    }

    /// The name OpenSSL has for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "prime256v1",
            Self::P384 => "secp384r1",
            Self::P521 => "secp521r1",
            Self::K256 => "secp256k1",
        }
    }

    pub(crate) const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::P256 => "1.2.840.10045.3.1.7",
            Self::P384 => "1.3.132.0.34",
            Self::P521 => "1.3.132.0.35",
            Self::K256 => "1.3.132.0.10",
        })
    }

    pub(crate) fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521, Self::K256].into_iter().find(|curve| curve.oid() == oid)
    }

    /// Length of a coordinate, and of a private key, in bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::P256 | Self::K256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// A new private key.
    pub fn generate(self, random: &mut impl rand_core::CryptoRng) -> Vec<u8> {
        with_curve!(self, C => SecretKey::<C>::generate_from_rng(random).to_bytes().to_vec())
    }

    /// The private key, in full length, when the bytes are one.
    pub fn private_key(self, bytes: &[u8]) -> Result<Vec<u8>> {
        let digits = bytes.iter().skip_while(|byte| **byte == 0).count();
        let digits = &bytes[bytes.len() - digits..];
        let mut full = vec![0; self.size()];
        let start = full.len().checked_sub(digits.len()).ok_or(Error::PRIVATE_KEY)?;
        full[start..].copy_from_slice(digits);
        with_curve!(self, C => SecretKey::<C>::from_slice(&full).map(|_| ()).map_err(|_| Error::PRIVATE_KEY))?;
        Ok(full)
    }

    /// The public key of a private key, uncompressed.
    pub fn public_key(self, private: &[u8]) -> Result<Vec<u8>> {
        with_curve!(self, C => {
            let key = SecretKey::<C>::from_slice(private).map_err(|_| Error::PRIVATE_KEY)?;
            Ok(key.public_key().to_sec1_point(false).as_bytes().to_vec())
        })
    }

    /// Writes a point that was read in any form in another.
    pub fn convert(self, point: &[u8], form: Form) -> Result<Vec<u8>> {
        // The hybrid form is the uncompressed one with another first byte, which has to fit.
        let mut plain = point.to_vec();
        if let [first @ (6 | 7), .., last] = plain.as_mut_slice() {
            if *first & 1 != *last & 1 {
                return Err(Error::POINT);
            }
            *first = 4;
        }
        let mut converted = with_curve!(self, C => {
            let key = PublicKey::<C>::from_sec1_bytes(&plain).map_err(|_| Error::POINT)?;
            key.to_sec1_point(form == Form::Compressed).as_bytes().to_vec()
        });
        if form == Form::Hybrid
            && let [first, .., last] = converted.as_mut_slice()
        {
            *first = 6 | (*last & 1);
        }
        Ok(converted)
    }

    /// What the owner of `private` and the owner of the private key of `public` have in common.
    pub fn agree(self, private: &[u8], public: &[u8]) -> Result<Vec<u8>> {
        let public = self.convert(public, Form::Uncompressed)?;
        with_curve!(self, C => {
            let private = SecretKey::<C>::from_slice(private).map_err(|_| Error::PRIVATE_KEY)?;
            let public = PublicKey::<C>::from_sec1_bytes(&public).map_err(|_| Error::POINT)?;
            Ok(private.diffie_hellman(&public).raw_secret_bytes().to_vec())
        })
    }

    /// ECDSA over a hash; the numbers r and s one after the other. Deterministic (RFC 6979), so that no weak generator
    /// can give the key away.
    pub fn sign(self, private: &[u8], hash: &[u8]) -> Result<Vec<u8>> {
        macro_rules! sign {
            ($C:ty, $D:ty) => {{
                let key = SecretKey::<$C>::from_slice(private).map_err(|_| Error::PRIVATE_KEY)?;
                let scalar = key.to_nonzero_scalar();
                ecdsa::hazmat::sign_prehashed_rfc6979::<$C, $D>(&scalar, hash, &[]).0.to_bytes().to_vec()
            }};
        }
        Ok(match self {
            Self::P256 => sign!(p256::NistP256, sha2::Sha256),
            Self::P384 => sign!(p384::NistP384, sha2::Sha384),
            Self::P521 => sign!(p521::NistP521, sha2::Sha512),
            Self::K256 => sign!(k256::Secp256k1, sha2::Sha256),
        })
    }

    /// Whether `signature`, r and s one after the other, is right.
    pub fn verify(self, public: &[u8], hash: &[u8], signature: &[u8]) -> bool {
        with_curve!(self, C => {
            let Ok(key) = PublicKey::<C>::from_sec1_bytes(public) else { return false };
            let Ok(signature) = ecdsa::Signature::<C>::from_slice(signature) else { return false };
            // OpenSSL does not mind which of the two possible s it is; k256 would.
            let is_right = |signature| ecdsa::hazmat::verify_prehashed(&key.to_projective(), hash, signature).is_ok();
            is_right(&signature) || is_right(&signature.normalize_s())
        })
    }

    /// r and s one after the other, as the two numbers in a DER sequence.
    pub fn signature_to_der(self, signature: &[u8]) -> Result<Vec<u8>> {
        with_curve!(self, C => {
            let signature = ecdsa::Signature::<C>::from_slice(signature).map_err(|_| Error::BAD_KEY)?;
            Ok(signature.to_der().as_bytes().to_vec())
        })
    }

    /// The other way round; `None` when it is no signature.
    pub fn signature_from_der(self, der: &[u8]) -> Option<Vec<u8>> {
        with_curve!(self, C => ecdsa::Signature::<C>::from_der(der).ok().map(|signature| signature.to_bytes().to_vec()))
    }
}
