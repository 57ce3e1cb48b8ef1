//! Seals what must not lie on the disk in the clear.
//!
//! XChaCha20-Poly1305: its nonces are long enough to be drawn at random for every sealing without ever meeting again.
//! What a sealed text belongs to goes in as associated data, so that one that was copied to another place in the
//! database does not open there.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const KEY: usize = 32;

const NONCE: usize = 24;

/// A key, ready to seal and open. Its memory is cleared when it is dropped, and it is never shown.
#[derive(Clone)]
pub(crate) struct Sealer(XChaCha20Poly1305);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

/// A text that only its key opens: the nonce and what came out, as base64.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Sealed(String);

impl Sealed {
    /// As it is stored and shown to those who may not see more.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why something could not be sealed or opened. Says nothing about what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    #[error("the system gave no random bytes")]
    Random,
    #[error("a sealed text does not open with this key, or is not where it was written")]
    Broken,
}

impl Sealer {
    pub(crate) fn new(key: &[u8; KEY]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals a text for a place.
    pub(crate) fn seal(&self, place: &Place, text: &[u8]) -> Result<Sealed, SealError> {
        let mut nonce = [0; NONCE];
        fill_random(&mut nonce)?;
        let payload = Payload { msg: text, aad: &place.0 };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Broken)?;
        Ok(Sealed(BASE64.encode([&nonce[..], &sealed].concat())))
    }

    /// Opens what was sealed for a place.
    pub(crate) fn open(&self, place: &Place, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let bytes = BASE64.decode(&sealed.0).map_err(|_| SealError::Broken)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(SealError::Broken)?;
        let payload = Payload { msg: sealed, aad: &place.0 };
        let text = self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::Broken)?;
        Ok(Zeroizing::new(text))
    }
}

/// What a sealed text belongs to. Two places are equal only if all their parts are, and in the same order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place(Vec<u8>);

impl Place {
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut bytes = Vec::new();
        for part in parts {
            // The length in front, so that parts cannot run into each other.
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        Self(bytes)
    }
}

/// Fills a small buffer with random bytes of the operating system's.
pub(crate) fn fill_random(buffer: &mut [u8]) -> Result<(), SealError> {
    let filled = rustix::rand::getrandom(&mut *buffer, rustix::rand::GetRandomFlags::empty());
    if filled == Ok(buffer.len()) { Ok(()) } else { Err(SealError::Random) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_in_its_place_only() {
        let (sealer, other) = (Sealer::new(&[1; KEY]), Sealer::new(&[2; KEY]));
        let place = Place::new(&[b"a", b"b"]);
        let sealed = sealer.seal(&place, b"hunter2").unwrap();
        assert_eq!(sealer.open(&place, &sealed).unwrap().as_slice(), b"hunter2");
        assert_eq!(other.open(&place, &sealed), Err(SealError::Broken));
        for elsewhere in [
            Place::new(&[b"ab", b""]),
            Place::new(&[b"", b"ab"]),
            Place::new(&[b"b", b"a"]),
            Place::new(&[b"a"]),
            Place::new(&[]),
        ] {
            assert_eq!(sealer.open(&elsewhere, &sealed), Err(SealError::Broken));
        }
        assert!(!format!("{sealer:?} {sealed:?}").contains("hunter2"));
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let sealer = Sealer::new(&[1; KEY]);
        let place = Place::new(&[b"a"]);
        let sealed = BASE64.decode(&sealer.seal(&place, b"hunter2").unwrap().0).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            let text = Sealed(BASE64.encode(changed));
            assert_eq!(sealer.open(&place, &text), Err(SealError::Broken), "{at}");
            let text = Sealed(BASE64.encode(&sealed[..at]));
            assert_eq!(sealer.open(&place, &text), Err(SealError::Broken), "{at}");
        }
        assert_eq!(sealer.open(&place, &Sealed("no base64!".to_owned())), Err(SealError::Broken));
    }

    #[test]
    fn one_text_is_sealed_differently_every_time() {
        let sealer = Sealer::new(&[1; KEY]);
        let place = Place::new(&[b"a"]);
        let sealed: std::collections::HashSet<String> =
            (0..1_000).map(|_| sealer.seal(&place, b"same").unwrap().0[..32].to_owned()).collect();
        assert_eq!(sealed.len(), 1_000, "the first 32 characters are the nonce");
    }
}
