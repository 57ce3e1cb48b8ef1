//! Brings images into memory on the first call and lets the least recently used go.
//!
//! Start-up reads metadata only; 1,000 deployed lambdas cost 1,000 small records until somebody calls them. A crowd
//! of first calls loads once. A missing or damaged image, or one of another engine, is frozen again from its source.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use lambkin_runtime::{ErrorCode, Image, Lambda, Runtime, RuntimeError};
use parking_lot::Mutex;

use crate::{
    artifacts::Artifacts,
    ledger::Ledger,
    registry::{Deployed, Loaded},
};

/// After a failed load the next attempt is this far off; calls in between fail at once instead of queueing for a
/// freeze that will be refused again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a lambda could not be brought into memory. For the log; callers hear only that it is unavailable.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct LoadError(String);

/// Loads images and bounds how many are loaded.
pub(crate) struct Loader {
    runtime: Runtime,
    artifacts: Arc<Artifacts>,
    ledger: Arc<Ledger>,
    /// Advances with every load. Between two loads all uses count as simultaneous, so a hit on the hot path is one
    /// read and, once per tick, one write.
    tick: AtomicU64,
    capacity: usize,
    /// Who is loaded. Only touched while loading; a lambda that was redeployed or deleted simply dies in it.
    loaded: Mutex<Vec<Weak<Deployed>>>,
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

impl Loader {
    pub(crate) fn new(
        runtime: Runtime,
        artifacts: Arc<Artifacts>,
        ledger: Arc<Ledger>,
        capacity: usize,
    ) -> Self {
        let capacity = capacity.max(1);
        Self { runtime, artifacts, ledger, tick: AtomicU64::new(0), capacity, loaded: Mutex::default() }
    }

    /// The lambda, from memory or, the first time, from disk.
    pub(crate) async fn ready(self: &Arc<Self>, deployed: &Arc<Deployed>) -> Result<Lambda, LoadError> {
        if let Some(lambda) = self.in_memory(deployed) {
            return Ok(lambda);
        }
        let mut history = deployed.loading.lock().await;
        if let Some(lambda) = self.in_memory(deployed) {
            return Ok(lambda);
        }
        if history.failed_at.is_some_and(|at| at.elapsed() < RETRY_AFTER) {
            return Err(LoadError(format!("lambda {} could not be loaded a moment ago", deployed.lambda)));
        }
        let (loader, target) = (Arc::clone(self), Arc::clone(deployed));
        let outcome =
            tokio::task::spawn_blocking(move || loader.load(&target)).await.unwrap_or_else(|panic| {
                Err(LoadError(format!("loading lambda {} ended in {panic}", deployed.lambda)))
            });
        match outcome {
            Ok(lambda) => {
                history.failed_at = None;
                self.install(deployed, lambda.clone());
                Ok(lambda)
            }
            Err(error) => {
                history.failed_at = Some(Instant::now());
                Err(error)
            }
        }
    }

    /// Puts a lambda that is in memory already, because it was just deployed, among the loaded ones.
    pub(crate) fn install(&self, deployed: &Arc<Deployed>, lambda: Lambda) {
        let tick = self.tick.fetch_add(1, Ordering::Relaxed) + 1;
        deployed.loaded.store(Some(Arc::new(Loaded { lambda, last_used: AtomicU64::new(tick) })));
        let mut loaded = self.loaded.lock();
        loaded.push(Arc::downgrade(deployed));
        if loaded.len() > self.capacity {
            make_room(&mut loaded, self.capacity);
        }
    }

    fn in_memory(&self, deployed: &Deployed) -> Option<Lambda> {
        let loaded = deployed.loaded.load();
        let loaded = loaded.as_ref()?;
        let tick = self.tick.load(Ordering::Relaxed);
        if loaded.last_used.load(Ordering::Relaxed) != tick {
            loaded.last_used.store(tick, Ordering::Relaxed);
        }
        Some(loaded.lambda.clone())
    }

