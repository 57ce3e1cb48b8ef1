//! What the server promises about its speed, measured side by side: logs on and off, calls with and without
//! authorisation, lists, deployments, and a server with very many lambdas beside an empty one.
//!
//! Rounds alternate, medians are printed, as one JSON object: times in milliseconds or microseconds as their names
//! say, memory in MiB. `make figures` builds what is measured and calls this.
//!
//! ```sh
//! cargo run --release --package lambkin-tests --example figures -- [CROWD]
//! ```
//!
//! `CROWD` is a data directory that `--example crowd` of the host has made; without it that part is left out.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use lambkin_tests::{Server, Start};
use serde_json::{Value, json};

/// Rounds of each measurement; the median of them counts.
const ROUNDS: usize = 7;

/// Connections that are kept busy.
const CONNECTIONS: usize = 8;

/// How long one round of load takes.
const ROUND: Duration = Duration::from_secs(2);

/// Times a list is read, a lambda deployed, a server started.
const LISTS: usize = 200;
const DEPLOYMENTS: usize = 30;
const START_UPS: usize = 3;

const HELLO: &str = "function lambda(input, callback) { callback(null, 'Hello ' + input.payload.name); }";
const TALKS: &str = "function lambda(input, callback) {
    console.info('called', { name: input.payload.name });
    console.warn('still here', [1, 2, 3]);
    callback(null, 'Hello ' + input.payload.name);
}";

fn main() {
    let crowd = std::env::args_os().nth(1).map(PathBuf::from);
    let figures = json!({
        "logs": logs(),
        "authorisation": authorisation(),
        "list": list(),
        "deploy": deploy(),
        "crowd": crowd.map(|data| compare(&data)),
    });
    writeln!(std::io::stdout(), "{figures:#}").expect("stdout takes the figures");
}

/// The same lambda on a server that writes its logs and on one that does not.
fn logs() -> Value {
    let on = Start::fresh().server();
    let off = Start::fresh().with(&["--log-bytes", "0"]).server();
    let (with, without) = (invocation(&on, TALKS), invocation(&off, TALKS));
    let (with, without) = alternate([(&on, &with), (&off, &without)]);
    json!({ "on": with.show(), "off": without.show(), "onToOff": with.beside(&without) })
}

