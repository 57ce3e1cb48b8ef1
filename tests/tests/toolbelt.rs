//! `lp-faas-toolbelt` in deployed lambdas: the HTTP client on a real connection, secrets of the account.

use lambkin_tests::{Server, Start, Upstream, respond};
use serde_json::json;

#[test]
fn the_http_client_says_who_calls_and_rejects_what_is_denied() {
    let upstream = Upstream::new(|asked, stream| {
        let told = json!({ "url": asked.header("lp-url"), "agent": asked.header("user-agent"), "host": asked.header("host") });
        respond(stream, 200, &[("Content-Type", "application/json")], told.to_string().as_bytes())
    });
    let server = Start::fresh().with(&["--egress-allow-private", "127.0.0.1,::1"]).server();
    let code = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) {
            try { callback(null, await Toolbelt.HTTPClient()(input.payload, { json: true })); }
            catch (error) { callback(null, { name: error.name, statusCode: error.statusCode, message: error.message }); }
        }";
    let uuid = server.serve("client", code);
    let denied = server.invoke(&uuid, &json!(upstream.url("/"))).expect(200).json();
    assert_eq!(
        (&denied["name"], &denied["statusCode"]),
        (&json!("StatusCodeError"), &json!(403)),
        "{denied}"
    );
    server.post("proxy-settings", &json!({ "domain": "localhost", "id": -1 })).expect(201);
    let told = server.invoke(&uuid, &json!(upstream.url("/"))).expect(200).json();
    assert_eq!(told["url"], server.account.as_str());
    assert_eq!(told["agent"], format!("LP-Lambda-{uuid}"));
    assert_eq!(told["host"], format!("localhost:{}", upstream.address.port()));
}

#[test]
fn secrets_are_read_changed_and_noted_and_stay_out_of_the_log() {
    let server = Server::fresh();
    server.post("secrets", &json!({ "key": "token", "value": "s3cr3t-\"value\"" })).expect(201);
    let code = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) {
            const secrets = Toolbelt.SecretClient();
            try {
                const { value } = await secrets.readSecret(input.payload.key);
                console.info('it is ' + value, { value });
                if (input.payload.value !== undefined) await secrets.updateSecret({ key: input.payload.key, value: input.payload.value });
                callback(null, (await secrets.readSecret(input.payload.key)).value);
            } catch (error) { callback(null, { code: error.code, message: error.message }); }
        }";
    let uuid = server.serve("keeper", code);
    let changed =
        server.invoke(&uuid, &json!({ "key": "token", "value": { "user": "me", "pass": "other-word" } }));
    assert_eq!(changed.expect(200).json(), json!({ "user": "me", "pass": "other-word" }));
    server.invoke(&uuid, &json!({ "key": "token" })).expect(200);
    let logs = server.logs(&uuid, 2);
    assert_eq!(
        (&logs[0]["message"], &logs[0]["extras"]),
        (&json!("it is ***"), &json!([{ "value": "***" }]))
    );
    let shown = json!(logs).to_string();
    assert!(!shown.contains("s3cr3t") && !shown.contains("other-word"), "{shown}");

    let none = server.invoke(&uuid, &json!({ "key": "none" })).expect(200).json();
    assert_eq!(none["code"], "com.liveperson.faas.secret.not-found");
    assert_eq!(none["message"], "There is no Secret none for this account");
    let long =
        server.invoke(&uuid, &json!({ "key": "token", "value": "x".repeat(10_001) })).expect(200).json();
    assert_eq!(long["code"], "com.liveperson.faas.secret.invalid-format");

    let activities = server.get("activities").expect(200).text();
    assert!(activities.contains(&format!("lambda {uuid}")), "{activities}");
}

#[test]
fn a_secret_is_not_for_the_top_level() {
    let server = Server::fresh();
    let code = "const { Toolbelt } = require('lp-faas-toolbelt');
        Toolbelt.SecretClient().readSecret('x').catch(() => {});
        function lambda(input, callback) { callback(); }";
    let uuid = server.create("early", code);
    assert_eq!(server.deploy(&uuid), "Build Error");
    let error = server.lambda(&uuid)["lastDeployment"]["deploymentError"]["errorMsg"].to_string();
    assert!(error.contains("move the call into the lambda"), "{error}");
}
