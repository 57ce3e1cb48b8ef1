//! SIGTERM and SIGINT: what is in flight ends, what is new is sent away, and the process says goodbye with 0.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
};

use lambkin_tests::{Server, until};
use rustix::process::Signal;
use serde_json::Value;

const SLOW: &str = "function lambda(input, callback) {
    setTimeout(() => { console.info('ended'); callback(null, 'ended'); }, 1500);
}";

#[test]
fn invocations_in_flight_end_and_new_ones_are_sent_away() {
    for signal in [Signal::TERM, Signal::INT] {
        let server = Server::fresh();
        let uuid = server.serve("slow", SLOW);
        std::thread::scope(|scope| {
            let calls: Vec<_> = (0..8).map(|_| scope.spawn(|| server.invoke(&uuid, &Value::Null))).collect();
            server.until_running(8);
            server.signal(signal);
            until("the server to refuse work", || (server.get("/ready").status == 503).then_some(()));
            let refused = server.invoke(&uuid, &Value::Null);
            assert!(!refused.header("retry-after").is_empty());
            refused.expect_error(503, "com.liveperson.faas.es.unavailable");
            server.get("/health").expect(200);
            for call in calls {
                assert_eq!(call.join().unwrap().expect(200).json(), "ended");
            }
        });
        let (status, remains) = server.ended();
        assert_eq!(status.code(), Some(0), "{status}");
        let server = remains.start().server();
        assert_eq!(server.logs(&uuid, 8).len(), 8, "logs of the last moment are kept");
    }
}

#[test]
fn who_waits_or_is_still_sending_is_told() {
    let server = Server::fresh();
    let uuid = server.serve("slow", SLOW);
    let head = server.invoke_head(&uuid);
    let sent = |body: &str| {
        let mut stream = server.connect();
        write!(stream, "{head}Content-Length: 2\r\n\r\n{body}").unwrap();
        stream
    };
    let half_sent = sent("{");
    let calls: Vec<_> = (0..400).map(|_| sent("{}")).collect();
    until("calls that wait", || (server.get("/ready").json()["waiting"].as_u64()? >= 200).then_some(()));
    server.signal(Signal::TERM);
    let mut statuses = BTreeMap::new();
    for mut stream in calls {
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("an answer");
        *statuses.entry(String::from_utf8_lossy(&status[9..]).into_owned()).or_insert(0) += 1;
    }
    assert!(statuses.keys().all(|status| status == "200" || status == "503"), "{statuses:?}");
    assert!(statuses["200"] >= 1 && statuses["503"] >= 1, "{statuses:?}");
    let mut status = [0; 12];
    (&half_sent).read_exact(&mut status).expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 503");
    assert!(server.ended().0.success());
}

#[test]
fn an_idle_server_stops_at_once_also_with_open_connections() {
    let server = Server::fresh();
    let idle: Vec<_> = (0..20).map(|_| server.connect()).collect();
    server.get("/health").expect(200);
    let (status, _) = server.stop();
    assert!(status.success());
    drop(idle);
}

#[test]
fn a_second_signal_ends_the_waiting() {
    let server = Server::fresh();
    let uuid = server.serve("long", "function lambda(input, callback) { setTimeout(callback, 25000); }");
    let start = std::time::Instant::now();
    std::thread::scope(|scope| {
        let mut stream = server.connect();
        Write::write_all(
            &mut stream,
            format!("{}Content-Length: 0\r\n\r\n", server.invoke_head(&uuid)).as_bytes(),
        )
        .unwrap();
        server.until_running(1);
        server.signal(Signal::TERM);
        until("the server to refuse work", || (server.get("/ready").status == 503).then_some(()));
        server.signal(Signal::TERM);
        scope.spawn(move || drop(stream));
    });
    let (status, _) = server.ended();
    assert!(status.success(), "{status}");
    assert!(start.elapsed().as_secs() < 20);
}
