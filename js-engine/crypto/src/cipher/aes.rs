//! AES on single blocks, with a key of any of its lengths.

use aes::{Aes128, Aes192, Aes256};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

use super::table::{Block, Spec};
use crate::error::{Error, Result};

/// AES under a key.
pub enum Aes {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

impl Aes {
    pub fn new(spec: &Spec, key: &[u8]) -> Result<Self> {
        let wrong = |_| Error::KEY_LENGTH;
        Ok(match spec.cipher {
            Block::Aes128 => Self::Aes128(Aes128::new_from_slice(key).map_err(wrong)?),
            Block::Aes192 => Self::Aes192(Aes192::new_from_slice(key).map_err(wrong)?),
            _ => Self::Aes256(Aes256::new_from_slice(key).map_err(wrong)?),
        })
    }

    pub fn encrypt(&self, block: [u8; 16]) -> [u8; 16] {
        let mut block = block.into();
        match self {
            Self::Aes128(aes) => aes.encrypt_block(&mut block),
            Self::Aes192(aes) => aes.encrypt_block(&mut block),
            Self::Aes256(aes) => aes.encrypt_block(&mut block),
        }
        block.into()
    }

    pub fn decrypt(&self, block: [u8; 16]) -> [u8; 16] {
        let mut block = block.into();
        match self {
            Self::Aes128(aes) => aes.decrypt_block(&mut block),
            Self::Aes192(aes) => aes.decrypt_block(&mut block),
            Self::Aes256(aes) => aes.decrypt_block(&mut block),
        }
        block.into()
    }
}
