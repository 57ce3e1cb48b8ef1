//! The engine on this machine: where its native code is kept, and one lambda made ready in it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lambkin_runtime::{BuildReport, Checked, Frozen, Lambda, Limits, Runtime, RuntimeConfig};

use super::problem::Problem;
use super::subject::Subject;

/// Starts the engine for one command. Its native code is cached for the user, so only the first start compiles it.
///
/// # Errors
/// When the machine refuses what the engine needs.
pub(super) fn start(metered: bool) -> Result<Runtime, Problem> {
    start_with(metered, Limits::default())
}

/// The same, with the limits the user chose.
///
/// # Errors
/// When the machine refuses what the engine needs.
pub(super) fn start_with(metered: bool, limits: Limits) -> Result<Runtime, Problem> {
    // A command runs one instance at a time; the second slot is the one that is being taken back.
    let config =
        RuntimeConfig { cache: cache_folder(), metered, slots: 2, limits, ..RuntimeConfig::default() };
    Ok(Runtime::new(config)?)
}

/// A lambda that can be thawed.
pub(super) struct Ready {
    /// Its source.
    pub(super) checked: Checked,
    /// What freezing it reported.
    pub(super) report: BuildReport,
    /// What [`Runtime::thaw`] takes.
    pub(super) lambda: Lambda,
}

/// Checks, freezes and loads the subject.
///
/// # Errors
/// The findings of the check, the failure of the top level, or why a module was refused.
pub(super) fn prepare(
    runtime: &Runtime,
    subject: &Subject,
    environment: &BTreeMap<String, String>,
) -> Result<Ready, Problem> {
    let checked = subject.checked(runtime)?;
    let Frozen { image, report } = freeze(runtime, subject, &checked, environment)?;
    let lambda = runtime.load(&image)?;
    Ok(Ready { checked, report, lambda })
}

/// Freezes a checked source.
///
/// # Errors
/// The failure of the top level, with its place and what it logged.
pub(super) fn freeze(
    runtime: &Runtime,
    subject: &Subject,
    checked: &Checked,
    environment: &BTreeMap<String, String>,
) -> Result<Frozen, Problem> {
    runtime.freeze(checked, environment).map_err(|failure| Problem::freeze(&subject.name, failure))
}

/// What a freeze wants said, ready for stderr.
pub(super) fn freeze_notes(report: &BuildReport) -> String {
    let mut notes = super::report::log_lines(&report.logs);
    for warning in &report.warnings {
        notes.push_str("warning: ");
        notes.push_str(warning);
        notes.push('\n');
    }
    notes
}

/// `$LAMBKIN_CACHE`, or the user's cache folder; `None` where there is neither, and then nothing is kept.
fn cache_folder() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("LAMBKIN_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(|folder| folder.join("lambkin")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/lambkin")))
}
