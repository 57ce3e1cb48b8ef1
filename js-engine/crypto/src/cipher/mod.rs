//! Ciphers by the names Node's users write, as streams: data goes in in pieces and comes out as soon as it can.

mod authenticated;
mod block;
mod table;

pub use table::{Kind, NAMES, Spec};

use crate::error::{Error, Result};
use authenticated::Authenticated;
use block::Transform;

/// Tags GCM may have; NIST SP 800-38D, 5.2.1.2.
const fn is_gcm_tag(length: usize) -> bool {
    matches!(length, 4 | 8 | 12..=16)
}

enum State {
    /// Whole blocks are worked on; the rest waits.
    Blocks {
        transform: Box<dyn Transform>,
        size: usize,
        pending: Vec<u8>,
        is_padded: bool,
    },
    Stream(Box<dyn Transform>),
    Authenticated(Box<Authenticated>),
    Finished,
}

/// A message being encrypted or decrypted.
pub struct Cipher {
    spec: Spec,
    state: State,
    encrypts: bool,
    /// What the tag's length was asked to be.
    tag_length: Option<usize>,
    /// To check against when decrypting; the result when encrypting.
    tag: Option<Vec<u8>>,
}

impl Cipher {
    /// Starts. The lengths must be those the cipher wants.
    pub fn new(
        name: &str,
        key: &[u8],
        iv: Option<&[u8]>,
        encrypts: bool,
        tag_length: Option<usize>,
    ) -> Result<Self> {
        let spec = Spec::named(name).ok_or(Error::UNKNOWN_CIPHER)?;
        let iv_fits = match (iv, spec.kind) {
            (None, _) => spec.iv == 0,
            (Some(iv), Kind::Gcm) => !iv.is_empty(),
            (Some(iv), Kind::Ccm) => (7..=13).contains(&iv.len()),
            (Some(iv), Kind::ChaCha20Poly1305) => (1..=12).contains(&iv.len()),
            (Some(iv), _) => iv.len() == spec.iv,
        };
        if key.len() != spec.key {
            return Err(Error::KEY_LENGTH);
        }
        if !iv_fits {
            return Err(Error::IV_LENGTH);
        }
        let iv = iv.unwrap_or_default();
        let state = match spec.kind {
            Kind::Ecb | Kind::Cbc => State::Blocks {
                transform: block::new(&spec, key, iv, encrypts)?,
                size: spec.block,
                pending: Vec::new(),
                is_padded: true,
            },
            Kind::Gcm | Kind::Ccm | Kind::ChaCha20Poly1305 => {
                State::Authenticated(Box::new(Authenticated::new(&spec, key, iv, tag_length, encrypts)?))
            }
            _ => State::Stream(block::new(&spec, key, iv, encrypts)?),
        };
        Ok(Self { spec, state, encrypts, tag_length, tag: None })
    }

    /// Starts with key and initialisation vector made of a password; see [`crate::kdf::bytes_to_key`].
    pub fn with_password(
        name: &str,
        password: &[u8],
        encrypts: bool,
        tag_length: Option<usize>,
    ) -> Result<Self> {
        let spec = Spec::named(name).ok_or(Error::UNKNOWN_CIPHER)?;
        let made = crate::kdf::bytes_to_key(crate::digest::Algorithm::Md5, password, &[], spec.key + spec.iv);
        let (key, iv) = made.split_at(spec.key);
        Self::new(name, key, (spec.iv > 0).then_some(iv), encrypts, tag_length)
    }

    /// Whether this cipher makes and checks tags.
    pub fn is_authenticated(&self) -> bool {
        self.spec.is_authenticated()
    }

