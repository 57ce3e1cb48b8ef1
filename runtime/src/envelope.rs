//! The invocation's body, judged at the edge without building a tree.
//!
//! The payload belongs to the lambda and is parsed once, by the engine. What is checked here is what the host
//! promises the engine: JSON, one object, not too large, not too deep, with `headers` and `timestamp` of their
//! shape. Numbers and strings of the payload that Rust cannot represent but JavaScript can (`1e999`, half a
//! surrogate pair) are the lambda's business and pass.

use std::{borrow::Cow, collections::HashSet};

use bytes::Bytes;

use crate::{
    error::{ErrorCode, RuntimeError},
    limits::Limits,
};

/// Deepest accepted nesting of arrays and objects, the envelope itself included.
pub const MAX_DEPTH: usize = 128;

/// Checks invocation bodies.
#[derive(Debug)]
pub struct Envelope;

/// Why a body is not an envelope. Lines and columns are 1-based, columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// More bytes than [`Limits::input`]. On HTTP this is status 413, everything else here is 400.
    #[error("the body has {size} bytes, {limit} are allowed")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
        /// The body's bytes.
        size: usize,
    },
    /// Not UTF-8.
    #[error("the body is not UTF-8: byte {offset} starts no character")]
    NotUtf8 {
        /// Offset of the first wrong byte.
        offset: usize,
    },
    /// Arrays and objects nested deeper than [`MAX_DEPTH`].
    #[error("the body nests arrays and objects more than {MAX_DEPTH} deep at line {line}, column {column}")]
    TooDeep {
        /// Line of the bracket that is one too many.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// Not JSON.
    #[error("the body is not JSON: {message} at line {line}, column {column}")]
    Malformed {
        /// What is wrong.
        message: String,
        /// Where.
        line: usize,
        /// Where.
        column: usize,
    },
    /// JSON, but not an envelope.
    #[error("the body is not an invocation: {message} at line {line}, column {column}")]
    WrongShape {
        /// What is wrong.
        message: String,
        /// Where.
        line: usize,
        /// Where.
        column: usize,
    },
}

impl EnvelopeError {
    /// Whether the body is refused for its size alone.
    pub const fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }

    const fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "send less, or let the lambda fetch the data itself",
            Self::NotUtf8 { .. } => "encode the body as UTF-8",
            Self::TooDeep { .. } => "flatten the payload, or send the nested part as a string of JSON",
            Self::Malformed { .. } | Self::WrongShape { .. } => {
                "send `{\"timestamp\": 0, \"headers\": [{\"key\": \"k\", \"value\": \"v\"}], \"payload\": …}`, each part optional"
            }
        }
    }
}

impl From<EnvelopeError> for RuntimeError {
    fn from(error: EnvelopeError) -> Self {
        Self::new(ErrorCode::BadInput, error.to_string()).with_hint(error.hint())
    }
}

impl Envelope {
    /// Returns the body the engine will parse: `body` itself, or `{}` for an empty one.
    ///
    /// # Errors
    /// [`ErrorCode::BadInput`] for everything that [`Envelope::validate`] refuses.
    pub fn check(body: Bytes, limits: &Limits) -> Result<Bytes, RuntimeError> {
        Ok(Self::validate(body, limits)?)
    }

    /// As [`Envelope::check`], with the reason as a type: a host answers a large body and a wrong one differently.
    ///
    /// # Errors
    /// [`EnvelopeError`] says which rule the body breaks, and where.
    pub fn validate(body: Bytes, limits: &Limits) -> Result<Bytes, EnvelopeError> {
        if body.len() > limits.input {
            return Err(EnvelopeError::TooLarge { limit: limits.input, size: body.len() });
        }
        let text = std::str::from_utf8(&body)
            .map_err(|error| EnvelopeError::NotUtf8 { offset: error.valid_up_to() })?;
        if text.bytes().all(is_space) {
            return Ok(Bytes::from_static(b"{}"));
        }
        let mut json = Json { text, at: 0 };
        json.envelope().map_err(|fault| fault.locate(text))?;
        Ok(body)
    }
}

/// JSON's white space.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// What is wrong, and at which byte.
struct Fault {
    at: usize,
    kind: FaultKind,
}

