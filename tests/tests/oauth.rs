//! Tokens about users, the whole way: the app sends a browser, the user logs in and agrees, the app gets its tokens.
//! Every step is also taken wrongly.

use lambkin_tests::{PATIENCE, Remains, Reply, Server, Start, claims};
use serde_json::{Value, json};
use ureq::{Agent, http};

const UNAUTHORIZED: &str = "com.liveperson.faas.es.unauthorized";
const FORBIDDEN: &str = "com.liveperson.faas.es.forbidden";
const ECHO: &str = "function lambda(input, callback) { callback(null, input.payload); }";
const URI: &str = "http://127.0.0.1:3000/callback";
const SENTINEL: &str = "/sentinel/api/account/123456";

/// The example of RFC 7636.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A browser: keeps cookies and lets the test look at redirects.
struct Browser<'a> {
    server: &'a Server,
    agent: Agent,
    cookie: String,
}

/// A form as the page shows it.
#[derive(Clone)]
struct Page {
    fields: Vec<(String, String)>,
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

fn form(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

/// The value of a parameter of a URI.
fn parameter(uri: &str, name: &str) -> Option<String> {
    let (_, query) = uri.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(value.replace('+', " ").replace("%60", "`").replace("%2F", "/").replace("%26", "&"))
}

impl<'a> Browser<'a> {
    fn new(server: &'a Server) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE));
        Self { server, agent: config.build().into(), cookie: String::new() }
    }

    fn send(&mut self, method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.server.base));
        if !self.cookie.is_empty() {
            request = request.header("cookie", &self.cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = match method {
            "GET" => self.agent.run(request.body(()).expect("a request")),
            _ => {
                let request = request.header("content-type", "application/x-www-form-urlencoded");
                self.agent.run(request.body(body).expect("a request"))
            }
        };
        let mut response = response.expect("a response");
        let reply = Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().read_to_vec().expect("a body"),
        };
        if let Some(cookie) = reply.header("set-cookie").split(';').next().filter(|cookie| !cookie.is_empty())
        {
            cookie.clone_into(&mut self.cookie);
        }
        reply
    }

    /// Goes where an app sends it.
    fn open(&mut self, query: &str) -> Reply {
        self.send("GET", &format!("{SENTINEL}/authorize?{query}"), "", &[])
    }

    /// Sends the form.
    fn submit(&mut self, page: &Page, more: &[(&str, &str)]) -> Reply {
        let fields = page.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<_> = fields.chain(more.iter().copied()).collect();
        let body = form(&fields);
        self.send("POST", &format!("{SENTINEL}/authorize"), &body, &[])
    }

    /// All of it: where the user ends up.
    fn agree(&mut self, query: &str, user: &str) -> String {
        let page = Page::read(&self.open(query).expect(200));
        let reply = self.submit(&page, &[("username", user), ("password", "lambkin"), ("decision", "allow")]);
        reply.expect(302).header("location").to_owned()
    }
}

impl Page {
    /// The hidden fields of a page.
    fn read(reply: &Reply) -> Self {
        let html = reply.text();
        let fields = html.split("<input type=\"hidden\" name=\"").skip(1).map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").expect("a value");
            let (value, _) = rest.split_once('"').expect("its end");
            (
                name.to_owned(),
                value.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">"),
            )
        });
        Self { fields: fields.collect() }
    }

    fn without(&self, name: &str) -> Self {
        Self { fields: self.fields.iter().filter(|(known, _)| known != name).cloned().collect() }
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let mut page = self.without(name);
        page.fields.push((name.to_owned(), value.to_owned()));
        page
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

fn ask_for(client: &str, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("v", "1.0"),
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", URI),
        ("state", "s t&1"),
        ("scope", "faas.lambda.invoke"),
    ];
    pairs.extend(more);
    form(&pairs)
}

fn dev() -> String {
    ask_for("dev-client", &[])
}

const APP: [(&str, &str); 2] = [("client_id", "dev-client"), ("client_secret", "dev-secret")];

/// A call of the token endpoint, with the development app's credentials unless others are named.
fn tokens(server: &Server, pairs: &[(&str, &str)]) -> Reply {
    let mut pairs = pairs.to_vec();
    if !pairs.iter().any(|(name, _)| *name == "client_id") {
        pairs.extend(APP);
    }
    let headers = [("authorization", ""), ("content-type", "application/x-www-form-urlencoded")];
    server.call_with("POST", &format!("{SENTINEL}/token?v=2.0"), form(&pairs), &headers)
}

