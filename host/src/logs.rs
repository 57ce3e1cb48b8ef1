//! What lambdas logged: lines of the [`Journal`], one for each invocation that logged something.

use std::{collections::VecDeque, io, sync::Arc};

use lambkin_runtime::{Level, LogEntry};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::journal::{self, Journal, Kind};

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

/// The logs of all lambdas.
#[derive(Debug)]
pub(crate) struct LogFiles {
    journal: Arc<Journal>,
}

impl LogFiles {
    pub(crate) fn new(journal: Arc<Journal>) -> Self {
        Self { journal }
    }

    /// Appends the logs of some invocations of a lambda.
    pub(crate) fn append(&self, lambda: Uuid, logs: &[InvocationLog]) -> io::Result<()> {
        let mut lines = Vec::new();
        for log in logs {
            journal::write_line(&mut lines, log)?;
        }
        self.journal.append(Kind::Log, lambda, &lines)
    }

    /// The entries asked for, oldest first.
    pub(crate) fn read(&self, query: &LogQuery) -> io::Result<Vec<LogLine>> {
        let mut found = VecDeque::new();
        for line in journal::lines(&self.journal.read(Kind::Log, query.lambda)?) {
            let Ok(log) = serde_json::from_slice::<InvocationLog>(line) else { continue };
            found.extend(log.entries.into_iter().filter(|entry| query.wants(entry)).map(|entry| LogLine {
                lambda: query.lambda,
                request_id: log.request_id.clone(),
                timestamp: entry.timestamp,
                level: entry.level,
                message: entry.message,
                extras: entry.extras,
            }));
            let surplus = found.len().saturating_sub(query.at_most);
            found.drain(..surplus);
        }
        Ok(found.into())
    }
}

impl LogQuery {
    fn wants(&self, entry: &LogEntry) -> bool {
        (self.from..=self.to).contains(&entry.timestamp)
            && (self.levels.is_empty() || self.levels.contains(&entry.level))
    }
}

#[cfg(test)]
mod tests {
    use cap_std::{ambient_authority, fs::Dir};

    use super::*;
    use crate::journal::Sizes;

    fn files() -> (tempfile::TempDir, LogFiles) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Dir::open_ambient_dir(dir.path(), ambient_authority()).unwrap();
        let sizes = Sizes { log: 1 << 20, invocations: 1 << 20, total: 1 << 30 };
        (dir, LogFiles::new(Arc::new(Journal::new(folder, sizes))))
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
        let (_dir, files) = files();
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
    }
}
