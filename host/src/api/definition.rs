//! Reads and judges what a client says a lambda should be. All violations are reported at once.

use lambkin_runtime::{Checked, MAX_DEPTH};
use lambkin_templates::{NO_EVENT, find_event};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{MANAGEMENT_BODY, sent::Document};
use crate::{
    artifacts::ContentHash,
    lambda::{Definition, Setting},
    reply::Refusal,
};

pub(super) const MAX_NAME: usize = 50;
pub(super) const MAX_DESCRIPTION: usize = 100;
/// Characters of an event id, and what is shown of something that is none.
pub(super) const MAX_EVENT_ID: usize = 60;
pub(super) const MAX_VARIABLE: usize = 200;
/// Bytes of an example, as JSON text.
const MAX_SAMPLE: usize = 64 << 10;
/// Caps on lists for which the contract names none.
const MAX_PAIRS: usize = 100;
const MAX_SKILLS: usize = 500;

/// Names the platform sets itself.
const RESERVED: [&str; 14] = [
    "BRAND_ID",
    "CONTEXT_SERVICE_ENVIRONMENT",
    "DC",
    "DOMAIN",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LAMBDA_UUID",
    "NODE_ENV",
    "NO_PROXY",
    "VAULT_DOMAIN",
    "VAULT_K8S_MOUNT",
    "VAULT_LAMBDA_ROLE",
    "VAULT_SERVICE_ENV",
    "WATCHDOG_VERSION",
];

/// A lambda as clients send it. What only the server decides (state, dates, deployments) is not read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LambdaBody {
    version: Option<i64>,
    name: Option<String>,
    description: Option<String>,
    event_id: Option<String>,
    skills: Option<Vec<String>>,
    #[schema(value_type = Option<Object>)]
    sample_payload: Option<Box<RawValue>>,
    implementation: Option<ImplementationBody>,
    /// Whether an instance that answered well serves further invocations, with what the lambda keeps in it. As it was
    /// when left out; `false` for a new lambda.
    reuse: Option<bool>,
}

/// What is to run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImplementationBody {
    code: Option<String>,
    dependencies: Option<Vec<Setting>>,
    environment_variables: Option<Vec<Setting>>,
}

/// A definition that was judged and found good.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) definition: Definition,
    pub(crate) checked: Checked,
    /// The version it is meant to follow; `None` where the client gave none.
    pub(crate) version: Option<u64>,
}

impl Document for LambdaBody {
    const MOST: usize = MANAGEMENT_BODY;

    fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Refusal::bad_input(format!("the body is not UTF-8: {error}")))?;
        // Before the parser: it skips what it does not know, and `samplePayload`, without counting the depth.
        if is_deep(text) {
            return Err(Refusal::bad_input(format!(
                "the body nests arrays and objects more than {MAX_DEPTH} deep; flatten it"
            )));
        }
        let body: Self = serde_json::from_str(text)
            .map_err(|error| Refusal::bad_input(format!("the body is not a lambda: {error}")))?;
        if let Some(sample) = &body.sample_payload {
            if sample.get().len() > MAX_SAMPLE {
                return Err(Refusal::bad_input(format!(
                    "`samplePayload` has more than {MAX_SAMPLE} bytes; send a smaller example"
                )));
            }
            // A tree is affordable at this size, and finds what the clients' parsers would trip over.
            serde_json::from_str::<serde_json::Value>(sample.get()).map_err(|error| {
                Refusal::bad_input(format!("`samplePayload` cannot be kept: {error}; correct it"))
            })?;
        }
        Ok(body)
    }
}

