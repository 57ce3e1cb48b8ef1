//! The product from outside: the real `lambkin` binary on a free port, real HTTP, a data directory of its own.
//!
//! Every server a test starts is killed by its process id when the test ends, however it ends.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::{Agent, http};

/// How long a condition may take to come true, and a reply to arrive. Generous: machines are busy.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// The binary under test: built next to this test, or named by `LAMBKIN_BIN`.
pub fn lambkin() -> PathBuf {
    if let Some(path) = std::env::var_os("LAMBKIN_BIN") {
        return path.into();
    }
    let this = std::env::current_exe().expect("a test has a path");
    let folder = this.parent().and_then(Path::parent).expect("tests lie in target/PROFILE/deps");
    let binary = folder.join("lambkin");
    assert!(binary.exists(), "{} is missing; build it first: make build", binary.display());
    binary
}

/// Calls `done` until it gives something.
///
/// # Panics
/// When that takes longer than [`PATIENCE`].
pub fn until<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = done() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for {what}");
        // Only so that the waiting does not take the processor from what is waited for.
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What came back from a call.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status line's number.
    pub status: u16,
    /// The header fields.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}) in {}: {}", self.status, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header field's text, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The same reply, once it is sure that it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Checks an error reply: status, code, and a message that says something.
    #[track_caller]
    pub fn expect_error(self, status: u16, code: &str) -> Value {
        let error = self.expect(status).json();
        assert_eq!(error["errorCode"], code, "{error}");
        assert!(error["errorMsg"].as_str().is_some_and(|text| text.len() > 8), "{error}");
        error
    }
}

/// A server that is to be started.
#[derive(Debug)]
pub struct Start {
    data: PathBuf,
    kept: Option<Arc<TempDir>>,
    dev: bool,
    arguments: Vec<String>,
}

impl Start {
    /// A `--dev` server on a fresh data directory.
    pub fn fresh() -> Self {
        let dir = Arc::new(tempfile::tempdir().expect("a temporary directory"));
        Self { data: dir.path().join("data"), kept: Some(dir), dev: true, arguments: Vec::new() }
    }

    /// A `--dev` server on an existing data directory.
    pub fn on(data: &Path) -> Self {
        Self { data: data.to_owned(), kept: None, dev: true, arguments: Vec::new() }
    }

    /// Without `--dev`.
    #[must_use]
    pub fn without_dev(mut self) -> Self {
        self.dev = false;
        self
    }

    /// With further arguments.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// The command line, ready to run.
    pub fn command(&self) -> Command {
        let mut command = Command::new(lambkin());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&self.data);
        if self.dev {
            command.arg("--dev");
        }
        command.args(&self.arguments);
        command
    }

    /// Starts the server and waits until it listens.
    pub fn server(self) -> Server {
        compile_engine_once(&self.data);
        let log_path = self.data.with_extension("stderr");
        let log = File::options().create(true).append(true).open(&log_path).expect("a file for the server's log");
        let mut child = self
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("stdout is UTF-8");
        let announcement: Value = serde_json::from_str(&line).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(&log_path).unwrap_or_default();
            panic!("the server announced {line:?} ({error}); its log:\n{log}")
        });
        let base = announcement["listening"].as_str().expect("listening").to_owned();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections_per_host(64)
            .build();
        let token = announcement["token"].as_str().unwrap_or_default().to_owned();
        let account = announcement["account"].as_str().expect("account").to_owned();
        Server {
            child,
            _stdout: lines,
            agent: config.into(),
            base,
            token,
            account,
            announcement,
            data: self.data,
            log_path,
            _kept: self.kept,
        }
    }

    /// Runs a server that is expected not to start; its exit status and what it said on stderr.
    pub fn refused(&self) -> (ExitStatus, String) {
        let output = self.command().stdin(Stdio::null()).output().expect("the binary can be started");
        assert!(output.stdout.is_empty(), "stdout is for the announcement alone");
        (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Gives a fresh data directory the engine's native code, which takes seconds to make and is the same for all.
fn compile_engine_once(data: &Path) {
    static ENGINE: OnceLock<Option<TempDir>> = OnceLock::new();
    let compiled = ENGINE.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let start = Start { data: dir.path().to_owned(), kept: None, dev: true, arguments: Vec::new() };
        let mut child = start.command().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut line = String::new();
        let announced = BufReader::new(child.stdout.take()?).read_line(&mut line);
        let _ = child.kill();
        let _ = child.wait();
        announced.ok().filter(|&bytes| bytes > 0).map(|_| dir)
    });
    let (Some(compiled), target) = (compiled, data.join("engine")) else { return };
    if target.exists() || std::fs::create_dir_all(&target).is_err() {
        return;
    }
    // A copy that fails only means that this server compiles for itself.
    for entry in std::fs::read_dir(compiled.path().join("engine")).into_iter().flatten().flatten() {
        let _ = std::fs::copy(entry.path(), target.join(entry.file_name()));
    }
}

