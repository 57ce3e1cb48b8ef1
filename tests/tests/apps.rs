//! App installations, and the tokens that apps get for themselves.

use lambkin_tests::{Reply, Server, Start, claims};
use serde_json::{Value, json};

const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";
const FORBIDDEN: &str = "com.liveperson.faas.es.forbidden";
const UNAUTHORIZED: &str = "com.liveperson.faas.es.unauthorized";
const CONFLICT: &str = "com.liveperson.faas.es.conflict";
const NOT_FOUND: &str = "com.liveperson.faas.es.notfound";

const ECHO: &str = "function lambda(input, callback) { callback(null, input.payload); }";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const NOBODY: (&str, &str) = ("authorization", "");

fn install(server: &Server, metadata: &Value) -> Value {
    server.post("app-installations", metadata).expect(201).json()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// Asks for an app's token with a form.
fn ask(server: &Server, id: &str, secret: &str) -> Reply {
    let path = format!("/sentinel/api/account/{}/app/token?v=1.0", server.account);
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    server.call_with("POST", &path, form, &[NOBODY, FORM])
}

fn token(server: &Server, app: &Value) -> String {
    let answer = ask(server, text(app, "client_id"), text(app, "client_secret")).expect(200).json();
    text(&answer, "access_token").to_owned()
}

fn invoke(server: &Server, token: &str, lambda: &str) -> Reply {
    let body = json!({ "timestamp": 0, "payload": 7 });
    server.call_as(token, "POST", &format!("lambdas/{lambda}/invoke?v=1&externalSystem=x"), &body)
}

#[test]
fn an_app_is_installed_read_changed_and_removed() {
    let server = Server::fresh();
    let uris = json!(["https://app.example/callback", "http://localhost:3000/callback"]);
    let made = server
        .post(
            "app-installations",
            &json!({
                "client_name": "My app",
                "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
                "response_types": ["code"],
                "scope": "faas.lambda.invoke",
                "redirect_uris": uris,
                // What the server decides is not taken from the body.
                "client_id": "mine", "client_secret": "mine", "generation": 9, "accountId": "1",
            }),
        )
        .expect(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    assert_eq!((text(&made, "client_id").len(), text(&made, "client_secret").len()), (36, 47));
    assert_eq!(made["redirect_uris"], uris);
    assert_eq!(made["token_endpoint_auth_method"], "client_secret_post");
    let path = format!("app-installations/{}", text(&made, "client_id"));
    let mut shown = made.clone();
    shown.as_object_mut().unwrap().remove("client_secret");
    assert_eq!(server.get(&path).expect(200).json(), shown);
    let all = server.get("app-installations").expect(200).json();
    assert_eq!(all.as_array().unwrap().len(), 2, "and the one for development");
    assert!(!all.to_string().contains("secret\":\""), "{all}");

    let changed =
        json!({ "client_name": "Renamed", "version": 1, "redirect_uris": ["https://app.example/"] });
    let changed = server.put(&path, &changed).expect(200).json();
    assert_eq!((text(&changed, "client_name"), &changed["version"]), ("Renamed", &json!(2)));
    assert_eq!(changed["grant_types"], made["grant_types"], "what is left out stays");
    server.put(&path, &json!({ "client_name": "x", "version": 1 })).expect_error(409, CONFLICT);
    let unchanged = server.put(&path, &json!({ "client_name": "Renamed" })).expect(200).json();
    assert_eq!(unchanged["version"], 2);
    server.put(&path, &json!({ "token_endpoint_auth_method": "none" })).expect_error(400, BAD_INPUT);

    server.delete(&path).expect(204);
    let error = server.get(&path).expect_error(404, NOT_FOUND);
    assert!(error["errorMsg"].as_str().unwrap().starts_with("there is no app `"), "{error}");
    server.delete(&path).expect_error(404, NOT_FOUND);
    server.put(&path, &json!({})).expect_error(404, NOT_FOUND);
    server.call("POST", &format!("{path}/secret"), "").expect_error(404, NOT_FOUND);
    let told = server.get("activities?subject=app").expect(200).json();
    let told: Vec<_> =
        told.as_array().unwrap().iter().map(|it| (text(it, "action"), text(it, "name"))).collect();
    assert_eq!(told[..3], [("delete", "Renamed"), ("update", "Renamed"), ("create", "My app")]);
}

#[test]
fn what_an_app_cannot_be_is_refused_by_name() {
    let server = Server::fresh();
    for (metadata, field) in [
        (json!({}), "client_name"),
        (json!({ "client_name": "x".repeat(101) }), "client_name"),
        (json!({ "client_name": "a\nb" }), "client_name"),
        (json!({ "client_name": "a", "grant_types": [] }), "grant_types"),
        (json!({ "client_name": "a", "grant_types": ["password"] }), "password"),
        (json!({ "client_name": "a", "grant_types": ["refresh_token"] }), "grant_types"),
        (json!({ "client_name": "a", "grant_types": ["authorization_code"] }), "redirect_uris"),
        (json!({ "client_name": "a", "scope": "root" }), "root"),
        (json!({ "client_name": "a", "scope": "openid" }), "scope"),
        (json!({ "client_name": "a", "response_types": ["token"] }), "response_types"),
        (json!({ "client_name": "a", "response_types": ["code"] }), "response_types"),
        (json!({ "client_name": "a", "redirect_uris": ["http://app.example/"] }), "redirect_uris[0]"),
        (
            json!({ "client_name": "a", "redirect_uris": ["https://a.example/", "javascript:alert(1)"] }),
            "redirect_uris[1]",
        ),
        (json!({ "client_name": "a", "redirect_uris": vec!["https://a.example/"; 21] }), "redirect_uris"),
        (
            json!({ "client_name": "a", "token_endpoint_auth_method": "tls_client_auth" }),
            "token_endpoint_auth_method",
        ),
        (
            json!({ "client_name": "a", "token_endpoint_auth_method": "none", "grant_types": ["client_credentials"] }),
            "grant_types",
        ),
    ] {
        let error = server.post("app-installations", &metadata).expect_error(400, BAD_INPUT);
        assert!(text(&error, "errorMsg").contains(field), "{metadata}: {error}");
    }
    server.call("POST", "app-installations", "x".repeat(70_000)).expect(413);
    let server = Start::fresh().with(&["--limit", "apps=2"]).server();
    install(&server, &json!({ "client_name": "one more" }));
    let error =
        server.post("app-installations", &json!({ "client_name": "too many" })).expect_error(409, CONFLICT);
    assert!(text(&error, "errorMsg").contains("2 apps, which is the limit"), "{error}");
    let limits = server.get("limits").expect(200).json();
    let row = limits.as_array().unwrap().iter().find(|row| row["name"] == "apps").unwrap();
    assert_eq!((&row["value"], &row["used"]), (&json!(2), &json!(2)));
}

#[test]
fn a_token_comes_for_credentials_in_any_of_the_three_ways_and_in_exact_shapes() {
    let server = Server::fresh();
    let account = &server.account;
    let path = format!("/sentinel/api/account/{account}/app/token");
    let credentials = "grant_type=client_credentials&client_id=dev-client&client_secret=dev-secret";
    // RFC 7617: `dev-client:dev-secret`.
    let basic = ("authorization", "Basic ZGV2LWNsaWVudDpkZXYtc2VjcmV0");
    let answers = [
        server.call_with("POST", &format!("{path}?v=1.0"), credentials, &[NOBODY, FORM]),
        server.call_with("POST", &format!("{path}?v=2.0&{credentials}"), "", &[NOBODY]),
        server.call_with("POST", &format!("{path}?v=1.0&?{credentials}"), "", &[NOBODY]),
        server.call_with("POST", &path, "grant_type=client_credentials", &[basic, FORM]),
        server.call_with("POST", &path, "", &[basic]),
    ];
    for answer in answers {
        let answer = answer.expect(200);
        assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
        let answer = answer.json();
        let members: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!((members, text(&answer, "token_type")), (vec!["access_token", "token_type"], "Bearer"));
        let claims = claims(text(&answer, "access_token"));
        assert_eq!((text(&claims, "aud"), text(&claims, "azp")), (account.as_str(), "dev-client"));
        assert_eq!((text(&claims, "iss"), text(&claims, "scope")), ("Sentinel", "faas.lambda.invoke"));
        assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 3_600);
        assert!(!text(&claims, "jti").is_empty());
    }
    let path = format!("/sentinel/api/v2/account/{account}/app/token");
    let answer = server.call_with("POST", &path, credentials, &[NOBODY, FORM]).expect(200).json();
    assert_eq!(answer.as_object().unwrap().len(), 3);
    assert_eq!(answer["expires_in"], 3_600);
}

#[test]
fn credentials_that_are_not_good_are_refused_as_the_standard_says() {
    let server = Server::fresh();
    let path = format!("/sentinel/api/account/{}/app/token", server.account);
    let other = install(
        &server,
        &json!({ "client_name": "codes", "grant_types": ["authorization_code"], "redirect_uris": ["https://a.example/"] }),
    );
    let codes_only =
        format!("client_id={}&client_secret={}", text(&other, "client_id"), text(&other, "client_secret"));
    let good = "client_id=dev-client&client_secret=dev-secret";
    for (form, status, error) in [
        ("", 401, "invalid_client"),
        ("client_id=dev-client", 401, "invalid_client"),
        ("client_id=dev-client&client_secret=", 401, "invalid_client"),
        ("client_id=dev-client&client_secret=wrong", 401, "invalid_client"),
        ("client_id=nobody&client_secret=dev-secret", 401, "invalid_client"),
        ("client_id=dev-client%00&client_secret=dev-secret", 401, "invalid_client"),
        (&format!("client_id={}&client_secret=x", "x".repeat(65)), 401, "invalid_client"),
        (&format!("grant_type=password&{good}"), 400, "unsupported_grant_type"),
        (&format!("{good}&client_id=dev-client"), 400, "invalid_request"),
        (&format!("{good}&client_secret=dev-secret"), 400, "invalid_request"),
        (&format!("{good}&scope=root"), 400, "invalid_scope"),
        (&format!("{good}&a=%zz"), 400, "invalid_request"),
        (&codes_only, 400, "unauthorized_client"),
        (&format!("{good}&x={}", "x".repeat(70_000)), 413, "invalid_request"),
    ] {
        let reply = server.call_with("POST", &path, form, &[NOBODY, FORM]).expect(status);
        assert_eq!(reply.json()["error"], error, "{form}: {}", reply.text());
        assert!(!text(&reply.json(), "error_description").is_empty());
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("www-authenticate").starts_with("Basic"), status == 401);
    }
    let basic = ("authorization", "Basic ZGV2LWNsaWVudDpkZXYtc2VjcmV0");
    for (form, headers) in [
        (good, vec![basic, FORM]),
        ("client_id=other", vec![basic, FORM]),
        (good, vec![NOBODY, ("content-type", "application/json")]),
        ("{\"client_id\":\"dev-client\"}", vec![NOBODY, ("content-type", "text/plain")]),
    ] {
        let reply = server.call_with("POST", &path, form, &headers).expect(400);
        assert_eq!(reply.json()["error"], "invalid_request", "{form}");
    }
    for broken in ["Basic", "Basic !", "Basic ZGV2", "Basic ZGV2LWNsaWVudDp3cm9uZw=="] {
        server.call_with("POST", &path, "", &[("authorization", broken)]).expect(401);
    }
    // The account of the path counts.
    let elsewhere = "/sentinel/api/account/654321/app/token";
    server.call_with("POST", elsewhere, good, &[NOBODY, FORM]).expect(401);
    server.call_with("POST", "/sentinel/api/account/operators/app/token", good, &[NOBODY, FORM]).expect(401);
    assert!(!server.log().contains("dev-secret"));
}

