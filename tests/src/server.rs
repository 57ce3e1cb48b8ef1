//! A running server and what a test does with it.

use std::{
    io::{BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    process::{Child, ChildStdout, ExitStatus},
    sync::Arc,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::{Agent, http};

use crate::{PATIENCE, Reply, Start, definition, start::threads, until};

/// A running server, and a client of it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Kept open: a closed pipe is not what a server should meet.
    _stdout: BufReader<ChildStdout>,
    agent: Agent,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// The token it announced, or one that was set since.
    pub token: String,
    /// The built-in account.
    pub account: String,
    /// From the start of its process to the line it announced itself with.
    pub start_up: Duration,
    /// The line it announced itself with.
    pub announcement: Value,
    /// Its data directory.
    pub data: PathBuf,
    log_path: PathBuf,
    kept: Option<Arc<TempDir>>,
}

impl Server {
    pub(crate) fn new(
        child: Child,
        stdout: BufReader<ChildStdout>,
        start_up: Duration,
        announcement: Value,
        data: PathBuf,
        log_path: PathBuf,
        kept: Option<Arc<TempDir>>,
    ) -> Self {
        let text = |key: &str| announcement[key].as_str().unwrap_or_default().to_owned();
        let (base, token, account) = (text("listening"), text("token"), text("account"));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections_per_host(64)
            .build();
        let agent = config.into();
        Self {
            child,
            _stdout: stdout,
            agent,
            base,
            token,
            account,
            start_up,
            announcement,
            data,
            log_path,
            kept,
        }
    }

    /// The data directory as the server sees it, for one that was started [`Start::on_small_disk`].
    pub fn disk(&self) -> PathBuf {
        let mut path = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        path.push(self.data.strip_prefix("/").expect("an absolute path"));
        path
    }

    /// A `--dev` server on a fresh data directory.
    pub fn fresh() -> Self {
        Start::fresh().server()
    }

    /// A call with the token; `path` is relative to the account unless it starts with `/`.
    pub fn call(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> Reply {
        self.call_with(method, path, body, &[("content-type", "application/json")])
    }

    /// A call with other header fields; one named `authorization` replaces the token.
    pub fn call_with(
        &self,
        method: &str,
        path: &str,
        body: impl AsRef<[u8]>,
        headers: &[(&str, &str)],
    ) -> Reply {
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
        let mut response =
            response.unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.log()));
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a body"),
        }
    }

    /// A call with another token, as JSON; `null` is no body.
    pub fn call_as(&self, token: &str, method: &str, path: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {token}");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.call_with(
            method,
            path,
            body,
            &[("authorization", bearer.as_str()), ("content-type", "application/json")],
        )
    }

    /// Tries to log in.
    pub fn try_log_in(&self, account: &str, name: &str, password: &str) -> Reply {
        let path = format!("/api/account/{account}/login?v=1.3");
        let body = json!({ "username": name, "password": password });
        self.call_with(
            "POST",
            &path,
            body.to_string(),
            &[("authorization", ""), ("content-type", "application/json")],
        )
    }

    /// Logs in; the session's token.
    #[track_caller]
    pub fn log_in(&self, account: &str, name: &str, password: &str) -> String {
        let session = self.try_log_in(account, name, password).expect(200).json();
        session["bearer"].as_str().expect("a token").to_owned()
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
            "POST /api/account/{}/lambdas/{uuid}/invoke HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
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
        Remains { data: self.data.clone(), kept: self.kept.clone() }
    }

    /// Asks the server to stop and waits until it has.
    pub fn stop(self) -> (ExitStatus, Remains) {
        self.signal(Signal::TERM);
        self.ended()
    }

    /// Waits until the server has ended.
    pub fn ended(mut self) -> (ExitStatus, Remains) {
        let status = until("the end of the server", || self.child.try_wait().expect("a child"));
        (status, Remains { data: self.data.clone(), kept: self.kept.clone() })
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log_path).unwrap_or_default()
    }

    /// The resident memory of the server, in bytes.
    pub fn resident(&self) -> u64 {
        self.kernel_says("status", "VmRSS:")
    }

    /// Its resident memory, where a page counts once however often it is mapped, in bytes.
    pub fn proportional(&self) -> u64 {
        self.kernel_says("smaps_rollup", "Pss:")
    }

    /// The threads it has.
    pub fn threads(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("a process").count()
    }

    /// CPU time of the server so far, that of the system for it included.
    pub fn cpu_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        // The second field is the name in brackets; user and system time are the 14th and 15th, in hundredths.
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let ticks = fields.split_ascii_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>());
        Duration::from_millis(ticks.map(|ticks| ticks.expect("a number")).sum::<u64>() * 10)
    }

    /// A number of kilobytes out of a file of `/proc/PID`, in bytes.
    fn kernel_says(&self, file: &str, key: &str) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).expect("a process");
        let line = text.lines().find_map(|line| line.strip_prefix(key)).expect(key);
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let threads = std::thread::panicking().then(|| threads(self.child.id()));
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(threads) = threads {
            eprintln!("--- threads of the server ---\n{threads}--- log of the server ---\n{}", self.log());
        }
    }
}

/// The data directory of a server that is gone.
#[derive(Clone, Debug)]
pub struct Remains {
    /// The directory.
    pub data: PathBuf,
    kept: Option<Arc<TempDir>>,
}

impl Remains {
    /// Another server on it.
    pub fn start(&self) -> Start {
        Start::on(&self.data).keeping(self.kept.clone())
    }
}
