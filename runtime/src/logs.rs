//! The log of one invocation: everything the lambda said, and the cut of it that may be stored.
//!
//! Entries are copied out of the guest when they are written, so they outlive a kill. Writing one is a push; what
//! the cut costs is paid when the log is stored, off the reply path.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

/// Severity of a [`LogEntry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
pub enum Level {
    /// `console.debug`; part of test replies, never stored.
    Debug,
    /// `console.info`, `console.log`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`, and the platform's own word on a failure.
    Error,
}

impl From<lambkin_abi::Level> for Level {
    fn from(level: lambkin_abi::Level) -> Self {
        match level {
            lambkin_abi::Level::Debug => Self::Debug,
            lambkin_abi::Level::Info => Self::Info,
            lambkin_abi::Level::Warn => Self::Warn,
            lambkin_abi::Level::Error => Self::Error,
        }
    }
}

impl From<Level> for lambkin_abi::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Debug => Self::Debug,
            Level::Info => Self::Info,
            Level::Warn => Self::Warn,
            Level::Error => Self::Error,
        }
    }
}

/// One line of log, in the shape it has everywhere: replies, storage, export.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct LogEntry {
    /// Severity.
    pub level: Level,
    /// What was logged first; a string stays a string, anything else is its JSON copy.
    pub message: Box<RawValue>,
    /// The further arguments, as one JSON array.
    pub extras: Box<RawValue>,
    /// Milliseconds since the Unix epoch.
    pub timestamp: u64,
}

/// How much of a log may be stored (contract, section 1: 10 entries, 6,000 characters, no Debug).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLimits {
    /// Entries kept, the closing one that names the limit not counted.
    pub entries: usize,
    /// Characters kept: messages and extras together, the mark of a cut included, the closing entry not.
    ///
    /// A character is a Unicode scalar value. A string message counts the text it stands for, any other message and
    /// the extras count their JSON; no extras (`[]`) count nothing.
    pub chars: usize,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self { entries: 10, chars: 6_000 }
    }
}

/// Everything one invocation logged, in order.
#[derive(Clone, Debug, Default)]
pub struct LogBook {
    entries: Vec<LogEntry>,
    bytes: usize,
}

impl LogBook {
    /// All entries, Debug included: what a test call shows.
    pub fn all(&self) -> &[LogEntry] {
        &self.entries
    }

    /// Bytes of message and extras text so far.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: LogEntry) {
        self.bytes += entry.message.get().len() + entry.extras.get().len();
        self.entries.push(entry);
    }

    /// The entries that may be stored: no Debug, cut at `limits`.
    ///
    /// An entry that crosses the limit of characters is shortened and marked, provided the mark itself still fits;
    /// what follows is left out, and one Error entry behind the others names the limit. Nothing earlier is lost,
    /// and a log within its limits is stored as it is.
    pub fn stored(&self, limits: LogLimits) -> Vec<LogEntry> {
        let mut stored = Vec::with_capacity(self.entries.len().min(limits.entries.saturating_add(1)));
        let mut room = limits.chars;
        let mut entries = self.entries.iter().filter(|entry| entry.level != Level::Debug);
        while let Some(entry) = entries.next() {
            // Everything after this entry is one of those that are left out.
            let mut left_out = || entries.by_ref().count();
            if stored.len() == limits.entries {
                let reached = format!(
                    "log limit of {} entries reached: {}",
                    limits.entries,
                    not_stored(1 + left_out())
                );
                stored.push(closing(&reached, entry.timestamp));
                break;
            }
            let size = size(entry);
            if size > room {
                let shortened = shorten(entry, room, limits.chars);
                let missing = left_out() + usize::from(shortened.is_none());
                let what =
                    if missing == 0 { "the last entry was cut".to_owned() } else { not_stored(missing) };
                let reached = format!("log limit of {} characters reached: {what}", limits.chars);
                stored.extend(shortened);
                stored.push(closing(&reached, entry.timestamp));
                break;
            }
            room -= size;
            stored.push(entry.clone());
        }
        stored
    }
}

fn not_stored(count: usize) -> String {
    match count {
        1 => "1 more entry was not stored".to_owned(),
        _ => format!("{count} more entries were not stored"),
    }
}

