//! The contract's own rules: there is a function named `lambda`, and it can answer.

use oxc_span::min_edit_distance;

use super::{
    Place, Report,
    position::Lines,
    survey::{Binding, Callback, FunctionFacts, LAMBDA, Survey, Value},
};

/// What to start from; the hint wherever there is nothing to mend.
pub(super) const SKELETON: &str =
    "start with `function lambda(input, callback) { callback(null, 'hello'); }`";

/// Names other platforms give to what is called `lambda` here, and names people choose for it.
const USUAL_NAMES: [&str; 8] = ["handler", "handle", "main", "index", "run", "execute", "fn", "func"];

/// Applies the rules on `lambda` and its callback.
pub(super) fn report(survey: &Survey<'_>, lines: &Lines<'_>, report: &mut Report) {
    if survey.lambdas.is_empty() {
        no_lambda(survey, lines, report);
        return;
    }
    let functions: Vec<(&Binding, &FunctionFacts)> = survey
        .lambdas
        .iter()
        .filter_map(|binding| match &binding.value {
            Value::Function(facts) => Some((binding, facts)),
            _ => None,
        })
        .collect();
    let uncertain = survey.lambdas.iter().any(|binding| matches!(binding.value, Value::Unknown));
    match functions[..] {
        [] if uncertain => {}
        [] => not_a_function(survey, lines, report),
        [(binding, facts)] if !uncertain => can_answer(binding, facts, lines, report),
        // Which of several it will be is only known when the source has run.
        _ => {}
    }
}

/// There is no `lambda`: says what to rename when something comes close.
fn no_lambda(survey: &Survey<'_>, lines: &Lines<'_>, report: &mut Report) {
    let message = "there is no function named `lambda` at top level";
    if let Some((at, hint)) = near_miss(survey) {
        report.error(lines, "no-lambda", at, message, &*hint);
    } else {
        let hint = "declare `function lambda(input, callback) { … }` or `async function lambda(input) { … }`, \
                    not inside of anything else";
        report.error(lines, "no-lambda", (0, 0), message, hint);
    }
}

/// The best guess at what was meant to be the lambda, and the way out.
fn near_miss(survey: &Survey<'_>) -> Option<(Place, String)> {
    let rename = |binding: &Binding| (binding.at, format!("rename `{}` to `lambda`", binding.name));
    let misspelt = |name: &str| min_edit_distance(&name.to_lowercase(), LAMBDA) <= 2;
    if let Some(binding) = survey.functions.iter().find(|binding| misspelt(&binding.name)) {
        return Some(rename(binding));
    }
    if let Some(&at) = survey.nested_lambdas.first() {
        return Some((
            at,
            "move this `lambda` to the top level of the source, out of what surrounds it".to_owned(),
        ));
    }
    if let Some(export) = survey.exports.first() {
        let hint =
            format!("write `lambda = …` instead of `{} = …`: the lambda is found by its name", export.target);
        return Some((export.at, hint));
    }
    let usual = |binding: &&Binding| USUAL_NAMES.contains(&binding.name.to_lowercase().as_str());
    if let Some(binding) = survey.functions.iter().find(usual) {
        return Some(rename(binding));
    }
    match &survey.functions[..] {
        [only] => Some((only.at, format!("if `{}` is the lambda, rename it to `lambda`", only.name))),
        _ => None,
    }
}

fn not_a_function(survey: &Survey<'_>, lines: &Lines<'_>, report: &mut Report) {
    // The last one with a value decides; a declaration without any says least.
    let with_value = survey.lambdas.iter().rev().find_map(|binding| match binding.value {
        Value::Other(what) => Some((binding.at, what)),
        _ => None,
    });
    let declared = || survey.lambdas.last().map(|binding| (binding.at, "never given a value"));
    if let Some((at, what)) = with_value.or_else(declared) {
        let hint = "make it `function lambda(input, callback) { … }` or `async function lambda(input) { … }`";
        report.error(lines, "lambda-not-a-function", at, format!("`lambda` is {what}, not a function"), hint);
    }
}

/// A lambda that neither calls back nor returns anything would only ever run into its time limit.
fn can_answer(binding: &Binding, facts: &FunctionFacts, lines: &Lines<'_>, report: &mut Report) {
    if facts.is_generator {
        let hint = "leave out the `*`; use `async` and `await` to wait for something";
        let message = "`lambda` is a generator function: calling it runs nothing";
        report.error(lines, "lambda-is-generator", binding.at, message, hint);
        return;
    }
    if facts.is_async || facts.returns_value {
        return;
    }
    match &facts.callback {
        Callback::Used => {}
        Callback::Missing => report.error(
            lines,
            "callback-unused",
            facts.head,
            "`lambda` has no callback parameter and returns nothing, so it can never answer",
            "take a second parameter and call it, `function lambda(input, callback) { callback(null, result); }`, \
             or return the result",
        ),
        Callback::Unused { name, at } => {
            let hint = format!("call `{name}(null, result)` when done, return the result, or make `lambda` async");
            report.error(
                lines,
                "callback-unused",
                *at,
                format!("`lambda` never uses its callback `{name}` and returns nothing, so it can never answer"),
                &*hint,
            );
        }
    }
}
