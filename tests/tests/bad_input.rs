//! What the world sends and what lambdas do: each gets a clear error, and the server and its neighbours do not notice.

use std::io::{Read, Write};

use lambkin_tests::Server;
use serde_json::{Value, json};

const BAD_INPUT: &str = "com.liveperson.faas.es.badinput";
const HELLO: &str = "function lambda(input, callback) { callback(null, 'hello'); }";

#[test]
fn bodies_that_are_no_envelope_are_refused() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let path = format!("lambdas/{uuid}/invoke");
    let deep = format!("{{\"payload\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let bodies: [&[u8]; 9] = [
        b"{",
        b"[1]",
        b"\"text\"",
        b"{\"payload\": 1} trailing",
        b"{\"payload\": \"\xff\xfe\"}",
        b"{\"headers\": {\"a\": 1}}",
        b"{\"timestamp\": \"x\"}",
        b"\0",
        deep.as_bytes(),
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let reply = server.call("POST", &path, body);
        assert_eq!(reply.status, 400, "{shown}: {}", reply.text());
        reply.expect_error(400, BAD_INPUT);
    }
    assert_eq!(server.invoke(&uuid, &json!({"__proto__": {"x": 1}})).expect(200).json(), "hello");
}

#[test]
fn bodies_that_are_too_large_are_refused_however_they_are_sent() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let path = format!("lambdas/{uuid}/invoke");
    let large = format!("{{\"payload\": \"{}\"}}", "x".repeat(7 << 20));
    server.call("POST", &path, &large).expect_error(413, "com.liveperson.faas.es.toolarge");
    let fits = format!("{{\"payload\": \"{}\"}}", "x".repeat(5 << 20));
    server.call("POST", &path, &fits).expect(200);
    server.call("POST", "lambdas", vec![b' '; 3 << 20]).expect_error(413, "com.liveperson.faas.es.toolarge");

    let mut stream = server.connect();
    write!(stream, "{}Transfer-Encoding: chunked\r\n\r\n", server.invoke_head(&uuid)).unwrap();
    let piece = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000));
    for _ in 0..8 {
        if stream.write_all(piece.as_bytes()).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    let mut reply = [0; 12];
    stream.read_exact(&mut reply).unwrap();
    assert_eq!(&reply, b"HTTP/1.1 413");

    let announced = server.raw(format!("{}Content-Length: 99999999999\r\n\r\n", server.invoke_head(&uuid)));
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
}

#[test]
fn what_is_not_http_or_too_much_of_it_is_refused() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let head = server.invoke_head(&uuid);
    let giant = format!("{head}X-Giant: {}\r\n\r\n", "x".repeat(300 << 10));
    let many: String = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect();
    for (request, status) in [
        // Nothing of HTTP in it: closed, with or without a word.
        ("GET /\r\n\r\n".to_owned(), ""),
        ("\x16\x03\x01 hello\r\n\r\n".to_owned(), ""),
        (giant, "HTTP/1.1 431"),
        (format!("{head}{many}\r\n"), "HTTP/1.1 431"),
        (format!("{head}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"), "HTTP/1.1 400"),
        (format!("{head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"), "HTTP/1.1 400"),
    ] {
        let reply = server.raw(&request);
        // Where bytes are left unread, the system may throw the answer away when the connection closes.
        assert!(
            reply.starts_with(status) || reply.is_empty(),
            "{} -> {reply:?}",
            &request[..request.len().min(60)]
        );
    }
    server.invoke(&uuid, &Value::Null).expect(200);
}

#[test]
fn answers_do_not_wait_for_the_next_request_and_bad_framing_gets_one() {
    let server = Server::fresh();
    let mut stream = server.connect();
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea").unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 200");
    let head = "POST /health HTTP/1.1\r\nHost: localhost\r\n";
    for framing in ["Transfer-Encoding: gzip\r\n", "Content-Length: 1\r\nContent-Length: 2\r\n"] {
        let reply = server.raw(format!("{head}{framing}\r\n"));
        assert!(reply.starts_with("HTTP/1.1 400"), "{framing}: {reply:?}");
    }
    // Both at once: hyper goes by the chunks, and nothing after them is taken for a request.
    let both = "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\n\r\n";
    let reply = server.raw(format!("{head}{both}"));
    assert_eq!(reply.matches("HTTP/1.1 ").count(), 1, "{reply}");
    assert!(reply.contains("connection: close\r\n"), "{reply}");
}

