//! `/lambdas/{id}/versions` and `/lambdas/{id}/rollback`: what a lambda was, and the way back.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, RawQuery, State},
    http::{Response, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    deployments::refuse_while_draining,
    member::Member,
    query::Query,
    schemas::ErrorView,
    sent::{Document, Sent},
    view::{LambdaView, date},
};
use crate::{
    host::Host,
    lambda::{DeploymentState, Setting},
    ledger::Target,
    reply::{self, Refusal},
    version::{self, VersionRecord},
};

/// Bytes of the body of a rollback.
const ROLLBACK_BODY: usize = 4 << 10;

/// A version that is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = Version)]
#[serde(rename_all = "camelCase")]
struct VersionView {
    #[serde(rename = "lambdaUUID")]
    lambda: Uuid,
    version: u64,
    description: String,
    created_at: String,
    created_by: String,
    /// Whether this version is what is served.
    productive: bool,
}

/// A version with its source and environment.
#[derive(Serialize, ToSchema)]
#[schema(as = WholeVersion)]
#[serde(rename_all = "camelCase")]
struct WholeVersionView {
    #[serde(rename = "lambdaUUID")]
    lambda: Uuid,
    version: u64,
    description: String,
    created_at: String,
    created_by: String,
    skills: Vec<String>,
    /// Left out where it is `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    reuse: bool,
    implementation: ImplementationView,
}

/// What a version consists of.
#[derive(Serialize, ToSchema)]
#[schema(as = VersionImplementation)]
#[serde(rename_all = "camelCase")]
struct ImplementationView {
    code: String,
    dependencies: Vec<Setting>,
    environment_variables: Vec<Setting>,
}

/// How one version became another: a unified difference of sources and environments, empty when they are the same.
#[derive(Serialize, ToSchema)]
#[schema(as = Difference)]
struct DifferenceView {
    from: u64,
    to: u64,
    diff: String,
}

/// What to go back to: one of the two.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RollbackBody {
    version: Option<u64>,
    deployment: Option<Uuid>,
}

impl Document for RollbackBody {
    const MOST: usize = ROLLBACK_BODY;
}

/// `GET /lambdas/{id}/versions`: those that are kept, newest first.
#[utoipa::path(
    get, path = "/lambdas/{id}/versions", operation_id = "listVersions", tag = "versions",
    params(("id" = Uuid, Path, description = "the lambda's id")),
    responses(
        (status = 200, description = "those that are kept, newest first", body = Vec<VersionView>),
        (status = 404, body = ErrorView),
    ),
)]
pub(crate) async fn list(State(host): State<Arc<Host>>, member: Member) -> Result<Response<Body>, Refusal> {
    let lambda = member.lambda()?;
    host.blocking(move |host| {
        let (versions, served) = host.ledger.versions(member.caller.account(), lambda)?;
        let view = |version: VersionRecord| VersionView {
            lambda: version.lambda,
            version: version.version,
            description: version.definition.description,
            created_at: date(version.saved_at),
            created_by: version.saved_by,
            productive: served == Some(version.version),
        };
        let views: Vec<_> = versions.into_iter().map(view).collect();
        Ok(reply::json(StatusCode::OK, &views))
    })
    .await
}

/// `GET /lambdas/{id}/versions/{version}`: one of them with its source and environment.
#[utoipa::path(
    get, path = "/lambdas/{id}/versions/{version}", operation_id = "readVersion", tag = "versions",
    params(("id" = Uuid, Path, description = "the lambda's id"), ("version" = u64, Path, description = "the number of a kept version")),
    responses(
        (status = 200, description = "the version", body = WholeVersionView),
        (status = 400, description = "no number", body = ErrorView),
        (status = 404, description = "not kept", body = ErrorView),
    ),
)]
pub(crate) async fn read(
    State(host): State<Arc<Host>>,
    member: Member,
    Path(path): Path<Vec<(String, String)>>,
) -> Result<Response<Body>, Refusal> {
    let (lambda, version) = (member.lambda()?, of_path(&path)?);
    host.blocking(move |host| {
        let (record, code) = host.ledger.version(member.caller.account(), lambda, version)?;
        let definition = record.definition;
        let view = WholeVersionView {
            lambda,
            version,
            description: definition.description,
            created_at: date(record.saved_at),
            created_by: record.saved_by,
            skills: definition.skills,
            reuse: definition.reuse,
            implementation: ImplementationView {
                code,
                dependencies: definition.dependencies,
                environment_variables: definition.environment,
            },
        };
        Ok(reply::json(StatusCode::OK, &view))
    })
    .await
}

