//! Warns about names, modules and promises that will not be there, or not be waited for, when the lambda runs.
//!
//! Warnings only: a name may be defined in ways a static check cannot see, and a lambda may well expect a
//! `require` to throw. The lists are the contract's, section 2.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use oxc_semantic::Semantic;
use oxc_span::best_match;
use serde::Deserialize;

use super::{
    Report, place,
    position::Lines,
    survey::{LAMBDA, Survey},
};

/// Globals of the language itself.
const LANGUAGE_GLOBALS: &[&str] = &[
    "AggregateError",
    "Array",
    "ArrayBuffer",
    "Atomics",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Boolean",
    "DataView",
    "Date",
    "Error",
    "EvalError",
    "FinalizationRegistry",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "Function",
    "Infinity",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Intl",
    "Iterator",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "RangeError",
    "ReferenceError",
    "Reflect",
    "RegExp",
    "Set",
    "SharedArrayBuffer",
    "String",
    "Symbol",
    "SyntaxError",
    "TypeError",
    "URIError",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakMap",
    "WeakRef",
    "WeakSet",
    "arguments",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "eval",
    "globalThis",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "undefined",
    "unescape",
];

/// Globals of the platform. `AbortSignal` and `DOMException` come with `AbortController`.
const PLATFORM_GLOBALS: &[&str] = &[
    "AbortController",
    "AbortSignal",
    "Blob",
    "Buffer",
    "DOMException",
    "Event",
    "EventTarget",
    "FormData",
    "Headers",
    "Request",
    "Response",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
    "atob",
    "btoa",
    "clearImmediate",
    "clearInterval",
    "clearTimeout",
    "console",
    "crypto",
    "exports",
    "fetch",
    "global",
    "module",
    "performance",
    "process",
    "queueMicrotask",
    "require",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "structuredClone",
];

/// Node core modules, with and without `node:`: the list the engine itself is built from.
static CORE_MODULES: LazyLock<CoreModules> = LazyLock::new(|| {
    serde_json::from_str(lambkin_abi::CORE_MODULES).expect("the engine was built from this list")
});

#[derive(Deserialize)]
struct CoreModules {
    modules: Vec<String>,
    /// Those that are there and whose functions are not, and why.
    refused: BTreeMap<String, String>,
}

/// npm packages that come with the platform.
const PACKAGES: &[&str] = &[
    "request",
    "request-promise-native",
    "request-promise",
    "lp-faas-toolbelt",
    "jsforce",
    "oauth-1.0a",
    "luxon",
    "lodash",
    "jsonwebtoken",
];

/// Suggestions cost a comparison with every name in the source; enough for any real one.
const MAX_SUGGESTIONS: usize = 20;

/// Applies the rules.
pub(super) fn report(survey: &Survey<'_>, semantic: &Semantic<'_>, lines: &Lines<'_>, report: &mut Report) {
    undeclared_variables(survey, semantic, lines, report);
    unsupported_modules(survey, lines, report);
    promises_never_awaited(survey, semantic, lines, report);
}

/// Reads of globals that do not exist; each name once, where it is read first.
fn undeclared_variables(
    survey: &Survey<'_>,
    semantic: &Semantic<'_>,
    lines: &Lines<'_>,
    report: &mut Report,
) {
    if survey.has_dynamic_scope {
        return;
    }
    let scoping = semantic.scoping();
    let mut missing = Vec::new();
    for (name, references) in scoping.root_unresolved_references() {
        let name = name.as_str();
        let known =
            LANGUAGE_GLOBALS.binary_search(&name).is_ok() || PLATFORM_GLOBALS.binary_search(&name).is_ok();
        // `await` has an error of its own.
        if known
            || matches!(name, LAMBDA | "await")
            || survey.excused_globals.iter().any(|excused| excused == name)
        {
            continue;
        }
        let references = || references.iter().map(|&reference| scoping.get_reference(reference));
        // An assignment makes a global in sloppy mode; `name += 1` reads first and throws.
        if references().any(|reference| reference.is_write() && !reference.is_read()) {
            continue;
        }
        let first =
            references().map(|reference| semantic.reference_span(reference)).min_by_key(|span| span.start);
        missing.extend(first.map(|span| (span, name)));
    }
    missing.sort_by_key(|(span, _)| span.start);
    for (index, (span, name)) in missing.into_iter().enumerate() {
        let hint = || {
            if let Some(instead) = instead_of_global(name) {
                return Some(instead.to_owned());
            }
            let candidates = || scoping.symbol_names().chain(PLATFORM_GLOBALS.iter().copied());
            let meant =
                (index < MAX_SUGGESTIONS).then(|| best_match(name, candidates(), slips(name))).flatten();
            Some(match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("declare `{name}`, or ask with `typeof {name}` whether it exists"),
            })
        };
        let message = format!("`{name}` is not defined anywhere");
        report.warning(lines, "undeclared-variable", place(span), message, hint());
    }
}

