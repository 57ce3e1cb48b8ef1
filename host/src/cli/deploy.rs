//! `lambkin deploy`: saves a function on a server, deploys it, and waits until it is productive or known not to be.
//!
//! The wait ends: with the deployment, with its failure, or with the time-out; only the first is a success.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use lambkin_runtime::Checked;
use serde::Serialize;
use serde_json::{Value, json};
use ureq::http::Method;
use uuid::Uuid;

use super::connection::{self, Connection, unexpected, uuid_of};
use super::engine;
use super::name::FunctionName;
use super::problem::Problem;
use super::project::{Config, Pair};
use super::report::{EscapeControls as _, Report};
use super::subject::{Content, Subject, parse_variable};

/// The first pause between two looks; deployments take milliseconds.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The longest pause.
const LAST_PAUSE: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A source, a built module, or a function's folder
    file: PathBuf,

    /// The function's name; a folder's `config.json` and a file's own name are the defaults
    #[arg(long, value_parser = FunctionName::parse)]
    name: Option<FunctionName>,

    /// What the function does, in at most 100 characters
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Set an environment variable; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_variable)]
    env: Vec<(String, String)>,

    /// Let instances that answered well serve further invocations, with what the function keeps in its variables
    #[arg(long, value_name = "BOOLEAN", num_args = 0..=1, default_missing_value = "true")]
    reuse: Option<bool>,

    /// Seconds to wait for the deployment
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Serialize)]
struct Deployed<'a> {
    name: &'a str,
    uuid: Uuid,
    state: &'a str,
    version: &'a Value,
    created: bool,
    url: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let subject = Subject::read(&arguments.file)?;
    let name = name(arguments, &subject)?;
    let checked = check(&subject)?;
    let notes = subject.warnings(&checked);
    let connection = arguments.connection.connect()?;

    let existing = connection.find(&name)?;
    let created = existing.is_none();
    let wanted = Wanted { arguments, subject: &subject, name: &name, code: checked.source() };
    let function = match existing {
        Some(function) => wanted.update(&connection, function)?,
        None => wanted.create(&connection)?,
    };
    let uuid = uuid_of(&function)?;
    let notes = match &subject.content {
        Content::Module(bytes) => notes + &upload(&connection, uuid, bytes)?,
        Content::Source(_) => notes,
    };
    start(&connection, uuid)?;
    let function = wait(&connection, uuid, &function["lastDeployment"]["uuid"], arguments.timeout)?;

    let deployed = Deployed {
        name: name.as_str(),
        uuid,
        state: function["state"].as_str().unwrap_or_default(),
        version: &function["version"],
        created,
        url: connection.invocation_url(uuid),
    };
    let text = format!("deployed {name} ({uuid})\n{}", deployed.url);
    Ok(Report::new(&deployed, text)?.with_notes(notes))
}

/// The name on the command line, in `config.json`, or of the file, in this order.
fn name(arguments: &Arguments, subject: &Subject) -> Result<FunctionName, Problem> {
    if let Some(name) = &arguments.name {
        return Ok(name.clone());
    }
    let hint = "name the function with --name NAME";
    if let Some(config) = &subject.config {
        return FunctionName::parse(&config.name).map_err(|error| {
            Problem::usage(format!("`config.json` names the function `{}`: {error}", config.name))
                .with_hint(hint)
        });
    }
    let path = Path::new(&subject.name);
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    // Every function's source is called `index.js`: that name says nothing.
    match FunctionName::parse(stem) {
        Ok(name) if stem != "index" => Ok(name),
        _ => Err(Problem::usage(format!("`{}` does not say what the function is called", subject.name))
            .with_hint(hint)),
    }
}

/// The source to save, checked here so that a mistake is seen with its code frame and without a round trip.
fn check(subject: &Subject) -> Result<Checked, Problem> {
    match &subject.content {
        Content::Source(source) => {
            lambkin_runtime::check(source).map_err(|findings| Problem::refused(&subject.name, findings))
        }
        // The server judges the module itself; here it is opened so that a bad one leaves no half-made function.
        Content::Module(bytes) => Ok(engine::start(true)?.read_module(bytes)?.source),
    }
}

/// What the server should hold afterwards.
struct Wanted<'a> {
    arguments: &'a Arguments,
    subject: &'a Subject,
    name: &'a FunctionName,
    code: &'a str,
}

