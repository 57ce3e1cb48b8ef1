//! Block ciphers in their modes, behind one face.

use aes::{Aes128, Aes192, Aes256};
use blowfish::Blowfish;
use cipher::array::Array;
use cipher::{
    BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser, InnerIvInit, KeyInit, KeyIvInit,
    StreamCipher, StreamCipherCoreWrapper, StreamCipherSeek,
};
use des::{Des, TdesEde2, TdesEde3};

use super::table::{Block, Kind, Spec};
use crate::error::{Error, Result};

/// Changes data in place; what is not a stream is given whole blocks.
pub trait Transform {
    /// Does it.
    fn apply(&mut self, data: &mut [u8]);
}

struct Encrypting<M>(M);
struct Decrypting<M>(M);
struct Streaming<S>(S);
struct CfbEncrypting<C: BlockCipherEncrypt>(cfb_mode::BufEncryptor<C>);
struct CfbDecrypting<C: BlockCipherEncrypt>(cfb_mode::BufDecryptor<C>);

impl<M: BlockModeEncrypt> Transform for Encrypting<M> {
    fn apply(&mut self, data: &mut [u8]) {
        self.0.encrypt_blocks(Array::slice_as_chunks_mut(data).0);
    }
}

impl<M: BlockModeDecrypt> Transform for Decrypting<M> {
    fn apply(&mut self, data: &mut [u8]) {
        self.0.decrypt_blocks(Array::slice_as_chunks_mut(data).0);
    }
}

impl<S: StreamCipher> Transform for Streaming<S> {
    fn apply(&mut self, data: &mut [u8]) {
        self.0.apply_keystream(data);
    }
}

impl<C: BlockCipherEncrypt> Transform for CfbEncrypting<C> {
    fn apply(&mut self, data: &mut [u8]) {
        self.0.encrypt(data);
    }
}

impl<C: BlockCipherEncrypt> Transform for CfbDecrypting<C> {
    fn apply(&mut self, data: &mut [u8]) {
        self.0.decrypt(data);
    }
}

/// A macro, because the modes' bounds on block sizes cannot be named in one function.
macro_rules! chained {
    ($C:ty, $kind:expr, $key:expr, $iv:expr, $encrypts:expr) => {{
        let (kind, key, iv, encrypts) = ($kind, $key, $iv, $encrypts);
        type C = $C;
        let wrong = |_| Error::KEY_LENGTH;
        let chained: Box<dyn Transform> = match (kind, encrypts) {
            (Kind::Ecb, true) => {
                Box::new(Encrypting(ecb::Encryptor::<C>::new_from_slice(key).map_err(wrong)?))
            }
            (Kind::Ecb, false) => {
                Box::new(Decrypting(ecb::Decryptor::<C>::new_from_slice(key).map_err(wrong)?))
            }
            (Kind::Cbc, true) => {
                Box::new(Encrypting(cbc::Encryptor::<C>::new_from_slices(key, iv).map_err(wrong)?))
            }
            (Kind::Cbc, false) => {
                Box::new(Decrypting(cbc::Decryptor::<C>::new_from_slices(key, iv).map_err(wrong)?))
            }
            (Kind::Cfb8, true) => {
                Box::new(Encrypting(cfb8::Encryptor::<C>::new_from_slices(key, iv).map_err(wrong)?))
            }
            (Kind::Cfb8, false) => {
                Box::new(Decrypting(cfb8::Decryptor::<C>::new_from_slices(key, iv).map_err(wrong)?))
            }
            (Kind::Cfb, true) => {
                Box::new(CfbEncrypting(cfb_mode::BufEncryptor::<C>::new_from_slices(key, iv).map_err(wrong)?))
            }
            (Kind::Cfb, false) => {
                Box::new(CfbDecrypting(cfb_mode::BufDecryptor::<C>::new_from_slices(key, iv).map_err(wrong)?))
            }
            (Kind::Ofb, _) => {
                // Not `new_from_slices`: that wants keys of one length, and Blowfish's have any.
                let core = ofb::OfbCore::inner_iv_slice_init(C::new_from_slice(key).map_err(wrong)?, iv);
                Box::new(Streaming(StreamCipherCoreWrapper::from_core(core.map_err(wrong)?)))
            }
            _ => return Err(Error::UNKNOWN_CIPHER),
        };
        Ok(chained)
    }};
}

/// Makes the transform of a cipher whose key and initialisation vector have the right lengths.
pub fn new(spec: &Spec, key: &[u8], iv: &[u8], encrypts: bool) -> Result<Box<dyn Transform>> {
    match spec.cipher {
        Block::Aes128 if spec.kind == Kind::Ctr => ctr::<Aes128>(key, iv),
        Block::Aes192 if spec.kind == Kind::Ctr => ctr::<Aes192>(key, iv),
        Block::Aes256 if spec.kind == Kind::Ctr => ctr::<Aes256>(key, iv),
        Block::Aes128 => chained!(Aes128, spec.kind, key, iv, encrypts),
        Block::Aes192 => chained!(Aes192, spec.kind, key, iv, encrypts),
        Block::Aes256 => chained!(Aes256, spec.kind, key, iv, encrypts),
        Block::Des => chained!(Des, spec.kind, key, iv, encrypts),
        Block::TripleDes2 => chained!(TdesEde2, spec.kind, key, iv, encrypts),
        Block::TripleDes3 => chained!(TdesEde3, spec.kind, key, iv, encrypts),
        Block::Blowfish => {
            // The key is used over and over until it fills the state, so a short one may as well be written out.
            let key = &key.repeat(4_usize.div_ceil(key.len().max(1)));
            chained!(Blowfish, spec.kind, key, iv, encrypts)
        }
        Block::None => chacha20(key, iv),
    }
}

fn ctr<C>(key: &[u8], iv: &[u8]) -> Result<Box<dyn Transform>>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = cipher::consts::U16> + KeyInit + 'static,
{
    let stream = ctr::Ctr128BE::<C>::new_from_slices(key, iv).map_err(|_| Error::KEY_LENGTH)?;
    Ok(Box::new(Streaming(stream)))
}

/// OpenSSL's initialisation vector: a counter of four bytes, then the nonce.
fn chacha20(key: &[u8], iv: &[u8]) -> Result<Box<dyn Transform>> {
    let (counter, nonce) = iv.split_first_chunk::<4>().ok_or(Error::IV_LENGTH)?;
    let mut stream = chacha20::ChaCha20::new_from_slices(key, nonce).map_err(|_| Error::KEY_LENGTH)?;
    stream.seek(u64::from(u32::from_le_bytes(*counter)) * 64);
    Ok(Box::new(Streaming(stream)))
}
