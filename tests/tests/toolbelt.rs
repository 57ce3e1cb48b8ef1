//! `lp-faas-toolbelt` in deployed lambdas: the HTTP client on a real connection, secrets of the account.

use lambkin_tests::{Server, Start, Tenant, Upstream, respond, until};
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
    // They are written after the answers, by whoever is first.
    let logs = server.logs(&uuid, 2);
    let masked = json!({ "message": "it is ***", "extras": [{ "value": "***" }] });
    let is_masked = |entry: &&serde_json::Value| {
        entry["message"] == masked["message"] && entry["extras"] == masked["extras"]
    };
    assert_eq!(logs.iter().filter(is_masked).count(), 1, "{logs:?}");
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

#[test]
fn lambdas_call_lambdas_of_their_account_and_of_no_other() {
    let mut tenant = Tenant::start(Start::fresh());
    let theirs = tenant.elsewhere("43", |server| {
        server.serve("theirs", "function lambda(input, callback) { callback(null, 1); }")
    });
    let server = &tenant.server;
    let code = "async function lambda(input, callback) {
            if (input.payload.fail) return callback(new Error('mine'));
            callback(null, { got: input.payload, by: input.headers });
        }";
    let helper = server.serve("helper", code);
    let code = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) {
            const ends = await Toolbelt.OrchestratorClient().invoke(input.payload, 20000, { invokeParallel: true });
            callback(null, ends.map(({ uuid, body, statusCode, error }) => ({ uuid, body, statusCode, error: error && error.message })));
        }";
    let leader = server.serve("leader", code);
    let nobody = "6f1f8e0e-6f53-4a2e-9a0e-0d2b1c3d4e5f";
    let calls = json!([
        { "uuid": helper, "payload": { "a": 1 }, "headers": { "X-A": "b" } },
        { "uuid": helper, "payload": { "fail": true } },
        { "uuid": nobody, "payload": {} },
    ]);
    let ends = server.invoke(&leader, &calls).expect(200).json()["result"].clone();
    let body = json!({ "got": { "a": 1 }, "by": [{ "key": "X-A", "value": "b" }] });
    assert_eq!(ends[0], json!({ "uuid": helper, "body": body, "statusCode": 200 }));
    assert_eq!((&ends[1]["statusCode"], &ends[1]["body"]["errorMsg"]), (&json!(901), &json!("mine")));
    assert_eq!((&ends[2]["statusCode"], &ends[2]["uuid"]), (&json!(404), &json!(nobody)));
    // Each call has a record, which names who called.
    let callers = until("two records", || {
        let records = server.get(&format!("invocations?lambdaUUID={helper}")).expect(200).json();
        let callers: Vec<_> = records.as_array()?.iter().map(|one| one["caller"].clone()).collect();
        (callers.len() == 2).then_some(callers)
    });
    assert_eq!(callers, vec![json!(format!("lambda {leader}")); 2]);

    // A lambda of another account is one that nobody knows.
    let ends =
        server.invoke(&leader, &json!([{ "uuid": theirs, "payload": {} }])).expect(200).json()["result"]
            .clone();
    assert_eq!(ends[0]["statusCode"], 404, "{ends}");
}

#[test]
fn a_lambda_that_calls_itself_comes_to_an_end() {
    let server = Server::fresh();
    let code = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) {
            const [end] = await Toolbelt.OrchestratorClient().invoke([{ uuid: process.env.LAMBDA_UUID, payload: {} }]);
            callback(null, end.statusCode === 200 ? end.body + 1 : end.body.errorCode);
        }";
    let uuid = server.serve("itself", code);
    let end = server.invoke(&uuid, &json!({})).expect(200).json();
    assert_eq!(end, "com.liveperson.faas.es.toomanyhops1111");
}

#[test]
fn a_secret_that_is_bound_to_a_host_goes_with_requests_and_no_lambda_reads_it() {
    let upstream = Upstream::new(|asked, stream| {
        respond(stream, 200, &[], format!("key={}", asked.header("x-api-key")).as_bytes())
    });
    let server = Start::fresh().with(&["--egress-allow-private", "127.0.0.1,::1"]).server();
    server.post("proxy-settings", &json!({ "domain": "localhost", "id": -1 })).expect(201);
    let secret =
        json!({ "key": "partner", "value": "s3cr3t-value", "host": "localhost", "header": "X-Api-Key" });
    server.post("secrets", &secret).expect(201);
    let code = "const { Toolbelt } = require('lp-faas-toolbelt');
        async function lambda(input, callback) {
            const answer = await Toolbelt.HTTPClient()(input.payload, { headers: { 'x-api-key': 'mine' } });
            console.info('it answers ' + answer);
            try { callback(null, (await Toolbelt.SecretClient().readSecret('partner')).value); }
            catch (error) { callback(null, { answer, code: error.code, message: error.message }); }
        }";
    let uuid = server.serve("caller", code);
    let told = server.invoke(&uuid, &json!(upstream.url("/"))).expect(200).json();
    assert_eq!(told["answer"], "key=s3cr3t-value", "{told}");
    assert_eq!(told["code"], "com.liveperson.faas.secret.bound");
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("`localhost`") && message.contains("`x-api-key`"), "{message}");
    let logs = json!(server.logs(&uuid, 1)).to_string();
    assert!(logs.contains("it answers key=***") && !logs.contains("s3cr3t"), "{logs}");
    let activities = server.get("activities").expect(200).text();
    assert!(activities.contains(&format!("lambda {uuid}")), "{activities}");
    // Taken off, the next request goes as it was written.
    let off = json!({ "value": "s3cr3t-value", "version": 1, "host": null, "header": null });
    server.put("secrets/partner", &off).expect(200);
    let told = server.invoke(&uuid, &json!(upstream.url("/"))).expect(200).json();
    assert_eq!(told, "s3cr3t-value", "it is read like any other, once it is bound no more");
    let logs = json!(server.logs(&uuid, 2)).to_string();
    assert!(logs.contains("it answers key=mine"), "{logs}");
}
