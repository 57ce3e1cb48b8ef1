//! Calls of lambdas to the outside: what the whitelist lets through, what it does not, and what is remembered.

use std::{
    io::{Read as _, Write as _},
    sync::{
        Arc, Barrier, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use lambkin_tests::{Server, Start, Upstream, respond, until};
use serde_json::{Value, json};

/// Fetches what the payload says: `{url, init?}`.
const FETCH: &str = "async function lambda(input, callback) {
    const { url, init } = input.payload;
    try {
        const response = await fetch(url, init);
        callback(null, { status: response.status, text: await response.text(), url: response.url });
    } catch (error) {
        const cause = error.cause ?? error;
        callback(null, { error: error.message, code: cause.code, cause: cause.message });
    }
}";

/// A server that lets lambdas reach this machine, `localhost` being on the whitelist.
fn server() -> Server {
    let server = Start::fresh().with(&["--egress-allow-private", "127.0.0.0/8,::1"]).server();
    allow(&server, "localhost");
    server
}

fn allow(server: &Server, domain: &str) {
    server.post("proxy-settings", &json!({ "domain": domain, "id": -1 })).expect(201);
}

fn fetch(server: &Server, uuid: &str, url: &str) -> Value {
    server.invoke(uuid, &json!({ "url": url })).expect(200).json()
}

/// Result and log of a call in the test form.
fn watched(server: &Server, uuid: &str, url: &str) -> (Value, String) {
    let body = json!({ "payload": { "url": url } }).to_string();
    let reply = server.call("POST", &format!("lambdas/{uuid}/invoke?form=test"), body).expect(200).json();
    (reply["result"].clone(), reply["logs"].to_string())
}

/// The newest record of a lambda.
fn record(server: &Server, uuid: &str) -> Value {
    until("a record", || {
        let records = server.get(&format!("invocations?lambdaUUID={uuid}")).expect(200).json();
        records.as_array()?.first().cloned()
    })
}

const DENIED: &str = "You do not have access to the page or resource you are trying to reach\n";

#[test]
fn a_lambda_calls_a_host_of_the_whitelist_and_the_call_is_recorded() {
    let upstream = Upstream::new(|asked, stream| {
        let told =
            format!("{} {} {}", asked.line, asked.header("x-mine"), String::from_utf8_lossy(&asked.body));
        respond(stream, 201, &[("Content-Type", "text/plain")], told.as_bytes())
    });
    let server = server();
    let uuid = server.serve("caller", FETCH);
    let init =
        json!({ "method": "POST", "headers": { "X-Mine": "yes", "Host": "evil.example" }, "body": "sent" });
    let reply = server.invoke(&uuid, &json!({ "url": upstream.url("/a?b=c#d"), "init": init })).expect(200);
    let answer = reply.json();
    assert_eq!(answer["status"], 201);
    assert_eq!(answer["text"], "POST /a?b=c HTTP/1.1 yes sent");
    assert!(!reply.header("server-timing").contains("egress;dur=0.000"), "{}", reply.header("server-timing"));
    let record = record(&server, &uuid);
    assert_eq!(record["outboundCalls"], 1, "{record}");
    let call = &record["outbound"][0];
    assert_eq!(call["method"], "POST");
    assert_eq!(call["host"], format!("localhost:{}", upstream.address.port()));
    assert_eq!((&call["status"], &call["sent"]), (&json!(201), &json!(4)));
    assert_eq!(call["received"], answer["text"].as_str().unwrap().len());
    assert!(call["us"].as_u64().unwrap() > 0 && call.get("error").is_none(), "{call}");
    assert!(record["egressUs"].as_u64().unwrap() > 0, "{record}");
}

#[test]
fn a_change_of_the_whitelist_counts_for_the_next_request() {
    let upstream = Upstream::text(200, "reached");
    let server = Start::fresh().with(&["--egress-allow-private", "127.0.0.1,::1"]).server();
    let uuid = server.serve("caller", FETCH);
    for _ in 0..2 {
        let (answer, logs) = watched(&server, &uuid, &upstream.url("/"));
        assert_eq!(answer, json!({ "status": 403, "text": DENIED, "url": upstream.url("/") }));
        assert!(logs.contains("add `localhost` to the whitelist"), "{logs}");
        allow(&server, "localhost");
        assert_eq!(fetch(&server, &uuid, &upstream.url("/"))["text"], "reached");
        server.delete("proxy-settings/localhost").expect(204);
    }
    assert_eq!(upstream.connections(), 1, "the connection was kept and yet not used without leave");
}

#[test]
fn an_address_that_is_not_public_is_closed_unless_the_operator_opens_it() {
    let upstream = Upstream::text(200, "secret");
    let server = Server::fresh();
    allow(&server, "localhost");
    let uuid = server.serve("caller", FETCH);
    let (answer, logs) = watched(&server, &uuid, &upstream.url("/"));
    assert_eq!((&answer["status"], &answer["text"]), (&json!(403), &json!(DENIED)));
    assert!(
        logs.contains("not part of the public internet") && logs.contains("--egress-allow-private"),
        "{logs}"
    );
    assert_eq!(upstream.connections(), 0);
}

#[test]
fn addresses_and_look_alikes_are_denied() {
    let upstream = Upstream::text(200, "secret");
    let server = server();
    allow(&server, "api.example.com");
    allow(&server, "www.shop.example");
    let uuid = server.serve("caller", FETCH);
    let port = upstream.address.port();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f000001:{port}/"),
        format!("http://0177.0.0.1:{port}/"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://[::1]/".to_owned(),
        "http://api.example.com.evil.com/".to_owned(),
        "http://evil-api.example.com/".to_owned(),
        "http://localhost.evil.com/".to_owned(),
    ] {
        let answer = fetch(&server, &uuid, &url);
        assert_eq!((&answer["status"], &answer["text"]), (&json!(403), &json!(DENIED)), "{url}");
    }
    for (url, code) in [
        (format!("http://me:word@localhost:{port}/"), "ERR_INVALID_URL"),
        ("file:///etc/passwd".to_owned(), "ERR_INVALID_PROTOCOL"),
        ("http://localhost:25/".to_owned(), "ERR_UNSAFE_PORT"),
        ("nonsense".to_owned(), "ERR_INVALID_URL"),
    ] {
        assert_eq!(fetch(&server, &uuid, &url)["code"], code, "{url}");
    }
    let (_, logs) = watched(&server, &uuid, "http://shop.example/");
    assert!(logs.contains("`www.shop.example`") && logs.contains("add `shop.example`"), "{logs}");
    assert_eq!(fetch(&server, &uuid, &format!("http://LOCALHOST.:{port}/"))["text"], "secret");
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn every_hop_of_a_redirect_is_judged() {
    let asked_for = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked_for);
    // Leads to wherever the query says.
    let upstream = Upstream::new(move |asked, stream| {
        counted.fetch_add(1, Ordering::SeqCst);
        match asked.path().split_once('?') {
            Some((_, "circle")) => respond(stream, 302, &[("Location", "/?circle")], b""),
            Some((_, to)) => respond(stream, 302, &[("Location", to)], b""),
            None => respond(stream, 200, &[], b"end"),
        }
    });
    let server = Start::fresh()
        .with(&["--egress-allow-private", "127.0.0.0/8,::1", "--egress-per-second", "1000000"])
        .server();
    allow(&server, "localhost");
    let uuid = server.serve("caller", FETCH);
    let port = upstream.address.port();
    let closed = [
        "169.254.169.254",
        "127.0.0.1",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "10.0.0.1",
        "[fc00::1]",
        "[fe80::1]",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "%31%32%37.0.0.1",
        "other.example",
        "localhost.evil.com",
        "evil-localhost",
        "xn--lcalhost-nbh",
    ];
    for host in closed {
        for to in [
            format!("http://{host}:{port}/"),
            format!("//{host}:{port}/"),
            format!("https:\\\\{host}:{port}/"),
        ] {
            let (answer, logs) = watched(&server, &uuid, &upstream.url(&format!("/?{to}")));
            assert_eq!((&answer["status"], &answer["text"]), (&json!(403), &json!(DENIED)), "{to}");
            assert!(logs.contains("was denied"), "{to}: {logs}");
        }
    }
    assert_eq!(asked_for.load(Ordering::SeqCst), 3 * closed.len(), "nothing came back here");
    for (to, code) in [
        ("ftp://localhost/".to_owned(), "ERR_INVALID_PROTOCOL"),
        ("file:///etc/passwd".to_owned(), "ERR_INVALID_PROTOCOL"),
        ("data:,x".to_owned(), "ERR_INVALID_PROTOCOL"),
        (format!("http://localhost:{port}@evil.com/"), "ERR_INVALID_URL"),
        ("http://localhost:25/".to_owned(), "ERR_UNSAFE_PORT"),
        ("circle".to_owned(), "ERR_TOO_MANY_REDIRECTS"),
    ] {
        assert_eq!(fetch(&server, &uuid, &upstream.url(&format!("/?{to}")))["code"], code, "{to}");
    }
    let good = fetch(&server, &uuid, &upstream.url("/?/end"));
    assert_eq!((&good["text"], &good["url"]), (&json!("end"), &json!(upstream.url("/end"))));
}

/// Whatever a lambda writes into a request, through whichever client, the host reads one request with the fields that
/// are the lambda's to write.
#[test]
fn nothing_a_lambda_writes_becomes_a_line_of_its_own() {
    let upstream = Upstream::new(|asked, stream| {
        let is_clean = !asked.headers.iter().any(|(name, _)| name == "x-injected");
        respond(stream, 200, &[], if is_clean { b"clean" } else { b"injected" })
    });
    let server = Start::fresh()
        .with(&["--egress-allow-private", "127.0.0.0/8,::1", "--egress-per-second", "1000000"])
        .server();
    allow(&server, "localhost");
    let code = r"const http = require('http'); const rp = require('request-promise');
    const ask = {
        fetch: async (url, { path = '', ...init }) => (await fetch(url + path, init)).text(),
        rp: (url, { path = '', ...options }) => rp({ url: url + path, ...options }),
        http: (url, { path = '', ...options }) => new Promise((resolve, reject) => {
            const { hostname, port } = new URL(url);
            http.request({ hostname, port, path: '/' + path, ...options }, (res) => {
                let text = ''; res.on('data', (part) => (text += part)).on('end', () => resolve(text));
            }).on('error', reject).end();
        }),
    };
    async function lambda(input, callback) {
        const line = 'X-Injected: 1'; const told = {};
        const written = {
            value: { headers: { 'X-A': 'a\r\n' + line } }, 'line feed': { headers: { 'X-A': 'a\n' + line } },
            nul: { headers: { 'X-A': 'a\0' + line } }, wide: { headers: { 'X-A': 'a\u010d\u010a' + line } },
            name: { headers: { ['X-A: a\r\n' + line.slice(0, 10)]: '1' } }, method: { method: 'GET / HTTP/1.1\r\n' + line + '\r\n\r\nGET' },
            path: { path: 'a HTTP/1.1\r\n' + line + '\r\n\r\n' }, 'wide path': { path: 'a\u0120HTTP/1.1\u010d\u010a' + line },
            host: { headers: { Host: 'evil.example\r\n' + line } },
            // What request does with a field takes as long as there are fields.
            many: (client) => ({ headers: Object.fromEntries(Array.from({ length: client === 'rp' ? 1000 : 100000 }, (_, i) => ['x-' + i, 'y'])) }),
            giant: { headers: { 'X-A': 'y'.repeat(1 << 20) } },
        };
        for (const client of Object.keys(ask)) for (const part of Object.keys(written)) {
            let got;
            const what = written[part];
            try { got = await ask[client](input.payload, typeof what === 'function' ? what(client) : what); }
            catch (error) { got = (error.cause && error.cause.code) || error.code || error.name; }
            told[client + ' ' + part] = got;
        }
        callback(null, told);
    }";
    let uuid = server.serve("writer", code);
    let told = server.invoke(&uuid, &json!(upstream.url("/"))).expect(200).json();
    for (what, came) in told.as_object().unwrap() {
        let came = came.as_str().unwrap();
        let expected: &[&str] = match what.split_once(' ').unwrap() {
            (_, "many" | "giant") => &["ERR_HEADERS_TOO_LARGE"],
            ("fetch", "path" | "wide path") | ("rp", "path") => &["clean"],
            (_, "path" | "wide path") => &["ERR_UNESCAPED_CHARACTERS"],
            ("fetch", _) => &["TypeError"],
            (_, "name" | "method") => &["ERR_INVALID_HTTP_TOKEN"],
            _ => &["ERR_INVALID_CHAR"],
        };
        assert!(expected.contains(&came), "{what}: {came}");
    }
}

#[test]
fn an_answer_that_nobody_reads_is_given_up_with_its_invocation() {
    let (closed, heard) = std::sync::mpsc::channel();
    let closed = Mutex::new(closed);
    let upstream = Upstream::new(move |_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun");
        // Until the other side closes.
        let ended = stream.read(&mut [0; 1]).map_err(|error| error.kind());
        let _ = closed.lock().unwrap().send(ended);
        false
    });
    let server = server();
    let code =
        "async function lambda(input, callback) { callback(null, (await fetch(input.payload)).status); }";
    let uuid = server.serve("careless", code);
    assert_eq!(server.invoke(&uuid, &json!(upstream.url("/"))).expect(200).json(), 200);
    let ended = heard.recv_timeout(lambkin_tests::PATIENCE).expect("the connection is closed");
    assert!(matches!(ended, Ok(0) | Err(std::io::ErrorKind::ConnectionReset)), "{ended:?}");
}