fn exchange(server: &Server, code: &str) -> Reply {
    tokens(server, &[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", URI)])
}

fn refresh(server: &Server, token: &str) -> Reply {
    tokens(server, &[("grant_type", "refresh_token"), ("refresh_token", token)])
}

#[track_caller]
fn refused(reply: Reply, status: u16, error: &str) {
    let body = reply.expect(status);
    assert_eq!(body.header("cache-control"), "no-store");
    assert_eq!(body.json()["error"], error, "{}", body.text());
    assert!(body.json()["error_description"].as_str().is_some_and(|text| !text.is_empty()));
}

fn code(server: &Server, user: &str) -> String {
    parameter(&Browser::new(server).agree(&dev(), user), "code").expect("a code")
}

fn granted(server: &Server, user: &str) -> Value {
    exchange(server, &code(server, user)).expect(200).json()
}

fn asks(server: &Server, token: &str) -> Reply {
    server.call_as(token, "GET", "events/conversational_command/isImplemented", &Value::Null)
}

fn again(server: Server) -> Server {
    let (token, account) = (server.token.clone(), server.account.clone());
    let remains: Remains = server.kill();
    let mut server = remains.start().server();
    (server.token, server.account) = (token, account);
    server
}

#[test]
fn a_user_logs_in_agrees_and_the_app_invokes_in_their_name() {
    let server = Server::fresh();
    let lambda = server.serve("echo", ECHO);
    let mut browser = Browser::new(&server);
    let page = browser.open(&ask_for("dev-client", &[("nonce", "n-1")])).expect(200);
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = page.header("content-security-policy").to_owned();
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self' http://127.0.0.1:3000;",
        "style-src 'sha256-",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert_eq!((page.header("x-frame-options"), page.header("referrer-policy")), ("DENY", "same-origin"));
    let html = page.text();
    assert!(!html.contains("<script") && !html.contains("http-equiv"), "{html}");
    assert!(html.contains("<label for=\"username\">") && html.contains("Development"), "{html}");
    let set = page.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/sentinel", "Max-Age="] {
        assert!(set.contains(part), "{set}");
    }

    let form = Page::read(&page);
    let wrong =
        browser.submit(&form, &[("username", "invoker"), ("password", "wrong"), ("decision", "allow")]);
    let wrong = wrong.expect(401);
    assert!(wrong.text().contains("role=\"alert\"") && wrong.text().contains("value=\"invoker\""));
    assert!(!wrong.text().contains("value=\"wrong\""), "a password is not sent back");
    let form = Page::read(&wrong);
    let back =
        browser.submit(&form, &[("username", "invoker"), ("password", "lambkin"), ("decision", "allow")]);
    let back = back.expect(302);
    assert_eq!((back.header("cache-control"), back.header("referrer-policy")), ("no-store", "no-referrer"));
    let location = back.header("location").to_owned();
    assert!(location.starts_with(&format!("{URI}?code=")), "{location}");
    assert_eq!(parameter(&location, "state").unwrap(), "s t&1");
    assert_eq!(location.matches('&').count(), 1, "code and state, nothing else: {location}");

    let answer = exchange(&server, &parameter(&location, "code").unwrap()).expect(200);
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let answer = answer.json();
    let members: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["access_token", "expires_in", "id_token", "refresh_token", "token_type"]);
    assert_eq!((text(&answer, "token_type"), &answer["expires_in"]), ("Bearer", &json!(28_800)));
    assert!(!text(&answer, "access_token").contains('.'), "opaque");
    let told = claims(text(&answer, "id_token"));
    assert_eq!(
        (text(&told, "iss"), text(&told, "aud")),
        (&*format!("{}{SENTINEL}", server.base), "dev-client")
    );
    assert_eq!((text(&told, "nonce"), text(&told, "sub").len()), ("n-1", 36));
    assert_eq!(told["exp"].as_u64().unwrap() - told["iat"].as_u64().unwrap(), 3_600);

    let token = text(&answer, "access_token");
    let body = json!({ "timestamp": 0, "payload": 7 });
    let invoked = server.call_as(token, "POST", &format!("lambdas/{lambda}/invoke"), &body).expect(200);
    assert_eq!(invoked.text(), "7", "the raw form");
    asks(&server, token).expect(200);
    // What was agreed to is calling functions, and the user may do no more than that either.
    server.call_as(token, "GET", "lambdas", &Value::Null).expect_error(403, FORBIDDEN);
    server.call_as(token, "POST", "/api/account/654321/lambdas/x/invoke", &body).expect_error(403, FORBIDDEN);
    server.call_as(text(&answer, "id_token"), "GET", "lambdas", &Value::Null).expect_error(401, UNAUTHORIZED);
    server
        .call_as(text(&answer, "refresh_token"), "GET", "lambdas", &Value::Null)
        .expect_error(401, UNAUTHORIZED);
    assert!(!server.log().contains(token));
}

