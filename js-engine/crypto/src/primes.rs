//! Large primes for new keys: the first one behind a random place.
//!
//! Almost all of the work is refusing numbers, and that is done here: by small divisors, then by Fermat's little theorem
//! with limbs whose products WebAssembly makes and adds several at a time. What is left over is judged by `crypto-primes`,
//! so a mistake here could cost time, but never make a key of a number that is no prime.

use crypto_bigint::{BoxedUint, Resize};
use crypto_primes::Flavor;

/// So many numbers are looked at from one beginning. Of odd numbers of a thousand bits one in 350 is prime.
const CANDIDATES: usize = 4096;
/// Candidates that a prime below this divides are not looked at closely.
const SMALL: usize = 1 << 17;
/// Bits of a limb. Twice as many products as the longest number has limbs fit into 64 bits, so nothing is carried between.
const BITS: u32 = 28;
const MASK: u32 = (1 << BITS) - 1;
const MOST_LIMBS: usize = 112;

/// The first prime among `start`, `start + step`, and so on; one that has as many bits as `start` and that is wanted. `None`
/// when there is none near. The start is odd, the step even.
pub fn search(
    start: &BoxedUint,
    step: &BoxedUint,
    is_wanted: impl Fn(&BoxedUint) -> bool,
) -> Option<BoxedUint> {
    let bits = start.bit_width_vartime();
    let step = step.resize(start.bits_precision());
    let mut candidate = start.clone();
    for has_divisor in sieve(start, &step) {
        if candidate.bit_width_vartime() != bits {
            return None;
        }
        if !has_divisor
            && is_wanted(&candidate)
            && may_be_prime(&limbs(&candidate))
            && crypto_primes::is_prime(Flavor::Any, &candidate)
        {
            return Some(candidate);
        }
        candidate = candidate.wrapping_add(&step);
    }
    None
}

/// The number in limbs, the lowest first, with zeros up to a multiple of four.
fn limbs(number: &BoxedUint) -> Vec<u32> {
    let (mut limbs, mut bits, mut filled) = (Vec::new(), 0u64, 0);
    for byte in number.to_le_bytes_trimmed_vartime() {
        bits |= u64::from(byte) << filled;
        filled += 8;
        if filled >= BITS {
            limbs.push(bits as u32 & MASK);
            bits >>= BITS;
            filled -= BITS;
        }
    }
    limbs.push(bits as u32);
    limbs.resize(limbs.len().next_multiple_of(4), 0);
    limbs
}

/// What is left over when the number is divided.
pub fn remainder(number: &BoxedUint, divisor: u32) -> u32 {
    rest(&limbs(number), u64::from(divisor)) as u32
}

fn rest(number: &[u32], divisor: u64) -> u64 {
    number.iter().rev().fold(0, |rest, limb| (rest << BITS | u64::from(*limb)) % divisor)
}

/// Which of the candidates have a small divisor.
fn sieve(start: &BoxedUint, step: &BoxedUint) -> Vec<bool> {
    let (start, step) = (limbs(start), limbs(step));
    let mut has_divisor = vec![false; CANDIDATES];
    for small in small_primes() {
        let (start, step) = (rest(&start, small), rest(&step, small));
        // A prime that divides the step divides all of them or none.
        let Some(inverse) = (step != 0).then(|| power(step, small - 2, small)) else { continue };
        let first = (small - start) % small * inverse % small;
        for at in (first as usize..CANDIDATES).step_by(small as usize) {
            has_divisor[at] = true;
        }
    }
    has_divisor
}

/// The odd ones.
fn small_primes() -> impl Iterator<Item = u64> {
    let mut is_composite = vec![false; SMALL];
    let mut divisor = 3;
    while divisor * divisor < SMALL {
        if !is_composite[divisor] {
            for at in (divisor * divisor..SMALL).step_by(2 * divisor) {
                is_composite[at] = true;
            }
        }
        divisor += 2;
    }
    (3..SMALL).step_by(2).filter(move |number| !is_composite[*number]).map(|number| number as u64)
}