#[test]
fn the_token_of_an_app_invokes_and_asks_and_does_nothing_else() {
    let server = Server::fresh();
    let lambda = server.serve("echo", ECHO);
    let app = install(&server, &json!({ "client_name": "caller" }));
    let token = token(&server, &app);
    assert_eq!(invoke(&server, &token, &lambda).expect(200).text(), "7", "the raw form");
    let asked = "events/conversational_command/isImplemented";
    assert_eq!(
        server.call_as(&token, "GET", asked, &Value::Null).expect(200).json(),
        json!({ "implemented": false })
    );
    let document = server.get("/openapi.json").expect(200).json();
    let mut refused = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let is_allowed = ["/invoke", "/isImplemented"].iter().any(|end| path.ends_with(end));
            if operation.get("security").is_none() || is_allowed || !path.starts_with("/api/account/") {
                continue;
            }
            let path = path.replace("{account}", &server.account).replace("{id}", &lambda);
            let path = path.replace("{version}", "1").replace("{key}", "1");
            server.call_as(&token, &method.to_uppercase(), &path, &Value::Null).expect_error(403, FORBIDDEN);
            refused += 1;
        }
    }
    assert!(refused > 40, "{refused}");
    // Nor anywhere else, nor by cookie, nor once something of it is changed.
    let elsewhere = format!("/api/account/654321/lambdas/{lambda}/invoke");
    server.call_as(&token, "POST", &elsewhere, &json!({})).expect_error(403, FORBIDDEN);
    let (head, signature) = token.rsplit_once('.').unwrap();
    for broken in [
        format!("{head}.{}", signature.chars().rev().collect::<String>()),
        format!("{head}."),
        head.to_owned(),
        format!("{token}A"),
        format!("{token}.x"),
        // {"alg":"none","typ":"JWT"}
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", head.split_once('.').unwrap().1),
    ] {
        invoke(&server, &broken, &lambda).expect_error(401, UNAUTHORIZED);
    }
}

