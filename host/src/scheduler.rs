//! Runs lambdas on their schedules: each tick at most once, whatever happens to the server or to its clock.
//!
//! The timetable in memory says what comes next; the ledger decides. A tick is written down as given out before its
//! lambda runs. Ticks that nobody was there for are left out, not made up for. Everything here is off the path of
//! requests; the runs themselves go the way of every invocation.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

use crate::{
    auth::Principal,
    body::Taken,
    host::Host,
    invocation::Via,
    invoke::{Call, Form},
    lambda::{Setting, now_ms},
    ledger::{Ledger, Tick},
    reply::Refusal,
    schedule::{ScheduleRecord, ScheduledInput},
    store::StoreError,
};

/// A tick that is found later than this was missed.
const LATE_MS: u64 = 60_000;

/// Longest sleep, so that a clock that was set is noticed.
const NAP: Duration = Duration::from_secs(5);

/// Scheduled runs at the same time: however many are due in one minute, callers find places too.
const RUNS: usize = 32;

/// What comes next.
#[derive(Debug, Default)]
struct Timetable {
    ticks: BTreeMap<(u64, Uuid), String>,
    of: HashMap<Uuid, u64>,
}

/// Keeps the timetable.
pub(crate) struct Scheduler {
    ledger: Arc<Ledger>,
    timetable: Mutex<Timetable>,
    changed: Notify,
    runs: Arc<Semaphore>,
}

impl std::fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scheduler").finish_non_exhaustive()
    }
}

impl Timetable {
    fn set(&mut self, schedule: Uuid, account: &str, next: Option<u64>) {
        if let Some(before) = self.of.remove(&schedule) {
            self.ticks.remove(&(before, schedule));
        }
        if let Some(next) = next {
            self.of.insert(schedule, next);
            self.ticks.insert((next, schedule), account.to_owned());
        }
    }

    fn take_due(&mut self, now: u64) -> Vec<Tick> {
        let mut due = Vec::new();
        while let Some(entry) = self.ticks.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((at, schedule), account) = entry.remove_entry();
            self.of.remove(&schedule);
            due.push(Tick { account, schedule, at });
        }
        due
    }
}

impl Scheduler {
    /// A scheduler that knows what is written down. What was due while no server ran is left out.
    pub(crate) fn open(ledger: Arc<Ledger>, now: u64) -> Result<Self, StoreError> {
        let mut timetable = Timetable::default();
        ledger.each_schedule(|schedule| {
            timetable.set(schedule.uuid, &schedule.account, next(&schedule, now));
        })?;
        Ok(Self {
            ledger,
            timetable: Mutex::new(timetable),
            changed: Notify::new(),
            runs: Arc::new(Semaphore::new(RUNS)),
        })
    }

    /// Takes a new or changed schedule into the timetable.
    pub(crate) fn put(&self, schedule: &ScheduleRecord, now: u64) {
        self.timetable.lock().set(schedule.uuid, &schedule.account, next(schedule, now));
        self.changed.notify_one();
    }

    /// Forgets one.
    pub(crate) fn forget(&self, schedule: Uuid) {
        self.timetable.lock().set(schedule, "", None);
    }

    /// What is to run now, given out for good. Blocks on the disk.
    pub(crate) fn due(&self, now: u64) -> Result<Vec<ScheduleRecord>, StoreError> {
        let due = self.timetable.lock().take_due(now);
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let fresh = |tick: &&Tick| now - tick.at <= LATE_MS;
        let in_time: Vec<Tick> = due.iter().filter(fresh).cloned().collect();
        let claimed = self.ledger.claim(&in_time);
        for tick in &due {
            // A schedule that is gone drops out of the timetable here.
            if let Ok(schedule) = self.ledger.schedule(&tick.account, tick.schedule) {
                let mut timetable = self.timetable.lock();
                // Unless it was changed meanwhile and is back already.
                if !timetable.of.contains_key(&tick.schedule) {
                    timetable.set(tick.schedule, &tick.account, next(&schedule, now.max(tick.at)));
                }
            }
        }
        claimed
    }

    fn nap(&self, now: u64) -> Duration {
        let first = self.timetable.lock().ticks.first_key_value().map(|((at, _), _)| *at);
        first.map_or(NAP, |at| Duration::from_millis(at.saturating_sub(now)).min(NAP))
    }
}

fn next(schedule: &ScheduleRecord, now: u64) -> Option<u64> {
    if schedule.active { schedule.next(now) } else { None }
}

