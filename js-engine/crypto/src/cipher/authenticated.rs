//! Encryption with a tag: GCM, CCM and ChaCha20-Poly1305, put together from their parts, because Node's users feed them
//! in pieces and the ready-made ones want the whole message.

use aes::{Aes128, Aes192, Aes256};
use cipher::{KeyInit, KeyIvInit, StreamCipher, StreamCipherSeek};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use poly1305::Poly1305;

use super::aes::Aes;
use super::table::{Block, Kind, Spec};
use crate::error::{Error, Result};

/// A key stream of any of the ciphers.
type KeyStream = Box<dyn FnMut(&mut [u8])>;

fn counter_stream(spec: &Spec, key: &[u8], counter: [u8; 16], is_gcm: bool) -> Result<KeyStream> {
    fn stream<S: StreamCipher + KeyIvInit + 'static>(key: &[u8], counter: [u8; 16]) -> Result<KeyStream> {
        let mut stream = S::new_from_slices(key, &counter).map_err(|_| Error::KEY_LENGTH)?;
        Ok(Box::new(move |data| stream.apply_keystream(data)))
    }
    match (spec.cipher, is_gcm) {
        (Block::Aes128, true) => stream::<ctr::Ctr32BE<Aes128>>(key, counter),
        (Block::Aes192, true) => stream::<ctr::Ctr32BE<Aes192>>(key, counter),
        (_, true) => stream::<ctr::Ctr32BE<Aes256>>(key, counter),
        (Block::Aes128, false) => stream::<ctr::Ctr128BE<Aes128>>(key, counter),
        (Block::Aes192, false) => stream::<ctr::Ctr128BE<Aes192>>(key, counter),
        (_, false) => stream::<ctr::Ctr128BE<Aes256>>(key, counter),
    }
}

/// What computes the tag, over data that arrives in pieces of any length.
enum Authenticator {
    Gcm(GHash),
    Poly1305(Poly1305),
    /// CBC-MAC.
    Ccm {
        aes: Aes,
        sum: [u8; 16],
    },
}

impl Authenticator {
    fn blocks(&mut self, data: &[u8]) {
        match self {
            Self::Gcm(hash) => hash.update_padded(data),
            Self::Poly1305(hash) => hash.update_padded(data),
            Self::Ccm { aes, sum } => {
                for block in data.chunks(16) {
                    for (sum, byte) in sum.iter_mut().zip(block) {
                        *sum ^= byte;
                    }
                    *sum = aes.encrypt(*sum);
                }
            }
        }
    }
}

/// A message with its tag.
pub struct Authenticated {
    kind: Kind,
    stream: KeyStream,
    authenticator: Authenticator,
    /// Added to the tag at the end.
    mask: [u8; 16],
    /// Bytes that do not fill a block yet.
    partial: Vec<u8>,
    associated: u64,
    message: u64,
    has_message: bool,
    encrypts: bool,
    iv: Vec<u8>,
    tag_length: usize,
    has_header: bool,
    is_forged: bool,
}

impl Authenticated {
    pub fn new(
        spec: &Spec,
        key: &[u8],
        iv: &[u8],
        tag_length: Option<usize>,
        encrypts: bool,
    ) -> Result<Self> {
        let fits = match (spec.kind, tag_length) {
            (Kind::Ccm, None) => return Err(Error::TAG_LENGTH_MISSING),
            (Kind::Ccm, Some(length)) => length % 2 == 0 && (4..=16).contains(&length),
            (_, None) => true,
            (Kind::Gcm, Some(length)) => super::is_gcm_tag(length),
            (_, Some(length)) => (1..=16).contains(&length),
        };
        if !fits {
            return Err(Error::TAG_LENGTH);
        }
        let (stream, authenticator, mask) = match spec.kind {
            Kind::Gcm => gcm(spec, key, iv)?,
            Kind::Ccm => ccm(spec, key, iv)?,
            _ => chacha20_poly1305(key, iv)?,
        };
        Ok(Self {
            kind: spec.kind,
            stream,
            authenticator,
            mask,
            partial: Vec::new(),
            associated: 0,
            message: 0,
            has_message: false,
            encrypts,
            iv: iv.to_vec(),
            tag_length: tag_length.unwrap_or(16),
            has_header: false,
            is_forged: false,
        })
    }

