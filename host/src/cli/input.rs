//! What a lambda is called with: the whole envelope, or a payload that is wrapped into one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use lambkin_runtime::{Envelope, ErrorCode, Limits};
use serde::Serialize;
use serde_json::value::RawValue;

use super::problem::Problem;
use super::project::{Config, Pair};

/// The two ways to give an input; without either it is the project's sample input, or `{}`.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Arguments {
    /// The envelope `{timestamp?, headers?, payload?}`: a file, or `-` for stdin
    #[arg(long, value_name = "FILE|-", conflicts_with = "payload")]
    input: Option<String>,

    /// Only the payload: a file, `-` for stdin, or JSON
    #[arg(long, value_name = "FILE|-|JSON")]
    payload: Option<String>,
}

impl Arguments {
    /// The envelope's bytes, checked the way the server checks them.
    ///
    /// # Errors
    /// When the input cannot be read, is not JSON, is not an envelope or is over the limit.
    pub(super) fn read(&self, config: Option<&Config>, limits: &Limits) -> Result<Bytes, Problem> {
        let most = limits.input as u64;
        let bytes = match (&self.input, &self.payload, config) {
            (Some(input), _, _) => Bytes::from(read_named(input, most)?),
            (None, Some(payload), _) => wrap(&[], &read_payload(payload, most)?)?,
            (None, None, Some(config)) => wrap(&config.input.headers, &config.input.payload)?,
            (None, None, None) => Bytes::from_static(b"{}"),
        };
        Ok(Envelope::check(bytes, limits)?)
    }
}

/// The envelope that clients of the platform send.
fn wrap(headers: &[Pair], payload: &RawValue) -> Result<Bytes, Problem> {
    #[derive(Serialize)]
    struct Wrapped<'a> {
        timestamp: u64,
        headers: &'a [Pair],
        payload: &'a RawValue,
    }
    // A clock before 1970 is not worth an error here.
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
    serde_json::to_vec(&Wrapped { timestamp, headers, payload })
        .map(Bytes::from)
        .map_err(|error| Problem::internal("cannot write the envelope", error))
}

/// JSON on the command line, or else the name of a file that holds some.
fn read_payload(argument: &str, most: u64) -> Result<Box<RawValue>, Problem> {
    if let Ok(json) = serde_json::from_str(argument) {
        return Ok(json);
    }
    if argument != "-" && !Path::new(argument).exists() {
        return Err(bad_input(format!("the payload `{argument}` is neither JSON nor a file"))
            .with_hint("quote JSON for the shell: --payload '{\"name\": \"Ada\"}'"));
    }
    serde_json::from_slice(&read_named(argument, most)?)
        .map_err(|error| bad_input(format!("the payload in `{argument}` is not JSON: {error}")))
}

/// A file, or stdin for `-`. Never more than the limit and one byte, which is how the check sees the excess.
fn read_named(name: &str, most: u64) -> Result<Vec<u8>, Problem> {
    let failed = |error: io::Error| Problem::file("read", Path::new(name), &error);
    let mut bytes = Vec::new();
    let source: Box<dyn Read> =
        if name == "-" { Box::new(io::stdin().lock()) } else { Box::new(File::open(name).map_err(failed)?) };
    source.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn bad_input(message: String) -> Problem {
    Problem::new(ErrorCode::BadInput.as_str(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_wrapped_as_it_is_written() {
        let arguments =
            Arguments { payload: Some(r#"{"b": 1.0, "a": 2}"#.to_owned()), ..Arguments::default() };
        let bytes = arguments.read(None, &Limits::default()).expect("an envelope");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        assert!(text.ends_with(r#""headers":[],"payload":{"b": 1.0, "a": 2}}"#), "{text}");
    }

    #[test]
    fn no_input_is_an_empty_object() {
        let bytes = Arguments::default().read(None, &Limits::default()).expect("an envelope");
        assert_eq!(&bytes[..], b"{}");
    }

    #[test]
    fn what_is_neither_json_nor_a_file_is_refused() {
        let arguments = Arguments { payload: Some("{oops".to_owned()), ..Arguments::default() };
        let problem = arguments.read(None, &Limits::default()).expect_err("refused");
        assert!(format!("{problem:?}").contains("neither JSON nor a file"), "{problem:?}");
    }
}
