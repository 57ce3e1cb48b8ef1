//! Reuse: a lambda whose author wants it so keeps its variables from one invocation to the next.

use lambkin_tests::{Server, Start, definition, lambkin, until};
use serde_json::{Value, json};

/// Says how often this instance was called, and does what it is told besides.
const COUNTER: &str = "let count = 0;
    function lambda(input, callback) {
        count++;
        if (input.payload.fail) return callback(new Error('told to fail'));
        if (input.payload.wait) return setTimeout(() => callback(null, count), input.payload.wait);
        callback(null, count);
    }";

fn serve(server: &Server, name: &str, code: &str, reuse: bool) -> String {
    let mut sent = definition(name, code);
    sent["reuse"] = reuse.into();
    let created = server.post("lambdas", &sent).expect(201).json();
    let uuid = created["uuid"].as_str().expect("an id").to_owned();
    server.deploy(&uuid);
    uuid
}

/// What further calls give, one after the other. The caller has the answer before the instance is put back, so a
/// call that comes at once may get a fresh one; the gauge says when it is there.
fn counts(server: &Server, uuid: &str, calls: usize) -> Vec<Value> {
    let call = |_| {
        let count = server.invoke(uuid, &json!({})).expect(200).json();
        settle(server);
        count
    };
    (0..calls).map(call).collect()
}

fn settle(server: &Server) {
    until("nothing runs", || (gauge(server, "lambkin_running") == 0).then_some(()));
}

fn gauge(server: &Server, name: &str) -> u64 {
    let text = server.get("/metrics").expect(200).text();
    let line = text.lines().find(|line| line.split(' ').next() == Some(name)).expect("the gauge");
    line.rsplit(' ').next().expect("a value").parse().expect("a number")
}

#[test]
fn state_stays_where_the_author_wants_it_and_nowhere_else() {
    let server = Server::fresh();
    let kept = serve(&server, "kept", COUNTER, true);
    let fresh = serve(&server, "fresh", COUNTER, false);
    assert_eq!(counts(&server, &kept, 3), [1, 2, 3]);
    assert_eq!(counts(&server, &fresh, 3), [1, 1, 1]);
    assert_eq!(server.lambda(&kept)["reuse"], true);
    assert_eq!(server.lambda(&fresh).get("reuse"), None, "published clients know no such key");
    // A failure is the last thing an instance does.
    let failed = server.invoke(&kept, &json!({ "fail": true })).expect(901).json();
    assert_eq!(failed["errorMsg"], "told to fail");
    settle(&server);
    assert_eq!(counts(&server, &kept, 2), [1, 2]);
    // So is a deployment, even of the same source.
    server.deploy(&kept);
    assert_eq!(counts(&server, &kept, 2), [1, 2]);
    // What a client leaves out stays, and switching it off is a change like any other.
    server.save(&kept, &format!("{COUNTER} // again"));
    assert_eq!(server.lambda(&kept)["reuse"], true);
    server.deploy(&kept);
    assert_eq!(counts(&server, &kept, 2), [1, 2]);
    let mut lambda = server.lambda(&kept);
    lambda["reuse"] = false.into();
    server.put(&format!("lambdas/{kept}"), &lambda).expect(200);
    assert_eq!(server.lambda(&kept)["state"], "Modified");
    assert_eq!(counts(&server, &kept, 1), [3], "not before it is deployed");
    server.deploy(&kept);
    assert_eq!(counts(&server, &kept, 2), [1, 1]);
    assert_eq!(gauge(&server, "lambkin_warm"), 0);
    let bad = server.post("lambdas", &{
        let mut sent = definition("bad", COUNTER);
        sent["reuse"] = "yes".into();
        sent
    });
    bad.expect_error(400, "com.liveperson.faas.es.badinput");
}

