//! `/secrets`: shapes, rules, versions, who sees what, what lies on the disk, and the key it is sealed with.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use lambkin_tests::{Remains, Server, Start};
use serde_json::{Value, json};

const NOT_FOUND: &str = "com.liveperson.faas.secret.not-found";
const INVALID: &str = "com.liveperson.faas.secret.invalid-format";
const CONFLICT: &str = "com.liveperson.faas.es.conflict";
const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";

/// Easily found wherever it should not be.
const VALUE: &str = "hunter2-hunter2-hunter2";

fn create(server: &Server, key: &str, value: &Value) -> Value {
    server.post("secrets", &json!({ "key": key, "value": value })).expect(201).json()
}

fn plain(server: &Server, key: &str) -> Value {
    server.get(&format!("secrets/{key}/plain")).expect(200).json()["value"].clone()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn a_secret_is_shown_sealed_and_in_plain_where_it_is_asked_for() {
    let server = Server::fresh();
    assert_eq!(server.get("secrets").expect(200).json(), json!([]));
    let created = create(&server, "api-Key_1", &VALUE.into());
    assert_eq!((&created["key"], &created["version"]), (&json!("api-Key_1"), &json!(1)));
    let sealed = created["value"].as_str().unwrap();
    assert!(sealed.len() > 40 && !sealed.contains("hunter2"), "{created}");
    assert_eq!(server.get("secrets").expect(200).json(), json!([created]));
    assert_eq!(server.get("secrets/api-Key_1").expect(200).json(), created);
    let shown = server.get("secrets/api-Key_1/plain").expect(200);
    assert_eq!(shown.header("cache-control"), "no-store");
    assert_eq!(shown.json()["value"], VALUE);
    for value in [json!(1), json!(1.5), json!(true), json!({ "a": [1, null, "x"] }), json!([]), json!("")] {
        let key = format!("k{}", value.to_string().len());
        create(&server, &key, &value);
        assert_eq!(plain(&server, &key), value);
        server.delete(&format!("secrets/{key}")).expect(204);
    }
    server.delete("secrets/api-Key_1").expect(204);
    for path in ["secrets/api-Key_1", "secrets/api-Key_1/plain"] {
        let error = server.get(path).expect_error(404, NOT_FOUND);
        assert_eq!(error["errorMsg"], "There is no Secret api-Key_1 for this account");
    }
    server.delete("secrets/api-Key_1").expect_error(404, NOT_FOUND);
}

#[test]
fn keys_and_values_have_rules_and_errors_do_not_quote_values() {
    let server = Server::fresh();
    for key in ["", "a b", "ä", "a.b", "a/b", &"x".repeat(101)] {
        let error = server.post("secrets", &json!({ "key": key, "value": VALUE })).expect_error(400, INVALID);
        assert!(error["errorMsg"].as_str().unwrap().contains("`key` must be 1 to 100"), "{error}");
    }
    let longest = "ä".repeat(10_000);
    create(&server, &"x".repeat(100), &longest.clone().into());
    let error =
        server.post("secrets", &json!({ "key": "k", "value": longest + "ä" })).expect_error(400, INVALID);
    assert_eq!(error["errorMsg"], "Provided Secret Value exceeds allowed length of 10000");
    server.post("secrets", &json!({ "key": "k", "value": null })).expect(400);
    server.post("secrets", &json!({ "key": "k" })).expect_error(400, BAD_INPUT);
    for body in [
        format!("{{\"key\": \"k\", \"value\": \"{VALUE}\", \"version\": \"{VALUE}\"}}"),
        format!("{{\"key\": [\"{VALUE}\"], \"value\": 1}}"),
        format!("{{\"key\": \"k\", \"value\": \"{VALUE}"),
        format!("\"{VALUE}\""),
        VALUE.to_owned(),
        format!("{{\"key\": \"k\", \"value\": {}\"{VALUE}\"{}}}", "[".repeat(500), "]".repeat(500)),
    ] {
        let refused = server.call("POST", "secrets", &body).expect(400);
        assert!(!refused.text().contains("hunter2"), "{}", refused.text());
    }
    let error =
        server.post("secrets", &json!({ "key": "x".repeat(100), "value": 1 })).expect_error(409, CONFLICT);
    assert!(error["errorMsg"].as_str().unwrap().starts_with("there is a secret `x"), "{error}");
    server.call("POST", "secrets", "x".repeat(300_000)).expect(413);
}

#[test]
fn of_two_writers_one_wins() {
    let server = Server::fresh();
    create(&server, "k", &json!(0));
    server.put("secrets/k", &json!({ "value": 1 })).expect_error(400, BAD_INPUT);
    server
        .put("secrets/k", &json!({ "key": "other", "value": 1, "version": 1 }))
        .expect_error(400, BAD_INPUT);
    server.put("secrets/none", &json!({ "value": 1, "version": 1 })).expect_error(404, NOT_FOUND);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let put = |n: u64| server.put("secrets/k", &json!({ "key": "k", "value": n, "version": 1 })).status;
        let writers: Vec<_> = (1..9).map(|n| scope.spawn(move || put(n))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|&&status| status == 409).count(), 7, "{statuses:?}");
    let error =
        server.put("secrets", &json!({ "key": "k", "value": 9, "version": 1 })).expect_error(409, CONFLICT);
    assert!(error["errorMsg"].as_str().unwrap().contains("the newest, which is 2"), "{error}");
    let updated = server.put("secrets", &json!({ "key": "k", "value": 9, "version": 2 })).expect(200).json();
    assert_eq!(updated["version"], 3);
    assert_eq!(plain(&server, "k"), 9);
}

