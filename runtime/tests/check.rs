//! The check from outside: golden reports, places, limits, and that no source brings it down.
//!
//! `golden/check/<case>/lambda.js` is checked and the rendered report compared with `findings.txt` beside it.
//! Adding a case is adding a folder; `LAMBKIN_BLESS=1` writes the reports.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use lambkin_runtime::{Checked, Finding, MAX_SOURCE_CHARS, Severity, check};
use proptest::prelude::*;

const GOOD: &str = "function lambda(input, callback) { callback(null, 1); }\n";

fn findings(source: &str) -> Vec<Finding> {
    match check(source) {
        Ok(checked) => checked.warnings().to_vec(),
        Err(findings) => findings,
    }
}

fn codes(source: &str) -> Vec<&'static str> {
    findings(source).iter().map(|finding| finding.code).collect()
}

/// Line, column, end line, end column.
fn places(source: &str) -> Vec<(u32, u32, u32, u32)> {
    findings(source).iter().map(|f| (f.line, f.column, f.end_line, f.end_column)).collect()
}

fn report(result: &Result<Checked, Vec<Finding>>) -> String {
    let (verdict, findings) = match result {
        Ok(checked) => ("accepted", checked.warnings()),
        Err(findings) => ("refused", findings.as_slice()),
    };
    let mut text = format!("{verdict}\n");
    for finding in findings {
        let _ = write!(text, "\n{}\n", finding.render("lambda.js"));
    }
    text
}

fn golden() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/check");
    let entries = fs::read_dir(folder).expect("the golden folder");
    let mut cases: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn reports_are_the_golden_ones() {
    let bless = std::env::var_os("LAMBKIN_BLESS").is_some_and(|value| value == "1");
    let mut wrong = String::new();
    for case in golden() {
        let source = fs::read_to_string(case.join("lambda.js")).expect("lambda.js");
        let expected = case.join("findings.txt");
        let actual = report(&check(&source));
        if bless {
            fs::write(&expected, actual).expect("findings.txt is writable");
        } else if fs::read_to_string(&expected).ok().as_deref() != Some(&*actual) {
            let _ = write!(wrong, "\n===== {} =====\n{actual}", case.display());
        }
    }
    assert!(wrong.is_empty(), "reports differ; look at them, then bless with LAMBKIN_BLESS=1:\n{wrong}");
}

#[test]
fn every_message_is_in_the_houses_form() {
    for case in golden() {
        let source = fs::read_to_string(case.join("lambda.js")).expect("lambda.js");
        for finding in findings(&source) {
            for text in [Some(&finding.message), finding.hint.as_ref()].into_iter().flatten() {
                assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
                assert!(!text.starts_with(|c: char| c.is_uppercase()), "{text}");
                assert!(!text.contains('\n'), "{text}");
            }
        }
    }
}

#[test]
fn the_json_shape_is_stable() {
    let finding = &findings("function lambda(input, callback) {}")[0];
    let json = serde_json::to_value(finding).expect("json");
    assert_eq!(
        json,
        serde_json::json!({
            "severity": "error",
            "code": "callback-unused",
            "message": "`lambda` never uses its callback `callback` and returns nothing, so it can never answer",
            "line": 1, "column": 24, "endLine": 1, "endColumn": 32,
            "frame": "> 1 | function lambda(input, callback) {}\n    |                        ^^^^^^^^",
            "hint": "call `callback(null, result)` when done, return the result, or make `lambda` async",
        })
    );
}

#[test]
fn columns_count_characters() {
    for (before, column) in [
        ("", 1),
        ("'äöü'; ", 8),
        ("'😀'; ", 6),
        ("'👩‍👩‍👧'; ", 10),
        ("\t\t", 3),
        ("\u{feff}", 1),
        ("'日本'; ", 7),
    ] {
        assert_eq!(places(&format!("{before}nope; {GOOD}")), [(1, column, 1, column + 4)], "{before:?}");
    }
}

