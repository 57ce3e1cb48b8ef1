//! The management calls: what is accepted, what is refused and how, and the shapes of replies.

use lambkin_tests::{Server, Start, definition, lambkin, until};
use serde_json::{Value, json};

const CODE: &str = "function lambda(input, callback) { callback(null, 'ok'); }";

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_lambda_has_the_keys_of_the_contract_and_no_others() {
    let server = Server::fresh();
    let mut sent = definition("shape", CODE);
    sent["eventId"] = "conversational_command".into();
    sent["skills"] = json!(["a"]);
    sent["samplePayload"] = json!({"headers": [], "payload": {"z": 1, "a": [2]}});
    // None of these are the client's to decide.
    sent["state"] = "Productive".into();
    sent["createdBy"] = "somebody else".into();
    sent["lastDeployment"] = json!({"deploymentState": "Deploy Finish"});
    let created = server.post("lambdas", &sent).expect(201).json();
    let expected = [
        "createdAt",
        "createdBy",
        "description",
        "eventId",
        "implementation",
        "name",
        "runtime",
        "samplePayload",
        "skills",
        "state",
        "updatedAt",
        "updatedBy",
        "uuid",
        "version",
    ];
    assert_eq!(keys(&created), expected);
    assert_eq!(created["state"], "Draft");
    assert_eq!(created["createdBy"], "dev");
    assert_eq!(created["version"], 1);
    assert_eq!(created["samplePayload"], sent["samplePayload"]);
    assert_eq!(keys(&created["implementation"]), ["code", "dependencies", "environmentVariables"]);
    assert_eq!(keys(&created["runtime"]), ["baseImageName", "name", "uuid"]);
    let uuid = created["uuid"].as_str().unwrap();
    server.deploy(uuid);
    let lambda = server.lambda(uuid);
    let deployment = [
        "createdAt",
        "createdBy",
        "deployedAt",
        "deploymentState",
        "imageName",
        "lambdaUUID",
        "lambdaVersion",
        "name",
        "updatedAt",
        "updatedBy",
        "uuid",
    ];
    assert_eq!(keys(&lambda["lastDeployment"]), deployment);
    let runtimes = server.get("runtimes").expect(200).json();
    assert_eq!(runtimes, json!([lambda["runtime"]]));
}

#[test]
fn names_are_unique_and_words() {
    let server = Server::fresh();
    server.create("taken", CODE);
    let again = server.post("lambdas", &definition("taken", CODE));
    let error = again.expect_error(409, "com.liveperson.faas.es.conflict");
    assert!(error["errorMsg"].as_str().unwrap().contains("`taken`"), "{error}");
    for name in ["", "two words", "dash-ed", &"x".repeat(51), "<script>"] {
        server.post("lambdas", &definition(name, CODE)).expect_error(400, "com.liveperson.faas.es.badinput");
    }
}

#[test]
fn every_violation_is_reported_at_once() {
    let server = Server::fresh();
    let mut bad = definition("a b", CODE);
    bad["description"] = "".into();
    bad["implementation"]["environmentVariables"] = json!([
        {"key": "", "value": ""},
        {"key": "BRAND_ID", "value": "x"},
        {"key": "LONG", "value": "x".repeat(201)},
    ]);
    let error = server.post("lambdas", &bad).expect_error(400, "com.liveperson.faas.es.badinput");
    let message = error["errorMsg"].as_str().unwrap();
    for part in
        ["`name`", "`description`", "Variable name is reserved and thereby blocked for use.", "`LONG`"]
    {
        assert!(message.contains(part), "{part} in {message}");
    }
}

#[test]
fn code_that_is_no_lambda_is_a_contract_error_with_all_findings() {
    let server = Server::fresh();
    for code in ["function lambda(input, callback) {", "function other() {}", "", &"x".repeat(100_001)] {
        let error = server.post("lambdas", &definition("bad", code)).expect(400).json();
        assert!(error["errorCode"].as_str().unwrap().contains("contract-error"), "{error}");
        let first = &error["findings"][0];
        let place = format!("{}:{}: ", first["line"], first["column"]);
        assert!(error["errorMsg"].as_str().unwrap().starts_with(&place), "{error}");
        for key in ["code", "message", "frame", "severity"] {
            assert!(first[key].is_string(), "{first}");
        }
    }
    let unused = "function lambda(input, callback) { input.x = 1; }";
    assert!(
        server.post("lambdas", &definition("unused", unused)).expect(400).text().contains("contract-error")
    );
}

#[test]
fn the_check_judges_without_saving() {
    let server = Server::fresh();
    let good =
        server.call_with("POST", "check", CODE, &[("content-type", "text/javascript")]).expect(200).json();
    assert_eq!(good["accepted"], true);
    let bad = server.post("check", &json!({"code": "function lambda( {"})).expect(200).json();
    assert_eq!(bad["accepted"], false);
    assert_eq!(bad["findings"][0]["severity"], "error");
    let binary = server.call_with("POST", "check", [0xff, 0xfe], &[("content-type", "text/javascript")]);
    binary.expect_error(400, "com.liveperson.faas.es.badinput");
    assert_eq!(server.get("lambdas").expect(200).json(), json!([]));
}

