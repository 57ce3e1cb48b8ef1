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
use tokio::sync::{Semaphore, watch};

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

/// Loads images and bounds how many are loaded, and how many bytes they take.
pub(crate) struct Loader {
    runtime: Runtime,
    artifacts: Arc<Artifacts>,
    ledger: Arc<Ledger>,
    /// Advances with every load. Between two loads all uses count as simultaneous, so a hit on the hot path is one
    /// read and, once per tick, one write.
    tick: AtomicU64,
    room: Room,
    /// Who is loaded. Only touched while loading.
    loaded: Mutex<Shelf>,
    /// Turns for freezing, the same as those of deployments.
    builds: Arc<Semaphore>,
}

/// What may be loaded at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) lambdas: usize,
    pub(crate) bytes: usize,
}

/// The loaded lambdas. One that was redeployed or deleted simply dies in it and is found when room is made.
#[derive(Default)]
struct Shelf {
    lambdas: Vec<Weak<Deployed>>,
    /// What they cost, the dead ones included.
    bytes: usize,
}

/// Where the outcome of a load will be.
pub(crate) type Announced = watch::Receiver<Option<Result<Lambda, LoadError>>>;

enum Begun {
    Done(Lambda),
    UnderWay(Announced),
}

/// What the disk had.
enum Read {
    Lambda(Lambda),
    /// Nothing of use, and why.
    Unusable(String),
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").field("room", &self.room).finish_non_exhaustive()
    }
}

impl Loader {
    pub(crate) fn new(
        runtime: Runtime,
        artifacts: Arc<Artifacts>,
        ledger: Arc<Ledger>,
        room: Room,
        builds: Arc<Semaphore>,
    ) -> Self {
        let room = Room { lambdas: room.lambdas.max(1), ..room };
        Self { runtime, artifacts, ledger, tick: AtomicU64::new(0), room, loaded: Mutex::default(), builds }
    }

    /// The lambda, from memory or, the first time, from disk.
    pub(crate) async fn ready(self: &Arc<Self>, deployed: &Arc<Deployed>) -> Result<Lambda, LoadError> {
        if let Some(lambda) = self.in_memory(deployed) {
            return Ok(lambda);
        }
        let mut announced = match self.begin(deployed)? {
            Begun::Done(lambda) => return Ok(lambda),
            Begun::UnderWay(announced) => announced,
        };
        let outcome = announced.wait_for(Option::is_some).await;
        outcome
            .ok()
            .and_then(|outcome| outcome.clone())
            .unwrap_or_else(|| Err(LoadError(format!("loading lambda {} was broken off", deployed.lambda))))
    }

    /// Joins the load that is under way or starts one. It is a task of its own: a caller that hangs up neither ends
    /// it nor lets the next caller start a second one beside it.
    fn begin(self: &Arc<Self>, deployed: &Arc<Deployed>) -> Result<Begun, LoadError> {
        let mut history = deployed.loading.lock();
        if let Some(announced) = &history.under_way {
            return Ok(Begun::UnderWay(announced.clone()));
        }
        if let Some(lambda) = self.in_memory(deployed) {
            return Ok(Begun::Done(lambda));
        }
        if history.failed_at.is_some_and(|at| at.elapsed() < RETRY_AFTER) {
            return Err(LoadError(format!("lambda {} could not be loaded a moment ago", deployed.lambda)));
        }
        let (announce, announced) = watch::channel(None);
        history.under_way = Some(announced.clone());
        let (loader, target) = (Arc::clone(self), Arc::clone(deployed));
        tokio::spawn(async move {
            let outcome = loader.bring_in(&target).await;
            if let Ok(lambda) = &outcome {
                loader.install(&target, lambda.clone());
            }
            {
                let mut history = target.loading.lock();
                history.failed_at = outcome.is_err().then(Instant::now);
                history.under_way = None;
            }
            // An error means that all callers hung up; the lambda stays loaded for the next one.
            let _ = announce.send(Some(outcome));
        });
        Ok(Begun::UnderWay(announced))
    }

