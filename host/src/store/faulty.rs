//! A store for tests that breaks where it is told to: at the n-th write, by a crash or by a full disk.
//!
//! It keeps apart what is visible and what a crash leaves: everything up to the last flush for sure, and of the batches
//! behind it any number in their order, each whole.

use std::{collections::BTreeMap, sync::Arc};

use parking_lot::Mutex;

use super::{Batch, Key, Store, StoreError, Visit, VisitSome};

/// Records by their keys.
type Records = BTreeMap<Vec<u8>, Vec<u8>>;

/// Writes of one batch.
type Writes = Vec<(Key, Option<Vec<u8>>)>;

/// What happens at the chosen write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process dies before the write does anything.
    Before,
    /// The process dies after the write has done its work, before anybody hears of it.
    After,
    /// The disk refuses; the process goes on, the store does not.
    Full,
}

/// The store.
#[derive(Debug, Default)]
pub(crate) struct FaultyStore {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    visible: Records,
    durable: Records,
    /// Applied and not flushed yet.
    pending: Vec<Writes>,
    writes: usize,
    fault: Option<(usize, Fault)>,
    broken: bool,
}

impl FaultyStore {
    /// A store that breaks at its `at`-th write from now, counted from 0; applying and flushing are writes.
    pub(crate) fn breaking(&self, at: usize, fault: Fault) {
        let mut state = self.state.lock();
        (state.writes, state.fault) = (0, Some((at, fault)));
    }

    /// Whether the fault has happened.
    pub(crate) fn broke(&self) -> bool {
        self.state.lock().broken
    }

    /// Every state in which the disk may be found after a crash now, as healthy stores.
    pub(crate) fn survivors(&self) -> Vec<Arc<Self>> {
        let state = self.state.lock();
        let mut records = state.durable.clone();
        let mut survivors = vec![records.clone()];
        for writes in &state.pending {
            put(&mut records, writes);
            survivors.push(records.clone());
        }
        let healthy = |records: Records| {
            let state = State { visible: records.clone(), durable: records, ..State::default() };
            Arc::new(Self { state: Mutex::new(state) })
        };
        survivors.into_iter().map(healthy).collect()
    }

    fn write(&self, work: impl FnOnce(&mut State)) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        let broken = || StoreError::Failed("no space left on device".to_owned());
        if state.broken {
            return Err(broken());
        }
        let fault = state.fault.filter(|(at, _)| *at == state.writes).map(|(_, fault)| fault);
        state.writes += 1;
        state.broken = fault.is_some();
        if matches!(fault, None | Some(Fault::After)) {
            work(&mut state);
        }
        if state.broken { Err(broken()) } else { Ok(()) }
    }
}

fn put(records: &mut Records, writes: &Writes) {
    for (key, value) in writes {
        match value {
            Some(value) => records.insert(key.0.clone(), value.clone()),
            None => records.remove(&key.0),
        };
    }
}

impl Store for FaultyStore {
    fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.state.lock().visible.get(key.as_bytes()).cloned())
    }

    fn scan(&self, prefix: &Key, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        // A copy, because the visitor may read other records.
        let visible = self.state.lock().visible.clone();
        let from = visible.range(prefix.0.clone()..);
        from.take_while(|(key, _)| key.starts_with(&prefix.0)).try_for_each(|(key, value)| visit(key, value))
    }

    fn scan_back(
        &self,
        prefix: &Key,
        before: Option<&Key>,
        visit: &mut VisitSome<'_>,
    ) -> Result<(), StoreError> {
        let visible = self.state.lock().visible.clone();
        let inside = |key: &[u8]| key.starts_with(&prefix.0) && before.is_none_or(|before| *key < *before.0);
        for (key, value) in visible.iter().rev().filter(|(key, _)| inside(key)) {
            if !visit(key, value)? {
                break;
            }
        }
        Ok(())
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.write(|state| {
            put(&mut state.visible, &batch.writes);
            state.pending.push(batch.writes);
        })
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.write(|state| {
            state.durable = state.visible.clone();
            state.pending.clear();
        })
    }

    fn healthy(&self) -> bool {
        !self.broke()
    }
}
