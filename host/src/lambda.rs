//! The records of a lambda and of its deployments, and the states they go through (contract, section 6).
//!
//! ```text
//! lambda       Draft --deploy--> Productive --save--> Modified --deploy--> Productive
//!              any --build fails--> Build Error, --deploy fails--> Deploy Error   (what was productive stays so)
//!              any --undeploy--> Marked Undeployed --> Draft
//! deployment   Build Start --> Build Finish --> Deploy Start --> Deploy Finish
//!                    \--> Build Error                \--> Deploy Error
//! ```

use lambkin_runtime::LogEntry;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{api::schemas::LogEntryView, artifacts::ContentHash};

/// Milliseconds since the Unix epoch.
pub(crate) fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

/// Where a lambda stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) enum LambdaState {
    /// Saved, never deployed or undeployed since.
    Draft,
    /// What is saved is what is served.
    Productive,
    /// Saved again since it was deployed or since a deployment failed.
    Modified,
    /// Its undeployment was acknowledged and is being carried out.
    #[serde(rename = "Marked Undeployed")]
    MarkedUndeployed,
    /// The last build was refused.
    #[serde(rename = "Build Error")]
    BuildError,
    /// The last build could not be put in service.
    #[serde(rename = "Deploy Error")]
    DeployError,
}

impl LambdaState {
    /// The name callers know it by.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Productive => "Productive",
            Self::Modified => "Modified",
            Self::MarkedUndeployed => "Marked Undeployed",
            Self::BuildError => "Build Error",
            Self::DeployError => "Deploy Error",
        }
    }

    /// Saving a draft keeps it a draft; saving anything else makes it modified.
    pub(crate) const fn after_save(self) -> Self {
        match self {
            Self::Draft => Self::Draft,
            _ => Self::Modified,
        }
    }

    /// What the end of a deployment of the saved version makes of its lambda; `None` while it runs.
    pub(crate) const fn after_deployment(deployment: DeploymentState) -> Option<Self> {
        match deployment {
            DeploymentState::DeployFinish => Some(Self::Productive),
            DeploymentState::BuildError => Some(Self::BuildError),
            DeploymentState::DeployError => Some(Self::DeployError),
            DeploymentState::BuildStart | DeploymentState::BuildFinish | DeploymentState::DeployStart => None,
        }
    }
}

/// How far a deployment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) enum DeploymentState {
    /// Acknowledged; its source is being frozen.
    #[serde(rename = "Build Start")]
    BuildStart,
    /// Frozen.
    #[serde(rename = "Build Finish")]
    BuildFinish,
    /// The image is being kept and loaded.
    #[serde(rename = "Deploy Start")]
    DeployStart,
    /// In service.
    #[serde(rename = "Deploy Finish")]
    DeployFinish,
    /// The source could not be frozen.
    #[serde(rename = "Build Error")]
    BuildError,
    /// The image could not be kept or loaded.
    #[serde(rename = "Deploy Error")]
    DeployError,
}

impl DeploymentState {
    /// Whether it still has steps to go.
    pub(crate) const fn is_running(self) -> bool {
        matches!(self, Self::BuildStart | Self::BuildFinish | Self::DeployStart)
    }

    /// The state a failure at this point leads to.
    pub(crate) const fn failed(self) -> Self {
        match self {
            Self::BuildStart => Self::BuildError,
            _ => Self::DeployError,
        }
    }
}

/// One `{key, value}` pair: an environment variable or a dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What an author decides about a lambda.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) event_id: Option<String>,
    pub(crate) skills: Vec<String>,
    pub(crate) sample_payload: Option<Box<RawValue>>,
    pub(crate) source: ContentHash,
    pub(crate) environment: Vec<Setting>,
    pub(crate) dependencies: Vec<Setting>,
    /// Whether an instance that answered well serves further invocations, with what the lambda keeps in it.
    #[serde(default)]
    pub(crate) reuse: bool,
}

impl Definition {
    /// Which parts differ from an earlier definition, by the names they have on the wire.
    pub(crate) fn changed_since(&self, old: &Self) -> Vec<String> {
        let sample = |definition: &Self| definition.sample_payload.as_ref().map(|json| json.get().to_owned());
        let parts = [
            ("code", self.source != old.source),
            ("description", self.description != old.description),
            ("eventId", self.event_id != old.event_id),
            ("skills", self.skills != old.skills),
            ("samplePayload", sample(self) != sample(old)),
            ("environmentVariables", self.environment != old.environment),
            ("dependencies", self.dependencies != old.dependencies),
            ("reuse", self.reuse != old.reuse),
        ];
        parts.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
    }
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        let sample = |definition: &Self| definition.sample_payload.as_ref().map(|json| json.get().to_owned());
        self.name == other.name
            && self.description == other.description
            && self.event_id == other.event_id
            && self.skills == other.skills
            && sample(self) == sample(other)
            && self.source == other.source
            && self.environment == other.environment
            && self.dependencies == other.dependencies
            && self.reuse == other.reuse
    }
}

