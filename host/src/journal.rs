//! Lines about lambdas on disk, in files that are bounded: a pair per lambda and kind, and all of them together.
//!
//! When a file is full it becomes the one before and the one that was before goes, so old lines go without a search.
//! Not the database: these lines are many, cheap and not precious. They survive a kill of the process (the kernel has
//! them), and a line that a power cut tore is skipped when read.

use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use cap_std::fs::{Dir, File, Metadata, OpenOptions};
use parking_lot::Mutex;
use serde::Deserialize;
use uuid::Uuid;

use crate::artifacts::hex;

/// Folders the files are spread over.
const SHELVES: usize = 256;

/// What a file's lines are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What lambdas said.
    Log,
    /// What became of their invocations.
    Invocations,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Log, Self::Invocations];

    const fn ending(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Invocations => "calls",
        }
    }

    fn now(self, lambda: Uuid) -> String {
        format!("{}.{}", lambda.simple(), self.ending())
    }

    fn before(self, lambda: Uuid) -> String {
        format!("{}.1", self.now(lambda))
    }
}

/// What the files may take, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// The log of one lambda.
    pub(crate) log: u64,
    /// The invocations of one lambda.
    pub(crate) invocations: u64,
    /// Everything.
    pub(crate) total: u64,
}

/// The folder of these files.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: Dir,
    sizes: Sizes,
    /// One per folder below, held while a file is written, renamed or removed.
    shelves: Box<[Mutex<()>]>,
    /// Bytes of all files; right once [`Journal::measure`] was through.
    used: AtomicU64,
}

impl Journal {
    pub(crate) fn new(folder: Dir, sizes: Sizes) -> Self {
        let shelves = (0..SHELVES).map(|_| Mutex::new(())).collect();
        Self { folder, sizes, shelves, used: AtomicU64::new(0) }
    }