#[test]
fn one_instance_serves_one_call_at_a_time() {
    let server = Server::fresh();
    let uuid = serve(&server, "slow", COUNTER, true);
    std::thread::scope(|scope| {
        let calls = [(); 3]
            .map(|()| scope.spawn(|| server.invoke(&uuid, &json!({ "wait": 300 })).expect(200).json()));
        for call in calls {
            assert_eq!(call.join().expect("a call"), 1);
        }
    });
    settle(&server);
    assert_eq!(gauge(&server, "lambkin_warm"), 3);
    assert_eq!(counts(&server, &uuid, 2), [2, 3], "the one used last");
    server.delete(&format!("deployments/{uuid}")).expect(202);
    assert_eq!(gauge(&server, "lambkin_warm"), 0, "nothing is kept of what is not served");
}

#[test]
fn an_instance_is_reused_as_often_and_as_long_as_the_operator_allows() {
    let server = Start::fresh().with(&["--reuse-invocations", "2", "--reuse-instances", "2"]).server();
    let one = serve(&server, "one", COUNTER, true);
    assert_eq!(counts(&server, &one, 5), [1, 2, 1, 2, 1]);
    // The one that has waited longest makes room.
    let two = serve(&server, "two", COUNTER, true);
    let three = serve(&server, "three", COUNTER, true);
    assert_eq!(counts(&server, &two, 1), [1]);
    assert_eq!(counts(&server, &three, 1), [1]);
    assert_eq!(gauge(&server, "lambkin_warm"), 2);
    assert_eq!(counts(&server, &one, 1), [1]);
    let off = Start::fresh().with(&["--reuse-instances", "0"]).server();
    let uuid = serve(&off, "one", COUNTER, true);
    assert_eq!(counts(&off, &uuid, 2), [1, 1]);
}

#[test]
fn the_instances_of_an_idle_lambda_are_given_up() {
    let server = Start::fresh().with(&["--reuse-idle", "1"]).server();
    let uuid = serve(&server, "idle", COUNTER, true);
    assert_eq!(counts(&server, &uuid, 1), [1]);
    until("it is given up", || (gauge(&server, "lambkin_warm") == 0).then_some(()));
    assert_eq!(counts(&server, &uuid, 1), [1]);
}

#[test]
fn the_command_line_says_it_too() {
    let server = Server::fresh();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("counter.js");
    std::fs::write(&file, COUNTER).expect("a file");
    let deploy = |more: &[&str]| {
        let mut command = std::process::Command::new(lambkin());
        let command = command.arg("deploy").arg(&file).args(more).args([
            "--server",
            &server.base,
            "--token",
            &server.token,
        ]);
        let output = command.output().expect("lambkin runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    deploy(&["--reuse"]);
    let all = server.get("lambdas").expect(200).json();
    assert_eq!(all[0]["reuse"], true, "{all}");
    let uuid = all[0]["uuid"].as_str().expect("an id").to_owned();
    assert_eq!(counts(&server, &uuid, 2), [1, 2]);
    deploy(&[]);
    assert_eq!(server.lambda(&uuid)["reuse"], true, "as it was");
    deploy(&["--reuse", "false"]);
    assert_eq!(server.lambda(&uuid).get("reuse"), None);
    assert_eq!(counts(&server, &uuid, 2), [1, 1]);
}

#[test]
fn what_waits_is_given_up_when_a_secret_changes() {
    let server = Server::fresh();
    let uuid = serve(&server, "knows", COUNTER, true);
    let created = server.post("secrets", &json!({ "key": "k", "value": "one" })).expect(201).json();
    assert_eq!(counts(&server, &uuid, 2), [1, 2]);
    let changed = json!({ "key": "k", "value": "two", "version": created["version"] });
    server.put("secrets/k", &changed).expect(200);
    assert_eq!(counts(&server, &uuid, 2), [1, 2]);
    server.delete("secrets/k").expect(204);
    assert_eq!(counts(&server, &uuid, 1), [1]);
}

#[test]
fn what_waits_holds_little_memory() {
    let hungry = "let count = 0; const kept = [];
        function lambda(input, callback) {
            for (let i = 0; i < 30; i++) kept.push(new Uint8Array(1 << 20).fill(1));
            callback(null, ++count);
        }";
    let server = Server::fresh();
    // Beyond what an instance may have after the second call; the third would be another one's first.
    let uuid = serve(&server, "hungry", hungry, true);
    assert_eq!(counts(&server, &uuid, 4), [1, 2, 1, 2]);
}
