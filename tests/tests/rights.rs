//! Who may do what: the guide's matrix, written down here a second time, against every route of the running server.

use lambkin_tests::{Server, Start, until};
use serde_json::{Value, json};

/// A route, and who may call it: admin, developer, invoker, in this order, as `x` or `-`.
const MATRIX: &[(&str, &str, &str)] = &[
    ("GET", "lambdas", "xx-"),
    ("GET", "lambdas/", "xx-"),
    ("POST", "lambdas", "-x-"),
    ("POST", "lambdas/", "-x-"),
    ("GET", "lambdas/ID", "xx-"),
    ("PUT", "lambdas/ID", "-x-"),
    ("DELETE", "lambdas/ID", "-x-"),
    ("POST", "lambdas/ID/invoke", "-xx"),
    ("POST", "lambdas/ID/module", "-x-"),
    ("GET", "lambdas/ID/versions", "xx-"),
    ("GET", "lambdas/ID/versions/1", "xx-"),
    ("GET", "lambdas/ID/versions/1/diff", "xx-"),
    ("POST", "lambdas/ID/rollback", "-x-"),
    ("GET", "runtimes", "xxx"),
    ("GET", "deployments", "xx-"),
    ("GET", "deployments/ID", "xx-"),
    ("POST", "deployments/ID", "-x-"),
    ("DELETE", "deployments/ID", "-x-"),
    ("GET", "events", "xx-"),
    ("POST", "events/ID/invoke", "-xx"),
    ("GET", "events/ID/isImplemented", "xxx"),
    ("GET", "templates", "xx-"),
    ("GET", "proxy-settings", "xx-"),
    ("POST", "proxy-settings", "x--"),
    ("DELETE", "proxy-settings/ID", "x--"),
    ("GET", "schedules", "xx-"),
    ("POST", "schedules", "xx-"),
    ("GET", "schedules/preview", "xx-"),
    ("GET", "schedules/ID", "xx-"),
    ("PUT", "schedules/ID", "xx-"),
    ("DELETE", "schedules/ID", "xx-"),
    ("GET", "logs", "xx-"),
    ("GET", "logs/export", "xx-"),
    ("GET", "invocations", "xx-"),
    ("GET", "reports/limitCounts", "xx-"),
    ("GET", "reports/lambdaCounts", "xx-"),
    ("GET", "reports/invocationCounts", "xx-"),
    ("GET", "reports/invocations/ID", "xx-"),
    ("GET", "settings", "xxx"),
    ("PUT", "settings", "---"),
    ("GET", "limits", "xxx"),
    ("POST", "check", "-x-"),
    ("GET", "app-installations", "xx-"),
    ("POST", "app-installations", "x--"),
    ("GET", "app-installations/ID", "xx-"),
    ("PUT", "app-installations/ID", "x--"),
    ("DELETE", "app-installations/ID", "x--"),
    ("POST", "app-installations/ID/secret", "x--"),
    ("GET", "users/ID/api-keys", "x--"),
    ("POST", "users/ID/api-keys", "---"),
    ("DELETE", "users/ID/api-keys/x", "---"),
    ("GET", "activities", "xx-"),
    ("GET", "secrets", "xx-"),
    ("POST", "secrets", "x--"),
    ("PUT", "secrets", "x--"),
    ("GET", "secrets/ID", "xx-"),
    ("PUT", "secrets/ID", "x--"),
    ("DELETE", "secrets/ID", "x--"),
    ("GET", "secrets/ID/plain", "x--"),
    ("GET", "users", "x--"),
    ("POST", "users", "---"),
    ("PUT", "users/ID", "---"),
    ("DELETE", "users/ID", "---"),
    ("POST", "users/ID/password", "---"),
    ("GET", "profiles", "x--"),
    ("POST", "profiles", "---"),
    ("PUT", "profiles/ID", "---"),
    ("DELETE", "profiles/ID", "---"),
];

const ID: &str = "11111111-1111-4111-8111-111111111111";