#[test]
fn failures_have_the_codes_of_node() {
    let gone = Upstream::text(200, "");
    let refused = gone.url("/");
    drop(gone);
    let cut = Upstream::new(|asked, stream| {
        let wide = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(1_000));
        let large = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(17 << 20));
        let answer: &[u8] = match asked.path() {
            "/nothing" => b"",
            "/garbage" => b"SSH-2.0-OpenSSH\r\n\r\n",
            "/wide" => wide.as_bytes(),
            "/large" => large.as_bytes(),
            "/folded" => b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
            _ => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        };
        let _ = stream.write_all(answer);
        false
    });
    let server = server();
    allow(&server, "nowhere.invalid");
    // Speaks first, and no TLS.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = listener.local_addr().unwrap().port();
    let speaker = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"SSH-2.0-OpenSSH\r\n").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let uuid = server.serve("caller", FETCH);
    for (url, code, cause) in [
        (refused, "ECONNREFUSED", "connect ECONNREFUSED "),
        ("http://nowhere.invalid/".to_owned(), "ENOTFOUND", "getaddrinfo ENOTFOUND nowhere.invalid"),
        (cut.url("/nothing"), "ECONNRESET", "socket hang up"),
        (cut.url("/garbage"), "HPE_INVALID_CONSTANT", "Parse Error"),
        (cut.url("/short"), "ECONNRESET", "socket hang up"),
        (cut.url("/wide"), "HPE_HEADER_OVERFLOW", "Parse Error: Header overflow"),
        (cut.url("/large"), "ERR_BODY_TOO_LARGE", "the answer's body has more than"),
        (cut.url("/folded"), "ERR_CONTENT_DECODING", "the answer's body is not what"),
        (format!("https://localhost:{plain}/"), "EPROTO", "TLS with localhost failed"),
    ] {
        let (answer, logs) = watched(&server, &uuid, &url);
        assert_eq!(answer["code"], code, "{url}: {answer}");
        assert!(answer["cause"].as_str().unwrap().starts_with(cause), "{url}: {answer}");
        assert!(logs.contains(&format!("a call failed: {cause}")) && logs.contains(code), "{url}: {logs}");
    }
    speaker.join().unwrap();
}