#[test]
fn a_save_is_locked_by_the_version() {
    let server = Server::fresh();
    let uuid = server.create("locked", CODE);
    let path = format!("lambdas/{uuid}");
    let first = server.lambda(&uuid);
    let unchanged = server.put(&path, &first).expect(304);
    assert!(unchanged.body.is_empty());
    let mut second = first.clone();
    second["description"] = "changed".into();
    let saved = server.put(&path, &second).expect(200).json();
    assert_eq!((&saved["version"], &saved["description"]), (&json!(2), &json!("changed")));
    let stale = server.put(&path, &second).expect_error(409, "com.liveperson.faas.es.conflict");
    assert!(stale["errorMsg"].as_str().unwrap().contains("version 1"), "{stale}");
    let mut renamed = saved.clone();
    renamed["name"] = "other".into();
    server.put(&path, &renamed).expect_error(400, "com.liveperson.faas.es.badinput");
    let mut unversioned = saved;
    unversioned["version"] = Value::Null;
    server.put(&path, &unversioned).expect_error(400, "com.liveperson.faas.es.badinput");
    server.put("lambdas/00000000-0000-4000-8000-000000000000", &first).expect(404);
}

#[test]
fn of_two_writers_one_wins() {
    let server = Server::fresh();
    let uuid = server.create("race", CODE);
    let lambda = server.lambda(&uuid);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|n| {
                let (server, mut lambda, uuid) = (&server, lambda.clone(), &uuid);
                lambda["description"] = format!("writer {n}").into();
                scope.spawn(move || server.put(&format!("lambdas/{uuid}"), &lambda).status)
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|&&status| status == 409).count(), 7, "{statuses:?}");
}

