//! Looking for bytes eight at a time.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = ONES << 7;

/// Where, from `at` on, the first byte stands that ends a run of ordinary characters in a JSON string: a quote, a
/// backslash, a control character, and if `WTF8` the first byte of what may be a surrogate. The end of `text` if none.
/// Also whether all bytes up to there are ASCII; it may say no wrongly.
#[inline]
pub fn ordinary<const WTF8: bool>(text: &[u8], mut at: usize) -> (usize, bool) {
    let mut seen = 0;
    while let Some(chunk) = text.get(at..at + 8).and_then(|chunk| <[u8; 8]>::try_from(chunk).ok()) {
        let word = u64::from_le_bytes(chunk);
        seen |= word;
        // The lowest bit set is right; those above it may not be.
        let mut found = word.wrapping_sub(ONES * 0x20) & !word;
        found |= zeros(word ^ (ONES * b'"' as u64)) | zeros(word ^ (ONES * b'\\' as u64));
        if WTF8 && word & HIGHS != 0 {
            found |= zeros(word ^ (ONES * 0xed));
        }
        found &= HIGHS;
        if found != 0 {
            return (at + (found.trailing_zeros() / 8) as usize, seen & HIGHS == 0);
        }
        at += 8;
    }
    while let Some(&byte) = text.get(at) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' || (WTF8 && byte == 0xed) {
            break;
        }
        seen |= u64::from(byte);
        at += 1;
    }
    (at, seen & HIGHS == 0)
}

/// Among other bits, the highest bit of each byte that is zero.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word
}

/// Are they the same? Without a call, for what is short.
#[inline]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}
