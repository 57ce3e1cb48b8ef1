//! Judges a lambda's source before anything is run: size, syntax, the `lambda` function, its callback, and
//! what it reaches for that the platform does not have.
//!
//! Every finding is reported at once, with its place and a code frame, because each round trip through a
//! deployment costs the author more than all the rules together cost us. Nothing here runs the source, and no
//! source makes it panic, overflow the stack or take more than about a second.

mod contract;
mod frame;
mod nesting;
mod platform;
mod position;
mod survey;
mod syntax;

use std::thread;

use oxc_allocator::Allocator;
use oxc_span::Span;
use serde::Serialize;

use position::Lines;

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The source is refused.
    Error,
    /// The source is accepted; the author should know.
    Warning,
}

impl Severity {
    /// The word that reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing the check has to say about a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Stable name of the rule.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// First line, 1-based.
    pub line: u32,
    /// First column in characters, 1-based.
    pub column: u32,
    /// Last line, 1-based.
    pub end_line: u32,
    /// Column after the last character, 1-based.
    pub end_column: u32,
    /// The lines around it with a marker, for terminals.
    pub frame: String,
    /// The way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    /// The finding as a terminal shows it, under the file name the author knows; ends without a newline.
    ///
    /// ```text
    /// error[callback-unused]: `lambda` never uses its callback `done` …
    ///   --> lambda.js:1:24
    /// > 1 | function lambda(input, done) {}
    ///     |                        ^^^^
    ///   hint: …
    /// ```
    pub fn render(&self, name: &str) -> String {
        let mut out = format!(
            "{}[{}]: {}\n  --> {name}:{}:{}\n{}",
            self.severity.name(),
            self.code,
            self.message,
            self.line,
            self.column,
            self.frame
        );
        if let Some(hint) = &self.hint {
            out.push_str("\n  hint: ");
            out.push_str(hint);
        }
        out
    }
}

/// A source that passed the check.
#[derive(Clone, Debug)]
pub struct Checked {
    source: String,
    warnings: Vec<Finding>,
}

impl Checked {
    /// The source, as it was given.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Findings that did not refuse it.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }
}

/// Longest accepted source, in characters.
pub const MAX_SOURCE_CHARS: usize = 100_000;

/// Findings in one report. A source with more has one cause that repeats itself.
const MAX_FINDINGS: usize = 100;

/// Stack of the checking thread: a floor, and bytes for each character of the source. The parser's hungriest
/// construct takes about 1.6 kB of stack for one character (`(`, `[`), the visitors less. Only what is used
/// is ever backed by memory.
const STACK_FLOOR: usize = 8 << 20;
const STACK_PER_CHAR: usize = if cfg!(debug_assertions) { 16 << 10 } else { 3 << 10 };

/// Checks a source; all findings are reported at once.
///
/// # Errors
/// Every finding, in the order of the source, when at least one of them is an error.
pub fn check(source: &str) -> Result<Checked, Vec<Finding>> {
    let mut report = Report::default();
    gate(source, &mut report);
    if report.findings.is_empty() {
        report = on_large_stack(source, examine);
    }
    let findings = report.finish();
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(findings);
    }
    Ok(Checked { source: source.to_owned(), warnings: findings })
}

/// What can be said without parsing; a finding here keeps the source from the parser.
fn gate(source: &str, report: &mut Report) {
    let size = source.chars().count();
    if size > MAX_SOURCE_CHARS {
        let mut cut = source.char_indices().map(|(offset, _)| offset).skip(MAX_SOURCE_CHARS);
        let limit = cut.next().unwrap_or(source.len());
        // The rest may be gigabytes: look at no more of it than the frame needs.
        let seen = cut.nth(1_000).unwrap_or(source.len());
        report.error(
            &Lines::new(&source[..seen]),
            "too-long",
            (limit, limit + 1),
            format!("the source has {size} characters, {MAX_SOURCE_CHARS} are allowed"),
            "move data out of the code, or minify it; `lambkin build` can bundle and minify npm packages",
        );
        return;
    }
    let lines = Lines::new(source);
    if source.trim_start_matches('\u{feff}').trim().is_empty() {
        report.error(&lines, "empty", (0, 0), "the source is empty", contract::SKELETON);
        return;
    }
    match nesting::scan(source) {
        Ok(()) => {}
        Err(nesting::TooDeep::Brackets(at)) => report.error(
            &lines,
            "too-deep",
            (at, at + 1),
            format!("brackets are nested more than {} deep here", nesting::MAX_NESTING),
            "split the expression, or keep the data as JSON text and `JSON.parse` it",
        ),
        Err(nesting::TooDeep::Slashes(at)) => report.error(
            &lines,
            "too-deep",
            (at, at + 1),
            "divisions and regular expressions cannot be told apart here to count the brackets",
            "break the line: a regular expression never spans lines",
        ),
    }
}