/// What does the job of a global that other places have.
fn instead_of_global(name: &str) -> Option<&'static str> {
    Some(match name {
        "window" | "self" | "document" | "navigator" | "location" | "localStorage" | "sessionStorage"
        | "alert" => "a lambda does not run in a browser; `globalThis` is the global object",
        "XMLHttpRequest" | "axios" | "$" | "jQuery" => {
            "use `fetch`, or `require('lp-faas-toolbelt')` and its HTTP client"
        }
        "__dirname" | "__filename" => "a lambda has no files; keep data in the source or in secrets",
        "_" => "write `const _ = require('lodash')`",
        "Toolbelt" => "write `const { Toolbelt } = require('lp-faas-toolbelt')`",
        "WebSocket" | "Worker" => "a lambda has neither sockets nor threads; use `fetch`",
        _ => return None,
    })
}

/// How many letters may differ before two names are no longer taken for one.
fn slips(name: &str) -> usize {
    match name.len() {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    }
}

fn unsupported_modules(survey: &Survey<'_>, lines: &Lines<'_>, report: &mut Report) {
    for require in &survey.requires {
        let module = require.module.as_str();
        let (hint, message) = if module.starts_with(['.', '/']) {
            let hint = "put the code into this source, or bundle the files with `lambkin build`".to_owned();
            (hint, format!("a lambda is one file, there is no module `{module}`"))
        } else {
            let path = module.strip_prefix("node:").unwrap_or(module);
            let package = path.split('/').next().unwrap_or(path);
            let is_package = !module.starts_with("node:") && PACKAGES.contains(&package);
            if is_package || CORE_MODULES.modules.iter().any(|known| known == path) {
                continue;
            }
            if let Some(reason) = CORE_MODULES.refused.get(path) {
                let message = format!("every function of `{path}` throws when it is called");
                report.warning(lines, "unsupported-module", require.at, message, Some(reason.clone()));
                continue;
            }
            let known = CORE_MODULES.modules.iter().map(String::as_str).chain(PACKAGES.iter().copied());
            let hint = match best_match(package, known, slips(package)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("bundle it with `lambkin build`, or use one of: {}", PACKAGES.join(", ")),
            };
            (hint, format!("the platform has no module `{module}`"))
        };
        report.warning(lines, "unsupported-module", require.at, message, Some(hint));
    }
}

/// An async function called for nothing, where it could be awaited.
fn promises_never_awaited(
    survey: &Survey<'_>,
    semantic: &Semantic<'_>,
    lines: &Lines<'_>,
    report: &mut Report,
) {
    for call in &survey.bare_calls {
        if survey.async_functions.contains(&call.callee) {
            let name = semantic.scoping().symbol_name(call.callee);
            report.warning(
                lines,
                "promise-never-awaited",
                call.at,
                format!("`{name}` is async, but nothing waits for it or sees it fail"),
                Some(format!(
                    "write `await {name}(…)`, or `{name}(…).catch(…)` when it may run on by itself"
                )),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_the_search() {
        assert!(LANGUAGE_GLOBALS.is_sorted());
        assert!(PLATFORM_GLOBALS.is_sorted());
    }
}
