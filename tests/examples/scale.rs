//! How large and how late a server is with many lambdas: the real binary, a data directory of its own, one client.
//!
//! Prints one JSON object: times in milliseconds, memory in MiB. `make bench` puts it among the figures.
//!
//! ```sh
//! cargo build --release --package lambkin-host && cargo run --release --package lambkin-tests --example scale -- 100
//! ```

use std::{
    fs,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use lambkin_tests::{Server, Start};
use serde_json::{Value, json};

/// Lambdas unless the command line has another number.
const LAMBDAS: usize = 1_000;

/// Deployments whose time is taken, at most.
const DEPLOYMENTS: usize = 200;

/// Lambdas whose first call after the restart is timed, at most.
const FIRST_CALLS: usize = 100;

/// Start-ups the median is taken of.
const START_UPS: usize = 5;

/// How often a deployment is asked whether it has ended.
const POLL: Duration = Duration::from_micros(500);

/// The smallest lambda that shows in its answer which one it is.
fn source(number: usize) -> String {
    format!(
        "function lambda(input, callback) {{\n  callback(null, `Hello ${{input.payload.name}} from {number}`);\n}}\n"
    )
}

fn main() {
    let lambdas =
        std::env::args().nth(1).map_or(LAMBDAS, |text| text.parse().expect("usage: scale [LAMBDAS]"));
    let figures = json!({
        "lambdas": lambdas,
        "startUp": start_up(),
        "deploy": deploy(lambdas.min(DEPLOYMENTS)),
        "many": many(lambdas),
    });
    writeln!(std::io::stdout(), "{figures}").expect("stdout takes the figures");
}

/// The start of an empty server, without and with the engine's native code in its cache, and what it then holds.
fn start_up() -> Value {
    let cold = Start::fresh().cold().server();
    let cold_time = ms(cold.start_up);
    let (_, mut remains) = cold.stop();
    let (mut times, mut idle) = (Vec::new(), Value::Null);
    for _ in 0..START_UPS {
        let warm = remains.start().server();
        times.push(warm.start_up);
        idle = memory(&warm);
        (_, remains) = warm.stop();
    }
    json!({ "cold": cold_time, "warm": spread(times)["p50"], "idle": idle })
}

/// From the call that deploys hello to the answer that says `Productive`.
fn deploy(times: usize) -> Value {
    let server = Start::fresh().server();
    let uuid = server.create("hello", &source(0));
    let taken = (0..times).map(|_| time_of(|| deploy_one(&server, &uuid))).collect();
    json!({ "time": spread(taken), "imageBytes": folder_bytes(&server.data.join("images")) })
}

/// A server that gets many lambdas, is started again, and then calls each of them once.
fn many(lambdas: usize) -> Value {
    let allowed = lambdas + 1;
    let (functions, deployed) = (format!("functions={allowed}"), format!("deployed={allowed}"));
    let server = Start::fresh().with(&["--limit", &functions, "--limit", &deployed]).server();
    // What the first deployment of all costs belongs to no single lambda.
    let first = server.create("first", &source(lambdas));
    deploy_one(&server, &first);
    call(&server, &first, lambdas);
    let before = memory(&server);
    let uuids: Vec<String> = (0..lambdas)
        .map(|number| {
            let uuid = server.create(&format!("lambda{number}"), &source(number));
            deploy_one(&server, &uuid);
            uuid
        })
        .collect();
    let after = memory(&server);
    let on_disk = folder_bytes(&server.data.join("images")) / (lambdas as u64 + 1);

    let (_, remains) = server.stop();
    let server = remains.start().server();
    let restarted = memory(&server);
    // The connection is no part of a first call.
    server.get("/ready").expect(200);
    let stride = lambdas.div_ceil(FIRST_CALLS).max(1);
    let chosen = (0..lambdas).step_by(stride);
    let first_calls = chosen.map(|number| time_of(|| call(&server, &uuids[number], number))).collect();
    let second_calls = (0..lambdas)
        .step_by(stride)
        .map(|number| time_of(|| call(&server, &uuids[number], number)))
        .collect();
    for (number, uuid) in uuids.iter().enumerate() {
        call(&server, uuid, number);
    }
    let called = memory(&server);
    json!({
        "before": before,
        "deployed": after,
        "growth": growth(&before, &after),
        "imageBytes": on_disk,
        "startUp": ms(server.start_up),
        "restarted": restarted,
        "firstCall": spread(first_calls),
        "secondCall": spread(second_calls),
        "called": called,
    })
}

/// Deploys a lambda; it is served when this returns.
fn deploy_one(server: &Server, uuid: &str) {
    server.call("POST", &format!("deployments/{uuid}"), "").expect(202);
    loop {
        let lambda = server.lambda(uuid);
        match lambda["lastDeployment"]["deploymentState"].as_str() {
            Some("Deploy Finish") if lambda["state"] == "Productive" => return,
            Some("Build Error" | "Deploy Error") => panic!("a deployment failed: {lambda}"),
            _ => std::thread::sleep(POLL),
        }
    }
}

/// Calls a lambda and makes sure that it is the right one that answers.
fn call(server: &Server, uuid: &str, number: usize) {
    let answer = server.invoke(uuid, &json!({ "name": "Ada" })).expect(200).json();
    assert_eq!(answer, format!("Hello Ada from {number}"));
}

fn time_of(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Resident memory, and the same with every page counted once.
fn memory(server: &Server) -> Value {
    json!({ "rss": mib(server.resident()), "pss": mib(server.proportional()) })
}

fn growth(before: &Value, after: &Value) -> Value {
    let of =
        |key: &str| round(after[key].as_f64().unwrap_or(f64::NAN) - before[key].as_f64().unwrap_or(f64::NAN));
    json!({ "rss": of("rss"), "pss": of("pss") })
}

fn spread(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent).div_ceil(100).max(1) - 1).copied().map(ms);
    json!({ "calls": times.len(), "p50": at(50), "p99": at(99), "max": at(100) })
}

/// Bytes of all files under a folder.
fn folder_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => folder_bytes(&entry.path()),
            _ => entry.metadata().map_or(0, |metadata| metadata.len()),
        })
        .sum()
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

fn mib(bytes: u64) -> f64 {
    round(bytes as f64 / f64::from(1 << 20))
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
