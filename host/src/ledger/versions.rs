//! The part of the ledger about versions: every save is one, the newest are kept, and any that is kept can be served
//! again.

use std::collections::HashSet;

use uuid::Uuid;

use super::{Ledger, LedgerError, deployment_key, events::Claim, lambda_key, source_key};
use crate::{
    activity::{Action, Activity, Subject},
    artifacts::ContentHash,
    lambda::{Definition, DeploymentRecord, DeploymentState, LambdaRecord, now_ms},
    store::{Batch, Key, Shelf, StoreError, visit},
    version::{Compared, VersionRecord},
};

/// Deployments of a lambda that are kept, and versions; the versions of kept deployments come on top.
pub(crate) const KEPT: usize = 5;

/// What to go back to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Version(u64),
    /// A kept deployment, by its id.
    Deployment(Uuid),
}

impl Ledger {
    /// The kept versions of a lambda, newest first, and the one that is served.
    pub(crate) fn versions(
        &self,
        account: &str,
        uuid: Uuid,
    ) -> Result<(Vec<VersionRecord>, Option<u64>), LedgerError> {
        let _writing = self.writing.lock();
        let lambda = self.lambda(account, uuid)?;
        let mut versions = self.kept_versions(uuid)?;
        versions.reverse();
        Ok((versions, self.served_version(&lambda)?))
    }

    /// One kept version with its source.
    pub(crate) fn version(
        &self,
        account: &str,
        uuid: Uuid,
        version: u64,
    ) -> Result<(VersionRecord, String), LedgerError> {
        let _writing = self.writing.lock();
        self.lambda(account, uuid)?;
        let record = self.version_record(uuid, version)?;
        let source = self.source(uuid, &record.definition.source)?;
        Ok((record, source))
    }

    /// One side of a comparison; without a number it is the newest version.
    pub(crate) fn compared(
        &self,
        account: &str,
        uuid: Uuid,
        version: Option<u64>,
    ) -> Result<Compared, LedgerError> {
        let newest = || self.lambda(account, uuid).map(|lambda| lambda.version);
        let (record, source) = self.version(account, uuid, version.map_or_else(newest, Ok)?)?;
        Ok(Compared { version: record.version, source, environment: record.definition.environment })
    }

    /// Writes down that a kept version is to be served again. The image of the deployment it is taken from goes
    /// along, so that nothing has to be built.
    pub(crate) fn begin_rollback(
        &self,
        account: &str,
        uuid: Uuid,
        target: Target,
        by: &str,
    ) -> Result<DeploymentRecord, LedgerError> {
        let mut writing = self.writing.lock();
        let mut lambda = self.settled(account, uuid)?;
        let mut earlier = None;
        self.each_deployment(uuid, |deployment| {
            let wanted = match target {
                Target::Version(version) => deployment.lambda_version == version,
                Target::Deployment(id) => deployment.uuid == id,
            };
            if wanted && deployment.state == DeploymentState::DeployFinish {
                earlier = Some(deployment);
            }
            Ok(())
        })?;
        let mut again = match (earlier, target) {
            (Some(earlier), _) => DeploymentRecord { error: None, deployed_at: None, ..earlier },
            (None, Target::Version(version)) => {
                let definition = self.version_record(uuid, version)?.definition;
                DeploymentRecord::new(&lambda, version, &definition, by)
            }
            (None, Target::Deployment(id)) => return Err(LedgerError::NoDeployment(id)),
        };
        if self.served_version(&lambda)? == Some(again.lambda_version) {
            return Err(LedgerError::Served(again.lambda_version));
        }
        self.judge_claim(Claim {
            account,
            event_id: again.event_id.as_deref(),
            skills: &again.skills,
            lambda: Some(uuid),
        })?;
        writing.begin(self, &lambda)?;
        lambda.last_deployment += 1;
        again.uuid = Uuid::new_v4();
        again.sequence = lambda.last_deployment;
        again.state = DeploymentState::BuildStart;
        again.created_at = now_ms();
        again.updated_at = again.created_at;
        by.clone_into(&mut again.created_by);
        by.clone_into(&mut again.updated_by);
        let mut note = Activity::new(by, Action::Rollback, Subject::Lambda, &lambda.definition.name);
        note.id = Some(uuid.to_string());
        note.version = Some(again.lambda_version);
        let mut batch = Batch::default();
        batch.put(lambda_key(uuid), &lambda)?;
        batch.put(deployment_key(uuid, again.sequence), &again)?;
        note.record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(again)
    }

