//! Kill -9 at bad moments, damaged files, and starts that are refused: what was acknowledged is there and served.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lambkin_tests::{Server, Start};
use serde_json::{Value, json};

const ONE: &str = "function lambda(input, callback) { callback(null, 1); }";

fn images(data: &Path) -> Vec<PathBuf> {
    let entries =
        |folder: PathBuf| fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    entries(data.join("images")).flat_map(entries).collect()
}

#[test]
fn everything_acknowledged_survives_a_kill() {
    let server = Server::fresh();
    let served = server.serve("served", ONE);
    let logs = server.serve("logs", "function lambda(input, callback) { console.info('kept'); callback(); }");
    server.invoke(&logs, &Value::Null).expect(200);
    server.logs(&logs, 1);
    let gone = server.serve("gone", ONE);
    server.delete(&format!("deployments/{gone}")).expect(202);
    let draft = server.create("draft", ONE);
    let saved = server.save(&draft, "function lambda(input, callback) { callback(null, 'saved'); }");
    let remains = server.kill();

    let server = remains.start().server();
    assert_eq!(server.invoke(&served, &Value::Null).expect(200).json(), 1);
    assert_eq!(server.lambda(&draft), saved);
    server.invoke(&gone, &Value::Null).expect_error(404, "com.liveperson.faas.es.notdeployed");
    assert_eq!(server.logs(&logs, 1)[0]["message"], "kept");
    lambkin_tests::until("the end of the undeployment", || {
        (server.lambda(&gone)["state"] == "Draft").then_some(())
    });
}

#[test]
fn every_acknowledged_save_is_there_whenever_the_kill_comes() {
    let server = Server::fresh();
    let uuid = server.create("saves", ONE);
    let mut version = 1;
    for n in 0..10 {
        let saved =
            server.save(&uuid, &format!("function lambda(input, callback) {{ callback(null, {n}); }}"));
        version = saved["version"].as_u64().unwrap();
    }
    // No pause: the last reply has just arrived.
    let server = server.kill().start().server();
    let lambda = server.lambda(&uuid);
    assert_eq!(lambda["version"], version);
    assert!(lambda["implementation"]["code"].as_str().unwrap().contains("null, 9"));
}

#[test]
fn a_deployment_that_was_half_done_is_carried_out() {
    let server = Server::fresh();
    let uuid = server.serve("half", ONE);
    let slow = "let n = 0; for (let i = 0; i < 4e6; i++) { n += i % 7; }
        function lambda(input, callback) { callback(null, 2); }";
    server.save(&uuid, slow);
    server.call("POST", &format!("deployments/{uuid}"), "").expect(202);
    let server = server.kill().start().server();
    // Until it is done, what was productive is served.
    let result = server.invoke(&uuid, &Value::Null).expect(200).json();
    assert!(result == 1 || result == 2, "{result}");
    assert_eq!(server.deployed(&uuid), "Productive");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), 2);
}

#[test]
fn missing_and_damaged_images_are_made_again() {
    let server = Server::fresh();
    let names = ["missing", "damaged", "empty"];
    let lambdas: Vec<String> = names.iter().map(|name| server.serve(name, ONE)).collect();
    let remains = server.kill();
    let image = |uuid: &str| {
        let id = uuid.replace('-', "");
        let found = images(&remains.data).into_iter().find(|path| path.to_string_lossy().contains(&id));
        found.unwrap_or_else(|| panic!("no image of {uuid}"))
    };
    fs::remove_file(image(&lambdas[0])).unwrap();
    let mut bytes = fs::read(image(&lambdas[1])).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(image(&lambdas[1]), bytes).unwrap();
    fs::write(image(&lambdas[2]), "").unwrap();
    let server = remains.start().server();
    for uuid in &lambdas {
        assert_eq!(server.invoke(uuid, &Value::Null).expect(200).json(), 1);
    }
    let server = server.kill().start().server();
    for uuid in &lambdas {
        assert_eq!(server.invoke(uuid, &Value::Null).expect(200).json(), 1);
    }
    assert_eq!(images(&server.data).len(), 3);
}

#[test]
fn a_damaged_database_is_refused_or_whole_and_left_as_it_was() {
    let server = Server::fresh();
    let lambdas: Vec<String> = (0..20).map(|n| server.create(&format!("kept_{n}"), ONE)).collect();
    let (_, remains) = server.stop();
    let path = remains.data.join("database/db");
    let whole = fs::read(&path).unwrap();
    let used: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] != 0).collect();
    // A byte in the early half of the log: what follows is what would go.
    let mut damaged = whole;
    damaged[used[used.len() / 3]] ^= 1;
    fs::write(&path, &damaged).unwrap();
    for _ in 0..2 {
        let (status, said) = remains.start().refused();
        assert!(!status.success());
        assert!(said.contains("its files are damaged") && said.contains("from a backup"), "{said}");
        assert_eq!(fs::read(&path).unwrap(), damaged, "the files are left as they were");
    }
    damaged[used[used.len() / 3]] ^= 1;
    fs::write(&path, &damaged).unwrap();
    let server = remains.start().server();
    assert_eq!(server.get("lambdas").expect(200).json().as_array().unwrap().len(), lambdas.len());
}

