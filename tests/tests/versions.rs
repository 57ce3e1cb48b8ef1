//! Versions: what is kept of a lambda, how two of them differ, and the way back.

use std::time::Instant;

use lambkin_tests::{Server, until};
use serde_json::{Value, json};

fn code(n: usize) -> String {
    format!(
        "const n = {n};\nfunction lambda(input, callback) {{\n  callback(null, [n, process.env.COLOUR]);\n}}\n"
    )
}

fn versions(server: &Server, uuid: &str) -> Vec<u64> {
    let list = server.get(&format!("lambdas/{uuid}/versions")).expect(200).json();
    list.as_array()
        .expect("a list")
        .iter()
        .map(|version| version["version"].as_u64().expect("a number"))
        .collect()
}

fn productive(server: &Server, uuid: &str) -> Option<u64> {
    let list = server.get(&format!("lambdas/{uuid}/versions")).expect(200).json();
    let productive = list.as_array().expect("a list").iter().find(|version| version["productive"] == true)?;
    productive["version"].as_u64()
}

fn roll_back(server: &Server, uuid: &str, target: Value) -> lambkin_tests::Reply {
    server.post(&format!("lambdas/{uuid}/rollback"), &target)
}

fn answer(server: &Server, uuid: &str) -> Value {
    server.invoke(uuid, &Value::Null).expect(200).json()
}

/// Saves code and environment.
fn save(server: &Server, uuid: &str, n: usize, colour: &str) {
    let mut lambda = server.lambda(uuid);
    lambda["implementation"]["code"] = code(n).into();
    lambda["implementation"]["environmentVariables"] = json!([{"key": "COLOUR", "value": colour}]);
    server.put(&format!("lambdas/{uuid}"), &lambda).expect(200);
}

#[test]
fn the_five_newest_versions_and_what_is_served_are_kept() {
    let server = Server::fresh();
    let uuid = server.serve("kept", &code(1));
    for n in 2..=8 {
        server.save(&uuid, &code(n));
    }
    assert_eq!(versions(&server, &uuid), [8, 7, 6, 5, 4, 1]);
    assert_eq!(productive(&server, &uuid), Some(1));
    let whole = server.get(&format!("lambdas/{uuid}/versions/5")).expect(200).json();
    assert_eq!(whole["implementation"]["code"], code(5));
    assert_eq!(whole["createdBy"], "dev");
    let path = format!("lambdas/{uuid}/versions");
    server.get(&format!("{path}/3")).expect_error(404, "com.liveperson.faas.es.notfound");
    server.get(&format!("{path}/9")).expect_error(404, "com.liveperson.faas.es.notfound");
    server.get(&format!("{path}/new")).expect_error(400, "com.liveperson.faas.es.badinput");
    let unknown = "lambdas/00000000-0000-4000-8000-000000000000/versions";
    server.get(unknown).expect_error(404, "com.liveperson.faas.es.missinglambda");
}

#[test]
fn two_versions_are_compared_in_source_and_environment() {
    let server = Server::fresh();
    let uuid = server.create("compared", &code(1));
    save(&server, &uuid, 2, "white");
    save(&server, &uuid, 3, "black");
    let diff = |query: &str| {
        server.get(&format!("lambdas/{uuid}/versions/1/diff{query}")).expect(200).json()["diff"]
            .as_str()
            .expect("text")
            .to_owned()
    };
    let to_newest = diff("");
    assert_eq!(to_newest, diff("?to=3"));
    for line in ["--- index.js (version 1)", "-const n = 1;", "+const n = 3;", "+COLOUR=black"] {
        assert!(to_newest.lines().any(|found| found == line), "{line} in {to_newest}");
    }
    assert!(diff("?to=2").contains("+COLOUR=white"));
    assert_eq!(diff("?to=1"), "");
    server.get(&format!("lambdas/{uuid}/versions/1/diff?to=9")).expect(404);
    server.get(&format!("lambdas/{uuid}/versions/1/diff?to=x")).expect(400);
}

