//! Refuses sources whose brackets are nested deeper than any person writes, before the parser sees them.
//!
//! The parser descends recursively and re-reads what may turn out to be an arrow function's parameters,
//! which costs time quadratic in the depth: 100,000 characters of `(a=(a=(a=…` would keep a core busy for
//! minutes. (The native stack is not at stake: the check runs on a thread whose stack grows with the source.)
//!
//! Brackets in strings, comments, templates and regular expressions do not count, and whether a `/` starts a
//! regular expression cannot be told from the characters alone after `)`, `}` and a few words. A guess could be
//! exploited to hide brackets from the scan, so there is none: both readings are followed until they agree again
//! or one of them ends in brackets that do not match.

/// Deepest accepted nesting of `(`, `[`, `{` and `${`.
pub(super) const MAX_NESTING: usize = 200;
/// Readings followed at once. Real sources have one, now and then two for a few characters.
const MAX_READINGS: usize = 64;

/// Why a source is refused; both carry the byte offset.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TooDeep {
    /// More than [`MAX_NESTING`] open brackets.
    Brackets(usize),
    /// Too many ways to read the slashes up to here.
    Slashes(usize),
}

/// What a `/` would mean at this point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slash {
    Division,
    Regex,
    Either,
}

/// One way to read the source up to `at`.
#[derive(Clone, PartialEq, Eq)]
struct Reading {
    at: usize,
    slash: Slash,
    /// The last token was a `.` or `#`: the next word is a name, never a keyword.
    after_dot: bool,
    /// Nothing but space and comments on this line yet: `-->` starts a comment.
    line_start: bool,
    /// Open brackets; `$` stands for `${`.
    open: Vec<u8>,
}

enum Step {
    On,
    /// The slash can be read in two ways; this is the second.
    Fork(Reading),
    /// The reading reached the end, or cannot be the parser's.
    Over,
    Deep,
}

/// Looks for nesting deeper than [`MAX_NESTING`].
pub(super) fn scan(source: &str) -> Result<(), TooDeep> {
    let text = Text(source.as_bytes());
    let start = if source.starts_with("#!") { text.line_end(0) } else { 0 };
    let mut readings = vec![Reading {
        at: start,
        slash: Slash::Regex,
        after_dot: false,
        line_start: true,
        open: Vec::new(),
    }];
    // The reading that is furthest behind advances, so that readings meet where they agree again.
    while let Some(index) = (0..readings.len()).min_by_key(|&index| readings[index].at) {
        match readings[index].step(text) {
            Step::On => {}
            Step::Over => {
                readings.swap_remove(index);
                continue;
            }
            Step::Deep => return Err(TooDeep::Brackets(readings[index].at)),
            Step::Fork(other) => {
                if readings.len() == MAX_READINGS {
                    return Err(TooDeep::Slashes(readings[index].at));
                }
                readings.push(other);
            }
        }
        if readings.len() > 1 && (0..readings.len()).any(|i| i != index && readings[i] == readings[index]) {
            readings.swap_remove(index);
        }
    }
    Ok(())
}