#[test]
fn every_role_may_do_what_the_matrix_says_and_nothing_elsewhere() {
    let server = Server::fresh();
    let roles = ["admin", "developer", "invoker"].map(|name| server.log_in("123456", name, "lambkin"));
    for (method, route, who) in MATRIX {
        let path = format!("/api/account/123456/{}", route.replace("ID", ID));
        let elsewhere = path.replace("123456", "654321");
        for (token, mark) in roles.iter().zip(who.chars()) {
            let reply = server.call_as(token, method, &path, &Value::Null);
            let allowed = !matches!(reply.status, 401 | 403);
            assert_eq!(allowed, mark == 'x', "{method} {route} {mark}: {} {}", reply.status, reply.text());
            server.call_as(token, method, &elsewhere, &Value::Null).expect_error(403, FORBIDDEN);
        }
        let all = server.call_as("lambkin-dev-token", method, &path, &Value::Null);
        assert!(!matches!(all.status, 401 | 403), "{method} {route}: LPA may do everything");
        server.call_as("lambkin-dev-token", method, &elsewhere, &Value::Null).expect_error(403, FORBIDDEN);
        for nobody in ["", "wrong", "lks_wrong", "lambkin-dev-tokem"] {
            server.call_as(nobody, method, &path, &Value::Null).expect_error(401, UNAUTHORIZED);
        }
    }
}

const FORBIDDEN: &str = "com.liveperson.faas.es.forbidden";
const UNAUTHORIZED: &str = "com.liveperson.faas.es.unauthorized";

#[test]
fn a_session_ends_and_its_token_with_it() {
    let server = Start::fresh().with(&["--session-seconds", "1"]).server();
    let session = server.log_in("123456", "developer", "lambkin");
    until("the end of a session", || {
        (server.call_as(&session, "GET", "lambdas", &Value::Null).status == 401).then_some(())
    });
}

#[test]
fn a_session_by_cookie_proves_itself_before_it_changes_anything() {
    let server = Server::fresh();
    let begun = server.try_log_in("123456", "developer", "lambkin").expect(200);
    let set = begun.header("set-cookie").to_owned();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
    let cookie = set.split(';').next().unwrap().to_owned();
    let told = begun.json();
    let csrf = told["csrf"].as_str().unwrap().to_owned();
    assert_eq!(told["sessionTTl"], "28800000");
    assert_eq!(told["config"]["loginName"], "developer");
    assert_eq!(told["config"]["userPrivileges"], json!(["FaaS-Developer"]));
    // A header that is there and empty would be a wrong token, so these go without one.
    let call = |method: &str, proof: &str| {
        let proof = if proof.is_empty() { String::new() } else { format!("X-CSRF-Token: {proof}\r\n") };
        let reply = server.raw(format!(
            "{method} /api/account/123456/lambdas HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n{proof}Content-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        reply.get(9..12).unwrap_or_default().to_owned()
    };
    assert_eq!(call("GET", ""), "200");
    assert_eq!(call("POST", ""), "403");
    assert_eq!(call("POST", "wrong"), "403");
    assert_eq!(call("POST", &csrf), "400");
}

#[test]
fn guessing_is_slowed_down() {
    let server = Server::fresh();
    for name in ["developer", "nobody"] {
        let server = if name == "nobody" { &Server::fresh() } else { &server };
        for _ in 0..5 {
            server.try_log_in("123456", name, "wrong").expect_error(401, UNAUTHORIZED);
        }
        let slowed = server.try_log_in("123456", name, "lambkin").expect(429);
        assert_eq!(slowed.header("retry-after"), "1", "the same for those who exist and those who do not");
    }
}

/// URLs are kept in histories and logs of others: what opens something does not come in one.
#[test]
fn a_token_in_a_url_opens_nothing() {
    let server = Server::fresh();
    for name in ["access_token", "token", "bearer", "apiKey", "authorization"] {
        let path = format!("lambdas?{name}={}", server.token);
        server.call_with("GET", &path, "", &[("authorization", "")]).expect_error(401, UNAUTHORIZED);
    }
    assert!(!server.log().contains(&server.token), "nor is it in the server's log");
}
