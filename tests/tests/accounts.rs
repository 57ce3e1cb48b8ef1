//! From a server that has met nobody to an account whose users work: the operator's way, and its limits.

use lambkin_tests::{Server, Start};
use serde_json::{Value, json};

const CODE: &str = "function lambda(input, callback) { callback(null, 'here'); }";

/// A call with a token, about an account.
fn call(server: &Server, token: &str, method: &str, path: &str, body: &Value) -> lambkin_tests::Reply {
    let bearer = format!("Bearer {token}");
    server.call_with(method, path, body.to_string(), &[("authorization", bearer.as_str())])
}

/// Logs in with a password for one use, replaces it, logs in again; the token.
fn settle(server: &Server, account: &str, name: &str, one_time: &str, password: &str) -> String {
    let begun = server.try_log_in(account, name, one_time).expect(200).json();
    assert_eq!(begun["config"]["mustChangePassword"], true);
    let token = begun["bearer"].as_str().expect("a token");
    let change = json!({ "oldPassword": one_time, "password": password });
    call(server, token, "PUT", &format!("/api/account/{account}/password"), &change).expect(204);
    let begun = server.try_log_in(account, name, password).expect(200).json();
    begun["bearer"].as_str().expect("a token").to_owned()
}

#[test]
fn the_operator_makes_an_account_and_its_people_work_in_it() {
    let server = Start::fresh().without_dev().server();
    let login = &server.announcement["operator"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (home, name, one_time) =
        (text(&login["account"]), text(&login["loginName"]), text(&login["password"]));
    let operator = settle(&server, &home, &name, &one_time, "a long enough password");

    let accounts = format!("/api/account/{home}/accounts");
    let wanted = json!({ "id": "42", "name": "The answer", "loginName": "ada" });
    let made = call(&server, &operator, "POST", &accounts, &wanted).expect(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    call(&server, &operator, "POST", &accounts, &wanted).expect(409);
    for bad in ["", "a b", "../x", "0123456789012345678901234567890"] {
        call(&server, &operator, "POST", &accounts, &json!({ "id": bad, "loginName": "x" })).expect(400);
    }
    call(&server, &operator, "POST", &accounts, &json!({ "id": "43", "loginName": "two words" })).expect(400);
    let listed = call(&server, &operator, "GET", &accounts, &Value::Null).expect(200).json();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed[0]["id"], "42");

    let ada = settle(&server, "42", "ada", &text(&made["oneTimePassword"]), "ada's own password");
    let users = "/api/account/42/users";
    let invoker = json!({ "loginName": "caller", "permissions": ["FaaS-Invocation"] });
    let caller = call(&server, &ada, "POST", users, &invoker).expect(201).json();
    assert_eq!(caller["permissions"], json!(["FaaS-Invocation"]));
    call(&server, &ada, "POST", users, &invoker).expect(409);
    call(&server, &ada, "POST", users, &json!({ "loginName": "x", "permissions": ["Root"] })).expect(400);
    call(&server, &ada, "POST", users, &json!({ "loginName": "x", "permissions": [] })).expect(400);
    let once = text(&caller["oneTimePassword"]);
    let token = settle(&server, "42", "caller", &once, "the caller's password");

    let definition = lambkin_tests::definition("here", CODE);
    let uuid =
        text(&call(&server, &ada, "POST", "/api/account/42/lambdas", &definition).expect(201).json()["uuid"]);
    call(&server, &token, "POST", "/api/account/42/lambdas", &definition).expect(403);
    call(&server, &ada, "POST", &format!("/api/account/42/deployments/{uuid}"), &Value::Null).expect(202);
    lambkin_tests::until("a productive lambda", || {
        let path = format!("/api/account/42/lambdas/{uuid}");
        let lambda = call(&server, &ada, "GET", &path, &Value::Null).expect(200).json();
        (lambda[0]["state"] == "Productive").then_some(())
    });
    let invoke = format!("/api/account/42/lambdas/{uuid}/invoke?externalSystem=test");
    assert_eq!(call(&server, &token, "POST", &invoke, &json!({})).expect(200).json(), "here");
    // The operator lets people in and does not look over their shoulders.
    call(&server, &operator, "POST", &invoke, &json!({})).expect(403);

    // A password that is reset, and a user who is removed, end what was begun with them.
    let id = text(&caller["userId"]);
    let path = format!("{users}/{id}/password");
    let again = call(&server, &operator, "POST", &path, &Value::Null).expect(200).json();
    call(&server, &token, "POST", &invoke, &json!({})).expect(401);
    let token = settle(&server, "42", "caller", &text(&again["oneTimePassword"]), "yet another password");
    call(&server, &ada, "DELETE", &format!("{users}/{id}"), &Value::Null).expect(204);
    call(&server, &token, "POST", &invoke, &json!({})).expect(401);
    server.try_log_in("42", "caller", "yet another password").expect(401);
    let own = call(&server, &ada, "GET", users, &Value::Null).expect(200).json();
    let own = own.as_array().unwrap();
    assert_eq!((own.len(), &own[0]["loginName"]), (1, &json!("ada")));
    let path = format!("{users}/{}", text(&own[0]["userId"]));
    call(&server, &ada, "DELETE", &path, &Value::Null).expect(409);
    // Accounts are the operator's, and are managed from the operators' account only.
    call(&server, &ada, "GET", "/api/account/42/accounts", &Value::Null).expect(403);
    call(&server, &operator, "GET", "/api/account/42/accounts", &Value::Null).expect(404);
}

#[test]
fn what_is_no_user_is_refused_with_the_field_and_the_rule() {
    let server = Server::fresh();
    let long = "x".repeat(101);
    let before = server.get("users").expect(200).json();
    for (field, value) in [
        ("loginName", json!("")),
        ("loginName", Value::Null),
        ("loginName", json!("two words")),
        ("loginName", json!("line\nbreak")),
        ("loginName", json!("no\u{a0}break")),
        ("loginName", json!("nul\0")),
        ("loginName", json!(long)),
        ("loginName", json!(7)),
        ("fullName", json!(long)),
        ("fullName", json!("\u{1b}[31m")),
        ("fullName", json!(["x"])),
        ("email", json!(long)),
        ("email", json!("a@b\r\nBcc: c@d")),
        ("permissions", json!([])),
        ("permissions", json!(["FaaS-Root"])),
        ("permissions", json!("LPA")),
        ("profiles", json!([])),
        ("profiles", json!(vec!["x"; 21])),
    ] {
        let mut wanted = json!({ "loginName": "fit", "permissions": ["FaaS-Admin"] });
        if field == "profiles" {
            wanted["permissions"] = Value::Null;
        }
        wanted[field] = value;
        let refused = server.post("users", &wanted).expect_error(400, "com.liveperson.faas.es.badinput");
        let told = refused["errorMsg"].as_str().unwrap();
        assert!(told.contains(field) || told.contains("the body is not"), "{wanted}: {told}");
    }
    assert_eq!(server.get("users").expect(200).json(), before);
}
