//! Reuse: an instance that answered well serves the next invocation of its lambda, with what the lambda keeps in its
//! variables - tokens, compiled templates, caches. An instance is of one image and so of one lambda of one account;
//! who decides how long it is kept is the host.

use std::time::{Duration, Instant};

use crate::{
    guest::micros,
    limits::Limits,
    thaw::{Instance, Running},
};

/// An instance between two invocations. It computes nothing, has no way out and holds its memory until it is dropped.
#[must_use = "a kept instance holds memory"]
pub struct Kept {
    running: Running,
    since: Instant,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("begun", &self.running.begun).finish_non_exhaustive()
    }
}

impl Kept {
    pub(crate) fn new(mut running: Running) -> Self {
        // What is of no use to the next invocation is given up now, not when it begins.
        let guest = running.store.data_mut();
        guest.operations = None;
        guest.egress = None;
        guest.settled = None;
        Self { running, since: Instant::now() }
    }

    /// Invocations it has served.
    pub fn invocations(&self) -> u32 {
        self.running.begun
    }

    /// Time since its image was thawed.
    pub fn age(&self) -> Duration {
        self.running.thawed.elapsed()
    }

    /// Time since its last invocation was over.
    pub fn idle(&self) -> Duration {
        self.since.elapsed()
    }

    /// Bytes its memory has grown by beyond its image. They stay taken from what all instances may grow by.
    pub fn grown(&self) -> usize {
        self.running.store.data().grown()
    }

    /// Size of its linear memory, in bytes.
    pub fn memory(&self) -> usize {
        self.running.memory().len()
    }

    /// Makes it an instance again, with limits of its own for the next invocation.
    pub fn wake(self, limits: &Limits) -> Instance {
        let started = Instant::now();
        let Self { mut running, .. } = self;
        running.again(limits.clone());
        running.store.data_mut().thaw_us = micros(started.elapsed());
        Instance { running }
    }
}
