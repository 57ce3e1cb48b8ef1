//! The house: everything a call may need, put together once at start-up.

use std::{collections::HashSet, sync::Arc, time::Duration};

use lambkin_runtime::{Limits, Runtime, RuntimeConfig};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    admission::Admission,
    api::MANAGEMENT_BODY,
    artifacts::Artifacts,
    auth::{Brake, Credentials, KeyRing, passwords::Passwords},
    config::ServeOptions,
    counters::Counters,
    data::DataDirectory,
    deploy::{Deployer, GateSize},
    directory::{Directory, Introduction},
    egress,
    error::HostError,
    journal::{Journal, Sizes},
    lambda::{DeploymentRecord, LambdaState, now_ms},
    ledger::Ledger,
    loader::{Loader, Room},
    logs::LogFiles,
    master_key,
    metrics::Metrics,
    rates::{Allowance, Rates},
    records::Recorder,
    registry::{Deployed, Registry},
    replay::{Replay, Room as ReplayRoom},
    reply::Refusal,
    retention::Retention,
    scheduler::{Scheduler, keep_time},
    secrets::Secrets,
    settings::Settings,
    store::{SledStore, Store, StoreError},
    ticker::Ticker,
    warm::{ReuseCaps, Warm},
    whitelist::Whitelist,
};

/// Instances the runtime has room for beyond those that may run, so that an instance on its way out does not keep
/// the next one waiting.
const SPARE_SLOTS: usize = 16;

/// Slots the runtime gets at least: a slot that stays with its image thaws without page faults.
const USUAL_SLOTS: usize = 1_024;

/// Management calls that work at once, each on a thread that may block. What they parse and write takes memory, and
/// the threads are shared with the loading of lambdas: a crowd of them must not take them all.
const MANAGEMENT: usize = 32;

/// Lists that may be on their way to clients at once. Each holds a thread until its client has read it.
const LISTS: usize = 16;

/// Memory for bodies of calls that take more than an invocation or a management call does: modules. A pool of its
/// own, so that uploads and invocations do not stand in each other's way.
const UPLOAD_MEMORY: usize = 256 << 20;

/// A request's body counts in units of this many bytes against the memory for bodies.
const BODY_UNIT: usize = 1 << 10;

/// How long a repeated request gets the first answer, and how much is remembered for it.
const REPLAY: ReplayRoom = ReplayRoom {
    window: Duration::from_secs(300),
    ids: 1 << 16,
    all_ids: 1 << 20,
    bytes: 64 << 20,
    answer: 256 << 10,
};

/// How often counters are put on the disk: what a killed process may lose.
const COUNTING: Duration = Duration::from_secs(1);

/// Everything that outlives a call.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) options: ServeOptions,
    pub(crate) runtime: Runtime,
    pub(crate) limits: Limits,
    pub(crate) credentials: Credentials,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) passwords: Passwords,
    pub(crate) brake: Brake,
    pub(crate) directory: Arc<Directory>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) loader: Arc<Loader>,
    pub(crate) deployer: Arc<Deployer>,
    pub(crate) admission: Admission,
    pub(crate) logs: Arc<LogFiles>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) recorder: Recorder,
    pub(crate) scheduler: Scheduler,
    pub(crate) whitelist: Arc<Whitelist>,
    pub(crate) egress: Arc<egress::Service>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) rates: Rates,
    pub(crate) replay: Arc<Replay>,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    pub(crate) warm: Arc<Warm>,
    /// Memory for large bodies, in [`BODY_UNIT`]s.
    body_memory: Arc<Semaphore>,
    /// Memory for uploads, in the same units.
    upload_memory: Arc<Semaphore>,
    management: Arc<Semaphore>,
    lists: Arc<Semaphore>,
    /// Work that goes on beside the calls; ended by [`Host::close`].
    tickers: [Ticker; 2],
    /// Last, so that it is unlocked when everything else is gone.
    _data: DataDirectory,
}

/// What was going on when the server went down.
#[derive(Debug, Default)]
pub(crate) struct Unfinished {
    deployments: Vec<DeploymentRecord>,
    undeployments: Vec<(String, uuid::Uuid)>,
}

/// A host, and what its operator has to be told.
pub(crate) struct Opened {
    pub(crate) host: Arc<Host>,
    pub(crate) unfinished: Unfinished,
    pub(crate) introduction: Introduction,
}

