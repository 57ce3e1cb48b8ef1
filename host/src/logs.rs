//! What lambdas logged, on disk: one file per lambda and the one before it, so that the space a lambda takes is
//! bounded and old lines go without a search.
//!
//! Not the database: logs are many, cheap and not precious. They survive a kill of the process (the kernel has
//! them), and a line that a power cut tore is skipped when read.

use std::{
    collections::VecDeque,
    io::{self, Read, Seek, SeekFrom, Write},
};

use cap_std::fs::{Dir, File, OpenOptions};
use lambkin_runtime::{Level, LogEntry};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::artifacts::hex;

/// The stored log of one invocation: one line of a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvocationLog {
    pub(crate) request_id: String,
    pub(crate) entries: Vec<LogEntry>,
}

/// One entry as `GET /logs` shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct LogLine {
    #[serde(rename = "lambdaUUID")]
    pub(crate) lambda: Uuid,
    #[serde(rename = "requestID")]
    pub(crate) request_id: String,
    pub(crate) timestamp: u64,
    #[schema(value_type = String)]
    pub(crate) level: Level,
    #[schema(value_type = Object)]
    pub(crate) message: Box<RawValue>,
    #[schema(value_type = Vec<Object>)]
    pub(crate) extras: Box<RawValue>,
}

/// Which entries are wanted.
#[derive(Debug)]
pub(crate) struct LogQuery {
    pub(crate) lambda: Uuid,
    /// Milliseconds since the epoch, both ends included.
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// Empty is all.
    pub(crate) levels: Vec<Level>,
    /// The newest so many.
    pub(crate) at_most: usize,
}

/// The folder of log files.
#[derive(Debug)]
pub(crate) struct LogFiles {
    folder: Dir,
    /// Bytes after which a file becomes the one before.
    turn: u64,
    /// Held while files change their names, and while a reader opens both.
    naming: Mutex<()>,
}

impl LogFiles {
    /// `bytes` is what one lambda may take.
    pub(crate) fn new(folder: Dir, bytes: u64) -> Self {
        Self { folder, turn: (bytes / 2).max(1), naming: Mutex::new(()) }
    }

    /// Appends the logs of some invocations of a lambda.
    pub(crate) fn append(&self, lambda: Uuid, logs: &[InvocationLog]) -> io::Result<()> {
        let mut lines = Vec::new();
        for log in logs {
            let start = lines.len();
            serde_json::to_writer(&mut lines, log)?;
            // A line break can only be white space between JSON tokens of the guest's making.
            lines[start..].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
            lines.push(b'\n');
            if start > 0 && lines.len() as u64 > self.turn {
                let last = lines.split_off(start);
                self.write(lambda, &lines)?;
                lines = last;
            }
        }
        self.write(lambda, &lines)
    }

    /// Appends some lines to the file that has room for them.
    fn write(&self, lambda: Uuid, lines: &[u8]) -> io::Result<()> {
        let shelf = self.shelf(lambda)?;
        let mut file = self.current(&shelf, lambda, lines.len() as u64)?;
        if is_torn(&mut file)? {
            file.write_all(b"\n")?;
        }
        file.write_all(lines)
    }

    /// The entries asked for, oldest first.
    pub(crate) fn read(&self, query: &LogQuery) -> io::Result<Vec<LogLine>> {
        let mut found = VecDeque::new();
        for mut file in self.both(query.lambda)? {
            let mut text = Vec::new();
            file.read_to_end(&mut text)?;
            for line in text.split(|byte| *byte == b'\n') {
                let Ok(log) = serde_json::from_slice::<InvocationLog>(line) else { continue };
                found.extend(log.entries.into_iter().filter(|entry| query.wants(entry)).map(|entry| {
                    LogLine {
                        lambda: query.lambda,
                        request_id: log.request_id.clone(),
                        timestamp: entry.timestamp,
                        level: entry.level,
                        message: entry.message,
                        extras: entry.extras,
                    }
                }));
                let surplus = found.len().saturating_sub(query.at_most);
                found.drain(..surplus);
            }
        }
        Ok(found.into())
    }

