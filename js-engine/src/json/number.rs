//! Numbers between JSON text and doubles.

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];
/// Up to here a double holds every integer.
const EXACT: u64 = 1 << 53;
/// Any two decimals of that many digits are different doubles.
const DISTINCT: f64 = 1e15;
/// No number written here is longer.
pub const MAX_LEN: usize = 40;

/// The value of the number at the beginning of `text`, and its length; nothing if that is no JSON number. What follows
/// the number must not be the end of `text`.
pub fn read(text: &[u8]) -> Option<(f64, usize)> {
    let is_negative = text[0] == b'-';
    let mut at = usize::from(is_negative);
    let (mut digits, mut count) = (0u64, 0);
    let first = at;
    let mut take_digits = |at: &mut usize| {
        let start = *at;
        while let digit @ 0..=9 = text[*at].wrapping_sub(b'0') {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
            *at += 1;
        }
        count += *at - start;
        *at - start
    };
    let whole = take_digits(&mut at);
    if whole == 0 || (whole > 1 && text[first] == b'0') {
        return None;
    }
    let mut exponent = 0;
    if text[at] == b'.' {
        at += 1;
        let fraction = take_digits(&mut at);
        if fraction == 0 {
            return None;
        }
        exponent = -(fraction as i64);
    }
    if text[at] | 0x20 == b'e' {
        at += 1;
        let is_down = text[at] == b'-';
        at += usize::from(is_down || text[at] == b'+');
        let start = at;
        let mut power = 0i64;
        while let digit @ 0..=9 = text[at].wrapping_sub(b'0') {
            power = (power * 10 + i64::from(digit)).min(1 << 32);
            at += 1;
        }
        if at == start {
            return None;
        }
        exponent += if is_down { -power } else { power };
    }
    // Then both operands are exact, and the one operation rounds correctly.
    let magnitude = if count <= 19 && digits <= EXACT && (-22..=22).contains(&exponent) {
        match usize::try_from(exponent) {
            Ok(exponent) => digits as f64 * POWERS[exponent],
            Err(_) => digits as f64 / POWERS[exponent.unsigned_abs() as usize],
        }
    } else {
        std::str::from_utf8(&text[first..at]).ok()?.parse::<f64>().ok()?
    };
    Some((if is_negative { -magnitude } else { magnitude }, at))
}

/// Appends an integer. Room for [`MAX_LEN`] bytes is there.
pub fn write_int(number: i64, out: &mut Vec<u8>) {
    if number < 0 {
        out.push(b'-');
    }
    write_digits(number.unsigned_abs(), 1, out);
}

/// Appends at least `width` digits.
fn write_digits(mut number: u64, width: usize, out: &mut Vec<u8>) {
    let mut buffer = [b'0'; 20];
    let mut at = buffer.len();
    while number > u64::from(u32::MAX) {
        at -= 1;
        buffer[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    let mut number = number as u32;
    while number > 0 {
        at -= 1;
        buffer[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out.extend_from_slice(&buffer[at.min(buffer.len() - width)..]);
}

/// Appends a double as JavaScript writes it, or `null` if it is not finite. Nothing is appended, and false returned, if
/// finding its digits takes more than a few operations. Room for [`MAX_LEN`] bytes is there.
pub fn write_float(number: f64, out: &mut Vec<u8>) -> bool {
    if !number.is_finite() {
        out.extend_from_slice(b"null");
        return true;
    }
    let magnitude = number.abs();
    if magnitude < DISTINCT && magnitude.trunc() == magnitude {
        write_int(number as i64, out);
        return true;
    }
    // Most numbers are short decimals. The first that is the number, and has no more than 15 digits, is the shortest,
    // and there is no other of that length.
    for (places, power) in POWERS.iter().enumerate().take(7).skip(1) {
        let scaled = (magnitude * power).round_ties_even();
        if scaled >= DISTINCT {
            break;
        }
        if scaled / power == magnitude {
            if number < 0.0 {
                out.push(b'-');
            }
            let power = *power as u64;
            write_digits(scaled as u64 / power, 1, out);
            out.push(b'.');
            write_digits(scaled as u64 % power, places, out);
            return true;
        }
    }
    false
}
