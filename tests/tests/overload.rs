//! More than fits: every call is answered, with a result or with "come back later", and afterwards all is well.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
};

use lambkin_tests::{PATIENCE, Server, Start};
use serde_json::{Value, json};

const WAITS: &str = "function lambda(input, callback) { setTimeout(() => callback(null, 'done'), 100); }";
const HELLO: &str = "function lambda(input, callback) { callback(null, 'hello'); }";

fn read_reply(mut stream: TcpStream) -> (u16, String) {
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("a reply");
    let status = reply.get(9..12).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no status in {reply:?}")), reply)
}

/// Sends one call over each of many connections, and then reads the replies.
fn flood(server: &Server, uuid: &str, calls: usize) -> BTreeMap<u16, usize> {
    let request = format!("{}Connection: close\r\nContent-Length: 2\r\n\r\n{{}}", server.invoke_head(uuid));
    let streams: Vec<TcpStream> = (0..calls)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(request.as_bytes()).expect("the server reads");
            stream
        })
        .collect();
    let mut statuses = BTreeMap::new();
    for stream in streams {
        let (status, reply) = read_reply(stream);
        assert!(status == 200 || status == 429, "{reply}");
        if status == 429 {
            assert!(reply.to_ascii_lowercase().contains("retry-after: 1\r\n"), "{reply}");
            assert!(reply.contains("com.liveperson.faas.es.general"), "{reply}");
        }
        *statuses.entry(status).or_insert(0) += 1;
    }
    statuses
}

#[test]
fn ten_thousand_concurrent_calls_are_all_answered() {
    let server = Server::fresh();
    let (busy, calm) = (server.serve("busy", WAITS), server.serve("calm", HELLO));
    std::thread::scope(|scope| {
        let flood = scope.spawn(|| flood(&server, &busy, 10_000));
        // A neighbour has places of its own.
        let mut calls = 0;
        while !flood.is_finished() {
            assert_eq!(server.invoke(&calm, &Value::Null).expect(200).json(), "hello");
            calls += 1;
        }
        let statuses = flood.join().expect("every call is answered");
        assert_eq!(statuses.values().sum::<usize>(), 10_000);
        assert!(statuses[&200] >= 1_000, "{statuses:?}");
        assert!(calls > 10);
    });
    assert_eq!(server.invoke(&busy, &Value::Null).expect(200).json(), "done");
    // An answer is given before its lambda's memory is taken back.
    let all_gone = (0..10_000).any(|_| server.get("/ready").expect(200).json()["running"] == 0);
    assert!(all_gone, "a place was not given back");
}

#[test]
fn idle_and_slow_connections_cost_nobody_anything() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    let before = server.resident();
    let head = server.invoke_head(&uuid);
    let idle: Vec<TcpStream> = (0..2_000)
        .map(|n| {
            let mut stream = server.connect();
            match n % 3 {
                0 => {}
                1 => stream.write_all(&head.as_bytes()[..head.len() / 2]).unwrap(),
                _ => write!(stream, "{head}Content-Length: 1000000\r\n\r\n{{").unwrap(),
            }
            stream
        })
        .collect();
    for _ in 0..100 {
        assert_eq!(server.invoke(&uuid, &Value::Null).expect(200).json(), "hello");
    }
    let grown = server.resident().saturating_sub(before);
    assert!(grown < 200 << 20, "{grown} bytes for 2,000 connections");
    drop(idle);
}

#[test]
fn slow_headers_end_the_connection() {
    let server = Server::fresh();
    let mut stream = server.connect();
    stream.write_all(b"GET /health HTTP/1.1\r\nX-Slow: ").unwrap();
    let start = std::time::Instant::now();
    let mut reply = Vec::new();
    // Closed by the server, with or without a word.
    let _ = stream.read_to_end(&mut reply);
    assert!(start.elapsed() < PATIENCE, "the server closed it");
    server.get("/health").expect(200);
}

#[test]
fn a_body_that_never_comes_is_not_waited_for() {
    let server = Server::fresh();
    let uuid = server.serve("hello", HELLO);
    std::thread::scope(|scope| {
        for framing in ["Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"] {
            let (server, head) = (&server, server.invoke_head(&uuid));
            scope.spawn(move || {
                let mut stream = server.connect();
                write!(stream, "{head}{framing}").unwrap();
                let mut status = [0; 12];
                stream.read_exact(&mut status).expect("an answer");
                assert_eq!(&status, b"HTTP/1.1 408", "{framing:?}");
            });
        }
    });
    server.get("/health").expect(200);
}

#[test]
fn many_lambdas_cost_little_and_the_least_used_leave_memory() {
    let room = ["--limit", "functions=2000", "--limit", "deployed=2000"];
    let server = Start::fresh().with(&room).server();
    server.serve("warm_up", HELLO);
    let before = server.resident();
    let lambdas: Vec<String> = (0..1_000)
        .map(|n| {
            let uuid = server.create(
                &format!("many_{n}"),
                &format!("function lambda(i, callback) {{ callback(null, {n}); }}"),
            );
            server.call("POST", &format!("deployments/{uuid}"), "").expect(202);
            uuid
        })
        .collect();
    for uuid in &lambdas {
        assert_eq!(server.deployed(uuid), "Productive");
    }
    let deployed = server.resident().saturating_sub(before) >> 20;
    assert_eq!(server.get("lambdas").expect(200).json().as_array().unwrap().len(), 1_001);

    let remains = server.kill();
    let start = std::time::Instant::now();
    let server = remains.start().server();
    let started = start.elapsed();
    let idle = server.resident() >> 20;
    for (n, uuid) in lambdas.iter().enumerate() {
        assert_eq!(server.invoke(uuid, &Value::Null).expect(200).json(), json!(n));
    }
    let called = server.resident() >> 20;
    eprintln!(
        "1,000 lambdas: +{deployed} MiB while deploying, start-up {started:?}, {idle} MiB idle, {called} MiB after calling each"
    );
    assert!(started.as_secs_f64() < 5.0, "{started:?}");
    assert_eq!(server.get("/ready").json()["deployed"], 1_001);
}