    /// The images of the deployments that are kept.
    pub(crate) fn kept_images(&self, lambda: Uuid) -> Result<Vec<ContentHash>, StoreError> {
        let mut images = Vec::new();
        self.each_deployment(lambda, |deployment| {
            images.extend(deployment.image);
            Ok(())
        })?;
        Ok(images)
    }

    /// Keeps what a lambda has become, and drops what is not kept any more: old deployments, but never the one
    /// served, old versions, but never those of kept deployments, and sources nobody needs. Called while writing.
    pub(super) fn keep_newest(
        &self,
        lambda: &LambdaRecord,
        saved: Option<&VersionRecord>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let mut sources = HashSet::new();
        let mut deployments = Vec::new();
        self.each_deployment(lambda.uuid, |deployment| {
            deployments.push((deployment.sequence, deployment.lambda_version, deployment.source));
            Ok(())
        })?;
        let mut surplus = deployments.len().saturating_sub(KEPT);
        deployments.retain(|(sequence, _, source)| {
            let kept = surplus == 0 || lambda.productive == Some(*sequence);
            if !kept {
                surplus -= 1;
                sources.insert(source.clone());
                batch.remove(deployment_key(lambda.uuid, *sequence));
            }
            kept
        });
        let mut versions = self.kept_versions(lambda.uuid)?;
        if let Some(saved) = saved {
            batch.put(version_key(lambda.uuid, saved.version), saved)?;
            versions.push(saved.clone());
        }
        let oldest = versions.len().saturating_sub(KEPT);
        let mut at = 0;
        versions.retain(|version| {
            at += 1;
            let deployed = deployments.iter().any(|(_, of, _)| *of == version.version);
            let kept = at > oldest || deployed;
            if !kept {
                sources.insert(version.definition.source.clone());
                batch.remove(version_key(lambda.uuid, version.version));
            }
            kept
        });
        sources.remove(&lambda.definition.source);
        for (_, _, source) in &deployments {
            sources.remove(source);
        }
        for version in &versions {
            sources.remove(&version.definition.source);
        }
        for source in sources {
            batch.remove(source_key(lambda.uuid, &source));
        }
        Ok(())
    }

    /// Removes every version of a lambda that is deleted, with their sources.
    pub(super) fn remove_versions(&self, lambda: Uuid, batch: &mut Batch) -> Result<(), StoreError> {
        for version in self.kept_versions(lambda)? {
            batch.remove(source_key(lambda, &version.definition.source));
            batch.remove(version_key(lambda, version.version));
        }
        Ok(())
    }

    fn served_version(&self, lambda: &LambdaRecord) -> Result<Option<u64>, StoreError> {
        let Some(sequence) = lambda.productive else { return Ok(None) };
        Ok(self.deployment(lambda.uuid, sequence)?.map(|deployment| deployment.lambda_version))
    }

    fn version_record(&self, lambda: Uuid, version: u64) -> Result<VersionRecord, LedgerError> {
        let record = super::read(&*self.store, &version_key(lambda, version))?;
        record.ok_or(LedgerError::NoVersion(version))
    }

    /// Oldest first.
    fn kept_versions(&self, lambda: Uuid) -> Result<Vec<VersionRecord>, StoreError> {
        let mut versions = Vec::new();
        visit(&*self.store, &Key::new(Shelf::Version, &[lambda.as_bytes()]), |version| {
            versions.push(version);
            Ok(())
        })?;
        Ok(versions)
    }
}

/// The version that a lambda is at.
pub(super) fn current(lambda: &LambdaRecord) -> VersionRecord {
    VersionRecord {
        lambda: lambda.uuid,
        version: lambda.version,
        definition: Definition { sample_payload: None, ..lambda.definition.clone() },
        saved_at: lambda.updated_at,
        saved_by: lambda.updated_by.clone(),
    }
}

fn version_key(lambda: Uuid, version: u64) -> Key {
    Key::new(Shelf::Version, &[lambda.as_bytes(), &version.to_be_bytes()])
}
