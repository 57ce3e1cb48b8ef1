//! `GET /activities`: every change leaves one, reads of plain secrets too, with filters, pages and code differences.

use lambkin_tests::Server;
use serde_json::{Value, json};

const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";

fn listed(server: &Server, query: &str) -> Vec<Value> {
    server.get(&format!("activities?{query}")).expect(200).json().as_array().expect("a list").clone()
}

/// What people did; what the server did for itself when it started for the first time is left out.
fn activities(server: &Server, query: &str) -> Vec<Value> {
    listed(server, query).into_iter().filter(|activity| activity["user"] != "server").collect()
}

/// `action subject name` of each.
fn told(activities: &[Value]) -> Vec<String> {
    let text = |activity: &Value, key: &str| activity[key].as_str().expect("text").to_owned();
    activities
        .iter()
        .map(|one| [text(one, "action"), text(one, "subject"), text(one, "name")].join(" "))
        .collect()
}

#[test]
fn every_change_leaves_one_with_who_and_when() {
    let server = Server::fresh();
    let uuid = server.create("told", "function lambda(input, callback) {\n  callback(null, 1);\n}\n");
    server.save(&uuid, "function lambda(input, callback) {\n  callback(null, 2);\n}\n");
    let mut lambda = server.lambda(&uuid);
    server.put(&format!("lambdas/{uuid}"), &lambda).expect(304);
    lambda["description"] = "another".into();
    lambda["implementation"]["environmentVariables"] = json!([{ "key": "A", "value": "hunter2" }]);
    server.put(&format!("lambdas/{uuid}"), &lambda).expect(200);
    assert_eq!(server.deploy(&uuid), "Productive");
    server.delete(&format!("deployments/{uuid}")).expect(202);
    lambkin_tests::until("the end of the undeployment", || {
        (server.lambda(&uuid)["state"] == "Draft").then_some(())
    });
    server.delete(&format!("lambdas/{uuid}")).expect(204);
    server.post("proxy-settings", &json!({ "domain": "api.example.com" })).expect(201);
    server.delete("proxy-settings/1").expect(204);
    server.post("secrets", &json!({ "key": "k", "value": 1 })).expect(201);
    server.put("secrets/k", &json!({ "value": 2, "version": 1 })).expect(200);
    server.get("secrets/k").expect(200);
    server.get("secrets/k/plain").expect(200);
    server.delete("secrets/k").expect(204);
    let all = activities(&server, "");
    let mut newest_last = told(&all);
    newest_last.reverse();
    assert_eq!(
        newest_last,
        [
            "create lambda told",
            "update lambda told",
            "update lambda told",
            "deploy lambda told",
            "undeploy lambda told",
            "delete lambda told",
            "create whitelist api.example.com",
            "delete whitelist api.example.com",
            "create secret k",
            "update secret k",
            "read secret k",
            "delete secret k",
        ]
    );
    for one in &all {
        assert_eq!(one["user"], "dev");
        assert!(one["timestamp"].as_str().unwrap().ends_with('Z'), "{one}");
    }
    let update = &all[all.len() - 2];
    assert_eq!((&update["uuid"], &update["version"]), (&json!(uuid), &json!(2)));
    assert_eq!(update["changed"], json!(["code"]));
    let difference = "--- version 1\n+++ version 2\n@@ -1,3 +1,3 @@\n function lambda(input, callback) {\n-  callback(null, 1);\n+  callback(null, 2);\n }\n";
    assert_eq!(update["diff"], difference);
    let update = &all[all.len() - 3];
    assert_eq!(update["changed"], json!(["description", "environmentVariables"]));
    assert!(update.get("diff").is_none() && !update.to_string().contains("hunter2"), "{update}");
    // They are there after a kill, each with its change.
    let server = server.kill().start().server();
    assert_eq!(activities(&server, ""), all);
}

#[test]
fn refused_changes_leave_none() {
    let server = Server::fresh();
    server.post("proxy-settings", &json!({ "domain": "nonsense" })).expect(400);
    server.delete("proxy-settings/7").expect(404);
    server.post("secrets", &json!({ "key": "", "value": 1 })).expect(400);
    server.get("secrets/none/plain").expect(404);
    server.delete("secrets/none").expect(404);
    server.post("lambdas", &json!({ "name": "" })).expect(400);
    assert_eq!(activities(&server, ""), [] as [Value; 0]);
}

#[test]
fn they_are_filtered_and_paged() {
    let server = Server::fresh();
    for n in 0..7 {
        server.post("proxy-settings", &json!({ "domain": format!("h{n}.example.com") })).expect(201);
    }
    server.create("other", "function lambda(input, callback) { callback(); }");
    let all = activities(&server, "");
    assert_eq!(all.len(), 8);
    assert_eq!(told(&activities(&server, "subject=Lambda")), ["create lambda other"]);
    assert_eq!(told(&listed(&server, "subject=account")), ["create account 123456"]);
    assert_eq!(listed(&server, "subject=user").len(), 3);
    assert_eq!(activities(&server, "name=h3")[0]["name"], "h3.example.com");
    assert_eq!(activities(&server, "action=delete").len(), 0);
    assert_eq!(activities(&server, "user=dev").len(), 8);
    assert_eq!(activities(&server, "user=nobody").len(), 0);
    assert_eq!(activities(&server, "startTimestamp=0&endTimestamp=1").len(), 0);
    assert_eq!(activities(&server, "startTimestamp=99999999999999").len(), 0);
    assert_eq!(activities(&server, "endTimestamp=18446744073709551615").len(), 8);
    let (mut pages, mut before) = (Vec::new(), String::new());
    loop {
        let page = activities(&server, &format!("limit=3&{before}"));
        let Some(last) = page.last() else { break };
        before = format!("before={}", last["id"].as_str().unwrap());
        pages.extend(page);
    }
    assert_eq!(pages, all);
    for bad in ["limit=0", "limit=501", "limit=x", "before=x", "action=sing", "subject=x", "startTimestamp=x"]
    {
        server.get(&format!("activities?{bad}")).expect_error(400, BAD_INPUT);
    }
    server.get("/api/account/654321/activities").expect(403);
}