#[test]
fn a_token_gives_what_was_agreed_to_and_never_more_than_the_user_has() {
    let server = Server::fresh();
    let metadata =
        json!({ "client_name": "All", "redirect_uris": [URI], "scope": "faas.lambda.invoke faas.account" });
    let app = server.post("app-installations", &metadata).expect(201).json();
    let (id, secret) = (text(&app, "client_id"), text(&app, "client_secret"));
    let get = |user: &str, scope: &str| {
        let query = ask_for(id, &[]).replace("faas.lambda.invoke", &escaped(scope));
        let location = Browser::new(&server).agree(&query, user);
        let code = parameter(&location, "code").unwrap();
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", URI),
            ("client_id", id),
            ("client_secret", secret),
        ];
        tokens(&server, &pairs).expect(200).json()
    };
    let status = |token: &Value, method: &str, path: &str| {
        server.call_as(text(token, "access_token"), method, path, &Value::Null).status
    };
    let all = get("developer", "faas.account openid profile");
    assert_eq!(all["scope"], "faas.account openid", "said where it is not the app's");
    assert_eq!((status(&all, "GET", "lambdas"), status(&all, "GET", "users")), (200, 403));
    let some = get("developer", "faas.lambda.invoke");
    assert_eq!((status(&some, "GET", "lambdas"), status(&some, "GET", "secrets")), (403, 403));
    assert_eq!(asks(&server, text(&some, "access_token")).status, 200);
    let part = get("developer", "faas.lambda.invoke faas.account other");
    assert_eq!(part["scope"], "faas.lambda.invoke faas.account", "said where a word was not understood");
    let none = get("developer", "openid");
    assert_eq!(asks(&server, text(&none, "access_token")).status, 403);
    // Never what is for somebody who is there themselves.
    assert_eq!(status(&all, "PUT", "password"), 400);
    // A refresh may ask for less, not for more.
    let less = |wished: &str| {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", text(&some, "refresh_token")),
            ("scope", wished),
            ("client_id", id),
            ("client_secret", secret),
        ];
        tokens(&server, &pairs)
    };
    refused(less("faas.account"), 400, "invalid_scope");
    let narrowed = less("faas.lambda.invoke faas.account").expect(200).json();
    assert_eq!(narrowed["scope"], "faas.lambda.invoke");
    // The app loses a scope, and its tokens with it.
    let path = format!("app-installations/{id}");
    server.put(&path, &json!({ "scope": "faas.lambda.invoke" })).expect(200);
    assert_eq!(status(&all, "GET", "lambdas"), 403);
    server.put(&path, &json!({ "enabled": false })).expect(200);
    assert_eq!(status(&all, "GET", "lambdas"), 401);
}