#[test]
fn what_is_done_to_an_app_holds_for_its_tokens_at_once_and_after_a_crash() {
    let server = Server::fresh();
    let lambda = server.serve("echo", ECHO);
    let app = install(&server, &json!({ "client_name": "caller" }));
    let path = format!("app-installations/{}", text(&app, "client_id"));
    let first = token(&server, &app);
    invoke(&server, &first, &lambda).expect(200);
    server.put(&path, &json!({ "enabled": false })).expect(200);
    invoke(&server, &first, &lambda).expect_error(401, UNAUTHORIZED);
    assert_eq!(
        ask(&server, text(&app, "client_id"), text(&app, "client_secret")).expect(401).json()["error"],
        "invalid_client"
    );
    server.put(&path, &json!({ "enabled": true })).expect(200);
    invoke(&server, &first, &lambda).expect(200);

    let renewed = server.call("POST", &format!("{path}/secret"), "").expect(200);
    assert_eq!(renewed.header("cache-control"), "no-store");
    let renewed = renewed.json();
    assert_ne!(renewed["client_secret"], app["client_secret"]);
    invoke(&server, &first, &lambda).expect_error(401, UNAUTHORIZED);
    ask(&server, text(&app, "client_id"), text(&app, "client_secret")).expect(401);
    let second = token(&server, &renewed);
    let (token_, account) = (server.token.clone(), server.account.clone());
    let mut server = server.kill().start().server();
    (server.token, server.account) = (token_, account);
    invoke(&server, &first, &lambda).expect_error(401, UNAUTHORIZED);
    invoke(&server, &second, &lambda).expect(200);
    ask(&server, text(&app, "client_id"), text(&app, "client_secret")).expect(401);

    let codes = json!({ "grant_types": ["authorization_code"], "redirect_uris": ["https://a.example/"] });
    server.put(&path, &codes).expect(200);
    invoke(&server, &second, &lambda).expect_error(401, UNAUTHORIZED);
    server.put(&path, &json!({ "grant_types": ["client_credentials"] })).expect(200);
    invoke(&server, &second, &lambda).expect(200);
    server.delete(&path).expect(204);
    invoke(&server, &second, &lambda).expect_error(401, UNAUTHORIZED);
}