/// Parses the source and applies every rule.
fn examine(source: &str) -> Report {
    let lines = Lines::new(source);
    let mut report = Report::default();
    let allocator = Allocator::default();
    let parsed = syntax::parse(&allocator, source);
    let semantic = syntax::analyse(&parsed);
    let survey = survey::Survey::of(&parsed.program, semantic.semantic.scoping());
    syntax::report(&parsed, &semantic.diagnostics, &survey, &lines, &mut report);
    if !parsed.panicked {
        if survey.is_empty {
            let text = "the source has no code, only comments";
            report.error(&lines, "empty", (0, source.len()), text, contract::SKELETON);
        } else {
            contract::report(&survey, &lines, &mut report);
            platform::report(&survey, &semantic.semantic, &lines, &mut report);
        }
    }
    report
}

/// Runs `work` on a thread of its own whose stack suits the longest source, and turns a panic into a finding.
fn on_large_stack(source: &str, work: fn(&str) -> Report) -> Report {
    let stack = STACK_FLOOR + STACK_PER_CHAR * source.len().min(MAX_SOURCE_CHARS);
    let outcome = thread::scope(|scope| {
        let thread = thread::Builder::new().name("check".to_owned()).stack_size(stack);
        match thread.spawn_scoped(scope, || work(source)) {
            Ok(handle) => handle.join().map_err(|_| "the parser could not cope with it".to_owned()),
            Err(error) => Err(format!("no thread could be started: {error}")),
        }
    });
    outcome.unwrap_or_else(|cause| {
        let mut report = Report::default();
        report.error(
            &Lines::new(source),
            "check-failed",
            (0, 0),
            format!("the source could not be checked: {cause}"),
            "this is a fault of the platform, not of the source; please report it",
        );
        report
    })
}

/// Collects findings.
#[derive(Default)]
struct Report {
    findings: Vec<Finding>,
    /// The first finding beyond [`MAX_FINDINGS`], and how many there were.
    unsaid: Option<(Finding, usize)>,
}

/// Byte offsets of the first and behind the last character a finding is about.
type Place = (usize, usize);

fn place(span: Span) -> Place {
    (span.start as usize, span.end as usize)
}

impl Report {
    fn error<'h>(
        &mut self,
        lines: &Lines<'_>,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<Option<&'h str>>,
    ) {
        self.add(lines, Severity::Error, code, place, message.into(), hint.into().map(str::to_owned));
    }

    fn warning(
        &mut self,
        lines: &Lines<'_>,
        code: &'static str,
        place: Place,
        message: String,
        hint: Option<String>,
    ) {
        self.add(lines, Severity::Warning, code, place, message, hint);
    }

    fn add(
        &mut self,
        lines: &Lines<'_>,
        severity: Severity,
        code: &'static str,
        (start, end): Place,
        message: String,
        hint: Option<String>,
    ) {
        if let Some((first, count)) = &mut self.unsaid {
            *count += 1;
            if severity == Severity::Error {
                first.severity = severity;
            }
            return;
        }
        let start = lines.position(start);
        let end = lines.position(end).max(start);
        let frame = frame::render(lines, start, end);
        let finding = Finding {
            severity,
            code,
            message,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            frame,
            hint,
        };
        if self.findings.len() == MAX_FINDINGS {
            self.unsaid = Some((finding, 1));
        } else if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// The findings in the order of the source; the last says how many there was no room for.
    fn finish(self) -> Vec<Finding> {
        let mut findings = self.findings;
        findings.sort_by_key(|finding| (finding.line, finding.column, finding.severity as u8));
        findings.extend(self.unsaid.map(|(first, count)| Finding {
            code: "more-findings",
            message: format!("{count} more findings are not listed, the first of them here"),
            hint: Some("mend the ones above first; they often have one cause".to_owned()),
            ..first
        }));
        findings
    }
}