impl Wanted<'_> {
    fn create(&self, connection: &Connection) -> Result<Value, Problem> {
        let config = self.subject.config.as_ref();
        let runtimes = connection.call(Method::GET, "/runtimes", None)?.value()?;
        let event = config.map(|config| config.event.as_str()).filter(|event| has_event(event));
        let description = self.description().unwrap_or("deployed with the lambkin command");
        let mut function = json!({
            "uuid": "",
            "version": -1,
            "name": self.name.as_str(),
            "description": description,
            "skills": [],
            "samplePayload": config.map_or_else(|| Ok(json!({ "headers": [], "payload": {} })), sample)?,
            "runtime": runtimes[0],
            "implementation": {
                "code": self.code,
                "dependencies": [],
                "environmentVariables": self.environment().unwrap_or_default(),
            },
        });
        if let Some(event) = event {
            function["eventId"] = json!(event);
        }
        if let Some(reuse) = self.reuse() {
            function["reuse"] = json!(reuse);
        }
        connection.call(Method::POST, "/lambdas", Some(function.to_string().as_bytes()))?.value()
    }

    /// Changes what the command line and the folder decide and leaves everything else as the server has it.
    fn update(&self, connection: &Connection, mut function: Value) -> Result<Value, Problem> {
        let uuid = uuid_of(&function)?;
        function["implementation"]["code"] = json!(self.code);
        if let Some(description) = self.description() {
            function["description"] = json!(description);
        }
        if let Some(config) = &self.subject.config {
            function["samplePayload"] = sample(config)?;
        }
        if let Some(environment) = self.environment() {
            function["implementation"]["environmentVariables"] = json!(environment);
        }
        if let Some(reuse) = self.reuse() {
            function["reuse"] = json!(reuse);
        }
        let answer = connection.call(
            Method::PUT,
            &format!("/lambdas/{uuid}"),
            Some(function.to_string().as_bytes()),
        )?;
        // 304: the server has exactly this already. It is deployed all the same: the last deployment may have failed.
        if answer.status == 304 { Ok(function) } else { answer.value() }
    }

    fn description(&self) -> Option<&str> {
        let configured = self.subject.config.as_ref().map(|config| config.description.as_str());
        self.arguments.description.as_deref().or(configured).filter(|text| !text.is_empty())
    }

    /// `None` where neither the command line nor the folder says whether instances are reused.
    fn reuse(&self) -> Option<bool> {
        self.arguments.reuse.or_else(|| self.subject.config.as_ref()?.reuse)
    }

    /// `None` where neither the folder nor the command line says anything about variables.
    fn environment(&self) -> Option<Vec<Pair>> {
        if self.subject.config.is_none() && self.arguments.env.is_empty() {
            return None;
        }
        let environment = self.subject.environment(&self.arguments.env);
        Some(environment.into_iter().map(|(key, value)| Pair { key, value }).collect())
    }
}

fn has_event(event: &str) -> bool {
    !event.is_empty() && event != lambkin_templates::NO_EVENT
}

fn sample(config: &Config) -> Result<Value, Problem> {
    serde_json::to_value(&config.input)
        .map_err(|error| Problem::internal("cannot write the sample payload", error))
}

/// Hands the module over; the note says whether its image was kept.
fn upload(connection: &Connection, uuid: Uuid, bytes: &[u8]) -> Result<String, Problem> {
    let path = format!("/lambdas/{uuid}/module");
    let answer = connection.send(Method::POST, &path, "application/wasm", bytes)?.value()?;
    let message = answer["module"]["message"].as_str().ok_or_else(|| unexpected("a word on the module"))?;
    Ok(format!("{}\n", message.escape_controls()))
}

fn start(connection: &Connection, uuid: Uuid) -> Result<(), Problem> {
    let answer = connection.call(Method::POST, &format!("/deployments/{uuid}"), None)?;
    if answer.is_success() { Ok(()) } else { Err(answer.refusal()) }
}

/// Looks until the newest deployment is another one than `before` and has ended.
fn wait(connection: &Connection, uuid: Uuid, before: &Value, timeout: u64) -> Result<Value, Problem> {
    let deadline = Instant::now() + Duration::from_secs(timeout);
    let mut pause = FIRST_PAUSE;
    loop {
        let function = connection.function(uuid)?;
        let deployment = &function["lastDeployment"];
        if deployment["uuid"] != *before {
            match deployment["deploymentState"].as_str() {
                Some("Deploy Finish") => return Ok(function),
                Some("Build Error" | "Deploy Error") => return Err(failed(deployment)),
                Some(_) => {}
                None if deployment.is_null() => {}
                None => return Err(unexpected("the state of the deployment")),
            }
        }
        if Instant::now() >= deadline {
            let state = deployment["deploymentState"].as_str().unwrap_or("unknown");
            return Err(Problem::new(
                "timeout",
                format!("the deployment did not end within {timeout} s; its state is `{state}`"),
            )
            .with_hint("it may still succeed: look again later, or wait longer with --timeout"));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// The deployment's own error, with what the top level logged.
fn failed(deployment: &Value) -> Problem {
    let error = &deployment["deploymentError"];
    let code = error["errorCode"].as_str().unwrap_or("deployment-failed");
    let message = error["errorMsg"].as_str().unwrap_or("no reason was given");
    let message = message.lines().map(str::escape_controls).collect::<Vec<_>>().join("\n");
    let state = deployment["deploymentState"].as_str().unwrap_or_default();
    Problem::new(code, format!("the deployment failed ({state}): {message}"))
        .with_notes(super::logs::lines(&error["errorLogs"]))
        .with_hint("the version that was productive before is still served")
}
