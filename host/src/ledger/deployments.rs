//! The part of the ledger about deployments: begun, carried out, committed, ended, forgotten.

use uuid::Uuid;

use super::{Ledger, LedgerError, deployment_key, lambda_key};
use crate::{
    activity::{Action, Activity},
    artifacts::ContentHash,
    lambda::{DeploymentError, DeploymentRecord, DeploymentState, LambdaState, now_ms},
    store::{Batch, StoreError},
};

impl Ledger {
    /// Writes down that the newest version of a lambda is to be deployed.
    pub(crate) fn begin_deployment(
        &self,
        account: &str,
        uuid: Uuid,
        by: &str,
    ) -> Result<DeploymentRecord, LedgerError> {
        let mut writing = self.writing.lock();
        let mut lambda = self.settled(account, uuid)?;
        writing.begin(self, &lambda)?;
        let deployment = DeploymentRecord::new(&lambda, lambda.version, &lambda.definition, by);
        lambda.last_deployment = deployment.sequence;
        let mut batch = Batch::default();
        batch.put(lambda_key(uuid), &lambda)?;
        batch.put(deployment_key(uuid, deployment.sequence), &deployment)?;
        Activity::of_lambda(by, Action::Deploy, &lambda).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(deployment)
    }

    /// Shows how far a deployment has come. Not flushed: after a crash it starts over anyway.
    pub(crate) fn advance(
        &self,
        deployment: &mut DeploymentRecord,
        to: DeploymentState,
    ) -> Result<(), StoreError> {
        deployment.state = to;
        deployment.updated_at = now_ms();
        let mut batch = Batch::default();
        batch.put(deployment_key(deployment.lambda, deployment.sequence), deployment)?;
        self.store.apply(batch)
    }

    /// The point of no return: from here on a restart serves this deployment.
    pub(crate) fn commit_deployment(&self, deployment: &DeploymentRecord) -> Result<(), LedgerError> {
        let writing = self.writing.lock();
        let mut lambda = self.lambda(&deployment.account, deployment.lambda)?;
        lambda.productive = Some(deployment.sequence);
        let mut batch = Batch::default();
        batch.put(deployment_key(lambda.uuid, deployment.sequence), deployment)?;
        batch.put(lambda_key(lambda.uuid), &lambda)?;
        self.store.apply(batch)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    /// Writes the end of a deployment and what it makes of its lambda, together.
    pub(crate) fn end_deployment(&self, deployment: &mut DeploymentRecord) -> Result<(), LedgerError> {
        let mut writing = self.writing.lock();
        let uuid = deployment.lambda;
        let mut lambda = self.lambda(&deployment.account, uuid)?;
        deployment.updated_at = now_ms();
        if let Some(state) = LambdaState::after_deployment(deployment.state) {
            lambda.state = state;
        }
        // An earlier version was put in service again.
        if lambda.state == LambdaState::Productive && !deployment.serves(&lambda.definition) {
            lambda.state = LambdaState::Modified;
        }
        if deployment.state == DeploymentState::DeployFinish {
            deployment.deployed_at = Some(deployment.updated_at);
        }
        let mut batch = Batch::default();
        batch.put(deployment_key(uuid, deployment.sequence), deployment)?;
        batch.put(lambda_key(uuid), &lambda)?;
        self.keep_newest(&lambda, None, &mut batch)?;
        // Counted before the batch: what it counts from, when it must, is what stands there now.
        if lambda.productive.is_none() && !deployment.state.is_running() {
            writing.end(self, &lambda.account)?;
        }
        self.store.apply(batch)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    /// Ends a deployment that broke off, as far as it had come by its record: one that is committed already is what
    /// a restart serves, so it keeps its image and is finished, not failed.
    pub(crate) fn break_off(
        &self,
        begun: &DeploymentRecord,
        why: DeploymentError,
    ) -> Result<(), LedgerError> {
        let lambda = self.lambda(&begun.account, begun.lambda)?;
        let recorded = self.deployment(begun.lambda, begun.sequence)?;
        let mut deployment = recorded.unwrap_or_else(|| begun.clone());
        if !deployment.state.is_running() {
            return Ok(());
        }
        if lambda.productive == Some(deployment.sequence) {
            // Still running by its record: the next start-up, like this process, serves what was committed.
            deployment.state = DeploymentState::DeployFinish;
        } else {
            deployment.state = deployment.state.failed();
            deployment.error = Some(why);
        }
        self.end_deployment(&mut deployment)
    }

    /// Notes the image a served deployment was frozen to again.
    pub(crate) fn replace_image(
        &self,
        lambda: Uuid,
        sequence: u64,
        image: &ContentHash,
    ) -> Result<(), StoreError> {
        let _writing = self.writing.lock();
        if let Some(mut deployment) = self.deployment(lambda, sequence)? {
            deployment.image = Some(image.clone());
            let mut batch = Batch::default();
            batch.put(deployment_key(lambda, sequence), &deployment)?;
            // Not flushed: an image is a cache, and a crash only means that it is made once more.
            self.store.apply(batch)?;
        }
        Ok(())
    }

    /// Acknowledges an undeployment: from here on the lambda is not served, also after a crash.
    pub(crate) fn mark_undeployed(&self, account: &str, uuid: Uuid, by: &str) -> Result<(), LedgerError> {
        let mut writing = self.writing.lock();
        let mut lambda = self.settled(account, uuid)?;
        if lambda.productive.take().is_none() {
            return Err(LedgerError::NotDeployed(uuid));
        }
        lambda.state = LambdaState::MarkedUndeployed;
        lambda.updated_at = now_ms();
        by.clone_into(&mut lambda.updated_by);
        writing.end(self, account)?;
        let mut batch = Batch::default();
        batch.put(lambda_key(uuid), &lambda)?;
        Activity::of_lambda(by, Action::Undeploy, &lambda).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    /// Ends an undeployment.
    pub(crate) fn end_undeployment(&self, account: &str, uuid: Uuid) -> Result<(), LedgerError> {
        let writing = self.writing.lock();
        let mut lambda = self.lambda(account, uuid)?;
        if lambda.state == LambdaState::MarkedUndeployed {
            lambda.state = LambdaState::Draft;
            self.put_lambda(&lambda)?;
        }
        drop(writing);
        Ok(self.store.flush()?)
    }
}
