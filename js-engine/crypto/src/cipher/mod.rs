//! Ciphers by the names Node's users write, as streams: data goes in in pieces and comes out as soon as it can.

mod aes;
mod authenticated;
mod block;
mod ocb;
mod table;
mod wrap;

pub use table::{Kind, NAMES, Spec};

use crate::error::{Error, Result};
use authenticated::Authenticated;
use block::Transform;
use ocb::Ocb;
use wrap::Wrap;

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
    Ocb(Box<Ocb>),
    Wrap(Box<Wrap>),
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
    random: Option<[u8; 8]>,
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
            (Some(iv), Kind::Ocb) => (1..=15).contains(&iv.len()),
            (Some(iv), Kind::Ccm) => (7..=13).contains(&iv.len()),
            (Some(iv), Kind::ChaCha20Poly1305) => (1..=12).contains(&iv.len()),
            (Some(iv), _) => iv.len() == spec.iv,
        };
        if !iv_fits {
            return Err(Error::IV_LENGTH);
        }
        if !spec.takes_key_of(key.len()) {
            return Err(Error::KEY_LENGTH);
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
            Kind::Ocb => {
                let length = tag_length.ok_or(Error::TAG_LENGTH_MISSING)?;
                if length > 16 {
                    return Err(Error::TAG_LENGTH);
                }
                State::Ocb(Box::new(Ocb::new(&spec, key, iv, length, encrypts)?))
            }
            Kind::Wrap | Kind::PaddedWrap => State::Wrap(Box::new(Wrap::new(&spec, key, iv)?)),
            _ => State::Stream(block::new(&spec, key, iv, encrypts)?),
        };
        Ok(Self { spec, state, encrypts, tag_length, tag: None, random: None })
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

    /// Whether the next `update` has to be given eight random bytes before.
    pub fn wants_random(&self) -> bool {
        self.encrypts && matches!(&self.state, State::Wrap(wrap) if wrap.wants_random())
    }

    /// Gives them.
    pub fn give_random(&mut self, random: [u8; 8]) {
        self.random = Some(random);
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
            State::Ocb(state) => Ok(state.update(data)),
            State::Wrap(wrap) if self.encrypts => wrap.wrap(data, self.random.take()),
            State::Wrap(wrap) => wrap.unwrap(data),
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
            State::Stream(_) | State::Wrap(_) => Ok(Vec::new()),
            State::Authenticated(state) => {
                let tag = state.finish()?;
                self.settle(tag, Vec::new())
            }
            State::Ocb(state) => {
                let (rest, tag) = state.finish();
                self.settle(tag, rest)
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

    /// The end of a message whose tag is `tag`, if it is authentic.
    fn settle(&mut self, tag: [u8; 16], rest: Vec<u8>) -> Result<Vec<u8>> {
        if self.encrypts {
            let length = self.tag_length.unwrap_or(16).min(16);
            self.tag = Some(tag[..length].to_vec());
            return Ok(rest);
        }
        // No tag, no message: what came out so far was never to be trusted. Nor is a tag so short that it is soon found.
        match &self.tag {
            Some(given)
                if (self.spec.kind != Kind::Gcm || is_gcm_tag(given.len()))
                    && given.len() <= 16
                    && crate::equal(&tag[..given.len()], given) =>
            {
                Ok(rest)
            }
            _ => Err(Error::UNAUTHENTIC),
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
            // Node 10 warns of lengths that GCM has not; they fail at the end.
            (Kind::Gcm, None) => self.tag.as_ref().is_none_or(|set| set.len() == tag.len()),
            (Kind::ChaCha20Poly1305, None) => (1..=16).contains(&tag.len()),
            (_, length) => length == Some(tag.len()),
        };
        if !fits {
            return Err(Error::TAG_LENGTH);
        }
        self.tag = Some(tag.to_vec());
        Ok(true)
    }

    /// Data that is authenticated without being in the message; before the message. False when it has no place here.
    pub fn set_associated(&mut self, data: &[u8], message_length: Option<usize>) -> Result<bool> {
        match &mut self.state {
            State::Authenticated(state) => state.associated(data, message_length),
            State::Ocb(state) => {
                state.associated(data);
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