#[test]
fn a_lambda_may_make_twenty_requests_a_second() {
    let upstream = Upstream::text(200, "ok");
    let server = server();
    let code = "async function lambda(input, callback) {
        const all = await Promise.all(Array.from({ length: 30 }, () => fetch(input.payload)));
        callback(null, all.map((response) => response.status));
    }";
    let uuid = server.serve("hasty", code);
    let answer = server.invoke(&uuid, &json!(upstream.url("/"))).expect(200).json();
    let count =
        |status: u64| answer.as_array().unwrap().iter().filter(|one| one.as_u64() == Some(status)).count();
    assert!(count(200) >= 20 && count(429) >= 1 && count(200) + count(429) == 30, "{answer}");
    let other = server.serve("patient", FETCH);
    assert_eq!(
        fetch(&server, &other, &upstream.url("/"))["status"],
        200,
        "another lambda has an allowance of its own"
    );
}

#[test]
fn calls_that_wait_are_given_up_with_their_invocation() {
    let upstream = Upstream::new(|_, stream| {
        // Until the other side closes.
        let _ = stream.read(&mut [0; 1]);
        false
    });
    let server =
        Start::fresh().with(&["--egress-allow-private", "127.0.0.1,::1", "--limit", "wall=500"]).server();
    allow(&server, "localhost");
    let code =
        "async function lambda(input, callback) { callback(null, (await fetch(input.payload)).status); }";
    let uuid = server.serve("patient", code);
    let began = Instant::now();
    let url = json!(upstream.url("/"));
    server.invoke(&uuid, &url).expect_error(901, "com.liveperson.faas.handler.executiontime-exceeded");
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(record(&server, &uuid)["outbound"][0]["error"], "ECANCELED");
}

