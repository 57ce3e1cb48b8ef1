//! The templates, as a developer meets them: taken from the API, saved for their event, deployed and invoked with the
//! payload they come with. `templates/ID.json` holds what each answers and, where that is not the network's word, logs.
//!
//! A template that names a module in `requires` which the engine does not have must be refused when it is built, with
//! a message that names the module: nothing is left out here, and nothing has to be changed when the engine gets it.

use std::path::PathBuf;

use lambkin_tests::{Server, definition, until};
use serde_json::{Value, json};

fn golden(id: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/templates/{id}.json"))
}

/// Whether the engine has a module, by the word of a lambda that requires it.
fn has(server: &Server, module: &str) -> bool {
    let code = format!("require('{module}');\nfunction lambda(input, callback) {{ callback(null, true); }}");
    let probe = server.create(&format!("probe_{}", module.replace('-', "_")), &code);
    server.deploy(&probe) == "Productive"
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
fn every_template_runs_as_it_is_or_is_refused_for_the_module_it_names() {
    let server = Server::fresh();
    let templates = server.get("templates").expect(200).json();
    let templates = templates.as_array().expect("an array");
    assert_eq!(templates.len(), 22);
    let mut modules: Vec<&str> = Vec::new();
    for required in templates.iter().flat_map(|template| template["requires"].as_array().expect("an array")) {
        let required = required.as_str().expect("a name");
        if !modules.contains(&required) {
            modules.push(required);
        }
    }
    let missing: Vec<&str> = modules.into_iter().filter(|module| !has(&server, module)).collect();

    for template in templates {
        let id = template["id"].as_str().expect("an id");
        let (uuid, state) = deploy(&server, template);
        let lacks = template["requires"].as_array().expect("an array").iter().filter_map(Value::as_str);
        if let Some(module) = lacks.into_iter().find(|module| missing.contains(module)) {
            assert_eq!(state, "Build Error", "`{id}` needs `{module}`, which the engine does not have");
            let error = server.lambda(&uuid)["lastDeployment"]["deploymentError"].clone();
            assert!(error["errorMsg"].as_str().is_some_and(|text| text.contains(module)), "`{id}`: {error}");
            println!("`{id}` waits for the module `{module}`");
        } else {
            assert_eq!(state, "Productive", "`{id}`: {}", server.lambda(&uuid));
            let sample = &template["samplePayload"];
            let envelope =
                json!({ "timestamp": 0, "headers": sample["headers"], "payload": sample["payload"] });
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
        }
        server.delete(&format!("lambdas/{uuid}")).expect(204);
    }
}
