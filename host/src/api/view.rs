//! The shapes in which lambdas and deployments leave the house (contract, section 11). The nested objects carry the
//! keys named there and no others: one of the published clients refuses unknown ones.

use serde::Serialize;
use serde_json::value::RawValue;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};
use utoipa::ToSchema;
use uuid::Uuid;

use super::runtimes::{RUNTIME, RuntimeView};
use crate::{
    lambda::{DeploymentError, DeploymentRecord, DeploymentState, LambdaState, Setting},
    ledger::Whole,
};

const ISO_8601: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// Milliseconds since the epoch as ISO 8601.
pub(crate) fn date(ms: u64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000)
        .ok()
        .and_then(|time| time.format(ISO_8601).ok())
        .unwrap_or_else(|| "1970-01-01T00:00:00.000Z".to_owned())
}

/// A lambda.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lambda)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LambdaView {
    uuid: Uuid,
    version: u64,
    name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skills: Vec<String>,
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    sample_payload: Option<Box<RawValue>>,
    /// Whether an instance that answered well serves further invocations. Left out where it is `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    reuse: bool,
    state: LambdaState,
    runtime: RuntimeView,
    created_at: String,
    created_by: String,
    updated_at: String,
    updated_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_deployment: Option<DeploymentView>,
    implementation: Implementation,
}

/// What runs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Implementation {
    code: String,
    dependencies: Vec<Setting>,
    environment_variables: Vec<Setting>,
}

impl LambdaView {
    pub(crate) fn new(Whole { lambda, source, last_deployment }: Whole) -> Self {
        let definition = lambda.definition;
        Self {
            uuid: lambda.uuid,
            version: lambda.version,
            name: definition.name,
            description: definition.description,
            event_id: definition.event_id,
            skills: definition.skills,
            sample_payload: definition.sample_payload,
            reuse: definition.reuse,
            state: lambda.state,
            runtime: RUNTIME,
            created_at: date(lambda.created_at),
            created_by: lambda.created_by,
            updated_at: date(lambda.updated_at),
            updated_by: lambda.updated_by,
            last_deployment: last_deployment.map(DeploymentView::new),
            implementation: Implementation {
                code: source,
                dependencies: definition.dependencies,
                environment_variables: definition.environment,
            },
        }
    }
}

/// A deployment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deployment)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentView {
    uuid: Uuid,
    name: String,
    #[serde(rename = "lambdaUUID")]
    lambda: Uuid,
    lambda_version: u64,
    image_name: String,
    deployment_state: DeploymentState,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment_error: Option<DeploymentError>,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployed_at: Option<String>,
    created_by: String,
    updated_by: String,
}

impl DeploymentView {
    pub(crate) fn new(deployment: DeploymentRecord) -> Self {
        Self {
            uuid: deployment.uuid,
            name: deployment.name,
            lambda: deployment.lambda,
            lambda_version: deployment.lambda_version,
            image_name: deployment.image.map_or_else(String::new, |hash| hash.as_str().to_owned()),
            deployment_state: deployment.state,
            deployment_error: deployment.error,
            created_at: date(deployment.created_at),
            updated_at: date(deployment.updated_at),
            deployed_at: deployment.deployed_at.map(date),
            created_by: deployment.created_by,
            updated_by: deployment.updated_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_milliseconds_and_a_zone() {
        assert_eq!(date(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(date(1_700_000_000_007), "2023-11-14T22:13:20.007Z");
        assert_eq!(date(u64::MAX), "1970-01-01T00:00:00.000Z");
    }
}
