//! RSA: encryption and signatures with the paddings Node knows, by the numbers OpenSSL gives them.

use crypto_bigint::{BitOps, BoxedUint, RandomBits};
use rand_core::CryptoRng;
use rsa::traits::{PaddingScheme as _, PublicKeyParts, SignatureScheme as _};
pub use rsa::{PrivateKey, PublicKey};

use crate::digest::Algorithm;
use crate::error::{Error, Result};
use crate::primes;

/// How the data is made as long as the modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// PKCS #1 version 1.5.
    Pkcs1,
    /// None: the data has to have the modulus' length.
    None,
    /// OAEP.
    Oaep,
    /// PSS, for signatures.
    Pss,
}

impl Padding {
    /// From OpenSSL's number.
    pub fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            1 => Self::Pkcs1,
            3 => Self::None,
            4 => Self::Oaep,
            6 => Self::Pss,
            _ => return None,
        })
    }
}

/// Evaluates `$body` with `$D` standing for the type of a hash that has a number in signatures.
macro_rules! with_numbered_digest {
    ($algorithm:expr, $D:ident => $body:expr) => {
        match $algorithm {
            Algorithm::Md5 => {
                type $D = md5::Md5;
                $body
            }
            Algorithm::Ripemd160 => {
                type $D = ripemd::Ripemd160;
                $body
            }
            Algorithm::Sha1 => {
                type $D = sha1::Sha1;
                $body
            }
            Algorithm::Sha224 => {
                type $D = sha2::Sha224;
                $body
            }
            Algorithm::Sha256 => {
                type $D = sha2::Sha256;
                $body
            }
            Algorithm::Sha384 => {
                type $D = sha2::Sha384;
                $body
            }
            Algorithm::Sha512 => {
                type $D = sha2::Sha512;
                $body
            }
            Algorithm::Sha512_224 => {
                type $D = sha2::Sha512_224;
                $body
            }
            Algorithm::Sha512_256 => {
                type $D = sha2::Sha512_256;
                $body
            }
            Algorithm::Sha3_224 => {
                type $D = sha3::Sha3_224;
                $body
            }
            Algorithm::Sha3_256 => {
                type $D = sha3::Sha3_256;
                $body
            }
            Algorithm::Sha3_384 => {
                type $D = sha3::Sha3_384;
                $body
            }
            Algorithm::Sha3_512 => {
                type $D = sha3::Sha3_512;
                $body
            }
            Algorithm::Md4 | Algorithm::Sm3 | Algorithm::Whirlpool => return Err(Error::UNKNOWN_DIGEST),
        }
    };
}

/// A new key.
pub fn generate(random: &mut impl CryptoRng, bits: u32, exponent: u32) -> Result<PrivateKey> {
    if exponent < 3 || exponent.is_multiple_of(2) {
        return Err(Error::RSA_EXPONENT);
    }
    match bits {
        ..512 => Err(Error::RSA_TOO_SHORT),
        512..=4096 => {
            let first = prime(random, bits / 2, exponent);
            let second = prime(random, bits - bits / 2, exponent);
            let made = PrivateKey::from_primes(vec![first, second], BoxedUint::from(exponent));
            made.map_err(|_| Error::RSA_EXPONENT)
        }
        _ => Err(Error::RSA_TOO_LONG),
    }
}

/// A prime whose two highest bits are set, so that the product of two has as many bits as both together, and that goes with the
/// exponent.
fn prime(random: &mut impl CryptoRng, bits: u32, exponent: u32) -> BoxedUint {
    let two = BoxedUint::from(2u32);
    let goes_with = |prime: &BoxedUint| {
        let rest = u64::from(primes::remainder(prime, exponent)) + u64::from(exponent) - 1;
        have_no_common_divisor(u64::from(exponent), rest)
    };
    loop {
        let mut start = BoxedUint::random_bits(random, bits);
        for bit in [0, bits - 2, bits - 1] {
            start.set_bit_vartime(bit, true);
        }
        if let Some(prime) = primes::search(&start, &two, goes_with) {
            return prime;
        }
    }
}