#[test]
fn lists_are_filtered() {
    let server = Server::fresh();
    let mut with_event = definition("alpha_one", CODE);
    with_event["eventId"] = "controllerbot_messaging_ttr".into();
    server.post("lambdas", &with_event).expect(201);
    let two = server.serve("alpha_two", CODE);
    server.create("beta", CODE);
    let names = |query: &str| {
        let list = server.get(&format!("lambdas{query}")).expect(200).json();
        let mut names: Vec<String> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|lambda| lambda["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("/").len(), 3);
    assert_eq!(names("?v=1&userId=7&name=&eventId=&state="), ["alpha_one", "alpha_two", "beta"]);
    assert_eq!(names("?name=alpha"), ["alpha_one", "alpha_two"]);
    assert_eq!(names("?eventId=messaging"), ["alpha_one"]);
    assert_eq!(names("?state=Productive"), ["alpha_two"]);
    assert_eq!(names("?state=Productive&state=Draft&name=a_"), ["alpha_one", "alpha_two"]);
    assert_eq!(names("?state=Build%20Error"), Vec::<String>::new());
    server.save(&two, "function lambda(input, callback) { callback(null, 'changed'); }");
    assert_eq!(names("?state=Modified"), ["alpha_two"]);
}

#[test]
fn long_lists_come_in_pages() {
    let server = Server::fresh();
    for name in ["delta", "alpha", "charlie", "bravo"] {
        server.create(name, CODE);
    }
    let served = server.serve("echo", CODE);
    server.serve("foxtrot", CODE);
    let page = |path: &str, field: &str| {
        let list = server.get(path).expect(200).json();
        let names = list.as_array().unwrap().iter().map(|entry| entry[field].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(page("lambdas", "name").len(), 6, "who names no limit gets all");
    assert_eq!(page("lambdas?limit=2", "name"), ["alpha", "bravo"]);
    assert_eq!(page("lambdas?limit=2&after=bravo", "name"), ["charlie", "delta"]);
    assert_eq!(page("lambdas?limit=2&after=bzzz&name=lta", "name"), ["delta"], "filters and pages together");
    assert_eq!(page("lambdas?limit=1000&after=foxtrot", "name"), [""; 0]);
    assert_eq!(page("deployments?limit=1", "name"), ["echo"]);
    assert_eq!(page("deployments?limit=1&after=echo", "name"), ["foxtrot"]);
    server.delete(&format!("deployments/{served}")).expect(202);
    assert_eq!(page("users?limit=2", "loginName"), ["admin", "developer"]);
    assert_eq!(page("users?limit=2&after=developer", "loginName"), ["invoker"]);
    for list in ["lambdas", "deployments", "users"] {
        for limit in ["0", "1001", "all", "-1"] {
            let refused = server.get(&format!("{list}?limit={limit}"));
            let error = refused.expect_error(400, "com.liveperson.faas.es.badinput");
            assert_eq!(error["errorMsg"], "`limit` must be a number from 1 to 1000");
        }
    }
}

#[test]
fn an_account_has_so_many_functions_and_so_many_deployed() {
    let server = Start::fresh().with(&["--limit", "functions=3", "--limit", "deployed=2"]).server();
    let counts = server.get("reports/limitCounts").expect(200).json();
    assert_eq!((&counts["limitTotalLambdas"], &counts["limitDeployedLambdas"]), (&json!(3), &json!(2)));
    server.serve("one", CODE);
    let two = server.serve("two", CODE);
    let three = server.create("three", CODE);
    let full = server.call("POST", &format!("deployments/{three}"), "");
    let error = full.expect_error(409, "com.liveperson.faas.es.conflict");
    assert!(error["errorMsg"].as_str().unwrap().contains('2'), "{error}");
    let full = server.post("lambdas", &definition("four", CODE));
    let error = full.expect_error(409, "com.liveperson.faas.es.conflict");
    assert!(error["errorMsg"].as_str().unwrap().contains('3'), "{error}");
    // What is served already may be deployed anew, and what is taken back makes room.
    assert_eq!(server.deploy(&two), "Productive");
    server.call("DELETE", &format!("lambdas/{two}"), "").expect(409);
    server.delete(&format!("deployments/{two}")).expect(202);
    until("room", || (server.call("POST", &format!("deployments/{three}"), "").status == 202).then_some(()));
    assert_eq!(server.deployed(&three), "Productive");
    until("the end of the undeployment", || (server.lambda(&two)["state"] == "Draft").then_some(()));
    server.delete(&format!("lambdas/{two}")).expect(204);
    server.create("four", CODE);
}

#[test]
fn the_limits_are_those_in_force() {
    let server = Server::fresh();
    let limits = server.get("limits").expect(200).json();
    let limit = |name: &str| {
        let row = limits.as_array().unwrap().iter().find(|row| row["name"] == name);
        row.unwrap_or_else(|| panic!("no row `{name}` in {limits}"))["value"].as_u64().unwrap()
    };
    // The contract's, each under the name by which an operator changes it.
    for (name, value) in [
        ("functions", 50),
        ("deployed", 50),
        ("schedules", 10),
        ("per_month", 150_000),
        ("memory", 256 << 20),
        ("source", 100_000),
        ("name", 50),
        ("description", 100),
        ("event_id", 60),
        ("variable_name", 200),
        ("variable_value", 200),
        ("secret_name", 100),
        ("secret_value", 10_000),
        ("schedule_input", 8_000),
        ("schedule_interval", 60),
        ("kept_versions", 5),
        ("stored_log_entries", 10),
        ("stored_log_chars", 6_000),
        ("log_days", 30),
        ("log_window", 7),
        ("log_export", 500),
        ("activity_days", 61),
        ("access_token", 28_800),
        ("session", 28_800),
    ] {
        assert_eq!(limit(name), value, "{name}");
    }
    let wall = limits.as_array().unwrap().iter().find(|row| row["name"] == "wall").unwrap();
    assert_eq!((&wall["value"], &wall["unit"]), (&json!(30_000), &json!("ms")));
}

#[test]
fn a_module_built_in_ci_becomes_the_lambda() {
    let server = Server::fresh();
    let uuid = server.create("module", CODE);
    let dir = tempfile::tempdir().unwrap();
    let (source, module) = (dir.path().join("lambda.js"), dir.path().join("lambda.wasm"));
    let built = "function lambda(input, callback) { callback(null, 'built'); }";
    std::fs::write(&source, built).unwrap();
    let status = std::process::Command::new(lambkin())
        .arg("build")
        .arg(&source)
        .arg("-o")
        .arg(&module)
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
    let bytes = std::fs::read(&module).unwrap();
    let path = format!("lambdas/{uuid}/module");
    let wasm = [("content-type", "application/wasm")];
    let reply = server.call_with("POST", &path, &bytes, &wasm).expect(200).json();
    assert_eq!(reply["module"]["image"], "kept", "{}", reply["module"]);
    assert_eq!(reply["lambda"]["implementation"]["code"], built);
    assert_eq!(reply["lambda"]["version"], 2);
    assert_eq!(server.deploy(&uuid), "Productive");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), "built");

    let refused = |bytes: &[u8]| {
        server.call_with("POST", &path, bytes, &wasm).expect_error(400, "lambkin.module-refused")
    };
    refused(&bytes[..bytes.len() / 2]);
    refused(b"\0asm\x01\0\0\0");
    refused(b"\x7fELF native code");
    refused(b"");
    server.call("POST", &path, &bytes).expect_error(415, "com.liveperson.faas.es.badinput");
    assert_eq!(server.lambda(&uuid)["version"], 2, "what was refused left nothing behind");
}
