//! DSA: signatures of an older time. Keys have the sizes of FIPS 186-3 and are the ones `openssl dsa` writes, or PKCS #8 and
//! SPKI.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BitOps, BoxedUint, NonZero, Odd, RandomBits, Resize};
use crypto_primes::Flavor;
use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};
use dsa::signature::hazmat::{PrehashVerifier, RandomizedPrehashSigner};
pub use dsa::{SigningKey as PrivateKey, VerifyingKey as PublicKey};
use rand_core::CryptoRng;

use crate::error::{Error, Result};
use crate::primes;

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

/// Lengths of the two primes, in bits.
const SIZES: [(u32, u32); 4] = [(1024, 160), (2048, 224), (2048, 256), (3072, 256)];

/// A new key. Without a length of the smaller prime it is the first one that fits.
pub fn generate(random: &mut impl CryptoRng, modulus: u32, divisor: Option<u32>) -> Result<PrivateKey> {
    let fits = |size: &&(u32, u32)| size.0 == modulus && divisor.is_none_or(|divisor| divisor == size.1);
    let &(modulus, divisor) = SIZES.iter().find(fits).ok_or(Error::GENERATE_DSA)?;
    let q: BoxedUint = crypto_primes::random_prime(random, Flavor::Any, divisor);
    let p = loop {
        if let Some(p) = larger_prime(random, &q, modulus) {
            break p;
        }
    };
    let g = generator(&p, &q).ok_or(Error::GENERATE_DSA)?;
    let components = dsa::Components::from_components(p, q, g).map_err(|_| Error::GENERATE_DSA)?;
    let Ok(key) = PrivateKey::try_generate_from_rng_with_components(random, components);
    Ok(key)
}

/// A prime p with q dividing p - 1, from a random beginning; `None` when there is none near it.
fn larger_prime(random: &mut impl CryptoRng, q: &BoxedUint, bits: u32) -> Option<BoxedUint> {
    let step = q.resize(bits).shl_vartime(1)?;
    let mut start = BoxedUint::random_bits(random, bits);
    start.set_bit_vartime(bits - 1, true);
    let rest = &start % &NonZero::new(step.clone()).into_option()?;
    primes::search(&start.wrapping_sub(&rest).wrapping_add(BoxedUint::one()), &step, |_| true)
}

/// A number whose powers are q many (FIPS 186-4, A.2.1).
fn generator(p: &BoxedUint, q: &BoxedUint) -> Option<BoxedUint> {
    let precision = p.bits_precision();
    let exponent = p.wrapping_sub(BoxedUint::one()) / NonZero::new(q.resize(precision)).into_option()?;
    let parameters = BoxedMontyParams::new_vartime(Odd::new(p.clone()).into_option()?);
    let mut base = BoxedUint::from(2u32).resize(precision);
    loop {
        let power = BoxedMontyForm::new(base.clone(), &parameters).pow(&exponent).retrieve();
        if power > BoxedUint::one() {
            return Some(power);
        }
        base = base.wrapping_add(BoxedUint::one());
    }
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