#[test]
fn lines_end_where_javascript_says() {
    for terminator in ["\n", "\r\n", "\r", "\u{2028}", "\u{2029}"] {
        let source = format!("// a{terminator}{terminator}  nope;{terminator}{GOOD}");
        assert_eq!(places(&source), [(3, 3, 3, 7)], "{terminator:?}");
        let frame = &findings(&source)[0].frame;
        assert_eq!(frame.lines().count(), 5, "{frame}");
        assert!(frame.contains("> 3 |   nope;\n    |   ^^^^\n  4 | function"), "{frame}");
    }
}

#[test]
fn nothing_a_terminal_would_obey_gets_into_a_frame() {
    let source = format!("/* \u{1b}[31m \u{7} \u{202e} \u{200b} \u{9b} \0 \u{7f} */ nope; {GOOD}");
    for finding in findings(&source) {
        assert!(!finding.frame.contains(|c: char| c != '\n' && c.is_control()), "{:?}", finding.frame);
        assert!(!finding.frame.contains(['\u{202e}', '\u{200b}']));
        assert!(
            finding.frame.contains("␛[31m ␇ <U+202E> <U+200B> <U+009B> ␀ ␡ */ nope"),
            "{}",
            finding.frame
        );
    }
}

#[test]
fn long_lines_are_clipped_around_the_marker() {
    let source = format!("{};nope;{};{GOOD}", "a=1;".repeat(5_000), "b=2;".repeat(5_000));
    let frame = &findings(&source)[0].frame;
    let lines: Vec<&str> = frame.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() < 120), "{frame}");
    let marker = lines[1].chars().position(|c| c == '^').expect("a marker");
    assert_eq!(lines[0].chars().skip(marker).take(4).collect::<String>(), "nope", "{frame}");
    assert!(lines[0].contains("| …") && lines[0].ends_with('…'), "{frame}");
}

#[test]
fn the_size_limit_counts_characters_and_is_exact() {
    let fill = |size: usize, with: &str| {
        let open = format!("{GOOD}//");
        let source = format!("{open}{}", with.repeat(size - open.chars().count()));
        assert_eq!(source.chars().count(), size);
        source
    };
    for with in ["x", "ä", "😀"] {
        assert!(check(&fill(MAX_SOURCE_CHARS, with)).is_ok());
        let found = findings(&fill(MAX_SOURCE_CHARS + 1, with));
        assert_eq!(found[0].code, "too-long");
        assert!(found[0].message.contains("100001 characters"), "{}", found[0].message);
        assert_eq!((found[0].line, found[0].column as usize), (2, MAX_SOURCE_CHARS - GOOD.len() + 1));
        assert!(found[0].frame.len() < 1_500);
    }
}

#[test]
fn giant_sources_are_refused_at_once() {
    let source = "(".repeat(64 << 20);
    let start = Instant::now();
    assert_eq!(codes(&source), ["too-long"]);
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn deep_nesting_is_a_finding() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("`${", "}`"),
        ("f(", ")"),
        ("({[", "]:1})"),
        ("(a=(", "))"),
        ("@(", ")"),
        ("({get a(){", "}})"),
        ("(function(){", "})"),
        ("({a:(", ")})"),
        ("class a{[", "]}"),
        ("a?(b):(", ")"),
    ] {
        for (depth, close) in [(50_000, close), (50_000, ""), (300, close), (300, "")] {
            let depth = depth.min(99_900 / (open.len() + close.len()));
            let source = format!("{GOOD}{}1{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(codes(&source), ["too-deep"], "{depth} of {open}");
        }
    }
}

