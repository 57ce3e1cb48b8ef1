//! npm's request and request-promise in deployed lambdas, on real connections to whitelisted hosts. What the packages do
//! with an answer is compared with real Node 10 in js-engine/tests/request.mjs.

use std::sync::Barrier;

use lambkin_tests::{Reply, Server, Start, Upstream, respond, until};
use serde_json::{Value, json};

/// Calls request-promise with the payload and tells what came of it.
const ASK: &str = "const rp = require('request-promise-native');
const { StatusCodeError, RequestError } = require('request-promise-native/errors');
async function lambda(input, callback) {
    const options = Object.assign({}, input.payload);
    if (options.jar) options.jar = rp.jar();
    try { callback(null, { kept: await rp(options) }); }
    catch (error) {
        const kind = error instanceof StatusCodeError ? 'status' : error instanceof RequestError ? 'request' : 'other';
        callback(null, { kind, name: error.name, statusCode: error.statusCode, message: error.message, code: error.cause && error.cause.code });
    }
}";

fn server() -> Server {
    let server = Start::fresh().with(&["--egress-allow-private", "127.0.0.0/8,::1"]).server();
    server.post("proxy-settings", &json!({ "domain": "localhost", "id": -1 })).expect(201);
    server
}

/// Answers with what it was asked, and leads astray where the path says so.
fn echo() -> Upstream {
    Upstream::new(|asked, stream| match asked.path() {
        "/away" => respond(stream, 302, &[("Location", "/here"), ("Set-Cookie", "seen=1; Path=/")], b""),
        "/other" => respond(stream, 302, &[("Location", "http://other.example/")], b""),
        "/teapot" => respond(stream, 418, &[], b"short and stout"),
        "/silent" => {
            std::thread::park_timeout(std::time::Duration::from_secs(5));
            false
        }
        _ => {
            let mut told = json!({ "line": asked.line, "body": String::from_utf8_lossy(&asked.body) });
            for name in ["authorization", "content-type", "cookie", "x-mine", "accept", "content-length"] {
                if !asked.header(name).is_empty() {
                    told[name] = json!(asked.header(name));
                }
            }
            respond(stream, 200, &[("Content-Type", "application/json")], told.to_string().as_bytes())
        }
    })
}

fn ask(server: &Server, uuid: &str, options: &Value) -> Value {
    server.invoke(uuid, options).expect(200).json()
}

#[test]
fn requests_of_every_kind_leave_as_they_do_from_node() {
    let (upstream, server) = (echo(), server());
    let uuid = server.serve("asker", ASK);
    let uri = upstream.url("/here");
    let told = |options: Value| ask(&server, &uuid, &options)["kept"].clone();
    assert_eq!(
        told(
            json!({ "uri": uri, "json": true, "qs": { "a": "b c" }, "headers": { "X-Mine": "yes" }, "auth": { "user": "me", "pass": "word" } })
        ),
        json!({ "line": "GET /here?a=b%20c HTTP/1.1", "body": "", "accept": "application/json", "x-mine": "yes", "authorization": "Basic bWU6d29yZA==" })
    );
    assert_eq!(
        told(json!({ "method": "POST", "uri": uri, "json": { "a": ["ü"] } })),
        json!({ "line": "POST /here HTTP/1.1", "body": "{\"a\":[\"ü\"]}", "content-length": "12", "accept": "application/json", "content-type": "application/json" })
    );
    assert_eq!(
        told(
            json!({ "method": "PUT", "uri": uri, "json": true, "form": { "a": 1, "b": "x&y" }, "auth": { "bearer": "token" } })
        ),
        json!({ "line": "PUT /here HTTP/1.1", "body": "a=1&b=x%26y", "content-length": "11", "accept": "application/json", "content-type": "application/x-www-form-urlencoded", "authorization": "Bearer token" })
    );
    let form = told(json!({ "method": "POST", "uri": uri, "json": true, "formData": { "field": "value" } }));
    let (kind, body) = (form["content-type"].as_str().unwrap(), form["body"].as_str().unwrap());
    assert!(kind.starts_with("multipart/form-data; boundary=--"), "{form}");
    assert!(body.contains("name=\"field\"\r\n\r\nvalue\r\n"), "{form}");

    let full = told(json!({ "uri": uri, "json": true, "resolveWithFullResponse": true, "method": "DELETE" }));
    assert_eq!((&full["statusCode"], &full["body"]["line"]), (&json!(200), &json!("DELETE /here HTTP/1.1")));
    assert_eq!(told(json!({ "uri": upstream.url("/away"), "json": true, "jar": true }))["cookie"], "seen=1");
}

