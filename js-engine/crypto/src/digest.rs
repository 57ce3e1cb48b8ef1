//! Hashes by the names Node's users write.

use ::digest::{DynDigest, ExtendableOutput, Update};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the algorithms' own")]
pub enum Algorithm {
    Md4,
    Md5,
    Ripemd160,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512_224,
    Sha512_256,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    Sm3,
    Whirlpool,
}

/// Evaluates `$body` with `$D` standing for the type of `$algorithm`.
macro_rules! with_digest {
    ($algorithm:expr, $D:ident => $body:expr) => {
        match $algorithm {
            $crate::digest::Algorithm::Md4 => {
                type $D = md4::Md4;
                $body
            }
            $crate::digest::Algorithm::Md5 => {
                type $D = md5::Md5;
                $body
            }
            $crate::digest::Algorithm::Ripemd160 => {
                type $D = ripemd::Ripemd160;
                $body
            }
            $crate::digest::Algorithm::Sha1 => {
                type $D = sha1::Sha1;
                $body
            }
            $crate::digest::Algorithm::Sha224 => {
                type $D = sha2::Sha224;
                $body
            }
            $crate::digest::Algorithm::Sha256 => {
                type $D = sha2::Sha256;
                $body
            }
            $crate::digest::Algorithm::Sha384 => {
                type $D = sha2::Sha384;
                $body
            }
            $crate::digest::Algorithm::Sha512 => {
                type $D = sha2::Sha512;
                $body
            }
            $crate::digest::Algorithm::Sha512_224 => {
                type $D = sha2::Sha512_224;
                $body
            }
            $crate::digest::Algorithm::Sha512_256 => {
                type $D = sha2::Sha512_256;
                $body
            }
            $crate::digest::Algorithm::Sha3_224 => {
                type $D = sha3::Sha3_224;
                $body
            }
            $crate::digest::Algorithm::Sha3_256 => {
                type $D = sha3::Sha3_256;
                $body
            }
            $crate::digest::Algorithm::Sha3_384 => {
                type $D = sha3::Sha3_384;
                $body
            }
            $crate::digest::Algorithm::Sha3_512 => {
                type $D = sha3::Sha3_512;
                $body
            }
            $crate::digest::Algorithm::Sm3 => {
                type $D = sm3::Sm3;
                $body
            }
            $crate::digest::Algorithm::Whirlpool => {
                type $D = whirlpool::Whirlpool;
                $body
            }
        }
    };
}

/// The names as OpenSSL lists them.
pub const NAMES: [&str; 33] = [
    "RSA-MD4",
    "RSA-MD5",
    "RSA-RIPEMD160",
    "RSA-SHA1",
    "RSA-SHA1-2",
    "RSA-SHA224",
    "RSA-SHA256",
    "RSA-SHA3-224",
    "RSA-SHA3-256",
    "RSA-SHA3-384",
    "RSA-SHA3-512",
    "RSA-SHA384",
    "RSA-SHA512",
    "RSA-SHA512/224",
    "RSA-SHA512/256",
    "RSA-SM3",
    "md4",
    "md5",
    "ripemd",
    "ripemd160",
    "rmd160",
    "sha1",
    "sha224",
    "sha256",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
    "sha384",
    "sha512",
    "sha512-224",
    "sha512-256",
    "whirlpool",
];
/// Names of hashes that only `Hash` knows: they have no HMAC and sign nothing.
pub const MORE_NAMES: [&str; 4] = ["blake2b512", "blake2s256", "shake128", "shake256"];

impl Algorithm {
    /// Finds a hash; upper and lower case are the same.
    pub fn named(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let plain = lower.strip_prefix("rsa-").or(lower.strip_suffix("withrsaencryption")).unwrap_or(&lower);
        Some(match plain {
            "md4" => Self::Md4,
            "md5" | "ssl3-md5" => Self::Md5,
            "ripemd160" | "ripemd" | "rmd160" => Self::Ripemd160,
            "sha1" | "sha-1" | "sha1-2" | "ssl3-sha1" | "ecdsa-with-sha1" => Self::Sha1,
            "sha224" | "sha-224" => Self::Sha224,
            "sha256" | "sha-256" => Self::Sha256,
            "sha384" | "sha-384" => Self::Sha384,
            "sha512" | "sha-512" => Self::Sha512,
            "sha512-224" | "sha512/224" => Self::Sha512_224,
            "sha512-256" | "sha512/256" => Self::Sha512_256,
            "sha3-224" => Self::Sha3_224,
            "sha3-256" => Self::Sha3_256,
            "sha3-384" => Self::Sha3_384,
            "sha3-512" => Self::Sha3_512,
            "sm3" => Self::Sm3,
            "whirlpool" => Self::Whirlpool,
            _ => return None,
        })
    }

    /// Length of the hash in bytes.
    pub fn size(self) -> usize {
        with_digest!(self, D => <D as ::digest::Digest>::output_size())
    }

    /// The hash of `data`.
    pub fn hash(self, data: &[u8]) -> Vec<u8> {
        with_digest!(self, D => <D as ::digest::Digest>::digest(data).to_vec())
    }
}

#[derive(Clone)]
enum State {
    Fixed(Box<dyn DynDigest>),
    Shake128(shake::Shake128),
    Shake256(shake::Shake256),
}

/// A hash being computed.
#[derive(Clone)]
pub struct Hash(State);

impl Hash {
    /// Starts; `None` when there is no hash of that name.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(algorithm) = Algorithm::named(name) {
            return Some(Self::new(algorithm));
        }
        Some(Self(match name.to_ascii_lowercase().as_str() {
            "blake2b512" => State::Fixed(Box::new(blake2::Blake2b512::default())),
            "blake2s256" => State::Fixed(Box::new(blake2::Blake2s256::default())),
            "shake128" => State::Shake128(shake::Shake128::default()),
            "shake256" => State::Shake256(shake::Shake256::default()),
            _ => return None,
        }))
    }

    /// Starts.
    pub fn new(algorithm: Algorithm) -> Self {
        Self(State::Fixed(with_digest!(algorithm, D => Box::new(D::default()))))
    }

    /// Adds data.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            State::Fixed(hash) => hash.update(data),
            State::Shake128(hash) => hash.update(data),
            State::Shake256(hash) => hash.update(data),
        }
    }

    /// The hash. Of those that give as much as one likes: as much as OpenSSL gives by default.
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Fixed(hash) => hash.finalize().into_vec(),
            State::Shake128(hash) => hash.finalize_boxed(16).into_vec(),
            State::Shake256(hash) => hash.finalize_boxed(32).into_vec(),
        }
    }
}
