//! JSON text to values, in one pass and without recursion.

use javy::quickjs::qjs;

use super::raw::{Js, Key, Raw, Stop, reserve};
use super::{number, text};

/// Deeper values are left to QuickJS, which knows how much stack there is.
const MAX_DEPTH: usize = 1000;
/// Recent keys that are remembered.
const RECENT: usize = 64;

/// The value of `text`, which is followed by a NUL; it belongs to the caller. [`Stop::Unusual`] for anything that is
/// not JSON.
pub fn read(js: Js, text: &[u8]) -> Result<Raw, Stop> {
    let mut reader = Reader {
        js,
        text,
        at: 0,
        open: Vec::new(),
        values: Vec::new(),
        scratch: Vec::new(),
        recent: [const { Recent { start: 0, len: 0, key: 0 } }; RECENT],
    };
    reader.value()
}

struct Reader<'a> {
    js: Js,
    text: &'a [u8],
    at: usize,
    /// The objects and arrays being read, outermost first.
    open: Vec<Open>,
    /// The elements of the open arrays.
    values: Vec<Raw>,
    /// The last string with an escape.
    scratch: Vec<u8>,
    recent: [Recent; RECENT],
}

/// All of it is owned by the reader.
enum Open {
    Array { start: usize },
    Object { object: Raw, key: Key },
}

struct Recent {
    start: usize,
    len: usize,
    key: Key,
}

