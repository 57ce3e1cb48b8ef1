//! The published clients, unchanged, and independent OAuth clients, against a server without `--dev`.
//!
//! Their scripts lie in `tests/clients`; `make test` installs what they need. Clients that cannot be told an address
//! meet the server as an operator would serve it to them: by the platform's names, which lead to loopback here, over
//! HTTP and, through a proxy that ends TLS, over HTTPS.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

use lambkin_tests::{PATIENCE, Start, Tenant, definition, until};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The names the clients ask for before they know better.
const NAMES: [&str; 3] = ["adminlogin.liveperson.net", "api.liveperson.net", "localhost"];

const GREET: &str = "function lambda(input, callback) {
    console.info('greeting', input.payload.name);
    callback(null, `Hello ${input.payload.name}!`);
}";
const FAIL: &str = "function lambda(input, callback) { callback(new Error('not today')); }";
const EVENT: &str = "conversational_command";

fn clients() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

/// A tenant behind a proxy that speaks TLS.
struct Place {
    tenant: Tenant,
    folder: TempDir,
    front: Child,
    /// The proxy ends when this is closed.
    _leash: ChildStdin,
    https: u64,
    lossy: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.front.kill();
        let _ = self.front.wait();
    }
}

impl Place {
    fn new() -> Self {
        let tenant = Tenant::start(Start::fresh().with(&["--trusted-proxy", "127.0.0.1"]));
        let folder = tempfile::tempdir().expect("a temporary directory");
        let made = rcgen::generate_simple_self_signed(NAMES.map(str::to_owned)).expect("a certificate");
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        fs::write(&certificate, made.cert.pem()).expect("a file");
        fs::write(&key, made.signing_key.serialize_pem()).expect("a file");
        let mut front = Command::new("node")
            .arg(clients().join("front.cjs"))
            .args([&certificate, &key])
            .arg(tenant.server.address().port().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tests need Node 20 or newer");
        let leash = front.stdin.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(front.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let ports: Value = serde_json::from_str(&line).expect("the proxy says its ports");
        let port = |name: &str| ports[name].as_u64().expect("a port");
        let (https, lossy) = (port("https"), port("lossy"));
        Self { tenant, folder, front, _leash: leash, https, lossy }
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Makes the names lead here and the certificate trusted, for Node and for Python.
    fn equip(&self, command: &mut Command) {
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(proxy);
        }
        command
            .env("LAMBKIN_HTTP_PORT", self.tenant.server.address().port().to_string())
            .env("LAMBKIN_HTTPS_PORT", self.https.to_string())
            .env("REQUESTS_CA_BUNDLE", self.certificate())
            .env("NODE_EXTRA_CA_CERTS", self.certificate());
    }

    /// Runs a script that judges nothing and prints what it saw as one JSON object.
    fn see(&self, program: &Path, script: &str, case: &Value) -> Value {
        let mut command = Command::new(program);
        command.arg(clients().join(script)).env("LAMBKIN_CASE", case.to_string());
        self.equip(&mut command);
        let said = run(&mut command, self.folder.path()).expect_success();
        serde_json::from_str(&said)
            .unwrap_or_else(|error| panic!("{script} printed no JSON ({error}): {said}"))
    }

    fn install_app(&self, metadata: &Value) -> (String, String) {
        let app = self.tenant.server.post("app-installations", metadata).expect(201).json();
        let text = |key: &str| app[key].as_str().expect("a text").to_owned();
        (text("client_id"), text("client_secret"))
    }

    /// What OAuth scripts are told: an app for users, and who logs in.
    fn oauth_case(&self) -> Value {
        // Nobody listens there: a browser would fail to load it, and what counts stands in the address.
        let redirect = "https://app.example/callback";
        let (client, secret) = self.install_app(&json!({
            "client_name": "a test",
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "response_types": ["code"],
            "scope": "faas.lambda.invoke",
            "redirect_uris": [redirect],
        }));
        json!({
            "base": format!("https://localhost:{}", self.https),
            "account": self.tenant.server.account,
            "client": client,
            "secret": secret,
            "redirectUri": redirect,
            "username": self.tenant.user,
            "password": self.tenant.password,
        })
    }

    /// Saves a function of an event and deploys it.
    fn serve_event(&self, name: &str, code: &str, event: &str) -> String {
        let server = &self.tenant.server;
        let mut lambda = definition(name, code);
        lambda["eventId"] = event.into();
        let saved = server.post("lambdas", &lambda).expect(201).json();
        let uuid = saved["uuid"].as_str().expect("an id").to_owned();
        assert_eq!(server.deploy(&uuid), "Productive");
        uuid
    }
}

/// How a program ended.
struct Ended {
    success: bool,
    out: String,
    err: String,
}

impl Ended {
    #[track_caller]
    fn expect_success(self) -> String {
        assert!(self.success, "--- stdout ---\n{}\n--- stderr ---\n{}", self.out, self.err);
        self.out
    }
}

/// Runs a program without input and with a time limit. Its output goes to files: a full pipe would stop it.
fn run(command: &mut Command, folder: &Path) -> Ended {
    let (out, err) = (folder.join("stdout"), folder.join("stderr"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(File::create(&out).expect("a file"))
        .stderr(File::create(&err).expect("a file"))
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; `make test` installs what clients need"));
    let started = std::time::Instant::now();
    let status = until("the end of a client", || {
        if started.elapsed() + std::time::Duration::from_secs(5) > PATIENCE {
            let _ = child.kill();
        }
        child.try_wait().expect("a child")
    });
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    Ended { success: status.success(), out: read(&out), err: read(&err) }
}

fn node() -> PathBuf {
    PathBuf::from("node")
}

fn python() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clients/bin/python")
}

#[test]
fn the_published_javascript_client() {
    let place = Place::new();
    let server = &place.tenant.server;
    let uuid = place.serve_event("greet", GREET, EVENT);
    let failing = server.serve("fail", FAIL);
    let (client, secret) = place.install_app(&json!({ "client_name": "a test" }));
    let case = json!({
        "account": server.account, "client": client, "secret": secret, "session": server.token,
        "uuid": uuid, "failing": failing, "event": EVENT, "lossy": place.lossy,
    });
    let mut command = Command::new("node");
    command.arg("--require").arg(clients().join("resolve.cjs")).arg(clients().join("functions-client.cjs"));
    command.env("LAMBKIN_CASE", case.to_string());
    place.equip(&mut command);
    let said = run(&mut command, place.folder.path()).expect_success();
    let seen: Value = serde_json::from_str(&said).expect("one JSON object");

    assert_eq!(seen["invoke"], json!({ "status": 200, "body": "Hello Ada!" }), "{seen:#}");
    assert_eq!(seen["byEvent"]["status"], 200, "{seen:#}");
    let each = seen["byEvent"]["body"].as_array().expect("an array");
    assert_eq!(each.len(), 1, "{seen:#}");
    assert_eq!((&each[0]["uuid"], &each[0]["result"]), (&json!(uuid), &json!("Hello Ada!")), "{seen:#}");
    assert!(each[0]["timestamp"].is_number(), "{seen:#}");
    assert_eq!((&seen["implemented"], &seen["notImplemented"]), (&json!(true), &json!(false)), "{seen:#}");

    let failing = &seen["failing"];
    assert_eq!(failing["names"][0], "FaaSLambdaError", "{seen:#}");
    assert_eq!(failing["status"], 901, "{seen:#}");
    assert_eq!(failing["body"]["errorCode"], "com.liveperson.faas.handler.custom-failure", "{seen:#}");
    assert_eq!(failing["body"]["errorMsg"], "not today", "{seen:#}");
    let missing = &seen["missing"];
    assert_eq!(
        (&missing["names"][0], &missing["status"]),
        (&json!("FaaSInvokeError"), &json!(404)),
        "{seen:#}"
    );
    assert_eq!(missing["body"]["errorCode"], "com.liveperson.faas.es.missinglambda", "{seen:#}");
    assert_eq!(seen["lambdas"], json!({ "status": 200, "names": ["fail", "greet"] }), "{seen:#}");
    // An app's token may invoke and nothing else.
    assert_eq!(seen["lambdasByApp"]["names"][0], "FaaSGetLambdasError", "{seen:#}");
    assert_eq!(seen["lambdasByApp"]["status"], 403, "{seen:#}");
    let wrong = seen["wrongSecret"]["names"].as_array().expect("an array");
    assert_eq!(wrong[0], "FaaSInvokeError", "{seen:#}");
    assert!(wrong.contains(&json!("FaaSAppJWTAuthenticationError")), "{seen:#}");

    // The answer that was lost is given again; the function ran once.
    assert_eq!(seen["again"], json!({ "status": 200, "body": "Hello Grace!" }), "{seen:#}");
    let logs = server.logs(&uuid, 3);
    let named = |name: &str| logs.iter().filter(|entry| entry["extras"] == json!([name])).count();
    assert_eq!((named("Ada"), named("Grace")), (2, 1), "{logs:#?}");
}

#[test]
fn the_published_command_line() {
    let place = Place::new();
    let server = &place.tenant.server;
    let project = place.folder.path().join("project");
    let functions = project.join("functions");
    for folder in [project.join("bin"), functions.clone(), place.folder.path().join("tmp")] {
        fs::create_dir_all(folder).expect("a folder");
    }
    let lpf = |arguments: &[&str]| {
        let mut command = Command::new("node");
        command.arg("--require").arg(clients().join("resolve.cjs"));
        command.arg(clients().join("node_modules/liveperson-functions-cli/bin/run")).args(arguments);
        place.equip(&mut command);
        // It keeps its session in the system's temporary folder.
        command.current_dir(&project).env("TMPDIR", place.folder.path().join("tmp"));
        for home in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(home, place.folder.path().join("home"));
        }
        command.env("NO_COLOR", "1").env("FORCE_COLOR", "0").env("COLUMNS", "250");
        run(&mut command, place.folder.path()).expect_success()
    };

    let login = ["login", "-a", &server.account, "-u", place.tenant.user, "-p", place.tenant.password];
    lpf(&login);
    // A second time the session is refreshed instead.
    lpf(&login);
    lpf(&["create:function", "-n", "greet", "-d", "Greets", "-e", EVENT]);
    fs::write(functions.join("greet/index.js"), GREET).expect("a file");
    let config_path = functions.join("greet/config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&config_path).expect("a config")).expect("JSON");
    config["input"]["payload"] = json!({ "name": "Ada" });
    fs::write(&config_path, config.to_string()).expect("a file");

    lpf(&["push", "greet", "--yes"]);
    let listed = server.get("lambdas?name=greet").expect(200).json();
    let uuid = listed[0]["uuid"].as_str().expect("the function is there").to_owned();
    assert_eq!((&listed[0]["eventId"], &listed[0]["state"]), (&json!(EVENT), &json!("Draft")));
    let version = listed[0]["version"].clone();
    lpf(&["push", "greet", "--yes"]);
    assert_eq!(server.lambda(&uuid)["version"], version, "a push without a change is none");
    lpf(&["deploy", "greet", "--yes"]);
    assert_eq!(server.lambda(&uuid)["state"], "Productive");

    let invoked = lpf(&["invoke", "greet"]);
    assert!(invoked.contains("\"result\": \"Hello Ada!\""), "{invoked}");
    assert!(invoked.contains("\"message\": \"greeting\""), "a test call shows its logs: {invoked}");
    assert!(!invoked.contains("Please be aware"), "{invoked}");

    // A call that is no test is in the stored logs.
    let envelope = json!({ "timestamp": 0, "headers": [], "payload": { "name": "Grace" } });
    server.post(&format!("lambdas/{uuid}/invoke?externalSystem=test"), &envelope).expect(200);
    server.logs(&uuid, 1);
    let start = "1561536000000";
    let logs = lpf(&["logs", "greet", &format!("--start={}", week_ago())]);
    assert!(logs.contains("greeting") && logs.contains("Grace"), "since {start}: {logs}");

    fs::write(functions.join("greet/index.js"), GREET.replace("Hello", "Good morning")).expect("a file");
    lpf(&["push", "greet", "--yes"]);
    assert_eq!(server.lambda(&uuid)["state"], "Modified");
    let shown = lpf(&["get", "functions", "deployments", "account", "events"]);
    for text in ["greet", "Modified", EVENT, "1 / 50", "Messaging TTR"] {
        assert!(shown.contains(text), "`{text}` in {shown}");
    }
    lpf(&["add:domain", "api.example.com"]);
    assert_eq!(server.get("proxy-settings").expect(200).json()[0]["domain"], "api.example.com");
    lpf(&["create:schedule", "-f", "greet", "-c", "0 4 * * *"]);
    assert_eq!(server.get("schedules").expect(200).json()[0]["cronExpression"], "0 4 * * *");
    lpf(&["metrics", "greet", "--last=1h", "--output=json"]);

    fs::remove_dir_all(functions.join("greet")).expect("a folder");
    lpf(&["pull", "greet", "--yes"]);
    let pulled = fs::read_to_string(functions.join("greet/index.js")).expect("the source is back");
    assert!(pulled.contains("Good morning"), "{pulled}");

    lpf(&["undeploy", "greet", "--yes"]);
    assert_eq!(server.lambda(&uuid)["state"], "Draft");
    lpf(&["logout", "-a", &server.account]);
}

/// Milliseconds since 1970, as the command line takes them.
fn week_ago() -> u128 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    since.as_millis() - 6 * 86_400_000
}

#[test]
fn simple_oauth2() {
    let place = Place::new();
    let seen = place.see(&node(), "simple-oauth2.cjs", &place.oauth_case());
    for method in ["app_body", "app_header"] {
        let expected = json!({ "keys": ["access_token", "token_type"], "type": "Bearer", "opens": 200 });
        assert_eq!(seen[method], expected, "{seen:#}");
    }
    assert_eq!(seen["state"], true, "{seen:#}");
    let keys = json!(["access_token", "expires_at", "expires_in", "id_token", "refresh_token", "token_type"]);
    assert_eq!(seen["user"], json!({ "keys": keys, "type": "Bearer", "opens": 200 }), "{seen:#}");
    assert_eq!(seen["expired"], false, "{seen:#}");
    assert_eq!(seen["refreshed"], json!({ "rotated": true, "opens": 200 }), "{seen:#}");
    assert_eq!(seen["revoked"], 401, "{seen:#}");
    assert_eq!(seen["codeAgain"], json!({ "status": 400, "error": "invalid_grant" }), "{seen:#}");
}

#[test]
fn openid_client() {
    let place = Place::new();
    let case = place.oauth_case();
    let issuer = format!(
        "https://localhost:{}/sentinel/api/account/{}",
        place.https,
        case["account"].as_str().unwrap()
    );
    let seen = place.see(&node(), "openid-client.cjs", &case);
    let claims = json!({ "iss": issuer, "aud": case["client"], "hasSubject": true });
    assert_eq!(seen["claims"], claims, "{seen:#}");
    assert_eq!(seen["expiresIn"], 28_800, "{seen:#}");
    assert_eq!(
        (&seen["rotated"], &seen["opens"], &seen["revoked"]),
        (&json!(true), &json!(200), &json!(401)),
        "{seen:#}"
    );
    let refused = json!({ "error": "invalid_grant", "status": 400 });
    for attempt in ["reused", "family", "wrongVerifier"] {
        assert_eq!(seen[attempt], refused, "{attempt}: {seen:#}");
    }
}

#[test]
fn authlib() {
    let place = Place::new();
    let case = place.oauth_case();
    let seen = place.see(&python(), "authlib_client.py", &case);
    for method in ["client_secret_post", "client_secret_basic"] {
        let expected = json!({
            "keys": ["access_token", "token_type"],
            "claims": {
                "aud": place.tenant.server.account,
                "azp": case["client"],
                "iss": "Sentinel",
                "scope": "faas.lambda.invoke",
            },
            "lives": 3_600,
            "opens": 200,
        });
        assert_eq!(seen[method], expected, "{seen:#}");
    }
    assert_eq!(seen["id_token"], case["client"], "{seen:#}");
    for truth in ["state", "rotated"] {
        assert_eq!(seen[truth], true, "{seen:#}");
    }
    for (call, status) in [("opens", 200), ("refreshed", 200), ("revoke", 200), ("revoked", 401)] {
        assert_eq!(seen[call], status, "{call}: {seen:#}");
    }
    assert_eq!(seen["nonsense"], "invalid_grant", "{seen:#}");
}

/// Every request of the collection people import, by Postman's own runner.
#[test]
fn the_postman_collection() {
    let place = Place::new();
    let server = &place.tenant.server;
    let uuid = place.serve_event("greet", GREET, EVENT);
    let case = place.oauth_case();
    let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lambkin.postman_collection.json");
    let report = place.folder.path().join("report.json");
    let mut command = Command::new("node");
    command.arg(clients().join("node_modules/newman/bin/newman.js")).arg("run").arg(collection);
    let base = server.base.clone();
    for (name, value) in [
        ("server", base.as_str()),
        ("account", &server.account),
        ("client_id", case["client"].as_str().expect("an id")),
        ("client_secret", case["secret"].as_str().expect("a secret")),
        ("lambda", &uuid),
        ("event", EVENT),
        ("username", place.tenant.user),
        ("password", place.tenant.password),
    ] {
        command.arg("--env-var").arg(format!("{name}={value}"));
    }
    command.args(["--timeout", "60000", "--reporters", "cli,json", "--reporter-json-export"]).arg(&report);
    place.equip(&mut command);
    let said = run(&mut command, place.folder.path()).expect_success();
    let report: Value = serde_json::from_slice(&fs::read(report).expect("a report")).expect("JSON");
    let stats = &report["run"]["stats"];
    let total = |what: &str| stats[what]["total"].as_u64().unwrap_or_default();
    assert_eq!(stats["assertions"]["failed"], 0, "{said}");
    assert!(
        total("assertions") >= total("requests") && total("requests") >= 7,
        "each request is judged: {said}"
    );
}
