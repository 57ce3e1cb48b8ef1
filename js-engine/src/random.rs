//! `Math.random`: our own generator, because QuickJS' is seeded once, when the base image is made - and every
//! invocation of every lambda starts from a copy of that. Seeded anew by each `invoke`.

use std::cell::Cell;

use lambkin_abi::Warning;

use crate::freeze;

thread_local! {
    /// xorshift128+; never all zero.
    static STATE: Cell<[u64; 2]> = const { Cell::new([1, 2]) };
}

/// Restarts the sequence; spreads the seed with splitmix64, so that neighbouring seeds have nothing in common.
pub fn seed(seed: u64) {
    let mut next = seed;
    let mut split = || {
        next = next.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = next;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let state = [split(), split()];
    STATE.set(if state == [0, 0] { [1, 2] } else { state });
}

/// The next number in [0, 1).
pub fn random() -> f64 {
    freeze::warn_at_top_level(Warning::RandomAtTopLevel);
    let [mut x, y] = STATE.get();
    x ^= x << 23;
    x ^= x >> 17;
    x ^= y ^ (y >> 26);
    STATE.set([y, x]);
    (x.wrapping_add(y) >> 11) as f64 / (1u64 << 53) as f64
}