#[test]
fn a_code_is_good_once_and_takes_everything_back_the_second_time() {
    let server = Server::fresh();
    let code = code(&server, "developer");
    for (pairs, error) in [
        (vec![("redirect_uri", URI)], "invalid_request"),
        (vec![("code", code.as_str())], "invalid_grant"),
        (vec![("code", &code), ("redirect_uri", "http://127.0.0.1:3001/callback")], "invalid_grant"),
        (vec![("code", &code), ("redirect_uri", "https://evil.example/")], "invalid_grant"),
        (vec![("code", &code), ("redirect_uri", URI), ("code_verifier", VERIFIER)], "invalid_grant"),
        (vec![("code", "lkd_unknown"), ("redirect_uri", URI)], "invalid_grant"),
        (vec![("code", &code), ("code", &code), ("redirect_uri", URI)], "invalid_request"),
        (vec![("code", &code), ("redirect_uri", URI), ("redirect_uri", URI)], "invalid_request"),
    ] {
        let pairs: Vec<_> = [("grant_type", "authorization_code")].into_iter().chain(pairs).collect();
        refused(tokens(&server, &pairs), 400, error);
    }
    refused(tokens(&server, &[("code", &code)]), 400, "invalid_request");
    refused(tokens(&server, &[("grant_type", "password")]), 400, "unsupported_grant_type");
    let pairs = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", URI)];
    for bad in [
        vec![("client_id", "dev-client")],
        vec![("client_id", "dev-client"), ("client_secret", "wrong")],
        vec![("client_id", "other"), ("client_secret", "dev-secret")],
    ] {
        let pairs: Vec<_> = pairs.iter().copied().chain(bad).collect();
        refused(tokens(&server, &pairs), 401, "invalid_client");
    }
    // Another app that got hold of the code.
    let metadata = json!({ "client_name": "Other", "redirect_uris": [URI] });
    let other = server.post("app-installations", &metadata).expect(201).json();
    let theirs = [("client_id", text(&other, "client_id")), ("client_secret", text(&other, "client_secret"))];
    let stolen: Vec<_> = pairs.iter().copied().chain(theirs).collect();
    refused(tokens(&server, &stolen), 400, "invalid_grant");
    // Nothing of that used it up, nor does a crash.
    let server = again(server);
    let given = exchange(&server, &code).expect(200).json();
    asks(&server, text(&given, "access_token")).expect(200);
    let server = again(server);
    asks(&server, text(&given, "access_token")).expect(200);
    let next = refresh(&server, text(&given, "refresh_token")).expect(200).json();
    refused(exchange(&server, &code), 400, "invalid_grant");
    for given in [&given, &next] {
        asks(&server, text(given, "access_token")).expect_error(401, UNAUTHORIZED);
    }
    refused(refresh(&server, text(&next, "refresh_token")), 400, "invalid_grant");
    let told = server.get("activities?subject=grant").expect(200).json();
    let told: Vec<_> =
        told.as_array().unwrap().iter().map(|it| (text(it, "action"), text(it, "user"))).collect();
    assert_eq!(told, [("delete", "app dev-client"), ("create", "developer")]);
}

#[test]
fn a_refresh_token_is_good_once_and_takes_everything_back_the_second_time() {
    let server = Server::fresh();
    let first = granted(&server, "developer");
    let second = refresh(&server, text(&first, "refresh_token")).expect(200).json();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    asks(&server, text(&second, "access_token")).expect(200);
    let server = again(server);
    let other = granted(&server, "developer");
    refused(refresh(&server, text(&first, "refresh_token")), 400, "invalid_grant");
    for gone in [&first, &second] {
        asks(&server, text(gone, "access_token")).expect_error(401, UNAUTHORIZED);
    }
    refused(refresh(&server, text(&second, "refresh_token")), 400, "invalid_grant");
    asks(&server, text(&other, "access_token")).expect(200);
    // Of many at the same time one wins, and then nobody does.
    let token = text(&other, "refresh_token");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| refresh(&server, token).status)).collect();
        tries.into_iter().map(|it| it.join().expect("a thread")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    asks(&server, text(&other, "access_token")).expect_error(401, UNAUTHORIZED);
}