#[test]
fn a_dev_server_answers_to_no_foreign_name_and_strangers_learn_little() {
    let server = Server::fresh();
    let ask =
        |host: &str| server.raw(format!("GET /ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert!(ask("evil.example").starts_with("HTTP/1.1 403"));
    let ready = ask("localhost:1");
    assert!(ready.starts_with("HTTP/1.1 200") && ready.ends_with(r#"{"status":"ready"}"#), "{ready}");
}

#[test]
fn unknown_paths_and_methods_have_bodies_too() {
    let server = Server::fresh();
    for path in [
        "/api",
        "/api/nothing",
        "/sentinel/nothing",
        "/api/account/123456",
        "/api/account/%ff/lambdas",
        "nothing",
    ] {
        let reply = server.get(path);
        assert!(reply.status == 404 || reply.status == 403, "{path}: {}", reply.status);
        assert!(reply.json()["errorCode"].is_string());
    }
    server.call("PUT", "lambdas", "{}").expect_error(405, "com.liveperson.faas.es.methodnotallowed");
    server.get("logs").expect_error(400, BAD_INPUT);
    server.get("logs?lambdaUUID=%zz").expect_error(400, BAD_INPUT);
}

#[test]
fn management_bodies_are_judged_before_anything_happens() {
    let server = Server::fresh();
    let deep = format!("{{\"samplePayload\": {}1{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let bodies: [&[u8]; 6] = [
        b"",
        b"null",
        b"{\"name\": 1}",
        b"{\"name\": \"a\", \"name\": \"b\"}",
        b"{\"name\": \"\xff\"}",
        deep.as_bytes(),
    ];
    for body in bodies {
        server.call("POST", "lambdas", body).expect_error(400, BAD_INPUT);
    }
    assert_eq!(server.get("lambdas").expect(200).json(), json!([]));
}

#[test]
fn loops_bombs_and_silence_in_lambdas_are_their_own_problem() {
    let server = Server::fresh();
    let hello = server.serve("hello", HELLO);
    let exceeded = "com.liveperson.faas.handler.executiontime-exceeded";
    let memory = "com.liveperson.faas.handler.memory-limit-exceeded";
    let cases = [
        ("loop", "console.info('kept'); for (;;) {}", exceeded),
        ("microtasks", "const again = () => { Promise.resolve().then(again); }; again();", exceeded),
        ("bomb", "const all = []; for (;;) { all.push(new Uint8Array(1 << 20).fill(all.length)); }", memory),
        ("doubling", "let s = 'x'; for (;;) { s += s; }", "com.liveperson.faas.handler."),
        ("recursion", "(function f() { return f() + 1; })();", "com.liveperson.faas.handler."),
        ("silence", "if (input.never) { callback(); }", exceeded),
    ];
    std::thread::scope(|scope| {
        let calls: Vec<_> = cases
            .map(|(name, body, code)| {
                let uuid =
                    server.serve(name, &format!("async function lambda(input, callback) {{ {body} }}"));
                let server = &server;
                (name, code, scope.spawn(move || (server.invoke(&uuid, &Value::Null), uuid)))
            })
            .into();
        // The neighbour is served all the while.
        for _ in 0..200 {
            assert_eq!(server.invoke(&hello, &Value::Null).expect(200).json(), "hello");
        }
        for (name, code, call) in calls {
            let (reply, uuid) = call.join().unwrap();
            let failure = reply.expect(901).json();
            assert!(failure["errorCode"].as_str().unwrap().starts_with(code), "{name}: {failure}");
            if name == "loop" {
                assert_eq!(server.logs(&uuid, 1)[0]["message"], "kept", "logs survive the kill");
            }
        }
    });
    server.invoke(&hello, &Value::Null).expect(200);
}

#[test]
fn internals_stay_inside() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let replies = [
        server.get("lambdas/nonsense"),
        server.call("POST", "lambdas", "{"),
        server.call("POST", &format!("lambdas/{uuid}/invoke"), "{"),
        server.get("/nothing"),
    ];
    for reply in replies {
        let text = reply.text();
        for inner in ["sled", "axum", "wasmtime", "panicked", ".rs:", "/src/", server.data.to_str().unwrap()]
        {
            assert!(!text.contains(inner), "{inner} in {text}");
        }
    }
}

/// The head and the body of a small request arrive one after the other; a refusal between them must not end the
/// connection, or the client's next call on it breaks.
#[test]
fn a_refusal_before_a_small_body_leaves_the_connection_open() {
    use std::io::{BufRead, BufReader, Read, Write};
    let server = Server::fresh();
    let address = server.base.strip_prefix("http://").unwrap();
    let uuid = "00000000-0000-4000-8000-000000000000";
    let head = format!(
        "POST /api/account/123456/lambdas/{uuid}/invoke HTTP/1.1\r\nhost: {address}\r\ncontent-length: 2\r\n\r\n"
    );
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for call in 0..200 {
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(b"{}").unwrap();
        let (mut line, mut length) = (String::new(), 0);
        reader.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 401 "), "call {call}: {line:?}");
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).unwrap();
            assert!(!header.eq_ignore_ascii_case("connection: close\r\n"), "call {call}");
            if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if header == "\r\n" {
                break;
            }
        }
        reader.read_exact(&mut vec![0; length]).unwrap();
    }
}
