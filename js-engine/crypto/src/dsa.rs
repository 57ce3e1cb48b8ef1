//! DSA: signatures of an older time. Keys have the sizes of FIPS 186-3 and are the ones `openssl dsa` writes, or PKCS #8 and
//! SPKI.

use crypto_bigint::BoxedUint;
use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};
use dsa::signature::hazmat::{PrehashVerifier, RandomizedPrehashSigner};
pub use dsa::{SigningKey as PrivateKey, VerifyingKey as PublicKey};
use rand_core::CryptoRng;

use crate::error::{Error, Result};

/// Reads what is in a `DSA PRIVATE KEY`: a version, p, q, g, y, x.
pub fn private_key(der: &[u8]) -> Result<PrivateKey> {
    let numbers = SliceReader::new(der)
        .and_then(|mut reader| {
            reader.sequence(|reader| {
                let mut numbers = Vec::new();
                while !reader.is_finished() {
                    numbers.push(UintRef::decode(reader)?.as_bytes());
                }
                Ok::<_, der::Error>(numbers)
            })
        })
        .map_err(|_| Error::BAD_KEY)?;
    let [_, p, q, g, y, x] = numbers[..] else { return Err(Error::BAD_KEY) };
    // Numbers are as long as the one they are below: that is what the arithmetic wants.
    let number = |bytes: &[u8], like: &[u8]| {
        BoxedUint::from_be_slice(bytes, like.len() as u32 * 8).map_err(|_| Error::BAD_KEY)
    };
    let unsupported = |_| Error::UNSUPPORTED_KEY;
    let components = dsa::Components::from_components(number(p, p)?, number(q, q)?, number(g, p)?);
    let public = PublicKey::from_components(components.map_err(unsupported)?, number(y, p)?);
    PrivateKey::from_components(public.map_err(unsupported)?, number(x, q)?).map_err(unsupported)
}

/// Signs a hash; the signature is in DER.
pub fn sign(key: &PrivateKey, hash: &[u8], random: &mut impl CryptoRng) -> Result<Vec<u8>> {
    use dsa::signature::SignatureEncoding;
    let signature: dsa::Signature =
        key.sign_prehash_with_rng(random, hash).map_err(|_| Error::UNSUPPORTED_KEY)?;
    Ok(signature.to_vec())
}

/// Whether a signature of a hash is right.
pub fn verify(key: &PublicKey, hash: &[u8], signature: &[u8]) -> bool {
    dsa::Signature::from_der(signature).is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok())
}
