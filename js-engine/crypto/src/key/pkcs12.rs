//! Private keys encrypted the way of PKCS #12 (RFC 7292, appendices B and C): SHA-1 and triple DES, what `openssl pkcs8` did
//! for many years when it was not told otherwise.

use der::asn1::{OctetStringRef, SequenceRef};
use der::{Decode, Reader, SliceReader};
use sha1::{Digest, Sha1};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};

use crate::cipher::Cipher;
use crate::error::{Error, Result};

const THREE_KEYS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const TWO_KEYS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");

/// SHA-1 takes data in blocks of so many bytes, and gives so many.
const BLOCK: usize = 64;
const DIGEST: usize = 20;

/// More than anybody's, and not so many that a forged key keeps the lambda busy for ever.
const MOST_ITERATIONS: u32 = 10_000_000;

/// What is derived.
#[derive(Clone, Copy)]
enum Purpose {
    Key = 1,
    Iv = 2,
}

/// The PKCS #8 inside; `None` when the key is encrypted in another way.
pub fn decrypt(der: &[u8], passphrase: Option<&[u8]>) -> Option<Result<Vec<u8>>> {
    let (name, key_length, salt, iterations, data) = parts(der)?;
    Some((|| {
        let passphrase = passphrase.ok_or(Error::NO_PASSPHRASE)?;
        if !(1..=MOST_ITERATIONS).contains(&iterations) {
            return Err(Error::BAD_KEY);
        }
        let passphrase = wide(passphrase);
        let key = derive(&passphrase, salt, iterations, Purpose::Key, key_length);
        let iv = derive(&passphrase, salt, iterations, Purpose::Iv, 8);
        let mut cipher = Cipher::new(name, &key, Some(&iv), false, None)?;
        let mut plain = cipher.update(data)?;
        plain.extend(cipher.finish().map_err(|_| Error::BAD_PASSPHRASE)?);
        Ok(plain)
    })())
}

type Parts<'a> = (&'static str, usize, &'a [u8], u32, &'a [u8]);

fn parts(der: &[u8]) -> Option<Parts<'_>> {
    let (algorithm, data) = pair::<AlgorithmIdentifierRef<'_>, &OctetStringRef>(der).ok()?;
    let (name, key_length) = match algorithm.oid {
        THREE_KEYS => ("des-ede3-cbc", 24),
        TWO_KEYS => ("des-ede-cbc", 16),
        _ => return None,
    };
    let parameters = algorithm.parameters?.decode_as::<&SequenceRef>().ok()?;
    let mut reader = SliceReader::new(parameters.as_bytes()).ok()?;
    let salt = <&OctetStringRef>::decode(&mut reader).ok()?;
    let iterations = u32::decode(&mut reader).ok()?;
    Some((name, key_length, salt.as_bytes(), iterations, data.as_bytes()))
}

fn pair<'a, A: Decode<'a, Error = der::Error>, B: Decode<'a, Error = der::Error>>(
    der: &'a [u8],
) -> der::Result<(A, B)> {
    SliceReader::new(der)?.sequence(|reader| Ok((A::decode(reader)?, B::decode(reader)?)))
}

/// UTF-16, the high byte first, with a zero at its end; bytes that are no text are taken one by one.
fn wide(passphrase: &[u8]) -> Vec<u8> {
    let units: Vec<u16> = match std::str::from_utf8(passphrase) {
        Ok(text) => text.encode_utf16().chain([0]).collect(),
        Err(_) => passphrase.iter().copied().map(u16::from).chain([0]).collect(),
    };
    units.into_iter().flat_map(u16::to_be_bytes).collect()
}

/// RFC 7292, B.2.
fn derive(passphrase: &[u8], salt: &[u8], iterations: u32, purpose: Purpose, length: usize) -> Vec<u8> {
    let fill = |bytes: &[u8]| -> Vec<u8> {
        bytes.iter().copied().cycle().take(bytes.len().next_multiple_of(BLOCK)).collect()
    };
    let mut input = [fill(salt), fill(passphrase)].concat();
    let mut out = Vec::new();
    while out.len() < length {
        let mut digest = Sha1::new().chain_update([purpose as u8; BLOCK]).chain_update(&input).finalize();
        for _ in 1..iterations {
            digest = Sha1::digest(digest);
        }
        out.extend_from_slice(&digest);
        // Each block of the input grows by the digest, written out to a block's length, and one.
        for block in input.chunks_mut(BLOCK) {
            let mut carry = 1;
            for (at, byte) in block.iter_mut().enumerate().rev() {
                carry += u16::from(*byte) + u16::from(digest[at % DIGEST]);
                *byte = carry as u8;
                carry >>= 8;
            }
        }
    }
    out.truncate(length);
    out
}
