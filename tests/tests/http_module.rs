//! Node's `http` and `https` in deployed lambdas, on real connections; the order of events and the rest of Node's
//! behaviour is compared with Node's own in js-engine/tests/http.mjs.

use std::{io::Write as _, time::Duration};

use lambkin_tests::{Server, Start, Upstream, respond, until};
use serde_json::{Value, json};

/// Asks for what the payload says, `{url, options?, body?}`, and tells what came of it.
const ASK: &str = "function lambda(input, callback) {
    const { url, options, body, wait } = input.payload;
    const client = require(url.startsWith('https:') ? 'https' : 'http');
    const began = Date.now();
    const req = client.request(url, options || {}, (res) => {
        const parts = [];
        res.on('data', (part) => parts.push(part)).on('aborted', () => parts.push(Buffer.from(' aborted')));
        res.on('end', () => callback(null, { status: res.statusCode, message: res.statusMessage, headers: res.headers,
            body: Buffer.concat(parts).toString('latin1') }));
    });
    req.on('timeout', () => req.abort());
    req.on('error', ({ code, message, syscall, hostname, port }) =>
        callback(null, { code, message, syscall, hostname, port, late: Date.now() - began >= 40 }));
    if (body) for (const part of body) req.write(part);
    setTimeout(() => req.end(), wait || 0);
}";

const DENIED: &str = "You do not have access to the page or resource you are trying to reach\n";

fn server(more: &[&str]) -> Server {
    let server = Start::fresh().with(&["--egress-allow-private", "127.0.0.0/8,::1"]).with(more).server();
    allow(&server, "localhost");
    server
}

fn allow(server: &Server, domain: &str) {
    server.post("proxy-settings", &json!({ "domain": domain, "id": -1 })).expect(201);
}

fn ask(server: &Server, uuid: &str, payload: &Value) -> Value {
    server.invoke(uuid, payload).expect(200).json()
}

#[test]
fn a_request_leaves_whole_and_its_answer_arrives_as_it_was_sent() {
    let gzip: &[u8] = b"\x1f\x8b\x08 not undone";
    let upstream = Upstream::new(move |asked, stream| match asked.path() {
        "/gzip" => respond(stream, 200, &[("Content-Encoding", "gzip")], gzip),
        "/away" => respond(stream, 307, &[("Location", "/gzip"), ("Set-Cookie", "a=1")], b"there"),
        _ => {
            let told = json!({ "line": asked.line, "mine": asked.header("x-mine"), "host": asked.header("host"),
                "encoding": asked.header("accept-encoding"), "length": asked.header("content-length"), "coding": asked.header("transfer-encoding"),
                "body": String::from_utf8_lossy(&asked.body) });
            respond(stream, 200, &[], told.to_string().as_bytes())
        }
    });
    let server = server(&[]);
    let uuid = server.serve("asker", ASK);
    let options = json!({ "method": "PUT", "headers": { "X-Mine": "yes", "Host": "evil.example" } });
    let payload = json!({ "url": upstream.url("/a?b=c%20d"), "options": options, "body": ["in ", "pieces"], "wait": 5 });
    let answer = ask(&server, &uuid, &payload);
    assert_eq!(answer["status"], 200, "{answer}");
    let told: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    let host = format!("localhost:{}", upstream.address.port());
    assert_eq!(
        told,
        json!({ "line": "PUT /a?b=c%20d HTTP/1.1", "mine": "yes", "host": host, "encoding": "", "length": "", "coding": "chunked", "body": "in pieces" })
    );
    let record = until("a record", || {
        let records = server.get(&format!("invocations?lambdaUUID={uuid}")).expect(200).json();
        records.as_array()?.first().cloned()
    });
    assert_eq!(
        (&record["outbound"][0]["host"], &record["outbound"][0]["sent"]),
        (&json!(host), &json!(9)),
        "{record}"
    );
    // Neither undone nor followed: packages do that themselves.
    let raw = ask(&server, &uuid, &json!({ "url": upstream.url("/gzip") }));
    assert_eq!(
        (&raw["headers"]["content-encoding"], &raw["body"]),
        (&json!("gzip"), &json!("\u{1f}\u{8b}\u{8} not undone"))
    );
    let away = ask(&server, &uuid, &json!({ "url": upstream.url("/away") }));
    assert_eq!(
        (&away["status"], &away["headers"]["location"], &away["headers"]["set-cookie"], &away["body"]),
        (&json!(307), &json!("/gzip"), &json!(["a=1"]), &json!("there"))
    );
}

