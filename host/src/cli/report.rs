//! What a verb answers when all went well, and the only place that writes it out.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use lambkin_runtime::LogEntry;
use serde::Serialize;
use serde_json::Value;

use super::problem::Problem;

/// A result in its two forms, and the notes that go beside it.
#[derive(Debug)]
pub(super) struct Report {
    json: String,
    text: String,
    notes: String,
    footer: String,
}

impl Report {
    /// A result: an object for `--json`, text for people.
    ///
    /// # Errors
    /// When the object has no JSON form, which is a mistake in the verb.
    pub(super) fn new(object: &impl Serialize, text: impl Into<String>) -> Result<Self, Problem> {
        Ok(Self { json: json_text(object)?, text: text.into(), notes: String::new(), footer: String::new() })
    }

    /// A verb that has already said everything.
    pub(super) const fn silent() -> Self {
        Self { json: String::new(), text: String::new(), notes: String::new(), footer: String::new() }
    }

    /// Adds what people may want to know but a pipe must not see: it goes to stderr before the result, and only without
    /// `--json`.
    #[must_use]
    pub(super) fn with_notes(mut self, notes: impl Into<String>) -> Self {
        self.notes = notes.into();
        self
    }

    /// The same, after the result.
    #[must_use]
    pub(super) fn with_footer(mut self, footer: impl Into<String>) -> Self {
        self.footer = footer.into();
        self
    }

    /// Writes the report and says how the process should end.
    pub(super) fn print(&self, json: bool) -> ExitCode {
        let written = if json {
            write_lines(io::stdout(), &self.json)
        } else {
            write_lines(io::stderr(), &self.notes)
                .and_then(|()| write_lines(io::stdout(), &self.text))
                .and_then(|()| write_lines(io::stderr(), &self.footer))
        };
        match written {
            // Whoever closed the pipe has read enough (`lambkin logs x | head -1`).
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        }
    }
}

/// Writes text with exactly one line end; nothing at all when there is no text.
pub(super) fn write_lines(mut to: impl io::Write, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    to.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        to.write_all(b"\n")?;
    }
    to.flush()
}

/// The JSON text of something a verb prints.
pub(super) fn json_text(object: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(object).map_err(|error| Problem::internal("cannot write the result as JSON", error))
}

/// One line per log entry: level, message, extras.
pub(super) fn log_lines(entries: &[LogEntry]) -> String {
    let mut text = String::new();
    for entry in entries {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "{}", log_line(entry));
    }
    text
}

/// One log entry without its time: `Info  message ["extras"]`.
pub(super) fn log_line(entry: &LogEntry) -> String {
    // A string is shown as it was logged, anything else as JSON. Line ends stay inside the line.
    let message = match serde_json::from_str(entry.message.get()) {
        Ok(Value::String(text)) => text.escape_controls(),
        _ => entry.message.get().to_owned(),
    };
    let level = format!("{:?}", entry.level);
    match entry.extras.get() {
        "[]" => format!("{level:<5} {message}"),
        extras => format!("{level:<5} {message} {extras}"),
    }
}

/// Control characters must not reach a terminal: a lambda's log is somebody else's text.
pub(super) trait EscapeControls {
    /// The text with every control character written as an escape; tabs stay.
    fn escape_controls(&self) -> String;
}

impl EscapeControls for str {
    fn escape_controls(&self) -> String {
        let mut text = String::with_capacity(self.len());
        for character in self.chars() {
            if character.is_control() && character != '\t' {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_tabs_kept() {
        assert_eq!("a\tb\n\u{1b}[31m\u{7f}ü".escape_controls(), "a\tb\\n\\u{1b}[31m\\u{7f}ü");
    }

    #[test]
    fn text_ends_with_one_line_end() {
        for (text, written) in [("", ""), ("a", "a\n"), ("a\n", "a\n")] {
            let mut to = Vec::new();
            write_lines(&mut to, text).expect("a vector takes everything");
            assert_eq!(to, written.as_bytes());
        }
    }
}