    fn authenticate(&mut self, mut data: &[u8]) {
        if !self.partial.is_empty() {
            let missing = (16 - self.partial.len()).min(data.len());
            self.partial.extend_from_slice(&data[..missing]);
            data = &data[missing..];
            if self.partial.len() < 16 {
                return;
            }
            self.fill_up();
        }
        let whole = data.len() / 16 * 16;
        self.authenticator.blocks(&data[..whole]);
        self.partial.extend_from_slice(&data[whole..]);
    }

    /// What is left over becomes a block, with zeros behind it.
    fn fill_up(&mut self) {
        let partial = std::mem::take(&mut self.partial);
        if !partial.is_empty() {
            self.authenticator.blocks(&partial);
        }
    }

    /// CCM's first block holds the lengths, so they must be known before anything else. RFC 3610, 2.2.
    fn header(&mut self, message: usize, associated: usize) {
        self.has_header = true;
        let width = 15 - self.iv.len();
        let mut block = [0; 16];
        block[0] = u8::from(associated > 0) << 6 | ((self.tag_length as u8 - 2) / 2) << 3 | (width as u8 - 1);
        block[1..=self.iv.len()].copy_from_slice(&self.iv);
        let length = (message as u64).to_be_bytes();
        let kept = width.min(8);
        block[16 - kept..].copy_from_slice(&length[8 - kept..]);
        self.authenticator.blocks(&block);
        if associated > 0 {
            // Of two bytes or, from 0xff00 on, six.
            if associated < 0xff00 {
                self.authenticate(&(associated as u16).to_be_bytes());
            } else {
                self.authenticate(&[0xff, 0xfe]);
                self.authenticate(&(associated as u32).to_be_bytes());
            }
        }
    }

    fn check_length(&self, length: usize) -> Result<()> {
        let width = 15 - self.iv.len();
        if self.kind == Kind::Ccm && width < 4 && length >= 1 << (8 * width) {
            return Err(Error("Message exceeds maximum size"));
        }
        Ok(())
    }

    /// Adds associated data; false once the message has begun.
    pub fn associated(&mut self, data: &[u8], message: Option<usize>) -> Result<bool> {
        if self.has_message {
            return Ok(false);
        }
        if self.kind == Kind::Ccm {
            let Some(message) = message else {
                return Err(Error("plaintextLength required for CCM mode with AAD"));
            };
            self.check_length(message)?;
            if self.has_header {
                return Ok(false);
            }
            self.header(message, data.len());
            self.message = message as u64;
        }
        self.associated += data.len() as u64;
        self.authenticate(data);
        Ok(true)
    }

    /// `tag` is what the message will be checked against, if that is known yet.
    pub fn update(&mut self, data: &[u8], tag: Option<&[u8]>) -> Result<Vec<u8>> {
        if self.kind == Kind::Ccm {
            self.check_length(data.len())?;
            // The lengths are in the first block already: one piece is the message.
            if self.has_message || (!self.encrypts && tag.is_none()) {
                return Err(Error("Trying to add data in unsupported state"));
            }
            if !self.has_header {
                self.header(data.len(), 0);
            } else if self.message != data.len() as u64 {
                return Err(Error("Trying to add data in unsupported state"));
            }
            self.message = 0;
        }
        self.begin_message();
        self.message += data.len() as u64;
        let mut out = data.to_vec();
        if self.encrypts {
            (self.stream)(&mut out);
            let authentic = if self.kind == Kind::Ccm { data } else { &out };
            let authentic = authentic.to_vec();
            self.authenticate(&authentic);
        } else {
            (self.stream)(&mut out);
            let authentic = if self.kind == Kind::Ccm { out.clone() } else { data.to_vec() };
            self.authenticate(&authentic);
            // CCM's message is whole here, and must not come out unless it is authentic. Said is that at the end, as
            // of every cipher.
            if self.kind == Kind::Ccm {
                self.fill_up();
                self.is_forged = !tag.is_some_and(|tag| crate::equal(&self.sum()[..tag.len().min(16)], tag));
                if self.is_forged {
                    return Ok(Vec::new());
                }
            }
        }
        Ok(out)
    }

