//! From Draft to Productive and back: states, failures, and what is served meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};

use lambkin_tests::{Server, until};
use serde_json::{Value, json};

const ONE: &str = "function lambda(input, callback) { callback(null, 1); }";
const TWO: &str = "function lambda(input, callback) { callback(null, 2); }";

/// A top level that takes a while, so that its deployment can be met while it runs.
const SLOW: &str = "let n = 0; for (let i = 0; i < 4e6; i++) { n += i % 7; }
function lambda(input, callback) { callback(null, n > 0); }";

fn deployments(server: &Server, uuid: &str) -> Vec<Value> {
    server.get(&format!("deployments/{uuid}")).expect(200).json().as_array().expect("a list").clone()
}

#[test]
fn a_lambda_goes_from_draft_to_productive_to_modified() {
    let server = Server::fresh();
    let uuid = server.create("states", ONE);
    let draft = server.lambda(&uuid);
    assert_eq!((&draft["state"], &draft["version"]), (&json!("Draft"), &json!(1)));
    assert!(draft.get("lastDeployment").is_none());
    assert_eq!(server.save(&uuid, TWO)["state"], "Draft", "saving a draft keeps it a draft");
    assert_eq!(server.deploy(&uuid), "Productive");
    let last = &server.lambda(&uuid)["lastDeployment"];
    assert_eq!(last["deploymentState"], "Deploy Finish");
    assert_eq!(last["lambdaUUID"], uuid.as_str());
    assert_eq!(last["lambdaVersion"], 2);
    for date in ["createdAt", "updatedAt", "deployedAt"] {
        let text = last[date].as_str().unwrap();
        assert!(text.len() == 24 && text.ends_with('Z'), "{text}");
    }
    assert_eq!(server.save(&uuid, ONE)["state"], "Modified");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), 2, "served is what was deployed");
    assert_eq!(server.deploy(&uuid), "Productive");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), 1);
    assert_eq!(deployments(&server, &uuid).len(), 2);
    assert_eq!(server.get("deployments").expect(200).json().as_array().unwrap().len(), 2);
}

#[test]
fn a_failed_build_says_why_and_leaves_the_productive_version() {
    let server = Server::fresh();
    let uuid = server.serve("fails", ONE);
    let bad = "console.info('starting');\nthrow new Error('not today');\nfunction lambda(input, callback) { callback(); }";
    server.save(&uuid, bad);
    assert_eq!(server.deploy(&uuid), "Build Error");
    let last = server.lambda(&uuid)["lastDeployment"].clone();
    assert_eq!(last["deploymentState"], "Build Error");
    assert!(last.get("deployedAt").is_none());
    let error = &last["deploymentError"];
    let message = error["errorMsg"].as_str().unwrap();
    assert!(message.contains("not today") && message.contains('2'), "{message}");
    assert!(error["errorCode"].as_str().unwrap().len() > 3);
    assert_eq!(error["errorLogs"][0]["message"], "starting");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), 1);
    assert_eq!(server.save(&uuid, TWO)["state"], "Modified");
    assert_eq!(server.deploy(&uuid), "Productive");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), 2);
}

#[test]
fn top_levels_that_loop_or_allocate_without_end_are_build_errors() {
    let server = Server::fresh();
    let neighbour = server.serve("neighbour", ONE);
    for (name, top) in [
        ("loops", "for (;;) {}"),
        ("allocates", "const all = []; for (;;) { all.push('x'.repeat(1 << 20) + all.length); }"),
        ("recurses", "(function f() { return f() + 1; })();"),
    ] {
        let uuid = server.create(name, &format!("{top}\n{ONE}"));
        assert_eq!(server.deploy(&uuid), "Build Error", "{name}");
        let error = server.lambda(&uuid)["lastDeployment"]["deploymentError"].clone();
        assert!(error["errorMsg"].as_str().unwrap().len() > 8, "{name}: {error}");
        server.invoke(&uuid, &Value::Null).expect_error(404, "com.liveperson.faas.es.notdeployed");
        assert_eq!(server.invoke(&neighbour, &Value::Null).expect(200).json(), 1);
    }
}

