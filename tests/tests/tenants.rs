//! Two accounts on one server: nothing of one can be named, read, changed or found from the other, not by its id either.

use lambkin_tests::{Server, Start, definition, until};
use serde_json::{Value, json};

const CODE: &str = "function lambda(input, callback) { console.warn('mine'); callback(null, 'mine'); }";

/// Logs in with a password for one use, replaces it, logs in again.
fn settle(server: &Server, account: &str, name: &str, one_time: &str) -> String {
    let password = "correct horse battery";
    let token = server.log_in(account, name, one_time);
    let change = json!({ "oldPassword": one_time, "password": password });
    server.call_as(&token, "PUT", &format!("/api/account/{account}/password"), &change).expect(204);
    server.log_in(account, name, password)
}

/// An account with one of everything.
struct Tenant {
    account: String,
    token: String,
    lambda: String,
    /// The paths of its things, without the account.
    things: Vec<String>,
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Tenant {
    fn call(&self, server: &Server, method: &str, path: &str, body: &Value) -> lambkin_tests::Reply {
        server.call_as(&self.token, method, &format!("/api/account/{}/{path}", self.account), body)
    }

    fn new(server: &Server, operator: &str, account: &str) -> Self {
        let wanted = json!({ "id": account, "loginName": "owner" });
        let made =
            server.call_as(operator, "POST", "/api/account/operators/accounts", &wanted).expect(201).json();
        let token = settle(server, account, "owner", &text(&made["oneTimePassword"]));
        let mut tenant =
            Self { account: account.to_owned(), token, lambda: String::new(), things: Vec::new() };
        let post = |path: &str, body: Value| tenant.call(server, "POST", path, &body).expect(201).json();
        let lambda = text(&post("lambdas", definition("mine", CODE))["uuid"]);
        let (domain, secret) = (format!("of-{account}.example"), format!("of-{account}"));
        post("proxy-settings", json!({ "domain": "mine.example", "id": -1 }));
        post("proxy-settings", json!({ "domain": domain, "id": -1 }));
        post("secrets", json!({ "key": secret, "value": "mine" }));
        let cron = json!({ "lambdaUUID": lambda, "cronExpression": "0 0 1 1 *", "isActive": true });
        let schedule = text(&post("schedules", cron)["uuid"]);
        let profile =
            text(&post("profiles", json!({ "name": "Mine", "permissions": ["FaaS-Admin"] }))["profileId"]);
        let user =
            text(&post("users", json!({ "loginName": "mine", "permissions": ["FaaS-Admin"] }))["userId"]);
        tenant.deploy(server, &lambda);
        tenant.things = vec![
            format!("lambdas/{lambda}"),
            format!("deployments/{lambda}"),
            format!("secrets/{secret}"),
            format!("schedules/{schedule}"),
            format!("profiles/{profile}"),
            format!("users/{user}"),
            format!("proxy-settings/{domain}"),
        ];
        tenant.lambda = lambda;
        tenant
    }

    fn deploy(&self, server: &Server, lambda: &str) {
        self.call(server, "POST", &format!("deployments/{lambda}"), &Value::Null).expect(202);
        until("a productive lambda", || {
            let shown =
                self.call(server, "GET", &format!("lambdas/{lambda}"), &Value::Null).expect(200).json();
            (shown[0]["state"] == "Productive").then_some(())
        });
    }

    /// Everything the account has, as its owner sees it.
    fn everything(&self, server: &Server) -> Vec<String> {
        ["lambdas", "deployments", "secrets", "schedules", "profiles", "users", "proxy-settings"]
            .iter()
            .map(|list| self.call(server, "GET", list, &Value::Null).expect(200).text())
            .collect()
    }
}

fn two(server: &Server) -> (Tenant, Tenant) {
    let once = text(&server.announcement["operator"]["password"]);
    let operator = settle(server, "operators", "operator", &once);
    (Tenant::new(server, &operator, "1001"), Tenant::new(server, &operator, "1002"))
}

#[test]
fn an_id_of_another_account_leads_nowhere_and_changes_nothing() {
    let server = Start::fresh().without_dev().server();
    let (thief, victim) = two(&server);
    let before = victim.everything(&server);
    let id = &victim.lambda;
    let mut calls: Vec<(&str, String)> = Vec::new();
    for thing in &victim.things {
        for method in ["GET", "PUT", "POST", "DELETE"] {
            calls.push((method, thing.clone()));
        }
    }
    for (method, path) in [
        ("GET", format!("lambdas/{id}/versions")),
        ("GET", format!("lambdas/{id}/versions/1")),
        ("GET", format!("lambdas/{id}/versions/1/diff")),
        ("POST", format!("lambdas/{id}/rollback")),
        ("POST", format!("lambdas/{id}/module")),
        ("POST", format!("lambdas/{id}/invoke?externalSystem=x")),
        ("GET", format!("{}/plain", victim.things[2])),
        ("POST", format!("{}/password", victim.things[5])),
        ("GET", format!("reports/invocations/{id}")),
    ] {
        calls.push((method, path));
    }
    let body = json!({
        "uuid": id, "lambdaUUID": id, "version": 1, "key": format!("of-{}", victim.account), "value": "stolen", "name": "stolen",
        "cronExpression": "* * * * *", "isActive": true, "profiles": ["Mine"], "permissions": ["LPA"], "payload": null,
        "description": "stolen", "implementation": { "code": CODE, "dependencies": [], "environmentVariables": [] },
    });
    for (method, path) in calls {
        let body = if method == "GET" || method == "DELETE" { &Value::Null } else { &body };
        // Under one's own account the id is unknown.
        let own = thief.call(&server, method, &path, body);
        let is_empty_list = own.status == 200 && own.text() == "[]";
        assert!(
            is_empty_list || (400..500).contains(&own.status) && own.status != 401 && own.status != 403,
            "{method} {path}: {} {}",
            own.status,
            own.text()
        );
        // Under the other's account the caller is.
        let path = format!("/api/account/{}/{path}", victim.account);
        let other = server.call_as(&thief.token, method, &path, body);
        assert!([403, 405].contains(&other.status), "{method} {path}: {} {}", other.status, other.text());
    }
    // A schedule of one's own cannot run another's lambda.
    let cron = json!({ "lambdaUUID": id, "cronExpression": "* * * * *", "isActive": true });
    thief.call(&server, "POST", "schedules", &cron).expect(404);
    let logs = thief.call(&server, "GET", &format!("logs?lambdaUUID={id}"), &Value::Null);
    assert!(logs.status == 404 || logs.text() == "[]", "{}", logs.text());
    assert_eq!(victim.everything(&server), before);
    // What one has is nowhere in what the other sees.
    let seen = thief.everything(&server).concat();
    for thing in &victim.things {
        let name = thing.rsplit('/').next().unwrap();
        assert!(!seen.contains(name), "{thing}");
    }
}

/// Reads a secret, tells what it finds of other invocations, and leaves a mark wherever a program can.
const PRYING: &str = "let calls = 0;
    const { Toolbelt } = require('lp-faas-toolbelt');
    async function lambda(input, callback) {
        const crypto = require('crypto'); const lodash = require('lodash');
        const cached = require.cache[require.resolve('request')];
        let secret;
        try { secret = (await Toolbelt.SecretClient().readSecret(input.payload)).value; } catch (error) { secret = error.code; }
        const places = { globalThis, object: Object.prototype, list: Array.prototype, promise: Promise.prototype, process, crypto, lodash,
            cached, toolbelt: Toolbelt, console, buffer: Buffer, env: process.env };
        const found = Object.keys(places).filter((place) => Object.keys(places[place]).includes('mark'));
        for (const place of Object.values(places)) place.mark = input.payload;
        setInterval(() => { calls += 1; }, 1).unref();
        callback(null, [++calls, found, secret]);
    }";

#[test]
fn nothing_of_an_invocation_is_there_in_another_account() {
    let server = Start::fresh().without_dev().server();
    let (one, other) = two(&server);
    let lambdas = [&one, &other].map(|tenant| {
        let made = tenant.call(&server, "POST", "lambdas", &definition("prying", PRYING)).expect(201).json();
        let lambda = text(&made["uuid"]);
        tenant.deploy(&server, &lambda);
        lambda
    });
    let unknown = "com.liveperson.faas.secret.not-found";
    for _ in 0..10 {
        for (tenant, lambda) in [&one, &other].into_iter().zip(&lambdas) {
            for owner in [&one, &other] {
                let payload = json!({ "payload": format!("of-{}", owner.account) });
                let path = format!("lambdas/{lambda}/invoke?externalSystem=x");
                let told = tenant.call(&server, "POST", &path, &payload).expect(200).json();
                let secret = if owner.account == tenant.account { "mine" } else { unknown };
                assert_eq!(told, json!([1, [], secret]));
            }
        }
    }
}

#[test]
fn names_and_keys_are_an_accounts_own() {
    let server = Start::fresh().without_dev().server();
    let (one, other) = two(&server);
    for tenant in [&one, &other] {
        // Both have a function, a user, a profile and a domain of the same name, and a secret of the same key each.
        let secret = json!({ "key": "shared", "value": tenant.account });
        tenant.call(&server, "POST", "secrets", &secret).expect(201);
    }
    for tenant in [&one, &other] {
        let shown = tenant.call(&server, "GET", "secrets/shared/plain", &Value::Null).expect(200).json();
        assert_eq!(shown["value"], tenant.account.as_str());
        let path = format!("lambdas/{}/invoke?externalSystem=x", tenant.lambda);
        assert_eq!(tenant.call(&server, "POST", &path, &json!({})).expect(200).json(), "mine");
    }
    other.call(&server, "DELETE", "secrets/shared", &Value::Null).expect(204);
    other.call(&server, "DELETE", "proxy-settings/mine.example", &Value::Null).expect(204);
    one.call(&server, "GET", "secrets/shared", &Value::Null).expect(200);
    let domains = one.call(&server, "GET", "proxy-settings", &Value::Null).expect(200).json();
    assert_eq!(domains[0]["domain"], "mine.example");
    // Activities are an account's own, too.
    let told = one.call(&server, "GET", "activities", &Value::Null).expect(200).text();
    assert!(!told.contains(&other.lambda) && told.contains(&one.lambda), "{told}");
}

#[test]
fn what_the_server_decides_about_lambdas_and_users_is_not_taken_from_the_body() {
    let server = Server::fresh();
    let mut wanted = definition("honest", CODE);
    let forged = json!({
        "uuid": "11111111-1111-4111-8111-111111111111", "state": "Productive", "createdBy": "root", "updatedBy": "root",
        "createdAt": "1999-01-01T00:00:00.000Z", "account": "654321", "accountId": "654321",
        "lastDeployment": { "deploymentState": "Deploy Finish" }, "productive": 7,
    });
    for (key, value) in forged.as_object().unwrap() {
        wanted[key] = value.clone();
    }
    let made = server.post("lambdas", &wanted);
    // Refused is as good as ignored.
    if made.status == 201 {
        let made = made.json();
        assert_ne!(made["uuid"], forged["uuid"]);
        assert_eq!((&made["state"], &made["createdBy"]), (&json!("Draft"), &json!("dev")), "{made}");
        assert!(
            made["createdAt"].as_str().unwrap() > "2020" && made.get("lastDeployment").is_none(),
            "{made}"
        );
    } else {
        assert_eq!(made.status, 400, "{}", made.text());
    }
    let user = json!({
        "loginName": "eve", "permissions": ["FaaS-Invocation"], "userId": forged["uuid"], "password": "known",
        "enabled": true, "mustChangePassword": false, "createdBy": "root", "account": "operators",
    });
    let made = server.post("users", &user).expect(201).json();
    assert_ne!(made["userId"], forged["uuid"]);
    assert_eq!((&made["mustChangePassword"], &made["createdBy"]), (&json!(true), &json!("dev")), "{made}");
    server.try_log_in(&server.account, "eve", "known").expect(401);
    server.try_log_in("operators", "eve", made["oneTimePassword"].as_str().unwrap()).expect(401);
}
