//! The command line: parses it, calls one verb, prints what came of it.
//!
//! A verb never prints. It returns a [`Report`] or a [`Problem`], and [`main`] writes the result to stdout, everything
//! else to stderr, and chooses the exit code: 0, 1 for a problem, 2 for a wrong command line. `serve` is the one
//! exception: it announces itself while it runs.

mod account;
mod activity;
mod app;
mod bench;
mod build;
mod check;
mod columns;
mod connection;
mod deploy;
mod engine;
mod input;
mod inspect;
mod invoke;
mod limit_changes;
mod limits;
mod login;
mod logs;
mod name;
mod new;
mod problem;
mod profile;
mod project;
mod prompt;
mod report;
mod rollback;
mod run;
mod schedule;
mod secret;
mod serve;
mod sessions;
mod subject;
mod templates;
mod user;
mod versions;
mod whitelist;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::{problem::Problem, report::Report};

/// JavaScript functions, frozen when they are built and thawed for every call.
#[derive(Debug, Parser)]
#[command(name = "lambkin", version, max_term_width = 100, arg_required_else_help = true)]
struct Line {
    /// Print one JSON object instead of text
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the server
    Serve(Box<serve::Arguments>),
    /// Write a new function from a template
    New(new::Arguments),
    /// List the templates
    Templates(templates::Arguments),
    /// Judge a lambda's source without running it
    Check(check::Arguments),
    /// Run a lambda once on this machine, with the server's engine and limits
    Run(run::Arguments),
    /// Freeze a lambda into one complete WebAssembly module
    Build(build::Arguments),
    /// Show what a built module holds
    Inspect(inspect::Arguments),
    /// Create or update a function on a server and make it productive
    Deploy(deploy::Arguments),
    /// List the kept versions of a function, or compare two
    Versions(versions::Arguments),
    /// Serve an earlier version of a function again
    Rollback(rollback::Arguments),
    /// Invoke a deployed function
    Invoke(invoke::Arguments),
    /// Show the stored logs of a deployed function
    Logs(logs::Arguments),
    /// Begin a session with a server, or end it
    Login(login::Arguments),
    /// The accounts of a server, for its operator
    Account(account::Arguments),
    /// Who may log in to an account
    User(user::Arguments),
    /// Named sets of permissions that users are given
    Profile(profile::Arguments),
    /// The programs that get tokens in an account
    App(app::Arguments),
    /// The domains that functions may call
    Whitelist(whitelist::Arguments),
    /// What an account keeps sealed
    Secret(secret::Arguments),
    /// When functions run by themselves
    Schedule(schedule::Arguments),
    /// Who did what when
    Activity(activity::Arguments),
    /// Show the limits of an invocation
    Limits(limits::Arguments),
    /// Measure the steps of an invocation on this machine
    Bench(bench::Arguments),
}

/// The whole command; the caller ends the process with what it returns.
pub fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => return refuse_line(&error),
    };
    match line.verb.run(line.json) {
        Ok(report) => report.print(line.json),
        Err(problem) => problem.print(line.json),
    }
}

impl Verb {
    fn run(self, json: bool) -> Result<Report, Problem> {
        match self {
            Self::Serve(arguments) => serve::run(*arguments, json),
            Self::New(arguments) => new::run(&arguments),
            Self::Templates(arguments) => templates::run(&arguments),
            Self::Check(arguments) => check::run(&arguments),
            Self::Run(arguments) => run::run(&arguments),
            Self::Build(arguments) => build::run(&arguments),
            Self::Inspect(arguments) => inspect::run(&arguments),
            Self::Deploy(arguments) => deploy::run(&arguments),
            Self::Versions(arguments) => versions::run(&arguments),
            Self::Rollback(arguments) => rollback::run(&arguments),
            Self::Invoke(arguments) => invoke::run(&arguments),
            Self::Logs(arguments) => logs::run(&arguments),
            Self::Login(arguments) => login::run(&arguments),
            Self::Account(arguments) => account::run(&arguments),
            Self::User(arguments) => user::run(&arguments),
            Self::Profile(arguments) => profile::run(&arguments),
            Self::App(arguments) => app::run(&arguments),
            Self::Whitelist(arguments) => whitelist::run(&arguments),
            Self::Secret(arguments) => secret::run(&arguments),
            Self::Schedule(arguments) => schedule::run(&arguments),
            Self::Activity(arguments) => activity::run(&arguments),
            Self::Limits(arguments) => limits::run(&arguments),
            Self::Bench(arguments) => bench::run(&arguments),
        }
    }
}

/// Help and version are answers; anything else clap says is a wrong command line.
fn refuse_line(error: &clap::Error) -> ExitCode {
    // `--json` counts even where the rest of the line could not be understood.
    let json = std::env::args_os().any(|argument| argument == "--json");
    if json && error.use_stderr() {
        let text = error.render().to_string();
        // What is wrong, without the tips and the usage that follow after an empty line.
        let wrong = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        return Problem::usage(wrong.split_whitespace().collect::<Vec<_>>().join(" "))
            .with_hint("see `lambkin --help`")
            .print(true);
    }
    // A closed stdout or stderr leaves nobody to tell.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}
