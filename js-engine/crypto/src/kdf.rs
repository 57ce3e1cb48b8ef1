//! Keys from passwords, and from other keys.

use crate::digest::{Algorithm, Hash};
use crate::error::{Error, Result};
use crate::mac::with_hmac;

/// PBKDF2 with HMAC. No iterations are one iteration, as in OpenSSL.
pub fn pbkdf2(algorithm: Algorithm, password: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
    with_hmac!(algorithm, M => {
        if pbkdf2::pbkdf2::<M>(password, salt, iterations.max(1), key).is_err() {
            unreachable!("HMAC has no wrong key lengths");
        }
    });
}

/// Checks the parameters of [`scrypt()`] as OpenSSL does; `None` when they are not allowed.
pub fn scrypt_parameters(
    cost: u32,
    block_size: u32,
    parallelism: u32,
    most_memory: f64,
) -> Option<scrypt::Params> {
    if cost < 2 || !cost.is_power_of_two() || block_size == 0 || parallelism == 0 {
        return None;
    }
    let (n, r, p) = (f64::from(cost), f64::from(block_size), f64::from(parallelism));
    // OpenSSL's own sum: the blocks, the scratch block and one more vector.
    let memory = 128.0 * r * p + 32.0 * r * (n + 2.0) * 4.0;
    if p * r > f64::from((1_u32 << 30) - 1) || n.log2() >= 16.0 * r || memory > most_memory {
        return None;
    }
    scrypt::Params::new(cost.trailing_zeros() as u8, block_size, parallelism).ok()
}

/// scrypt.
pub fn scrypt(parameters: &scrypt::Params, password: &[u8], salt: &[u8], key: &mut [u8]) {
    if key.is_empty() {
        return;
    }
    // The only error is a length of zero, or one that does not fit into memory anyway.
    if scrypt::scrypt(password, salt, parameters, key).is_err() {
        unreachable!("scrypt derives keys of every length but zero");
    }
}

/// HKDF: extract, then expand.
pub fn hkdf(algorithm: Algorithm, key: &[u8], salt: &[u8], info: &[u8], derived: &mut [u8]) -> Result<()> {
    with_hmac!(algorithm, M => {
        hkdf::GenericHkdf::<M>::new(Some(salt), key).expand(info, derived).map_err(|_| Error::TOO_LONG)
    })
}

/// OpenSSL's `EVP_BytesToKey` with one iteration: what `createCipher` makes of a password, and what keys in PEM files
/// are encrypted with. Weak, which is why Node deprecates it; here because files and tokens made with it exist.
pub fn bytes_to_key(algorithm: Algorithm, password: &[u8], salt: &[u8], length: usize) -> Vec<u8> {
    let mut key = Vec::with_capacity(length + algorithm.size());
    let mut last = Vec::new();
    while key.len() < length {
        let mut hash = Hash::new(algorithm);
        hash.update(&last);
        hash.update(password);
        hash.update(salt);
        last = hash.finish();
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}
