//! What may be stored of a log: the limits of contract section 1, to the character.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lambkin_runtime::{Level, LogBook, LogEntry, LogLimits};
use proptest::prelude::*;
use serde_json::value::RawValue;

const LIMITS: LogLimits = LogLimits { entries: 10, chars: 6_000 };

fn raw(json: impl Into<String>) -> Box<RawValue> {
    RawValue::from_string(json.into()).expect("JSON")
}

fn entry(level: Level, message: &str, extras: &str, timestamp: u64) -> LogEntry {
    LogEntry { level, message: raw(message), extras: raw(extras), timestamp }
}

fn info(text: &str) -> LogEntry {
    entry(Level::Info, &serde_json::to_string(text).expect("a string"), "[]", 7)
}

fn book(entries: impl IntoIterator<Item = LogEntry>) -> LogBook {
    let mut book = LogBook::default();
    for entry in entries {
        book.push(entry);
    }
    book
}

fn text(entry: &LogEntry) -> String {
    match serde_json::from_str::<serde_json::Value>(entry.message.get()) {
        Ok(serde_json::Value::String(text)) => text,
        _ => entry.message.get().to_owned(),
    }
}

fn json(entries: &[LogEntry]) -> String {
    serde_json::to_string(entries).expect("JSON")
}

/// The count the contract defines, worked out another way than the code does.
fn counted(entry: &LogEntry) -> usize {
    let message = text(entry).chars().count();
    let extras: Vec<serde_json::Value> = serde_json::from_str(entry.extras.get()).expect("a list");
    message + if extras.is_empty() { 0 } else { entry.extras.get().chars().count() }
}