    /// Appends lines, each with its line break. A crowd of lines that is larger than a file goes into several.
    pub(crate) fn append(&self, kind: Kind, lambda: Uuid, lines: &[u8]) -> io::Result<()> {
        let _held = self.hold(lambda);
        let shelf = self.shelf(lambda)?;
        let mut rest = lines;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(piece(rest, self.turn(kind)));
            let mut file = self.current(&shelf, kind, lambda, piece.len() as u64)?;
            if is_torn(&mut file)? {
                file.write_all(b"\n")?;
            }
            file.write_all(piece)?;
            self.used.fetch_add(piece.len() as u64, Ordering::Relaxed);
            rest = after;
        }
        Ok(())
    }

    /// The text of both files of a lambda, the older one first.
    pub(crate) fn read(&self, kind: Kind, lambda: Uuid) -> io::Result<Vec<Vec<u8>>> {
        let files = self.open_both(kind, lambda)?;
        files
            .into_iter()
            .map(|mut file| {
                let mut text = Vec::new();
                file.read_to_end(&mut text).map(|_| text)
            })
            .collect()
    }

    /// Removes everything about a lambda.
    pub(crate) fn forget(&self, lambda: Uuid) -> io::Result<()> {
        let _held = self.hold(lambda);
        let shelf = self.shelf(lambda)?;
        for kind in Kind::ALL {
            for name in [kind.before(lambda), kind.now(lambda)] {
                self.remove(&shelf, &name)?;
            }
        }
        Ok(())
    }

    /// Counts the bytes there are.
    pub(crate) fn measure(&self) -> io::Result<()> {
        let mut used = 0;
        self.each_file(|found| {
            used += found.metadata.len();
            Ok(())
        })?;
        self.used.store(used, Ordering::Relaxed);
        Ok(())
    }

    /// Removes lines from before `oldest` (milliseconds since the epoch), and everything about lambdas that are not
    /// `wanted` any more. Ends early when it is `stopping`.
    pub(crate) fn sweep(
        &self,
        oldest: u64,
        wanted: &dyn Fn(Uuid) -> bool,
        stopping: &dyn Fn() -> bool,
    ) -> io::Result<()> {
        self.each_file(|found| {
            if stopping() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let _held = self.hold(found.lambda);
            if modified_ms(&found.metadata) < oldest || !wanted(found.lambda) {
                return self.remove(found.shelf, found.name);
            }
            self.cut(found.shelf, found.name, oldest)
        })
    }

    /// Removes the files that were written to least recently until a tenth is free, if they take more than they may.
    pub(crate) fn make_room(&self) -> io::Result<()> {
        if self.used.load(Ordering::Relaxed) <= self.sizes.total {
            return Ok(());
        }
        let mut files = Vec::new();
        self.each_file(|found| {
            files.push((modified_ms(&found.metadata), found.lambda, found.name.to_owned()));
            Ok(())
        })?;
        files.sort();
        for (_, lambda, name) in files {
            if self.used.load(Ordering::Relaxed) <= self.sizes.total - self.sizes.total / 10 {
                break;
            }
            let _held = self.hold(lambda);
            self.remove(&self.shelf(lambda)?, &name)?;
        }
        Ok(())
    }

    /// Bytes of all files.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Bytes after which a file becomes the one before.
    fn turn(&self, kind: Kind) -> u64 {
        let both = match kind {
            Kind::Log => self.sizes.log,
            Kind::Invocations => self.sizes.invocations,
        };
        (both / 2).max(1)
    }

    fn hold(&self, lambda: Uuid) -> impl Drop + '_ {
        // One lock for each value of the byte.
        self.shelves[usize::from(lambda.as_bytes()[0])].lock()
    }

    fn current(&self, shelf: &Dir, kind: Kind, lambda: Uuid, more: u64) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        let file = shelf.open_with(kind.now(lambda), &options)?;
        let length = file.metadata()?.len();
        if length == 0 || length + more <= self.turn(kind) {
            return Ok(file);
        }
        self.remove(shelf, &kind.before(lambda))?;
        shelf.rename(kind.now(lambda), shelf, kind.before(lambda))?;
        shelf.open_with(kind.now(lambda), &options)
    }

    fn open_both(&self, kind: Kind, lambda: Uuid) -> io::Result<Vec<File>> {
        let _held = self.hold(lambda);
        let shelf = self.shelf(lambda)?;
        let mut files = Vec::new();
        for name in [kind.before(lambda), kind.now(lambda)] {
            match shelf.open(name) {
                Ok(file) => files.push(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    fn remove(&self, shelf: &Dir, name: &str) -> io::Result<()> {
        let length = shelf.metadata(name).map_or(0, |metadata| metadata.len());
        match shelf.remove_file(name) {
            Ok(()) => {
                let less = |used: u64| Some(used.saturating_sub(length));
                let _ = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes the lines of a file from before `oldest`; one that begins late enough is not read further.
    fn cut(&self, shelf: &Dir, name: &str, oldest: u64) -> io::Result<()> {
        let Some(mut file) = there_still(shelf.open(name))? else { return Ok(()) };
        let mut start = vec![0; 64 << 10];
        let length = file.read(&mut start)?;
        let first = start[..length].split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        if first.ends_with(b"\n") && time_of(first).is_some_and(|time| time >= oldest) {
            return Ok(());
        }
        start.truncate(length);
        file.read_to_end(&mut start)?;
        let mut kept = Vec::with_capacity(start.len());
        let young = |line: &&[u8]| time_of(line).is_some_and(|time| time >= oldest);
        start.split_inclusive(|byte| *byte == b'\n').filter(young).for_each(|line| kept.extend(line));
        if kept.len() == start.len() {
            return Ok(());
        }
        if kept.is_empty() {
            return self.remove(shelf, name);
        }
        let draft = format!("{name}.draft");
        shelf.write(&draft, &kept)?;
        shelf.rename(&draft, shelf, name)?;
        self.used.fetch_sub((start.len() - kept.len()) as u64, Ordering::Relaxed);
        Ok(())
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

    fn each_file(&self, mut each: impl FnMut(Found<'_>) -> io::Result<()>) -> io::Result<()> {
        for entry in self.folder.entries()? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                continue;
            }
            let shelf = entry.open_dir()?;
            for file in shelf.entries()? {
                let file = file?;
                let name = file.file_name();
                let Some(name) = name.to_str() else { continue };
                let Some(lambda) = name.split('.').next().and_then(|id| Uuid::try_parse(id).ok()) else {
                    continue;
                };
                let Some(metadata) = there_still(file.metadata())? else { continue };
                each(Found { shelf: &shelf, name, lambda, metadata })?;
            }
        }
        Ok(())
    }
}

/// A file of the journal.
struct Found<'a> {
    shelf: &'a Dir,
    name: &'a str,
    lambda: Uuid,
    metadata: Metadata,
}

/// The lines of both files of a lambda that can be read, oldest first.
pub(crate) fn lines(files: &[Vec<u8>]) -> impl DoubleEndedIterator<Item = &[u8]> {
    files.iter().flat_map(|text| text.split(|byte| *byte == b'\n')).filter(|line| !line.is_empty())
}

/// Writes a value as a line.
pub(crate) fn write_line(lines: &mut Vec<u8>, value: &impl serde::Serialize) -> io::Result<()> {
    let start = lines.len();
    if let Err(error) = serde_json::to_writer(&mut *lines, value) {
        lines.truncate(start);
        return Err(error.into());
    }
    // A line break can only be white space between JSON tokens of the guest's making.
    lines[start..].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
    lines.push(b'\n');
    Ok(())
}

/// How many bytes of the lines fit a file: whole lines, at least one.
fn piece(lines: &[u8], turn: u64) -> usize {
    let turn = usize::try_from(turn).unwrap_or(usize::MAX);
    if lines.len() <= turn {
        return lines.len();
    }
    let end = |from: &[u8]| from.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
    let first = || lines.iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| at + 1);
    end(&lines[..turn]).unwrap_or_else(first)
}

/// When a line was written, as far as it says so.
fn time_of(line: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Stamp {
        #[serde(default)]
        timestamp: Option<u64>,
        #[serde(default)]
        entries: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        timestamp: u64,
    }
    let stamp: Stamp = serde_json::from_slice(line).ok()?;
    stamp.timestamp.or_else(|| stamp.entries.first().map(|entry| entry.timestamp))
}

fn modified_ms(metadata: &Metadata) -> u64 {
    let time = metadata.modified().map_or(UNIX_EPOCH, cap_std::time::SystemTime::into_std);
    SystemTime::duration_since(&time, UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn there_still<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
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
#[path = "journal/tests.rs"]
mod tests;
