//! Starting servers, and starts that are refused.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{ChildStdout, Command, ExitStatus, Stdio},
    sync::{Arc, OnceLock, mpsc},
    time::Instant,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{PATIENCE, Server, lambkin};

/// A server that is to be started.
#[derive(Debug)]
pub struct Start {
    data: PathBuf,
    kept: Option<Arc<TempDir>>,
    dev: bool,
    cold: bool,
    /// Mebibytes of a disk of its own.
    disk: Option<usize>,
    read_only: bool,
    arguments: Vec<String>,
}

/// Gives a server a small disk, a copy of its data directory, in a mount namespace that ends with it.
const ON_SMALL_DISK: &str = "\
set -eu; size=$1 data=$2 mode=$3; shift 3
mkdir -p \"$data\" \"$data.disk\"
mount -t tmpfs -o size=${size}m none \"$data.disk\"
cp -a \"$data/.\" \"$data.disk\"
mount -o remount,$mode \"$data.disk\"
exec \"$@\"";

impl Start {
    /// A `--dev` server on a fresh data directory.
    pub fn fresh() -> Self {
        let dir = Arc::new(tempfile::tempdir().expect("a temporary directory"));
        Self { data: dir.path().join("data"), kept: Some(dir), ..Self::on(Path::new("")) }
    }

    /// A `--dev` server on an existing data directory.
    pub fn on(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            kept: None,
            dev: true,
            cold: false,
            disk: None,
            read_only: false,
            arguments: Vec::new(),
        }
    }

    /// The temporary directory must not go before the server.
    pub(crate) fn keeping(self, kept: Option<Arc<TempDir>>) -> Self {
        Self { kept, ..self }
    }

    /// Without `--dev`.
    #[must_use]
    pub fn without_dev(mut self) -> Self {
        self.dev = false;
        self
    }

    /// Without the native code of the engine that other tests have compiled.
    #[must_use]
    pub fn cold(mut self) -> Self {
        self.cold = true;
        self
    }

    /// On a disk of its own of so many mebibytes: [`Server::disk`].
    #[must_use]
    pub fn on_small_disk(mut self, mebibytes: usize) -> Self {
        self.disk = Some(mebibytes);
        self
    }

    /// On a disk that cannot be written to.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self.on_small_disk(16)
    }

    /// With further arguments.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// The command line, ready to run.
    pub fn command(&self) -> Command {
        let mut command = match self.disk {
            None => Command::new(lambkin()),
            Some(mebibytes) => {
                let mut command = Command::new("unshare");
                // Whoever is not root is it in a user namespace, which is enough to mount a tmpfs.
                command.args((!rustix::process::geteuid().is_root()).then_some("--map-root-user"));
                command.args(["--mount", "sh", "-c", ON_SMALL_DISK, "sh", &mebibytes.to_string()]);
                command.arg(&self.data).arg(if self.read_only { "ro" } else { "rw" }).arg(lambkin());
                command
            }
        };
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(self.disk_path());
        if self.dev {
            command.arg("--dev");
        }
        command.args(&self.arguments);
        command
    }

    fn disk_path(&self) -> PathBuf {
        if self.disk.is_some() { self.data.with_extension("disk") } else { self.data.clone() }
    }

    /// Starts the server and waits until it listens.
    pub fn server(self) -> Server {
        if !self.cold {
            compile_engine_once(&self.data);
        }
        let log_path = self.data.with_extension("stderr");
        let log =
            File::options().create(true).append(true).open(&log_path).expect("a file for the server's log");
        let started = Instant::now();
        let mut child = self
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary can be started");
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let Some((line, lines)) = first_line(lines) else {
            let threads = threads(child.id());
            let _ = child.kill();
            let _ = child.wait();
            let log = std::fs::read_to_string(&log_path).unwrap_or_default();
            panic!("the server announced nothing for {PATIENCE:?}; its threads:\n{threads}its log:\n{log}")
        };
        let start_up = started.elapsed();
        let announcement: Value = serde_json::from_str(&line).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(&log_path).unwrap_or_default();
            panic!("the server announced {line:?} ({error}); its log:\n{log}")
        });
        Server::new(child, lines, start_up, announcement, self.disk_path(), log_path, self.kept)
    }

    /// Runs a server that is expected not to start; its exit status and what it said on stderr.
    pub fn refused(&self) -> (ExitStatus, String) {
        let output = self.command().stdin(Stdio::null()).output().expect("the binary can be started");
        assert!(output.stdout.is_empty(), "stdout is for the announcement alone");
        (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The first line of a server's output; `None` when it does not come in time.
fn first_line(mut lines: BufReader<ChildStdout>) -> Option<(String, BufReader<ChildStdout>)> {
    let (sender, receiver) = mpsc::channel();
    // A read of a pipe has no time-out. The thread ends when the server does.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = lines.read_line(&mut line).expect("stdout is UTF-8");
        line.truncate(read);
        let _ = sender.send((line, lines));
    });
    receiver.recv_timeout(PATIENCE).ok()
}

/// What the threads of a process wait for: name, place in the kernel, system call. For those who look for a hang.
pub(crate) fn threads(process: u32) -> String {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let told = tasks.map(|task| {
        let file = |name: &str| std::fs::read_to_string(task.path().join(name)).unwrap_or_default();
        format!("{} {} {}\n", file("comm").trim(), file("wchan").trim(), file("syscall").trim())
    });
    told.collect()
}

/// Gives a fresh data directory the engine's native code, which takes seconds to make and is the same for all.
fn compile_engine_once(data: &Path) {
    static ENGINE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let compiled = ENGINE.get_or_init(compiled_engine);
    let (Some(compiled), target) = (compiled, data.join("engine")) else { return };
    if target.exists() || std::fs::create_dir_all(&target).is_err() {
        return;
    }
    // A copy that fails only means that this server compiles for itself.
    for entry in std::fs::read_dir(compiled).into_iter().flatten().flatten() {
        let _ = std::fs::copy(entry.path(), target.join(entry.file_name()));
    }
}

/// Where the native code of the binary's engine lies: beside the binary, so that all test files share one compilation.
/// What an older binary left is thrown away. `None` when it cannot be made, as while another run is making it.
fn compiled_engine() -> Option<PathBuf> {
    let binary = lambkin();
    let folder = binary.with_file_name("lambkin-tests");
    let engine = folder.join("engine");
    let built = std::fs::metadata(&binary).and_then(|file| file.modified()).ok()?;
    let made = std::fs::metadata(folder.join("made")).and_then(|file| file.modified()).ok();
    if made.is_some_and(|made| made > built) {
        return Some(engine);
    }
    let _ = std::fs::remove_dir_all(&engine);
    let mut child = Start::on(&folder)
        .command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut line = String::new();
    let announced = BufReader::new(child.stdout.take()?).read_line(&mut line);
    let _ = child.kill();
    let _ = child.wait();
    announced.ok().filter(|&bytes| bytes > 0)?;
    std::fs::read_dir(&engine).ok()?.next()?.ok()?;
    // Last, so that a folder without it is one that is not complete.
    std::fs::write(folder.join("made"), "").ok()?;
    Some(engine)
}
