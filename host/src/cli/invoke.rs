//! `lambkin invoke`: one call of a deployed function, over the same API that every client uses.

use lambkin_runtime::{Limits, LogEntry};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ureq::http::Method;

use super::name::FunctionId;
use super::problem::Problem;
use super::report::{EscapeControls as _, Report, log_lines};
use super::{connection, input};

/// The status of a lambda's own failure, and what a server may answer instead. The first is in no registry, but the
/// platform's clients depend on it.
const LAMBDA_FAILED: [u16; 2] = [901, 422];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The function's name or UUID
    #[arg(value_parser = FunctionId::parse, value_name = "NAME|UUID")]
    function: FunctionId,

    #[command(flatten)]
    input: input::Arguments,

    /// Call the way applications do: the result only, and the logs are stored
    #[arg(long)]
    raw: bool,

    #[command(flatten)]
    connection: connection::Arguments,
}

/// What a call comes to. A raw call has no logs, a lambda may give no result.
#[derive(Serialize, Deserialize)]
struct Invoked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logs: Option<Vec<LogEntry>>,
}

/// A lambda's own failure.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    error_code: String,
    error_msg: String,
    #[serde(default)]
    error_logs: Vec<LogEntry>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    let input = arguments.input.read(None, &Limits::default())?;
    let uuid = connection.resolve(&arguments.function)?;
    let form = if arguments.raw { "" } else { "&form=test" };
    let path = format!("/lambdas/{uuid}/invoke?v=1{form}");
    let answer = connection.call(Method::POST, &path, Some(&input))?;
    if LAMBDA_FAILED.contains(&answer.status) {
        return Err(failed(&answer.body)?);
    }
    if !answer.is_success() {
        return Err(answer.refusal());
    }
    let not_json = |_| connection::unexpected("JSON");
    let invoked = if !arguments.raw {
        serde_json::from_slice(&answer.body).map_err(not_json)?
    } else if answer.body.is_empty() {
        Invoked { result: None, logs: None }
    } else {
        Invoked { result: Some(serde_json::from_slice(&answer.body).map_err(not_json)?), logs: None }
    };
    let text = invoked.result.as_ref().map(|result| result.get().to_owned()).unwrap_or_default();
    let notes = log_lines(invoked.logs.as_deref().unwrap_or_default());
    Ok(Report::new(&invoked, text)?.with_notes(notes))
}

/// The failure as text for people, and as it came for `--json`.
fn failed(body: &[u8]) -> Result<Problem, Problem> {
    let failed: Failed =
        serde_json::from_slice(body).map_err(|_| connection::unexpected("a lambda's failure"))?;
    let message = failed.error_msg.lines().map(str::escape_controls).collect::<Vec<_>>().join("\n");
    Ok(Problem::new(failed.error_code.clone(), format!("the lambda failed: {message}"))
        .with_hint(format!("callers get this as `{}`", failed.error_code))
        .with_notes(log_lines(&failed.error_logs))
        .with_object(String::from_utf8_lossy(body).into_owned()))
}
