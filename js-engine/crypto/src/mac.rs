//! HMAC over any of the hashes.

use hmac::{KeyInit, Mac};

use crate::digest::Algorithm;

/// Evaluates `$body` with `$M` standing for the type of the HMAC over `$algorithm`.
macro_rules! with_hmac {
    ($algorithm:expr, $M:ident => $body:expr) => {
        match $algorithm {
            $crate::digest::Algorithm::Md4 => {
                type $M = hmac::Hmac<md4::Md4>;
                $body
            }
            $crate::digest::Algorithm::Md5 => {
                type $M = hmac::Hmac<md5::Md5>;
                $body
            }
            $crate::digest::Algorithm::Ripemd160 => {
                type $M = hmac::Hmac<ripemd::Ripemd160>;
                $body
            }
            $crate::digest::Algorithm::Sha1 => {
                type $M = hmac::Hmac<sha1::Sha1>;
                $body
            }
            $crate::digest::Algorithm::Sha224 => {
                type $M = hmac::Hmac<sha2::Sha224>;
                $body
            }
            $crate::digest::Algorithm::Sha256 => {
                type $M = hmac::Hmac<sha2::Sha256>;
                $body
            }
            $crate::digest::Algorithm::Sha384 => {
                type $M = hmac::Hmac<sha2::Sha384>;
                $body
            }
            $crate::digest::Algorithm::Sha512 => {
                type $M = hmac::Hmac<sha2::Sha512>;
                $body
            }
            $crate::digest::Algorithm::Sha512_224 => {
                type $M = hmac::Hmac<sha2::Sha512_224>;
                $body
            }
            $crate::digest::Algorithm::Sha512_256 => {
                type $M = hmac::Hmac<sha2::Sha512_256>;
                $body
            }
            $crate::digest::Algorithm::Sm3 => {
                type $M = hmac::Hmac<sm3::Sm3>;
                $body
            }
            $crate::digest::Algorithm::Whirlpool => {
                type $M = hmac::Hmac<whirlpool::Whirlpool>;
                $body
            }
            $crate::digest::Algorithm::Sha3_224 => {
                type $M = hmac::SimpleHmac<sha3::Sha3_224>;
                $body
            }
            $crate::digest::Algorithm::Sha3_256 => {
                type $M = hmac::SimpleHmac<sha3::Sha3_256>;
                $body
            }
            $crate::digest::Algorithm::Sha3_384 => {
                type $M = hmac::SimpleHmac<sha3::Sha3_384>;
                $body
            }
            $crate::digest::Algorithm::Sha3_512 => {
                type $M = hmac::SimpleHmac<sha3::Sha3_512>;
                $body
            }
        }
    };
}
pub(crate) use with_hmac;

trait Computing {
    fn update(&mut self, data: &[u8]);
    fn finish(self: Box<Self>) -> Vec<u8>;
}

impl<M: Mac> Computing for M {
    fn update(&mut self, data: &[u8]) {
        Mac::update(self, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.finalize().into_bytes().to_vec()
    }
}

/// A code being computed.
pub struct Hmac(Box<dyn Computing>);

impl Hmac {
    /// Starts; a key of any length will do.
    pub fn new(algorithm: Algorithm, key: &[u8]) -> Self {
        with_hmac!(algorithm, M => {
            // An HMAC takes keys of every length; hashing long ones is part of it.
            let mac = <M as KeyInit>::new_from_slice(key);
            Self(Box::new(mac.unwrap_or_else(|_| unreachable!("HMAC has no wrong key lengths"))))
        })
    }

    /// Adds data.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The code.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish()
    }
}
