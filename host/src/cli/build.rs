//! `lambkin build`: source to one complete WebAssembly module, the artifact of a pipeline. Two builds of the same
//! source give the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lambkin_runtime::BuildReport;
use serde::Serialize;

use super::engine;
use super::problem::Problem;
use super::report::Report;
use super::subject::{Subject, module_path};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A source, or a function's folder
    file: PathBuf,

    /// Where to write the module; beside the source unless given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Built<'a> {
    module: &'a Path,
    bytes: usize,
    sha256: &'a str,
    engine_hash: &'a str,
    report: &'a BuildReport,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let subject = Subject::read(&arguments.file)?;
    let runtime = engine::start(true)?;
    let checked = subject.checked(&runtime)?;
    // No environment: a module is built once and deployed anywhere; the host freezes it with the deployment's own.
    let frozen = engine::freeze(&runtime, &subject, &checked, &BTreeMap::new())?;
    let module = runtime.write_module(&checked, &frozen)?;

    let path = arguments.output.clone().unwrap_or_else(|| module_path(&subject.name));
    write_whole(&path, &module)?;

    let sha256 = sha256(&module);
    let report = &frozen.report;
    let built = Built {
        module: &path,
        bytes: module.len(),
        sha256: &sha256,
        engine_hash: runtime.engine_hash(),
        report,
    };
    let text = format!(
        "{}: {:.1} MiB, of which {:.1} KiB are the lambda\nsha256 {sha256}",
        path.display(),
        module.len() as f64 / f64::from(1 << 20),
        report.image_bytes as f64 / 1024.0,
    );
    let notes = subject.warnings(&checked) + &engine::freeze_notes(report);
    Ok(Report::new(&built, text)?.with_notes(notes))
}

/// Writes beside the target and renames: a reader sees the old module or the new one, never half of either.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // What could not be renamed must not stay; if it cannot be removed either, the first error says enough.
        let _ = fs::remove_file(&beside);
        Problem::file("write", path, &error)
    })
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