#[test]
fn a_lambda_that_calls_itself_comes_to_an_end() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    // The way in: passes a call on to the server, as a public name would.
    let server = server();
    let (base, token) = (server.base.clone(), server.token.clone());
    let door = Upstream::new(move |asked, stream| {
        CALLS.fetch_add(1, Ordering::SeqCst);
        let (head, body) = (asked.header("x-lambkin-hops").to_owned(), asked.body.clone());
        let answer = pass_on(&base, asked.path(), &token, &head, &body);
        respond(stream, 200, &[], &answer)
    });
    let code = "async function lambda(input, callback) {
        const response = await fetch(input.payload.url, { method: 'POST', body: JSON.stringify({ payload: input.payload }) });
        callback(null, await response.text());
    }";
    let uuid = server.serve("mirror", code);
    let url = door.url(&format!("/api/account/{}/lambdas/{uuid}/invoke", server.account));
    let answer = server.invoke(&uuid, &json!({ "url": url })).expect(200).text();
    assert!(answer.contains("toomanyhops"), "{answer}");
    assert_eq!(CALLS.load(Ordering::SeqCst), 5);
}

/// A request on a connection of its own; what came back behind its head.
fn pass_on(base: &str, path: &str, token: &str, hops: &str, body: &[u8]) -> Vec<u8> {
    let address = base.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(address).expect("the server listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nX-Lambkin-Hops: {hops}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("it is sent");
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).expect("an answer");
    let end = reply.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
    reply.split_off(end)
}

