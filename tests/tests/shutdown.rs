//! SIGTERM and SIGINT: what is in flight ends, what is new is sent away, and the process says goodbye with 0.

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
        std::io::Write::write_all(
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