    /// Loads the image or makes it again.
    async fn bring_in(self: &Arc<Self>, deployed: &Arc<Deployed>) -> Result<Lambda, LoadError> {
        let broken_off = |panic: tokio::task::JoinError| {
            LoadError(format!("loading lambda {} ended in {panic}", deployed.lambda))
        };
        let (loader, target) = (Arc::clone(self), Arc::clone(deployed));
        let read = tokio::task::spawn_blocking(move || loader.load(&target)).await.map_err(broken_off)??;
        let why = match read {
            Read::Lambda(lambda) => return Ok(lambda),
            Read::Unusable(why) => why,
        };
        // A new engine makes every image unusable at once; the freezes take turns with the deployments.
        let turn = Arc::clone(&self.builds).acquire_owned().await;
        let turn = turn.map_err(|closed| LoadError(closed.to_string()))?;
        tracing::info!(lambda = %deployed.lambda, why, "freezing a lambda again from its source");
        let (loader, target) = (Arc::clone(self), Arc::clone(deployed));
        let frozen = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            loader.freeze_again(&target)
        });
        frozen.await.map_err(broken_off)?
    }

    /// Puts a lambda that is in memory already, because it was just deployed, among the loaded ones.
    pub(crate) fn install(&self, deployed: &Arc<Deployed>, lambda: Lambda) {
        let tick = self.tick.fetch_add(1, Ordering::Relaxed) + 1;
        let bytes = lambda.bytes();
        deployed.loaded.store(Some(Arc::new(Loaded { lambda, last_used: AtomicU64::new(tick) })));
        let mut shelf = self.loaded.lock();
        shelf.lambdas.push(Arc::downgrade(deployed));
        shelf.bytes = shelf.bytes.saturating_add(bytes);
        if shelf.lambdas.len() > self.room.lambdas || shelf.bytes > self.room.bytes {
            shelf.make_room(self.room);
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

    fn load(&self, deployed: &Deployed) -> Result<Read, LoadError> {
        let hash = deployed.image.lock().clone();
        let image = match self.artifacts.read(deployed.lambda, &hash) {
            Ok(bytes) => Image::from_bytes(&bytes),
            Err(error) => Err(RuntimeError::new(ErrorCode::ImageInvalid, error.to_string())),
        };
        match image.and_then(|image| self.runtime.load(&image)) {
            Ok(lambda) => Ok(Read::Lambda(lambda)),
            // Missing, damaged or made by another engine.
            Err(error) if error.code == ErrorCode::ImageInvalid => Ok(Read::Unusable(error.message)),
            Err(error) => Err(LoadError(error.message)),
        }
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

impl Shelf {
    /// Lets the least recently used go until a tenth is free, so that a scan pays for many loads.
    fn make_room(&mut self, room: Room) {
        let mut alive: Vec<(u64, usize, Arc<Deployed>)> =
            self.lambdas
                .drain(..)
                .filter_map(|weak| weak.upgrade())
                .filter_map(|deployed| {
                    let (last, bytes) =
                        deployed.loaded.load().as_ref().map(|loaded| {
                            (loaded.last_used.load(Ordering::Relaxed), loaded.lambda.bytes())
                        })?;
                    Some((last, bytes, deployed))
                })
                .collect();
        alive.sort_by_key(|(last, _, deployed)| (std::cmp::Reverse(*last), Arc::as_ptr(deployed)));
        alive.dedup_by(|a, b| Arc::ptr_eq(&a.2, &b.2));
        let costs: Vec<usize> = alive.iter().map(|(_, bytes, _)| *bytes).collect();
        let stay = room.keeps(&costs);
        for (_, _, idle) in alive.drain(stay..) {
            idle.loaded.store(None);
        }
        self.bytes = costs[..stay].iter().sum();
        self.lambdas.extend(alive.iter().map(|(_, _, deployed)| Arc::downgrade(deployed)));
    }
}

impl Room {
    /// How many of some lambdas, the most recently used first, may stay: all when they fit, otherwise nine tenths of
    /// the room. The first one always stays, for somebody is about to call it.
    fn keeps(self, costs: &[usize]) -> usize {
        if costs.len() <= self.lambdas && costs.iter().sum::<usize>() <= self.bytes {
            return costs.len();
        }
        let most = self.lambdas - self.lambdas / 10;
        let mut bytes = 0_usize;
        let fitting = costs.iter().take(most).take_while(|&&cost| {
            bytes = bytes.saturating_add(cost);
            bytes <= self.bytes - self.bytes / 10
        });
        fitting.count().max(1).min(costs.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambdas_stay_while_both_their_number_and_their_bytes_fit() {
        let room = Room { lambdas: 10, bytes: 100 };
        assert_eq!(room.keeps(&[]), 0);
        assert_eq!(room.keeps(&[10; 10]), 10);
        assert_eq!(room.keeps(&[1; 11]), 9);
        assert_eq!(room.keeps(&[30, 30, 30, 30]), 3);
        assert_eq!(room.keeps(&[50, 50, 1]), 1);
        assert_eq!(room.keeps(&[500, 1]), 1);
    }
}