    /// Removes everything a lambda logged.
    pub(crate) fn forget(&self, lambda: Uuid) -> io::Result<()> {
        let shelf = self.shelf(lambda)?;
        let _naming = self.naming.lock();
        for name in [before(lambda), now(lambda)] {
            match shelf.remove_file(name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn current(&self, shelf: &Dir, lambda: Uuid, more: u64) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        let file = shelf.open_with(now(lambda), &options)?;
        let length = file.metadata()?.len();
        if length == 0 || length + more <= self.turn {
            return Ok(file);
        }
        let _naming = self.naming.lock();
        shelf.rename(now(lambda), shelf, before(lambda))?;
        shelf.open_with(now(lambda), &options)
    }

    fn both(&self, lambda: Uuid) -> io::Result<Vec<File>> {
        let shelf = self.shelf(lambda)?;
        let _naming = self.naming.lock();
        let mut files = Vec::new();
        for name in [before(lambda), now(lambda)] {
            match shelf.open(name) {
                Ok(file) => files.push(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    fn shelf(&self, lambda: Uuid) -> io::Result<Dir> {
        let name = hex(&lambda.as_bytes()[..1]);
        match self.folder.open_dir(&name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.folder.create_dir_all(&name)?;
                self.folder.open_dir(&name)
            }
            opened => opened,
        }
    }
}

impl LogQuery {
    fn wants(&self, entry: &LogEntry) -> bool {
        (self.from..=self.to).contains(&entry.timestamp)
            && (self.levels.is_empty() || self.levels.contains(&entry.level))
    }
}

fn now(lambda: Uuid) -> String {
    format!("{}.log", lambda.simple())
}

fn before(lambda: Uuid) -> String {
    format!("{}.log.1", lambda.simple())
}

/// Whether the last write to a file was cut short.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    fn files(bytes: u64) -> (tempfile::TempDir, LogFiles) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Dir::open_ambient_dir(dir.path(), ambient_authority()).unwrap();
        (dir, LogFiles::new(folder, bytes))
    }

    fn log(n: u64, level: Level) -> InvocationLog {
        let raw = |text: String| RawValue::from_string(text).unwrap();
        let entry = LogEntry {
            level,
            message: raw(format!("\"m{n}\"")),
            extras: raw("[\n]".to_owned()),
            timestamp: n,
        };
        InvocationLog { request_id: format!("r{n}"), entries: vec![entry] }
    }

    fn query(lambda: Uuid) -> LogQuery {
        LogQuery { lambda, from: 0, to: u64::MAX, levels: Vec::new(), at_most: 500 }
    }

    fn ids(lines: &[LogLine]) -> Vec<&str> {
        lines.iter().map(|line| line.request_id.as_str()).collect()
    }

    #[test]
    fn entries_are_found_by_time_level_and_number() {
        let (_dir, files) = files(1 << 20);
        let lambda = Uuid::from_u128(1);
        files.append(lambda, &[log(1, Level::Info), log(2, Level::Error), log(3, Level::Info)]).unwrap();
        assert_eq!(ids(&files.read(&query(lambda)).unwrap()), ["r1", "r2", "r3"]);
        assert_eq!(ids(&files.read(&LogQuery { from: 2, to: 2, ..query(lambda) }).unwrap()), ["r2"]);
        assert_eq!(
            ids(&files.read(&LogQuery { levels: vec![Level::Info], ..query(lambda) }).unwrap()),
            ["r1", "r3"]
        );
        assert_eq!(ids(&files.read(&LogQuery { at_most: 1, ..query(lambda) }).unwrap()), ["r3"]);
        assert!(files.read(&query(Uuid::from_u128(2))).unwrap().is_empty());
        files.forget(lambda).unwrap();
        assert!(files.read(&query(lambda)).unwrap().is_empty());
    }

    #[test]
    fn the_space_of_a_lambda_is_bounded_and_the_newest_stay() {
        let (dir, files) = files(4_000);
        let lambda = Uuid::from_u128(1);
        for n in 0..200 {
            files.append(lambda, &[log(n, Level::Info)]).unwrap();
        }
        let used: u64 = std::fs::read_dir(dir.path().join("00"))
            .unwrap()
            .map(|f| f.unwrap().metadata().unwrap().len())
            .sum();
        assert!(used <= 4_000, "{used}");
        assert_eq!(files.read(&query(lambda)).unwrap().last().unwrap().request_id, "r199");
        let many: Vec<_> = (200..400).map(|n| log(n, Level::Info)).collect();
        files.append(lambda, &many).unwrap();
        for file in std::fs::read_dir(dir.path().join("00")).unwrap() {
            assert!(file.unwrap().metadata().unwrap().len() <= 2_000);
        }
        assert_eq!(files.read(&query(lambda)).unwrap().last().unwrap().request_id, "r399");
    }

    #[test]
    fn a_torn_line_costs_itself_only() {
        let (dir, files) = files(1 << 20);
        let lambda = Uuid::from_u128(1);
        files.append(lambda, &[log(1, Level::Info)]).unwrap();
        let path = dir.path().join("00").join(now(lambda));
        let mut text = std::fs::read(&path).unwrap();
        text.extend_from_slice(b"{\"requestId\":\"torn");
        std::fs::write(&path, text).unwrap();
        files.append(lambda, &[log(2, Level::Info)]).unwrap();
        assert_eq!(ids(&files.read(&query(lambda)).unwrap()), ["r1", "r2"]);
    }
}
