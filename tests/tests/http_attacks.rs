//! What can be done to an HTTP server with a socket and bad intentions, beyond what `bad_input.rs`, `overload.rs` and
//! `shutdown.rs` hold: after each attack the server answers as before.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use lambkin_tests::Server;
use serde_json::Value;

const HELLO: &str = "function lambda(input, callback) { callback(null, 'hello'); }";
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Frame types of HTTP/2.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// `GET path` (or `POST`) in HPACK, without compression.
fn request(method: u8, path: &str) -> Vec<u8> {
    let mut block = vec![method, 0x86, 0x04, u8::try_from(path.len()).unwrap()];
    block.extend(path.as_bytes());
    block.extend([0x01, 9]);
    block.extend(b"localhost");
    block
}
const GET: u8 = 0x82;
const POST: u8 = 0x83;

/// A connection that has said it speaks HTTP/2.
fn http_2(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    stream.write_all(PREFACE).unwrap();
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).unwrap();
    stream
}

/// The next frame; `None` at the end of the connection, however it ended.
fn next(stream: &mut TcpStream) -> Option<(u8, u32, Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    stream.read_exact(&mut payload).ok()?;
    Some((head[3], u32::from_be_bytes([head[5], head[6], head[7], head[8]]), payload))
}

/// Whether the server says goodbye or closes before it has sent so many frames.
fn is_ended(stream: &mut TcpStream) -> bool {
    (0..100_000).any(|_| next(stream).is_none_or(|(kind, _, _)| kind == GOAWAY))
}

#[test]
fn http_2_is_spoken_without_tls_too() {
    let server = Server::fresh();
    let mut stream = http_2(&server);
    stream.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &request(GET, "/ready"))).unwrap();
    let body = loop {
        match next(&mut stream).expect("an answer") {
            (DATA, 1, body) => break body,
            (GOAWAY | RST_STREAM, _, why) => panic!("{why:?}"),
            _ => {}
        }
    };
    assert!(String::from_utf8_lossy(&body).contains("ready"), "{body:?}");
}

#[test]
fn a_rapid_reset_ends_the_connection_and_nothing_else() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let mut stream = http_2(&server);
    let path = format!("/api/account/{}/lambdas/{uuid}/invoke", server.account);
    let mut flood = Vec::new();
    for n in 0..20_000 {
        let id = 2 * n + 1;
        flood.extend(frame(HEADERS, END_HEADERS, id, &request(POST, &path)));
        flood.extend(frame(RST_STREAM, 0, id, &8_u32.to_be_bytes()));
    }
    // The server may be done with this client before it has sent everything.
    let _ = stream.write_all(&flood);
    assert!(is_ended(&mut stream));
    server.invoke(&uuid, &Value::Null).expect(200);
}

#[test]
fn endless_header_fields_end_an_http_2_connection() {
    let server = Server::fresh();
    let mut stream = http_2(&server);
    stream.write_all(&frame(HEADERS, END_STREAM, 1, &request(GET, "/health"))).unwrap();
    // A literal field that is never complete would wait; complete ones add up.
    let mut field = vec![0x00, 1, b'x', 0x7f, 0x81, 0x7e];
    field.extend(vec![b'y'; 127 + 1 + 0x7e * 128]);
    for _ in 0..1_000 {
        if stream.write_all(&frame(CONTINUATION, 0, 1, &field)).is_err() {
            break;
        }
    }
    assert!(is_ended(&mut stream));
    server.get("/health").expect(200);
}

#[test]
fn more_streams_than_agreed_are_refused() {
    let server = Server::fresh();
    let mut stream = http_2(&server);
    for n in 0..1_000 {
        if stream.write_all(&frame(HEADERS, END_HEADERS, 2 * n + 1, &request(POST, "/health"))).is_err() {
            break;
        }
    }
    let refused = (0..10_000).any(|_| match next(&mut stream) {
        Some((kind, _, _)) => kind == RST_STREAM || kind == GOAWAY,
        None => true,
    });
    assert!(refused);
    server.get("/health").expect(200);
}

#[test]
fn chunks_that_are_bombs_are_refused() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let head = format!("{}Transfer-Encoding: chunked\r\n\r\n", server.invoke_head(&uuid));
    let extension = format!("1;{}\r\n{{\r\n0\r\n\r\n", "x".repeat(1 << 20));
    let trailers: String = (0..100_000).map(|n| format!("x-{n}: y\r\n")).collect();
    for (name, bomb) in [
        ("a length past all numbers", "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n".to_owned()),
        ("a negative length", "-1\r\n{}\r\n0\r\n\r\n".to_owned()),
        ("an endless extension", extension),
        ("endless trailers", format!("2\r\n{{}}\r\n0\r\n{trailers}\r\n")),
    ] {
        let reply = server.raw(format!("{head}{bomb}"));
        assert!(reply.starts_with("HTTP/1.1 400 "), "{name}: {reply}");
        assert!(reply.contains("the body ended early or is not valid HTTP"), "{name}: {reply}");
    }
    // Many small ones are slow and nothing else.
    let pieces = "1\r\n \r\n".repeat(50_000);
    let whole = format!("{head}{pieces}2\r\n{{}}\r\n0\r\n\r\n");
    let reply = server.raw(whole.replace("Host: localhost\r\n", "Host: localhost\r\nConnection: close\r\n"));
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    server.invoke(&uuid, &Value::Null).expect(200);
}

#[test]
fn ten_thousand_silent_connections_cost_little() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let before = server.resident();
    let silent: Vec<TcpStream> = (0..10_000).map(|_| server.connect()).collect();
    for _ in 0..100 {
        assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), "hello");
    }
    let grown = server.resident().saturating_sub(before);
    eprintln!("{} bytes for a silent connection", grown / 10_000);
    assert!(grown < 256 << 20, "{grown} bytes");
    drop(silent);
}

#[test]
fn connections_without_a_request_are_ended() {
    let server = Server::fresh();
    std::thread::scope(|scope| {
        for opening in [&b""[..], b"PRI * HT", PREFACE] {
            let server = &server;
            scope.spawn(move || {
                let mut stream = server.connect();
                stream.write_all(opening).unwrap();
                // Ended by the server, with or without a word: a time-out would be an error.
                let ended = stream.read_to_end(&mut Vec::new());
                let by_server = ended.as_ref().is_ok()
                    || ended.as_ref().is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset);
                assert!(by_server, "{opening:?}: {ended:?}");
            });
        }
    });
    server.get("/health").expect(200);
}
