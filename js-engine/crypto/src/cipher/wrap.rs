//! Keys wrapped in keys: AES (RFC 3394; with padding RFC 5649) and triple DES (RFC 3217). What is given in one piece is one
//! key; there is nothing to come at the end.

use cipher::array::Array;
use cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use des::TdesEde3;
use sha1::Digest;

use super::aes::Aes;
use super::table::{Block, Kind, Spec};
use crate::error::{Error, Result};

/// What OpenSSL's `update` says of a key that cannot be wrapped, or was not.
const REFUSED: Error = Error("Trying to add data in unsupported state");

/// Half a block of AES, which is what keys are cut into.
const UNIT: usize = 8;

/// The second initialisation vector of triple DES.
const OUTER_IV: [u8; UNIT] = [0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05];

pub enum Wrap {
    Aes {
        aes: Aes,
        check: [u8; UNIT],
    },
    /// The first half of the check; the length is the second.
    PaddedAes {
        aes: Aes,
        check: [u8; UNIT / 2],
    },
    TripleDes(Vec<u8>),
}

impl Wrap {
    /// The lengths of key and initialisation vector are right.
    pub fn new(spec: &Spec, key: &[u8], iv: &[u8]) -> Result<Self> {
        Ok(match spec.kind {
            _ if spec.cipher == Block::TripleDes3 => Self::TripleDes(key.to_vec()),
            Kind::Wrap => {
                Self::Aes { aes: Aes::new(spec, key)?, check: iv.try_into().map_err(|_| Error::IV_LENGTH)? }
            }
            _ => Self::PaddedAes {
                aes: Aes::new(spec, key)?,
                check: iv.try_into().map_err(|_| Error::IV_LENGTH)?,
            },
        })
    }

    /// Whether `wrap` is to be given eight random bytes.
    pub const fn wants_random(&self) -> bool {
        matches!(self, Self::TripleDes(_))
    }

    pub fn wrap(&self, key: &[u8], random: Option<[u8; UNIT]>) -> Result<Vec<u8>> {
        match self {
            _ if key.is_empty() => Ok(Vec::new()),
            Self::Aes { aes, check } => {
                if !key.len().is_multiple_of(UNIT) || key.len() < 2 * UNIT {
                    return Err(REFUSED);
                }
                Ok(wrap_units(aes, *check, key))
            }
            Self::PaddedAes { aes, check } => {
                let mut first = [0; UNIT];
                first[..UNIT / 2].copy_from_slice(check);
                let length = u32::try_from(key.len()).map_err(|_| REFUSED)?;
                first[UNIT / 2..].copy_from_slice(&length.to_be_bytes());
                let mut padded = key.to_vec();
                padded.resize(key.len().next_multiple_of(UNIT), 0);
                Ok(match <[u8; UNIT]>::try_from(padded.as_slice()) {
                    Ok(only) => aes.encrypt(joined(first, only)).to_vec(),
                    Err(_) => wrap_units(aes, first, &padded),
                })
            }
            Self::TripleDes(secret) => {
                if !key.len().is_multiple_of(UNIT) {
                    return Err(REFUSED);
                }
                let iv = random.ok_or(Error::STATE)?;
                let mut inner = [key, &sha1::Sha1::digest(key)[..UNIT]].concat();
                cbc_encrypt(secret, iv, &mut inner)?;
                let mut out = [&iv, inner.as_slice()].concat();
                out.reverse();
                cbc_encrypt(secret, OUTER_IV, &mut out)?;
                Ok(out)
            }
        }
    }

