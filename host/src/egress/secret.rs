//! Secrets as lambdas use them: read anew each time, every reading noted before the value is handed over, and kept out
//! of the log of the invocation that read it.

use std::{collections::HashMap, fmt, sync::Arc};

use lambkin_runtime::{Completion, CompletionError, Operation, OperationKind};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Caller;
use crate::secrets::{Bound, SecretError, SecretValue, Secrets, code};

/// Where a lambda's secrets are.
#[derive(Clone)]
pub(crate) enum Vault {
    /// With the host, which keeps and notes them.
    Account(Arc<Secrets>),
    /// In memory, JSON texts by their keys: those of a project on its developer's machine. What a run changes is gone
    /// with it.
    Local(Arc<Mutex<HashMap<String, String>>>),
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account(_) => "Account",
            Self::Local(_) => "Local",
        })
    }
}

/// The keys of the secrets that a request to a host carries without the lambda seeing them.
pub(super) fn bound_keys(caller: &Caller, host: &str) -> Vec<String> {
    match &caller.secrets {
        Vault::Account(secrets) => secrets.bound_keys(&caller.account, host),
        Vault::Local(_) => Vec::new(),
    }
}

/// Those secrets, each noted as read.
pub(super) async fn bound_to(
    caller: &Caller,
    host: &str,
    keys: Vec<String>,
) -> Result<Vec<Bound>, CompletionError> {
    let Vault::Account(secrets) = &caller.secrets else { return Ok(Vec::new()) };
    let (secrets, caller, name) = (Arc::clone(secrets), caller.clone(), host.to_owned());
    let work =
        tokio::task::spawn_blocking(move || secrets.bound(&caller.account, &name, &keys, caller.lambda))
            .await;
    let failed = |error: &dyn fmt::Display| {
        tracing::error!(%error, host, "the secrets that go with a request could not be read");
        CompletionError::new(
            code::FAILED,
            format!("the secrets that go with requests to `{host}` could not be read"),
        )
    };
    work.map_err(|panic| failed(&panic))?.map_err(|error| failed(&error))
}

/// What a lambda asks for.
#[derive(Deserialize)]
struct Asked {
    key: String,
    #[serde(default)]
    value: Option<Box<RawValue>>,
}

/// What it is told.
#[derive(Serialize)]
struct Told<'a> {
    key: &'a str,
    value: &'a RawValue,
}

/// Reads or changes a secret.
pub(super) async fn carry_out(caller: &Caller, operation: Operation) -> Completion {
    let caller = caller.clone();
    // The store reads and syncs files.
    let work = tokio::task::spawn_blocking(move || work(&caller, &operation));
    work.await.unwrap_or_else(|panic| {
        tracing::error!(%panic, "an operation on a secret ended in a panic");
        Completion::failed(&CompletionError::new(
            code::FAILED,
            "the server could not carry out the operation",
        ))
    })
}

fn work(caller: &Caller, operation: &Operation) -> Completion {
    let asked: Asked = match serde_json::from_slice(&operation.head) {
        Ok(asked) => asked,
        Err(_) => return refused(&SecretError::Invalid("`key` and `value` cannot be read".to_owned())),
    };
    let outcome = match operation.kind {
        OperationKind::UpdateSecret => update(caller, &asked),
        _ => read(caller, &asked.key),
    };
    let value = match outcome {
        Ok(value) => value,
        Err(error) => {
            if matches!(error, SecretError::Failed(_) | SecretError::Store(_)) {
                tracing::error!(lambda = %caller.lambda, %error, "a secret could not be used");
            }
            return refused(&error);
        }
    };
    match serde_json::from_str::<&RawValue>(value.json()) {
        Ok(json) => {
            Completion::json(&Told { key: &asked.key, value: json }).with_masks(texts_of(value.json()))
        }
        Err(_) => refused(&SecretError::Failed("a secret's value is no JSON".to_owned())),
    }
}

fn read(caller: &Caller, key: &str) -> Result<SecretValue, SecretError> {
    match &caller.secrets {
        Vault::Account(secrets) => secrets.read(&caller.account, key, caller.lambda),
        Vault::Local(secrets) => {
            let json = secrets.lock().get(key).cloned().ok_or_else(|| missing(key))?;
            SecretValue::parse(&json)
        }
    }
}

fn missing(key: &str) -> SecretError {
    SecretError::NotFound(key.chars().take(100).collect())
}

fn update(caller: &Caller, asked: &Asked) -> Result<SecretValue, SecretError> {
    let json = asked.value.as_ref().map_or("null", |value| value.get());
    match &caller.secrets {
        Vault::Account(secrets) => {
            secrets.update(&caller.account, &asked.key, json, caller.lambda)?;
            SecretValue::parse(json)
        }
        Vault::Local(secrets) => {
            let value = SecretValue::parse(json)?;
            let mut secrets = secrets.lock();
            value.json().clone_into(secrets.get_mut(&asked.key).ok_or_else(|| missing(&asked.key))?);
            Ok(value)
        }
    }
}

fn refused(error: &SecretError) -> Completion {
    Completion::failed(&CompletionError::new(error.code(), error.told()))
}

/// Every text in a value: a secret that is an object is not shown member by member either.
fn texts_of(json: &str) -> Vec<String> {
    fn gather(value: &serde_json::Value, texts: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => texts.push(text.clone()),
            serde_json::Value::Number(number) => texts.push(number.to_string()),
            serde_json::Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
            serde_json::Value::Object(members) => members.values().for_each(|value| gather(value, texts)),
            serde_json::Value::Null | serde_json::Value::Bool(_) => {}
        }
    }
    let mut texts = Vec::new();
    gather(&serde_json::from_str(json).unwrap_or_default(), &mut texts);
    texts
}