    /// Whether the message is over.
    pub fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished)
    }

    /// Takes data in, gives back what is ready.
    pub fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        match &mut self.state {
            State::Finished => Err(Error("Trying to add data in unsupported state")),
            State::Stream(transform) => {
                let mut out = data.to_vec();
                transform.apply(&mut out);
                Ok(out)
            }
            State::Authenticated(state) => state.update(data, self.tag.as_deref()),
            State::Blocks { transform, size, pending, is_padded } => {
                // The last block of what is decrypted holds the padding: it stays until the end is known.
                let keeps = usize::from(!self.encrypts && *is_padded);
                let total = pending.len() + data.len();
                let whole = (total - (keeps.min(total))) / *size * *size;
                if whole == 0 {
                    pending.extend_from_slice(data);
                    return Ok(Vec::new());
                }
                let mut out = std::mem::take(pending);
                let used = whole - out.len().min(whole);
                out.extend_from_slice(&data[..used]);
                pending.extend_from_slice(&data[used..]);
                transform.apply(&mut out);
                Ok(out)
            }
        }
    }

    /// Ends the message.
    pub fn finish(&mut self) -> Result<Vec<u8>> {
        match std::mem::replace(&mut self.state, State::Finished) {
            State::Finished => Err(Error::STATE),
            State::Stream(_) => Ok(Vec::new()),
            State::Authenticated(state) => {
                let tag = state.finish()?;
                if self.encrypts {
                    let length = self.tag_length.unwrap_or(16).min(16);
                    self.tag = Some(tag[..length].to_vec());
                    return Ok(Vec::new());
                }
                // No tag, no message: what came out so far was never to be trusted.
                let Some(given) = &self.tag else { return Err(Error::UNAUTHENTIC) };
                if crate::equal(&tag[..given.len().min(16)], given) {
                    Ok(Vec::new())
                } else {
                    Err(Error::UNAUTHENTIC)
                }
            }
            State::Blocks { mut transform, size, mut pending, is_padded } => {
                if self.encrypts {
                    if is_padded {
                        let padding = size - pending.len();
                        pending.resize(size, padding as u8);
                    } else if !pending.is_empty() {
                        return Err(Error::NOT_WHOLE_BLOCKS);
                    }
                    transform.apply(&mut pending);
                    return Ok(pending);
                }
                if !is_padded {
                    return if pending.is_empty() { Ok(pending) } else { Err(Error::WRONG_FINAL_BLOCK) };
                }
                if pending.len() != size {
                    return Err(Error::WRONG_FINAL_BLOCK);
                }
                transform.apply(&mut pending);
                let padding = usize::from(pending[size - 1]);
                let is_right = (1..=size).contains(&padding)
                    && pending[size - padding..].iter().all(|byte| usize::from(*byte) == padding);
                if !is_right {
                    return Err(Error::BAD_DECRYPT);
                }
                pending.truncate(size - padding);
                Ok(pending)
            }
        }
    }

    /// Whether the last block is filled up; true at the start. False once the message is over.
    pub fn set_padding(&mut self, padded: bool) -> bool {
        if let State::Blocks { is_padded, .. } = &mut self.state {
            *is_padded = padded;
        }
        !self.is_finished()
    }

    /// The tag, once the message is encrypted.
    pub fn tag(&self) -> Option<&[u8]> {
        if self.encrypts && self.is_finished() { self.tag.as_deref() } else { None }
    }

    /// The tag to check: false when it comes too late or has no place here.
    pub fn set_tag(&mut self, tag: &[u8]) -> Result<bool> {
        if self.is_finished() || !self.is_authenticated() || self.encrypts {
            return Ok(false);
        }
        let fits = match (self.spec.kind, self.tag_length) {
            (Kind::Gcm, None) => is_gcm_tag(tag.len()),
            (Kind::ChaCha20Poly1305, None) => (1..=16).contains(&tag.len()),
            (_, length) => length == Some(tag.len()),
        };
        if !fits {
            return Err(Error("Invalid authentication tag length"));
        }
        self.tag = Some(tag.to_vec());
        Ok(true)
    }

    /// Data that is authenticated without being in the message; before the message. False when it has no place here.
    pub fn set_associated(&mut self, data: &[u8], message_length: Option<usize>) -> Result<bool> {
        match &mut self.state {
            State::Authenticated(state) => state.associated(data, message_length),
            _ => Ok(false),
        }
    }
}
