//! Parses a source as the engine will, a sloppy script, and words the parser's complaints for its author.
//!
//! The only place that knows the parser's messages. Where they speak of modules or compilers they are replaced;
//! the rest is brought into the house's form.

use oxc_allocator::Allocator;
use oxc_diagnostics::{Diagnostics, LabeledSpan, OxcDiagnostic};
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_semantic::{SemanticBuilder, SemanticBuilderReturn};
use oxc_span::SourceType;

use super::{Place, Report, position::Lines, survey::Survey};

/// Parses without analysing; recoverable errors are in the return value.
pub(super) fn parse<'a>(allocator: &'a Allocator, source: &'a str) -> ParserReturn<'a> {
    let options = ParseOptions { parse_regular_expression: true, ..ParseOptions::default() };
    let parsed = Parser::new(allocator, source, SourceType::script()).with_options(options).parse();
    if parsed.is_flow_language {
        // The parser takes `@flow` in the first comment for another language and keeps the real errors to itself.
        // The replacement is as long, so that every place stays the same.
        let source = allocator.alloc_str(&source.replace("@flow", "_flow"));
        return Parser::new(allocator, source, SourceType::script()).with_options(options).parse();
    }
    parsed
}

/// Resolves names and finds the errors that need the whole tree.
pub(super) fn analyse<'a>(parsed: &'a ParserReturn<'a>) -> SemanticBuilderReturn<'a> {
    SemanticBuilder::new().with_build_nodes(true).with_check_syntax_error(true).build(&parsed.program)
}

/// Reports everything that keeps the source from being a script the engine can run.
pub(super) fn report(
    parsed: &ParserReturn<'_>,
    semantic: &Diagnostics,
    survey: &Survey<'_>,
    lines: &Lines<'_>,
    report: &mut Report,
) {
    for statement in &survey.module_syntax {
        let message =
            format!("`{}` is not possible here: a lambda is a script, not a module", statement.keyword);
        report.error(lines, "module-syntax", statement.at, message, &*statement.hint);
    }
    for &at in &survey.top_level_awaits {
        report.error(
            lines,
            "top-level-await",
            at,
            "`await` is not possible at top level, which runs once when the lambda is built",
            "move it into the lambda, or into an async function that the lambda calls",
        );
    }
    for &(at, what) in &survey.beyond_engine {
        let hint = "compile the source to plain JavaScript first";
        report.error(lines, "unsupported-syntax", at, format!("{what} are not JavaScript yet"), hint);
    }
    let source = parsed.program.source_text;
    for diagnostic in parsed.diagnostics.iter().chain(semantic.iter()) {
        let complaint = Complaint::of(diagnostic, source, lines);
        let said = survey.top_level_awaits.iter().any(|at| (at.0..at.1).contains(&complaint.at.0));
        if !said || !complaint.is_await {
            complaint.add_to(lines, report);
        }
    }
}

/// A parser's diagnostic in our words.
struct Complaint {
    code: &'static str,
    message: String,
    at: Place,
    hint: Option<String>,
    is_await: bool,
    /// Another rule reports it better.
    is_redundant: bool,
}

impl Complaint {
    fn of(diagnostic: &OxcDiagnostic, source: &str, lines: &Lines<'_>) -> Self {
        let theirs = diagnostic.message.as_ref();
        let (main, other) = labels(diagnostic);
        let at = main.map_or((0, 0), label_place);
        let token = source.get(at.0..at.1).unwrap_or("");
        let mut complaint = Self {
            code: "syntax",
            message: sentence(theirs),
            at,
            hint: diagnostic.help.as_ref().or(diagnostic.note.as_ref()).map(|hint| sentence(hint)),
            is_await: false,
            is_redundant: false,
        };
        let mut types = None;
        if theirs == "Unexpected token" {
            complaint.message = match token {
                "" => "the source ends unexpectedly".to_owned(),
                _ if is_showable(token) => format!("unexpected `{token}`"),
                _ => "unexpected token".to_owned(),
            };
        } else if theirs.starts_with("`await` is only allowed")
            || theirs.starts_with("`for await` loops are only")
        {
            complaint.is_await = true;
            complaint.message = "`await` is only possible in an async function".to_owned();
            complaint.hint = Some("write `async` before the function around it".to_owned());
        } else if theirs.starts_with("A 'return' statement can only") {
            complaint.code = "top-level-return";
            complaint.message = "`return` is not possible at top level".to_owned();
            complaint.hint = Some("move it into the lambda, or use `if` and `else`".to_owned());
        } else if theirs.contains("import.meta") {
            complaint.code = "module-syntax";
            complaint.message =
                "`import.meta` is not possible here: a lambda is a script, not a module".to_owned();
            complaint.hint = Some("a lambda has no files; `process.env` holds its settings".to_owned());
        } else if theirs.starts_with("Unexpected JSX") || theirs.contains("JSX") {
            complaint.hint = Some("compile JSX to plain JavaScript first".to_owned());
        } else if theirs.contains("TypeScript") {
            complaint.hint = Some("remove the types, or compile to plain JavaScript first".to_owned());
        }
        complaint.is_redundant = theirs.starts_with("Cannot use import statement")
            || theirs.starts_with("Cannot use export statement")
            || (theirs.starts_with("Export '") && theirs.ends_with("' is not defined"));
        if theirs.ends_with("but found `:`") && theirs.starts_with("Expected `,`") {
            types = Some("a lambda is JavaScript: remove the types, or compile the source first".to_owned());
        }
        if let Some((expected, _)) = complaint.message.split_once(" but found `") {
            complaint.message = match token {
                "" => format!("{expected} but the source ends"),
                _ if is_showable(token) => format!("{expected} but found `{token}`"),
                _ => complaint.message,
            };
        }
        if let Some(other) = other {
            let there = lines.position(label_place(other).0);
            let opened = other.label().is_some_and(|label| label.starts_with("Opened"));
            complaint.hint = Some(if opened {
                let bracket = source.get(label_place(other).0..label_place(other).1).unwrap_or("");
                format!("`{bracket}` was opened in line {}, column {}", there.line, there.column)
            } else {
                format!("the first one is in line {}, column {}", there.line, there.column)
            });
        }
        complaint.hint = types.or(complaint.hint);
        complaint
    }

    fn add_to(self, lines: &Lines<'_>, report: &mut Report) {
        if !self.is_redundant {
            report.error(lines, self.code, self.at, self.message, self.hint.as_deref());
        }
    }
}

/// Whether a token of the source can be quoted in a message.
fn is_showable(token: &str) -> bool {
    token.chars().count() <= 40 && !token.contains(|c: char| c.is_control() || c == '`')
}

/// The label that marks the fault, and the one that explains it by another place.
fn labels(diagnostic: &OxcDiagnostic) -> (Option<&LabeledSpan>, Option<&LabeledSpan>) {
    let labels = &diagnostic.labels;
    let explains = |label: &&LabeledSpan| {
        !label.primary()
            && label
                .label()
                .is_some_and(|text| text.starts_with("Opened") || text.contains("already been declared"))
    };
    let other = labels.iter().find(explains);
    let main = labels
        .iter()
        .find(|label| label.primary())
        .or_else(|| labels.iter().find(|label| !explains(label)))
        .or(labels.first());
    (main, other)
}

fn label_place(label: &LabeledSpan) -> Place {
    let start = label.offset() as usize;
    (start, start + label.len() as usize)
}

/// A message in the house's form: lower case, no full stop. Names and abbreviations keep their capitals.
fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second.is_whitespace() || second == '\'' => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}
