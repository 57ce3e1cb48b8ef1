//! Signed public keys with a challenge: what the `<keygen>` of browsers sent.

use base64ct::{Base64, Encoding};
use der::asn1::{AnyRef, BitStringRef, Ia5StringRef};
use der::{Decode, Encode, Reader, SliceReader};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};

use crate::digest::{Algorithm, Hash};
use crate::key::{self, PublicKey, Structure};
use crate::sign::{self, Scheme};

/// What was sent.
pub struct Spkac {
    key: PublicKey,
    challenge: Vec<u8>,
    signed: Vec<u8>,
    algorithm: ObjectIdentifier,
    signature: Vec<u8>,
}

/// Signature algorithms and their hashes.
const ALGORITHMS: [(ObjectIdentifier, &str); 8] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"), "md5"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5"), "sha1"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"), "sha256"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"), "sha384"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"), "sha512"),
    (ObjectIdentifier::new_unwrap("1.2.840.10040.4.3"), "sha1"),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"), "sha1"),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"), "sha256"),
];

impl Spkac {
    /// Reads base64; nothing when it is no such thing.
    pub fn read(text: &[u8]) -> Option<Self> {
        let text: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let der = Base64::decode_vec(std::str::from_utf8(&text).ok()?).ok()?;
        let parts = SliceReader::new(&der).and_then(|mut reader| {
            reader.sequence(|reader| {
                let signed = AnyRef::decode(reader)?;
                let algorithm = AlgorithmIdentifierRef::decode(reader)?.oid;
                Ok::<_, der::Error>((
                    signed.to_der()?,
                    algorithm,
                    BitStringRef::decode(reader)?.raw_bytes().to_vec(),
                ))
            })
        });
        let (signed, algorithm, signature) = parts.ok()?;
        let inside = SliceReader::new(&signed).and_then(|mut reader| {
            reader.sequence(|reader| {
                let key = AnyRef::decode(reader)?.to_der()?;
                Ok::<_, der::Error>((key, Ia5StringRef::decode(reader)?.as_bytes().to_vec()))
            })
        });
        let (key, challenge) = inside.ok()?;
        let key = key::public_key(&key, None).ok()?;
        Some(Self { key, challenge, signed, algorithm, signature })
    }

    /// Whether it was signed with the key that is in it.
    pub fn is_signed(&self) -> bool {
        let known = ALGORITHMS.iter().find(|(oid, _)| *oid == self.algorithm);
        let Some((algorithm, mut hash)) =
            known.and_then(|(_, name)| Some((Algorithm::named(name)?, Hash::named(name)?)))
        else {
            return false;
        };
        hash.update(&self.signed);
        sign::verify(&self.key, algorithm, &hash.finish(), &self.signature, Scheme::default())
            .unwrap_or(false)
    }

    /// The key, as PEM.
    pub fn public_key(&self) -> Option<Vec<u8>> {
        key::write_public(&self.key, Structure::Spki, true).ok()
    }

    /// The challenge.
    pub fn challenge(&self) -> &[u8] {
        &self.challenge
    }
}
