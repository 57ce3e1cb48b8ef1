//! From source to image: the top level is evaluated once, here, and never again.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use lambkin_abi::{Status, Warning};
use serde::{Deserialize, Serialize};

use crate::{
    check::Checked,
    code::{Code, Fixed},
    error::{ErrorCode, RuntimeError},
    guest::{Budget, Guest, World},
    image::{EngineHash, Image},
    limits::Limits,
    logs::LogEntry,
    memory::{Mapped, PAGE, Pool},
    runtime::Runtime,
    thaw::{Running, Stopped},
};

/// What a top level may use: enough to build tables and load libraries, too little to be a nuisance.
const FREEZE_WALL: Duration = Duration::from_secs(10);
const FREEZE_FUEL: u64 = 5_000_000_000;

/// Largest image, loaded. Every loaded lambda holds its own, so this is what one lambda can cost the host for good.
const MAX_LOADED: usize = 32 << 20;

/// Longest text of a refusal that is passed on, in characters.
const MAX_TOLD: usize = 16 << 10;

/// What a freeze made.
#[derive(Debug)]
pub struct Frozen {
    /// The image.
    pub image: Image,
    /// What there is to say about it.
    pub report: BuildReport,
}

/// What there is to say about a freeze that worked.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildReport {
    /// Things that work and may surprise, a sentence each.
    pub warnings: Vec<String>,
    /// What the top level logged.
    pub logs: Vec<LogEntry>,
    /// Fuel the top level burned; 0 where the runtime is not metered.
    pub fuel: u64,
    /// Bytes of the image's file.
    pub image_bytes: u64,
    /// Whether the top level read `process.env`: the image then depends on the environment.
    pub reads_environment: bool,
}

/// Why a freeze was refused.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub struct FreezeFailure {
    /// The reason; [`ErrorCode::FreezeFailed`] unless the host is at fault.
    pub error: RuntimeError,
    /// Line of the lambda's source, 1-based, when the reason has one.
    pub line: Option<u32>,
    /// Column, 1-based.
    pub column: Option<u32>,
    /// The JavaScript stack.
    pub stack: Option<String>,
    /// What the top level had logged.
    pub logs: Vec<LogEntry>,
}

/// The engine's refusal, as it stands in the outbox.
#[derive(Deserialize)]
struct Refusal {
    message: String,
    #[serde(default)]
    stack: Option<String>,
    #[serde(default)]
    line: Option<u32>,
    #[serde(default)]
    column: Option<u32>,
}

impl Runtime {
    /// Evaluates a lambda's top level with `environment` as `process.env` and captures the image.
    ///
    /// Blocks for some milliseconds. The same source and environment give the same image on every machine.
    ///
    /// # Errors
    ///
    /// A [`FreezeFailure`] when the top level throws, does not end, needs too much memory or starts something that
    /// belongs into the lambda.
    pub fn freeze(
        &self,
        source: &Checked,
        environment: &BTreeMap<String, String>,
    ) -> Result<Frozen, FreezeFailure> {
        let limits = Limits { wall: FREEZE_WALL, fuel: FREEZE_FUEL, ..self.inner.limits.clone() };
        let environment =
            serde_json::to_vec(environment).map_err(|e| RuntimeError::internal("cannot write JSON", e))?;
        let guest = Guest::new(limits, World::Frozen, &self.inner.budget);
        let mut running = Running::create(&self.inner.code, &self.inner.base, guest)?;
        let at_rest = running.globals();

        let status = drive(async {
            let at = running.inbox(&environment).await?;
            let status = running.status(|code| &code.environment, environment.len() as u32).await?;
            running.wipe(at, environment.len());
            if status != Status::Idle {
                return Ok(status);
            }
            let source = source.source().as_bytes();
            let at = running.inbox(source).await?;
            let status = running.status(|code| &code.freeze, source.len() as u32).await?;
            running.wipe(at, source.len());
            Ok(status)
        });
        match status {
            Ok(Status::Idle) => {}
            Ok(status) => return Err(refused(running, status)),
            Err(stopped) => return Err(ended(running, &stopped)),
        }
        if running.globals() != at_rest {
            return Err(
                RuntimeError::internal("cannot freeze", "the engine's globals did not come to rest").into()
            );
        }

        let image = capture(&self.inner.pool, &running, Some(&self.inner.base), self.inner.hash, &at_rest)
            .map_err(|e| RuntimeError::internal("cannot capture the image", e))?;
        if image.loaded_bytes() > MAX_LOADED {
            return Err(RuntimeError::new(
                ErrorCode::FreezeFailed,
                format!(
                    "what the top level builds is too large to keep: {} bytes of memory, and the limit is {MAX_LOADED}",
                    image.loaded_bytes()
                ),
            )
            .with_hint("build large tables inside the lambda")
            .into());
        }
        let guest = running.store.data();
        let report = BuildReport {
            warnings: guest.warnings.iter().filter_map(|w| sentence(*w)).map(str::to_owned).collect(),
            logs: guest.logs.all().to_vec(),
            fuel: running.fuel(),
            image_bytes: image.file_len() as u64,
            reads_environment: guest.warnings.contains(&Warning::EnvironmentAtTopLevel),
        };
        Ok(Frozen { image, report })
    }
}