impl LambdaBody {
    /// Judges a lambda, new or (`before`) changed. What a changed one leaves out stays as it was.
    pub(crate) fn judge(self, before: Option<&Definition>) -> Result<Judged, Refusal> {
        let implementation = self.implementation.unwrap_or(ImplementationBody {
            code: None,
            dependencies: None,
            environment_variables: None,
        });
        let mut violations = Vec::new();
        let name = self.name.or_else(|| before.map(|old| old.name.clone())).unwrap_or_default();
        judge_name(&name, before, &mut violations);
        let description = self.description.unwrap_or_default();
        judge_description(&description, &mut violations);
        let event_id = judge_event(self.event_id, before, &mut violations);
        let skills = self.skills.or_else(|| before.map(|old| old.skills.clone())).unwrap_or_default();
        judge_skills(&skills, &mut violations);
        let environment = implementation.environment_variables;
        let environment =
            environment.or_else(|| before.map(|old| old.environment.clone())).unwrap_or_default();
        let environment = judge_environment(environment, &mut violations);
        let dependencies = implementation.dependencies;
        let dependencies =
            dependencies.or_else(|| before.map(|old| old.dependencies.clone())).unwrap_or_default();
        judge_dependencies(&dependencies, &mut violations);
        if implementation.code.is_none() {
            violations.push("`implementation.code` is missing".to_owned());
        }
        if !violations.is_empty() {
            return Err(Refusal::bad_input(violations.join("; ")));
        }
        let checked =
            lambkin_runtime::check(&implementation.code.unwrap_or_default()).map_err(Refusal::contract)?;
        let sample_payload =
            self.sample_payload.or_else(|| before.and_then(|old| old.sample_payload.clone()));
        let source = ContentHash::of(checked.source().as_bytes());
        let definition = Definition {
            name,
            description,
            event_id,
            skills,
            sample_payload,
            source,
            environment,
            dependencies,
            reuse: self.reuse.or_else(|| before.map(|old| old.reuse)).unwrap_or_default(),
        };
        Ok(Judged {
            definition,
            checked,
            version: self.version.and_then(|version| u64::try_from(version).ok()),
        })
    }
}

/// Whether JSON nests deeper than [`MAX_DEPTH`]. One pass over the bytes; what is no JSON is left to the parser.
fn is_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

fn judge_name(name: &str, before: Option<&Definition>, violations: &mut Vec<String>) {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if name.is_empty() || name.len() > MAX_NAME || !plain {
        violations.push(format!("`name` must be 1 to {MAX_NAME} letters, digits or underscores"));
    } else if before.is_some_and(|old| old.name != name) {
        violations.push("`name` cannot be changed".to_owned());
    }
}

fn judge_description(description: &str, violations: &mut Vec<String>) {
    if description.trim().is_empty() || description.chars().count() > MAX_DESCRIPTION {
        violations.push(format!("`description` must be 1 to {MAX_DESCRIPTION} characters"));
    }
}

/// The event a function is to have: what the client names or, where it names none, what the function has.
fn judge_event(
    given: Option<String>,
    before: Option<&Definition>,
    violations: &mut Vec<String>,
) -> Option<String> {
    let had = before.and_then(|old| old.event_id.clone());
    let Some(given) = given.filter(|id| !id.is_empty()) else { return had };
    let wanted = Some(given).filter(|id| id != NO_EVENT);
    if before.is_some() && wanted != had {
        let had = had.as_deref().unwrap_or(NO_EVENT);
        violations.push(format!(
            "`eventId` cannot be changed, it was chosen when the function was created (`{had}`); create another function for another event"
        ));
    } else if let Some(unknown) = wanted.as_deref().filter(|id| before.is_none() && find_event(id).is_none())
    {
        let shown: String = unknown.escape_debug().take(MAX_EVENT_ID).collect();
        violations.push(format!("`eventId` names no event (`{shown}`); `GET /events` lists them"));
    }
    wanted
}

fn judge_skills(skills: &[String], violations: &mut Vec<String>) {
    if skills.len() > MAX_SKILLS || skills.iter().any(|skill| !fits(skill)) {
        violations
            .push(format!("`skills` must be at most {MAX_SKILLS} of at most {MAX_VARIABLE} characters"));
    }
}