/// Runs what is due until the server goes down.
pub(crate) async fn keep_time(host: Arc<Host>) {
    loop {
        let nap = host.scheduler.nap(now_ms());
        tokio::select! {
            () = tokio::time::sleep(nap) => {}
            () = host.scheduler.changed.notified() => {}
            () = host.admission.closing() => return,
        }
        if host.is_draining() {
            return;
        }
        let keeper = Arc::clone(&host);
        match tokio::task::spawn_blocking(move || keeper.scheduler.due(now_ms())).await {
            Ok(Ok(due)) => due.into_iter().for_each(|schedule| {
                tokio::spawn(run(Arc::clone(&host), schedule));
            }),
            Ok(Err(error)) => tracing::error!(%error, "schedules could not be read or written"),
            Err(panic) => tracing::error!(%panic, "the scheduler broke off"),
        }
    }
}

#[derive(Serialize)]
struct ScheduledEnvelope<'a> {
    timestamp: u64,
    headers: &'a [Setting],
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a serde_json::value::RawValue>,
}

/// One run, and the note of how it ended.
async fn run(host: Arc<Host>, schedule: ScheduleRecord) {
    let Ok(_place) = Arc::clone(&host.scheduler.runs).acquire_owned().await else { return };
    let failed = match invoke(&host, &schedule).await {
        Ok(succeeded) => !succeeded,
        Err(refusal) => {
            tracing::warn!(schedule = %schedule.uuid, lambda = %schedule.lambda, ?refusal, "a scheduled run was refused");
            true
        }
    };
    let noted = tokio::task::spawn_blocking(move || {
        host.ledger.end_run(&schedule.account, schedule.uuid, schedule.claimed, failed)
    });
    if !matches!(noted.await, Ok(Ok(()))) {
        tracing::error!("the end of a scheduled run could not be written down");
    }
}