#[test]
fn a_binding_is_judged_and_stays_until_it_is_taken_off() {
    let server = Server::fresh();
    let bound = json!({ "key": "k", "value": VALUE, "host": "API.example.com", "header": "X-Api-Key" });
    let created = server.post("secrets", &bound).expect(201).json();
    assert_eq!((&created["host"], &created["header"]), (&json!("api.example.com"), &json!("x-api-key")));
    let updated = server.put("secrets/k", &json!({ "value": "other", "version": 1 })).expect(200).json();
    assert_eq!(updated["host"], "api.example.com");
    let off = json!({ "value": 1, "version": 2, "host": null, "header": null });
    assert_eq!(server.put("secrets/k", &off).expect(200).json().get("host"), None);
    for (host, header, value, rule) in [
        ("10.0.0.1", "x", "v", "not an IP address"),
        ("*.example.com", "x", "v", "wildcards"),
        ("a.example", "Host", "v", "which the server sets itself"),
        ("a.example", "a b", "v", "name of a header field"),
        ("a.example", "x", "v\r\nHost: evil", "printable ASCII"),
    ] {
        let body = json!({ "key": "b", "value": value, "host": host, "header": header });
        let error = server.post("secrets", &body).expect_error(400, INVALID);
        assert!(error["errorMsg"].as_str().unwrap().contains(rule), "{error}");
    }
    server
        .post("secrets", &json!({ "key": "b", "value": "v", "host": "a.example" }))
        .expect_error(400, BAD_INPUT);
}

#[test]
fn what_the_server_decides_is_not_taken_from_the_body() {
    let server = Server::fresh();
    let body = json!({
        "key": "k", "value": 1, "version": 77, "createdBy": "else", "account": "654321", "sealed": "x",
    });
    let created = server.post("secrets", &body).expect(201).json();
    assert_eq!((&created["version"], &created["createdBy"]), (&json!(1), &json!("dev")));
    for (method, path) in [
        ("GET", "secrets"),
        ("POST", "secrets"),
        ("GET", "secrets/k"),
        ("GET", "secrets/k/plain"),
        ("PUT", "secrets/k"),
        ("DELETE", "secrets/k"),
    ] {
        server.call(method, &format!("/api/account/654321/{path}"), "{}").expect(403);
        server.call_with(method, path, "{}", &[("authorization", "")]).expect(401);
    }
    assert_eq!(plain(&server, "k"), 1);
}

