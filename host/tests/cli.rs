//! The real `lambkin` binary on good and bad input. What it prints is compared with `tests/golden/`; after a wanted
//! change write the files anew with `UPDATE_GOLDEN=1` and read the difference.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than a cold engine takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder to work in, with a few lambdas, and the command in it.
struct Bench {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

const FILES: &[(&str, &str)] = &[
    ("hello.js", "function lambda(input, callback) {\n  callback(null, `Hello ${input.payload.name}`);\n}\n"),
    (
        "logs.js",
        "function lambda(input, callback) {\n  console.debug('a', 1);\n  console.warn('two\\nlines', { a: [1] });\n  \
         callback(null, { ok: true });\n}\n",
    ),
    ("nothing.js", "function lambda(input, callback) {\n  callback();\n}\n"),
    (
        "fails.js",
        "function lambda(input, callback) {\n  console.info('before');\n  callback(new Error('no way'));\n}\n",
    ),
    ("silent.js", "function lambda(input, callback) {\n  if (false) callback();\n}\n"),
    ("env.js", "async function lambda(input) {\n  return process.env.COLOUR + process.env.SHAPE;\n}\n"),
    ("syntax.js", "function lambda(input, callback) {\n  callback(null, 1;\n}\n"),
    ("no-lambda.js", "function handler(input, callback) {\n  callback(null, 1);\n}\n"),
    (
        "throws.js",
        "console.info('starting');\nthrow new TypeError('at top level');\nfunction lambda(input, callback) { callback(); }\n",
    ),
    (
        "late.js",
        "function lambda(input, callback) {\n  setTimeout(() => console.info('late'), 20);\n  callback(null, 1);\n}\n",
    ),
    ("text.txt", "not a module\n"),
    ("fake.wasm", "\0asm\u{1}\0\0\0"),
    ("native.cwasm", "\u{7f}ELF"),
];

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            fs::write(folder.path().join(name), text).unwrap();
        }
        fs::write(folder.path().join("latin1.js"), b"// caf\xe9\nfunction lambda() {}\n").unwrap();
        Self { folder, variables: Vec::new() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lambkin"));
        command.args(line).current_dir(self.path()).env("LAMBKIN_CACHE", cache()).env("NO_COLOR", "1");
        // The sessions of whoever runs this test are none of its business.
        command.env("XDG_CONFIG_HOME", self.path().join("config"));
        for variable in
            ["LAMBKIN_SERVER", "LAMBKIN_ACCOUNT", "LAMBKIN_TOKEN", "LAMBKIN_DATA", "LAMBKIN_LISTEN"]
        {
            command.env_remove(variable);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, line: &[&str]) -> Output {
        self.feed(line, "")
    }

    fn feed(&self, line: &[&str], stdin: &str) -> Output {
        let mut command = self.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that fails early does not read what it is fed.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Runs a command line and compares everything about it with a golden file.
    fn golden(&self, case: &str, line: &[&str]) -> Output {
        self.golden_fed(case, line, "")
    }

    fn golden_fed(&self, case: &str, line: &[&str], stdin: &str) -> Output {
        let output = self.feed(line, stdin);
        let quoted =
            |word: &&str| if word.contains([' ', '"']) { format!("'{word}'") } else { (*word).to_owned() };
        let seen = format!(
            "$ lambkin {}\nexit {}\n--- stdout\n{}--- stderr\n{}",
            line.iter().map(quoted).collect::<Vec<_>>().join(" "),
            output.status.code().unwrap(),
            filter(&text(&output.stdout)),
            filter(&text(&output.stderr)),
        );
        compare(case, &seen);
        output
    }
}

/// The engine's native code, compiled once for all tests; servers are given a copy of it.
fn cache() -> &'static Path {
    static CACHE: OnceLock<PathBuf> = OnceLock::new();
    CACHE.get_or_init(|| {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("engine-cache");
        let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("warm.js");
        fs::write(&source, FILES[2].1).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_lambkin"));
        let output = command.arg("run").arg(&source).env("LAMBKIN_CACHE", &cache).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        cache
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json_of(output: &Output) -> Value {
    let text = text(&output.stdout);
    assert_eq!(text.lines().count(), 1, "one object on one line: {text}");
    serde_json::from_str(&text).unwrap()
}

fn compare(case: &str, seen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{case}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, seen).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(seen, expected, "`{case}` differs; if that is wanted, run again with UPDATE_GOLDEN=1");
}

/// Everything that differs from run to run or from engine to engine: the number or hash after these words becomes `#`.
const VARIABLE: &[&str] = &[
    "thaw ",
    "run ",
    "cpu ",
    "fuel ",
    "memory ",
    "sha256 ",
    "engine    ",
    "image     ",
    "Us\":",
    "\"fuel\":",
    "\"memory\":",
    "ytes\":",
    "\"timestamp\":",
    "\"engineHash\":\"",
    "\"sha256\":\"",
    ".wasm, ",
    ".wasm: ",
    "of which ",
    "lambkin 0",
];

/// What is of one form and never the same: `h` is a hexadecimal digit, `d` a decimal one, `w` a letter or digit.
const SHAPES: &[(&str, &str)] = &[
    ("hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh", "<uuid>"),
    ("dddd-dd-ddTdd:dd:dd.dddZ", "<date>"),
    ("wwww-wwww-wwww-wwww", "<password>"),
    ("127.0.0.1:ddddd", "<address>"),
];

fn mask_shape(text: &str, shape: &str, name: &str) -> String {
    let fits = |part: &str| {
        part.len() == shape.len()
            && part.chars().zip(shape.chars()).all(|(letter, form)| match form {
                'h' => letter.is_ascii_hexdigit(),
                'd' => letter.is_ascii_digit(),
                'w' => letter.is_ascii_alphanumeric(),
                other => letter == other,
            })
    };
    let mut masked = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let is_shape = rest.get(..shape.len()).is_some_and(fits);
        masked.push_str(if is_shape { name } else { &rest[..letter.len_utf8()] });
        rest = &rest[if is_shape { shape.len() } else { letter.len_utf8() }..];
    }
    masked
}

fn filter(text: &str) -> String {
    let shaped = SHAPES.iter().fold(text.to_owned(), |text, (shape, name)| mask_shape(&text, shape, name));
    let shaped: String = shaped
        .split_inclusive('\n')
        .map(|line| if line.starts_with("client_secret: ") { "client_secret: <secret>\n" } else { line })
        .collect();
    let masked = VARIABLE.iter().fold(shaped, |text, word| mask(&text, word));
    // Sections are listed with right-aligned sizes.
    let section = |line: &str| match line.strip_prefix("  ").map(|rest| rest.trim_start().split_once("  ")) {
        Some(Some((size, name))) if size.bytes().all(|byte| byte.is_ascii_digit()) => format!("  #  {name}"),
        _ => line.to_owned(),
    };
    masked.split_inclusive('\n').map(section).collect()
}

fn mask(text: &str, word: &str) -> String {
    let mut parts = text.split(word);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '.');
        // A word that is not followed by a number belongs to a sentence.
        let numeric = rest.len() < part.len()
            && part.starts_with(|c: char| c.is_ascii_digit() || word.ends_with('"') || c == '.');
        masked.push_str(word);
        masked.push_str(if numeric || is_hash(part) { "#" } else { "" });
        masked.push_str(if numeric || is_hash(part) { rest } else { part });
    }
    masked
}

