//! What secrets are on the disk, and who gets to see them as what.

use super::*;
use crate::{
    account_limits::AccountLimits,
    sealing::KEY,
    store::{Batch, Shelf, SledStore, Store, read},
};

fn open() -> (tempfile::TempDir, Arc<SledStore>, Secrets) {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(&dir.path().join("database")).unwrap());
    let secrets = over(&store);
    (dir, store, secrets)
}

fn over(store: &Arc<SledStore>) -> Secrets {
    let ledger = Ledger::open(Arc::clone(store) as Arc<dyn Store>, AccountLimits::default()).unwrap();
    Secrets::open(Arc::new(ledger), Sealer::new(&[7; KEY])).unwrap()
}

fn value(json: &str) -> SecretValue {
    SecretValue::parse(json).unwrap()
}

fn place(account: &str, key: &str) -> Key {
    Key::new(Shelf::Secret, &[account.as_bytes(), b"\0", key.as_bytes()])
}

fn activities(store: &SledStore, account: &str) -> Vec<Activity> {
    let mut found = Vec::new();
    let prefix = Key::new(Shelf::Activity, &[account.as_bytes(), b"\0"]);
    crate::store::visit(store, &prefix, |activity| {
        found.push(activity);
        Ok(())
    })
    .unwrap();
    found
}

#[test]
fn values_are_strings_numbers_or_json_of_bounded_length() {
    for good in
        ["\"x\"", "1", "1.5e3", "true", "{\"a\": [1, null]}", "[]", " \"x\" ", "12345678901234567890123"]
    {
        assert_eq!(value(good).json(), good.trim());
    }
    let longest = format!("\"{}\"", "ä".repeat(MAX_VALUE));
    assert!(SecretValue::parse(&longest).is_ok());
    let too_long = format!("\"{}\"", "ä".repeat(MAX_VALUE + 1));
    let error = SecretValue::parse(&too_long).unwrap_err();
    assert_eq!(error.code(), "com.liveperson.faas.secret.invalid-format");
    assert_eq!(error.told(), "Provided Secret Value exceeds allowed length of 10000");
    assert!(SecretValue::parse(&format!("[{}1]", "1,".repeat(MAX_VALUE / 2))).is_err());
    for bad in ["null", "", "hunter2", "{", "\"hunter2", "1e999", &"[".repeat(200), "\"a\" \"b\""] {
        let error = SecretValue::parse(bad).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn keys_are_words() {
    for good in ["a", "A_b-9", &"x".repeat(100)] {
        judge_key(good).unwrap();
    }
    for bad in ["", "a b", "ä", "a.b", "a/b", "a\0b", &"x".repeat(101)] {
        assert!(judge_key(bad).unwrap_err().to_string().contains("`key` must be"), "{bad}");
    }
}

#[test]
fn what_is_stored_does_not_hold_the_value_and_does_not_open_elsewhere() {
    let (dir, store, secrets) = open();
    secrets.create("a", "one", &value("\"hunter2hunter2\""), None, "me").unwrap();
    secrets.create("b", "one", &value("\"other\""), None, "me").unwrap();
    let shown =
        |account: &str, key: &str| secrets.show(account, key, "me").map(|(_, value)| value.json().to_owned());
    assert_eq!(shown("a", "one").unwrap(), "\"hunter2hunter2\"");
    let record: SecretRecord = read(&*store, &place("a", "one")).unwrap().unwrap();
    let put = |key: Key, record: &SecretRecord| {
        let mut batch = Batch::default();
        batch.put(key, record).unwrap();
        store.apply(batch).unwrap();
    };
    // Another account, another key, another version, another binding: each change by hand is noticed.
    put(place("b", "one"), &record);
    assert!(matches!(shown("b", "one"), Err(SecretError::NotFound(_))));
    let binding = Binding::judge("evil.example", "x", &value("\"v\"")).unwrap();
    for changed in [
        SecretRecord { account: "b".to_owned(), ..record.clone() },
        SecretRecord { key: "two".to_owned(), ..record.clone() },
        SecretRecord { version: 2, ..record.clone() },
        SecretRecord { binding: Some(binding), ..record.clone() },
    ] {
        put(place(&changed.account, &changed.key), &changed);
        assert!(matches!(shown(&changed.account, &changed.key), Err(SecretError::Failed(_))), "{changed:?}");
    }
    drop(secrets);
    drop(store);
    let bytes = std::fs::read(dir.path().join("database/db")).unwrap();
    assert!(!bytes.windows(14).any(|window| window == b"hunter2hunter2"));
}

#[test]
fn of_two_writers_one_wins_and_a_stale_version_is_refused() {
    let (_dir, _store, secrets) = open();
    secrets.create("a", "one", &value("0"), None, "me").unwrap();
    let won: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|n| {
                let secrets = &secrets;
                scope
                    .spawn(move || secrets.replace("a", "one", 1, &value(&n.to_string()), None, "me").is_ok())
            })
            .collect();
        writers.into_iter().map(|writer| usize::from(writer.join().unwrap())).sum()
    });
    assert_eq!(won, 1);
    let stale = secrets.replace("a", "one", 1, &value("9"), None, "me");
    assert!(matches!(stale, Err(SecretError::Stale { given: 1, newest: 2, .. })));
    let stale = secrets.replace("a", "one", u64::MAX, &value("9"), None, "me");
    assert!(matches!(stale, Err(SecretError::Stale { .. })));
}