/// A string of the text.
enum Scanned {
    Plain {
        start: usize,
        end: usize,
        is_ascii: bool,
    },
    /// In `scratch`, as UTF-8.
    Escaped,
    /// In `scratch`, as UTF-8 in which lone surrogates are encoded like other characters.
    Broken,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Raw, Stop> {
        'value: loop {
            if self.open.len() >= MAX_DEPTH {
                return Err(Stop::Unusual);
            }
            reserve(&mut self.open, 1)?;
            reserve(&mut self.values, 1)?;
            self.skip_space();
            let mut value = match self.text[self.at] {
                b'{' => {
                    self.at += 1;
                    let object = self.js.object()?;
                    self.open.push(Open::Object { object, key: 0 });
                    self.skip_space();
                    if self.text[self.at] != b'}' {
                        self.key()?;
                        continue 'value;
                    }
                    self.at += 1;
                    self.open.pop();
                    object
                }
                b'[' => {
                    self.at += 1;
                    self.skip_space();
                    if self.text[self.at] != b']' {
                        self.open.push(Open::Array { start: self.values.len() });
                        continue 'value;
                    }
                    self.at += 1;
                    self.js.array(&[])?
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => {
                    let (number, len) = number::read(&self.text[self.at..]).ok_or(Stop::Unusual)?;
                    self.at += len;
                    qjs::JS_NewFloat64(number)
                }
                b't' => self.word(b"true", qjs::JS_TRUE)?,
                b'f' => self.word(b"false", qjs::JS_FALSE)?,
                b'n' => self.word(b"null", qjs::JS_NULL)?,
                _ => return Err(Stop::Unusual),
            };
            // The value is complete, and perhaps what contains it as well.
            loop {
                self.skip_space();
                let next = self.text[self.at];
                match self.open.last_mut() {
                    None => {
                        if self.at + 1 == self.text.len() {
                            return Ok(value);
                        }
                        self.js.free(value);
                        return Err(Stop::Unusual);
                    }
                    Some(Open::Array { start }) => {
                        let start = *start;
                        self.values.push(value);
                        self.at += 1;
                        match next {
                            b',' => continue 'value,
                            b']' => {
                                self.open.pop();
                                let array = self.js.array(&self.values[start..]);
                                self.values.truncate(start);
                                value = array?;
                            }
                            _ => return Err(Stop::Unusual),
                        }
                    }
                    Some(Open::Object { object, key }) => {
                        let object = *object;
                        let key = std::mem::take(key);
                        let defined = self.js.define(object, key, value);
                        self.js.free_key(key);
                        defined?;
                        self.at += 1;
                        match next {
                            b',' => {
                                self.skip_space();
                                self.key()?;
                                continue 'value;
                            }
                            b'}' => {
                                self.open.pop();
                                value = object;
                            }
                            _ => return Err(Stop::Unusual),
                        }
                    }
                }
            }
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        while let b' ' | b'\n' | b'\r' | b'\t' = self.text[self.at] {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &[u8], value: Raw) -> Result<Raw, Stop> {
        if !self.text[self.at..].starts_with(word) {
            return Err(Stop::Unusual);
        }
        self.at += word.len();
        Ok(value)
    }

    /// Reads a key and its colon, into the innermost object.
    fn key(&mut self) -> Result<(), Stop> {
        if self.text[self.at] != b'"' {
            return Err(Stop::Unusual);
        }
        let new = match self.scan()? {
            Scanned::Plain { start, end, is_ascii: true } => self.plain_key(start, end)?,
            other => {
                let string = self.build(other)?;
                self.js.key_of(string)?
            }
        };
        match self.open.last_mut() {
            Some(Open::Object { key, .. }) => *key = new,
            _ => self.js.free_key(new),
        }
        self.skip_space();
        if self.text[self.at] != b':' {
            return Err(Stop::Unusual);
        }
        self.at += 1;
        Ok(())
    }

    fn plain_key(&mut self, start: usize, end: usize) -> Result<Key, Stop> {
        let name = &self.text[start..end];
        let edges = match name {
            [first, .., last] => usize::from(*first) * 5 + usize::from(*last),
            _ => 0,
        };
        let recent = &mut self.recent[(edges + name.len() * 7) % RECENT];
        if recent.key != 0 && text::same(&self.text[recent.start..recent.start + recent.len], name) {
            return Ok(self.js.share_key(recent.key));
        }
        let key = self.js.key(name)?;
        if recent.key != 0 {
            self.js.free_key(recent.key);
        }
        *recent = Recent { start, len: name.len(), key: self.js.share_key(key) };
        Ok(key)
    }

    fn string(&mut self) -> Result<Raw, Stop> {
        let scanned = self.scan()?;
        self.build(scanned)
    }

    fn build(&mut self, scanned: Scanned) -> Result<Raw, Stop> {
        match scanned {
            Scanned::Plain { start, end, .. } => self.js.string(&self.text[start..end]),
            Scanned::Escaped => self.js.string(&self.scratch),
            Scanned::Broken => {
                let mut units = Vec::new();
                reserve(&mut units, self.scratch.len())?;
                decode_broken(&self.scratch, &mut units);
                self.js.string_of_units(&units)
            }
        }
    }

    /// Reads a string, from quote to quote.
    fn scan(&mut self) -> Result<Scanned, Stop> {
        let start = self.at + 1;
        let (end, is_ascii) = text::ordinary::<false>(self.text, start);
        if !is_ascii && std::str::from_utf8(&self.text[start..end]).is_err() {
            return Err(Stop::Unusual);
        }
        self.at = end + 1;
        match self.text[end] {
            b'"' => Ok(Scanned::Plain { start, end, is_ascii }),
            b'\\' => self.scan_escaped(start, end),
            _ => Err(Stop::Unusual),
        }
    }

    #[cold]
    fn scan_escaped(&mut self, start: usize, end: usize) -> Result<Scanned, Stop> {
        self.scratch.clear();
        self.keep(start, end)?;
        let mut is_broken = false;
        loop {
            // Behind a backslash.
            let escape = self.text[self.at];
            self.at += 1;
            let character = match escape {
                b'"' | b'\\' | b'/' => u32::from(escape),
                b'b' => 8,
                b'f' => 12,
                b'n' => 10,
                b'r' => 13,
                b't' => 9,
                b'u' => self.unit()?,
                _ => return Err(Stop::Unusual),
            };
            is_broken |= self.keep_character(character)?;
            let start = self.at;
            let (end, is_ascii) = text::ordinary::<false>(self.text, start);
            if !is_ascii && std::str::from_utf8(&self.text[start..end]).is_err() {
                return Err(Stop::Unusual);
            }
            self.keep(start, end)?;
            self.at = end + 1;
            match self.text[end] {
                b'"' => return Ok(if is_broken { Scanned::Broken } else { Scanned::Escaped }),
                b'\\' => {}
                _ => return Err(Stop::Unusual),
            }
        }
    }

    fn keep(&mut self, start: usize, end: usize) -> Result<(), Stop> {
        reserve(&mut self.scratch, end - start + 4)?;
        self.scratch.extend_from_slice(&self.text[start..end]);
        Ok(())
    }

    /// Four hexadecimal digits: a UTF-16 unit, or with the escape that follows a whole character.
    fn unit(&mut self) -> Result<u32, Stop> {
        let high = self.hex(self.at).ok_or(Stop::Unusual)?;
        self.at += 4;
        if (0xd800..0xdc00).contains(&high)
            && self.text[self.at..].starts_with(b"\\u")
            && let Some(low @ 0xdc00..0xe000) = self.hex(self.at + 2)
        {
            self.at += 6;
            return Ok(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
        }
        Ok(high)
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits.iter().try_fold(0, |value, &digit| Some(value << 4 | char::from(digit).to_digit(16)?))
    }

    /// Was it a surrogate?
    fn keep_character(&mut self, code: u32) -> Result<bool, Stop> {
        reserve(&mut self.scratch, 4)?;
        match char::from_u32(code) {
            Some(character) => {
                self.scratch.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                Ok(false)
            }
            None => {
                let tail = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
                self.scratch.extend_from_slice(&[0xe0 | (code >> 12) as u8, tail(6), tail(0)]);
                Ok(true)
            }
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        for open in &self.open {
            if let Open::Object { object, key } = *open {
                self.js.free_key(key);
                self.js.free(object);
            }
        }
        for &value in &self.values {
            self.js.free(value);
        }
        for recent in self.recent.iter().filter(|recent| recent.key != 0) {
            self.js.free_key(recent.key);
        }
    }
}

/// UTF-8 with surrogates in it to UTF-16. There is room.
fn decode_broken(mut bytes: &[u8], units: &mut Vec<u16>) {
    while let Some(at) = bytes.windows(2).position(|pair| pair[0] == 0xed && pair[1] >= 0xa0) {
        units.extend(valid(&bytes[..at]).encode_utf16());
        units.push(0xd000 | u16::from(bytes[at + 1] & 0x3f) << 6 | u16::from(bytes[at + 2] & 0x3f));
        bytes = &bytes[at + 3..];
    }
    units.extend(valid(bytes).encode_utf16());
}

fn valid(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}
