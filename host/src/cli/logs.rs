//! `lambkin logs`: what the invocations of a deployed function have logged.

use std::fmt::Write as _;

use lambkin_runtime::LogEntry;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use ureq::http::Method;

use super::connection;
use super::name::FunctionId;
use super::problem::Problem;
use super::report::{Report, log_line};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The function's name or UUID
    #[arg(value_parser = FunctionId::parse, value_name = "NAME|UUID")]
    function: FunctionId,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Serialize)]
struct Page<'a> {
    uuid: uuid::Uuid,
    logs: &'a Value,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    let uuid = connection.resolve(&arguments.function)?;
    let logs = connection.call(Method::GET, &format!("/logs?lambdaUUID={uuid}"), None)?.value()?;
    Report::new(&Page { uuid, logs: &logs }, lines(&logs))
}

/// One line per entry, with its time. What is not a log entry is shown as it came.
pub(super) fn lines(logs: &Value) -> String {
    let mut text = String::new();
    for value in logs.as_array().into_iter().flatten() {
        // Writing into a `String` cannot fail.
        let _ = match serde_json::from_value::<LogEntry>(value.clone()) {
            Ok(entry) => writeln!(text, "{} {}", instant(entry.timestamp), log_line(&entry)),
            Err(_) => writeln!(text, "{value}"),
        };
    }
    text
}

/// Milliseconds since the epoch as RFC 3339; the number itself where no calendar reaches.
fn instant(milliseconds: u64) -> String {
    let nanoseconds = i128::from(milliseconds) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| milliseconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_are_lines_with_their_time() {
        let logs = json!([
            { "level": "Info", "message": "hello\nthere", "extras": [{ "a": 1 }], "timestamp": 1_700_000_000_123_u64 },
            { "level": "Warn", "message": 7, "extras": [], "timestamp": 0 },
        ]);
        assert_eq!(
            lines(&logs),
            "2023-11-14T22:13:20.123Z Info  hello\\nthere [{\"a\":1}]\n1970-01-01T00:00:00Z Warn  7\n"
        );
    }
}
