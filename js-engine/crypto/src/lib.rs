//! What Node's `crypto` asks of its native half: hashes, MACs, key derivation, ciphers, keys, signatures, key agreement.
//!
//! Algorithms come from RustCrypto; what is ours is choosing them by the names Node's users write, key formats read and
//! written the way Node's users have them, and errors with the words they know. Nothing here knows QuickJS, and nothing
//! here makes randomness: whoever needs some is handed a generator, because the engine's memory is frozen and copied, and
//! a generator inside it would repeat itself in every copy.

pub mod cipher;
pub mod curve25519;
pub mod dh;
pub mod digest;
pub mod dsa;
pub mod ec;
mod error;
pub mod kdf;
pub mod key;
pub mod mac;
mod primes;
pub mod rsa;
pub mod sign;
pub mod spkac;

pub use error::{Error, Result};
pub use rand_core;

/// Whether two byte strings of one length are the same, in a time that does not depend on where they differ.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}
