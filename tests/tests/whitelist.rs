//! `/proxy-settings`: shapes, every rule by name, duplicates, other accounts, limits, and what a restart keeps.

use lambkin_tests::{Server, Start};
use serde_json::{Value, json};

const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";
const CONFLICT: &str = "com.liveperson.faas.es.conflict";

fn add(server: &Server, domain: &str) -> lambkin_tests::Reply {
    server.post("proxy-settings", &json!({ "domain": domain, "id": -1 }))
}

fn list(server: &Server) -> Value {
    server.get("proxy-settings").expect(200).json()
}

#[test]
fn domains_are_added_listed_and_removed_in_the_published_shape() {
    let server = Server::fresh();
    assert_eq!(list(&server), json!([]));
    let one = add(&server, "api.example.com").expect(201).json();
    assert_eq!(one, json!({ "id": 1, "domain": "api.example.com", "name": "api.example.com" }));
    let two = add(&server, " Bücher.Example ").expect(201).json();
    assert_eq!(two, json!({ "id": 2, "domain": "xn--bcher-kva.example", "name": "Bücher.Example" }));
    let three = add(&server, "*.example.com").expect(201).json();
    assert_eq!(list(&server), json!([one, two, three]));
    assert!(server.delete("proxy-settings/1").expect(204).body.is_empty());
    server.delete("proxy-settings/xn--bcher-kva.example").expect(204);
    server.delete("proxy-settings/1").expect_error(404, "com.liveperson.faas.es.notfound");
    assert_eq!(list(&server), json!([three]));
    // An id is never given twice, also not after a restart.
    let server = server.kill().start().server();
    assert_eq!(list(&server), json!([three]));
    assert_eq!(add(&server, "api.example.com").expect(201).json()["id"], 4);
}

#[test]
fn a_duplicate_has_a_message_of_its_own() {
    let server = Server::fresh();
    add(&server, "api.example.com").expect(201);
    for same in ["api.example.com", "API.example.com", "api.example.com.", " api.example.com"] {
        let error = add(&server, same).expect_error(409, CONFLICT);
        assert_eq!(error["errorMsg"], "domain `api.example.com` is on the whitelist already");
    }
    add(&server, "*.api.example.com").expect(201);
}

#[test]
fn an_invalid_name_is_refused_by_the_rule_it_breaks() {
    let server = Server::fresh();
    for (domain, rule) in [
        ("", "missing"),
        ("https://example.com/x", "no scheme"),
        ("example.com:443", "port"),
        ("10.0.0.1", "not an IP address"),
        ("[::1]", "not an IP address"),
        ("intranet", "at least two labels"),
        ("a..example.com", "empty label"),
        (&format!("{}.com", "a".repeat(64)), "more than 63 characters"),
        (&format!("{}com", "a.".repeat(126)), "no more than 253 characters"),
        ("a_b.example.com", "letters, digits and hyphens"),
        ("-a.example.com", "hyphen"),
        ("a.*.example.com", "first label"),
        ("*.com", "at least two labels behind it"),
        ("1.2.3", "digits alone"),
    ] {
        let error = add(&server, domain).expect_error(400, BAD_INPUT);
        assert!(error["errorMsg"].as_str().unwrap().contains(rule), "{domain}: {error}");
    }
    for body in ["", "[]", "{", "{\"domain\": 1}", "{\"domain\": null}", "{\"domain\": \"\u{0}\"}"] {
        server.call("POST", "proxy-settings", body).expect_error(400, BAD_INPUT);
    }
    server.post("proxy-settings", &json!({ "id": -1 })).expect_error(400, BAD_INPUT);
    assert_eq!(list(&server), json!([]));
}

#[test]
fn the_number_of_domains_is_bounded_by_the_operator() {
    let server = Start::fresh().with(&["--limit", "domains=2", "--no-wildcards"]).server();
    add(&server, "a.example.com").expect(201);
    add(&server, "b.example.com").expect(201);
    let error = add(&server, "c.example.com").expect_error(409, CONFLICT);
    assert!(
        error["errorMsg"].as_str().unwrap().contains("2 whitelisted domains, which is the limit"),
        "{error}"
    );
    let error = add(&server, "*.example.com").expect_error(400, BAD_INPUT);
    assert!(error["errorMsg"].as_str().unwrap().contains("wildcards are switched off"), "{error}");
    let limits = server.get("limits").expect(200).json();
    let row = limits.as_array().unwrap().iter().find(|row| row["name"] == "domains").unwrap();
    assert_eq!((&row["value"], &row["used"]), (&json!(2), &json!(2)));
}

#[test]
fn what_the_server_decides_is_not_taken_from_the_body() {
    let server = Server::fresh();
    let body = json!({ "domain": "a.example.com", "id": 77, "name": "else", "account": "654321", "next": 9 });
    let added = server.post("proxy-settings", &body).expect(201).json();
    assert_eq!(added, json!({ "id": 1, "domain": "a.example.com", "name": "a.example.com" }));
    server.get("/api/account/654321/proxy-settings").expect(403);
    server.call("POST", "/api/account/654321/proxy-settings", "{\"domain\":\"b.example.com\"}").expect(403);
    server.delete("/api/account/654321/proxy-settings/1").expect(403);
    server.call_with("GET", "proxy-settings", "", &[("authorization", "")]).expect(401);
    assert_eq!(list(&server), json!([added]));
}
