//! Profiles: named sets of permissions. What is changed about one counts for the next call of everybody who has it.

use lambkin_tests::{Reply, Server};
use serde_json::{Value, json};

/// Makes a user and logs them in; the id and the token.
fn user(server: &Server, name: &str, what: &Value) -> (String, String) {
    let mut wanted = what.clone();
    wanted["loginName"] = name.into();
    let made = server.post("users", &wanted).expect(201).json();
    let one_time = made["oneTimePassword"].as_str().expect("a password");
    let token = server.log_in(&server.account, name, one_time);
    let path = format!("/api/account/{}/password", server.account);
    let change = json!({ "oldPassword": one_time, "password": "correct horse battery" });
    server.call_as(&token, "PUT", &path, &change).expect(204);
    let token = server.log_in(&server.account, name, "correct horse battery");
    (made["userId"].as_str().expect("an id").to_owned(), token)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|one| one["name"].as_str().expect("a name")).collect()
}

#[test]
fn what_a_profile_allows_its_users_may_do_from_their_next_call_on() {
    let server = Server::fresh();
    let usual = ["Administrator", "FaaS-Admin", "FaaS-Developer", "FaaS-Invocation"];
    assert_eq!(names(&server.get("profiles").expect(200).json()), usual);
    let made = server.post("profiles", &json!({ "name": "Support", "permissions": ["FaaS-Invocation"] }));
    let made = made.expect(201).json();
    assert_eq!((&made["name"], &made["createdBy"]), (&json!("Support"), &json!("dev")), "{made}");
    let id = made["profileId"].as_str().unwrap();
    let path = format!("profiles/{id}");

    let (ada, token) = user(&server, "ada", &json!({ "profiles": ["support"] }));
    let lists = |token: &str| server.call_as(token, "GET", "lambdas", &Value::Null).status;
    assert_eq!(lists(&token), 403);
    server.put(&path, &json!({ "permissions": ["FaaS-Developer", "FaaS-Invocation"] })).expect(200);
    assert_eq!(lists(&token), 200);
    let renamed = server.put(&path, &json!({ "name": "Help" })).expect(200).json();
    assert_eq!(renamed["permissions"], json!(["FaaS-Developer", "FaaS-Invocation"]));

    // Somebody has it, so it stays; given another one, they no longer have it and it can go.
    let kept = server.delete(&path).expect(409).json();
    assert!(kept["errorMsg"].as_str().unwrap().contains("`ada` has profile `Help`"), "{kept}");
    let given = server.put(&format!("users/{ada}"), &json!({ "profiles": ["FaaS-Invocation"] }));
    assert_eq!(given.expect(200).json()["profiles"], json!(["FaaS-Invocation"]));
    assert_eq!(lists(&token), 403);
    server.delete(&path).expect(204);
    server.delete(&path).expect(404);
    assert_eq!(names(&server.get("profiles").expect(200).json()), usual);

    // Who is shut out is shut out at once, and comes back with the same password.
    server.put(&format!("users/{ada}"), &json!({ "enabled": false })).expect(200);
    assert_eq!(lists(&token), 401);
    server.try_log_in(&server.account, "ada", "correct horse battery").expect(401);
    server.put(&format!("users/{ada}"), &json!({ "enabled": true, "fullName": "Ada L." })).expect(200);
    server.try_log_in(&server.account, "ada", "correct horse battery").expect(200);

    let done = server.get("activities?subject=profile").expect(200).json();
    let done: Vec<_> = done.as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(done, ["delete", "update", "update", "create"]);
}

#[test]
fn nobody_takes_the_last_key_out_of_their_own_hand() {
    let server = Server::fresh();
    let (grace, token) = user(&server, "grace", &json!({ "profiles": ["Administrator"] }));
    let call =
        |method: &str, path: &str, body: Value| -> Reply { server.call_as(&token, method, path, &body) };
    let profiles = call("GET", "profiles", Value::Null).expect(200).json();
    let own = profiles[0]["profileId"].as_str().unwrap();
    let own = format!("profiles/{own}");
    call("PUT", &own, json!({ "permissions": ["FaaS-Admin"] })).expect(409);
    call("DELETE", &own, Value::Null).expect(409);
    call("PUT", &own, json!({ "permissions": ["FaaS-Admin", "LPA"], "name": "Boss" })).expect(200);
    let user = format!("users/{grace}");
    call("PUT", &user, json!({ "profiles": ["FaaS-Admin"] })).expect(409);
    call("PUT", &user, json!({ "enabled": false })).expect(409);
    call("PUT", &user, json!({ "fullName": "Grace H." })).expect(200);
    call("DELETE", &user, Value::Null).expect(409);
}

#[test]
fn what_is_no_profile_is_refused_with_the_field_and_the_rule() {
    let server = Server::fresh();
    let first = server.get("profiles").expect(200).json()[0]["profileId"].as_str().unwrap().to_owned();
    let bad = [
        (json!({}), "name"),
        (json!({ "name": "x" }), "permissions"),
        (json!({ "name": " ", "permissions": ["LPA"] }), "name"),
        (json!({ "name": "a\u{7}b", "permissions": ["LPA"] }), "name"),
        (json!({ "name": "x".repeat(101), "permissions": ["LPA"] }), "name"),
        (json!({ "name": "x", "permissions": [] }), "permissions"),
        (json!({ "name": "x", "permissions": ["Root"] }), "Root"),
        (json!({ "name": 7, "permissions": ["LPA"] }), ""),
        (json!([]), ""),
    ];
    for (body, field) in &bad {
        let refused = server.post("profiles", body).expect(400).json();
        assert!(refused["errorMsg"].as_str().unwrap().contains(field), "{body}: {refused}");
    }
    for (body, _) in &bad[2..] {
        server.put(&format!("profiles/{first}"), body).expect(400);
    }
    // Names are the same in any case, and what a caller adds to a profile is not taken over.
    server.post("profiles", &json!({ "name": "faas-ADMIN", "permissions": ["LPA"] })).expect(409);
    server.put(&format!("profiles/{first}"), &json!({ "name": "faas-developer" })).expect(409);
    let own = json!({ "name": "Own", "permissions": ["LPA"], "profileId": first, "createdBy": "root", "account": "1" });
    let made = server.post("profiles", &own).expect(201).json();
    assert_ne!(made["profileId"], first.as_str());
    assert_eq!(made["createdBy"], "dev");
    for path in ["profiles/x", "users/x"] {
        server.put(path, &json!({ "name": "y" })).expect(400);
    }
    let nobody = "11111111-1111-4111-8111-111111111111";
    server.put(&format!("profiles/{nobody}"), &json!({ "name": "y" })).expect(404);
    server.put(&format!("users/{nobody}"), &json!({ "fullName": "y" })).expect(404);
    for profiles in [json!([]), json!(vec!["FaaS-Admin"; 21]), json!(7)] {
        server.post("users", &json!({ "loginName": "x", "profiles": profiles })).expect(400);
    }
    server.post("users", &json!({ "loginName": "x", "profiles": ["Nothing"] })).expect(404);
    let both = json!({ "loginName": "x", "profiles": ["FaaS-Admin"], "permissions": ["LPA"] });
    server.post("users", &both).expect(400);
}