#[test]
fn every_hop_is_judged_and_failures_have_the_kinds_of_the_package() {
    let (upstream, server) = (echo(), server());
    let uuid = server.serve("asker", ASK);
    let teapot = ask(&server, &uuid, &json!({ "uri": upstream.url("/teapot") }));
    assert_eq!(
        (&teapot["kind"], &teapot["name"], &teapot["statusCode"], &teapot["message"]),
        (&json!("status"), &json!("StatusCodeError"), &json!(418), &json!("418 - \"short and stout\""))
    );
    assert_eq!(
        ask(&server, &uuid, &json!({ "uri": upstream.url("/teapot"), "simple": false }))["kept"],
        "short and stout"
    );
    let late = ask(&server, &uuid, &json!({ "uri": upstream.url("/silent"), "timeout": 40 }));
    assert_eq!(
        (&late["kind"], &late["name"], &late["code"]),
        (&json!("request"), &json!("RequestError"), &json!("ESOCKETTIMEDOUT"))
    );
    for url in ["http://other.example/".to_owned(), upstream.url("/other")] {
        let body = json!({ "payload": { "uri": url } }).to_string();
        let reply = server.call("POST", &format!("lambdas/{uuid}/invoke?form=test"), body).expect(200).json();
        let (result, logs) = (&reply["result"], reply["logs"].to_string());
        assert_eq!((&result["kind"], &result["statusCode"]), (&json!("status"), &json!(403)), "{url}");
        assert!(logs.contains("add `other.example` to the whitelist"), "{logs}");
    }
    let gone = Upstream::text(200, "");
    let refused = gone.url("/");
    drop(gone);
    let refused = ask(&server, &uuid, &json!({ "uri": refused }));
    assert_eq!((&refused["kind"], &refused["code"]), (&json!("request"), &json!("ECONNREFUSED")));
    assert!(refused["message"].as_str().unwrap().starts_with("Error: connect ECONNREFUSED "), "{refused}");
}

#[test]
fn request_streams_and_calls_back_and_its_calls_are_recorded() {
    let (upstream, server) = (echo(), server());
    let code = "const request = require('request');
        const api = request.defaults({ json: true, headers: { 'X-Mine': 'default' } });
        function lambda(input, callback) {
            api.get(input.payload, (error, response, body) => {
                if (error) return callback(error);
                const target = request.post(input.payload, { json: true }, (failed, second, piped) =>
                    callback(failed, [response.statusCode, body['x-mine'], JSON.parse(piped.body).line]));
                request.get(input.payload).pipe(target);
            });
        }";
    let uuid = server.serve("streamer", code);
    let answer = ask(&server, &uuid, &json!(upstream.url("/here")));
    assert_eq!(answer, json!([200, "default", "GET /here HTTP/1.1"]));
    let record = until("a record", || {
        let records = server.get(&format!("invocations?lambdaUUID={uuid}")).expect(200).json();
        records.as_array()?.first().cloned()
    });
    assert_eq!(record["outboundCalls"], 3, "{record}");
}