impl From<RuntimeError> for FreezeFailure {
    fn from(error: RuntimeError) -> Self {
        Self { error, line: None, column: None, stack: None, logs: Vec::new() }
    }
}

/// Starts the engine over its data segments and captures the base image; also where the boxes are in it.
pub(crate) fn boot(
    code: &Arc<Code>,
    seed: &Arc<Mapped>,
    budget: &Arc<Budget>,
    hash: EngineHash,
) -> Result<(Image, Fixed), RuntimeError> {
    let mut running = Running::create(code, seed, Guest::new(Limits::default(), World::Boot, budget))?;
    let at_rest = running.globals();
    let booted = drive(async {
        running.start(|code| &code.initialize).await?;
        running.start(|code| &code.boot).await
    });
    if let Err(stopped) = booted {
        return Err(match &running.store.data().kill {
            Some(kill) => RuntimeError::internal("the engine does not boot", kill.sentence()),
            None => RuntimeError::internal("the engine does not boot", format!("{stopped:?}")),
        });
    }
    let Ok((inbox, outbox)) = drive(running.addresses()) else {
        return Err(RuntimeError::internal(
            "the engine does not boot",
            "it does not say where its boxes are",
        ));
    };
    if running.globals() != at_rest {
        return Err(RuntimeError::internal("the engine does not boot", "its globals did not come to rest"));
    }
    // The base image stands alone: it is compared with zero pages, and the seed is not needed any more.
    let pages = running.memory().len() / PAGE;
    let image = Image::capture(hash, running.memory(), None, live_pages(&at_rest)..pages);
    Ok((image, Fixed { inbox, outbox }))
}

/// Copies out the pages that differ from `base`.
fn capture(
    pool: &Arc<Pool>,
    running: &Running,
    base: Option<&Arc<Mapped>>,
    hash: EngineHash,
    globals: &[i64],
) -> std::io::Result<Image> {
    let memory = running.memory();
    let live = live_pages(globals);
    let beyond = base.map_or(0, |base| base.pages())..memory.len() / PAGE;
    let written = pool.written(memory.as_ptr(), base.map_or(0, |base| base.pages()) * PAGE)?;
    let candidates = written.into_iter().chain(beyond).filter(|page| *page >= live);
    Ok(Image::capture(hash, memory, base.map(Arc::as_ref), candidates))
}

/// First page that is not the shadow stack's. The stack lies at the bottom of the memory and grows down from where
/// the stack pointer (the engine's first mutable global) rests; with no frame active, nothing in it is alive.
fn live_pages(globals: &[i64]) -> usize {
    globals.first().map_or(0, |top| usize::try_from(*top).unwrap_or(0) / PAGE)
}

/// Runs a future that only ever waits for its turn on the processor.
fn drive<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::yield_now(),
        }
    }
}

/// The failure for a freeze the engine itself refused.
fn refused(mut running: Running, status: Status) -> FreezeFailure {
    let text = match running.outbox() {
        Ok((_, text)) => text.to_vec(),
        Err(stopped) => return ended(running, &stopped),
    };
    if status == Status::Interrupted {
        let stack = shortened(String::from_utf8_lossy(&text).into_owned());
        let mut failure = ended(running, &Stopped::Killed);
        failure.stack = Some(stack).filter(|s| !s.is_empty());
        return failure;
    }
    let parsed = serde_json::from_slice::<Refusal>(&text);
    let guest = running.store.data_mut();
    if parsed.as_ref().is_ok_and(|refusal| guest.starved(&refusal.message)) {
        return ended(running, &Stopped::Killed);
    }
    let logs = guest.logs.all().to_vec();
    match parsed {
        Ok(refusal) => FreezeFailure {
            error: RuntimeError::new(ErrorCode::FreezeFailed, shortened(refusal.message)),
            line: refusal.line,
            column: refusal.column,
            stack: refusal.stack.map(shortened),
            logs,
        },
        Err(e) => {
            FreezeFailure { logs, ..RuntimeError::internal("cannot read the engine's refusal", e).into() }
        }
    }
}

/// The failure for a freeze the host ended.
fn ended(running: Running, stopped: &Stopped) -> FreezeFailure {
    let guest = running.store.data();
    let error = match (&guest.kill, stopped) {
        (Some(kill), _) => RuntimeError::new(
            ErrorCode::FreezeFailed,
            format!("the top level of the lambda was stopped: {}", kill.sentence()),
        )
        .with_hint("the top level runs once, at build; move the work into the function `lambda`"),
        (None, stopped) => {
            RuntimeError::internal("the engine stopped while freezing", format!("{stopped:?}"))
        }
    };
    FreezeFailure { logs: guest.logs.all().to_vec(), ..error.into() }
}

/// Text from a guest, cut to what anybody will read.
pub(crate) fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_TOLD) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// What a warning means to the author.
fn sentence(warning: Warning) -> Option<&'static str> {
    Some(match warning {
        Warning::ClockAtTopLevel => {
            "the clock was read at top level: it shows 2020-01-01T00:00:00Z there, in every build; read it inside the lambda"
        }
        Warning::RandomAtTopLevel => {
            "`Math.random()` was called at top level: its value is frozen and the same in every invocation; call it inside the lambda"
        }
        // Wanted as often as not.
        Warning::EnvironmentAtTopLevel => return None,
    })
}
