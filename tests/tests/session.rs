//! What the published clients do before their first call: look a service up, log in, refresh.

use lambkin_tests::Server;
use serde_json::json;

#[test]
fn every_service_is_this_server_under_the_name_it_was_called_by() {
    let server = Server::fresh();
    let own = server.base.strip_prefix("http://").unwrap();
    let all = server.get("service/baseURI.json?version=1.0").expect(200).json();
    let services: Vec<_> =
        all["baseURIs"].as_array().unwrap().iter().map(|one| one["service"].as_str().unwrap()).collect();
    assert_eq!(services, ["agentVep", "faasGW", "faasUI", "sentinel"]);
    for path in ["service/faasGW/baseURI.json", "service/faasGW/baseURI"] {
        let one = server.call_with("GET", path, "", &[("authorization", "")]).expect(200).json();
        assert_eq!(one, json!({ "service": "faasGW", "account": "123456", "baseURI": own }));
    }
    server.get("service/nothing/baseURI.json").expect(404);
}

#[test]
fn a_session_is_refreshed_by_its_cookie_and_its_csrf_together() {
    let server = Server::fresh();
    let begun = server.try_log_in("123456", "developer", "lambkin").expect(200).json();
    let cookie = format!("session_id={}", begun["sessionId"].as_str().unwrap());
    let refresh = |account: &str, cookie: &str, csrf: &str| {
        let path = format!("/api/account/{account}/refresh");
        server.call_with("POST", &path, json!({ "csrf": csrf }).to_string(), &[("cookie", cookie)])
    };
    let csrf = begun["csrf"].as_str().unwrap();
    assert_eq!(refresh("123456", &cookie, csrf).expect(200).json()["sessionTTl"], "28800000");
    refresh("123456", &cookie, "wrong").expect(401);
    refresh("123456", "session_id=lks_wrong", csrf).expect(401);
    refresh("654321", &cookie, csrf).expect(401);
    server.call_as(begun["bearer"].as_str().unwrap(), "POST", "logout", &json!(null)).expect(204);
    refresh("123456", &cookie, csrf).expect(401);
}