#[test]
fn an_app_without_a_secret_needs_pkce() {
    let server = Server::fresh();
    let metadata = json!({ "client_name": "Public", "redirect_uris": ["com.example.app:/callback", URI], "token_endpoint_auth_method": "none" });
    let app = server.post("app-installations", &metadata).expect(201).json();
    assert!(app.get("client_secret").is_none() && app["token_endpoint_auth_method"] == "none", "{app}");
    let id = text(&app, "client_id");
    let error = |query: &str| {
        let reply = Browser::new(&server).open(query).expect(302);
        assert!(reply.header("location").starts_with(&format!("{URI}?error=")));
        parameter(reply.header("location"), "error").unwrap()
    };
    for bad in [
        vec![],
        vec![("code_challenge", CHALLENGE)],
        vec![("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
        vec![("code_challenge", "short"), ("code_challenge_method", "S256")],
        vec![("code_challenge_method", "S256")],
    ] {
        assert_eq!(error(&ask_for(id, &bad)), "invalid_request", "{bad:?}");
    }
    let query = ask_for(id, &[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    let code = parameter(&Browser::new(&server).agree(&query, "developer"), "code").unwrap();
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", URI),
        ("client_id", id),
    ];
    let with = |more: &[(&'static str, &'static str)]| {
        let pairs: Vec<_> = pairs.iter().copied().chain(more.iter().copied()).collect();
        tokens(&server, &pairs)
    };
    refused(with(&[]), 400, "invalid_grant");
    refused(with(&[("code_verifier", "wrong")]), 400, "invalid_grant");
    refused(with(&[("code_verifier", CHALLENGE)]), 400, "invalid_grant");
    refused(with(&[("code_verifier", VERIFIER), ("client_secret", "guess")]), 401, "invalid_client");
    let given = with(&[("code_verifier", VERIFIER)]).expect(200).json();
    asks(&server, text(&given, "access_token")).expect(200);
    // With a secret, PKCE is heeded where it was begun.
    let query = ask_for("dev-client", &[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    let code = parameter(&Browser::new(&server).agree(&query, "developer"), "code").unwrap();
    refused(exchange(&server, &code), 400, "invalid_grant");
    tokens(
        &server,
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", URI),
            ("code_verifier", VERIFIER),
        ],
    )
    .expect(200);
}

#[test]
fn nobody_is_sent_to_a_uri_that_is_not_the_apps() {
    let server = Server::fresh();
    let mut browser = Browser::new(&server);
    let ask = |uri: &str| {
        form(&[("response_type", "code"), ("client_id", "dev-client"), ("redirect_uri", uri), ("state", "s")])
    };
    for uri in [
        "https://evil.example/callback",
        "http://127.0.0.1:3000/callback/",
        "http://127.0.0.1:3000/callback?x=1",
        "http://127.0.0.1:3000@evil.example/callback",
        "http://127.0.0.1:3000.evil.example/callback",
        "http://127.0.0.1\\@evil.example/callback",
        "http://127.0.0.1:3000/callback#x",
        "//evil.example/callback",
        "/callback",
        "javascript:alert(1)//http://127.0.0.1/callback",
        "http://127.0.0.1/callback\r\nLocation: https://evil.example",
        "HTTP://127.0.0.1/callback",
    ] {
        // Also where something else is wrong that the app would have to know.
        for query in [ask(uri), ask(uri).replace("response_type=code", "response_type=token")] {
            let page = browser.open(&query).expect(400);
            assert!(
                page.header("location").is_empty() && page.header("content-type").starts_with("text/html")
            );
            assert!(page.header("content-security-policy").contains("form-action 'none'"));
        }
    }
    for query in [
        String::new(),
        form(&[("response_type", "code"), ("redirect_uri", URI)]),
        form(&[("response_type", "code"), ("client_id", "dev-client")]),
        form(&[("response_type", "code"), ("client_id", "<script>alert(1)</script>"), ("redirect_uri", URI)]),
        format!("{}&redirect_uri={}", dev(), escaped("https://evil.example/")),
        format!("{}&client_id=other", dev()),
        format!("{}&a=%zz", dev()),
    ] {
        let page = browser.open(&query).expect(400);
        assert!(page.header("location").is_empty() && !page.text().contains("<script"), "{query}");
    }
    // The form is judged as the link was.
    let page = Page::read(&browser.open(&dev()).expect(200));
    let login = [("username", "developer"), ("password", "lambkin"), ("decision", "allow")];
    let moved = browser.submit(&page.with("redirect_uri", "https://evil.example/"), &login);
    assert!(moved.expect(400).header("location").is_empty());
    // Any port of a loopback address, and a URI that need not be named where there is only one.
    let other = ask("http://localhost:49152/callback");
    assert!(browser.agree(&other, "developer").starts_with("http://localhost:49152/callback?code="));
    let metadata = json!({ "client_name": "One", "redirect_uris": ["https://app.example/cb?tenant=1"] });
    let app = server.post("app-installations", &metadata).expect(201).json();
    let query = form(&[("response_type", "code"), ("client_id", text(&app, "client_id"))]);
    let location = browser.agree(&query, "developer");
    assert!(location.starts_with("https://app.example/cb?tenant=1&code="), "{location}");
}

#[test]
fn what_the_app_does_wrong_is_the_apps_to_know() {
    let server = Server::fresh();
    let mut browser = Browser::new(&server);
    for (from, to, error) in [
        ("response_type=code", "", "invalid_request"),
        ("response_type=code", "response_type=token", "unsupported_response_type"),
        ("response_type=code", "response_type=code&response_type=code", "invalid_request"),
        ("scope=faas.lambda.invoke", "scope=root", "invalid_scope"),
        ("scope=faas.lambda.invoke", "scope=faas.account", "invalid_scope"),
        ("v=1.0", "prompt=none", "login_required"),
        ("v=1.0", "request=x", "request_not_supported"),
        ("v=1.0", "response_mode=fragment", "invalid_request"),
        ("v=1.0", "nonce=1&nonce=2", "invalid_request"),
    ] {
        let reply = browser.open(&dev().replace(from, to)).expect(302);
        let location = reply.header("location").to_owned();
        assert!(location.starts_with(&format!("{URI}?error=")), "{location}");
        assert_eq!(parameter(&location, "error").unwrap(), error, "{to}");
        assert_eq!(parameter(&location, "state").unwrap(), "s t&1", "{to}");
    }
    let twice = browser.open(&format!("{}&state=other", dev())).expect(302);
    assert_eq!(parameter(twice.header("location"), "state"), None);
    let long = browser.open(&dev().replace("state=", &format!("state={}", "x".repeat(5_000)))).expect(302);
    assert_eq!(parameter(long.header("location"), "error").unwrap(), "invalid_request");
    // A second query string, as old clients paste it.
    for query in [dev().replace("v=1.0&", "v=1.0&?"), dev().replace("v=1.0&", "v=1.0?")] {
        assert!(browser.agree(&query, "developer").starts_with(&format!("{URI}?code=")));
    }
    let page = Page::read(&browser.open(&dev()).expect(200));
    let no = browser.submit(&page, &[("decision", "deny")]).expect(302).header("location").to_owned();
    assert_eq!(parameter(&no, "error").unwrap(), "access_denied");
    assert_eq!(parameter(&no, "state").unwrap(), "s t&1");
}

#[test]
fn the_form_counts_only_from_its_page() {
    let server = Server::fresh();
    let mut browser = Browser::new(&server);
    let page = Page::read(&browser.open(&dev()).expect(200));
    let login = [("username", "developer"), ("password", "lambkin"), ("decision", "allow")];
    for bad in [page.without("csrf"), page.with("csrf", ""), page.with("csrf", &"0".repeat(64))] {
        assert!(browser.submit(&bad, &login).expect(403).header("location").is_empty());
    }
    // Another browser's page.
    let mut other = Browser::new(&server);
    assert!(other.submit(&page, &login).expect(403).header("location").is_empty());
    other.open(&dev()).expect(200);
    other.submit(&page, &login).expect(403);
    // Another site's form in the same browser.
    let fields: Vec<_> =
        page.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(login).collect();
    let path = format!("{SENTINEL}/authorize");
    for header in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        browser.send("POST", &path, &form(&fields), &[header]).expect(403);
    }
    let here = [("origin", server.base.as_str()), ("sec-fetch-site", "same-origin")];
    browser.send("POST", &path, &form(&fields), &here).expect(302);
    for (fields, status) in [
        ([("username", "developer"), ("password", "lambkin"), ("decision", "maybe")], 400),
        ([("username", ""), ("password", "lambkin"), ("decision", "allow")], 400),
        ([("username", "developer"), ("password", ""), ("decision", "allow")], 400),
    ] {
        browser.submit(&page, &fields).expect(status);
    }
    browser.send("POST", &path, &"x".repeat(20_000), &[]).expect(413);
}

#[test]
fn guessing_is_slowed_down_as_it_is_at_the_log_in() {
    let server = Server::fresh();
    let mut browser = Browser::new(&server);
    let page = Page::read(&browser.open(&dev()).expect(200));
    let wrong = [("username", "developer"), ("password", "wrong"), ("decision", "allow")];
    for _ in 0..5 {
        browser.submit(&page, &wrong).expect(401);
    }
    let slowed =
        browser.submit(&page, &[("username", "developer"), ("password", "lambkin"), ("decision", "allow")]);
    assert_eq!(slowed.expect(429).header("retry-after"), "1");
}

#[test]
fn what_an_app_shows_of_itself_is_escaped() {
    let server = Server::fresh();
    let metadata = json!({ "client_name": "<script>alert(1)</script>\"'", "redirect_uris": [URI] });
    let app = server.post("app-installations", &metadata).expect(201).json();
    let query = form(&[
        ("response_type", "code"),
        ("client_id", text(&app, "client_id")),
        ("redirect_uri", URI),
        ("state", "\"><script>alert(2)</script>"),
        ("nonce", "\"><img src=x>"),
    ]);
    let mut browser = Browser::new(&server);
    let html = browser.open(&query).expect(200).text();
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    let form = Page::read(&browser.open(&query).expect(200));
    let login = [("username", "\"><script>"), ("password", "x"), ("decision", "allow")];
    assert!(!browser.submit(&form, &login).expect(401).text().contains("<script"));
    let back = browser.submit(&form, &[("decision", "deny")]).expect(302);
    assert!(!back.header("location").contains(['<', '"']), "{}", back.header("location"));
}

#[test]
fn tokens_are_taken_back() {
    let server = Server::fresh();
    let given = granted(&server, "developer");
    let revoke = |pairs: &[(&str, &str)]| {
        let headers = [("authorization", ""), ("content-type", "application/x-www-form-urlencoded")];
        server.call_with("POST", &format!("{SENTINEL}/token/revoke"), form(pairs), &headers)
    };
    let with = |token: &str| revoke(&[APP[0], APP[1], ("token", token)]);
    let access = text(&given, "access_token");
    asks(&server, access).expect(200);
    refused(revoke(&[("token", access)]), 401, "invalid_client");
    refused(revoke(&[APP[0], ("client_secret", "wrong"), ("token", access)]), 401, "invalid_client");
    refused(revoke(&APP), 400, "invalid_request");
    let metadata = json!({ "client_name": "Other" });
    let other = server.post("app-installations", &metadata).expect(201).json();
    let theirs = [
        ("client_id", text(&other, "client_id")),
        ("client_secret", text(&other, "client_secret")),
        ("token", access),
    ];
    refused(revoke(&theirs), 400, "invalid_request");
    refused(with(text(&given, "id_token")), 400, "unsupported_token_type");
    asks(&server, access).expect(200);
    with("unknown").expect(200);
    with(access).expect(200);
    asks(&server, access).expect_error(401, UNAUTHORIZED);
    with(access).expect(200);
    let next = refresh(&server, text(&given, "refresh_token")).expect(200).json();
    asks(&server, text(&next, "access_token")).expect(200);
    with(text(&next, "refresh_token")).expect(200);
    asks(&server, text(&next, "access_token")).expect_error(401, UNAUTHORIZED);
    refused(refresh(&server, text(&next, "refresh_token")), 400, "invalid_grant");
    let kept = text(&next, "access_token").to_owned();
    let server = again(server);
    asks(&server, &kept).expect_error(401, UNAUTHORIZED);
}

#[test]
fn tokens_end_with_the_users_password_and_with_the_app() {
    let server = Server::fresh();
    let given = granted(&server, "developer");
    let access = text(&given, "access_token").to_owned();
    asks(&server, &access).expect(200);
    let session = server.log_in("123456", "developer", "lambkin");
    let change = json!({ "oldPassword": "lambkin", "password": "correct horse battery" });
    server.call_as(&session, "PUT", "password", &change).expect(204);
    asks(&server, &access).expect_error(401, UNAUTHORIZED);
    refused(refresh(&server, text(&given, "refresh_token")), 400, "invalid_grant");
    let given = granted(&server, "invoker");
    asks(&server, text(&given, "access_token")).expect(200);
    server.delete("app-installations/dev-client").expect(204);
    asks(&server, text(&given, "access_token")).expect_error(401, UNAUTHORIZED);
    refused(refresh(&server, text(&given, "refresh_token")), 401, "invalid_client");
    assert_eq!(Browser::new(&server).open(&dev()).status, 400);
}

#[test]
fn a_client_that_asks_finds_everything() {
    let server = Server::fresh();
    let path = format!("{SENTINEL}/.well-known/openid-configuration");
    let document = server.call_with("GET", &path, "", &[("authorization", "")]).expect(200).json();
    let issuer = format!("{}{SENTINEL}", server.base);
    assert_eq!(text(&document, "issuer"), issuer);
    for (key, end) in [
        ("authorization_endpoint", "/authorize"),
        ("token_endpoint", "/token"),
        ("revocation_endpoint", "/token/revoke"),
    ] {
        assert_eq!(text(&document, key), format!("{issuer}{end}"));
    }
    assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
    let keys = server.call_with(
        "GET",
        text(&document, "jwks_uri").trim_start_matches(&server.base),
        "",
        &[("authorization", "")],
    );
    let keys = keys.expect(200).json()["keys"].clone();
    assert_eq!(
        (text(&keys[0], "kty"), text(&keys[0], "alg"), text(&keys[0], "use"), text(&keys[0], "e")),
        ("RSA", "RS256", "sig", "AQAB")
    );
    assert!(keys[0].get("d").is_none() && keys[0].get("p").is_none());
    // The token endpoint that is told of there gives apps their own tokens too.
    let own = tokens(&server, &[("grant_type", "client_credentials")]).expect(200).json();
    asks(&server, text(&own, "access_token")).expect(200);
    assert_eq!(own["expires_in"], 3_600);
}

#[test]
fn tokens_name_the_server_as_its_operator_does() {
    let server = Start::fresh().with(&["--public-host", "lambdas.example"]).server();
    let path = format!("{SENTINEL}/.well-known/openid-configuration");
    let document = server.call_with("GET", &path, "", &[("authorization", "")]).expect(200).json();
    let issuer = format!("http://lambdas.example{SENTINEL}");
    assert_eq!(text(&document, "issuer"), issuer);
    assert_eq!(text(&document, "jwks_uri"), "http://lambdas.example/sentinel/well-known/jwks");
    let given = granted(&server, "developer");
    assert_eq!(claims(text(&given, "id_token"))["iss"], issuer);
}

#[test]
fn a_program_logs_in_with_an_api_key() {
    let server = Server::fresh();
    let developer = server.log_in("123456", "developer", "lambkin");
    let users = server.get("users").expect(200).json();
    let user =
        users.as_array().unwrap().iter().find(|user| user["loginName"] == "developer").unwrap().clone();
    let path = format!("users/{}/api-keys", text(&user, "userId"));
    let made = server.post(&path, &json!({ "name": "nightly" })).expect(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let key = made.json();
    let listed = server.get(&path).expect(200).json();
    assert_eq!((text(&listed[0], "name"), listed[0].get("secret")), ("nightly", None));
    let log_in = |changes: &[(&str, &str)]| {
        let mut body = json!({ "username": "Developer", "appKey": key["appKey"], "secret": key["secret"], "accessToken": key["accessToken"], "accessTokenSecret": key["accessTokenSecret"] });
        for (name, value) in changes {
            body[name] = (*value).into();
        }
        let headers = [("authorization", ""), ("content-type", "application/json")];
        server.call_with("POST", "/api/account/123456/login?v=1.3", body.to_string(), &headers)
    };
    let session = log_in(&[]).expect(200).json();
    assert_eq!(session["config"]["loginName"], "developer");
    let bearer = text(&session, "bearer");
    server.call_as(bearer, "GET", "lambdas", &Value::Null).expect(200);
    for wrong in [("secret", "x"), ("accessToken", "x"), ("accessTokenSecret", "x"), ("username", "admin")] {
        log_in(&[wrong]).expect_error(401, UNAUTHORIZED);
    }
    let missing = json!({ "username": "developer", "appKey": key["appKey"] }).to_string();
    let headers = [("authorization", ""), ("content-type", "application/json")];
    server.call_with("POST", "/api/account/123456/login?v=1.3", missing, &headers).expect(400);
    server.delete(&format!("{path}/{}", text(&key, "appKey"))).expect(204);
    server.call_as(bearer, "GET", "lambdas", &Value::Null).expect_error(401, UNAUTHORIZED);
    log_in(&[]).expect_error(401, UNAUTHORIZED);
    server.delete(&format!("{path}/{}", text(&key, "appKey"))).expect(404);
    server.call_as(&developer, "POST", &path, &Value::Null).expect_error(403, FORBIDDEN);
    for _ in 0..10 {
        server.post(&path, &json!({})).expect(201);
    }
    server.post(&path, &json!({})).expect(409);
}
