//! `lambkin run`: one invocation on this machine, with the engine and the limits of the server, and nothing of it kept.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use lambkin_runtime::{Egress, Kill, Lambda, LogEntry, Outcome, Runtime, Usage};
use serde::Serialize;
use serde_json::value::RawValue;

use super::problem::Problem;
use super::project::Settings;
use super::report::{EscapeControls as _, Report, json_text, log_lines};
use super::subject::{Subject, parse_variable};
use super::{engine, input, limit_changes};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A source, a built module, or a function's folder
    file: PathBuf,

    #[command(flatten)]
    input: input::Arguments,

    /// Set an environment variable; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_variable)]
    env: Vec<(String, String)>,

    /// Let the lambda call this host, also when it is on this machine, besides those in the project's `settings.json`.
    /// May be repeated
    #[arg(long, value_name = "DOMAIN")]
    allow_host: Vec<String>,

    #[command(flatten)]
    limits: limit_changes::Arguments,
}

/// The object of an invocation that succeeded. `result` is absent when the lambda gave none.
#[derive(Serialize)]
struct Succeeded<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    logs: &'a [LogEntry],
    usage: &'a Usage,
    /// Set when a limit struck what the lambda left running after it had answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    kill: Option<&'a Kill>,
}

/// The object of an invocation that failed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed<'a> {
    error_code: &'a str,
    error_msg: &'a str,
    error_logs: &'a [LogEntry],
    usage: &'a Usage,
    #[serde(skip_serializing_if = "Option::is_none")]
    kill: Option<&'a Kill>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let subject = Subject::read(&arguments.file)?;
    let runtime = engine::start_with(true, arguments.limits.limits()?)?;
    let input = arguments.input.read(subject.config.as_ref(), runtime.limits())?;
    let ready = engine::prepare(&runtime, &subject, &subject.environment(&arguments.env))?;
    let notes = subject.warnings(&ready.checked) + &engine::freeze_notes(&ready.report);

    let Settings { secrets, mut whitelist } =
        if arguments.file.is_dir() { Settings::of(&arguments.file)? } else { Settings::default() };
    whitelist.extend(arguments.allow_host.iter().cloned());
    let secrets = secrets.into_iter().map(|secret| (secret.key, secret.value.to_string())).collect();
    let egress = lambkin_host::local_egress(&whitelist, secrets).map_err(|error| {
        Problem::usage(error).with_hint("name a domain such as `api.example.com`: --allow-host DOMAIN")
    })?;
    let Invocation { outcome, logs, usage, kill } = invoke(&runtime, &ready.lambda, input, egress)?;
    let notes = notes + &log_lines(&logs);
    match outcome {
        Outcome::Value(value) => {
            let text = value.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            let result = value.as_deref().map(serde_json::from_slice::<&RawValue>).transpose();
            let result =
                result.map_err(|error| Problem::internal("the engine's result is not JSON", error))?;
            let object = Succeeded { result, logs: &logs, usage: &usage, kill: kill.as_ref() };
            let late = kill.as_ref().map(late_kill).unwrap_or_default();
            Ok(Report::new(&object, text)?.with_notes(notes).with_footer(late + &usage_line(&usage)))
        }
        Outcome::Failure(failure) => {
            let object = Failed {
                error_code: &failure.error_code,
                error_msg: &failure.error_msg,
                error_logs: &logs,
                usage: &usage,
                kill: failure.kill.as_ref(),
            };
            let message = failure.error_msg.lines().map(str::escape_controls).collect::<Vec<_>>().join("\n");
            Err(Problem::new(failure.error_code.clone(), format!("the lambda failed: {message}"))
                .with_hint(format!("callers get this as `{}`", failure.error_code))
                .with_notes(notes + &usage_line(&usage))
                .with_object(json_text(&object)?))
        }
        Outcome::Broken(error) => Err(Problem::from(error).with_notes(notes)),
    }
}

/// All that came of one invocation.
struct Invocation {
    outcome: Outcome,
    logs: Vec<LogEntry>,
    usage: Usage,
    kill: Option<Kill>,
}

/// Thaws, invokes, and waits for what the lambda left in its event loop: here nobody else is waiting for the reply.
fn invoke(
    runtime: &Runtime,
    lambda: &Lambda,
    input: Bytes,
    egress: Arc<dyn Egress>,
) -> Result<Invocation, Problem> {
    let executor = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::internal("cannot start an executor", error))?;
    executor.block_on(async {
        let reply = runtime.thaw(lambda, runtime.limits())?.with_egress(egress).invoke(input).await;
        let finished = reply.rest.finish().await;
        Ok(Invocation {
            outcome: reply.outcome,
            logs: finished.logs.all().to_vec(),
            usage: finished.usage,
            kill: finished.kill,
        })
    })
}

fn late_kill(kill: &Kill) -> String {
    format!("warning: ended after its reply: {}\n", kill.sentence())
}

fn usage_line(usage: &Usage) -> String {
    format!(
        "usage: thaw {} us, run {} us, cpu {} us, fuel {}, memory {:.1} MiB\n",
        usage.thaw_us,
        usage.run_us,
        usage.cpu_us,
        usage.fuel,
        usage.memory as f64 / f64::from(1 << 20),
    )
}