/// Depth without brackets, which only the size of the stack holds: every one of these recurses in the parser or in
/// the visitors. None may crash or take long; whether it is accepted does not matter.
#[test]
fn deep_chains_neither_overflow_nor_take_long() {
    for (open, end) in [
        ("!", "x"),
        ("- ", "x"),
        ("typeof ", "x"),
        ("new ", "x"),
        ("a=>", "x"),
        ("(a)=>", "x"),
        ("async a=>", "x"),
        ("a?b:", "x"),
        ("a=", "x"),
        ("a+", "x"),
        ("a**", "x"),
        ("a??", "x"),
        ("a,", "x"),
        ("a.", "b"),
        ("a?.", "b"),
        ("if(a)", ";"),
        ("if(a);else ", ";"),
        ("while(a)", ";"),
        ("for(;;)", ";"),
        ("do ", ";"),
        ("a:", ";"),
        ("@", "x"),
        ("await ", "x"),
        ("yield ", "x"),
        ("``", ""),
        ("a()", ""),
        ("class a extends ", "b"),
        ("lambda=", "x"),
        ("exports.a=", "x"),
        ("lambda=a=>", "x"),
        ("exports.a=b=>", "x"),
        ("let a;", ""),
        ("a;", ""),
        ("/a/+", "1"),
        ("a=b=>c=>", "d"),
        ("1/(2)/(3);", ""),
        ("if(a)/'/.b;", ""),
        ("function f(){}", ""),
        ("async function f(){}", ""),
        ("\\", ""),
        ("\u{1f600}", ""),
        ("#", ""),
        ("\"", ""),
        ("'\n", ""),
        ("`", ""),
        ("/", ""),
        ("<!--\n", ""),
    ] {
        let source = format!("{}{end}", open.repeat(99_900 / open.chars().count()));
        let start = Instant::now();
        let found = findings(&source);
        assert!(start.elapsed() < Duration::from_secs(20), "{open}: {:?}", start.elapsed());
        assert!(found.iter().all(|finding| finding.code != "check-failed"), "{open}: {found:?}");
        assert!(found.len() <= 101, "{open}: {}", found.len());
    }
}

#[test]
fn nested_groups_of_a_regular_expression_do_not_overflow() {
    let source = format!("{GOOD}x = /{}{}/;", "(".repeat(45_000), ")".repeat(45_000));
    assert!(findings(&source).iter().all(|finding| finding.code != "check-failed"));
}

/// Every accepted source of this list uses the callback, is async or returns; every refused one cannot answer.
#[test]
fn the_callback_rule() {
    for good in [
        "function lambda(input, callback) { callback(null) }",
        "function lambda(input, done) { setTimeout(done) }",
        "function lambda(input, callback) { const go = () => callback(); go() }",
        "function lambda(input, callback) { function go() { callback() } go() }",
        "function lambda(input, callback) { arguments[1](null) }",
        "function lambda() { arguments[1](null) }",
        "function lambda() { (() => arguments[1](null))() }",
        "function lambda(...all) { all[1]() }",
        "function lambda(input, ...rest) {}",
        "function lambda(input, { call }) {}",
        "function lambda(input, [call]) {}",
        "function lambda(input, callback = console.log) {}",
        "function lambda(input, callback) { eval('callback()') }",
        "function lambda(input, callback) { return 1 }",
        "function lambda(input) { return Promise.resolve(1) }",
        "function lambda(input) { if (input) { return input } }",
        "async function lambda(input, callback) {}",
        "async function lambda() {}",
        "const lambda = async () => {}",
        "const lambda = () => 1",
        "const lambda = (input, callback) => callback(null)",
        "const lambda = (input, callback) => setTimeout(callback)",
        "let lambda; lambda = function (input, callback) { callback() }",
        "var lambda = function (input, callback) { callback() }",
        "lambda = (input, callback) => { callback() }",
        "globalThis.lambda = (input, callback) => { callback() }",
        "const wrap = f => f; const lambda = wrap(function (input, callback) {})",
        "const lambda = 1 < 2 ? (i, c) => { c() } : null",
        "const { lambda } = require('lodash')",
        "let lambda; function init() { lambda = () => 1 } init()",
        "function lambda(input, callback) { var callback; callback() }",
        "if (true) { function lambda(i, c) { c() } }",
        "(lambda) = (i, c) => c()",
        "const lambda = exports.handler = async () => 1",
        "function lambda(i, c) { c() } module.exports = lambda",
        "function lambda(i, c) { c() } module.exports = { lambda }",
        "'use strict'; function lambda(i, c) { c() }",
        "#!/usr/bin/env node\nfunction lambda(i, c) { c() }",
        "function lambda(i, c) { with (i) { c() } }",
        "x = 010; function lambda(i, c) { c() }",
    ] {
        assert!(check(good).is_ok(), "{good}: {:?}", findings(good));
    }
    for bad in [
        "function lambda(input, callback) {}",
        "function lambda(input, callback) { return }",
        "function lambda(input) { console.log(input) }",
        "function lambda() {}",
        "function lambda(input, callback) { [1].map(callback => callback) }",
        "function lambda(input, callback) { function inner(callback) { callback() } inner() }",
        "function lambda(input, callback) { { let callback = 1; use(callback) } function use() {} }",
        "function lambda(input, callback) { [1].map(x => { return x }) }",
        "function lambda(input, callback) { function f() { return 1 } f() }",
        "function lambda(input, callback) { (function () { return arguments })() }",
        "function lambda(input, callback) { callback = null }",
        "const lambda = (input, callback) => {}",
        "const lambda = function (input, callback) { other.callback() }, other = {}",
        "lambda = (input, callback) => {}",
        "var lambda = function lambda(input, callback) {}",
    ] {
        assert_eq!(codes(bad), ["callback-unused"], "{bad}");
    }
}