#[test]
fn neither_disk_nor_log_holds_a_value() {
    let server = Server::fresh();
    create(&server, "k", &VALUE.into());
    server.put("secrets/k", &json!({ "value": format!("{VALUE}!"), "version": 1 })).expect(200);
    plain(&server, "k");
    assert!(!holds(server.log().as_bytes(), "hunter2"));
    assert!(!server.get("activities").expect(200).text().contains("hunter2"));
    let (_, remains) = server.stop();
    let mode = fs::metadata(remains.data.join("secret.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = fs::read_to_string(remains.data.join("secret.key")).unwrap();
    for path in files(&remains.data) {
        let bytes = fs::read(&path).unwrap();
        assert!(!holds(&bytes, "hunter2"), "{}", path.display());
        assert!(path.ends_with("secret.key") || !holds(&bytes, key.trim()), "{}", path.display());
    }
    assert_eq!(plain(&remains.start().server(), "k"), format!("{VALUE}!"));
}

fn refused(remains: &Remains, environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command: Command = remains.start().with(arguments).command();
    let output = command.envs(environment.iter().copied()).output().expect("the binary can be started");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("hint:"), "{said}");
    said
}

#[test]
fn a_wrong_missing_or_open_key_is_refused_at_the_start() {
    let server = Server::fresh();
    create(&server, "k", &VALUE.into());
    let (_, remains) = server.stop();
    let path = remains.data.join("secret.key");
    let key = fs::read_to_string(&path).unwrap();
    let wrong = "0f".repeat(32);
    let said = refused(&remains, &[("LAMBKIN_SECRET_KEY", &wrong)], &[]);
    assert!(said.contains("not the one that the stored secrets are sealed with"), "{said}");
    assert!(!said.contains(&wrong), "{said}");
    let said = refused(&remains, &[("LAMBKIN_SECRET_KEY", "hunter2")], &[]);
    assert!(said.contains("is no key") && !said.contains("hunter2"), "{said}");
    fs::write(&path, &wrong).unwrap();
    assert!(refused(&remains, &[], &[]).contains("not the one"));
    fs::remove_file(&path).unwrap();
    assert!(refused(&remains, &[], &[]).contains("is missing"));
    assert!(!path.exists(), "no other key is made in its place");
    fs::write(&path, &key).unwrap();
    fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(refused(&remains, &[], &[]).contains("open to other users (mode 644)"));
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    assert_eq!(plain(&remains.start().server(), "k"), VALUE);
}

#[test]
fn the_key_is_changed_by_sealing_everything_again() {
    let server = Server::fresh();
    create(&server, "one", &VALUE.into());
    let bound = json!({ "key": "two", "value": "v", "host": "api.example.com", "header": "x" });
    server.post("secrets", &bound).expect(201);
    let before = server.get("secrets").expect(200).json();
    let (_, remains) = server.stop();
    let old = remains.data.join("secret.key");
    let new = remains.data.with_extension("new");
    fs::write(&new, "ab".repeat(32) + "\n").unwrap();
    fs::set_permissions(&new, PermissionsExt::from_mode(0o600)).unwrap();
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    // The wrong old key changes nothing.
    let said = refused(&remains, &[], &["--secret-key-file", new, "--old-secret-key-file", new]);
    assert!(said.contains("neither"), "{said}");
    let both = ["--secret-key-file", new, "--old-secret-key-file", old];
    let server = remains.start().with(&both).server();
    assert_eq!(plain(&server, "one"), VALUE);
    assert_ne!(server.get("secrets").expect(200).json(), before);
    let remains = server.kill();
    // Once more with both is harmless; without the old one is what remains; the old one alone is refused.
    let (_, remains) = remains.start().with(&both).server().stop();
    let server = remains.start().with(&["--secret-key-file", new]).server();
    assert_eq!((plain(&server, "one"), plain(&server, "two")), (VALUE.into(), "v".into()));
    let (_, remains) = server.stop();
    assert!(refused(&remains, &[], &[]).contains("not the one"));
}

#[test]
fn the_number_of_secrets_is_bounded_per_account() {
    let server = Start::fresh().with(&["--limit", "secrets=2"]).server();
    create(&server, "one", &json!(1));
    create(&server, "two", &json!(2));
    let error = server.post("secrets", &json!({ "key": "three", "value": 3 })).expect_error(409, CONFLICT);
    assert!(error["errorMsg"].as_str().unwrap().contains("2 secrets, which is the limit"), "{error}");
    server.delete("secrets/one").expect(204);
    create(&server, "three", &json!(3));
}
