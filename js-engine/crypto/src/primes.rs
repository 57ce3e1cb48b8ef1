//! Large primes for new keys: the first one behind a random place.
//!
//! Almost all of the work is refusing numbers, and that is done here: by small divisors, then by Fermat's little theorem
//! with limbs of 32 bits, the longest whose product WebAssembly gives whole. What is left over is judged by
//! `crypto-primes`, so a mistake here could cost time, but never make a key of a number that is no prime.

use crypto_bigint::{BoxedUint, Resize};
use crypto_primes::Flavor;

/// So many numbers are looked at from one beginning. Of odd numbers of a thousand bits one in 350 is prime.
const CANDIDATES: usize = 4096;
/// Candidates that a prime below this divides are not looked at closely.
const SMALL: usize = 1 << 17;

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

/// The number in limbs of 32 bits, the lowest first, without zeros at the end.
fn limbs(number: &BoxedUint) -> Vec<u32> {
    let bytes = number.to_le_bytes();
    let mut limbs: Vec<u32> = bytes
        .chunks(4)
        .map(|chunk| chunk.iter().rev().fold(0, |limb, byte| limb << 8 | u32::from(*byte)))
        .collect();
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    limbs
}

/// What is left over when the number is divided.
pub fn remainder(number: &BoxedUint, divisor: u32) -> u32 {
    rest(&limbs(number), u64::from(divisor)) as u32
}

fn rest(number: &[u32], divisor: u64) -> u64 {
    number.iter().rev().fold(0, |rest, limb| (rest << 32 | u64::from(*limb)) % divisor)
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
    let one = modulus.one();
    let mut value = one.clone();
    let mut product = vec![0; 2 * number.len()];
    // The exponent is even, and its other bits are those of the number.
    for at in (0..32 * number.len()).rev() {
        modulus.square(&mut value, &mut product);
        if at > 0 && number[at / 32] >> (at % 32) & 1 == 1 {
            modulus.double(&mut value);
        }
    }
    value == one
}

/// Arithmetic modulo an odd number in Montgomery's form: a number stands for itself times 2^(32 limbs).
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
        (lowest & 1 == 1).then(|| Self { limbs, inverse: inverse.wrapping_neg() })
    }

    /// What stands for 1.
    fn one(&self) -> Vec<u32> {
        let mut value = vec![0; self.limbs.len()];
        value[0] = 1;
        for _ in 0..32 * self.limbs.len() {
            self.double(&mut value);
        }
        value
    }

    fn double(&self, value: &mut [u32]) {
        let mut carry = 0;
        for limb in value.iter_mut() {
            (*limb, carry) = (*limb << 1 | carry, *limb >> 31);
        }
        self.reduce_once(value, carry);
    }

    /// The value, which may have one more bit, below the modulus.
    fn reduce_once(&self, value: &mut [u32], carry: u32) {
        if carry == 0 && value.iter().rev().lt(self.limbs.iter().rev()) {
            return;
        }
        let mut borrow = false;
        for (limb, modulus) in value.iter_mut().zip(self.limbs) {
            let (less, first) = limb.overflowing_sub(*modulus);
            let (less, second) = less.overflowing_sub(u32::from(borrow));
            (*limb, borrow) = (less, first | second);
        }
    }

    /// `product` is a place to work in, of twice the length.
    fn square(&self, value: &mut [u32], product: &mut [u32]) {
        let length = value.len();
        product.fill(0);
        // Each pair of different limbs once, then twice, then each limb with itself.
        for (at, limb) in value.iter().enumerate() {
            let place = &mut product[2 * at + 1..];
            let carry = add_product(place, &value[at + 1..], *limb);
            product[at + length] = carry;
        }
        let (mut shifted, mut carry) = (0, 0);
        for (pair, limb) in product.chunks_exact_mut(2).zip(value.iter()) {
            let square = u64::from(*limb) * u64::from(*limb);
            let twice = [pair[0] << 1 | shifted, pair[1] << 1 | pair[0] >> 31];
            shifted = pair[1] >> 31;
            let low = u64::from(twice[0]) + (square & 0xffff_ffff) + carry;
            let high = u64::from(twice[1]) + (square >> 32) + (low >> 32);
            (pair[0], pair[1]) = (low as u32, high as u32);
            carry = high >> 32;
        }
        // Multiples of the modulus that make the lower half zero.
        let mut overflow = 0;
        for at in 0..length {
            let factor = product[at].wrapping_mul(self.inverse);
            let carry = add_product(&mut product[at..], self.limbs, factor);
            let sum = u64::from(product[at + length]) + u64::from(carry) + overflow;
            product[at + length] = sum as u32;
            overflow = sum >> 32;
        }
        value.copy_from_slice(&product[length..]);
        self.reduce_once(value, overflow as u32);
    }
}

/// Adds a number times a limb to another number; what is carried beyond it.
fn add_product(target: &mut [u32], number: &[u32], factor: u32) -> u32 {
    let mut carry = 0;
    for (target, limb) in target.iter_mut().zip(number) {
        let sum = u64::from(*target) + u64::from(*limb) * u64::from(factor) + carry;
        *target = sum as u32;
        carry = sum >> 32;
    }
    carry as u32
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
        assert!(!may_be_prime(&[0, 1]));
        assert!(!may_be_prime(&[]));
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
