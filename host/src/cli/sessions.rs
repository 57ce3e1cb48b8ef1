//! The sessions that `lambkin login` begins: one for each server, in a file of the user's that nobody else can read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// A session with one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    /// The account the user belongs to.
    pub(super) account: String,
    pub(super) login_name: String,
    pub(super) token: String,
}

/// All sessions, by the server's base URL.
#[derive(Debug)]
pub(super) struct Sessions {
    path: PathBuf,
    of: BTreeMap<String, Session>,
}

impl Sessions {
    /// Reads `$XDG_CONFIG_HOME/lambkin/sessions.json`; without such a file there are none.
    ///
    /// # Errors
    /// When there is a file that cannot be read or understood.
    pub(super) fn open() -> Result<Self, Problem> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder =
            variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|home| home.join(".config")));
        match folder {
            Some(folder) => Self::read(folder.join("lambkin").join("sessions.json")),
            None => Ok(Self { path: PathBuf::new(), of: BTreeMap::new() }),
        }
    }

    fn read(path: PathBuf) -> Result<Self, Problem> {
        let of = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                Problem::new("file", format!("`{}` holds no sessions: {error}", path.display()))
                    .with_hint("remove it and log in again")
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(Problem::file("read", &path, &error)),
        };
        Ok(Self { path, of })
    }

    /// The session with a server.
    pub(super) fn with(&self, server: &str) -> Option<&Session> {
        self.of.get(server)
    }

    /// Keeps a session in the place of the one there was.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn keep(&mut self, server: &str, session: Session) -> Result<(), Problem> {
        self.of.insert(server.to_owned(), session);
        self.write()
    }

    /// Forgets the session with a server.
    ///
    /// # Errors
    /// When that cannot be written.
    pub(super) fn forget(&mut self, server: &str) -> Result<(), Problem> {
        self.of.remove(server);
        self.write()
    }

    /// Whole or not at all, and from its first byte on for nobody else.
    fn write(&self) -> Result<(), Problem> {
        let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
            return Err(Problem::usage("there is no folder to keep the session in")
                .with_hint("set HOME or XDG_CONFIG_HOME"));
        };
        let failed = |path: &Path, error: &io::Error| Problem::file("write", path, error);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| failed(folder, &error))?;
        let fresh = self.path.with_extension(format!("{}.new", std::process::id()));
        // What a process of the same number left behind.
        let _ = fs::remove_file(&fresh);
        let text = serde_json::to_vec_pretty(&self.of)
            .map_err(|error| Problem::internal("cannot write the sessions", error))?;
        let written = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&fresh)
            .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&fresh, &self.path));
        written.map_err(|error| {
            let _ = fs::remove_file(&fresh);
            failed(&self.path, &error)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_session_is_kept_for_its_user_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lambkin/sessions.json");
        let session =
            Session { account: "1".to_owned(), login_name: "ada".to_owned(), token: "lks_x".to_owned() };
        let mut sessions = Sessions::read(path.clone()).expect("none yet");
        sessions.keep("http://a", session.clone()).expect("written");
        sessions.keep("http://b", session.clone()).expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        let mut sessions = Sessions::read(path.clone()).expect("two");
        assert_eq!(sessions.with("http://a"), Some(&session));
        sessions.forget("http://a").expect("written");
        let sessions = Sessions::read(path.clone()).expect("one");
        assert_eq!((sessions.with("http://a"), sessions.with("http://b")), (None, Some(&session)));
        fs::write(&path, "nonsense").expect("written");
        assert!(Sessions::read(path).is_err());
    }
}
