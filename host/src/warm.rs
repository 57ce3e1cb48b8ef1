//! Instances kept for the next invocation of their lambda: reuse, which an author chooses per lambda.
//!
//! By default every invocation thaws a copy of its own and nothing outlives it. A reused instance serves invocations
//! of one deployment, one at a time, and is dropped after a number of them, at an age, after a time without work,
//! when memory runs short or the deployment is replaced, and always after a failure. What a lambda keeps is therefore
//! a cache and never more than that.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use lambkin_runtime::{Instance, Kept, Limits};
use parking_lot::Mutex;
use uuid::Uuid;

use crate::registry::Deployed;

/// How long instances are kept, and how many.
#[derive(Clone, Copy, Debug)]
pub struct ReuseCaps {
    /// Invocations that one instance serves.
    pub invocations: u32,
    /// Time from an instance's thaw to its last invocation's begin.
    pub age: Duration,
    /// Time an instance waits for work.
    pub idle: Duration,
    /// Instances that wait at once, all lambdas together; 0 turns reuse off.
    pub instances: usize,
    /// Bytes of memory of an instance that may be kept.
    pub memory: usize,
    /// Bytes that those that wait may have grown by, all together. Others cannot grow by them meanwhile.
    pub grown: usize,
}

impl Default for ReuseCaps {
    fn default() -> Self {
        Self {
            invocations: 1_000,
            age: Duration::from_secs(15 * 60),
            idle: Duration::from_secs(5 * 60),
            instances: 64,
            memory: 64 << 20,
            grown: 256 << 20,
        }
    }
}

/// One that waits.
#[derive(Debug)]
struct Waiting {
    account: Arc<str>,
    lambda: Uuid,
    sequence: u64,
    kept: Kept,
}

/// The instances that wait for work, the one that has waited longest first.
#[derive(Debug)]
pub(crate) struct Warm {
    caps: ReuseCaps,
    waiting: Mutex<VecDeque<Waiting>>,
}

impl Warm {
    pub(crate) fn new(caps: ReuseCaps) -> Self {
        Self { caps, waiting: Mutex::default() }
    }

    /// An instance of this deployment that has served before; the one used last, whose memory is still in the
    /// processor's caches.
    pub(crate) fn take(&self, deployed: &Deployed, limits: &Limits) -> Option<Instance> {
        if !deployed.reuse {
            return None;
        }
        loop {
            // One at a time and outside of the lock: dropping one takes longer than finding it.
            let found = {
                let mut waiting = self.waiting.lock();
                let at = waiting.iter().rposition(|one| one.is_of(deployed))?;
                waiting.remove(at)?
            };
            if self.caps.allow(&found.kept) {
                return Some(found.kept.wake(limits));
            }
        }
    }

    /// Whether instances of this deployment are kept at all.
    pub(crate) fn is_for(&self, deployed: &Deployed) -> bool {
        deployed.reuse && self.caps.instances > 0
    }

    /// Keeps an instance, if it may be kept; those that have waited longest make room.
    pub(crate) fn keep(&self, deployed: &Deployed, kept: Kept) {
        if !self.caps.allow(&kept) || kept.memory() > self.caps.memory {
            return;
        }
        let account = Arc::clone(&deployed.account);
        let waiting = Waiting { account, lambda: deployed.lambda, sequence: deployed.sequence, kept };
        let mut surplus = Vec::new();
        {
            let mut all = self.waiting.lock();
            all.push_back(waiting);
            let mut grown: usize = all.iter().map(|one| one.kept.grown()).sum();
            while all.len() > self.caps.instances || grown > self.caps.grown {
                let Some(oldest) = all.pop_front() else { break };
                grown -= oldest.kept.grown();
                surplus.push(oldest);
            }
        }
        drop(surplus);
    }

    /// Drops those of other deployments of a lambda than `served`; all of them when none is served.
    pub(crate) fn forget(&self, lambda: Uuid, served: Option<u64>) {
        self.drop_where(|one| one.lambda == lambda && Some(one.sequence) != served);
    }

    /// Drops those of an account, whose lambdas may know what they are not to know any more.
    pub(crate) fn forget_account(&self, account: &str) {
        self.drop_where(|one| &*one.account == account);
    }

    /// Drops the one that has waited longest, to make room for somebody's instance; false when there is none.
    pub(crate) fn make_room(&self) -> bool {
        let oldest = self.waiting.lock().pop_front();
        oldest.is_some()
    }

    /// Drops those that have waited or lived long enough.
    pub(crate) fn sweep(&self) {
        self.drop_where(|one| !self.caps.allow(&one.kept));
    }

    /// Instances that wait for work.
    pub(crate) fn len(&self) -> usize {
        self.waiting.lock().len()
    }

    fn drop_where(&self, is_done: impl Fn(&Waiting) -> bool) {
        let mut done = Vec::new();
        {
            let mut waiting = self.waiting.lock();
            if !waiting.iter().any(&is_done) {
                return;
            }
            for one in std::mem::take(&mut *waiting) {
                if is_done(&one) { done.push(one) } else { waiting.push_back(one) }
            }
        }
        drop(done);
    }
}

impl Waiting {
    fn is_of(&self, deployed: &Deployed) -> bool {
        self.lambda == deployed.lambda && self.sequence == deployed.sequence
    }
}

impl ReuseCaps {
    /// Whether an instance may serve once more.
    fn allow(&self, kept: &Kept) -> bool {
        kept.invocations() < self.invocations && kept.age() < self.age && kept.idle() < self.idle
    }
}