#[test]
fn secrets_and_private_keys_are_nowhere_on_the_disk() {
    let server = Server::fresh();
    let app = install(&server, &json!({ "client_name": "caller" }));
    let token = token(&server, &app);
    let secret = text(&app, "client_secret").to_owned();
    let modulus = server.get("/sentinel/well-known/jwks").expect(200).json()["keys"][0]["n"].clone();
    assert_eq!(modulus.as_str().unwrap().len(), 342, "2048 bits");
    let (_, remains) = server.stop();
    let mut folders = vec![remains.data.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            for text in [&secret, &token] {
                let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
                assert!(!found, "{}", path.display());
            }
        }
    }
    // The same key signs and verifies after the restart, also when the master key was changed.
    let new = remains.data.with_extension("new");
    std::fs::write(&new, "ab".repeat(32)).unwrap();
    std::fs::set_permissions(&new, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let old = remains.data.join("secret.key");
    let keys = ["--secret-key-file", new.to_str().unwrap(), "--old-secret-key-file", old.to_str().unwrap()];
    let server = remains.start().with(&keys).server();
    assert_eq!(server.get("/sentinel/well-known/jwks").expect(200).json()["keys"][0]["n"], modulus);
    server.call_as(&token, "GET", "events/conversational_command/isImplemented", &Value::Null).expect(200);
}