#[test]
fn what_one_invocation_keeps_in_a_jar_the_next_does_not_have() {
    let (upstream, server) = (echo(), server());
    let code = "const rp = require('request-promise'); const jar = rp.jar();
        async function lambda(input, callback) {
            const before = jar.getCookieString(input.payload);
            await rp({ uri: input.payload + 'away', jar });
            callback(null, [before, jar.getCookieString(input.payload)]);
        }";
    let uuid = server.serve("jar", code);
    for _ in 0..2 {
        assert_eq!(ask(&server, &uuid, &json!(upstream.url("/"))), json!(["", "seen=1"]));
    }
}

#[test]
fn twenty_requests_are_under_way_at_once() {
    // Nobody is answered before all have asked.
    let all = Barrier::new(20);
    let upstream = Upstream::new(move |_, stream| {
        all.wait();
        respond(stream, 200, &[], b"together")
    });
    let server = server();
    let code = "const rp = require('request-promise-native');
        async function lambda(input, callback) {
            const all = await Promise.all(Array.from({ length: 20 }, () => rp(input.payload)));
            callback(null, all.join(''));
        }";
    let uuid = server.serve("parallel", code);
    assert_eq!(ask(&server, &uuid, &json!(upstream.url("/"))), json!("together".repeat(20)));
}

#[test]
fn a_compressed_answer_is_undone_by_the_package_when_it_is_asked_to() {
    // `{"a":1}` by gzip.
    const GZIP: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xabVJT\xb22\xac\x05\0\xaf\xac\x1bV\x07\0\0\0";
    let upstream = Upstream::new(|asked, stream| {
        let headers = [("Content-Encoding", "gzip"), ("X-Asked", asked.header("accept-encoding"))];
        respond(stream, 200, &headers, GZIP)
    });
    let server = server();
    let uuid = server.serve("asker", ASK);
    let full =
        json!({ "uri": upstream.url("/"), "gzip": true, "json": true, "resolveWithFullResponse": true });
    let undone = &ask(&server, &uuid, &full)["kept"];
    assert_eq!(
        (&undone["body"], &undone["headers"]["x-asked"]),
        (&json!({ "a": 1 }), &json!("gzip, deflate"))
    );
}

/// Milliseconds that an invocation ran without what it waited for.
fn own_time(reply: &Reply) -> f64 {
    let timing = reply.header("server-timing").to_owned();
    let part = |name: &str| {
        let part = timing.split(", ").find_map(|part| part.strip_prefix(&format!("{name};dur=")));
        part.and_then(|part| part.parse::<f64>().ok()).unwrap_or(f64::NAN)
    };
    part("run") - part("egress")
}

#[test]
fn a_get_takes_little_time_of_its_own() {
    let upstream = echo();
    let server = Start::fresh()
        .with(&["--egress-allow-private", "127.0.0.0/8,::1", "--egress-per-second", "1000000"])
        .server();
    server.post("proxy-settings", &json!({ "domain": "localhost", "id": -1 })).expect(201);
    for (name, code) in [
        (
            "fetch",
            "async function lambda(input, callback) { callback(null, await (await fetch(input.payload)).json()); }",
        ),
        (
            "http",
            "const http = require('http'); function lambda(input, callback) {
                http.get(input.payload, (res) => { let text = ''; res.on('data', (more) => (text += more)).on('end', () => callback(null, JSON.parse(text))); }); }",
        ),
        (
            "rp",
            "const rp = require('request-promise'); async function lambda(input, callback) { callback(null, await rp({ uri: input.payload, json: true })); }",
        ),
    ] {
        let uuid = server.serve(name, code);
        let mut times: Vec<f64> = (0..100)
            .map(|_| own_time(&server.invoke(&uuid, &json!(upstream.url("/"))).expect(200)))
            .collect();
        times.sort_by(f64::total_cmp);
        println!("a GET with {name}: {:.3} ms of its own at best, {:.3} ms at p50", times[0], times[50]);
        // Figures are made on a quiet machine; this only catches what is slower by an order of magnitude.
        assert!(times[0] < 10.0, "{name}: {times:?}");
    }
}