#[test]
fn a_lambda_reads_and_updates_and_is_told_the_contracts_codes() {
    let (_dir, _store, secrets) = open();
    let lambda = Uuid::from_u128(1);
    let missing = secrets.read("a", "one", lambda).unwrap_err();
    assert_eq!(missing.code(), "com.liveperson.faas.secret.not-found");
    assert_eq!(missing.told(), "There is no Secret one for this account");
    assert_eq!(secrets.update("a", "one", "1", lambda).unwrap_err().code(), missing.code());
    secrets.create("a", "one", &value("{\"n\":1}"), None, "me").unwrap();
    assert_eq!(secrets.read("a", "one", lambda).unwrap().json(), "{\"n\":1}");
    assert_eq!(secrets.update("a", "one", "2", lambda).unwrap().version, 2);
    assert_eq!(secrets.read("a", "one", lambda).unwrap().json(), "2");
    assert!(matches!(secrets.read("b", "one", lambda), Err(SecretError::NotFound(_))));
    let failed = SecretError::Failed("hunter2 in the database".to_owned());
    assert_eq!(failed.code(), "com.liveperson.faas.secret.op-failed");
    assert!(!failed.told().contains("hunter2"));
}

#[test]
fn every_read_is_noted_and_many_by_one_lambda_are_counted() {
    let (_dir, store, secrets) = open();
    secrets.create("a", "one", &value("1"), None, "me").unwrap();
    for lambda in [1, 1, 1, 2] {
        secrets.read("a", "one", Uuid::from_u128(lambda)).unwrap();
    }
    let notes = |store: &SledStore| -> Vec<(String, u64)> {
        let reads = activities(store, "a").into_iter().filter(|activity| activity.action == Action::Read);
        reads.map(|activity| (activity.by, activity.count)).collect()
    };
    let by = |n: u128| format!("lambda {}", Uuid::from_u128(n));
    assert_eq!(
        notes(&store),
        [(by(1), 1), (by(2), 1)],
        "the first read is noted before the value is handed over"
    );
    secrets.write_counts().unwrap();
    assert_eq!(notes(&store), [(by(1), 3), (by(2), 1)]);
    secrets.show("a", "one", "me").unwrap();
    assert_eq!(notes(&store)[2], ("me".to_owned(), 1));
}

#[test]
fn a_binding_names_a_host_and_a_header_a_secret_may_have() {
    let good = Binding::judge("API.example.com", "X-Api-Key", &value("\"k\"")).unwrap();
    assert_eq!((good.host.as_str(), good.header.as_str()), ("api.example.com", "x-api-key"));
    for (host, header, json) in [
        ("*.example.com", "x", "\"k\""),
        ("127.0.0.1", "x", "\"k\""),
        ("", "x", "\"k\""),
        ("a.example", "", "\"k\""),
        ("a.example", "a b", "\"k\""),
        ("a.example", "x\r\ny", "\"k\""),
        ("a.example", "Host", "\"k\""),
        ("a.example", "Content-Length", "\"k\""),
        ("a.example", "Proxy-Authorization", "\"k\""),
        ("a.example", "X-Lambkin-Hops", "\"0\""),
        ("a.example", &"x".repeat(101), "\"k\""),
        ("a.example", "x", "\"k\\r\\nHost: evil\""),
        ("a.example", "x", "\"ä\""),
        ("a.example", "x", "\"\""),
        ("a.example", "x", "1"),
    ] {
        assert!(Binding::judge(host, header, &value(json)).is_err(), "{host} {header} {json}");
    }
}
