//! A function's folder in a project: `functions/<name>/{index.js, config.json}`, the layout that `lpf` and its
//! projects use. Nothing here knows engines or servers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::problem::Problem;

/// The folder all functions of a project stand in.
pub(super) const FUNCTIONS: &str = "functions";
/// The lambda's source.
pub(super) const SOURCE: &str = "index.js";
/// What belongs to the function besides its source.
pub(super) const CONFIG: &str = "config.json";
/// Secrets and whitelisted domains of the whole project.
pub(super) const SETTINGS: &str = "settings.json";

/// `config.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config {
    /// The function's name.
    #[serde(default)]
    pub(super) name: String,
    /// An event id or `No Event`.
    #[serde(default)]
    pub(super) event: String,
    /// One sentence.
    #[serde(default)]
    pub(super) description: String,
    /// What local runs and test invocations send.
    #[serde(default)]
    pub(super) input: Input,
    /// One pair of empty strings means none.
    #[serde(default)]
    pub(super) environment_variables: Vec<Pair>,
    /// Whether instances are reused; as the server has it where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reuse: Option<bool>,
}

/// The sample input.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Input {
    /// Request headers.
    #[serde(default)]
    pub(super) headers: Vec<Pair>,
    /// Any JSON value, kept as it is written.
    #[serde(default = "empty_object")]
    pub(super) payload: Box<RawValue>,
}

impl Default for Input {
    fn default() -> Self {
        Self { headers: Vec::new(), payload: empty_object() }
    }
}

/// A key and its value, the way the platform writes maps.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pair {
    /// Name.
    pub(super) key: String,
    /// Text.
    pub(super) value: String,
}

/// `settings.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Settings {
    /// Secrets the functions of this project use, for runs on this machine.
    #[serde(default)]
    pub(super) secrets: Vec<ProjectSecret>,
    /// Domains they call.
    #[serde(default)]
    pub(super) whitelist: Vec<String>,
}

/// A secret of a project.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ProjectSecret {
    /// Its name.
    pub(super) key: String,
    /// Text, number or JSON.
    pub(super) value: serde_json::Value,
}

impl Settings {
    /// The settings of the project that a function's folder belongs to; none where there is no such file.
    ///
    /// # Errors
    /// When the file cannot be understood.
    pub(super) fn of(folder: &Path) -> Result<Self, Problem> {
        let path = folder.join("..").join(SETTINGS);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                Problem::new("config", format!("`{}` cannot be understood: {error}", path.display()))
                    .with_hint("it is `{\"secrets\": [{\"key\": ..., \"value\": ...}], \"whitelist\": [\"api.example.com\"]}`")
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Problem::file("read", &path, &error)),
        }
    }
}

/// The files of one function.
#[derive(Debug)]
pub(super) struct Folder {
    /// The source's path.
    pub(super) source: PathBuf,
    /// What `config.json` says; `None` where there is none.
    pub(super) config: Option<Config>,
}

impl Folder {
    /// Reads a function's folder.
    ///
    /// # Errors
    /// When it holds no source, or a `config.json` that cannot be understood.
    pub(super) fn read(path: &Path) -> Result<Self, Problem> {
        let source = path.join(SOURCE);
        if !source.is_file() {
            return Err(Problem::new("file", format!("`{}` holds no `{SOURCE}`", path.display()))
                .with_hint("name a source, a module, or a folder that `lambkin new` made"));
        }
        let config_path = path.join(CONFIG);
        let config = match fs::read(&config_path) {
            Ok(bytes) => Some(serde_json::from_slice(&bytes).map_err(|error| {
                Problem::new("config", format!("`{}` cannot be understood: {error}", config_path.display()))
                    .with_hint("`lambkin new NAME` writes a complete one to compare with")
            })?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Problem::file("read", &config_path, &error)),
        };
        Ok(Self { source, config })
    }
}

impl Config {
    /// The environment variables, without the empty pair that stands for none.
    pub(super) fn environment(&self) -> BTreeMap<String, String> {
        let named = self.environment_variables.iter().filter(|pair| !pair.key.is_empty());
        named.map(|pair| (pair.key.clone(), pair.value.clone())).collect()
    }
}

fn empty_object() -> Box<RawValue> {
    // `{}` is JSON; `null` would be the answer if it were not.
    RawValue::from_string("{}".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_pair_means_no_environment() {
        let config: Config = serde_json::from_str(
            r#"{"name": "a", "environmentVariables": [{"key": "", "value": ""}, {"key": "A", "value": "1"}]}"#,
        )
        .expect("a config");
        assert_eq!(config.environment(), BTreeMap::from([("A".to_owned(), "1".to_owned())]));
        assert_eq!(config.input.payload.get(), "{}");
    }
}
