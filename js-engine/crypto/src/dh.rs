//! Diffie-Hellman over the numbers below a prime.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use rand_core::CryptoRng;

use crate::error::{Error, Result};

/// The primes of RFC 2409, section 6, and RFC 3526, with the names Node has for them. The generator is 2.
const GROUPS: &str = include_str!("groups.txt");

/// What [`Group::check`] can find, as OpenSSL numbers it.
pub mod flaw {
    /// The prime is none.
    pub const NOT_PRIME: u32 = 1;
    /// Half of the prime is none.
    pub const NOT_SAFE_PRIME: u32 = 2;
    /// The generator generates too little.
    pub const NOT_SUITABLE_GENERATOR: u32 = 8;
}

/// Longest prime worked with: the time grows with the third power.
const MOST_BYTES: usize = 2048;

/// A prime and a generator.
pub struct Group {
    prime: Vec<u8>,
    generator: Vec<u8>,
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

fn number(bytes: &[u8], bits: u32) -> Result<BoxedUint> {
    BoxedUint::from_be_slice(bytes, bits).map_err(|_| Error::TOO_LARGE_FOR_MODULUS)
}

impl Group {
    /// A group of one's own.
    pub fn new(prime: &[u8], generator: &[u8]) -> Result<Self> {
        let (prime, generator) = (without_zeros(prime), without_zeros(generator));
        if prime.len() > MOST_BYTES || generator.len() > prime.len() {
            return Err(Error("error:05066067:Diffie-Hellman routines:compute_key:modulus too large"));
        }
        Ok(Self { prime: prime.to_vec(), generator: generator.to_vec() })
    }

    /// One of the known groups.
    pub fn named(name: &str) -> Option<Self> {
        let line = GROUPS
            .lines()
            .find_map(|line| line.strip_prefix(&name.to_ascii_lowercase())?.strip_prefix(' '))?;
        let prime = line.as_bytes().chunks(2).map(|pair| {
            let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0) as u8;
            digit(pair[0]) << 4 | digit(pair[1])
        });
        Some(Self { prime: prime.collect(), generator: vec![2] })
    }

    /// A new group with a prime of that many bits. Slow: such primes are rare.
    pub fn generate(bits: u32, generator: u32, random: &mut impl CryptoRng) -> Result<Self> {
        if !(16..=4096).contains(&bits) {
            return Err(Error("Initialization failed"));
        }
        let prime: BoxedUint = crypto_primes::random_prime(random, crypto_primes::Flavor::Safe, bits);
        Self::new(&prime.to_be_bytes(), &generator.to_be_bytes())
    }

    /// The prime.
    pub fn prime(&self) -> &[u8] {
        &self.prime
    }

    /// The generator.
    pub fn generator(&self) -> &[u8] {
        &self.generator
    }

    /// What is wrong with the group; see [`flaw`].
    pub fn check(&self) -> u32 {
        let mut flaws = 0;
        let bits = (self.prime.len() * 8) as u32;
        let Ok(prime) = number(&self.prime, bits.max(8)) else { return flaw::NOT_PRIME };
        let mut last = self.prime.clone();
        if let Some(byte) = last.last_mut() {
            *byte &= 0xfe;
        }
        if self.generator.is_empty() || self.generator == [1] || self.generator == last {
            flaws |= flaw::NOT_SUITABLE_GENERATOR;
        }
        if !crypto_primes::is_prime(crypto_primes::Flavor::Any, &prime) {
            flaws |= flaw::NOT_PRIME;
        } else if !crypto_primes::is_prime(
            crypto_primes::Flavor::Any,
            &prime.shr_vartime(1).unwrap_or_default(),
        ) {
            flaws |= flaw::NOT_SAFE_PRIME;
        }
        flaws
    }

    fn power(&self, base: &[u8], exponent: &[u8]) -> Result<Vec<u8>> {
        let bits = (self.prime.len() * 8) as u32;
        let wrong = Error("Initialization failed");
        let prime = Odd::new(number(&self.prime, bits.max(8))?).into_option().ok_or(wrong)?;
        let base = number(base, bits)?;
        let exponent = number(exponent, (exponent.len() * 8).max(8) as u32)?;
        let parameters = BoxedMontyParams::new(prime);
        let power = BoxedMontyForm::new(base, &parameters).pow(&exponent).retrieve();
        Ok(without_zeros(&power.to_be_bytes()).to_vec())
    }

    /// A new private key.
    pub fn private_key(&self, random: &mut impl CryptoRng) -> Vec<u8> {
        let mut key = vec![0; self.prime.len()];
        random.fill_bytes(&mut key);
        // One bit shorter than the prime, and not nothing.
        if let ([first, ..], [top, ..]) = (key.as_mut_slice(), self.prime.as_slice()) {
            *first &= (0xff_u16 >> (top.leading_zeros() + 1).min(8)) as u8;
        }
        if let Some(last) = key.last_mut() {
            *last |= 2;
        }
        without_zeros(&key).to_vec()
    }

    /// The public key of a private key.
    pub fn public_key(&self, private: &[u8]) -> Result<Vec<u8>> {
        self.power(&self.generator, private)
    }

    /// What both sides have in common, in the prime's length. The other's key must be one that keeps the secret.
    pub fn agree(&self, private: &[u8], other: &[u8]) -> Result<Vec<u8>> {
        let other = without_zeros(other);
        if other.is_empty() || other == [1] {
            return Err(Error("Supplied key is too small"));
        }
        let mut most = self.prime.clone();
        if let Some(last) = most.last_mut() {
            *last &= 0xfe;
        }
        if other.len() > most.len() || (other.len() == most.len() && other >= most.as_slice()) {
            return Err(Error("Supplied key is too large"));
        }
        let secret = self.power(other, private)?;
        let mut full = vec![0; self.prime.len() - secret.len()];
        full.extend(secret);
        Ok(full)
    }
}
