//! `GET /logs` and `GET /logs/export`: what one lambda logged, oldest first, at most the newest 500 entries.
//!
//! The export is CSV for spreadsheets, which run what looks like a formula: such text is led by an apostrophe.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderValue, Response, StatusCode, header},
};
use lambkin_runtime::Level;
use uuid::Uuid;

use super::{array::text, member::Member, query::Query, schemas::ErrorView};
use crate::{
    host::Host,
    lambda::now_ms,
    logs::{LogLine, LogQuery},
    reply::{self, Refusal},
};

pub(super) const AT_MOST: usize = 500;
pub(super) const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// Longest window of one query.
pub(super) const WINDOW_MS: u64 = 7 * DAY_MS;
/// Older entries are not shown.
const KEPT_MS: u64 = 30 * DAY_MS;

#[utoipa::path(
    get, path = "/logs", operation_id = "listLogs", tag = "logs",
    params(
        ("lambdaUUID" = Uuid, Query, description = "the lambda"),
        ("startTimestamp" = Option<u64>, Query, description = "milliseconds since 1970"),
        ("endTimestamp" = Option<u64>, Query, description = "milliseconds since 1970, at most 7 days later"),
        ("filterLevels" = Option<Vec<String>>, Query, description = "any of Info, Warn, Error"),
    ),
    responses(
        (status = 200, description = "the newest 500 entries, oldest first", body = Vec<LogLine>),
        (status = 400, body = ErrorView),
        (status = 404, body = ErrorView),
    ),
)]
pub(crate) async fn list(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let wanted = wanted(&Query::parse(query.as_deref())?, now_ms())?;
    host.blocking(move |host| {
        host.ledger.lambda(member.caller.account(), wanted.lambda)?;
        let lines = host.logs.read(&wanted).map_err(Refusal::internal)?;
        Ok(reply::json(StatusCode::OK, &lines))
    })
    .await
}

/// The header of an export.
const COLUMNS: [&str; 6] = ["lambdaUUID", "requestID", "timestamp", "level", "message", "extras"];

/// `GET /logs/export`: sent piece by piece.
#[utoipa::path(
    get, path = "/logs/export", operation_id = "exportLogs", tag = "logs",
    params(
        ("lambdaUUID" = Uuid, Query, description = "the lambda"),
        ("startTimestamp" = Option<u64>, Query, description = "milliseconds since 1970"),
        ("endTimestamp" = Option<u64>, Query, description = "milliseconds since 1970, at most 7 days later"),
        ("filterLevels" = Option<Vec<String>>, Query, description = "any of Info, Warn, Error"),
    ),
    responses(
        (status = 200, description = "the newest 500 entries, oldest first, as CSV", body = String, content_type = "text/csv"),
        (status = 400, body = ErrorView),
        (status = 404, body = ErrorView),
    ),
)]
pub(crate) async fn export(
    State(host): State<Arc<Host>>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let wanted = wanted(&Query::parse(query.as_deref())?, now_ms())?;
    let mut response = text(&host, move |host, lines| {
        host.ledger.lambda(member.caller.account(), wanted.lambda)?;
        lines.push(&csv_line(&COLUMNS)?)?;
        for line in host.logs.read(&wanted).map_err(Refusal::internal)? {
            lines.push(&csv_line(&cells(&line))?)?;
        }
        Ok(())
    })
    .await?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let file = HeaderValue::from_static("attachment; filename=\"logs.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, file);
    Ok(response)
}

fn cells(line: &LogLine) -> [String; 6] {
    // A string is shown as what it says, anything else as its JSON.
    let message = serde_json::from_str::<String>(line.message.get());
    [
        line.lambda.to_string(),
        harmless(line.request_id.clone()),
        line.timestamp.to_string(),
        format!("{:?}", line.level),
        harmless(message.unwrap_or_else(|_| line.message.get().to_owned())),
        harmless(line.extras.get().to_owned()),
    ]
}

/// Text that a spreadsheet takes for text.
fn harmless(mut cell: String) -> String {
    if cell
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
    {
        cell.insert(0, '\'');
    }
    cell
}

fn csv_line(cells: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, Refusal> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(cells).map_err(Refusal::internal)?;
    writer.into_inner().map_err(Refusal::internal)
}

fn wanted(query: &Query, now: u64) -> Result<LogQuery, Refusal> {
    let lambda = query.first("lambdaUUID").unwrap_or_default();
    let lambda = Uuid::try_parse(lambda)
        .map_err(|_| Refusal::bad_input("`lambdaUUID` must be the id of the lambda whose logs are wanted"))?;
    let to = time(query, "endTimestamp")?.unwrap_or(u64::MAX);
    let end = to.min(now);
    let from = time(query, "startTimestamp")?.unwrap_or_else(|| end.saturating_sub(WINDOW_MS));
    if end.saturating_sub(from) > WINDOW_MS {
        return Err(Refusal::bad_input(
            "logs can be read for 7 days at a time; move `startTimestamp` or `endTimestamp`",
        ));
    }
    let levels = query
        .all("filterLevels")
        .flat_map(|levels| levels.split(','))
        .map(level)
        .collect::<Result<_, _>>()?;
    Ok(LogQuery { lambda, from: from.max(now.saturating_sub(KEPT_MS)), to, levels, at_most: AT_MOST })
}

pub(crate) fn time(query: &Query, name: &str) -> Result<Option<u64>, Refusal> {
    let parsed = query.first(name).map(str::parse).transpose();
    parsed.map_err(|_| Refusal::bad_input(format!("`{name}` must be milliseconds since 1970")))
}

fn level(name: &str) -> Result<Level, Refusal> {
    match name.trim().to_ascii_lowercase().as_str() {
        "debug" => Ok(Level::Debug),
        "info" => Ok(Level::Info),
        "warn" => Ok(Level::Warn),
        "error" => Ok(Level::Error),
        _ => Err(Refusal::bad_input("`filterLevels` must be of Debug, Info, Warn and Error")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<LogQuery, Refusal> {
        wanted(&Query::parse(Some(text)).unwrap(), 100 * DAY_MS)
    }

    #[test]
    fn an_export_quotes_what_has_to_be_and_runs_nothing() {
        let line =
            csv_line(&["a;b".to_owned(), "say \"x\"\n".to_owned(), harmless("=1+1".to_owned())]).unwrap();
        assert_eq!(String::from_utf8(line).unwrap(), "\"a;b\";\"say \"\"x\"\"\n\";'=1+1\n");
        for text in ["+1", "-1", "@x", "\tx", "\rx", "\u{ff1d}x"] {
            assert!(harmless(text.to_owned()).starts_with('\''), "{text}");
        }
        assert_eq!(harmless("plain - text".to_owned()), "plain - text");
    }

    #[test]
    fn windows_and_levels() {
        let id = "lambdaUUID=00000000-0000-0000-0000-000000000001";
        let query = parse(&format!("{id}&filterLevels=Error&filterLevels=warn,Info")).unwrap();
        assert_eq!(query.from, 93 * DAY_MS);
        assert_eq!(query.levels, [Level::Error, Level::Warn, Level::Info]);
        assert!(parse(&format!("{id}&startTimestamp={}", 92 * DAY_MS)).is_err());
        assert!(parse(&format!("{id}&startTimestamp=yesterday")).is_err());
        assert!(parse(&format!("{id}&filterLevels=Loud")).is_err());
        assert!(parse("lambdaUUID=1").is_err());
        assert!(parse("").is_err());
    }
}