#[test]
fn the_lambda_rule() {
    for (source, code, place) in [
        ("const x = 1", "no-lambda", (1, 1)),
        ("function Lambda(i, c) { c() }", "no-lambda", (1, 10)),
        ("function lamda(i, c) { c() }", "no-lambda", (1, 10)),
        ("const handler = async () => {}", "no-lambda", (1, 7)),
        ("exports.handler = async () => {}", "no-lambda", (1, 1)),
        ("module.exports = function lambda(i, c) { c() }", "no-lambda", (1, 27)),
        ("module.exports = { handler: (i, c) => c() }", "no-lambda", (1, 20)),
        ("(function () { function lambda(i, c) { c() } })()", "no-lambda", (1, 25)),
        ("{ let lambda = () => 1 }", "no-lambda", (1, 7)),
        ("const lambda = 42", "lambda-not-a-function", (1, 7)),
        ("class lambda {}", "lambda-not-a-function", (1, 7)),
        ("let lambda", "lambda-not-a-function", (1, 5)),
        ("lambda = { run() {} }", "lambda-not-a-function", (1, 1)),
        ("function* lambda(i, c) { yield 1 }", "lambda-is-generator", (1, 11)),
        ("async function* lambda(i, c) { yield 1 }", "lambda-is-generator", (1, 17)),
        ("", "empty", (1, 1)),
        (" \n\t\u{feff}\n", "empty", (1, 1)),
        ("// nothing\n/* here */", "empty", (1, 1)),
    ] {
        let found = findings(source);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
        assert_eq!((found[0].code, (found[0].line, found[0].column)), (code, place), "{source}");
        assert!(found[0].hint.is_some(), "{source}");
    }
}

#[test]
fn syntax_is_that_of_a_sloppy_script() {
    for (source, code) in [
        ("return 1;", "top-level-return"),
        ("await fetch('x');", "top-level-await"),
        ("await (fetch('x'));", "top-level-await"),
        ("for await (const x of y) {} var y;", "top-level-await"),
        ("import fs from 'fs';", "module-syntax"),
        ("export const x = 1;", "module-syntax"),
        ("export default 1;", "module-syntax"),
        ("export { lambda };", "module-syntax"),
        ("export * from 'fs';", "module-syntax"),
        ("console.log(import.meta);", "module-syntax"),
        ("let a; let a;", "syntax"),
        ("function f() { await 1 }", "syntax"),
        ("x = /(/;", "syntax"),
        ("break;", "syntax"),
        ("@d class A {}; var d;", "unsupported-syntax"),
        ("class A { accessor x = 1 }", "unsupported-syntax"),
    ] {
        let found = codes(&format!("{GOOD}{source}"));
        assert_eq!(found, [code], "{source}: {:?}", findings(&format!("{GOOD}{source}")));
    }
    for source in [
        "var public = 1, yield_ = 2;",
        "x = 1; delete x;",
        "var o = { __proto__: null };",
        "x = '\\01';",
        "a?.b?.[0]; var a;",
        "x ??= 1n ** 2n;",
        "class A { #p = 1; static { this.q = 2; } get p() { return this.#p; } }",
        "label: for (;;) break label;",
        "x = /(?<year>\\d{4})(?<=a)\\p{L}/u;",
        "var { a, ...rest } = {}, [b = 1] = [];",
        "try { } catch { }",
        "async function* g() { for await (const x of g()) yield* x; }",
        "var await = 1;",
        "<!-- html comment",
        "x = import('fs');",
    ] {
        let source = format!("{GOOD}{source}");
        assert!(check(&source).is_ok(), "{source}: {:?}", findings(&source));
    }
}