/// A running server, and a client of it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Kept open: a closed pipe is not what a server should meet.
    _stdout: BufReader<std::process::ChildStdout>,
    agent: Agent,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// The token it announced, or one that was set since.
    pub token: String,
    /// The built-in account.
    pub account: String,
    /// The line it announced itself with.
    pub announcement: Value,
    /// Its data directory.
    pub data: PathBuf,
    log_path: PathBuf,
    _kept: Option<Arc<TempDir>>,
}

impl Server {
    /// A `--dev` server on a fresh data directory.
    pub fn fresh() -> Self {
        Start::fresh().server()
    }

    /// A call with the token; `path` is relative to the account unless it starts with `/`.
    pub fn call(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> Reply {
        self.call_with(method, path, body, &[("content-type", "application/json")])
    }

    /// A call with other header fields; one named `authorization` replaces the token.
    pub fn call_with(&self, method: &str, path: &str, body: impl AsRef<[u8]>, headers: &[(&str, &str)]) -> Reply {
        let url = match path.starts_with('/') {
            true => format!("{}{path}", self.base),
            false => format!("{}/api/account/{}/{path}", self.base, self.account),
        };
        let mut request = http::Request::builder().method(method).uri(url);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = if matches!(method, "GET" | "DELETE") {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            self.agent.run(request.body(body.as_ref()).expect("a request"))
        };
        let mut response = response.unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.log()));
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a body"),
        }
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Reply {
        self.call("GET", path, "")
    }

    /// `POST` of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.call("POST", path, body.to_string())
    }

    /// `PUT` of JSON.
    pub fn put(&self, path: &str, body: &Value) -> Reply {
        self.call("PUT", path, body.to_string())
    }

    /// `DELETE`.
    pub fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, "")
    }

    /// Saves a lambda and returns its id.
    #[track_caller]
    pub fn create(&self, name: &str, code: &str) -> String {
        let lambda = self.post("lambdas", &definition(name, code)).expect(201).json();
        lambda["uuid"].as_str().expect("uuid").to_owned()
    }

    /// The lambda as the server shows it.
    #[track_caller]
    pub fn lambda(&self, uuid: &str) -> Value {
        self.get(&format!("lambdas/{uuid}")).expect(200).json()[0].clone()
    }

    /// Saves new code for a lambda.
    #[track_caller]
    pub fn save(&self, uuid: &str, code: &str) -> Value {
        let mut lambda = self.lambda(uuid);
        lambda["implementation"]["code"] = code.into();
        self.put(&format!("lambdas/{uuid}"), &lambda).expect(200).json()
    }

    /// Deploys a lambda and waits for the end of it; the lambda's state then.
    #[track_caller]
    pub fn deploy(&self, uuid: &str) -> String {
        let path = format!("deployments/{uuid}");
        let accepted = self.call("POST", &path, "").expect(202).json();
        assert!(accepted["message"].is_string() && accepted.get("uuid").is_none(), "{accepted}");
        self.deployed(uuid)
    }

    /// Waits for the end of a running deployment; the lambda's state then.
    #[track_caller]
    pub fn deployed(&self, uuid: &str) -> String {
        until("the end of a deployment", || {
            let lambda = self.lambda(uuid);
            let state = lambda["lastDeployment"]["deploymentState"].as_str()?;
            let ended = matches!(state, "Deploy Finish" | "Build Error" | "Deploy Error");
            ended.then(|| lambda["state"].as_str().unwrap_or_default().to_owned())
        })
    }

    /// Saves and deploys a lambda; its id.
    #[track_caller]
    pub fn serve(&self, name: &str, code: &str) -> String {
        let uuid = self.create(name, code);
        assert_eq!(self.deploy(&uuid), "Productive", "{}", self.lambda(&uuid));
        uuid
    }

    /// Invokes a lambda with a payload.
    pub fn invoke(&self, uuid: &str, payload: &Value) -> Reply {
        self.post(&format!("lambdas/{uuid}/invoke"), &json!({ "timestamp": 0, "payload": payload }))
    }

    /// What a lambda logged, once there are so many entries.
    pub fn logs(&self, uuid: &str, at_least: usize) -> Vec<Value> {
        until("log entries", || {
            let logs = self.get(&format!("logs?lambdaUUID={uuid}")).expect(200).json();
            let logs = logs.as_array().expect("an array").clone();
            (logs.len() >= at_least).then_some(logs)
        })
    }

    /// Waits until so many invocations are in flight.
    pub fn until_running(&self, invocations: u64) {
        until("invocations in flight", || {
            (self.get("/ready").json()["running"].as_u64()? >= invocations).then_some(())
        });
    }

    /// The address for raw connections.
    pub fn address(&self) -> SocketAddr {
        self.base.trim_start_matches("http://").parse().expect("an address")
    }

    /// A raw connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        stream
    }

    /// Sends bytes over a connection of their own and reads until the server closes it.
    pub fn raw(&self, request: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        // The server may answer and close before it has taken everything.
        let _ = stream.write_all(request.as_ref());
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        String::from_utf8_lossy(&reply).into_owned()
    }

    /// The head of an invocation for raw connections, up to and without the blank line.
    pub fn invoke_head(&self, uuid: &str) -> String {
        format!(
            "POST /api/account/{}/lambdas/{uuid}/invoke HTTP/1.1\r\nHost: lambkin\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
            self.account, self.token
        )
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(pid, signal).expect("the server runs");
    }

    /// Kills the server the hard way; its data directory remains.
    pub fn kill(mut self) -> Remains {
        self.signal(Signal::KILL);
        let _ = self.child.wait();
        Remains { data: self.data.clone(), _kept: self._kept.clone() }
    }

    /// Asks the server to stop and waits until it has.
    pub fn stop(self) -> (ExitStatus, Remains) {
        self.signal(Signal::TERM);
        self.ended()
    }

    /// Waits until the server has ended.
    pub fn ended(mut self) -> (ExitStatus, Remains) {
        let status = until("the end of the server", || self.child.try_wait().expect("a child"));
        (status, Remains { data: self.data.clone(), _kept: self._kept.clone() })
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log_path).unwrap_or_default()
    }

    /// The resident memory of the server, in bytes.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- log of the server ---\n{}", self.log());
        }
    }
}

/// The data directory of a server that is gone.
#[derive(Clone, Debug)]
pub struct Remains {
    /// The directory.
    pub data: PathBuf,
    _kept: Option<Arc<TempDir>>,
}

impl Remains {
    /// Another server on it.
    pub fn start(&self) -> Start {
        Start::on(&self.data)
    }
}

/// A lambda as clients send it.
pub fn definition(name: &str, code: &str) -> Value {
    json!({
        "uuid": "",
        "version": -1,
        "name": name,
        "description": "for a test",
        "runtime": { "uuid": "", "name": "", "baseImageName": "" },
        "implementation": { "code": code, "dependencies": [], "environmentVariables": [] },
    })
}
