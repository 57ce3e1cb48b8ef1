//! The web application as a browser gets it: pages, files that are kept for ever, and what they may do.

use lambkin_tests::{Reply, Server, Start};

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut all = vec![("authorization", ""), ("accept", BROWSER)];
    all.extend(headers);
    server.call_with("GET", path, "", &all)
}

/// The script that the page starts with.
fn script(page: &str) -> String {
    let begun =
        page.find("/assets/").expect("the page has a script; build the web application: make ui-build");
    page[begun..].split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn every_address_of_the_application_is_its_page() {
    let server = Server::fresh();
    let page = get(&server, "/", &[]).expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    assert!(page.text().contains("<div id=\"root\">"));
    for path in ["/develop", "/deploy/new", "/settings/whitelist", "/nothing"] {
        assert_eq!(get(&server, path, &[]).expect(200).text(), page.text(), "{path}");
    }
}

#[test]
fn the_page_may_only_do_what_it_must() {
    let server = Server::fresh();
    let page = get(&server, "/", &[]).expect(200);
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "connect-src 'self';",
        "worker-src 'self';",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{part} is not in {policy}");
    }
    assert!(!policy.contains("unsafe-eval") && !policy.contains("http"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    // What the policy forbids, the page does not try.
    assert!(!page.text().contains("<script>") && !page.text().contains("style="));
    let worker = get(&server, &script(&page.text()), &[]).expect(200);
    assert_eq!(worker.header("content-security-policy"), policy);
}

#[test]
fn files_are_kept_for_ever_and_sent_small_to_those_who_can_read_them() {
    let server = Server::fresh();
    let path = script(&get(&server, "/", &[]).text());
    let plain = get(&server, &path, &[("accept-encoding", "gzip")]).expect(200);
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.header("vary"), "accept-encoding");
    let small = get(&server, &path, &[("accept-encoding", "gzip, br")]).expect(200);
    assert_eq!(small.header("content-encoding"), "br");
    assert!(small.body.len() * 3 < plain.body.len(), "{} of {}", small.body.len(), plain.body.len());
}

#[test]
fn what_programs_call_is_never_a_page() {
    let server = Server::fresh();
    for path in
        ["/api/account/123456/nothing", "/api/nothing", "/sentinel/nothing", "/assets/gone.js", "/docs/api/x"]
    {
        get(&server, path, &[]).expect_error(404, "com.liveperson.faas.es.notfound");
    }
    let program = server.call_with("GET", "/develop", "", &[("authorization", ""), ("accept", "*/*")]);
    program.expect_error(404, "com.liveperson.faas.es.notfound");
    server.call_with("POST", "/develop", "", &[("authorization", ""), ("accept", BROWSER)]).expect(404);
}

#[test]
fn the_application_is_where_those_are_who_manage() {
    let mut server = Start::fresh().with(&["--management-listen", "127.0.0.1:0"]).server();
    get(&server, "/", &[]).expect(404);
    get(&server, "/develop", &[]).expect(404);
    server.base = server.announcement["management"].as_str().expect("an address").to_owned();
    let page = get(&server, "/", &[]).expect(200);
    get(&server, &script(&page.text()), &[]).expect(200);
}