#[test]
fn all_findings_come_at_once_and_in_order() {
    let source = "let a; let a;\nexport const handler = (input, callback) => {};\nrequire('nope');\nmissing;\nreturn 1;\n";
    assert_eq!(
        codes(source),
        [
            "syntax",
            "module-syntax",
            "no-lambda",
            "unsupported-module",
            "undeclared-variable",
            "top-level-return"
        ]
    );
    let many = format!("{GOOD}{}", "let a;".repeat(1_000));
    let found = findings(&many);
    assert_eq!(found.len(), 101);
    assert_eq!(found[100].code, "more-findings");
    assert!(found[100].message.starts_with("899 more"), "{}", found[100].message);
}

#[test]
fn a_flow_comment_does_not_hide_the_real_error() {
    let found = findings("// mail me@flow.example\nfunction lambda( {}");
    assert!(found.iter().all(|finding| !finding.message.contains("low is not")), "{found:?}");
    assert_eq!(found[0].line, 2);
}

#[test]
fn warnings_do_not_refuse() {
    for (source, code) in [
        ("nope();", "undeclared-variable"),
        ("calback = calback + 1;", ""),
        ("count += 1;", "undeclared-variable"),
        ("total = 0; total += 1;", ""),
        ("typeof window !== 'undefined' && window.x;", ""),
        ("globalThis.shared = 1; shared;", ""),
        ("var a = Buffer.from(''), b = process.env.X, c = new URL('http://x'), d = fetch;", ""),
        ("function f() { return arguments.length + undefined + NaN; }", ""),
        ("with ({}) { anything }", ""),
        ("eval('var late = 1'); late;", ""),
        ("document.title;", "undeclared-variable"),
        ("require('express');", "unsupported-module"),
        ("require('./helper');", "unsupported-module"),
        ("require(`left-pad`);", "unsupported-module"),
        ("require('node:lodash');", "unsupported-module"),
        (
            "['fs', 'node:fs', 'lodash', 'lodash/fp', 'request-promise', 'zlib'].map(name => require(name));",
            "",
        ),
        ("require('fs'); require('node:crypto'); require('lodash/get'); require('lp-faas-toolbelt');", ""),
        ("require('zlib'); require('node:constants'); require('sys'); require('fs/promises');", ""),
        ("require('net');", "unsupported-module"),
        ("require('node:child_process');", "unsupported-module"),
        ("require('fs/nothing');", "unsupported-module"),
        ("function load(require) { require('express') }", ""),
        ("async function f() {} async function g() { f(); }", "promise-never-awaited"),
        ("async function f() {} async function g() { await f(); f().catch(g); void f(); return f(); }", ""),
        ("async function f() {} function g() { f(); } f();", ""),
        ("let f = async () => {}; f = () => {}; async function g() { f(); }", ""),
    ] {
        let source = format!("{GOOD}{source}");
        let checked = check(&source).unwrap_or_else(|found| panic!("{source}: {found:?}"));
        let found: Vec<_> = checked.warnings().iter().map(|finding| finding.code).collect();
        let expected: Vec<_> = Some(code).into_iter().filter(|code| !code.is_empty()).collect();
        assert_eq!(found, expected, "{source}");
        assert_eq!(checked.source(), source);
        assert!(checked.warnings().iter().all(|finding| finding.severity == Severity::Warning));
    }
}

#[test]
fn checks_run_side_by_side() {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert!(check(GOOD).is_ok());
                    assert_eq!(codes("let a; let a;"), ["no-lambda", "syntax"]);
                }
            });
        }
    });
}

