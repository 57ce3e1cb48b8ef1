//! Signatures under tokens that others verify: RS256 and nothing else.
//!
//! `jsonwebtoken` reads and writes the tokens, `ring` signs and verifies, [`PROVIDER`] ties them together. It has no
//! other algorithm to offer, so a token that names another one (`none`, `HS256` with the public key as its secret)
//! meets nobody who would verify it, whatever its claims are. `rsa` makes the keys, which `ring` cannot.

use std::sync::Once;

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error as SignatureError, Signer, Verifier},
};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rsa::{
    PrivateKey,
    pkcs8::EncodePrivateKey as _,
    rand_core::{TryCryptoRng, TryRng},
};
use zeroize::Zeroizing;

use crate::sealing::{SealError, fill_random};

/// Bits of a key.
const BITS: usize = 2_048;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Tells `jsonwebtoken` who signs and verifies. Before anything else of it is used.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It can be said once per process, and nobody else here says it.
        let _ = PROVIDER.install_default();
    });
}

/// A fresh key, as PKCS#8. Takes about a second of one processor.
pub(crate) fn make_key() -> std::result::Result<Zeroizing<Vec<u8>>, String> {
    let key = PrivateKey::new(&mut SystemRng, BITS).map_err(|error| error.to_string())?;
    let document = key.to_pkcs8_der().map_err(|error| error.to_string())?;
    Ok(Zeroizing::new(document.as_bytes().to_vec()))
}

/// The public half of a key: modulus and exponent, big-endian.
pub(crate) fn public_half(pkcs8: &[u8]) -> std::result::Result<(Vec<u8>, Vec<u8>), String> {
    let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|error| error.to_string())?;
    let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public());
    Ok((n, e))
}

/// The system's random bytes for [`make_key`].
struct SystemRng;

impl TryRng for SystemRng {
    type Error = SealError;

    fn try_next_u32(&mut self) -> std::result::Result<u32, SealError> {
        let mut bytes = [0; 4];
        fill_random(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> std::result::Result<u64, SealError> {
        let mut bytes = [0; 8];
        fill_random(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> std::result::Result<(), SealError> {
        // In pieces the system always fills whole.
        into.chunks_mut(256).try_for_each(fill_random)
    }
}

impl TryCryptoRng for SystemRng {}

struct Rs256Signer(RsaKeyPair);

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if *algorithm != Algorithm::RS256 || key.family() != AlgorithmFamily::Rsa {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let pair = RsaKeyPair::from_pkcs8(key.as_bytes()).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    Ok(Box::new(Rs256Signer(pair)))
}

impl Signer<Vec<u8>> for Rs256Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, SignatureError> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map(|()| signature).map_err(|_| SignatureError::new())
    }
}

impl JwtSigner for Rs256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

struct Rs256Verifier(DecodingKey);

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if *algorithm != Algorithm::RS256 || key.family() != AlgorithmFamily::Rsa {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(Rs256Verifier(key.clone())))
}

impl Verifier<Vec<u8>> for Rs256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), SignatureError> {
        let DecodingKeyKind::RsaModulusExponent { n, e } = self.0.kind() else {
            return Err(SignatureError::new());
        };
        ring::signature::RsaPublicKeyComponents { n, e }
            .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            .map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for Rs256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