#[test]
fn nothing_else_is_done_to_a_lambda_while_it_is_deployed() {
    let server = Server::fresh();
    let uuid = server.create("slow", SLOW);
    let path = format!("deployments/{uuid}");
    server.call("POST", &path, "").expect(202);
    let mut changed = server.lambda(&uuid);
    changed["implementation"]["code"] = ONE.into();
    let conflicts = [
        server.call("POST", &path, ""),
        server.put(&format!("lambdas/{uuid}"), &changed),
        server.delete(&format!("lambdas/{uuid}")),
        server.delete(&path),
    ];
    for reply in conflicts {
        let error = reply.expect_error(409, "com.liveperson.faas.es.conflict");
        assert_eq!(error["errorMsg"], "Can not deploy a lambda during an active deployment");
    }
    assert_eq!(server.deployed(&uuid), "Productive");
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), true);
    server.put(&format!("lambdas/{uuid}"), &changed).expect(200);
}

#[test]
fn an_undeployed_lambda_is_gone_at_once_and_becomes_a_draft() {
    let server = Server::fresh();
    let uuid = server.serve("undeployed", ONE);
    server.delete(&format!("lambdas/{uuid}")).expect_error(409, "com.liveperson.faas.es.conflict");
    let accepted = server.delete(&format!("deployments/{uuid}")).expect(202).json();
    assert!(accepted["message"].is_string() && accepted.get("uuid").is_none());
    server.invoke(&uuid, &Value::Null).expect_error(404, "com.liveperson.faas.es.notdeployed");
    until("the state Draft", || (server.lambda(&uuid)["state"] == "Draft").then_some(()));
    server.delete(&format!("deployments/{uuid}")).expect_error(404, "com.liveperson.faas.es.notdeployed");
    assert_eq!(server.deploy(&uuid), "Productive");
    server.delete(&format!("deployments/{uuid}")).expect(202);
    until("the state Draft", || (server.lambda(&uuid)["state"] == "Draft").then_some(()));
    server.delete(&format!("lambdas/{uuid}")).expect(204);
    server.get(&format!("lambdas/{uuid}")).expect_error(404, "com.liveperson.faas.es.missinglambda");
    server.invoke(&uuid, &Value::Null).expect_error(404, "com.liveperson.faas.es.missinglambda");
}

#[test]
fn the_five_newest_deployments_are_kept() {
    let server = Server::fresh();
    let uuid = server.create("kept", ONE);
    for _ in 0..7 {
        assert_eq!(server.deploy(&uuid), "Productive");
    }
    assert_eq!(deployments(&server, &uuid).len(), 5);
}

#[test]
fn unknown_lambdas_cannot_be_deployed() {
    let server = Server::fresh();
    for id in ["00000000-0000-4000-8000-000000000000", "nonsense"] {
        let path = format!("deployments/{id}");
        for method in ["GET", "POST", "DELETE"] {
            server.call(method, &path, "").expect_error(404, "com.liveperson.faas.es.missinglambda");
        }
    }
}

#[test]
fn callers_meet_the_old_or_the_new_version_and_never_an_error() {
    let server = Server::fresh();
    let uuid = server.serve("swap", ONE);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut calls = 0;
                    while !done.load(Ordering::Relaxed) {
                        let result = server.invoke(&uuid, &Value::Null).expect(200).json();
                        assert!(result == 1 || result == 2, "{result}");
                        calls += 1;
                    }
                    calls
                })
            })
            .collect();
        for code in [TWO, ONE, TWO] {
            server.save(&uuid, code);
            assert_eq!(server.deploy(&uuid), "Productive");
        }
        done.store(true, Ordering::Relaxed);
        for caller in callers {
            assert!(caller.join().unwrap() > 0);
        }
    });
    assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), 2);
}

#[test]
fn the_environment_of_a_lambda_is_its_own() {
    let server = Server::fresh();
    let code = "const atBuild = process.env.COLOUR;
        function lambda(input, callback) {
            callback(null, [atBuild, process.env.COLOUR, process.env.BRAND_ID, process.env.LAMBDA_UUID, process.env.HOME]);
        }";
    let mut definition = lambkin_tests::definition("environment", code);
    definition["implementation"]["environmentVariables"] = json!([{"key": "COLOUR", "value": "white"}]);
    let uuid = server.post("lambdas", &definition).expect(201).json()["uuid"].as_str().unwrap().to_owned();
    assert_eq!(server.deploy(&uuid), "Productive");
    let seen = server.invoke(&uuid, &Value::Null).expect(200).json();
    assert_eq!(seen, json!(["white", "white", server.account, uuid, null]));
}
