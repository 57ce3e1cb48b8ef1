//! The part of the ledger about schedules: what runs when, which ticks were given out, and what came of them.

use uuid::Uuid;

use super::{Ledger, LedgerError};
use crate::{
    activity::{Action, Activity, Subject},
    schedule::ScheduleRecord,
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

/// A tick that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) account: String,
    pub(crate) schedule: Uuid,
    pub(crate) at: u64,
}

impl Ledger {
    /// Visits every schedule there is.
    pub(crate) fn each_schedule(&self, mut each: impl FnMut(ScheduleRecord)) -> Result<(), StoreError> {
        visit(&*self.store, &Key::new(Shelf::Schedule, &[]), |schedule| {
            each(schedule);
            Ok(())
        })
    }

    /// The schedules of an account.
    pub(crate) fn schedules(&self, account: &str) -> Result<Vec<ScheduleRecord>, StoreError> {
        let mut schedules = Vec::new();
        visit(&*self.store, &Key::new(Shelf::Schedule, &[account.as_bytes(), b"\0"]), |schedule| {
            schedules.push(schedule);
            Ok(())
        })?;
        Ok(schedules)
    }

    pub(crate) fn schedule(&self, account: &str, uuid: Uuid) -> Result<ScheduleRecord, LedgerError> {
        read(&*self.store, &schedule_key(account, uuid))?.ok_or(LedgerError::NoSchedule(uuid))
    }

    /// Writes a new schedule down.
    pub(crate) fn add_schedule(&self, schedule: &ScheduleRecord) -> Result<(), LedgerError> {
        let writing = self.writing.lock();
        let lambda = self.lambda(&schedule.account, schedule.lambda)?;
        if self.schedules(&schedule.account)?.len() >= self.limits.schedules {
            return Err(LedgerError::TooMany("schedules", self.limits.schedules));
        }
        let note = note(schedule, &schedule.created_by, Action::Create, &lambda.definition.name);
        let mut batch = Batch::default();
        batch.put(schedule_key(&schedule.account, schedule.uuid), schedule)?;
        note.record(&schedule.account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    /// Changes what a client may change of a schedule, and returns what it is now.
    pub(crate) fn change_schedule(
        &self,
        account: &str,
        uuid: Uuid,
        by: &str,
        change: impl FnOnce(&mut ScheduleRecord),
    ) -> Result<ScheduleRecord, LedgerError> {
        let writing = self.writing.lock();
        let mut schedule = self.schedule(account, uuid)?;
        change(&mut schedule);
        let lambda = self.lambda(account, schedule.lambda)?;
        let note = note(&schedule, by, Action::Update, &lambda.definition.name);
        let mut batch = Batch::default();
        batch.put(schedule_key(account, uuid), &schedule)?;
        note.record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(schedule)
    }

    pub(crate) fn remove_schedule(&self, account: &str, uuid: Uuid, by: &str) -> Result<(), LedgerError> {
        let writing = self.writing.lock();
        let schedule = self.schedule(account, uuid)?;
        let lambda = self.lambda(account, schedule.lambda)?;
        let mut batch = Batch::default();
        batch.remove(schedule_key(account, uuid));
        note(&schedule, by, Action::Delete, &lambda.definition.name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    /// Gives ticks out: on the disk when this returns, so that none is given out again. A tick of a schedule that is
    /// gone, switched off, or whose lambda is not deployed is not given out.
    pub(crate) fn claim(&self, ticks: &[Tick]) -> Result<Vec<ScheduleRecord>, StoreError> {
        let writing = self.writing.lock();
        let mut batch = Batch::default();
        let mut claimed = Vec::new();
        for tick in ticks {
            let key = schedule_key(&tick.account, tick.schedule);
            let Some(mut schedule) = read::<ScheduleRecord>(&*self.store, &key)? else { continue };
            let lambda = self.lambda(&tick.account, schedule.lambda);
            let served = lambda.is_ok_and(|lambda| lambda.productive.is_some());
            if !schedule.active || !served || schedule.claimed >= tick.at {
                continue;
            }
            schedule.claimed = tick.at;
            schedule.last_execution = Some(tick.at);
            schedule.last_failed = None;
            batch.put(key, &schedule)?;
            claimed.push(schedule);
        }
        if claimed.is_empty() {
            return Ok(claimed);
        }
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(claimed)
    }

    /// Notes how a run ended. Not flushed: it is for people to see, and the next run says it anew.
    pub(crate) fn end_run(
        &self,
        account: &str,
        uuid: Uuid,
        tick: u64,
        failed: bool,
    ) -> Result<(), StoreError> {
        let _writing = self.writing.lock();
        let key = schedule_key(account, uuid);
        let Some(mut schedule) = read::<ScheduleRecord>(&*self.store, &key)? else { return Ok(()) };
        if schedule.claimed != tick {
            return Ok(());
        }
        schedule.last_failed = Some(failed);
        let mut batch = Batch::default();
        batch.put(key, &schedule)?;
        self.store.apply(batch)
    }

    /// Removes the schedules of a lambda that is deleted.
    pub(super) fn remove_schedules_of(
        &self,
        account: &str,
        lambda: Uuid,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        for schedule in self.schedules(account)? {
            if schedule.lambda == lambda {
                batch.remove(schedule_key(account, schedule.uuid));
            }
        }
        Ok(())
    }
}

fn note(schedule: &ScheduleRecord, by: &str, action: Action, lambda: &str) -> Activity {
    Activity { id: Some(schedule.uuid.to_string()), ..Activity::new(by, action, Subject::Schedule, lambda) }
}

fn schedule_key(account: &str, uuid: Uuid) -> Key {
    Key::new(Shelf::Schedule, &[account.as_bytes(), b"\0", uuid.as_bytes()])
}