fn power(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let (mut result, mut base) = (1, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    result
}

/// Whether 2 to the power of `number - 1` leaves 1, as for every odd prime and hardly any other large number.
fn may_be_prime(number: &[u32]) -> bool {
    let Some(modulus) = Modulus::new(number) else { return false };
    if number.len() > MOST_LIMBS {
        return true;
    }
    let one = modulus.one();
    let mut value = one.clone();
    let mut sums = vec![0; 2 * number.len()];
    // The exponent is even, and its other bits are those of the number.
    let bits = BITS as usize;
    for at in (0..bits * number.len()).rev() {
        modulus.square(&mut value, &mut sums);
        if at > 0 && number[at / bits] >> (at % bits) & 1 == 1 {
            modulus.double(&mut value);
        }
    }
    value == one
}

/// Arithmetic modulo an odd number in Montgomery's form: a number stands for itself times 2^(bits of all limbs).
struct Modulus<'a> {
    limbs: &'a [u32],
    /// Times the lowest limb it is -1.
    inverse: u32,
}

impl<'a> Modulus<'a> {
    /// `None` for even numbers.
    fn new(limbs: &'a [u32]) -> Option<Self> {
        let lowest = *limbs.first()?;
        // Newton's iteration: right in the lowest 3 bits, then in twice as many each time.
        let mut inverse = lowest;
        for _ in 0..4 {
            inverse = inverse.wrapping_mul(2u32.wrapping_sub(lowest.wrapping_mul(inverse)));
        }
        (lowest & 1 == 1).then(|| Self { limbs, inverse: inverse.wrapping_neg() & MASK })
    }

    /// What stands for 1.
    fn one(&self) -> Vec<u32> {
        let mut value = vec![0; self.limbs.len()];
        value[0] = 1;
        for _ in 0..BITS as usize * self.limbs.len() {
            self.double(&mut value);
        }
        value
    }

    fn double(&self, value: &mut [u32]) {
        self.settle(value, |_, limb| u64::from(limb) << 1);
    }

    /// Makes limbs of sums and carries, and of what is less than twice the modulus what is less than it.
    fn settle(&self, value: &mut [u32], sum: impl Fn(usize, u32) -> u64) {
        let last = value.len() - 1;
        let mut carry = 0;
        for (at, limb) in value.iter_mut().enumerate() {
            let sum = sum(at, *limb) + carry;
            // The highest limb has room for one bit more.
            *limb = if at == last { sum as u32 } else { sum as u32 & MASK };
            carry = sum >> BITS;
        }
        if value.iter().rev().lt(self.limbs.iter().rev()) {
            return;
        }
        let mut borrow = 0;
        for (limb, modulus) in value.iter_mut().zip(self.limbs) {
            let less = limb.wrapping_sub(*modulus).wrapping_sub(borrow);
            (*limb, borrow) = (less & MASK, less >> 31);
        }
    }

    /// `sums` is a place to work in, of twice the length. In WebAssembly the compiler makes vectors of the loop inside; the rest of
    /// the engine has no use for them.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn square(&self, value: &mut [u32], sums: &mut [u64]) {
        let length = value.len();
        sums.fill(0);
        for (at, limb) in value.iter().enumerate() {
            // The multiple of the modulus that makes the lowest limb zero.
            let lowest = sums[at] as u32;
            let lowest = lowest.wrapping_add(limb.wrapping_mul(value[0]));
            let factor = lowest.wrapping_mul(self.inverse) & MASK;
            add_products(&mut sums[at..at + length], value, *limb, self.limbs, factor);
            sums[at + 1] += sums[at] >> BITS;
        }
        self.settle(value, |at, _| sums[length + at]);
    }
}