fn have_no_common_divisor(mut a: u64, mut b: u64) -> bool {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// Signs a hash.
pub fn sign(
    key: &PrivateKey,
    padding: Padding,
    algorithm: Algorithm,
    salt_length: Option<usize>,
    hash: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    let signed = match padding {
        Padding::Pkcs1 => with_numbered_digest!(algorithm, D => {
            rsa::Pkcs1v15Sign::new::<D>().sign(Some(random), key, hash)
        }),
        Padding::Pss => {
            let most = most_salt(key, algorithm).ok_or(Error::DIGEST_TOO_BIG)?;
            let length = salt_length.unwrap_or(most);
            if length > most {
                return Err(Error(
                    "error:0409A06E:rsa routines:RSA_padding_add_PKCS1_PSS_mgf1:data too large for key size",
                ));
            }
            with_numbered_digest!(algorithm, D => rsa::Pss::<D>::new_with_salt(length).sign(Some(random), key, hash))
        }
        _ => return Err(Error::UNKNOWN_PADDING),
    };
    signed.map_err(|_| Error::DIGEST_TOO_BIG)
}

/// The longest salt PSS has room for.
fn most_salt(key: &impl PublicKeyParts, algorithm: Algorithm) -> Option<usize> {
    let encoded = (key.n().bit_width_vartime() as usize - 1).div_ceil(8);
    encoded.checked_sub(algorithm.size() + 2)
}

/// Whether a signature of a hash is right. Without `salt_length` PSS takes the salt it finds.
pub fn verify(
    key: &PublicKey,
    padding: Padding,
    algorithm: Algorithm,
    salt_length: Option<usize>,
    hash: &[u8],
    signature: &[u8],
) -> Result<bool> {
    Ok(match padding {
        Padding::Pkcs1 => with_numbered_digest!(algorithm, D => {
            rsa::Pkcs1v15Sign::new::<D>().verify(key, hash, signature).is_ok()
        }),
        Padding::Pss => with_numbered_digest!(algorithm, D => {
            let mut scheme = rsa::Pss::<D>::new();
            scheme.salt_len = salt_length;
            scheme.verify(key, hash, signature).is_ok()
        }),
        _ => return Err(Error::UNKNOWN_PADDING),
    })
}

/// `publicEncrypt`.
pub fn public_encrypt(
    key: &PublicKey,
    padding: Padding,
    oaep: Algorithm,
    label: &[u8],
    data: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    match padding {
        Padding::Pkcs1 => {
            rsa::Pkcs1v15Encrypt.encrypt(random, key, data).map_err(|_| Error::TOO_LARGE_FOR_KEY)
        }
        Padding::Oaep => with_numbered_digest!(oaep, D => {
            rsa::Oaep::<D>::new_with_label(label).encrypt(random, key, data).map_err(|_| {
                Error("error:0409A06E:rsa routines:RSA_padding_add_PKCS1_OAEP_mgf1:data too large for key size")
            })
        }),
        Padding::None => {
            let number = whole_number(key, data)?;
            let encrypted =
                rsa::hazmat::rsa_encrypt(key, &number).map_err(|_| Error::TOO_LARGE_FOR_MODULUS)?;
            Ok(full_length(key, &encrypted))
        }
        Padding::Pss => Err(Error::UNKNOWN_PADDING),
    }
}

/// `privateDecrypt`.
pub fn private_decrypt(
    key: &PrivateKey,
    padding: Padding,
    oaep: Algorithm,
    label: &[u8],
    data: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    match padding {
        Padding::Pkcs1 => rsa::Pkcs1v15Encrypt.decrypt(Some(random), key, data).map_err(|_| {
            Error("error:0407109F:rsa routines:RSA_padding_check_PKCS1_type_2:pkcs decoding error")
        }),
        Padding::Oaep => with_numbered_digest!(oaep, D => {
            rsa::Oaep::<D>::new_with_label(label).decrypt(Some(random), key, data).map_err(|_| Error::OAEP)
        }),
        Padding::None => raw_private(key, data, random),
        Padding::Pss => Err(Error::UNKNOWN_PADDING),
    }
}

/// `privateEncrypt`: a signature without a hash.
pub fn private_encrypt(
    key: &PrivateKey,
    padding: Padding,
    data: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    match padding {
        Padding::Pkcs1 => rsa::Pkcs1v15Sign::new_unprefixed().sign(Some(random), key, data).map_err(|_| {
            Error("error:0406C06E:rsa routines:RSA_padding_add_PKCS1_type_1:data too large for key size")
        }),
        Padding::None => raw_private(key, data, random),
        _ => Err(Error::UNKNOWN_PADDING),
    }
}

/// `publicDecrypt`: what [`private_encrypt`] was given.
pub fn public_decrypt(key: &PublicKey, padding: Padding, data: &[u8]) -> Result<Vec<u8>> {
    let number = whole_number(key, data)?;
    let decrypted = rsa::hazmat::rsa_encrypt(key, &number).map_err(|_| Error::TOO_LARGE_FOR_MODULUS)?;
    let block = full_length(key, &decrypted);
    match padding {
        Padding::None => Ok(block),
        // 0, 1, at least eight times 0xff, 0, the data. Everything here is public, so it may take any time.
        Padding::Pkcs1 => {
            let filled = block.strip_prefix(&[0, 1]).ok_or(Error::PADDING_CHECK)?;
            let end = filled.iter().position(|byte| *byte != 0xff).ok_or(Error::PADDING_CHECK)?;
            if end < 8 || filled[end] != 0 {
                return Err(Error::PADDING_CHECK);
            }
            Ok(filled[end + 1..].to_vec())
        }
        _ => Err(Error::UNKNOWN_PADDING),
    }
}

fn raw_private(key: &PrivateKey, data: &[u8], random: &mut impl CryptoRng) -> Result<Vec<u8>> {
    let number = whole_number(key, data)?;
    let result = rsa::hazmat::rsa_decrypt_and_check(key, Some(random), &number)
        .map_err(|_| Error::TOO_LARGE_FOR_MODULUS)?;
    Ok(full_length(key, &result))
}

fn whole_number(key: &impl PublicKeyParts, data: &[u8]) -> Result<BoxedUint> {
    if data.len() != key.size() {
        return Err(Error("error:0406B07A:rsa routines:RSA_padding_add_none:data too small for key size"));
    }
    let number =
        BoxedUint::from_be_slice(data, key.n_bits_precision()).map_err(|_| Error::TOO_LARGE_FOR_MODULUS)?;
    if number >= **key.n() { Err(Error::TOO_LARGE_FOR_MODULUS) } else { Ok(number) }
}

/// As many bytes as the modulus has.
fn full_length(key: &impl PublicKeyParts, number: &BoxedUint) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let size = key.size();
    let mut full = vec![0; size.saturating_sub(bytes.len())];
    full.extend_from_slice(&bytes[bytes.len().saturating_sub(size)..]);
    full
}
