//! Keys, and the formats they come and go in.

mod pem;
mod pkcs12;
mod read;
mod write;

pub use read::{private_key, public_key};
pub use write::{Protection, write_private, write_public};

use crate::curve25519;
use crate::ec::Curve;
use crate::error::Result;

/// The secret half.
#[derive(Clone)]
pub enum PrivateKey {
    /// RSA.
    Rsa(Box<rsa::PrivateKey>),
    /// On a curve of NIST or SECG.
    Ec {
        /// The curve.
        curve: Curve,
        /// In full length.
        scalar: Vec<u8>,
    },
    /// DSA.
    Dsa(Box<crate::dsa::PrivateKey>),
    /// For signatures.
    Ed25519(curve25519::Key),
    /// For agreement.
    X25519(curve25519::Key),
}

/// The public half.
#[derive(Clone)]
pub enum PublicKey {
    /// RSA.
    Rsa(Box<rsa::PublicKey>),
    /// On a curve of NIST or SECG.
    Ec {
        /// The curve.
        curve: Curve,
        /// Uncompressed.
        point: Vec<u8>,
    },
    /// DSA.
    Dsa(Box<crate::dsa::PublicKey>),
    /// For signatures.
    Ed25519(curve25519::Key),
    /// For agreement.
    X25519(curve25519::Key),
}

impl PrivateKey {
    /// The public half of it.
    pub fn public(&self) -> Result<PublicKey> {
        Ok(match self {
            Self::Rsa(key) => PublicKey::Rsa(Box::new(key.to_public_key())),
            Self::Ec { curve, scalar } => PublicKey::Ec { curve: *curve, point: curve.public_key(scalar)? },
            Self::Dsa(key) => PublicKey::Dsa(Box::new(key.verifying_key().clone())),
            Self::Ed25519(key) => PublicKey::Ed25519(curve25519::Use::Ed25519.public_key(key)),
            Self::X25519(key) => PublicKey::X25519(curve25519::Use::X25519.public_key(key)),
        })
    }

    /// The name Node has for the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa",
            Self::Dsa(_) => "dsa",
            Self::Ec { .. } => "ec",
            Self::Ed25519(_) => "ed25519",
            Self::X25519(_) => "x25519",
        }
    }
}

impl PublicKey {
    /// The name Node has for the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa",
            Self::Dsa(_) => "dsa",
            Self::Ec { .. } => "ec",
            Self::Ed25519(_) => "ed25519",
            Self::X25519(_) => "x25519",
        }
    }
}

/// How a key's numbers are put into bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// RSA's own.
    Pkcs1,
    /// Any private key.
    Pkcs8,
    /// Any public key.
    Spki,
    /// A curve's own, private.
    Sec1,
}

pub(crate) mod oid {
    //! Kinds of keys.
    use spki::ObjectIdentifier;

    pub const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    pub const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
    pub const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    pub const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
    pub const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");
}