impl Host {
    /// Opens the data directory and makes everything ready. Blocks: seconds when the engine is not in the cache yet.
    pub(crate) fn open(options: ServeOptions) -> Result<Opened, HostError> {
        let data = DataDirectory::open(&options.data)?;
        let store = SledStore::open(&data.folder_path("database"))?;
        let unreadable = |error: StoreError| {
            HostError::while_doing("the stored lambdas cannot be read", error)
                .with_hint("restore the data directory from a backup, or start with another one")
        };
        let store: Arc<dyn Store> = Arc::new(store);
        let ledger = Ledger::open(Arc::clone(&store), options.account_limits.clone()).map_err(unreadable)?;
        let ledger = Arc::new(ledger);
        let whitelist = Whitelist::open(Arc::clone(&ledger), options.wildcards).map_err(unreadable)?;
        let secret_key = options.old_secret_key.as_ref();
        let sealer = master_key::open(&options.secret_key, secret_key, &options.data, &ledger)?;
        let keys = KeyRing::open(Arc::clone(&ledger), sealer.clone()).map_err(unreadable)?;
        let keys = Arc::new(keys);
        let secrets = Arc::new(Secrets::open(Arc::clone(&ledger), sealer).map_err(unreadable)?);
        let directory = Arc::new(Directory::new(Arc::clone(&store)));
        let config = RuntimeConfig {
            cache: Some(data.folder_path("engine")),
            metered: options.metered,
            slots: USUAL_SLOTS.max(options.max_concurrency + options.reuse.instances + SPARE_SLOTS),
            limits: options.limits.clone(),
            ..RuntimeConfig::default()
        };
        // Instances that wait must not keep those that run from growing.
        let grown = options.reuse.grown.min(config.memory / 8);
        let warm = Arc::new(Warm::new(ReuseCaps { grown, ..options.reuse }));
        let runtime = Runtime::new(config)?;
        let gate = GateSize { places: options.lambda_concurrency, queue: options.lambda_queue };
        let (served, unfinished) = recall(&ledger, gate).map_err(unreadable)?;
        let introduction = directory.introduce(&options, &ledger)?;
        let artifacts = Arc::new(Artifacts::new(data.folder("images")?));
        let scheduler = Scheduler::open(Arc::clone(&ledger), now_ms()).map_err(unreadable)?;
        let sizes = Sizes {
            log: options.log_bytes,
            invocations: options.record_bytes,
            total: options.total_log_bytes,
        };
        let journal = Arc::new(Journal::new(data.folder("logs")?, sizes));
        let logs = Arc::new(LogFiles::new(Arc::clone(&journal)));
        let no_thread = |error| HostError::while_doing("a thread cannot be started", error);
        let keeps = options.log_bytes > 0;
        let recorder = Recorder::start(Arc::clone(&journal), Arc::clone(&logs), keeps).map_err(no_thread)?;
        let settings = Settings::open(Arc::clone(&store)).map_err(unreadable)?;
        let counters = Arc::new(Counters::open(store, now_ms()).map_err(unreadable)?);
        let retention = Retention {
            journal: Arc::clone(&journal),
            counters: Arc::clone(&counters),
            ledger: Arc::clone(&ledger),
            days: options.log_days,
        };
        let tickers =
            [counting(Arc::clone(&counters)).map_err(no_thread)?, retention.start().map_err(no_thread)?];
        let allowance = Allowance {
            per_second: options.account_limits.per_second,
            per_month: options.enforce_monthly.then_some(options.account_limits.per_month),
        };
        let rates = Rates::new(allowance, Arc::clone(&counters));
        let registry = Arc::new(Registry::new(served));
        let builds = Arc::new(Semaphore::new(cpus()));
        let loader = Arc::new(Loader::new(
            runtime.clone(),
            Arc::clone(&artifacts),
            Arc::clone(&ledger),
            Room { lambdas: options.max_loaded, bytes: options.max_loaded_bytes },
            Arc::clone(&builds),
        ));
        let deployer = Arc::new(Deployer {
            runtime: runtime.clone(),
            ledger: Arc::clone(&ledger),
            artifacts,
            registry: Arc::clone(&registry),
            loader: Arc::clone(&loader),
            warm: Arc::clone(&warm),
            gate,
            builds,
        });
        let egress = Arc::new(egress::Service::new(&options.egress)?);
        let host = Arc::new(Self {
            limits: runtime.limits().clone(),
            admission: Admission::new(options.max_concurrency, options.max_queue, options.queue_wait),
            body_memory: Arc::new(Semaphore::new(options.body_memory / BODY_UNIT)),
            upload_memory: Arc::new(Semaphore::new(UPLOAD_MEMORY / BODY_UNIT)),
            management: Arc::new(Semaphore::new(MANAGEMENT)),
            lists: Arc::new(Semaphore::new(LISTS)),
            runtime,
            credentials: Credentials::new(
                Arc::clone(&directory),
                Arc::clone(&keys),
                options.dev,
                options.metrics_token,
            ),
            keys,
            brake: Brake::default(),
            passwords: Passwords::new(cpus()),
            directory,
            options,
            ledger,
            registry,
            loader,
            deployer,
            logs,
            journal,
            recorder,
            scheduler,
            whitelist: Arc::new(whitelist),
            egress,
            secrets,
            counters,
            rates,
            replay: Arc::new(Replay::new(REPLAY)),
            settings,
            metrics: Metrics::default(),
            warm,
            tickers,
            _data: data,
        });
        Ok(Opened { host, unfinished, introduction })
    }