impl Reading {
    /// Reads one token.
    fn step(&mut self, text: Text<'_>) -> Step {
        let Some(byte) = text.get(self.at) else { return Step::Over };
        let (after_dot, line_start) = (self.after_dot, self.line_start);
        let slash = self.slash;
        if !matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b'\n' | b'\r') && byte < 0x80 && byte != b'/' {
            self.line_start = false;
            self.after_dot = false;
        }
        match byte {
            b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
            b'\n' | b'\r' => {
                self.at += 1;
                self.line_start = true;
            }
            b'/' if text.get(self.at + 1) == Some(b'/') => self.at = text.line_end(self.at),
            b'/' if text.get(self.at + 1) == Some(b'*') => {
                let Some(end) = text.find(self.at + 2, b"*/") else { return Step::Over };
                self.line_start |= text.0[self.at..end].contains(&b'\n');
                self.at = end + 2;
            }
            b'/' => {
                (self.line_start, self.after_dot) = (false, false);
                let regex = (slash != Slash::Division)
                    .then(|| text.regex_end(self.at + 1))
                    .flatten()
                    .map(|end| Self { at: end, slash: Slash::Division, ..self.clone() });
                self.at += 1;
                self.slash = Slash::Regex;
                return match (slash, regex) {
                    (Slash::Division, _) | (Slash::Either, None) => Step::On,
                    (Slash::Regex, None) => Step::Over,
                    (Slash::Regex, Some(regex)) => {
                        *self = regex;
                        Step::On
                    }
                    (Slash::Either, Some(regex)) => Step::Fork(regex),
                };
            }
            b'"' | b'\'' => {
                self.at = text.string_end(self.at + 1, byte);
                self.slash = Slash::Division;
            }
            b'`' => {
                self.at += 1;
                return self.template(text);
            }
            b'(' | b'[' | b'{' => return self.push(byte),
            b')' | b']' | b'}' => {
                self.at += 1;
                self.slash = if byte == b']' { Slash::Division } else { Slash::Either };
                return match (self.open.pop(), byte) {
                    (Some(b'('), b')') | (Some(b'['), b']') | (Some(b'{'), b'}') => Step::On,
                    (Some(b'$'), b'}') => self.template(text),
                    _ => Step::Over,
                };
            }
            b'<' if text.starts(self.at, b"<!--") => self.at = text.line_end(self.at),
            b'-' if line_start && text.starts(self.at, b"-->") => {
                self.at = text.line_end(self.at);
                self.line_start = true;
            }
            b'+' | b'-' if text.get(self.at + 1) == Some(byte) => {
                self.at += 2;
                self.slash = Slash::Either;
            }
            b'.' | b'#' => {
                let number = text.get(self.at + 1).is_some_and(|next| next.is_ascii_digit());
                if byte == b'.' && number {
                    self.at = text.number_end(self.at);
                    self.slash = Slash::Division;
                } else {
                    // `...` is an operator: what follows it is not a property name.
                    self.after_dot =
                        !text.starts(self.at, b"..") && text.get(self.at.wrapping_sub(1)) != Some(b'.');
                    self.at += 1;
                    self.slash = Slash::Regex;
                }
            }
            b'0'..=b'9' => {
                self.at = text.number_end(self.at);
                self.slash = Slash::Division;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' => self.word(text, after_dot),
            0x80.. => match text.char(self.at) {
                (size, Some('\u{2028}' | '\u{2029}')) => {
                    self.at += size;
                    self.line_start = true;
                }
                (size, Some(c)) if c.is_whitespace() || c == '\u{feff}' => self.at += size,
                _ => {
                    (self.line_start, self.after_dot) = (false, false);
                    self.word(text, after_dot);
                }
            },
            _ => {
                self.at += 1;
                self.slash = Slash::Regex;
            }
        }
        Step::On
    }

    fn push(&mut self, bracket: u8) -> Step {
        if self.open.len() == MAX_NESTING {
            return Step::Deep;
        }
        self.open.push(bracket);
        self.at += 1;
        self.slash = Slash::Regex;
        Step::On
    }

