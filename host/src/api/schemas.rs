//! Shapes that only the API document needs: bodies that other rooms write without knowing of it, or that are written
//! piece by piece. A test holds the document to what the server really answers.

use serde::Serialize;
use utoipa::ToSchema;

/// Why a call was refused.
#[derive(ToSchema, Serialize)]
#[schema(as = Error)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorView {
    /// Stable; made for programs.
    #[schema(example = "com.liveperson.faas.es.badinput")]
    error_code: String,
    /// One sentence; made for people.
    error_msg: String,
    /// What the check of a source found, when that is the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    findings: Vec<FindingView>,
}

/// How a lambda failed.
#[derive(ToSchema, Serialize)]
#[schema(as = Failure)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailureView {
    #[schema(example = "com.liveperson.faas.handler.custom-failure")]
    error_code: String,
    error_msg: String,
    error_logs: Vec<LogEntryView>,
    /// Where the error came from, with the lines of the source; only to those who test.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    error_stack: Option<String>,
}

/// What one function of an event made of a call: `result` or `error`.
#[derive(ToSchema, Serialize)]
#[schema(as = EventEntry)]
pub(crate) struct EventEntryView {
    uuid: uuid::Uuid,
    /// Milliseconds since 1970.
    timestamp: u64,
    /// `null` when the function gave none.
    #[schema(required = false, value_type = Object)]
    result: serde_json::Value,
    #[schema(required = false)]
    error: ErrorView,
}

/// One thing the check has to say about a source.
#[derive(ToSchema, Serialize)]
#[schema(as = Finding)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindingView {
    /// `error` or `warning`.
    severity: String,
    /// Stable name of the rule.
    code: String,
    message: String,
    /// First line, 1-based.
    line: u32,
    /// First column, 1-based.
    column: u32,
    end_line: u32,
    end_column: u32,
    /// The lines around it with a marker.
    frame: String,
    /// The way out.
    #[schema(required = false)]
    hint: String,
}

/// The verdict on a source: errors refuse it, warnings do not.
#[derive(ToSchema, Serialize)]
#[schema(as = Verdict)]
pub(crate) struct VerdictView {
    accepted: bool,
    findings: Vec<FindingView>,
}

/// One line of log.
#[derive(ToSchema, Serialize)]
#[schema(as = LogEntry)]
pub(crate) struct LogEntryView {
    /// `Debug`, `Info`, `Warn` or `Error`.
    level: String,
    /// What was logged first; a string stays a string.
    message: serde_json::Value,
    /// The further arguments.
    extras: Vec<serde_json::Value>,
    /// Milliseconds since 1970.
    timestamp: u64,
}

/// What a lambda is called with.
#[derive(ToSchema, Serialize)]
#[schema(as = Envelope)]
pub(crate) struct EnvelopeView {
    /// Milliseconds since 1970.
    #[schema(required = false)]
    timestamp: f64,
    #[schema(required = false)]
    headers: Vec<crate::lambda::Setting>,
    /// Anything.
    #[schema(required = false)]
    payload: serde_json::Value,
}

/// A sentence.
#[derive(ToSchema, Serialize)]
#[schema(as = Message)]
pub(crate) struct MessageView {
    message: String,
}

/// How the server is.
#[derive(ToSchema, Serialize)]
#[schema(as = Status)]
pub(crate) struct StatusView {
    status: String,
}

/// A limit in force.
#[derive(ToSchema, Serialize)]
#[schema(as = Limit)]
pub(crate) struct LimitView {
    name: String,
    value: u64,
    unit: String,
    meaning: String,
    /// Of a limit on what an account keeps: how much it keeps.
    #[schema(required = false)]
    used: u64,
}

/// A domain that functions may call.
#[derive(ToSchema, Serialize)]
#[schema(as = Domain)]
pub(crate) struct DomainView {
    id: u64,
    /// The domain as it is compared: lower case, ASCII; `*.` before it stands for one label.
    domain: String,
    /// As it was written.
    name: String,
}

/// A secret.
#[derive(ToSchema, Serialize)]
#[schema(as = Secret)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecretView {
    key: String,
    /// The ciphertext, or the value itself where it was asked for in plain.
    value: serde_json::Value,
    /// Counts changes from 1; an update names the one it is based on.
    version: u64,
    /// The host whose requests it goes to.
    #[schema(required = false)]
    host: String,
    /// The header field it goes into.
    #[schema(required = false)]
    header: String,
    created_at: String,
    created_by: String,
    updated_at: String,
    updated_by: String,
}

/// A secret as clients send it.
#[derive(ToSchema, Serialize)]
#[schema(as = NewSecret)]
pub(crate) struct SecretBodyView {
    /// 1 to 100 letters, digits, underscores or hyphens.
    key: String,
    /// A string, a number or JSON of at most 10,000 characters.
    value: serde_json::Value,
    /// The version the change is based on; only for an update, and there it must be given.
    #[schema(required = false)]
    version: u64,
    /// Binds the secret: a header field of requests to one host. Both or neither; null takes a binding off.
    #[schema(required = false)]
    host: Option<String>,
    #[schema(required = false)]
    header: Option<String>,
}

/// Something somebody did.
#[derive(ToSchema, Serialize)]
#[schema(as = Activity)]
pub(crate) struct ActivityView {
    id: String,
    timestamp: String,
    user: String,
    /// `create`, `update`, `delete`, `deploy`, `rollback`, `undeploy` or `read`.
    action: String,
    /// The kind of thing it was done to: `lambda`, `whitelist`, `secret`, `schedule`, `account`, `user` or `password`.
    subject: String,
    name: String,
    #[schema(required = false)]
    uuid: String,
    #[schema(required = false)]
    version: u64,
    /// How often, where it was often within a minute.
    count: u64,
    /// Which parts an update changed.
    #[schema(required = false)]
    changed: Vec<String>,
    /// The unified difference of the code.
    #[schema(required = false)]
    diff: String,
}

/// A session that was begun.
#[derive(ToSchema, Serialize)]
#[schema(as = Session)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionView {
    /// For `Authorization: Bearer`.
    bearer: String,
    /// For the header `X-CSRF-Token` of calls with the cookie.
    csrf: String,
    session_id: String,
    /// Milliseconds, as text.
    #[serde(rename = "sessionTTl")]
    session_ttl: String,
    config: SessionConfigView,
    #[schema(value_type = Object)]
    csds_collection_response: serde_json::Value,
    #[schema(value_type = Object)]
    account_data: serde_json::Value,
}

/// Who has logged in.
#[derive(ToSchema, Serialize)]
#[schema(as = SessionConfig)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionConfigView {
    user_id: String,
    login_name: String,
    user_privileges: Vec<String>,
    #[serde(rename = "isLPA")]
    is_lpa: bool,
    is_admin: bool,
    is_operator: bool,
    /// Nothing but `PUT /password` is allowed until then.
    must_change_password: bool,
}

/// A session that goes on.
#[derive(ToSchema, Serialize)]
#[schema(as = RefreshedSession)]
pub(crate) struct RefreshedView {
    csrf: String,
    /// Milliseconds, as text.
    #[serde(rename = "sessionTTl")]
    session_ttl: String,
}