/// A lambda as it is stored. Its source and its deployments are records of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LambdaRecord {
    pub(crate) uuid: Uuid,
    pub(crate) account: String,
    pub(crate) definition: Definition,
    /// Counts saves from 1; the optimistic lock of updates.
    pub(crate) version: u64,
    pub(crate) state: LambdaState,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
    pub(crate) updated_at: u64,
    pub(crate) updated_by: String,
    /// Sequence number of the newest deployment; 0 is none yet.
    pub(crate) last_deployment: u64,
    /// Sequence number of the deployment that is served.
    pub(crate) productive: Option<u64>,
}

/// Why a deployment failed, in the shape callers see.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentError {
    pub(crate) error_code: String,
    pub(crate) error_msg: String,
    #[schema(value_type = Vec<LogEntryView>)]
    pub(crate) error_logs: Vec<LogEntry>,
}

/// One deployment: the inputs it was made from, so that it can be made again, and how far it came.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeploymentRecord {
    pub(crate) uuid: Uuid,
    pub(crate) account: String,
    pub(crate) lambda: Uuid,
    pub(crate) sequence: u64,
    pub(crate) lambda_version: u64,
    pub(crate) name: String,
    pub(crate) state: DeploymentState,
    pub(crate) error: Option<DeploymentError>,
    pub(crate) source: ContentHash,
    pub(crate) environment: Vec<Setting>,
    /// The event that calls it and the skills it answers for, as they were when it was deployed.
    #[serde(default)]
    pub(crate) event_id: Option<String>,
    #[serde(default)]
    pub(crate) skills: Vec<String>,
    #[serde(default)]
    pub(crate) reuse: bool,
    pub(crate) image: Option<ContentHash>,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
    pub(crate) updated_at: u64,
    pub(crate) updated_by: String,
    pub(crate) deployed_at: Option<u64>,
}

impl DeploymentRecord {
    /// The next deployment of a lambda, of the given version.
    pub(crate) fn new(lambda: &LambdaRecord, version: u64, definition: &Definition, by: &str) -> Self {
        let now = now_ms();
        Self {
            uuid: Uuid::new_v4(),
            account: lambda.account.clone(),
            lambda: lambda.uuid,
            sequence: lambda.last_deployment + 1,
            lambda_version: version,
            name: definition.name.clone(),
            state: DeploymentState::BuildStart,
            error: None,
            source: definition.source.clone(),
            environment: definition.environment.clone(),
            event_id: definition.event_id.clone(),
            skills: definition.skills.clone(),
            reuse: definition.reuse,
            image: None,
            created_at: now,
            created_by: by.to_owned(),
            updated_at: now,
            updated_by: by.to_owned(),
            deployed_at: None,
        }
    }

    /// Whether it serves what is saved.
    pub(crate) fn serves(&self, saved: &Definition) -> bool {
        self.source == saved.source
            && self.environment == saved.environment
            && self.skills == saved.skills
            && self.reuse == saved.reuse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMBDA: [LambdaState; 6] = [
        LambdaState::Draft,
        LambdaState::Productive,
        LambdaState::Modified,
        LambdaState::MarkedUndeployed,
        LambdaState::BuildError,
        LambdaState::DeployError,
    ];

    #[test]
    fn only_a_draft_stays_what_it_is_when_saved() {
        for state in LAMBDA {
            let expected =
                if state == LambdaState::Draft { LambdaState::Draft } else { LambdaState::Modified };
            assert_eq!(state.after_save(), expected);
        }
    }

    #[test]
    fn names_are_those_on_the_wire() {
        for state in LAMBDA {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }

    #[test]
    fn every_running_step_has_a_failure_and_no_final_one_changes_the_lambda_before_its_end() {
        use DeploymentState as D;
        for (step, failure) in [
            (D::BuildStart, D::BuildError),
            (D::BuildFinish, D::DeployError),
            (D::DeployStart, D::DeployError),
        ] {
            assert!(step.is_running());
            assert_eq!(step.failed(), failure);
            assert_eq!(LambdaState::after_deployment(step), None);
            assert!(!failure.is_running());
        }
        assert_eq!(LambdaState::after_deployment(D::DeployFinish), Some(LambdaState::Productive));
        assert_eq!(LambdaState::after_deployment(D::BuildError), Some(LambdaState::BuildError));
        assert_eq!(LambdaState::after_deployment(D::DeployError), Some(LambdaState::DeployError));
    }
}