#[test]
fn any_kept_version_is_served_again_in_one_call() {
    let server = Server::fresh();
    let uuid = server.create("back", &code(1));
    save(&server, &uuid, 2, "white");
    assert_eq!(server.deploy(&uuid), "Productive");
    save(&server, &uuid, 3, "black");
    assert_eq!(server.deploy(&uuid), "Productive");
    assert_eq!(answer(&server, &uuid), json!([3, "black"]));
    let first = server.get(&format!("deployments/{uuid}")).expect(200).json()[0].clone();

    // To a version that was served: its image is kept, its environment is in it.
    let start = Instant::now();
    let lambda = roll_back(&server, &uuid, json!({"version": 2})).expect(200).json();
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert_eq!(answer(&server, &uuid), json!([2, "white"]));
    assert_eq!((&lambda["state"], &lambda["version"]), (&json!("Modified"), &json!(3)));
    assert_eq!(lambda["lastDeployment"]["lambdaVersion"], 2);
    assert_eq!(lambda["lastDeployment"]["deploymentState"], "Deploy Finish");
    assert_eq!(lambda["lastDeployment"]["imageName"], first["imageName"], "nothing was built");
    assert_ne!(lambda["lastDeployment"]["uuid"], first["uuid"]);
    assert_eq!(productive(&server, &uuid), Some(2));

    // To what is saved, and to a version that was never built.
    let lambda = roll_back(&server, &uuid, json!({"version": 3})).expect(200).json();
    assert_eq!(lambda["state"], "Productive");
    assert_eq!(answer(&server, &uuid), json!([3, "black"]));
    roll_back(&server, &uuid, json!({"version": 1})).expect(200);
    assert_eq!(answer(&server, &uuid), json!([1, null]));

    // To a deployment by its id.
    roll_back(&server, &uuid, json!({"deployment": first["uuid"]})).expect(200);
    assert_eq!(answer(&server, &uuid), json!([2, "white"]));

    // And it stays so.
    let server = server.kill().start().server();
    assert_eq!(answer(&server, &uuid), json!([2, "white"]));
    assert_eq!(server.deploy(&uuid), "Productive");
    assert_eq!(answer(&server, &uuid), json!([3, "black"]));
}

#[test]
fn a_rollback_whose_image_is_gone_freezes_the_source_again() {
    let server = Server::fresh();
    let uuid = server.serve("gone", &code(1));
    server.save(&uuid, &code(2));
    assert_eq!(server.deploy(&uuid), "Productive");
    for shelf in std::fs::read_dir(server.data.join("images")).expect("images") {
        std::fs::remove_dir_all(shelf.expect("a shelf").path()).expect("removed");
    }
    roll_back(&server, &uuid, json!({"version": 1})).expect(200);
    assert_eq!(answer(&server, &uuid), json!([1, null]));
}

#[test]
fn a_rollback_that_cannot_be_is_refused_and_changes_nothing() {
    let server = Server::fresh();
    let uuid = server.serve("refused", &code(1));
    for (target, status) in [
        (json!({"version": 7}), 404),
        (json!({"deployment": "00000000-0000-4000-8000-000000000000"}), 404),
        (json!({"version": 1}), 409),
        (json!({}), 400),
        (json!({"version": 1, "deployment": "00000000-0000-4000-8000-000000000000"}), 400),
        (json!({"version": -1}), 400),
        (json!([]), 400),
    ] {
        let reply = roll_back(&server, &uuid, target.clone());
        assert_eq!(reply.status, status, "{target}: {}", reply.text());
    }
    // A version that cannot be built is not served, and what was served stays.
    server.save(&uuid, "throw new Error('not today');\nfunction lambda(input, callback) { callback(); }");
    let error =
        roll_back(&server, &uuid, json!({"version": 2})).expect_error(409, "com.liveperson.faas.es.conflict");
    assert!(error["errorMsg"].as_str().is_some_and(|text| text.contains("not today")), "{error}");
    assert_eq!(server.lambda(&uuid)["state"], "Build Error");
    assert_eq!(answer(&server, &uuid), json!([1, null]));
    assert_eq!(productive(&server, &uuid), Some(1));
}

#[test]
fn an_undeployed_lambda_can_be_brought_back_too() {
    let server = Server::fresh();
    let uuid = server.serve("undeployed", &code(1));
    server.delete(&format!("deployments/{uuid}")).expect(202);
    until("the state Draft", || (server.lambda(&uuid)["state"] == "Draft").then_some(()));
    roll_back(&server, &uuid, json!({"version": 1})).expect(200);
    assert_eq!(answer(&server, &uuid), json!([1, null]));
    assert_eq!(server.lambda(&uuid)["state"], "Productive");
}

#[test]
fn the_command_lists_compares_and_rolls_back() {
    let server = Server::fresh();
    let uuid = server.serve("command", &code(1));
    server.save(&uuid, &code(2));
    assert_eq!(server.deploy(&uuid), "Productive");
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(lambkin_tests::lambkin())
            .args(arguments)
            .args(["--server", &server.base, "--token", &server.token])
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let listed = run(&["versions", "command"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("* 2  ") && lines[1].starts_with("  1  "), "{listed}");
    assert!(run(&["versions", "command", "--diff", "1"]).contains("+const n = 2;"));
    assert_eq!(run(&["rollback", "command", "1"]), format!("version 1 of {uuid} is served\n"));
    assert_eq!(answer(&server, &uuid), json!([1, null]));
}