    /// Takes up what the last server left unfinished. Needs the async runtime.
    pub(crate) fn resume(self: &Arc<Self>, unfinished: Unfinished) {
        for deployment in unfinished.deployments {
            tracing::info!(lambda = %deployment.lambda, "carrying out a deployment that was interrupted");
            drop(self.deployer.start(deployment));
        }
        for (account, lambda) in unfinished.undeployments {
            self.end_undeployment(account, lambda);
        }
        tokio::spawn(keep_time(Arc::clone(self)));
    }

    /// Carries out an undeployment that is written down, in the background.
    pub(crate) fn end_undeployment(self: &Arc<Self>, account: String, lambda: uuid::Uuid) {
        let host = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = host.ledger.end_undeployment(&account, lambda) {
                tracing::error!(%lambda, %error, "the end of an undeployment could not be written down");
            }
        });
    }

    /// Runs something that blocks where it may, once it is its turn.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<Self>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = Arc::clone(&self.management).acquire_owned().await.map_err(Refusal::internal)?;
        let host = Arc::clone(self);
        let work = move || {
            // Held by the work, which goes on when its caller hangs up.
            let _turn = turn;
            work(&host)
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|panic| Err(Refusal::internal(panic)))
    }

    /// Reserves so many bytes for the body of a call that takes at most `cap`; `None` when too much is reserved
    /// already.
    pub(crate) fn body_memory(&self, bytes: usize, cap: usize) -> Option<OwnedSemaphorePermit> {
        let is_upload = cap > self.limits.input.max(MANAGEMENT_BODY);
        let pool = if is_upload { &self.upload_memory } else { &self.body_memory };
        let units = u32::try_from(bytes.div_ceil(BODY_UNIT)).ok()?;
        Arc::clone(pool).try_acquire_many_owned(units).ok()
    }

    /// The right to produce a list, which takes as long as its client reads.
    pub(crate) fn open_list(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.lists)
            .try_acquire_owned()
            .map_err(|_| Refusal::full("too many long lists are being read"))
    }

    /// Whether new invocations are still taken.
    pub(crate) fn is_draining(&self) -> bool {
        self.admission.is_closed()
    }

    /// Puts on the disk what is remembered of invocations and of reads of secrets. For the end of the server; blocks.
    pub(crate) fn close(&self) {
        self.recorder.close();
        self.tickers.iter().for_each(Ticker::close);
        if let Err(error) = self.secrets.write_counts() {
            tracing::error!(%error, "the last counts of secret reads could not be written down");
        }
    }

    /// The deployment of the same lambda that is served now.
    pub(crate) fn served(&self, deployed: &Deployed) -> Option<u64> {
        let served = self.registry.look_up(&deployed.account, deployed.lambda);
        served.map(|served| served.sequence)
    }

    /// From here on new invocations are refused, also those that wait or whose body is still on its way.
    pub(crate) fn drain(&self) {
        self.admission.close();
    }
}

/// Puts the counters on the disk once a second. Trouble is told once, until it is over.
fn counting(counters: Arc<Counters>) -> std::io::Result<Ticker> {
    let mut failed = false;
    Ticker::start("counters", COUNTING, move |_| match counters.collect(now_ms()) {
        Ok(()) => failed = false,
        Err(_) if failed => {}
        Err(error) => {
            failed = true;
            tracing::warn!(%error, "invocations are counted in memory only");
        }
    })
}

/// Reads what is served and what was going on. Metadata only: no image is touched.
fn recall(ledger: &Ledger, gate: GateSize) -> Result<(Vec<Deployed>, Unfinished), StoreError> {
    let mut served = Vec::new();
    let mut unfinished = Unfinished::default();
    // One name for all lambdas of an account: they come in the order of their ids.
    let mut accounts: HashSet<Arc<str>> = HashSet::new();
    ledger.each_lambda(|lambda| {
        if lambda.state == LambdaState::MarkedUndeployed {
            unfinished.undeployments.push((lambda.account.clone(), lambda.uuid));
        }
        let last = ledger.deployment(lambda.uuid, lambda.last_deployment)?;
        if let Some(last) = last.as_ref().filter(|last| last.state.is_running()) {
            unfinished.deployments.push(last.clone());
        }
        if let Some(sequence) = lambda.productive {
            let deployment = match last {
                Some(last) if last.sequence == sequence => Some(last),
                _ => ledger.deployment(lambda.uuid, sequence)?,
            };
            let image = deployment.as_ref().and_then(|deployment| deployment.image.clone());
            match deployment.zip(image) {
                Some((deployment, image)) => {
                    let account = accounts.get(lambda.account.as_str()).cloned().unwrap_or_else(|| {
                        let account: Arc<str> = lambda.account.as_str().into();
                        accounts.insert(Arc::clone(&account));
                        account
                    });
                    served.push(Deployed::new(account, &deployment, image, gate.gate()));
                }
                None => {
                    tracing::error!(lambda = %lambda.uuid, "its productive deployment is not in the database")
                }
            }
        }
        Ok(())
    })?;
    Ok((served, unfinished))
}

/// Threads that can compute at the same time.
pub(crate) fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