    fn load(&self, deployed: &Deployed) -> Result<Lambda, LoadError> {
        let hash = deployed.image.lock().clone();
        let image = match self.artifacts.read(deployed.lambda, &hash) {
            Ok(bytes) => Image::from_bytes(&bytes),
            Err(error) => Err(RuntimeError::new(ErrorCode::ImageInvalid, error.to_string())),
        };
        let why = match image.and_then(|image| self.runtime.load(&image)) {
            Ok(lambda) => return Ok(lambda),
            // Missing, damaged or made by another engine.
            Err(error) if error.code == ErrorCode::ImageInvalid => error.message,
            Err(error) => return Err(LoadError(error.message)),
        };
        tracing::info!(lambda = %deployed.lambda, why, "freezing a lambda again from its source");
        self.freeze_again(deployed)
    }

    fn freeze_again(&self, deployed: &Deployed) -> Result<Lambda, LoadError> {
        let broken = |doing: &str, cause: &dyn std::fmt::Display| {
            LoadError(format!("{doing} lambda {}: {cause}", deployed.lambda))
        };
        let record = self.ledger.deployment(deployed.lambda, deployed.sequence);
        let record = record.map_err(|error| broken("finding the deployment of", &error))?;
        let record = record.ok_or_else(|| broken("finding the deployment of", &"its record is missing"))?;
        let source = self.ledger.source(deployed.lambda, &record.source);
        let source = source.map_err(|error| broken("reading the source of", &error))?;
        let checked = lambkin_runtime::check(&source).map_err(|findings| {
            let first = findings.first().map_or("refused", |finding| finding.message.as_str());
            broken("checking the source of", &first)
        })?;
        let environment = environment_of(&record.account, deployed.lambda, &record.environment);
        let frozen = self.runtime.freeze(&checked, &environment);
        let frozen = frozen.map_err(|failure| broken("freezing", &failure.error.message))?;
        let lambda = self.runtime.load(&frozen.image).map_err(|error| broken("loading", &error.message))?;
        self.keep(deployed, &frozen.image);
        Ok(lambda)
    }

    /// Keeps a fresh image for the next time. Failing to is no reason to fail the call that waits.
    fn keep(&self, deployed: &Deployed, image: &Image) {
        let kept =
            self.artifacts.write(deployed.lambda, &image.to_bytes()).map_err(|error| error.to_string());
        let noted = kept.and_then(|hash| {
            self.ledger
                .replace_image(deployed.lambda, deployed.sequence, &hash)
                .map(|()| hash)
                .map_err(|error| error.to_string())
        });
        match noted {
            Ok(hash) => *deployed.image.lock() = hash,
            Err(error) => tracing::warn!(lambda = %deployed.lambda, error, "a new image could not be kept"),
        }
    }
}

/// Everything in `process.env` of a lambda when it is frozen: its own variables and the platform's.
pub(crate) fn environment_of(
    account: &str,
    lambda: uuid::Uuid,
    own: &[crate::lambda::Setting],
) -> BTreeMap<String, String> {
    let platform = [
        ("BRAND_ID", account.to_owned()),
        ("LAMBDA_UUID", lambda.to_string()),
        ("NODE_ENV", "production".to_owned()),
    ];
    let own = own.iter().map(|setting| (setting.key.clone(), setting.value.clone()));
    own.chain(platform.map(|(key, value)| (key.to_owned(), value))).collect()
}

/// Lets the least recently used go until a tenth is free, so that a scan pays for many loads.
fn make_room(loaded: &mut Vec<Weak<Deployed>>, capacity: usize) {
    let mut alive: Vec<(u64, Arc<Deployed>)> = loaded
        .drain(..)
        .filter_map(|weak| weak.upgrade())
        .filter_map(|deployed| {
            let last =
                deployed.loaded.load().as_ref().map(|loaded| loaded.last_used.load(Ordering::Relaxed))?;
            Some((last, deployed))
        })
        .collect();
    alive.sort_by_key(|(last, deployed)| (std::cmp::Reverse(*last), deployed.lambda));
    alive.dedup_by(|a, b| Arc::ptr_eq(&a.1, &b.1));
    if alive.len() > capacity {
        for (_, idle) in alive.drain(capacity - capacity / 10..) {
            idle.loaded.store(None);
        }
    }
    loaded.extend(alive.iter().map(|(_, deployed)| Arc::downgrade(deployed)));
}
