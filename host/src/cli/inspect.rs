//! `lambkin inspect`: what a built module holds, and whether this engine would take it.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use super::engine;
use super::problem::Problem;
use super::report::Report;
use super::subject::{Content, Subject};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A module that `lambkin build` wrote
    file: PathBuf,

    /// Print the source the module carries, and nothing else
    #[arg(long)]
    source: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inspected<'a> {
    module: &'a str,
    bytes: usize,
    built_by: &'a str,
    engine_hash: &'a str,
    same_engine: bool,
    image_bytes: u64,
    source_chars: usize,
    sections: Vec<Section<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct Section<'a> {
    name: &'a str,
    bytes: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let subject = Subject::read(&arguments.file)?;
    let Content::Module(bytes) = &subject.content else {
        return Err(Problem::new("file", format!("`{}` is not a module", subject.name))
            .with_hint(format!("`lambkin build {}` makes one", subject.name)));
    };
    let module = engine::start(true)?.read_module(bytes)?;
    let source = module.source.source();
    let inspected = Inspected {
        module: &subject.name,
        bytes: bytes.len(),
        built_by: &module.built_by,
        engine_hash: &module.engine_hash,
        same_engine: module.same_engine,
        image_bytes: module.image_bytes,
        source_chars: source.chars().count(),
        sections: module.sections.iter().map(|(name, bytes)| Section { name, bytes: *bytes }).collect(),
        source: arguments.source.then_some(source),
    };
    let text = if arguments.source { source.to_owned() } else { page(&inspected) };
    Report::new(&inspected, text)
}

fn page(inspected: &Inspected<'_>) -> String {
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let _ = writeln!(text, "module    {}, {} bytes", inspected.module, inspected.bytes);
    let _ = writeln!(text, "built by  {}", inspected.built_by);
    let engine = if inspected.same_engine {
        "this engine: the image is used as it is"
    } else {
        "another engine: a server freezes the source again"
    };
    let _ = writeln!(text, "engine    {} ({engine})", inspected.engine_hash);
    let _ = writeln!(text, "image     {} bytes", inspected.image_bytes);
    let _ = writeln!(text, "source    {} characters", inspected.source_chars);
    let _ = writeln!(text, "sections");
    for section in &inspected.sections {
        let _ = writeln!(text, "  {:>10}  {}", section.bytes, section.name);
    }
    text
}