/// `GET /lambdas/{id}/versions/{version}/diff?to=N`: how it became another one; without `to` the newest.
#[utoipa::path(
    get, path = "/lambdas/{id}/versions/{version}/diff", operation_id = "compareVersions", tag = "versions",
    params(
        ("id" = Uuid, Path, description = "the lambda's id"),
        ("version" = u64, Path, description = "the number of a kept version"),
        ("to" = Option<u64>, Query, description = "the other version; without it the newest"),
    ),
    responses(
        (status = 200, description = "the difference", body = DifferenceView),
        (status = 400, description = "no number", body = ErrorView),
        (status = 404, description = "not kept", body = ErrorView),
    ),
)]
pub(crate) async fn difference(
    State(host): State<Arc<Host>>,
    member: Member,
    Path(path): Path<Vec<(String, String)>>,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Refusal> {
    let (lambda, from) = (member.lambda()?, of_path(&path)?);
    let query = Query::parse(query.as_deref())?;
    let to = query.first("to").map(|to| number("to", to)).transpose()?;
    host.blocking(move |host| {
        let account = member.caller.account();
        let from = host.ledger.compared(account, lambda, Some(from))?;
        let to = host.ledger.compared(account, lambda, to)?;
        let diff = version::difference(&from, &to);
        Ok(reply::json(StatusCode::OK, &DifferenceView { from: from.version, to: to.version, diff }))
    })
    .await
}

/// `POST /lambdas/{id}/rollback` with `{"version": N}` or `{"deployment": "<id>"}`: the reply comes when it is served.
#[utoipa::path(
    post, path = "/lambdas/{id}/rollback", operation_id = "rollBack", tag = "versions",
    params(("id" = Uuid, Path, description = "the lambda's id")),
    request_body = RollbackBody,
    responses(
        (status = 200, description = "the version is served", body = LambdaView),
        (status = 400, description = "neither a version nor a deployment, or both", body = ErrorView),
        (status = 404, description = "not kept", body = ErrorView),
        (status = 409, description = "served already, being deployed, or it cannot be built", body = ErrorView),
    ),
)]
pub(crate) async fn roll_back(
    State(host): State<Arc<Host>>,
    member: Member,
    sent: Sent<RollbackBody>,
) -> Result<Response<Body>, Refusal> {
    refuse_while_draining(&host)?;
    let lambda = member.lambda()?;
    let target = sent.parse()?.target()?;
    let account = member.caller.account().to_owned();
    // Begun and started in one go: a client that hangs up in between must not leave it lying.
    let (sequence, ended) = host
        .blocking(move |host| {
            let (account, name) = (member.caller.account(), member.caller.name());
            let deployment = host.ledger.begin_rollback(account, lambda, target, name)?;
            Ok((deployment.sequence, host.deployer.start(deployment)))
        })
        .await?;
    ended.await.map_err(Refusal::internal)?;
    host.blocking(move |host| {
        let deployment = host.ledger.deployment(lambda, sequence)?;
        match deployment {
            Some(deployment) if deployment.state == DeploymentState::DeployFinish => {}
            Some(deployment) => {
                let why = deployment
                    .error
                    .map_or_else(|| "its end is not written down".to_owned(), |e| e.error_msg);
                return Err(Refusal::conflict(format!("the version could not be put in service: {why}")));
            }
            None => return Err(Refusal::internal("a rollback left no record")),
        }
        Ok(reply::json(StatusCode::OK, &LambdaView::new(host.ledger.whole(&account, lambda)?)))
    })
    .await
}

impl RollbackBody {
    fn target(self) -> Result<Target, Refusal> {
        match (self.version, self.deployment) {
            (Some(version), None) => Ok(Target::Version(version)),
            (None, Some(deployment)) => Ok(Target::Deployment(deployment)),
            _ => Err(Refusal::bad_input(
                "the body must be `{\"version\": N}` or `{\"deployment\": \"<id>\"}`, one of them",
            )),
        }
    }
}

fn of_path(path: &[(String, String)]) -> Result<u64, Refusal> {
    let version = path.iter().find(|(name, _)| name == "version").map_or("", |(_, value)| value);
    number("version", version)
}

fn number(name: &str, text: &str) -> Result<u64, Refusal> {
    text.parse().map_err(|_| Refusal::bad_input(format!("`{name}` must be the number of a version")))
}
