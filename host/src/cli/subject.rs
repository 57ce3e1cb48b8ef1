//! The file a verb works on: a source, a built module, or a function's folder.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use lambkin_runtime::{Checked, MAX_MODULE_BYTES, Runtime, check};

use super::problem::{Problem, render_findings};
use super::project::{Config, Folder};

/// Larger files are not read to their end: the largest module is far larger than the largest source.
const MAX_FILE: u64 = MAX_MODULE_BYTES as u64;

/// What was found under the path a verb was given.
#[derive(Debug)]
pub(super) struct Subject {
    /// The file's path as the user would write it; messages carry it.
    pub(super) name: String,
    /// The project's word on this function, when the path is its folder.
    pub(super) config: Option<Config>,
    /// The file itself.
    pub(super) content: Content,
}

/// The two kinds of file.
#[derive(Debug)]
pub(super) enum Content {
    /// JavaScript text, not checked yet.
    Source(String),
    /// What claims to be WebAssembly.
    Module(Vec<u8>),
}

impl Subject {
    /// Reads a source, a module or a folder.
    ///
    /// # Errors
    /// When there is no such file, when it is too large, or when a source is not text.
    pub(super) fn read(path: &Path) -> Result<Self, Problem> {
        let (file, config) = if path.is_dir() {
            let folder = Folder::read(path)?;
            (folder.source, folder.config)
        } else {
            (path.to_path_buf(), None)
        };
        let name = file.display().to_string();
        let bytes = read_bounded(&file)?;
        let content = if is_binary(&file, &bytes) {
            Content::Module(bytes)
        } else {
            Content::Source(text(&name, bytes)?)
        };
        Ok(Self { name, config, content })
    }

    /// The checked source: the file itself, or what a module carries.
    ///
    /// # Errors
    /// Every finding of the check at once, or why the module was refused.
    pub(super) fn checked(&self, runtime: &Runtime) -> Result<Checked, Problem> {
        match &self.content {
            Content::Source(source) => {
                check(source).map_err(|findings| Problem::refused(&self.name, findings))
            }
            Content::Module(bytes) => Ok(runtime.read_module(bytes)?.source),
        }
    }

    /// What the check has to say about a source it accepted, ready for stderr.
    pub(super) fn warnings(&self, checked: &Checked) -> String {
        render_findings(&self.name, checked.warnings())
    }

    /// The environment of the project's folder, and over it what the command line says.
    pub(super) fn environment(&self, overrides: &[(String, String)]) -> BTreeMap<String, String> {
        let mut environment = self.config.as_ref().map(Config::environment).unwrap_or_default();
        environment.extend(overrides.iter().cloned());
        environment
    }
}

/// Reads `NAME=VALUE` from the command line.
///
/// # Errors
/// When there is no `=` or no name.
pub(super) fn parse_variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a variable is NAME=VALUE".to_owned()),
    }
}

/// The path of what `build` writes beside a source: `index.js` becomes `index.wasm`.
pub(super) fn module_path(name: &str) -> PathBuf {
    Path::new(name).with_extension("wasm")
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, Problem> {
    let failed = |error: std::io::Error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let problem = Problem::file("read", path, &error);
        if missing {
            problem.with_hint("`lambkin new NAME` writes a function to start from")
        } else {
            problem
        }
    };
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Problem::new(
            "file",
            format!("`{}` is larger than {} MiB", path.display(), MAX_FILE >> 20),
        ));
    }
    Ok(bytes)
}

/// A module by its first bytes, native code by its first bytes, or either by its name: the runtime gives the reason
/// for refusing what only looks like a module.
fn is_binary(path: &Path, bytes: &[u8]) -> bool {
    let named = path.extension().is_some_and(|extension| extension == "wasm" || extension == "cwasm");
    named || bytes.starts_with(b"\0asm") || bytes.starts_with(b"\x7fELF")
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Problem::new(
            lambkin_runtime::ErrorCode::ContractError.as_str(),
            format!("`{name}` is not UTF-8 text: byte {at}, on line {line}, begins no character"),
        )
        .with_hint("save the file as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_a_name_and_may_hold_equal_signs() {
        assert_eq!(parse_variable("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert_eq!(parse_variable("A="), Ok(("A".to_owned(), String::new())));
        assert!(parse_variable("A").is_err());
        assert!(parse_variable("=b").is_err());
    }

    #[test]
    fn the_line_of_a_broken_character_is_named() {
        let problem = text("x.js", b"one\ntwo \xff".to_vec()).expect_err("not UTF-8");
        assert!(format!("{problem:?}").contains("byte 8, on line 2"), "{problem:?}");
    }
}
