//! `/secrets`: what an account keeps sealed. Lists and records show the ciphertext; the value itself has a path of its
//! own, so that one table can say who may read it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, Response, StatusCode, header::CACHE_CONTROL},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::{
    array::array,
    member::Member,
    schemas::{self, ErrorView, SecretBodyView},
    sent::{Document, Sent},
    view::date,
};
use crate::{
    host::Host,
    reply::{self, Refusal, code},
    secrets::{self, Binding, SecretError, SecretRecord, SecretValue},
};

/// Bytes of a body: a value of 10,000 characters, each of them escaped, and what is around it.
const SECRET_BODY: usize = 256 << 10;

/// A secret as clients send it.
#[derive(Deserialize)]
pub(crate) struct SecretBody {
    key: Option<String>,
    value: Option<Box<RawValue>>,
    version: Option<u64>,
    #[serde(default, deserialize_with = "given")]
    host: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    header: Option<Option<String>>,
}

/// Tells a `null`, which takes a binding off, from a field that is not there, which leaves it as it is.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A secret as it is shown; `value` is the ciphertext or, where it was asked for, the value.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SecretView<'a, V> {
    key: &'a str,
    value: V,
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a str>,
    created_at: String,
    created_by: &'a str,
    updated_at: String,
    updated_by: &'a str,
}

impl<'a, V> SecretView<'a, V> {
    fn new(record: &'a SecretRecord, value: V) -> Self {
        let binding = record.binding.as_ref();
        Self {
            key: &record.key,
            value,
            version: record.version,
            host: binding.map(|binding| binding.host.as_str()),
            header: binding.map(|binding| binding.header.as_str()),
            created_at: date(record.created_at),
            created_by: &record.created_by,
            updated_at: date(record.updated_at),
            updated_by: &record.updated_by,
        }
    }
}

impl Document for SecretBody {
    const MOST: usize = SECRET_BODY;

    /// The parser's own words may quote the value, so they are not passed on.
    fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(bytes).map_err(|error| {
            Refusal::bad_input(format!(
                "the body is not `{{\"key\": \"...\", \"value\": ...}}` as JSON, with `version` a number and `host` and \
                 `header` strings (line {}, column {})",
                error.line(),
                error.column()
            ))
        })
    }
}

impl SecretBody {
    fn value(&self) -> Result<SecretValue, Refusal> {
        let value = self.value.as_ref().ok_or_else(|| Refusal::missing("value"))?;
        Ok(SecretValue::parse(value.get())?)
    }

    /// The binding that is asked for, over the one there is.
    fn binding(&self, value: &SecretValue, before: Option<Binding>) -> Result<Option<Binding>, Refusal> {
        let (host, header) = match before {
            Some(Binding { host, header }) => (Some(host.as_str().to_owned()), Some(header)),
            None => (None, None),
        };
        let host = self.host.clone().unwrap_or(host);
        let header = self.header.clone().unwrap_or(header);
        match (host, header) {
            (None, None) => Ok(None),
            (Some(host), Some(header)) => Ok(Some(Binding::judge(&host, &header, value)?)),
            _ => Err(Refusal::bad_input(
                "`host` and `header` bind a secret together; give both, or null for both",
            )),
        }
    }
}

/// `GET /secrets`, sealed.
#[utoipa::path(
    get, path = "/secrets", operation_id = "listSecrets", tag = "secrets",
    responses((status = 200, description = "all secrets, sealed", body = Vec<schemas::SecretView>)),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    array(&host, move |host, elements| {
        Ok(host.ledger.each_secret(member.caller.account(), |record| {
            elements.push(&SecretView::new(&record, record.sealed.as_str()))
        })?)
    })
    .await
}

/// `GET /secrets/{key}`, sealed.
#[utoipa::path(
    get, path = "/secrets/{id}", operation_id = "readSecret", tag = "secrets",
    params(("id" = String, Path, description = "its key")),
    responses((status = 200, description = "the secret, sealed", body = schemas::SecretView), (status = 404, body = ErrorView)),
)]
pub(crate) async fn read(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let record = host.secrets.record(member.caller.account(), &member.id)?;
        Ok(reply::json(StatusCode::OK, &SecretView::new(&record, record.sealed.as_str())))
    })
    .await
}

