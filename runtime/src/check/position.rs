//! Turns the parser's byte offsets into what a person and an editor count: lines and characters.
//!
//! A line ends where JavaScript says so: LF, CR, CR LF, U+2028 and U+2029. A column counts Unicode scalar
//! values, so that an emoji is one column and the number agrees with what the source's author sees.

/// Where the lines of a source start.
pub(super) struct Lines<'s> {
    source: &'s str,
    /// Byte offset of each line's first character.
    starts: Vec<usize>,
}

/// A place in a source, 1-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let bytes = source.as_bytes();
        // A byte order mark is not a character of the first line: no editor shows or counts it.
        let mut starts = vec![if source.starts_with('\u{feff}') { 3 } else { 0 }];
        let mut at = 0;
        while at < bytes.len() {
            at += match bytes[at] {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
                b'\n' | b'\r' => 1,
                0xe2 if bytes[at..].starts_with(&[0xe2, 0x80, 0xa8])
                    || bytes[at..].starts_with(&[0xe2, 0x80, 0xa9]) =>
                {
                    3
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            starts.push(at);
        }
        Self { source, starts }
    }

    /// Number of lines; at least one.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The place of a byte offset. An offset inside a character means that character, one behind the end the end.
    pub(super) fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.source.len());
        while !self.source.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&start| start <= offset).max(1) - 1;
        let start = self.starts[line].min(offset);
        let column = self.source[start..offset].chars().count() + 1;
        Position { line: count(line + 1), column: count(column) }
    }

    /// The text of a 1-based line without its terminator; empty for a line that does not exist.
    pub(super) fn text(&self, line: u32) -> &'s str {
        let index = line as usize;
        let Some(&start) = index.checked_sub(1).and_then(|index| self.starts.get(index)) else { return "" };
        let end = self.starts.get(index).copied().unwrap_or(self.source.len());
        self.source[start..end].trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}'])
    }
}

/// Sources are limited to far less than `u32::MAX`; a larger one is refused before it gets here.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
