//! What a verb answers when it could not do its work: a stable code, a sentence, the way out.

use std::fmt::{self, Write as _};
use std::io;
use std::process::ExitCode;

use lambkin_runtime::{Finding, FreezeFailure, LogEntry, RuntimeError, Severity};
use serde::Serialize;

use super::report::{EscapeControls as _, log_lines, write_lines};

/// Why a verb failed. Printed as `error: …` and `hint: …` on stderr, or as one JSON object on stdout.
#[derive(Debug)]
pub(super) struct Problem {
    exit: u8,
    error: Box<Described>,
    /// Everything the check had to say about a source.
    findings: Vec<Finding>,
    /// What a lambda's top level logged before the freeze failed.
    logs: Vec<LogEntry>,
    /// Printed before the error, for people only.
    notes: String,
    /// Takes the place of the error object where a verb has a shape of its own (`run` of a failing lambda).
    object: Option<String>,
}

/// The error itself, as `--json` shows it.
#[derive(Debug, Serialize)]
struct Described {
    code: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<String>,
    /// Where it happened, as text: printed after the error, for people only.
    #[serde(skip)]
    place: String,
}

impl Problem {
    /// A problem with a code of its own.
    pub(super) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        let error = Described {
            code: code.into(),
            message: message.into(),
            hint: None,
            line: None,
            column: None,
            stack: None,
            place: String::new(),
        };
        Self {
            exit: 1,
            error: Box::new(error),
            findings: Vec::new(),
            logs: Vec::new(),
            notes: String::new(),
            object: None,
        }
    }

    /// A wrong command line.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: 2, ..Self::new("usage", message) }
    }

    /// A file or folder that could not be read or written.
    pub(super) fn file(doing: &str, path: &std::path::Path, cause: &io::Error) -> Self {
        Self::new("file", format!("cannot {doing} `{}`: {}", path.display(), lower_first(&cause.to_string())))
    }

    /// The program's or the machine's own fault.
    pub(super) fn internal(doing: &str, cause: impl fmt::Display) -> Self {
        Self::new("lambkin.internal", format!("{doing}: {cause}"))
    }

    /// A source that was refused, with everything that is wrong with it.
    pub(super) fn refused(name: &str, findings: Vec<Finding>) -> Self {
        let mut problem = Self::new(
            lambkin_runtime::ErrorCode::ContractError.as_str(),
            format!("`{name}` is not an acceptable lambda: {}", count(&findings)),
        );
        problem.notes = render_findings(name, &findings);
        problem.findings = findings;
        problem
    }

    /// A top level that could not be frozen.
    pub(super) fn freeze(name: &str, failure: FreezeFailure) -> Self {
        let mut problem = Self::from(failure.error);
        problem.notes = log_lines(&failure.logs);
        if let Some(line) = failure.line {
            let column = failure.column.map(|column| format!(":{column}")).unwrap_or_default();
            // Writing into a `String` cannot fail.
            let _ = writeln!(problem.error.place, "  --> {name}:{line}{column}");
        }
        if let Some(stack) = &failure.stack {
            for frame in stack.lines() {
                let _ = writeln!(problem.error.place, "      {}", frame.trim().escape_controls());
            }
        }
        problem.error.line = failure.line;
        problem.error.column = failure.column;
        problem.error.stack = failure.stack;
        problem.logs = failure.logs;
        problem
    }

    /// Adds the way out.
    #[must_use]
    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.error.hint = Some(hint.into());
        self
    }

    /// Adds what people should read before the error.
    #[must_use]
    pub(super) fn with_notes(mut self, notes: impl Into<String>) -> Self {
        self.notes = notes.into();
        self
    }

    /// Replaces the JSON form.
    #[must_use]
    pub(super) fn with_object(mut self, object: String) -> Self {
        self.object = Some(object);
        self
    }

    /// Writes the problem and says how the process should end.
    pub(super) fn print(&self, json: bool) -> ExitCode {
        // A closed stdout or stderr leaves nobody to tell; the exit code still does.
        let _ = if json {
            write_lines(io::stdout(), &self.json())
        } else {
            write_lines(io::stderr(), &self.text())
        };
        ExitCode::from(self.exit)
    }

    fn text(&self) -> String {
        let mut text = self.notes.clone();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let _ = writeln!(text, "error: {}", self.error.message);
        text.push_str(&self.error.place);
        if let Some(hint) = &self.error.hint {
            let _ = writeln!(text, "hint: {hint}");
        }
        text
    }

    fn json(&self) -> String {
        #[derive(Serialize)]
        struct Object<'a> {
            error: &'a Described,
            #[serde(skip_serializing_if = "<[Finding]>::is_empty")]
            findings: &'a [Finding],
            #[serde(skip_serializing_if = "<[LogEntry]>::is_empty")]
            logs: &'a [LogEntry],
        }
        let object = Object { error: &self.error, findings: &self.findings, logs: &self.logs };
        self.object.clone().or_else(|| serde_json::to_string(&object).ok()).unwrap_or_default()
    }
}

impl From<RuntimeError> for Problem {
    fn from(error: RuntimeError) -> Self {
        let problem = Self::new(error.code.as_str(), error.message);
        match error.hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }
}

/// All findings as a terminal shows them: sentence, place, code frame, hint.
pub(super) fn render_findings(name: &str, findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "{severity}[{}]: {}", finding.code, finding.message);
        let _ = writeln!(text, "  --> {name}:{}:{}", finding.line, finding.column);
        if !finding.frame.is_empty() {
            let _ = writeln!(text, "{}", finding.frame.trim_end_matches('\n'));
        }
        if let Some(hint) = &finding.hint {
            let _ = writeln!(text, "hint: {hint}");
        }
        text.push('\n');
    }
    text
}

/// `2 errors, 1 warning`.
fn count(findings: &[Finding]) -> String {
    let of = |severity, noun| {
        let number = findings.iter().filter(|finding| finding.severity == severity).count();
        (number > 0).then(|| format!("{number} {noun}{}", if number == 1 { "" } else { "s" }))
    };
    let parts = [of(Severity::Error, "error"), of(Severity::Warning, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The system's sentences begin with a capital; ours do not.
fn lower_first(sentence: &str) -> String {
    let mut characters = sentence.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