fn judge_dependencies(dependencies: &[Setting], violations: &mut Vec<String>) {
    let all_fit = dependencies.iter().all(|pair| fits(&pair.key) && fits(&pair.value));
    if dependencies.len() > MAX_PAIRS || !all_fit {
        violations
            .push(format!("`dependencies` must be at most {MAX_PAIRS} of at most {MAX_VARIABLE} characters"));
    }
}

/// Clients write "none" as one pair of empty strings; such pairs are left out.
fn judge_environment(mut variables: Vec<Setting>, violations: &mut Vec<String>) -> Vec<Setting> {
    variables.retain(|pair| !pair.key.is_empty() || !pair.value.is_empty());
    if variables.len() > MAX_PAIRS {
        violations.push(format!("there must be at most {MAX_PAIRS} environment variables"));
        return variables;
    }
    for (at, Setting { key, value }) in variables.iter().enumerate() {
        let shown: String = key.chars().take(MAX_VARIABLE).collect::<String>().escape_debug().to_string();
        if key.is_empty() || !fits(key) || key.contains(['=', '\0']) {
            violations.push(format!(
                "environment variable name `{shown}` must be 1 to {MAX_VARIABLE} characters without `=`"
            ));
        } else if RESERVED.contains(&key.as_str()) {
            violations.push(format!("`{shown}`: Variable name is reserved and thereby blocked for use."));
        } else if variables[..at].iter().any(|earlier| earlier.key == *key) {
            violations.push(format!("environment variable `{shown}` is given twice"));
        }
        if !fits(value) || value.contains('\0') {
            violations.push(format!(
                "the value of environment variable `{shown}` must be at most {MAX_VARIABLE} characters"
            ));
        }
    }
    variables
}

fn fits(text: &str) -> bool {
    text.chars().count() <= MAX_VARIABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(judge: impl FnOnce(&mut Vec<String>)) -> Vec<String> {
        let mut found = Vec::new();
        judge(&mut found);
        found
    }

    #[test]
    fn names_are_words_of_up_to_50() {
        for good in ["a", "A_1", &"x".repeat(50)] {
            assert!(violations(|v| judge_name(good, None, v)).is_empty(), "{good}");
        }
        for bad in ["", "a b", "a-b", "ä", "a\n", &"x".repeat(51)] {
            assert_eq!(violations(|v| judge_name(bad, None, v)).len(), 1, "{bad}");
        }
    }

    #[test]
    fn every_bad_variable_is_named() {
        let pair = |key: &str, value: &str| Setting { key: key.into(), value: value.into() };
        let long = "x".repeat(201);
        let given = vec![
            pair("", ""),
            pair("A", "1"),
            pair("A", "2"),
            pair("DC", "x"),
            pair("B=", ""),
            pair("C", &long),
        ];
        let found = violations(|v| assert_eq!(judge_environment(given, v).len(), 5));
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[1].ends_with("Variable name is reserved and thereby blocked for use."));
    }

    #[test]
    fn deep_bodies_are_refused_wherever_they_are_deep() {
        let deep = format!("{{\"samplePayload\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(LambdaBody::parse(deep.as_bytes()).is_err());
        assert!(LambdaBody::parse(b"{\"name\": \"a\", \"name\": \"b\"}").is_err());
        let brackets_in_text = format!("{{\"samplePayload\": \"\\\"{}\"}}", "[".repeat(1_000));
        assert!(LambdaBody::parse(brackets_in_text.as_bytes()).is_ok());
        let large = format!("{{\"samplePayload\": \"{}\"}}", "x".repeat(MAX_SAMPLE));
        assert!(LambdaBody::parse(large.as_bytes()).is_err());
        assert!(LambdaBody::parse(b"[]").is_err());
        assert!(LambdaBody::parse(b"{\"name\": \"\xff\"}").is_err());
        assert!(LambdaBody::parse(b"{\"timestamp\": 0, \"state\": \"Productive\"}").is_ok());
    }
}