/// What must hold for any source whatever.
fn holds_for_any(source: &str) {
    let lines = source.split(['\n', '\r', '\u{2028}', '\u{2029}']).count();
    let characters = source.chars().count();
    for finding in findings(source) {
        assert_ne!(finding.code, "check-failed", "{source:?}");
        assert!((1..=lines).contains(&(finding.line as usize)), "{finding:?}");
        assert!((1..=characters + 1).contains(&(finding.column as usize)), "{finding:?}");
        assert!((finding.line, finding.column) <= (finding.end_line, finding.end_column), "{finding:?}");
        assert!(finding.frame.lines().count() <= 5, "{finding:?}");
        assert!(finding.frame.contains('^'), "{finding:?}");
    }
}

/// Pieces from which random programs are made: enough to get deep into the grammar.
const PIECES: &[&str] = &[
    "function ",
    "lambda",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "input",
    ", ",
    "callback",
    "=> ",
    "=",
    ";",
    "\n",
    "async ",
    "await ",
    "return ",
    "class ",
    "extends ",
    "static ",
    "#p",
    "`",
    "${",
    "'",
    "\"",
    "/",
    "*",
    "//",
    "/*",
    "*/",
    "\\",
    "\\u{61}",
    "1",
    "0n",
    "1e3",
    ".",
    "?.",
    "...",
    "??",
    "?",
    ":",
    "if ",
    "else ",
    "for ",
    "of ",
    "in ",
    "let ",
    "const ",
    "var ",
    "yield ",
    "new ",
    "typeof ",
    "delete ",
    "void ",
    "try ",
    "catch ",
    "finally ",
    "throw ",
    "switch ",
    "case ",
    "default ",
    "import ",
    "export ",
    "from ",
    "require",
    "module.exports",
    "exports.handler",
    "globalThis.",
    "this",
    "super",
    "with ",
    "eval",
    "arguments",
    "<!--",
    "-->",
    "\r\n",
    "\u{2028}",
    "😀",
    "ä",
    "\t",
    "\u{0}",
    "@",
    "get ",
    "set ",
    "using ",
    "label:",
    "break ",
    "continue ",
    "debugger",
    "++",
    "--",
    "!",
    "~",
    "&&",
    "||",
    "<",
    ">>>",
    "'use strict'",
    "#!",
    "import.meta",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_checked(source in any::<String>()) {
        holds_for_any(&source);
    }

    #[test]
    fn any_pieces_are_checked(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..120)) {
        holds_for_any(&pieces.concat());
    }

    #[test]
    fn any_pieces_around_a_lambda_are_checked(
        before in prop::collection::vec(prop::sample::select(PIECES), 0..12),
        after in prop::collection::vec(prop::sample::select(PIECES), 0..12),
    ) {
        holds_for_any(&format!("{};{GOOD};{}", before.concat(), after.concat()));
    }
}

/// A small generator of its own keeps the mutations the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

/// Damages the golden lambdas the way hands and networks do: cut, doubled, swapped, sprinkled with pieces.
#[test]
fn damaged_lambdas_are_checked() {
    let sources: Vec<String> = golden()
        .iter()
        .map(|case| fs::read_to_string(case.join("lambda.js")).expect("lambda.js"))
        .filter(|source| source.len() < 20_000)
        .collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..6_000 {
        let mut characters: Vec<char> = sources[dice.roll(sources.len())].chars().collect();
        for _ in 0..=dice.roll(4) {
            let (a, b) = (dice.roll(characters.len() + 1), dice.roll(characters.len() + 1));
            let (from, to) = (a.min(b), a.max(b));
            match dice.roll(6) {
                0 => drop(characters.drain(from..to.min(from + 20))),
                1 => characters.truncate(from),
                2 => {
                    let copy: Vec<char> = characters[from..to].to_vec();
                    characters.splice(from..from, copy);
                }
                3 if from < characters.len() => {
                    let other = dice.roll(characters.len());
                    characters.swap(from, other);
                }
                4 if from < characters.len() => characters[from] = char::from(dice.roll(128) as u8),
                _ => drop(characters.splice(from..from, PIECES[dice.roll(PIECES.len())].chars())),
            }
        }
        let source: String = characters.into_iter().collect();
        let outcome = std::panic::catch_unwind(|| holds_for_any(&source));
        assert!(outcome.is_ok(), "round {round}:\n{source}");
    }
}