#[test]
fn a_crowd_of_first_calls_is_served() {
    let server = Server::fresh();
    let uuid = server.serve("crowd", ONE);
    let server = server.kill().start().server();
    std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..32).map(|_| scope.spawn(|| server.invoke(&uuid, &Value::Null).expect(200).json())).collect();
        for call in calls {
            assert_eq!(call.join().unwrap(), 1);
        }
    });
}

#[test]
fn a_data_directory_belongs_to_one_server() {
    let server = Server::fresh();
    let (status, said) = Start::on(&server.data).refused();
    assert!(!status.success());
    assert!(said.contains("in use by another server") && said.contains("hint:"), "{said}");
    server.get("/health").expect(200);
}

#[test]
fn a_newer_data_format_is_refused_and_left_alone() {
    let server = Server::fresh();
    let uuid = server.create("kept", ONE);
    let (_, remains) = server.stop();
    fs::write(remains.data.join("FORMAT"), "99\n").unwrap();
    let (status, said) = remains.start().refused();
    assert!(!status.success());
    assert!(said.contains("format 99"), "{said}");
    fs::write(remains.data.join("FORMAT"), "1\n").unwrap();
    remains.start().server().lambda(&uuid);
}

#[test]
fn a_data_path_that_cannot_be_used_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a_file");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("below")] {
        let (status, said) = Start::on(&path).refused();
        assert!(!status.success());
        assert!(said.contains("error:") && said.contains("a_file") && said.contains("hint:"), "{said}");
    }
}

#[test]
fn a_port_in_use_and_a_public_dev_server_are_refused() {
    let server = Server::fresh();
    let dir = tempfile::tempdir().unwrap();
    for (listen, part) in
        [(server.address().to_string(), "cannot listen"), ("0.0.0.0:0".to_owned(), "loopback")]
    {
        let mut command = std::process::Command::new(lambkin_tests::lambkin());
        let output =
            command.args(["serve", "--dev", "--listen", &listen, "--data"]).arg(dir.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(part) && said.contains("hint:"), "{said}");
    }
}

#[test]
fn without_dev_an_operator_is_made_whose_password_serves_once() {
    let server = Start::fresh().without_dev().server();
    let operator = server.announcement["operator"].clone();
    assert_eq!(operator["loginName"], "operator");
    assert!(server.announcement.get("token").is_none() && server.announcement.get("users").is_none());
    server
        .call_with("GET", "/api/account/123456/lambdas", "", &[("authorization", "Bearer lambkin-dev-token")])
        .expect(401);
    let password = operator["password"].as_str().unwrap().to_owned();
    let given = server.log_in("operators", "operator", &password);
    let own = "/api/account/operators/password";
    let change = json!({ "oldPassword": password, "password": "a password of my own" });
    server.call_as(&given, "PUT", own, &json!({ "oldPassword": password, "password": "short" })).expect(400);
    server.call_as(&given, "PUT", own, &change).expect(204);
    server.call_as(&given, "PUT", own, &change).expect(401);
    server.try_log_in("operators", "operator", &password).expect(401);
    server.log_in("operators", "operator", "a password of my own");
    let (status, remains) = server.stop();
    assert!(status.success());
    for entry in fs::read_dir(remains.data.join("database")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            for secret in [password.as_str(), given.as_str(), "a password of my own"] {
                assert!(
                    !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                    "{secret} is stored"
                );
            }
        }
    }
    let server = remains.start().without_dev().server();
    assert!(server.announcement.get("operator").is_none());
    server.log_in("operators", "operator", "a password of my own");
    let (_, remains) = server.stop();

    let server = remains.start().without_dev().with(&["--renew-operator"]).server();
    server.try_log_in("operators", "operator", "a password of my own").expect(401);
    let renewed = server.announcement["operator"]["password"].as_str().unwrap().to_owned();
    let given = server.log_in("operators", "operator", &renewed);
    server.call_as(&given, "POST", "/api/account/operators/logout", &Value::Null).expect(204);
    server.call_as(&given, "POST", "/api/account/operators/logout", &Value::Null).expect(401);
    let (_, remains) = server.stop();
    // Well-known passwords do not get into a directory that others protect, nor the other way round.
    let (status, said) = remains.start().refused();
    assert!(!status.success() && said.contains("--dev") && said.contains("hint:"), "{said}");
}

#[test]
fn the_announcement_is_one_line_with_everything_to_begin() {
    let server = Server::fresh();
    let announcement = &server.announcement;
    assert_eq!(announcement["account"], "123456");
    assert_eq!(announcement["dev"], true);
    assert!(announcement["listening"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(announcement["engine"].as_str().unwrap().len(), 64);
    assert_eq!(server.get("/ready").expect(200).json()["status"], json!("ready"));
    assert_eq!(
        server.call_with("GET", "/health", "", &[("authorization", "")]).expect(200).json()["status"],
        "up"
    );
}