    pub fn unwrap(&self, data: &[u8]) -> Result<Vec<u8>> {
        match self {
            _ if data.is_empty() => Ok(Vec::new()),
            Self::Aes { aes, check } => {
                if !data.len().is_multiple_of(UNIT) || data.len() < 3 * UNIT {
                    return Err(REFUSED);
                }
                let (found, key) = unwrap_units(aes, data);
                if crate::equal(&found, check) { Ok(key) } else { Err(REFUSED) }
            }
            Self::PaddedAes { aes, check } => {
                if !data.len().is_multiple_of(UNIT) || data.len() < 2 * UNIT {
                    return Err(REFUSED);
                }
                let (found, mut key) = match <[u8; 2 * UNIT]>::try_from(data) {
                    Ok(only) => {
                        let (first, key) = parted(aes.decrypt(only));
                        (first, key.to_vec())
                    }
                    Err(_) => unwrap_units(aes, data),
                };
                let length = u32::from_be_bytes([found[4], found[5], found[6], found[7]]) as usize;
                let is_right = crate::equal(&found[..UNIT / 2], check)
                    && length <= key.len()
                    && key.len() - length < UNIT
                    && crate::equal(&key[length..], &[0; UNIT][..key.len() - length]);
                if !is_right {
                    return Err(REFUSED);
                }
                key.truncate(length);
                Ok(key)
            }
            Self::TripleDes(secret) => {
                if !data.len().is_multiple_of(UNIT) || data.len() < 3 * UNIT {
                    return Err(REFUSED);
                }
                let mut data = data.to_vec();
                cbc_decrypt(secret, OUTER_IV, &mut data)?;
                data.reverse();
                let (iv, mut key) =
                    data.split_first_chunk().map(|(iv, rest)| (*iv, rest.to_vec())).ok_or(REFUSED)?;
                cbc_decrypt(secret, iv, &mut key)?;
                let sum = key.split_off(key.len() - UNIT);
                if crate::equal(&sha1::Sha1::digest(&key)[..UNIT], &sum) { Ok(key) } else { Err(REFUSED) }
            }
        }
    }
}

fn joined(a: [u8; UNIT], b: [u8; UNIT]) -> [u8; 2 * UNIT] {
    let mut block = [0; 2 * UNIT];
    block[..UNIT].copy_from_slice(&a);
    block[UNIT..].copy_from_slice(&b);
    block
}

fn parted(block: [u8; 2 * UNIT]) -> ([u8; UNIT], [u8; UNIT]) {
    let (mut a, mut b) = ([0; UNIT], [0; UNIT]);
    a.copy_from_slice(&block[..UNIT]);
    b.copy_from_slice(&block[UNIT..]);
    (a, b)
}

/// The number of a step, into the check.
fn count(check: &mut [u8; UNIT], step: usize) {
    for (byte, step) in check.iter_mut().zip((step as u64).to_be_bytes()) {
        *byte ^= step;
    }
}

/// RFC 3394, 2.2.1.
fn wrap_units(aes: &Aes, mut check: [u8; UNIT], key: &[u8]) -> Vec<u8> {
    let mut units = key.as_chunks::<UNIT>().0.to_vec();
    let many = units.len();
    for round in 0..6 {
        for (at, unit) in units.iter_mut().enumerate() {
            (check, *unit) = parted(aes.encrypt(joined(check, *unit)));
            count(&mut check, round * many + at + 1);
        }
    }
    [check.as_slice(), units.as_flattened()].concat()
}

/// RFC 3394, 2.2.2; the check is not compared yet.
fn unwrap_units(aes: &Aes, data: &[u8]) -> ([u8; UNIT], Vec<u8>) {
    let mut units = data.as_chunks::<UNIT>().0.to_vec();
    let mut check = units.remove(0);
    let many = units.len();
    for round in (0..6).rev() {
        for (at, unit) in units.iter_mut().enumerate().rev() {
            count(&mut check, round * many + at + 1);
            (check, *unit) = parted(aes.decrypt(joined(check, *unit)));
        }
    }
    (check, units.into_flattened())
}

fn cbc_encrypt(key: &[u8], iv: [u8; UNIT], data: &mut [u8]) -> Result<()> {
    let mut mode = cbc::Encryptor::<TdesEde3>::new_from_slices(key, &iv).map_err(|_| Error::KEY_LENGTH)?;
    mode.encrypt_blocks(Array::slice_as_chunks_mut(data).0);
    Ok(())
}

fn cbc_decrypt(key: &[u8], iv: [u8; UNIT], data: &mut [u8]) -> Result<()> {
    let mut mode = cbc::Decryptor::<TdesEde3>::new_from_slices(key, &iv).map_err(|_| Error::KEY_LENGTH)?;
    mode.decrypt_blocks(Array::slice_as_chunks_mut(data).0);
    Ok(())
}