fn is_hash(text: &str) -> bool {
    text.len() >= 64 && text.bytes().take(64).all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn check_accepts_and_refuses() {
    let bench = Bench::new();
    bench.golden("check-ok", &["check", "hello.js"]);
    bench.golden("check-ok-json", &["check", "hello.js", "--json"]);
    bench.golden("check-syntax", &["check", "syntax.js"]);
    bench.golden("check-no-lambda", &["check", "no-lambda.js"]);
    bench.golden("check-not-utf8", &["check", "latin1.js"]);
    bench.golden("check-missing", &["check", "nowhere.js"]);
    bench.golden("check-module", &["check", "fake.wasm"]);
    let refused = bench.run(&["check", "syntax.js", "--json"]);
    assert_eq!(refused.status.code(), Some(1));
    let object = json_of(&refused);
    assert_eq!(object["findings"][0]["code"], "syntax", "{object}");
    assert_eq!(object["findings"][0]["line"], 2, "{object}");
    assert_eq!(object["error"]["code"], "com.liveperson.faas.contract-error", "{object}");
}

#[test]
fn run_prints_the_result_on_stdout_and_the_rest_on_stderr() {
    let bench = Bench::new();
    fs::write(bench.path().join("envelope.json"), r#"{"payload": {"name": "file"}}"#).unwrap();
    fs::write(bench.path().join("payload.json"), r#"{"name": "payload file"}"#).unwrap();
    bench.golden("run-payload", &["run", "hello.js", "--payload", r#"{"name": "Ada"}"#]);
    bench.golden("run-input-file", &["run", "hello.js", "--input", "envelope.json"]);
    bench.golden("run-payload-file", &["run", "hello.js", "--payload", "payload.json"]);
    bench.golden_fed(
        "run-input-stdin",
        &["run", "hello.js", "--input", "-"],
        r#"{"payload": {"name": "stdin"}}"#,
    );
    bench.golden("run-logs", &["run", "logs.js"]);
    bench.golden("run-no-result", &["run", "nothing.js"]);
    bench.golden("run-env", &["run", "env.js", "--env", "COLOUR=red", "--env", "SHAPE=round"]);
}

#[test]
fn run_waits_for_what_the_lambda_left_behind() {
    Bench::new().golden("run-late", &["run", "late.js"]);
}

#[test]
fn run_with_json_prints_one_object() {
    let bench = Bench::new();
    bench.golden("run-json", &["run", "hello.js", "--payload", r#"{"name": "Ada"}"#, "--json"]);
    bench.golden("run-logs-json", &["run", "logs.js", "--json"]);
    bench.golden("run-no-result-json", &["run", "nothing.js", "--json"]);
    bench.golden("run-fails-json", &["run", "fails.js", "--json"]);
}

#[test]
fn run_fails_with_the_lambda() {
    let bench = Bench::new();
    bench.golden("run-fails", &["run", "fails.js"]);
    bench.golden("run-silent", &["run", "silent.js"]);
    bench.golden("run-throws", &["run", "throws.js"]);
    bench.golden("run-bad-input", &["run", "hello.js", "--payload", "{oops"]);
    bench.golden_fed("run-bad-envelope", &["run", "hello.js", "--input", "-"], "[1, 2");
    bench.golden("run-both-inputs", &["run", "hello.js", "--payload", "1", "--input", "-"]);
}

#[test]
fn build_is_reproducible_and_what_it_writes_runs_and_is_inspected() {
    let bench = Bench::new();
    bench.golden("build", &["build", "hello.js"]);
    bench.golden("build-output", &["build", "hello.js", "-o", "again.wasm"]);
    let read = |name: &str| fs::read(bench.path().join(name)).unwrap();
    assert!(read("hello.wasm") == read("again.wasm"), "two builds of one source differ");
    bench.golden("inspect", &["inspect", "hello.wasm"]);
    let inspected = json_of(&bench.run(&["inspect", "hello.wasm", "--json"]));
    assert_eq!(inspected["sameEngine"], true, "{inspected}");
    let source = bench.run(&["inspect", "hello.wasm", "--source"]);
    assert_eq!(text(&source.stdout), FILES[0].1);
    bench.golden("run-module", &["run", "hello.wasm", "--payload", r#"{"name": "module"}"#]);
}

#[test]
fn what_is_no_module_is_refused() {
    let bench = Bench::new();
    bench.golden("inspect-source", &["inspect", "hello.js"]);
    bench.golden("inspect-fake", &["inspect", "fake.wasm"]);
    bench.golden("inspect-native", &["inspect", "native.cwasm"]);
    bench.golden("build-refused", &["build", "no-lambda.js"]);
    bench.golden("build-unwritable", &["build", "hello.js", "-o", "no/such/folder/x.wasm"]);
    assert!(!bench.path().join("no-lambda.wasm").exists());
    // A module that was cut short or changed on its way.
    assert!(bench.run(&["build", "hello.js"]).status.success());
    let mut bytes = fs::read(bench.path().join("hello.wasm")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(bench.path().join("changed.wasm"), &bytes).unwrap();
    fs::write(bench.path().join("short.wasm"), &bytes[..middle]).unwrap();
    for name in ["changed.wasm", "short.wasm"] {
        let output = bench.run(&["inspect", name, "--json"]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert_eq!(json_of(&output)["error"]["code"], "lambkin.module-refused", "{name}");
    }
}

#[test]
fn new_writes_a_function_that_runs() {
    let bench = Bench::new();
    bench.golden("new", &["new", "first"]);
    bench.golden("new-exists", &["new", "first"]);
    bench.golden("new-bad-name", &["new", "../first"]);
    bench.golden("new-unknown-template", &["new", "second", "--template", "nope"]);
    assert!(!bench.path().join("functions/second").exists());
    bench.golden("new-json", &["new", "second", "--template", "Logging", "--json"]);
    bench.golden("run-folder", &["run", "functions/first"]);
    compare("new-config", &fs::read_to_string(bench.path().join("functions/first/config.json")).unwrap());
    compare("new-settings", &fs::read_to_string(bench.path().join("functions/settings.json")).unwrap());
    bench.golden("templates", &["templates"]);
    bench.golden("templates-json", &["templates", "--json"]);
}

#[test]
fn a_config_that_cannot_be_understood_is_named() {
    let bench = Bench::new();
    assert!(bench.run(&["new", "first"]).status.success());
    fs::write(bench.path().join("functions/first/config.json"), "{\"name\": 7}").unwrap();
    bench.golden("config-broken", &["run", "functions/first"]);
    fs::create_dir(bench.path().join("empty")).unwrap();
    bench.golden("folder-empty", &["run", "empty"]);
}

#[test]
fn a_run_of_a_project_has_its_secrets_and_changes_none() {
    let bench = Bench::new();
    assert!(bench.run(&["new", "keeper"]).status.success());
    let folder = bench.path().join("functions");
    let code = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) {
            const secrets = Toolbelt.SecretClient();
            const before = await secrets.readSecret('count');
            await secrets.updateSecret({ key: 'count', value: 2 });
            callback(null, [before.value, (await secrets.readSecret('count')).value]);
        }";
    fs::write(folder.join("keeper/index.js"), code).unwrap();
    let settings = r#"{"secrets": [{"key": "count", "value": {"n": 1}}], "whitelist": ["api.example.com"]}"#;
    fs::write(folder.join("settings.json"), settings).unwrap();
    let object = json_of(&bench.run(&["run", "functions/keeper", "--json"]));
    assert_eq!(object["result"].to_string(), r#"[{"n":1},2]"#);
    assert_eq!(fs::read_to_string(folder.join("settings.json")).unwrap(), settings);
    fs::write(folder.join("settings.json"), "{").unwrap();
    let output = bench.run(&["run", "functions/keeper"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("settings.json"), "{}", text(&output.stderr));
}

#[test]
fn limits_are_shown_with_their_values() {
    let bench = Bench::new();
    let object = json_of(&bench.run(&["limits", "--json"]));
    let rows = object["limits"].as_array().unwrap();
    let text = text(&bench.run(&["limits"]).stdout);
    assert_eq!(text.lines().count(), rows.len());
    for row in rows {
        let (name, value) = (row["name"].as_str().unwrap(), row["value"].to_string());
        assert!(text.lines().any(|line| line.starts_with(name) && line.contains(&value)), "{row}");
    }
}

#[test]
fn bench_prints_every_figure() {
    let bench = Bench::new();
    let payload = r#"{"name": "Ada"}"#;
    let object = json_of(&bench.run(&["bench", "hello.js", "--payload", payload, "--n", "50", "--json"]));
    for step in ["thaw", "run", "drop", "whole"] {
        let (p50, p99) = (object[step]["p50"].as_f64().unwrap(), object[step]["p99"].as_f64().unwrap());
        assert!(p50 > 0.0 && p50 <= p99, "{step}: {object}");
    }
    assert!(object["fuel"].as_u64().unwrap() > 0, "{object}");
    assert!(object["peakMemory"].as_u64().unwrap() > 0, "{object}");
    assert!(object["dirtyPages"].is_u64() && object["faultsPerCall"].is_f64(), "{object}");
    assert_eq!(bench.run(&["bench", "fails.js", "--n", "5"]).status.code(), Some(1));
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    let bench = Bench::new();
    bench.golden("usage-unknown-verb", &["fly"]);
    bench.golden("usage-json", &["run", "--json"]);
    bench.golden("usage-server", &["invoke", "x", "--server", "localhost:8080"]);
    let output = bench.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    for verb in ["serve", "run", "build", "deploy"] {
        assert!(text(&output.stderr).contains(verb));
    }
    assert_eq!(bench.run(&["--version"]).status.code(), Some(0));
    assert_eq!(bench.run(&["help", "deploy"]).status.code(), Some(0));
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let bench = Bench::new();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = format!("http://127.0.0.1:{port}");
    let output = bench.run(&["invoke", "hello", "--server", &server, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let error = &json_of(&output)["error"];
    assert_eq!(error["code"], "unreachable", "{error}");
    assert!(error["message"].as_str().unwrap().contains(&server), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("lambkin serve --dev"), "{error}");
}

/// A server of our own, ended with the test.
struct Server {
    child: Child,
    announced: Value,
}

impl Server {
    fn start(bench: &Bench) -> Self {
        Self::start_with(bench, &["--dev"])
    }

    fn start_with(bench: &Bench, more: &[&str]) -> Self {
        let engine = bench.path().join("data/engine");
        fs::create_dir_all(&engine).unwrap();
        for entry in fs::read_dir(cache()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), engine.join(entry.file_name())).unwrap();
        }
        let mut command = bench.command(&["serve", "--listen", "127.0.0.1:0", "--data", "data"]);
        command.args(more);
        let mut child = command.env("LAMBKIN_LOG", "warn").stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = stdout.read_line(&mut line);
            let _ = send.send(line);
        });
        let line = receive.recv_timeout(PATIENCE);
        let announced = line.ok().and_then(|line| serde_json::from_str(&line).ok());
        let mut server = Self { child, announced: Value::Null };
        server.announced = announced.expect("the server announces itself in one line of JSON");
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is fine, too.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn deploy_invoke_and_logs_against_a_server() {
    let mut bench = Bench::new();
    let mut server = Server::start(&bench);
    let url = server.announced["listening"].as_str().unwrap().to_owned();
    bench.variables = vec![("LAMBKIN_SERVER", url.clone())];
    let payload = r#"{"name": "Ada"}"#;

    let deployed = json_of(&bench.run(&["deploy", "hello.js", "--json"]));
    assert_eq!((&deployed["name"], &deployed["created"]), (&json!("hello"), &json!(true)), "{deployed}");
    assert_eq!(deployed["state"], "Productive", "{deployed}");
    let uuid = deployed["uuid"].as_str().unwrap().to_owned();
    assert_eq!(deployed["url"], format!("{url}/api/account/123456/lambdas/{uuid}/invoke?v=1"));

    bench.golden("invoke", &["invoke", "hello", "--payload", payload]);
    let by_uuid = bench.run(&["invoke", &uuid, "--payload", payload, "--json"]);
    assert_eq!(json_of(&by_uuid), json!({ "result": "Hello Ada", "logs": [] }));
    let raw = bench.run(&["invoke", "hello", "--payload", payload, "--raw", "--json"]);
    assert_eq!(json_of(&raw), json!({ "result": "Hello Ada" }));
    bench.golden("invoke-unknown", &["invoke", "nobody"]);

    // Deployed again: unchanged, then changed.
    let again = json_of(&bench.run(&["deploy", "hello.js", "--json"]));
    assert_eq!((&again["created"], &again["version"]), (&json!(false), &deployed["version"]), "{again}");
    fs::write(bench.path().join("hello.js"), FILES[1].1).unwrap();
    let changed = json_of(&bench.run(&["deploy", "hello.js", "--json"]));
    assert_ne!(changed["version"], deployed["version"]);
    bench.golden("invoke-logs", &["invoke", "hello"]);

    // A top level that throws: the exit code says so and the old version goes on.
    bench.golden("deploy-throws", &["deploy", "throws.js", "--name", "hello"]);
    bench.golden("deploy-refused", &["deploy", "no-lambda.js", "--name", "hello"]);
    let still = json_of(&bench.run(&["invoke", "hello", "--raw", "--json"]));
    assert_eq!(still, json!({ "result": { "ok": true } }));

    // Raw calls store their logs, test calls do not, and Debug is never stored.
    let stored = stored_logs(&bench, "hello", 1);
    assert_eq!(stored[0]["level"], "Warn", "{stored:?}");
    assert_eq!(stored[0]["message"], "two\nlines", "{stored:?}");

    // A lambda that fails, from a folder and from a module.
    assert!(bench.run(&["new", "first"]).status.success());
    fs::write(bench.path().join("functions/first/index.js"), FILES[3].1).unwrap();
    assert_eq!(json_of(&bench.run(&["deploy", "functions/first", "--json"]))["name"], "first");
    bench.golden("invoke-fails", &["invoke", "first"]);
    bench.golden("invoke-fails-json", &["invoke", "first", "--json"]);
    assert!(bench.run(&["build", "nothing.js"]).status.success());
    assert_eq!(
        json_of(&bench.run(&["deploy", "nothing.wasm", "--name", "built", "--json"]))["name"],
        "built"
    );
    bench.golden("invoke-no-result", &["invoke", "built"]);
    bench.golden("deploy-fake", &["deploy", "fake.wasm", "--name", "built"]);

    // The wrong token.
    bench.golden("invoke-token", &["invoke", "hello", "--token", "wrong"]);

    // A polite end.
    let pid = rustix::process::Pid::from_child(&server.child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn a_session_is_begun_used_and_ended() {
    let mut bench = Bench::new();
    let server = Server::start(&bench);
    bench.variables = vec![("LAMBKIN_SERVER", server.announced["listening"].as_str().unwrap().to_owned())];
    bench.golden_fed("login-wrong", &["login", "developer"], "wrong\n");
    bench.golden_fed("login-nothing", &["login", "developer"], "");
    let kept = bench.path().join("config/lambkin/sessions.json");
    assert!(!kept.exists());
    bench.golden_fed("login", &["login", "developer"], "lambkin\n");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&kept).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // The developer's session is used, and an explicit token goes before it.
    bench.golden("session-forbidden", &["user", "list"]);
    assert!(bench.run(&["user", "list", "--token", "lambkin-dev-token"]).status.success());
    bench.golden("logout", &["login", "--logout"]);
    bench.golden("logout-again", &["login", "--logout"]);
    assert!(bench.run(&["user", "list"]).status.success(), "the dev token again");
    // A session that has ended by itself says how to begin another.
    assert!(bench.feed(&["login", "admin"], "lambkin\n").status.success());
    let text = fs::read_to_string(&kept).unwrap();
    fs::write(&kept, text.replace("lks_", "lks_x")).unwrap();
    bench.golden("session-over", &["user", "list"]);
    fs::write(&kept, "nonsense").unwrap();
    let refused = json_of(&bench.run(&["user", "list", "--json"]));
    assert!(refused["error"]["message"].as_str().unwrap().contains("sessions.json"), "{refused}");
}

#[test]
fn people_are_managed_from_the_command_line() {
    let mut bench = Bench::new();
    let server = Server::start(&bench);
    bench.variables = vec![("LAMBKIN_SERVER", server.announced["listening"].as_str().unwrap().to_owned())];
    let night = ["profile", "create", "Night shift", "--permission", "FaaS-Invocation"];
    bench.golden("profile-create", &night);
    bench.golden("profile-taken", &night);
    bench.golden("profile-bad", &["profile", "create", "x", "--permission", "Root"]);
    let more = ["--permission", "FaaS-Developer", "--permission", "FaaS-Invocation"];
    bench.golden("profile-change", &[&["profile", "change", "night shift"], &more[..]].concat());
    bench.golden(
        "user-create",
        &["user", "create", "ada", "--profile", "night shift", "--email", "ada@example.com"],
    );
    bench.golden("user-taken", &["user", "create", "ada", "--permission", "LPA"]);
    bench.golden("profile-list", &["profile", "list"]);
    bench.golden("profile-used", &["profile", "remove", "Night shift"]);
    bench.golden("user-profile", &["user", "profile", "ada", "FaaS-Admin", "FaaS-Developer"]);
    bench.golden("profile-remove", &["profile", "remove", "Night shift"]);
    bench.golden("user-list", &["user", "list"]);
    bench.golden("user-unknown", &["user", "remove", "nobody"]);
    bench.golden("user-password", &["user", "password", "ada"]);

    // A password for one use has to be replaced, in the same breath.
    let once = json_of(&bench.run(&["user", "password", "ada", "--json"]));
    let once = once["oneTimePassword"].as_str().unwrap().to_owned();
    bench.golden_fed("login-one-time", &["login", "ada"], &format!("{once}\n"));
    let lines = format!("{once}\ncorrect horse battery\n");
    let ada = json_of(&bench.feed(&["login", "ada", "--json"], &lines));
    assert_eq!(ada["permissions"], json!(["FaaS-Admin", "FaaS-Developer"]), "{ada}");
    assert!(!ada.to_string().contains("lks_"), "{ada}");

    bench.golden_fed("secret-set", &["secret", "set", "api-key"], "s3cret\n");
    bench.golden_fed("secret-set-again", &["secret", "set", "api-key"], "another\n");
    bench.golden_fed("secret-parse", &["secret", "set", "table", "--parse"], "{\"a\": 1}\n");
    bench.golden_fed("secret-no-json", &["secret", "set", "table", "--parse"], "{hidden");
    bench.golden("secret-list", &["secret", "list"]);
    bench.golden("secret-read", &["secret", "read", "api-key"]);
    bench.golden("secret-remove", &["secret", "remove", "api-key"]);
    bench.golden("secret-unknown", &["secret", "read", "api-key"]);
    bench.golden("whitelist-add", &["whitelist", "add", "API.example.com"]);
    bench.golden("whitelist-bad", &["whitelist", "add", "https://example.com"]);
    bench.golden("whitelist-list", &["whitelist", "list"]);
    bench.golden("whitelist-remove", &["whitelist", "remove", "api.example.com"]);
    bench.golden("whitelist-unknown", &["whitelist", "remove", "../api.example.com"]);
    assert!(bench.run(&["deploy", "hello.js"]).status.success());
    bench.golden(
        "schedule-add",
        &["schedule", "add", "hello", "0 0 1 1 *", "--payload", "{\"name\": \"cron\"}"],
    );
    bench.golden("schedule-bad", &["schedule", "add", "hello", "every day"]);
    let listed = json_of(&bench.run(&["schedule", "list", "--json"]));
    let id = listed["schedules"][0]["uuid"].as_str().unwrap();
    assert_eq!(listed["schedules"][0]["invocationBody"]["payload"], json!({ "name": "cron" }), "{listed}");
    assert_eq!(json_of(&bench.run(&["schedule", "remove", id, "--json"])), json!({ "uuid": id }));
    assert_eq!(json_of(&bench.run(&["schedule", "list", "--json"])), json!({ "schedules": [] }));
    bench.golden("activity-list", &["activity", "list", "--subject", "secret"]);
    bench.golden("activity-bad", &["activity", "list", "--action", "fly away"]);
    bench.golden("app-nameless", &["app", "create", " "]);
    bench.golden("app-uri", &["app", "create", "Shop", "--redirect-uri", "http://shop.example/back"]);
    bench
        .golden("app-create", &["app", "create", "Shop", "--redirect-uri", "http://localhost:3000/callback"]);
    let page = ["app", "create", "Page", "--public", "--redirect-uri", "https://shop.example/back"];
    bench.golden("app-public", &page);
    let apps = json_of(&bench.run(&["app", "list", "--json"]))["apps"].as_array().unwrap().clone();
    let shop = apps.iter().find(|app| app["client_name"] == "Shop").unwrap();
    let page = apps.iter().find(|app| app["client_name"] == "Page").unwrap();
    let (shop, page) = (shop["client_id"].as_str().unwrap(), page["client_id"].as_str().unwrap());
    let rotated = json_of(&bench.run(&["app", "rotate", shop, "--json"]));
    assert!(rotated["client_secret"].as_str().is_some_and(|secret| secret.len() > 20), "{rotated}");
    let refused = json_of(&bench.run(&["app", "rotate", page, "--json"]));
    assert!(refused["error"]["message"].as_str().unwrap().contains("PKCE"), "{refused}");
    assert_eq!(json_of(&bench.run(&["app", "remove", shop, "--json"])), json!({ "client_id": shop }));
    bench.golden("app-unknown", &["app", "remove", "../users"]);
    bench.golden("user-own", &["user", "remove", "ada"]);
    bench.golden("user-remove", &["user", "remove", "ada", "--token", "lambkin-dev-token"]);
}

#[test]
fn the_operator_makes_accounts_from_the_command_line() {
    let mut bench = Bench::new();
    let server = Server::start_with(&bench, &[]);
    bench.variables = vec![("LAMBKIN_SERVER", server.announced["listening"].as_str().unwrap().to_owned())];
    let once = server.announced["operator"]["password"].as_str().unwrap();
    let lines = format!("{once}\ncorrect horse battery\n");
    bench.golden_fed("login-operator", &["login", "operator", "--account", "operators"], &lines);
    bench.golden("account-create", &["account", "create", "acme", "--name", "Acme Inc.", "--user", "grace"]);
    bench.golden("account-taken", &["account", "create", "acme", "--user", "grace"]);
    bench.golden("account-bad", &["account", "create", "a/b", "--user", "grace"]);
    bench.golden("account-list", &["account", "list"]);
    // The operator lets people into any account, and has no business with what is in it.
    bench.golden("account-user-list", &["user", "list", "--account", "acme"]);
    bench.golden("account-secret-list", &["secret", "list", "--account", "acme"]);
}

/// Logs are written after the reply: asked for again until they are there, but not for ever.
fn stored_logs(bench: &Bench, name: &str, at_least: usize) -> Vec<Value> {
    for _ in 0..100 {
        let object = json_of(&bench.run(&["logs", name, "--json"]));
        let logs = object["logs"].as_array().unwrap().clone();
        if logs.len() >= at_least {
            return logs;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("no logs of `{name}` were stored");
}