#[test]
fn twenty_calls_are_under_way_at_once() {
    // Nobody is answered before all have asked.
    let all = Barrier::new(20);
    let upstream = Upstream::new(move |_, stream| {
        all.wait();
        respond(stream, 200, &[], b"together")
    });
    let server = server();
    let code = "async function lambda(input, callback) {
        const one = async () => (await fetch(input.payload)).text();
        const all = await Promise.all(Array.from({ length: 20 }, one));
        callback(null, all.join(''));
    }";
    let uuid = server.serve("parallel", code);
    let reply = server.invoke(&uuid, &json!(upstream.url("/"))).expect(200);
    assert_eq!(reply.json(), json!("together".repeat(20)));
}

#[test]
fn a_thousand_lambdas_that_wait_hold_no_threads_and_little_memory() {
    const WAITING: usize = 1_000;
    let gate = Arc::new((Mutex::new(true), Condvar::new()));
    let closed = Arc::clone(&gate);
    let upstream = Upstream::new(move |_, stream| {
        let (is_open, opened) = &*closed;
        let waited = opened.wait_while(is_open.lock().unwrap(), |is_open| !*is_open);
        drop(waited);
        respond(stream, 200, &[], b"at last")
    });
    let server = Start::fresh()
        .with(&["--egress-allow-private", "127.0.0.1,::1", "--egress-per-second", "1000000"])
        .with(&["--max-concurrency", "1100", "--lambda-concurrency", "1100", "--limit", "wall=80000"])
        .server();
    allow(&server, "localhost");
    let uuid = server.serve("patient", FETCH);
    assert_eq!(fetch(&server, &uuid, &upstream.url("/"))["text"], "at last");
    *gate.0.lock().unwrap() = false;
    let (threads, resident, connections) = (server.threads(), server.resident(), upstream.connections());

    let body = json!({ "payload": { "url": upstream.url("/") } }).to_string();
    let head = server.invoke_head(&uuid);
    let request = format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let waiting: Vec<_> = (0..WAITING)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();
    // One of them has the connection that was kept.
    until("all calls at the other side", || {
        (upstream.connections() + 1 >= connections + WAITING).then_some(())
    });
    // Names are resolved by at most 64 threads, which stay for some seconds, as do those that write; lambdas have none.
    assert!(server.threads() <= threads + WAITING / 8, "{} threads, {threads} before", server.threads());
    let each = server.resident().saturating_sub(resident) / WAITING as u64;
    println!("{WAITING} waiting lambdas: {} threads ({threads} before), {each} bytes each", server.threads());
    assert!(each < 2 << 20, "{each} bytes each");

    *gate.0.lock().unwrap() = true;
    gate.1.notify_all();
    for mut stream in waiting {
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 ") && reply.contains("at last"), "{reply}");
    }
}
