//! A disk that is really full: nothing acknowledged is lost, nothing half-written is served.

use std::{
    fs::{self, File},
    io::Write,
    os::fd::AsRawFd,
    path::Path,
    process::Command,
};

use lambkin_tests::{Server, Start, definition};
use serde_json::{Value, json};

const ONE: &str = "function lambda(input, callback) { console.info('ran'); callback(null, 1); }";

/// Leaves room for a few writes more.
const LEFT: u64 = 2 << 20;

/// Writes until the disk takes no more, and gives a little back.
fn fill(disk: &Path) {
    let mut filler = File::create(disk.join("filler")).expect("a file");
    let zeros = vec![0; 4096];
    for _ in 0..1_000_000 {
        if filler.write_all(&zeros).is_err() {
            let length = filler.metadata().expect("its length").len();
            filler.set_len(length - LEFT).expect("a shorter file");
            return;
        }
    }
    panic!("the disk has no end");
}

/// A name and a secret; whether both were acknowledged.
fn write(server: &Server, n: usize) -> (u16, u16) {
    // Large enough that the pages sled holds ready cannot take many.
    let code = format!("{ONE} // {}", "x".repeat(50_000));
    let created = server.post("lambdas", &definition(&format!("late_{n}"), &code));
    let secret = json!({ "key": format!("late_{n}"), "value": "y".repeat(5_000) });
    (created.status, server.post("secrets", &secret).status)
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged_and_what_is_served_goes_on() {
    let server = Start::fresh().on_small_disk(192).with(&["--limit", "functions=1000"]).server();
    let served = server.serve("served", ONE);
    let draft = server.create("draft", ONE);
    let saved = server.save(&draft, "function lambda(input, callback) { callback(null, 'saved'); }");
    fill(&server.disk());

    let (mut lambdas, mut secrets) = (Vec::new(), Vec::new());
    let mut refused = None;
    for n in 0..200 {
        let (lambda, secret) = write(&server, n);
        if lambda == 201 {
            lambdas.push(format!("late_{n}"));
        }
        if secret == 201 {
            secrets.push(format!("late_{n}"));
        }
        if lambda != 201 || secret != 201 {
            refused = Some(write(&server, 1_000));
            break;
        }
    }
    assert!(!lambdas.is_empty() && !secrets.is_empty(), "the disk was full before the first write");
    // The server's own trouble, for every write alike, and not the caller's.
    assert_eq!(refused, Some((503, 503)), "{}", server.log());
    let error = server.delete(&format!("lambdas/{draft}"));
    assert_eq!(error.status, 503, "{}", error.text());
    assert!(!error.text().contains("sled") && !error.text().contains("os error"), "{}", error.text());
    assert!(server.log().contains("No space left on device"), "the operator is told: {}", server.log());
    let deployed = server.call("POST", &format!("deployments/{draft}"), "").status;
    assert_eq!(deployed, 503);
    // Calling goes on, though nothing can be written about it. A read gives what was acknowledged, or says why not:
    // the database may stand half-way in a change of its tree.
    assert_eq!(server.invoke(&served, &Value::Null).expect(200).json(), 1);
    let read = server.get(&format!("lambdas/{draft}"));
    match read.status {
        200 => assert_eq!(read.json()[0], saved),
        status => assert_eq!(status, 503, "{}", read.text()),
    }
    assert_eq!(server.get("/ready").status, 503, "no more work for this server");

    // The disk outlives its mount as long as somebody looks at it.
    let disk = File::open(server.disk()).unwrap();
    fs::remove_file(server.disk().join("filler")).unwrap();
    let remains = server.kill();
    let copy = tempfile::tempdir().unwrap();
    let data = copy.path().join("data");
    let seen = format!("/proc/{}/fd/{}/.", std::process::id(), disk.as_raw_fd());
    assert!(Command::new("cp").args(["-a", &seen]).arg(&data).status().unwrap().success());
    drop(remains);

    let server = Start::on(&data).with(&["--limit", "functions=1000"]).server();
    assert_eq!(server.invoke(&served, &Value::Null).expect(200).json(), 1);
    assert_eq!(server.lambda(&draft), saved);
    let names = |path: &str, field: &str| -> Vec<String> {
        let list = server.get(path).expect(200).json();
        let names = list.as_array().unwrap().iter().map(|entry| entry[field].as_str().unwrap().to_owned());
        names.filter(|name| name.starts_with("late_")).collect()
    };
    for (kept, acknowledged) in [(names("lambdas", "name"), &lambdas), (names("secrets", "key"), &secrets)] {
        for name in acknowledged {
            assert!(kept.contains(name), "{name} was acknowledged");
        }
        // One write may have reached the disk and not its caller.
        assert!(kept.len() <= acknowledged.len() + 1, "{kept:?} {acknowledged:?}");
    }
    server.serve("again", ONE);
}

#[test]
fn a_server_does_not_start_on_a_disk_that_cannot_be_written_to() {
    let (status, said) = Start::fresh().read_only().refused();
    assert!(!status.success());
    assert!(
        said.contains("error:") && said.contains("Read-only file system") && said.contains("hint:"),
        "{said}"
    );
}
