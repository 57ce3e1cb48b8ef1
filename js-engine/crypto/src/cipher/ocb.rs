//! AES-OCB (RFC 7253), put together from its parts for the same reason as the other ciphers with a tag: data comes in
//! pieces. Blocks are numbers here, the first byte being the highest.

use super::aes::Aes;
use super::table::Spec;
use crate::error::Result;

const BLOCK: usize = 16;
/// More blocks than `2^64` do not come.
const MULTIPLES: usize = 64;

/// Doubles in the field of 128 bits, in a time that does not depend on the number.
const fn double(number: u128) -> u128 {
    (number << 1) ^ ((number >> 127) * 0x87)
}

/// A block that is not full, with the bit that says where it ends.
fn padded(part: &[u8]) -> u128 {
    let mut block = [0; BLOCK];
    block[..part.len()].copy_from_slice(part);
    block[part.len()] = 0x80;
    u128::from_be_bytes(block)
}

/// A message or its associated data, block for block.
#[derive(Default)]
struct Progress {
    offset: u128,
    sum: u128,
    blocks: u64,
    partial: Vec<u8>,
}

pub struct Ocb {
    aes: Aes,
    encrypts: bool,
    /// `L_*`, `L_$` and `L_0` to `L_63`.
    star: u128,
    dollar: u128,
    multiples: [u128; MULTIPLES],
    message: Progress,
    associated: Progress,
}

impl Ocb {
    /// The lengths of key, nonce (1 to 15) and tag (1 to 16) are right.
    pub fn new(spec: &Spec, key: &[u8], nonce: &[u8], tag_length: usize, encrypts: bool) -> Result<Self> {
        let aes = Aes::new(spec, key)?;
        let star = encrypt(&aes, 0);
        let dollar = double(star);
        let mut multiples = [double(dollar); MULTIPLES];
        for at in 1..MULTIPLES {
            multiples[at] = double(multiples[at - 1]);
        }
        let mut first = [0; BLOCK];
        first[0] = ((tag_length * 8 % 128) as u8) << 1;
        first[BLOCK - 1 - nonce.len()] |= 1;
        first[BLOCK - nonce.len()..].copy_from_slice(nonce);
        let bottom = u32::from(first[BLOCK - 1] & 63);
        first[BLOCK - 1] &= !63;
        let top = encrypt(&aes, u128::from_be_bytes(first));
        let stretch = (top >> 64) as u64 ^ (top >> 56) as u64;
        let offset = (top << bottom) | (u128::from(stretch) >> (64 - bottom));
        let message = Progress { offset, ..Progress::default() };
        Ok(Self { aes, encrypts, star, dollar, multiples, message, associated: Progress::default() })
    }

    /// Adds associated data.
    pub fn associated(&mut self, data: &[u8]) {
        let Self { aes, multiples, associated, .. } = self;
        for block in associated.take(data) {
            associated.advance(multiples);
            associated.sum ^= encrypt(aes, block ^ associated.offset);
        }
    }

    /// Takes data in, gives back what is ready: whole blocks.
    pub fn update(&mut self, data: &[u8]) -> Vec<u8> {
        let Self { aes, multiples, message, encrypts, .. } = self;
        let mut out = Vec::with_capacity(data.len() + BLOCK);
        for block in message.take(data) {
            message.advance(multiples);
            let masked = block ^ message.offset;
            let changed =
                message.offset ^ if *encrypts { encrypt(aes, masked) } else { decrypt(aes, masked) };
            message.sum ^= if *encrypts { block } else { changed };
            out.extend_from_slice(&changed.to_be_bytes());
        }
        out
    }

    /// What is left of the message, and the tag in full length.
    pub fn finish(self) -> (Vec<u8>, [u8; BLOCK]) {
        let Self { aes, encrypts, star, dollar, mut message, mut associated, .. } = self;
        let mut rest = std::mem::take(&mut message.partial);
        if !rest.is_empty() {
            message.offset ^= star;
            let before = padded(&rest);
            for (byte, pad) in rest.iter_mut().zip(encrypt(&aes, message.offset).to_be_bytes()) {
                *byte ^= pad;
            }
            message.sum ^= if encrypts { before } else { padded(&rest) };
        }
        if !associated.partial.is_empty() {
            associated.offset ^= star;
            associated.sum ^= encrypt(&aes, padded(&associated.partial) ^ associated.offset);
        }
        let tag = encrypt(&aes, message.sum ^ message.offset ^ dollar) ^ associated.sum;
        (rest, tag.to_be_bytes())
    }
}

impl Progress {
    /// The blocks that `data` fills; what is over is kept.
    fn take(&mut self, data: &[u8]) -> Vec<u128> {
        self.partial.extend_from_slice(data);
        let whole = self.partial.len() / BLOCK * BLOCK;
        let rest = self.partial.split_off(whole);
        let all = std::mem::replace(&mut self.partial, rest);
        all.as_chunks().0.iter().copied().map(u128::from_be_bytes).collect()
    }

    fn advance(&mut self, multiples: &[u128; MULTIPLES]) {
        self.blocks += 1;
        self.offset ^= multiples[self.blocks.trailing_zeros() as usize];
    }
}

fn encrypt(aes: &Aes, block: u128) -> u128 {
    u128::from_be_bytes(aes.encrypt(block.to_be_bytes()))
}

fn decrypt(aes: &Aes, block: u128) -> u128 {
    u128::from_be_bytes(aes.decrypt(block.to_be_bytes()))
}