/// The entry that names a limit.
fn closing(reached: &str, timestamp: u64) -> LogEntry {
    LogEntry { level: Level::Error, message: json_string(reached), extras: none(), timestamp }
}

/// Characters an entry counts.
fn size(entry: &LogEntry) -> usize {
    message_size(&entry.message) + extras_size(&entry.extras)
}

fn message_size(message: &RawValue) -> usize {
    match string_content(message) {
        Some(content) => Characters(content).count(),
        None => message.get().chars().count(),
    }
}

fn extras_size(extras: &RawValue) -> usize {
    if list_content(extras).is_empty() { 0 } else { extras.get().chars().count() }
}

/// As much of an entry as fits into `room` characters with the mark of the cut; `None` when not even the mark does.
fn shorten(entry: &LogEntry, room: usize, limit: usize) -> Option<LogEntry> {
    let mark = format!("… [cut: log limit of {limit} characters]");
    let mark_size = mark.chars().count();
    let message_size = message_size(&entry.message);
    // Whole message, part of the extras: as one string, because half a JSON value is none.
    let frame = "[\"\"]".len();
    if message_size + frame + mark_size <= room {
        let kept = escape_within(list_content(&entry.extras), room - message_size - frame - mark_size);
        let extras = raw(format!("[\"{kept}{mark}\"]"));
        return Some(LogEntry { extras, ..entry.clone() });
    }
    let kept = room.checked_sub(mark_size)?;
    let message = match string_content(&entry.message) {
        // Cut where it stands: its escapes stay as they are and none is cut in two.
        Some(content) => {
            let end = Characters(content).nth_end(kept);
            raw(format!("\"{}{mark}\"", &content[..end]))
        }
        None => {
            let text = entry.message.get();
            let end = text.char_indices().nth(kept).map_or(text.len(), |(offset, _)| offset);
            json_string(&format!("{}{mark}", &text[..end]))
        }
    };
    Some(LogEntry { message, extras: none(), ..entry.clone() })
}

/// The text between the quotes when `value` is a string; escapes are left as they are.
fn string_content(value: &RawValue) -> Option<&str> {
    value.get().trim().strip_prefix('"')?.strip_suffix('"')
}

/// The text between the brackets of an array; of anything else, the text.
fn list_content(extras: &RawValue) -> &str {
    let text = extras.get().trim();
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text).trim()
}

/// The characters a JSON string's content stands for, each as the number of bytes it is written with.
struct Characters<'s>(&'s str);

impl Characters<'_> {
    /// Where the first `n` characters end.
    fn nth_end(self, n: usize) -> usize {
        self.take(n).sum()
    }

    /// The code unit of a `\uXXXX` at the start of `text`.
    fn unit(text: &str) -> Option<u16> {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    }
}

impl Iterator for Characters<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let first = self.0.chars().next()?;
        let length = match (first, Self::unit(self.0)) {
            // A surrogate pair is one character; half a pair counts as one, too.
            (_, Some(0xd800..=0xdbff))
                if matches!(self.0.get(6..).and_then(Self::unit), Some(0xdc00..=0xdfff)) =>
            {
                12
            }
            (_, Some(_)) => 6,
            ('\\', None) => 2,
            _ => first.len_utf8(),
        };
        let length = length.min(self.0.len());
        self.0 = self.0.get(length..).unwrap_or("");
        Some(length)
    }
}

/// The longest beginning of `text` that takes at most `room` characters inside of a JSON string.
fn escape_within(text: &str, room: usize) -> String {
    let mut out = String::new();
    let mut left = room;
    for c in text.chars() {
        let written: Cow<'_, str> = match c {
            '"' => "\\\"".into(),
            '\\' => "\\\\".into(),
            c if c.is_control() => format!("\\u{:04x}", u32::from(c)).into(),
            c => c.to_string().into(),
        };
        let Some(rest) = left.checked_sub(written.chars().count()) else { break };
        left = rest;
        out.push_str(&written);
    }
    out
}

fn json_string(text: &str) -> Box<RawValue> {
    serde_json::value::to_raw_value(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Text that is JSON by construction. Were it not, `null` is the honest answer to give a log, not a panic.
fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn none() -> Box<RawValue> {
    raw("[]".to_owned())
}