#[test]
fn the_operator_rotates_the_signing_key_and_nobody_else_does() {
    let server = Server::fresh();
    server.call("POST", "signing-keys", "").expect_error(403, FORBIDDEN);
    server.get("signing-keys").expect_error(403, FORBIDDEN);
    drop(server);
    let server = Start::fresh().without_dev().server();
    let one_time = text(&server.announcement["operator"], "password").to_owned();
    let operator = server.log_in("operators", "operator", &one_time);
    let password = json!({ "oldPassword": one_time, "password": "correct horse battery" });
    server.call_as(&operator, "PUT", "/api/account/operators/password", &password).expect(204);
    let operator = server.log_in("operators", "operator", "correct horse battery");
    let call = |method: &str, path: &str, body: &Value| {
        server.call_as(&operator, method, &format!("/api/account/{path}"), body)
    };
    let kids = || {
        let keys = server.get("/sentinel/well-known/jwks").expect(200).json()["keys"].clone();
        keys.as_array().unwrap().iter().map(|key| text(key, "kid").to_owned()).collect::<Vec<_>>()
    };
    // The operator installs an app in an account, and none in their own.
    let account = json!({ "id": "42", "loginName": "ada" });
    call("POST", "operators/accounts", &account).expect(201);
    let app = call("POST", "42/app-installations", &json!({ "client_name": "a" })).expect(201).json();
    call("POST", "operators/app-installations", &json!({ "client_name": "a" })).expect(409);
    call("POST", "43/app-installations", &json!({ "client_name": "a" })).expect(404);
    let ask = || {
        let form =
            format!("client_id={}&client_secret={}", text(&app, "client_id"), text(&app, "client_secret"));
        let reply = server.call_with("POST", "/sentinel/api/account/42/app/token", form, &[NOBODY, FORM]);
        text(&reply.expect(200).json(), "access_token").to_owned()
    };
    let opens = |token: &str| {
        let path = "/api/account/42/events/conversational_command/isImplemented";
        server.call_as(token, "GET", path, &Value::Null).expect(200);
    };
    let first = ask();
    opens(&first);
    let before = kids();
    let rotated = call("POST", "operators/signing-keys", &Value::Null).expect(201).json();
    assert_eq!(kids().len(), 2, "the old one verifies on");
    assert!(kids().contains(&before[0]) && kids().contains(&text(&rotated, "kid").to_owned()));
    let second = ask();
    opens(&first);
    opens(&second);
    call("POST", "42/signing-keys", &Value::Null).expect_error(404, NOT_FOUND);
    let listed = call("GET", "operators/signing-keys", &Value::Null).expect(200).json();
    assert_eq!(listed.as_array().unwrap().iter().filter(|key| key.get("retiredAt").is_some()).count(), 1);
}