    /// Associated data ends with a whole block.
    fn begin_message(&mut self) {
        if !self.has_message {
            self.has_message = true;
            self.fill_up();
        }
    }

    /// CCM's tag so far.
    fn sum(&self) -> [u8; 16] {
        let mut tag = self.mask;
        if let Authenticator::Ccm { sum, .. } = &self.authenticator {
            for (tag, sum) in tag.iter_mut().zip(sum) {
                *tag ^= sum;
            }
        }
        tag
    }

    /// The tag, in full length.
    pub fn finish(mut self) -> Result<[u8; 16]> {
        if self.is_forged {
            return Err(Error::UNAUTHENTIC);
        }
        if self.kind == Kind::Ccm && !self.has_message {
            if !self.has_header {
                self.header(0, 0);
            } else if self.message != 0 {
                return Err(Error::STATE);
            }
        }
        self.begin_message();
        self.fill_up();
        if self.kind == Kind::Ccm {
            return Ok(self.sum());
        }
        let mut lengths = [0; 16];
        let unit = if self.kind == Kind::Gcm { 8 } else { 1 };
        let (associated, message) = (self.associated * unit, self.message * unit);
        let as_bytes =
            |number: u64| if self.kind == Kind::Gcm { number.to_be_bytes() } else { number.to_le_bytes() };
        lengths[..8].copy_from_slice(&as_bytes(associated));
        lengths[8..].copy_from_slice(&as_bytes(message));
        self.authenticator.blocks(&lengths);
        let mut tag: [u8; 16] = match self.authenticator {
            Authenticator::Gcm(hash) => hash.finalize().into(),
            Authenticator::Poly1305(hash) => hash.finalize().into(),
            Authenticator::Ccm { sum, .. } => sum,
        };
        for (tag, mask) in tag.iter_mut().zip(self.mask) {
            *tag ^= mask;
        }
        Ok(tag)
    }
}

type Parts = (KeyStream, Authenticator, [u8; 16]);

/// NIST SP 800-38D.
fn gcm(spec: &Spec, key: &[u8], iv: &[u8]) -> Result<Parts> {
    let aes = Aes::new(spec, key)?;
    let hash_key = aes.encrypt([0; 16]);
    let mut first = [0; 16];
    if iv.len() == 12 {
        first[..12].copy_from_slice(iv);
        first[15] = 1;
    } else {
        let mut hash = GHash::new(&hash_key.into());
        hash.update_padded(iv);
        let mut lengths = [0; 16];
        lengths[8..].copy_from_slice(&(iv.len() as u64 * 8).to_be_bytes());
        hash.update_padded(&lengths);
        first = hash.finalize().into();
    }
    let mask = aes.encrypt(first);
    let mut counter = first;
    if let Some(last) = counter.last_chunk_mut::<4>() {
        *last = u32::from_be_bytes(*last).wrapping_add(1).to_be_bytes();
    }
    let stream = counter_stream(spec, key, counter, true)?;
    Ok((stream, Authenticator::Gcm(GHash::new(&hash_key.into())), mask))
}

/// RFC 3610.
fn ccm(spec: &Spec, key: &[u8], iv: &[u8]) -> Result<Parts> {
    let aes = Aes::new(spec, key)?;
    let mut counter = [0; 16];
    counter[0] = 14 - iv.len() as u8;
    counter[1..=iv.len()].copy_from_slice(iv);
    let mask = aes.encrypt(counter);
    counter[15] = 1;
    let stream = counter_stream(spec, key, counter, false)?;
    Ok((stream, Authenticator::Ccm { aes, sum: [0; 16] }, mask))
}

/// RFC 8439, 2.8.
fn chacha20_poly1305(key: &[u8], iv: &[u8]) -> Result<Parts> {
    let mut nonce = [0; 12];
    nonce[12 - iv.len()..].copy_from_slice(iv);
    let mut stream = chacha20::ChaCha20::new_from_slices(key, &nonce).map_err(|_| Error::KEY_LENGTH)?;
    let mut hash_key = [0; 32];
    stream.apply_keystream(&mut hash_key);
    stream.seek(64_u32);
    let hash = Poly1305::new(&hash_key.into());
    Ok((Box::new(move |data| stream.apply_keystream(data)), Authenticator::Poly1305(hash), [0; 16]))
}
