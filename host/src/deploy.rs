//! From a saved lambda to a served one: Build Start, Build Finish, Deploy Start, Deploy Finish.
//!
//! A deployment is acknowledged when its record is on the disk and carried out afterwards. What was productive is
//! served until the very end, and after a failure too. A deployment that a crash interrupted is found at start-up
//! by its state and carried out again from its source; nothing of it was ever served.

use std::sync::Arc;

use lambkin_runtime::{Frozen, Image, Lambda, LogLimits, Runtime, RuntimeError, check};
use tokio::{sync::Semaphore, task::JoinHandle};

use crate::{
    admission::Gate,
    artifacts::{Artifacts, ContentHash},
    lambda::{DeploymentError, DeploymentRecord, DeploymentState},
    ledger::Ledger,
    loader::{Loader, environment_of},
    registry::{Deployed, Registry},
    warm::Warm,
};

/// Error code of a deployment that failed for a reason of the host's own.
const INTERNAL: &str = "com.liveperson.faas.es.general";

/// How many places a lambda has, and how long its queue may get.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GateSize {
    pub(crate) places: usize,
    pub(crate) queue: usize,
}

impl GateSize {
    pub(crate) fn gate(self) -> Arc<Gate> {
        Arc::new(Gate::new(self.places, self.queue))
    }
}

/// Carries out deployments.
pub(crate) struct Deployer {
    pub(crate) runtime: Runtime,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) artifacts: Arc<Artifacts>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) loader: Arc<Loader>,
    pub(crate) warm: Arc<Warm>,
    pub(crate) gate: GateSize,
    /// Builds at the same time. They compute, and each may use as much memory as an invocation.
    pub(crate) builds: Arc<Semaphore>,
}

impl std::fmt::Debug for Deployer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deployer").finish_non_exhaustive()
    }
}

impl Deployer {
    /// Carries out a deployment that is written down, in the background.
    pub(crate) fn start(self: &Arc<Self>, deployment: DeploymentRecord) -> JoinHandle<()> {
        let this = Arc::clone(self);
        tokio::spawn(async move {
            // One that has its image already builds nothing and waits for no builder.
            let _turn = match deployment.image {
                Some(_) => None,
                None => match Arc::clone(&this.builds).acquire_owned().await {
                    Ok(turn) => Some(turn),
                    Err(_) => return,
                },
            };
            let begun = deployment.clone();
            let worker = Arc::clone(&this);
            let outcome = tokio::task::spawn_blocking(move || worker.carry_out(deployment)).await;
            if let Err(panic) = outcome {
                tracing::error!(lambda = %begun.lambda, %panic, "a deployment broke off");
                let ended =
                    tokio::task::spawn_blocking(move || this.ledger.break_off(&begun, internal())).await;
                if !matches!(ended, Ok(Ok(()))) {
                    tracing::error!(?ended, "the end of a deployment could not be written down");
                }
            }
        })
    }

    /// Removes the images of a lambda that was deleted.
    pub(crate) fn forget(&self, lambda: uuid::Uuid) {
        if let Err(error) = self.artifacts.keep_only(lambda, &[]) {
            tracing::warn!(%lambda, %error, "old images could not be removed");
        }
    }

    /// All steps, one after the other, and the end of them: published or failed.
    fn carry_out(&self, mut deployment: DeploymentRecord) {
        // Written down, then served, then told: who reads `Productive` is served by it, also after a crash.
        let ended = match self.make(&mut deployment) {
            Ok((image, lambda)) => self.ledger.commit_deployment(&deployment).and_then(|()| {
                self.publish(&deployment, image, lambda);
                deployment.state = DeploymentState::DeployFinish;
                self.ledger.end_deployment(&mut deployment)
            }),
            Err(error) => {
                let code = error.error_code.as_str();
                tracing::info!(lambda = %deployment.lambda, code, "deployment failed: {}", error.error_msg);
                deployment.state = deployment.state.failed();
                deployment.error = Some(error);
                self.ledger.end_deployment(&mut deployment)
            }
        };
        if let Err(error) = ended {
            // Its record says that it runs, so the next start-up carries it out again.
            tracing::error!(lambda = %deployment.lambda, %error, "the end of a deployment could not be written down");
        }
        self.tidy(deployment.lambda);
    }

    /// Source to image to a lambda in memory; a rollback brings its image along.
    fn make(&self, deployment: &mut DeploymentRecord) -> Result<(ContentHash, Lambda), DeploymentError> {
        if let Some((hash, lambda)) = self.kept(deployment) {
            return Ok((hash, lambda));
        }
        self.reach(deployment, DeploymentState::BuildStart)?;
        let frozen = self.build(deployment)?;
        self.reach(deployment, DeploymentState::BuildFinish)?;
        self.reach(deployment, DeploymentState::DeployStart)?;
        let lambda = self
            .runtime
            .load(&frozen.image)
            .map_err(|error| refused(&error, "the image cannot be loaded"))?;
        let hash = self.keep(deployment, &frozen.image)?;
        deployment.image = Some(hash.clone());
        Ok((hash, lambda))
    }