/// `GET /secrets/{key}/plain`: the value itself. That it was read is on the disk before it leaves.
#[utoipa::path(
    get, path = "/secrets/{id}/plain", operation_id = "readSecretPlain", tag = "secrets",
    params(("id" = String, Path, description = "its key")),
    responses((status = 200, description = "the secret with its value; that it was read is an activity", body = schemas::SecretView), (status = 404, body = ErrorView)),
)]
pub(crate) async fn read_plain(
    State(host): State<Arc<Host>>,
    member: Member,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let (record, value) = host.secrets.show(member.caller.account(), &member.id, member.caller.name())?;
        let value: &RawValue = serde_json::from_str(value.json())
            .map_err(|_| Refusal::internal("the value of a secret is no JSON"))?;
        let mut response = reply::json(StatusCode::OK, &SecretView::new(&record, value));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    })
    .await
}

/// `POST /secrets`.
#[utoipa::path(
    post, path = "/secrets", operation_id = "createSecret", tag = "secrets",
    request_body = SecretBodyView,
    responses(
        (status = 201, description = "the secret, sealed", body = schemas::SecretView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 409, description = "the key is taken, or the account is full", body = ErrorView),
    ),
)]
pub(crate) async fn create(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<SecretBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let body = sent.parse()?;
        let key = body.key.as_deref().unwrap_or_default();
        secrets::judge_key(key)?;
        let value = body.value()?;
        let binding = body.binding(&value, None)?;
        let (account, by) = (member.caller.account(), member.caller.name());
        let record = host.secrets.create(account, key, &value, binding, by)?;
        Ok(reply::json(StatusCode::CREATED, &SecretView::new(&record, record.sealed.as_str())))
    })
    .await
}

/// `PUT /secrets`: as `PUT /secrets/{key}`, with the key in the body alone.
#[utoipa::path(
    put, path = "/secrets", operation_id = "updateNamedSecret", tag = "secrets",
    request_body = SecretBodyView,
    responses(
        (status = 200, description = "the new version, sealed", body = schemas::SecretView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "somebody else was faster", body = ErrorView),
    ),
)]
pub(crate) async fn update_named(
    host: State<Arc<Host>>,
    member: Member,
    sent: Sent<SecretBody>,
) -> Result<Response<Body>, Refusal> {
    update(host, member, sent).await
}

/// `PUT /secrets/{key}`: a new value over the version named in the body.
#[utoipa::path(
    put, path = "/secrets/{id}", operation_id = "updateSecret", tag = "secrets",
    params(("id" = String, Path, description = "its key")),
    request_body = SecretBodyView,
    responses(
        (status = 200, description = "the new version, sealed", body = schemas::SecretView),
        (status = 400, description = "the sentence names the field and the rule", body = ErrorView),
        (status = 404, body = ErrorView),
        (status = 409, description = "somebody else was faster", body = ErrorView),
    ),
)]
pub(crate) async fn update(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<SecretBody>,
) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        let body = sent.parse()?;
        let named = body.key.as_deref().unwrap_or_default();
        let key = if member.id.is_empty() { named } else { &member.id };
        if !named.is_empty() && named != key {
            return Err(Refusal::bad_input("`key` is not the key in the path; a secret cannot be renamed"));
        }
        secrets::judge_key(key)?;
        let version = body.version.ok_or_else(|| {
            Refusal::bad_input("`version` is missing; send the version the change is based on")
        })?;
        let value = body.value()?;
        let (account, by) = (member.caller.account(), member.caller.name());
        let before = host.secrets.record(account, key)?;
        let binding = body.binding(&value, before.binding)?;
        let record = host.secrets.replace(account, key, version, &value, binding, by)?;
        host.warm.forget_account(account);
        Ok(reply::json(StatusCode::OK, &SecretView::new(&record, record.sealed.as_str())))
    })
    .await
}

/// `DELETE /secrets/{key}`.
#[utoipa::path(
    delete, path = "/secrets/{id}", operation_id = "deleteSecret", tag = "secrets",
    params(("id" = String, Path, description = "its key")),
    responses((status = 204, description = "it is gone"), (status = 404, body = ErrorView)),
)]
pub(crate) async fn delete(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    host.blocking(move |host| {
        host.secrets.delete(member.caller.account(), &member.id, member.caller.name())?;
        host.warm.forget_account(member.caller.account());
        Ok(reply::empty(StatusCode::NO_CONTENT))
    })
    .await
}

impl From<SecretError> for Refusal {
    fn from(error: SecretError) -> Self {
        let code = error.code();
        match error {
            SecretError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, code, error.to_string()),
            SecretError::TooLong | SecretError::Invalid(_) | SecretError::Bound { .. } => {
                Self::new(StatusCode::BAD_REQUEST, code, error.to_string())
            }
            SecretError::Stale { .. } | SecretError::Taken(_) | SecretError::TooMany(_) => {
                Self::new(StatusCode::CONFLICT, code::CONFLICT, error.to_string())
            }
            SecretError::Failed(cause) => Self::internal(cause),
            SecretError::Store(error) => error.into(),
        }
    }
}