enum FaultKind {
    Malformed(&'static str),
    WrongShape(Cow<'static, str>),
    TooDeep,
}

impl Fault {
    #[cold]
    fn locate(self, text: &str) -> EnvelopeError {
        let mut at = self.at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let column = before[before.rfind('\n').map_or(0, |end| end + 1)..].chars().count() + 1;
        match self.kind {
            FaultKind::Malformed(message) => {
                EnvelopeError::Malformed { message: message.to_owned(), line, column }
            }
            FaultKind::WrongShape(message) => {
                EnvelopeError::WrongShape { message: message.into_owned(), line, column }
            }
            FaultKind::TooDeep => EnvelopeError::TooDeep { line, column },
        }
    }
}

/// Reads the body once, front to back, without recursion and without building anything.
///
/// Not `serde_json`: it takes three times as long to skip a value, and skips without counting the depth.
struct Json<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Json<'t> {
    fn envelope(&mut self) -> Result<(), Fault> {
        self.space();
        if self.peek() != Some(b'{') {
            return self.wrong_shape("it is not an object");
        }
        let mut seen = Keys::default();
        self.object(|json, key_at, key| {
            match &*key {
                "headers" => json.headers()?,
                "timestamp" => match json.peek() {
                    Some(b'-' | b'0'..=b'9' | b'n') => json.skip(1)?,
                    _ => return json.wrong_shape("`timestamp` is not a number"),
                },
                _ => json.skip(1)?,
            }
            match seen.add(key) {
                None => Ok(()),
                Some(twice) => Err(Fault {
                    at: key_at,
                    kind: FaultKind::WrongShape(format!("`{twice}` is given twice").into()),
                }),
            }
        })?;
        self.space();
        if self.at < self.text.len() { self.malformed("something follows the object") } else { Ok(()) }
    }

    /// `headers`: null, or an array of `{"key": string, "value": string}`; further keys are ignored.
    fn headers(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'n') => return self.skip(1),
            Some(b'[') => self.at += 1,
            _ => return self.wrong_shape("`headers` is not an array"),
        }
        self.space();
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            self.space();
            self.header()?;
            self.space();
            if self.eat(b']') {
                return Ok(());
            }
            if !self.eat(b',') {
                return self.malformed("expected `,` or `]`");
            }
        }
    }

    fn header(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.peek() != Some(b'{') {
            return self.wrong_shape("a header is not an object");
        }
        let (mut has_key, mut has_value) = (false, false);
        self.object(|json, key_at, name| {
            let seen = match &*name {
                "key" => &mut has_key,
                "value" => &mut has_value,
                _ => return json.skip(3),
            };
            let wrong = |at, what| {
                let kind = FaultKind::WrongShape(format!("`{name}` of a header is {what}").into());
                Err(Fault { at, kind })
            };
            if json.peek() != Some(b'"') {
                return wrong(json.at, "not a string");
            }
            if std::mem::replace(seen, true) {
                return wrong(key_at, "given twice");
            }
            json.string().map(drop)
        })?;
        let missing = match (has_key, has_value) {
            (true, true) => return Ok(()),
            (false, _) => "a header has no `key`",
            (true, false) => "a header has no `value`",
        };
        Err(Fault { at: start, kind: FaultKind::WrongShape(missing.into()) })
    }

    /// Reads an object; `member` gets the place of each key and the key, and has to read the value.
    fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, usize, Cow<'t, str>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.at += 1;
        self.space();
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            self.space();
            let key_at = self.at;
            let key = self.key()?;
            self.space();
            member(self, key_at, unescape(key))?;
            self.space();
            if self.eat(b'}') {
                return Ok(());
            }
            if !self.eat(b',') {
                return self.malformed("expected `,` or `}`");
            }
        }
    }

    /// Reads a value of any kind that stands `outer` levels deep.
    fn skip(&mut self, outer: usize) -> Result<(), Fault> {
        // One bit for each open level: is it an object? There are at most `MAX_DEPTH` of them.
        let mut objects = 0_u128;
        let mut depth = 0;
        loop {
            self.space();
            match self.peek() {
                Some(b'"') => drop(self.string()?),
                Some(open @ (b'{' | b'[')) => {
                    if outer + depth >= MAX_DEPTH {
                        return Err(Fault { at: self.at, kind: FaultKind::TooDeep });
                    }
                    self.at += 1;
                    self.space();
                    // `{` and `[` are two below their closing brackets.
                    if !self.eat(open + 2) {
                        depth += 1;
                        objects = objects << 1 | u128::from(open == b'{');
                        if open == b'{' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.literal("true")?,
                Some(b'f') => self.literal("false")?,
                Some(b'n') => self.literal("null")?,
                _ => return self.malformed("expected a value"),
            }
            // A value is complete: close what ends here, or go on to the next.
            loop {
                if depth == 0 {
                    return Ok(());
                }
                self.space();
                match (self.peek(), objects & 1 == 1) {
                    (Some(b','), in_object) => {
                        self.at += 1;
                        if in_object {
                            self.space();
                            self.key()?;
                        }
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => {
                        self.at += 1;
                        depth -= 1;
                        objects >>= 1;
                    }
                    (_, true) => return self.malformed("expected `,` or `}`"),
                    (_, false) => return self.malformed("expected `,` or `]`"),
                }
            }
        }
    }

    /// Reads a key and its colon; returns what stands between the quotes.
    fn key(&mut self) -> Result<&'t str, Fault> {
        if self.peek() != Some(b'"') {
            return self.malformed("expected a key in double quotes");
        }
        let key = self.string()?;
        self.space();
        if self.eat(b':') { Ok(key) } else { self.malformed("expected `:`") }
    }

    /// Reads a string; returns what stands between the quotes.
    fn string(&mut self) -> Result<&'t str, Fault> {
        self.at += 1;
        let start = self.at;
        loop {
            self.plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(&self.text[start..self.at - 1]);
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return self.malformed("a control character in a string"),
                None => return self.malformed("a string does not end"),
            }
        }
    }

    /// Skips to the next quote, backslash or control character, eight bytes at a time.
    fn plain(&mut self) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const TOPS: u64 = 0x8080_8080_8080_8080;
        let bytes = &self.text.as_bytes()[self.at..];
        let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
        let mut skipped = 0;
        for eight in bytes.chunks_exact(8) {
            let mut word = [0; 8];
            word.copy_from_slice(eight);
            let word = u64::from_le_bytes(word);
            let quote = has_zero(word ^ (ONES * u64::from(b'"')));
            let backslash = has_zero(word ^ (ONES * u64::from(b'\\')));
            let control = word.wrapping_sub(ONES * 0x20) & !word & TOPS;
            let found = quote | backslash | control;
            if found != 0 {
                // A borrow can only reach bytes behind the first hit, so the lowest bit is true.
                self.at += skipped + found.trailing_zeros() as usize / 8;
                return;
            }
            skipped += 8;
        }
        let rest = bytes[skipped..].iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..0x20));
        self.at += rest.map_or(bytes.len(), |rest| skipped + rest);
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.at += 2,
            [b'u', digits @ ..] if digits.len() >= 4 && digits[..4].iter().all(u8::is_ascii_hexdigit) => {
                self.at += 6
            }
            _ => return self.malformed("a wrong escape in a string"),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        // `01`
        if matches!(self.peek(), Some(b'0'..=b'9')) { self.malformed("a wrong number") } else { Ok(()) }
    }

    /// Reads one digit or more.
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { self.malformed("a wrong number") } else { Ok(()) }
    }

    fn literal(&mut self, word: &'static str) -> Result<(), Fault> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return self.malformed("expected a value");
        }
        self.at += word.len();
        Ok(())
    }

    fn space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    #[cold]
    fn malformed<T>(&self, message: &'static str) -> Result<T, Fault> {
        let message = if self.at >= self.text.len() { "it ends too early" } else { message };
        Err(Fault { at: self.at, kind: FaultKind::Malformed(message) })
    }

    #[cold]
    fn wrong_shape<T>(&self, message: &'static str) -> Result<T, Fault> {
        if self.at >= self.text.len() {
            return self.malformed(message);
        }
        Err(Fault { at: self.at, kind: FaultKind::WrongShape(message.into()) })
    }
}

/// The key that stands between two quotes. Half a surrogate pair has no Rust text: such a key stays as it is written.
fn unescape(key: &str) -> Cow<'_, str> {
    if !key.contains('\\') {
        return Cow::Borrowed(key);
    }
    serde_json::from_str(&format!("\"{key}\"")).map_or(Cow::Borrowed(key), Cow::Owned)
}

/// Keys seen so far: real envelopes have three, hostile ones a million.
#[derive(Default)]
struct Keys<'t> {
    few: Vec<Cow<'t, str>>,
    many: HashSet<Cow<'t, str>>,
}

impl<'t> Keys<'t> {
    /// Returns the key when it was there already, shortened for a message.
    fn add(&mut self, key: Cow<'t, str>) -> Option<String> {
        if self.few.contains(&key) || self.many.contains(&key) {
            return Some(key.chars().take(50).collect());
        }
        if self.few.len() < 8 {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        None
    }
}