    /// The image a deployment was written down with, loaded; `None` when there is none or it is of no use any more.
    fn kept(&self, deployment: &DeploymentRecord) -> Option<(ContentHash, Lambda)> {
        let hash = deployment.image.clone()?;
        let bytes = self.artifacts.read(deployment.lambda, &hash).map_err(|error| error.to_string());
        let image = bytes.and_then(|bytes| Image::from_bytes(&bytes).map_err(|error| error.message));
        let loaded = image.and_then(|image| self.runtime.load(&image).map_err(|error| error.message));
        match loaded {
            Ok(lambda) => Some((hash, lambda)),
            Err(why) => {
                tracing::info!(lambda = %deployment.lambda, why, "freezing an earlier version again from its source");
                None
            }
        }
    }

    fn reach(
        &self,
        deployment: &mut DeploymentRecord,
        state: DeploymentState,
    ) -> Result<(), DeploymentError> {
        self.ledger.advance(deployment, state).map_err(|error| {
            tracing::error!(lambda = %deployment.lambda, %error, "a deployment could not be written down");
            internal()
        })
    }

    fn build(&self, deployment: &DeploymentRecord) -> Result<Frozen, DeploymentError> {
        let source = self.ledger.source(deployment.lambda, &deployment.source).map_err(|error| {
            tracing::error!(lambda = %deployment.lambda, %error, "the source of a deployment could not be read");
            internal()
        })?;
        // Checked when it was saved, perhaps by an older version of the checker.
        let checked = check(&source).map_err(|findings| DeploymentError {
            error_code: lambkin_runtime::ErrorCode::ContractError.as_str().to_owned(),
            error_msg: crate::api::findings::sentence(&findings),
            error_logs: Vec::new(),
        })?;
        let environment = environment_of(&deployment.account, deployment.lambda, &deployment.environment);
        self.runtime.freeze(&checked, &environment).map_err(|failure| {
            let mut error = refused(&failure.error, "the lambda cannot be built");
            if let (Some(line), Some(column)) = (failure.line, failure.column) {
                error.error_msg = format!("{} (line {line}, column {column})", error.error_msg);
            }
            let logs = failure.logs.into_iter().take(LogLimits::default().entries);
            error.error_logs = logs.collect();
            error
        })
    }

    fn keep(&self, deployment: &DeploymentRecord, image: &Image) -> Result<ContentHash, DeploymentError> {
        self.artifacts.write(deployment.lambda, &image.to_bytes()).map_err(|error| {
            tracing::error!(lambda = %deployment.lambda, %error, "an image could not be written");
            internal()
        })
    }

    /// Serves the deployment.
    fn publish(&self, deployment: &DeploymentRecord, image: ContentHash, lambda: Lambda) {
        let before = self.registry.look_up(&deployment.account, deployment.lambda);
        let gate = before.map_or_else(|| self.gate.gate(), |deployed| Arc::clone(&deployed.gate));
        let account: Arc<str> = deployment.account.as_str().into();
        let deployed = Arc::new(Deployed::new(account, deployment, image, gate));
        self.loader.install(&deployed, lambda);
        self.registry.publish(deployed);
        self.warm.forget(deployment.lambda, Some(deployment.sequence));
    }

    /// Removes the images of deployments that are not kept any more.
    fn tidy(&self, lambda: uuid::Uuid) {
        let kept = self.ledger.kept_images(lambda).map_err(|error| error.to_string());
        let tidied =
            kept.and_then(|kept| self.artifacts.keep_only(lambda, &kept).map_err(|error| error.to_string()));
        if let Err(error) = tidied {
            tracing::warn!(%lambda, error, "old images could not be removed");
        }
    }
}

/// A refusal of the runtime, as the author of the lambda sees it. The host's own troubles stay in the log.
fn refused(error: &RuntimeError, doing: &str) -> DeploymentError {
    if matches!(error.code, lambkin_runtime::ErrorCode::Internal | lambkin_runtime::ErrorCode::Busy) {
        tracing::error!(code = %error.code, "{doing}: {}", error.message);
        return internal();
    }
    let error_msg = match &error.hint {
        Some(hint) => format!("{}; {hint}", error.message),
        None => error.message.clone(),
    };
    DeploymentError { error_code: error.code.as_str().to_owned(), error_msg, error_logs: Vec::new() }
}

fn internal() -> DeploymentError {
    DeploymentError {
        error_code: INTERNAL.to_owned(),
        error_msg: "the server could not carry out the deployment; try again, or ask its operator".to_owned(),
        error_logs: Vec::new(),
    }
}
