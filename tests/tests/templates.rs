//! The templates, as a developer meets them: taken from the API, saved for their event, deployed and invoked with the
//! payload they come with. `templates/ID.json` holds what each answers and, where that is not the network's word, logs.

use std::path::PathBuf;

use lambkin_tests::{Server, definition, until};
use serde_json::{Value, json};

fn golden(id: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/templates/{id}.json"))
}

/// Saves a template as the function of its event and says what became of it.
fn deploy(server: &Server, template: &Value) -> (String, String) {
    let name = template["id"].as_str().expect("an id").replace('-', "_");
    let mut lambda = definition(&name, template["code"].as_str().expect("a source"));
    lambda["eventId"] = template["eventId"].clone();
    lambda["description"] = template["description"].clone();
    let saved = server.post("lambdas", &lambda).expect(201).json();
    let uuid = saved["uuid"].as_str().expect("an id").to_owned();
    let state = server.deploy(&uuid);
    (uuid, state)
}

/// Level, message and extras of what was logged.
fn lines(logs: &[Value]) -> Value {
    logs.iter().map(|entry| json!([entry["level"], entry["message"], entry["extras"]])).collect()
}

#[test]
fn every_template_runs_as_it_is() {
    let server = Server::fresh();
    let templates = server.get("templates").expect(200).json();
    let templates = templates.as_array().expect("an array");
    assert_eq!(templates.len(), 22);
    for template in templates {
        let id = template["id"].as_str().expect("an id");
        let (uuid, state) = deploy(&server, template);
        assert_eq!(state, "Productive", "`{id}`: {}", server.lambda(&uuid));
        let sample = &template["samplePayload"];
        let envelope = json!({ "timestamp": 0, "headers": sample["headers"], "payload": sample["payload"] });
        let reply = server.post(&format!("lambdas/{uuid}/invoke?externalSystem=test"), &envelope);
        let result = reply.expect(200).json();
        let expected: Value = std::fs::read(golden(id))
            .map(|text| serde_json::from_slice(&text).expect("a golden file is JSON"))
            .unwrap_or_default();
        let mut seen = json!({ "result": result });
        if let Some(logs) = expected["logs"].as_array() {
            seen["logs"] = lines(&server.logs(&uuid, logs.len()));
        }
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let text = serde_json::to_string_pretty(&seen).expect("JSON") + "\n";
            std::fs::write(golden(id), text).expect("a golden file");
        } else {
            assert_eq!(seen, expected, "`{id}`: {}", golden(id).display());
        }
        // Most events have room for one function, and one of them has three templates.
        server.delete(&format!("deployments/{uuid}")).expect(202);
        until("the state Draft", || (server.lambda(&uuid)["state"] == "Draft").then_some(()));
        server.delete(&format!("lambdas/{uuid}")).expect(204);
    }
}