#[test]
fn the_shape_is_the_contracts() {
    let logged = entry(Level::Warn, r#"{"a":1}"#, r#"["x",2]"#, 1_700_000_000_000);
    let json = serde_json::to_string(&logged).expect("JSON");
    assert_eq!(json, r#"{"level":"Warn","message":{"a":1},"extras":["x",2],"timestamp":1700000000000}"#);
    let back: LogEntry = serde_json::from_str(&json).expect("an entry");
    assert_eq!(serde_json::to_string(&back).expect("JSON"), json);
}

#[test]
fn levels_are_the_engines() {
    for level in [Level::Debug, Level::Info, Level::Warn, Level::Error] {
        let wire = lambkin_abi::Level::from(level);
        assert_eq!(Level::from(wire), level);
        assert_eq!(serde_json::to_string(&level).expect("JSON"), format!("\"{}\"", wire.name()));
    }
    assert!(Level::Debug < Level::Info && Level::Info < Level::Warn && Level::Warn < Level::Error);
}

#[test]
fn debug_is_shown_and_never_stored() {
    let log = book([entry(Level::Debug, "\"a\"", "[]", 1), info("b"), entry(Level::Debug, "\"c\"", "[]", 3)]);
    assert_eq!(log.all().len(), 3);
    assert_eq!(log.stored(LIMITS).iter().map(text).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn exactly_at_the_limits_nothing_is_cut() {
    let log = book((0..10).map(|_| info(&"ä".repeat(600))));
    assert_eq!(json(&log.stored(LIMITS)), json(log.all()));
    // Debug entries behind the tenth are nobody's loss.
    let mut log = log;
    log.push(entry(Level::Debug, "\"more\"", "[]", 9));
    assert_eq!(log.stored(LIMITS).len(), 10);
}

#[test]
fn the_eleventh_entry_is_named() {
    let log = book((0..13).map(|n| entry(Level::Info, &format!("\"{n}\""), "[]", n)));
    let stored = log.stored(LIMITS);
    assert_eq!(stored.len(), 11);
    assert_eq!(text(&stored[9]), "9");
    assert_eq!(stored[10].level, Level::Error);
    assert_eq!(text(&stored[10]), "log limit of 10 entries reached: 3 more entries were not stored");
    assert_eq!(stored[10].timestamp, 10);
}

#[test]
fn one_character_too_many_cuts_the_last_entry() {
    let log = book([info(&"a".repeat(5_000)), info(&"😀".repeat(1_001)), info("never")]);
    let stored = log.stored(LIMITS);
    assert_eq!(stored.len(), 3);
    let mark = "… [cut: log limit of 6000 characters]";
    assert_eq!(text(&stored[1]), format!("{}{mark}", "😀".repeat(1_000 - mark.chars().count())));
    assert_eq!(stored[..2].iter().map(counted).sum::<usize>(), 6_000);
    assert_eq!(text(&stored[2]), "log limit of 6000 characters reached: 1 more entry was not stored");

    let alone = book([info(&"a".repeat(6_001))]).stored(LIMITS);
    assert_eq!(text(&alone[1]), "log limit of 6000 characters reached: the last entry was cut");
}

#[test]
fn an_entry_without_room_for_the_mark_is_left_out() {
    let log = book([info(&"a".repeat(5_990)), info(&"b".repeat(20))]);
    let stored = log.stored(LIMITS);
    assert_eq!(stored.len(), 2);
    assert_eq!(text(&stored[1]), "log limit of 6000 characters reached: 1 more entry was not stored");
}

#[test]
fn large_extras_are_cut_and_the_message_stays() {
    let value = format!("[{{\"payload\":\"{}\"}}]", "\\\"x".repeat(4_000));
    let stored = book([entry(Level::Warn, r#"{"kind":"order"}"#, &value, 1)]).stored(LIMITS);
    assert_eq!(stored[0].message.get(), r#"{"kind":"order"}"#);
    let extras: Vec<String> = serde_json::from_str(stored[0].extras.get()).expect("a list with one text");
    assert!(extras[0].starts_with("{\"payload\":\"\\\"x\\\"x"), "{}", extras[0]);
    assert!(extras[0].ends_with("… [cut: log limit of 6000 characters]"));
    assert!((5_995..=6_000).contains(&counted(&stored[0])), "{}", counted(&stored[0]));
    assert_eq!(stored.len(), 2);
}

#[test]
fn a_large_value_as_message_becomes_text() {
    let value = format!("{{\"data\":\"{}\"}}", "é".repeat(7_000));
    let stored = book([entry(Level::Info, &value, "[]", 1)]).stored(LIMITS);
    assert!(text(&stored[0]).starts_with("{\"data\":\"éé"));
    assert_eq!(counted(&stored[0]), 6_000);
}

#[test]
fn escapes_count_as_what_they_stand_for_and_are_never_split() {
    // Six characters: a, quote, line feed, an emoji as a pair, half a pair, b.
    let content = r#"a\"\n\ud83d\ude00\ud83db"#;
    let exact = LogLimits { entries: 1, chars: 6 };
    let log = book([entry(Level::Info, &format!("\"{content}\""), "[]", 1)]);
    assert_eq!(json(&log.stored(exact)), json(log.all()));
    let mark = "… [cut: log limit of 42 characters]".chars().count();
    for kept in 0..6 {
        let padding = 42 - mark - kept;
        let message = format!("\"{}{content}{}\"", "-".repeat(padding), "+".repeat(60));
        let stored =
            book([entry(Level::Info, &message, "[]", 1)]).stored(LogLimits { entries: 1, chars: 42 });
        let expected =
            [r"", r"a", r#"a\""#, r#"a\"\n"#, r#"a\"\n\ud83d\ude00"#, r#"a\"\n\ud83d\ude00\ud83d"#][kept];
        assert!(
            stored[0].message.get().starts_with(&format!("\"{}{expected}…", "-".repeat(padding))),
            "{kept}"
        );
    }
}

#[test]
fn limits_of_nothing_store_nothing_but_the_word() {
    let log = book([info("a"), info("b")]);
    let none = log.stored(LogLimits { entries: 0, chars: 6_000 });
    assert_eq!(
        none.iter().map(text).collect::<Vec<_>>(),
        ["log limit of 0 entries reached: 2 more entries were not stored"]
    );
    let none = log.stored(LogLimits { entries: 10, chars: 0 });
    assert_eq!(none.len(), 1);
    assert!(LogBook::default().stored(LogLimits { entries: 0, chars: 0 }).is_empty());
}

#[test]
fn bytes_are_counted_as_they_are_pushed() {
    let log = book([entry(Level::Debug, "\"é\"", "[1]", 1)]);
    assert_eq!(log.bytes(), 4 + 3);
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(vec![Level::Debug, Level::Info, Level::Warn, Level::Error])
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| serde_json::to_string(&text).expect("a string")),
        "[a-zäöü😀\"\\\\\n]{0,40}".prop_map(|text| serde_json::to_string(&text).expect("a string")),
        any::<i64>().prop_map(|number| number.to_string()),
        prop::collection::vec(any::<String>(), 0..4)
            .prop_map(|list| serde_json::to_string(&list).expect("a list")),
        Just("null".to_owned()),
        Just(r#"{ "a": [1, {"b": "\u00e9\\"}] }"#.to_owned()),
    ]
}

fn log() -> impl Strategy<Value = LogBook> {
    let extras = prop::collection::vec(value(), 0..3).prop_map(|values| format!("[{}]", values.join(",")));
    let one = (level(), value(), extras, any::<u64>())
        .prop_map(|(level, message, extras, timestamp)| entry(level, &message, &extras, timestamp));
    prop::collection::vec(one, 0..20).prop_map(book)
}

fn is_closing(entry: &LogEntry) -> bool {
    entry.level == Level::Error && text(entry).starts_with("log limit of ")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_stored_keeps_the_limits(log in log(), entries in 0_usize..15, chars in 0_usize..400) {
        let limits = LogLimits { entries, chars };
        let all: Vec<&LogEntry> = log.all().iter().filter(|entry| entry.level != Level::Debug).collect();
        let stored = log.stored(limits);

        // Within the limits, the closing entry apart.
        let (kept, closed) = match stored.last() {
            Some(last) if is_closing(last) => (&stored[..stored.len() - 1], true),
            _ => (&stored[..], false),
        };
        prop_assert!(kept.len() <= entries);
        prop_assert!(kept.iter().map(counted).sum::<usize>() <= chars);

        // In order, and the same but for the last; something is missing exactly when the closing entry says so.
        let mut changed = 0;
        for (kept, logged) in kept.iter().zip(&all) {
            prop_assert_eq!((kept.level, kept.timestamp), (logged.level, logged.timestamp));
            changed += usize::from(json(std::slice::from_ref(kept)) != json(std::slice::from_ref(*logged)));
        }
        prop_assert!(changed <= 1);
        if changed == 1 {
            prop_assert!(json(&kept[kept.len() - 1..]).contains("… [cut: log limit of "));
        }
        prop_assert_eq!(closed, changed == 1 || kept.len() < all.len());

        // Storing what is stored changes nothing.
        let again = book(kept.iter().cloned()).stored(limits);
        prop_assert_eq!(json(&again), json(kept));
    }
}