/// Adds one number times a limb and another number times a limb.
#[inline(always)]
fn add_products(sums: &mut [u64], one: &[u32], factor: u32, other: &[u32], other_factor: u32) {
    let (factor, other_factor) = (u64::from(factor), u64::from(other_factor));
    for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
        *sum += u64::from(*one) * factor + u64::from(*other) * other_factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(hex: &str) -> BoxedUint {
        BoxedUint::from_be_hex(hex, hex.len() as u32 * 4).into_option().expect("a number")
    }

    /// Every odd number of two limbs and more is judged like `crypto-primes` judges it, but for those that fool Fermat.
    #[test]
    fn what_is_refused_is_no_prime() {
        let mut state = 7u64;
        let mut primes = 0;
        for round in 0..4000usize {
            let limbs: Vec<u32> = (0..round % 5 + 2)
                .map(|_| {
                    state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                    (state >> 32) as u32
                })
                .collect();
            let digits: String = limbs.iter().rev().map(|limb| format!("{limb:08x}")).collect();
            let mut candidate = number(&format!("{digits:0>64}"));
            candidate |= BoxedUint::one_with_precision(candidate.bits_precision());
            let is_prime = crypto_primes::is_prime(Flavor::Any, &candidate);
            assert_eq!(may_be_prime(&super::limbs(&candidate)), is_prime, "{candidate}");
            primes += usize::from(is_prime);
        }
        assert!(primes > 40, "{primes}");
    }

    #[test]
    fn known_primes_are_found() {
        // 2^255 - 19 and 2^521 - 1.
        let first = number("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
        let mersenne = (BoxedUint::one_with_precision(576) << 521u32).wrapping_sub(BoxedUint::one());
        for prime in [first, mersenne] {
            assert!(may_be_prime(&limbs(&prime)));
            let two = BoxedUint::from(2u32);
            let start = prime.wrapping_sub(BoxedUint::from(10u32));
            assert_eq!(search(&start, &two, |_| true), Some(prime.clone()));
            // The next ones have one bit more.
            assert_eq!(search(&prime, &two, |candidate| *candidate != prime), None);
        }
        assert!(!may_be_prime(&[0, 1, 0, 0]));
    }

    /// The longest numbers there are have the largest sums: MODP group 15 of RFC 3526, and 2^2203 - 1.
    #[test]
    fn long_numbers_are_judged_without_a_carry_lost() {
        let group = include_str!("groups.txt").lines().find_map(|line| line.strip_prefix("modp15 "));
        let longest = number(group.unwrap().trim());
        let mersenne = (BoxedUint::one_with_precision(2240) << 2203u32).wrapping_sub(BoxedUint::one());
        for (prime, count) in [(longest, MOST_LIMBS), (mersenne, 80)] {
            let digits = limbs(&prime);
            assert_eq!(digits.len(), count);
            assert!(may_be_prime(&digits));
            for below in [2u32, 4, 6, 8] {
                let composite = prime.wrapping_sub(BoxedUint::from(below));
                assert!(!crypto_primes::is_prime(Flavor::Any, &composite));
                assert!(!may_be_prime(&limbs(&composite)), "{below} below");
            }
        }
    }

    #[test]
    fn remainders_are_right() {
        let large = number("123456789abcdef0fedcba9876543210");
        assert_eq!(
            remainder(&large, 65_537),
            0x1234_5678_9abc_def0_fedc_ba98_7654_3210u128.rem_euclid(65_537) as u32
        );
        assert_eq!(
            remainder(&large, u32::MAX),
            (0x1234_5678_9abc_def0_fedc_ba98_7654_3210u128 % u128::from(u32::MAX)) as u32
        );
    }

    #[test]
    fn small_primes_are_all() {
        let primes: Vec<u64> = small_primes().take(10).collect();
        assert_eq!(primes, [3, 5, 7, 11, 13, 17, 19, 23, 29, 31]);
        assert_eq!(small_primes().count(), 12_250);
    }
}
