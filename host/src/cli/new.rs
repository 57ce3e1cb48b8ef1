//! `lambkin new`: a function's folder with everything `run` and `deploy` need, from a template.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use lambkin_templates::{TEMPLATES, Template, find};
use serde::Serialize;
use serde_json::value::RawValue;

use super::name::FunctionName;
use super::problem::Problem;
use super::project::{CONFIG, Config, FUNCTIONS, Input, Pair, SETTINGS, SOURCE, Settings};
use super::report::Report;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The function's name: letters, digits and underscores
    #[arg(value_parser = FunctionName::parse)]
    name: FunctionName,

    /// What to start from; `lambkin templates` lists them
    #[arg(long, default_value = "greeting", value_name = "ID")]
    template: String,
}

#[derive(Serialize)]
struct Created<'a> {
    name: &'a str,
    template: &'static str,
    files: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let template = find(&arguments.template).ok_or_else(|| unknown(&arguments.template))?;
    let name = arguments.name.as_str();
    let functions = Path::new(FUNCTIONS);
    let folder = functions.join(name);
    // The config is made before anything is written: a failure leaves no half project.
    let config = pretty(&config(name, template)?)?;

    fs::create_dir_all(functions).map_err(|error| Problem::file("create", functions, &error))?;
    fs::create_dir(&folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Problem::new("exists", format!("`{}` exists already", folder.display()))
                .with_hint("choose another name, or remove that folder")
        }
        _ => Problem::file("create", &folder, &error),
    })?;
    let mut files = Vec::new();
    for (path, text) in [(folder.join(SOURCE), template.code), (folder.join(CONFIG), &config)] {
        write_new(&path, text)?;
        files.push(path);
    }
    let settings = functions.join(SETTINGS);
    if !settings.exists() {
        write_new(&settings, &pretty(&Settings::default())?)?;
        files.push(settings);
    }

    let text = files.iter().map(|file| format!("created {}\n", file.display())).collect::<String>();
    let folder = folder.display();
    let next = format!("next: lambkin run {folder}\n      lambkin deploy {folder}\n");
    Ok(Report::new(&Created { name, template: template.id, files }, text)?.with_footer(next))
}

fn config(name: &str, template: &Template) -> Result<Config, Problem> {
    // Kept as its author wrote it, moved to where it stands in the file.
    let payload = RawValue::from_string(template.sample_payload.trim().replace('\n', "\n    "))
        .map_err(|error| Problem::internal("the template's sample payload is not JSON", error))?;
    Ok(Config {
        name: name.to_owned(),
        event: template.event.to_owned(),
        description: template.description.to_owned(),
        input: Input { headers: Vec::new(), payload },
        // What other tools of the platform expect where there are no variables.
        environment_variables: vec![Pair { key: String::new(), value: String::new() }],
        reuse: None,
    })
}

/// Two spaces of indentation and a line end.
fn pretty(object: &impl Serialize) -> Result<String, Problem> {
    let failed = |error| Problem::internal("cannot write a project file", error);
    let mut text = serde_json::to_string_pretty(object).map_err(failed)?;
    text.push('\n');
    Ok(text)
}

/// Never overwrites: what is there is somebody's work.
fn write_new(path: &Path, text: &str) -> Result<(), Problem> {
    let written = fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Problem::file("write", path, &error))
}

fn unknown(id: &str) -> Problem {
    let known = TEMPLATES.iter().map(|template| format!("`{}`", template.id)).collect::<Vec<_>>().join(", ");
    Problem::new("unknown-template", format!("there is no template `{id}`"))
        .with_hint(format!("choose one of {known}"))
}