/// Two calls that are answered from memory, one of which needs a right.
fn authorisation() -> Value {
    let server = Start::fresh().server();
    let session = server.log_in(&server.account, "developer", "lambkin");
    let head = |path: &str, more: &str| {
        Arc::new(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n").into_bytes())
    };
    let open = head("/health", "");
    let path = format!("/api/account/{}/settings", server.account);
    let closed = head(&path, &format!("Authorization: Bearer {session}\r\n"));
    let (closed, open) = alternate([(&server, &closed), (&server, &open)]);
    json!({
        "with": closed.show(),
        "without": open.show(),
        "cpuMicrosecondsAdded": round(closed.cpu_us - open.cpu_us),
    })
}

/// All lambdas of an account that has as many as it may.
fn list() -> Value {
    let server = Start::fresh().server();
    (0..50).for_each(|number| drop(server.create(&format!("lambda{number}"), HELLO)));
    let times = (0..LISTS).map(|_| time_of(|| drop(server.get("lambdas").expect(200)))).collect();
    json!({ "lambdas": 50, "milliseconds": spread(times) })
}

/// From the call that deploys to the answer that says `Productive`.
fn deploy() -> Value {
    let server = Start::fresh().server();
    let uuid = server.create("hello", HELLO);
    let times =
        (0..DEPLOYMENTS).map(|_| time_of(|| assert_eq!(server.deploy(&uuid), "Productive"))).collect();
    json!({ "milliseconds": spread(times) })
}

/// A server with a crowd in it beside an empty one.
fn compare(data: &std::path::Path) -> Value {
    let (empty, few) = started(Start::fresh());
    let (full, many) = started(Start::on(data));
    let (on_full, on_empty) = (invocation(&full, HELLO), invocation(&empty, HELLO));
    let (on_full, on_empty) = alternate([(&full, &on_full), (&empty, &on_empty)]);
    json!({
        "lambdas": full.get("/ready").json()["deployed"],
        "full": { "start": many, "invoke": on_full.show() },
        "empty": { "start": few, "invoke": on_empty.show() },
        "fullToEmpty": on_full.beside(&on_empty),
    })
}

/// The last of some start-ups, how long they took and what memory it then holds. The first is left out: it may have
/// the engine to compile.
fn started(start: Start) -> (Server, Value) {
    let mut server = start.server();
    let (mut times, mut computed) = (Vec::new(), Vec::new());
    for _ in 0..START_UPS {
        let (_, remains) = server.stop();
        server = remains.start().server();
        times.push(server.start_up);
        computed.push(server.cpu_time());
    }
    let memory = round(server.resident() as f64 / f64::from(1 << 20));
    let start =
        json!({ "milliseconds": spread(times), "cpuMilliseconds": spread(computed), "mebibytes": memory });
    (server, start)
}

/// Serves a lambda; the bytes of a call of it.
fn invocation(server: &Server, code: &str) -> Arc<Vec<u8>> {
    let name = format!("figures{}", std::process::id());
    let uuid = server.serve(&name, code);
    let body = r#"{"timestamp": 0, "payload": {"name": "Ada"}}"#;
    let head = server.invoke_head(&uuid);
    Arc::new(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

/// What rounds of load came to.
struct Load {
    per_second: f64,
    p50_us: f64,
    p99_us: f64,
    /// CPU time of the server for one call.
    cpu_us: f64,
}

impl Load {
    fn median(rounds: &[Self]) -> Self {
        let of = |get: fn(&Self) -> f64| {
            let mut all: Vec<f64> = rounds.iter().map(get).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        Self {
            per_second: of(|load| load.per_second),
            p50_us: of(|load| load.p50_us),
            p99_us: of(|load| load.p99_us),
            cpu_us: of(|load| load.cpu_us),
        }
    }

    fn show(&self) -> Value {
        json!({
            "perSecond": self.per_second.round(),
            "p50Microseconds": round(self.p50_us),
            "p99Microseconds": round(self.p99_us),
            "cpuMicroseconds": round(self.cpu_us),
        })
    }

    fn beside(&self, other: &Self) -> Value {
        let ratio = |one: f64, other: f64| (one / other * 1_000.0).round() / 1_000.0;
        json!({
            "perSecond": ratio(self.per_second, other.per_second),
            "p50": ratio(self.p50_us, other.p50_us),
            "p99": ratio(self.p99_us, other.p99_us),
            "cpu": ratio(self.cpu_us, other.cpu_us),
        })
    }
}

/// Rounds of load, in turns; the medians of each.
fn alternate(subjects: [(&Server, &Arc<Vec<u8>>); 2]) -> (Load, Load) {
    for (server, request) in subjects {
        round_of_load(server, request);
    }
    let mut rounds = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for ((server, request), rounds) in subjects.into_iter().zip(&mut rounds) {
            rounds.push(round_of_load(server, request));
        }
    }
    (Load::median(&rounds[0]), Load::median(&rounds[1]))
}

fn round_of_load(server: &Server, request: &Arc<Vec<u8>>) -> Load {
    let (start, cpu) = (Instant::now(), server.cpu_time());
    let callers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (stream, request) = (server.connect(), Arc::clone(request));
            std::thread::spawn(move || keep_calling(&stream, &request, start + ROUND))
        })
        .collect();
    let mut times: Vec<Duration> =
        callers.into_iter().flat_map(|caller| caller.join().expect("a caller")).collect();
    let (elapsed, cpu) = (start.elapsed(), server.cpu_time().saturating_sub(cpu));
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1e6;
    Load {
        per_second: times.len() as f64 / elapsed.as_secs_f64(),
        p50_us: at(50),
        p99_us: at(99),
        cpu_us: cpu.as_secs_f64() * 1e6 / times.len() as f64,
    }
}

/// One call after the other over one connection.
fn keep_calling(stream: &TcpStream, request: &[u8], until: Instant) -> Vec<Duration> {
    stream.set_nodelay(true).expect("a socket");
    let (mut writer, mut reader) = (stream, BufReader::new(stream));
    let mut times = Vec::with_capacity(1 << 16);
    let (mut line, mut body) = (String::new(), Vec::new());
    while Instant::now() < until {
        let start = Instant::now();
        writer.write_all(request).expect("the server takes a call");
        let mut length = 0;
        line.clear();
        reader.read_line(&mut line).expect("a status line");
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        loop {
            line.clear();
            reader.read_line(&mut line).expect("a header");
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if let Some(bytes) = text.strip_prefix("content-length: ") {
                length = bytes.parse().expect("a length");
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body).expect("a body");
        times.push(start.elapsed());
    }
    times
}

fn time_of(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Nearest-rank percentiles, in milliseconds.
fn spread(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |percent: usize| {
        let time = times[(times.len() * percent).div_ceil(100).max(1) - 1];
        (time.as_secs_f64() * 1e5).round() / 100.0
    };
    json!({ "times": times.len(), "p50": at(50), "p99": at(99) })
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