/// The way of every invocation.
async fn invoke(host: &Arc<Host>, schedule: &ScheduleRecord) -> Result<bool, Refusal> {
    let none = ScheduledInput { headers: Vec::new(), payload: None };
    let input = schedule.input.as_ref().unwrap_or(&none);
    let envelope =
        ScheduledEnvelope { timestamp: now_ms(), headers: &input.headers, payload: input.payload.as_deref() };
    let bytes = Bytes::from(serde_json::to_vec(&envelope).map_err(Refusal::internal)?);
    let caller = Principal::scheduler(&schedule.account);
    let call = Call {
        caller,
        request_id: Uuid::new_v4().to_string(),
        form: Form::Raw,
        via: Via::Schedule(schedule.uuid),
        hops: 0,
    };
    let found = call.look_up(host, &schedule.lambda.to_string()).await?;
    let loaded = found.take(host, Taken { bytes, memory: None })?;
    let answer = loaded.admit(host).await?.thaw(host).await?.run(host).await?;
    Ok(answer.respond().status().is_success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account_limits::AccountLimits,
        artifacts::ContentHash,
        lambda::{Definition, DeploymentState},
        ledger::Written,
        store::SledStore,
    };

    const MINUTE: u64 = 60_000;
    const START: u64 = 1_000 * MINUTE;
    const NONE: [u64; 0] = [];

    /// A database with one deployed lambda that is scheduled for every minute, and the clock in the tests' hands.
    struct House {
        dir: tempfile::TempDir,
        ledger: Arc<Ledger>,
        lambda: Uuid,
        schedule: ScheduleRecord,
    }

    impl House {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let ledger = Self::ledger(&dir);
            let definition = Definition {
                name: "one".to_owned(),
                description: "d".to_owned(),
                event_id: None,
                skills: Vec::new(),
                sample_payload: None,
                source: ContentHash::of(b"1"),
                environment: Vec::new(),
                dependencies: Vec::new(),
                reuse: false,
            };
            let lambda = ledger.create("a", Written { definition, source: "1" }, "me").unwrap().uuid;
            let schedule = ScheduleRecord {
                uuid: Uuid::new_v4(),
                account: "a".to_owned(),
                lambda,
                expression: "* * * * *".to_owned(),
                active: true,
                input: None,
                created_by: "me".to_owned(),
                claimed: START,
                last_execution: None,
                last_failed: None,
            };
            ledger.add_schedule(&schedule).unwrap();
            let house = Self { dir, ledger, lambda, schedule };
            house.deploy();
            house
        }

        fn ledger(dir: &tempfile::TempDir) -> Arc<Ledger> {
            let store = SledStore::open(&dir.path().join("database")).unwrap();
            Arc::new(Ledger::open(Arc::new(store), AccountLimits::default()).unwrap())
        }

        fn deploy(&self) {
            let mut deployment = self.ledger.begin_deployment("a", self.lambda, "me").unwrap();
            self.ledger.commit_deployment(&deployment).unwrap();
            deployment.state = DeploymentState::DeployFinish;
            self.ledger.end_deployment(&mut deployment).unwrap();
        }

        fn scheduler(&self, now: u64) -> Scheduler {
            Scheduler::open(Arc::clone(&self.ledger), now).unwrap()
        }
    }

    fn ticks(scheduler: &Scheduler, now: u64) -> Vec<u64> {
        scheduler.due(now).unwrap().iter().map(|schedule| schedule.claimed).collect()
    }

    #[test]
    fn each_minute_is_given_out_once() {
        let house = House::new();
        let scheduler = house.scheduler(START);
        assert_eq!(ticks(&scheduler, START + MINUTE - 1), NONE);
        assert_eq!(ticks(&scheduler, START + MINUTE), [START + MINUTE]);
        assert_eq!(ticks(&scheduler, START + MINUTE), NONE);
        assert_eq!(ticks(&scheduler, START + MINUTE + 30_000), NONE);
        assert_eq!(ticks(&scheduler, START + 2 * MINUTE + 500), [START + 2 * MINUTE]);
    }

    #[test]
    fn a_tick_is_not_repeated_by_a_restart_nor_by_a_clock_that_goes_back() {
        let house = House::new();
        let scheduler = house.scheduler(START);
        assert_eq!(ticks(&scheduler, START + 5 * MINUTE), NONE, "the minutes before were missed");
        assert_eq!(ticks(&scheduler, START + 6 * MINUTE), [START + 6 * MINUTE]);
        drop(scheduler);
        // Killed after the tick was given out: the database is opened anew, a little earlier by its clock.
        let House { dir, ledger, lambda, schedule } = house;
        drop(ledger);
        let house = House { ledger: House::ledger(&dir), dir, lambda, schedule };
        let scheduler = house.scheduler(START + 6 * MINUTE - 1);
        assert_eq!(ticks(&scheduler, START + 6 * MINUTE), NONE);
        assert_eq!(ticks(&scheduler, START + 3 * MINUTE), NONE);
        assert_eq!(ticks(&scheduler, START + 7 * MINUTE), [START + 7 * MINUTE]);
        // Even if the timetable were wrong, the ledger would not give it out again.
        let again = Tick { account: "a".to_owned(), schedule: house.schedule.uuid, at: START + 7 * MINUTE };
        assert!(house.ledger.claim(&[again]).unwrap().is_empty());
    }

    #[test]
    fn ticks_nobody_was_there_for_are_left_out() {
        let house = House::new();
        let scheduler = house.scheduler(START + 100 * MINUTE + 1);
        assert_eq!(ticks(&scheduler, START + 101 * MINUTE), [START + 101 * MINUTE]);
        // The machine slept for hours.
        assert_eq!(ticks(&scheduler, START + 500 * MINUTE + 10), NONE);
        assert_eq!(ticks(&scheduler, START + 501 * MINUTE), [START + 501 * MINUTE]);
    }

    #[test]
    fn what_is_off_undeployed_or_gone_does_not_run() {
        let house = House::new();
        let scheduler = house.scheduler(START);
        house.ledger.mark_undeployed("a", house.lambda, "me").unwrap();
        house.ledger.end_undeployment("a", house.lambda).unwrap();
        assert_eq!(ticks(&scheduler, START + MINUTE), NONE);
        house.deploy();
        assert_eq!(ticks(&scheduler, START + 2 * MINUTE), [START + 2 * MINUTE], "resumed");
        let set =
            |active| house.ledger.change_schedule("a", house.schedule.uuid, "me", |s| s.active = active);
        scheduler.put(&set(false).unwrap(), START + 2 * MINUTE);
        assert_eq!(ticks(&scheduler, START + 3 * MINUTE), NONE);
        scheduler.put(&set(true).unwrap(), START + 3 * MINUTE);
        assert_eq!(ticks(&scheduler, START + 4 * MINUTE), [START + 4 * MINUTE]);
        house.ledger.mark_undeployed("a", house.lambda, "me").unwrap();
        house.ledger.end_undeployment("a", house.lambda).unwrap();
        house.ledger.delete("a", house.lambda, "me").unwrap();
        assert_eq!(ticks(&scheduler, START + 5 * MINUTE), NONE);
        assert!(house.ledger.schedules("a").unwrap().is_empty());
    }

    #[test]
    fn the_end_of_a_run_is_noted() {
        let house = House::new();
        let tick = START + MINUTE;
        assert_eq!(ticks(&house.scheduler(START), tick), [tick]);
        house.ledger.end_run("a", house.schedule.uuid, tick, true).unwrap();
        let schedule = house.ledger.schedule("a", house.schedule.uuid).unwrap();
        assert_eq!((schedule.last_execution, schedule.last_failed), (Some(tick), Some(true)));
    }
}