#[test]
fn what_is_denied_is_an_answer_and_what_fails_has_the_codes_of_node() {
    let gone = Upstream::text(200, "");
    let refused = gone.url("/");
    drop(gone);
    let upstream = Upstream::new(|asked, stream| {
        let answer: &[u8] = match asked.path() {
            "/nothing" => b"",
            "/garbage" => b"SSH-2.0-OpenSSH\r\n\r\n",
            "/late" => {
                std::thread::park_timeout(Duration::from_secs(5));
                b""
            }
            _ => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        };
        let _ = stream.write_all(answer);
        false
    });
    let server = server(&[]);
    allow(&server, "nowhere.invalid");
    let uuid = server.serve("asker", ASK);

    let body = json!({ "payload": { "url": "http://other.example/" } }).to_string();
    let reply = server.call("POST", &format!("lambdas/{uuid}/invoke?form=test"), body).expect(200).json();
    assert_eq!((&reply["result"]["status"], &reply["result"]["body"]), (&json!(403), &json!(DENIED)));
    assert!(reply["logs"].to_string().contains("add `other.example` to the whitelist"), "{reply}");

    for (url, code, message) in [
        (refused, "ECONNREFUSED", "connect ECONNREFUSED "),
        (
            "http://nowhere.invalid/".to_owned(),
            "ENOTFOUND",
            "getaddrinfo ENOTFOUND nowhere.invalid nowhere.invalid:80",
        ),
        (upstream.url("/nothing"), "ECONNRESET", "socket hang up"),
        (upstream.url("/garbage"), "HPE_INVALID_CONSTANT", "Parse Error"),
    ] {
        let answer = ask(&server, &uuid, &json!({ "url": url }));
        assert_eq!(answer["code"], code, "{url}: {answer}");
        assert!(answer["message"].as_str().unwrap().starts_with(message), "{answer}");
    }
    let short = ask(&server, &uuid, &json!({ "url": upstream.url("/short") }));
    assert_eq!((&short["status"], &short["body"]), (&json!(200), &json!("short aborted")));
    let late = ask(&server, &uuid, &json!({ "url": upstream.url("/late"), "options": { "timeout": 50 } }));
    assert_eq!(
        (&late["code"], &late["message"], &late["late"]),
        (&json!("ECONNRESET"), &json!("socket hang up"), &json!(true))
    );
}

#[test]
fn https_is_spoken_and_certificates_are_judged_as_the_lambda_says() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let secure =
        Start::fresh().with(&["--tls-cert", &path("cert.pem"), "--tls-key", &path("key.pem")]).server();
    let port = secure.base.rsplit(':').next().unwrap();
    let url = format!("https://localhost:{port}/health");

    let strict = server(&[]);
    let uuid = strict.serve("asker", ASK);
    let refused = ask(&strict, &uuid, &json!({ "url": url }));
    assert_eq!(refused["code"], "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "{refused}");
    // Unless the lambda says that it believes it, or whoever asks.
    for options in [json!({ "ca": made.cert.pem() }), json!({ "rejectUnauthorized": false })] {
        let answer = ask(&strict, &uuid, &json!({ "url": url, "options": options }));
        assert_eq!(answer["status"], 200, "{answer}");
    }

    let trusting = server(&["--egress-ca", &path("cert.pem")]);
    let uuid = trusting.serve("asker", ASK);
    let answer = ask(&trusting, &uuid, &json!({ "url": url }));
    assert_eq!(answer["status"], 200, "{answer}");
}