    /// Reads template text up to its end or the next `${`.
    fn template(&mut self, text: Text<'_>) -> Step {
        loop {
            match text.get(self.at) {
                None => return Step::Over,
                Some(b'\\') => self.at += 2,
                Some(b'`') => {
                    self.at += 1;
                    self.slash = Slash::Division;
                    return Step::On;
                }
                Some(b'$') if text.get(self.at + 1) == Some(b'{') => {
                    self.at += 1;
                    return self.push(b'$');
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn word(&mut self, text: Text<'_>, after_dot: bool) {
        let end = text.word_end(self.at);
        self.slash = match &text.0[self.at..end] {
            _ if after_dot => Slash::Division,
            b"return" | b"typeof" | b"instanceof" | b"in" | b"new" | b"delete" | b"void" | b"throw"
            | b"case" | b"do" | b"else" | b"extends" => Slash::Regex,
            // Names in some places, keywords in others.
            b"of" | b"yield" | b"await" | b"let" | b"async" | b"get" | b"set" | b"static" | b"default"
            | b"accessor" | b"using" => Slash::Either,
            _ => Slash::Division,
        };
        self.at = end;
    }
}

/// The source's bytes, with the ends of its simplest tokens.
#[derive(Clone, Copy)]
struct Text<'s>(&'s [u8]);

impl Text<'_> {
    fn get(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn starts(self, at: usize, prefix: &[u8]) -> bool {
        self.0.get(at..).is_some_and(|rest| rest.starts_with(prefix))
    }

    fn find(self, from: usize, needle: &[u8]) -> Option<usize> {
        self.0
            .get(from..)?
            .windows(needle.len())
            .position(|window| window == needle)
            .map(|found| from + found)
    }

    /// Whether a line terminator starts here (U+2028 and U+2029 are three bytes).
    fn ends_line(self, at: usize) -> bool {
        matches!(self.get(at), Some(b'\n' | b'\r'))
            || self.starts(at, &[0xe2, 0x80, 0xa8])
            || self.starts(at, &[0xe2, 0x80, 0xa9])
    }

    fn line_end(self, from: usize) -> usize {
        (from..self.0.len()).find(|&at| self.ends_line(at)).unwrap_or(self.0.len())
    }

    /// Behind the closing quote, or at the line's end when there is none.
    fn string_end(self, mut at: usize, quote: u8) -> usize {
        loop {
            match self.get(at) {
                None | Some(b'\n' | b'\r') => return at.min(self.0.len()),
                Some(b'\\') if self.starts(at, b"\\\r\n") => at += 3,
                Some(b'\\') => at += 2,
                Some(byte) if byte == quote => return at + 1,
                Some(_) => at += 1,
            }
        }
    }

    /// Behind the flags of the regular expression whose first character is at `at`; `None` when it does not end.
    fn regex_end(self, mut at: usize) -> Option<usize> {
        let mut class = false;
        loop {
            match self.get(at)? {
                _ if self.ends_line(at) => return None,
                b'\\' if self.ends_line(at + 1) => return None,
                b'\\' => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return Some(self.word_end(at + 1)),
                _ => {}
            }
            at += 1;
        }
    }

    fn number_end(self, mut at: usize) -> usize {
        while self
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$'))
        {
            at += 1;
        }
        at
    }

    fn word_end(self, mut at: usize) -> usize {
        while let Some(byte) = self.get(at) {
            at += match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' => 1,
                // An escape in a name: `\u0061` or `\u{61}`, whose braces are no brackets.
                b'\\' if self.starts(at, b"\\u{") => match self.find(at, b"}") {
                    Some(end) => end + 1 - at,
                    None => 3,
                },
                b'\\' => 1,
                0x80.. => match self.char(at) {
                    (size, Some(c)) if !c.is_whitespace() && c != '\u{feff}' => size,
                    _ => break,
                },
                _ => break,
            };
        }
        at
    }

    /// The character at `at` and its size; a byte inside a character stands for itself.
    fn char(self, at: usize) -> (usize, Option<char>) {
        let size = match self.get(at) {
            Some(0xf0..) => 4,
            Some(0xe0..) => 3,
            Some(0xc0..) => 2,
            _ => 1,
        };
        let found = self.0.get(at..at + size).and_then(|bytes| std::str::from_utf8(bytes).ok());
        (size, found.and_then(|text| text.chars().next()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(open: &str, close: &str) -> String {
        format!("{}1{}", open.repeat(MAX_NESTING + 1), close.repeat(MAX_NESTING + 1))
    }

    #[test]
    fn counts_every_kind_of_bracket() {
        for (open, close) in
            [("(", ")"), ("[", "]"), ("{", "}"), ("`${", "}`"), ("f(", ")"), ("({[", "]:1})")]
        {
            assert!(matches!(scan(&deep(open, close)), Err(TooDeep::Brackets(_))), "{open}");
        }
        assert_eq!(scan(&format!("{}1{}", "(".repeat(MAX_NESTING), ")".repeat(MAX_NESTING))), Ok(()));
    }

    #[test]
    fn ignores_brackets_that_are_text() {
        let many = "([{".repeat(MAX_NESTING);
        for source in [
            format!("x = '{many}'"),
            format!("x = \"{many}\\\"{many}\""),
            format!("x = `{many}`"),
            format!("// {many}"),
            format!("/* {many} */"),
            format!("<!-- {many}"),
            format!("\n--> {many}"),
            format!("#! {many}"),
            format!("x = /[{many}]/"),
            format!("return /[{many}]/"),
        ] {
            assert_eq!(scan(&source), Ok(()), "{source}");
        }
    }

    #[test]
    fn follows_both_readings_of_a_slash() {
        let many = "(".repeat(MAX_NESTING + 1);
        // Each starts with a slash that is a division in one place and a regular expression in the other, around a
        // quote that would hide the brackets from a scanner that guessed wrong.
        for start in [
            "if (a) /'/ ;",
            "(a) /'/ + b ;",
            "a++ /'/ 1 ;",
            "{} /'/ ;",
            "x = {} /`/ 1 ;",
            "b = a.return /\"/\"/ 2 ;",
        ] {
            assert!(matches!(scan(&format!("{start}{many}")), Err(TooDeep::Brackets(_))), "{start}");
        }
    }

    #[test]
    fn readings_meet_again() {
        let line = "x = (a + b) / (c) / (d); if (x) /re/.test(y); z = {} / 2; w = f(a) / g(b / c);\n";
        assert_eq!(scan(&line.repeat(1000)), Ok(()));
        assert_eq!(scan(&line.replace('\n', "").repeat(1000)), Ok(()));
    }
}
