//! Who may run now, who waits, who is sent away.
//!
//! An invocation needs a place with its lambda and a place in the house, in that order: whoever queues for a busy
//! lambda holds nothing that its neighbours need. Both queues are bounded in length and in time; past that the
//! answer is 429 at once, which is cheaper for both sides than a time-out. A [`Permit`] is held until the instance
//! is dropped, so the number of permits bounds the number of instances.
//!
//! On the way down the house closes: whoever waits is told at once, and nobody is let in any more. Those inside are
//! counted apart from the places, because a place may be held by someone who is still on the way to the next gate.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Places, and a queue in front of them.
#[derive(Debug)]
pub(crate) struct Gate {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
}

/// The right to run one invocation. Dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Permit {
    _lambda: OwnedSemaphorePermit,
    _house: OwnedSemaphorePermit,
    _inside: Inside,
}

/// Why nobody was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Turned {
    #[error("too many calls wait for this function")]
    LambdaFull,
    #[error("too many calls wait for this server")]
    HouseFull,
    #[error("no place became free in time")]
    TooLong,
    #[error("the server is shutting down")]
    Closing,
}

impl Gate {
    pub(crate) fn new(places: usize, queue: usize) -> Self {
        let total = places.clamp(1, u32::MAX as usize);
        Self { places: Arc::new(Semaphore::new(total)), waiting: AtomicUsize::new(0), queue }
    }

    /// Takes a place, after waiting in the queue if there is room in it.
    async fn enter(&self, full: Turned) -> Result<OwnedSemaphorePermit, Turned> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let _queued = Queued::join(&self.waiting, self.queue).ok_or(full)?;
        Arc::clone(&self.places).acquire_owned().await.map_err(|_| full)
    }

    /// Calls in the queue.
    #[cfg(test)]
    fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// A position in a queue; leaving it by any way (served, timed out, client gone) frees it.
struct Queued<'a>(&'a AtomicUsize);

impl<'a> Queued<'a> {
    fn join(waiting: &'a AtomicUsize, room: usize) -> Option<Self> {
        let more = |now: usize| (now < room).then_some(now + 1);
        waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(|_| Self(waiting))
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How many are inside, and whether anybody else may follow.
#[derive(Debug, Default)]
struct Door {
    closed: AtomicBool,
    inside: AtomicUsize,
    waiting: AtomicUsize,
    /// Told when the door closes.
    closing: Notify,
    /// Told when the last one has left through a closed door.
    empty: Notify,
}

/// One of those inside; it leaves by being dropped.
#[derive(Debug)]
struct Inside(Arc<Door>);

impl Inside {
    /// Counted first and looked at the door second, while [`Admission::close`] does it the other way round: whoever
    /// gets in is seen by [`Admission::drained`].
    fn step(door: &Arc<Door>) -> Result<Self, Turned> {
        door.inside.fetch_add(1, Ordering::SeqCst);
        let inside = Self(Arc::clone(door));
        if door.closed.load(Ordering::SeqCst) { Err(Turned::Closing) } else { Ok(inside) }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let left = self.0.inside.fetch_sub(1, Ordering::SeqCst) - 1;
        if left == 0 && self.0.closed.load(Ordering::SeqCst) {
            self.0.empty.notify_waiters();
        }
    }
}

/// The house as a whole.
#[derive(Debug)]
pub(crate) struct Admission {
    house: Gate,
    wait: Duration,
    door: Arc<Door>,
}

impl Admission {
    pub(crate) fn new(places: usize, queue: usize, wait: Duration) -> Self {
        Self { house: Gate::new(places, queue), wait, door: Arc::default() }
    }

    /// Lets one invocation of the lambda behind `gate` in.
    pub(crate) async fn admit(&self, gate: &Gate) -> Result<Permit, Turned> {
        let both = async {
            let lambda = gate.enter(Turned::LambdaFull).await?;
            let house = self.house.enter(Turned::HouseFull).await?;
            // Last, so that a place granted while the house was closing is not taken.
            Ok(Permit { _lambda: lambda, _house: house, _inside: Inside::step(&self.door)? })
        };
        // The timer is only armed, and the door only watched, when there is something to wait for.
        let both = tokio::time::timeout(self.wait, both);
        tokio::select! {
            biased;
            entered = both => entered.unwrap_or(Err(Turned::TooLong)),
            () = self.sent_away() => Err(Turned::Closing),
        }
    }

    /// Invocations in flight, their clean-up included.
    pub(crate) fn running(&self) -> usize {
        self.door.inside.load(Ordering::SeqCst)
    }

    /// Calls that wait for a place.
    pub(crate) fn waiting(&self) -> usize {
        self.door.waiting.load(Ordering::Relaxed)
    }

    /// Sends away everyone who waits and everyone who comes.
    pub(crate) fn close(&self) {
        self.door.closed.store(true, Ordering::SeqCst);
        self.door.closing.notify_waiters();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.door.closed.load(Ordering::SeqCst)
    }

    /// [`Admission::closing`] for those who wait.
    async fn sent_away(&self) {
        let _counted = Queued::join(&self.door.waiting, usize::MAX);
        self.closing().await;
    }

    /// Returns once the house is closed.
    pub(crate) async fn closing(&self) {
        let told = self.door.closing.notified();
        // Looked at after the ear is at the wall; the other way round a word in between would be lost.
        if !self.is_closed() {
            told.await;
        }
    }

    /// Returns when no invocation holds a permit any more. For a closed house.
    pub(crate) async fn drained(&self) {
        loop {
            let told = self.door.empty.notified();
            if self.running() == 0 {
                return;
            }
            told.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(places: usize, queue: usize) -> Arc<Admission> {
        Arc::new(Admission::new(places, queue, Duration::from_secs(60)))
    }

    /// Lets everything that can run, run.
    async fn settle() {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn places_then_queue_then_refusal() {
        let (house, gate) = (house(8, 8), Arc::new(Gate::new(1, 1)));
        let first = house.admit(&gate).await.unwrap();
        let second = tokio::spawn({
            let (house, gate) = (Arc::clone(&house), Arc::clone(&gate));
            async move { house.admit(&gate).await }
        });
        settle().await;
        assert_eq!(gate.waiting(), 1);
        assert_eq!(house.admit(&gate).await.unwrap_err(), Turned::LambdaFull);
        drop(first);
        second.await.unwrap().unwrap();
        assert_eq!(gate.waiting(), 0);
    }

    #[tokio::test]
    async fn a_full_lambda_leaves_its_neighbours_alone() {
        let (house, busy, calm) = (house(2, 8), Arc::new(Gate::new(1, 8)), Gate::new(1, 8));
        let _running = house.admit(&busy).await.unwrap();
        for _ in 0..3 {
            let (house, busy) = (Arc::clone(&house), Arc::clone(&busy));
            tokio::spawn(async move { house.admit(&busy).await });
        }
        settle().await;
        house.admit(&calm).await.unwrap();
    }

    #[tokio::test]
    async fn the_house_is_bounded_over_all_lambdas() {
        let (house, a, b) = (house(1, 0), Gate::new(8, 8), Gate::new(8, 8));
        let _running = house.admit(&a).await.unwrap();
        assert_eq!(house.admit(&b).await.unwrap_err(), Turned::HouseFull);
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_leaves_the_queue() {
        let (house, gate) = (house(8, 8), Arc::new(Gate::new(1, 1)));
        let running = house.admit(&gate).await.unwrap();
        let waiting = tokio::spawn({
            let (house, gate) = (Arc::clone(&house), Arc::clone(&gate));
            async move { house.admit(&gate).await.map(drop) }
        });
        settle().await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(gate.waiting(), 0);
        drop(running);
        house.admit(&gate).await.unwrap();
    }

    #[tokio::test]
    async fn waiting_ends() {
        let house = Admission::new(8, 8, Duration::from_millis(1));
        let gate = Gate::new(1, 8);
        let _running = house.admit(&gate).await.unwrap();
        assert_eq!(house.admit(&gate).await.unwrap_err(), Turned::TooLong);
    }

    #[tokio::test]
    async fn a_closed_house_sends_away_who_waits_and_who_comes() {
        let (house, busy, calm) = (house(2, 8), Arc::new(Gate::new(1, 8)), Gate::new(4, 8));
        let running = house.admit(&busy).await.unwrap();
        let waiting = tokio::spawn({
            let (house, busy) = (Arc::clone(&house), Arc::clone(&busy));
            async move { house.admit(&busy).await.map(drop) }
        });
        settle().await;
        assert_eq!(house.waiting(), 1);
        house.close();
        assert_eq!(waiting.await.unwrap().unwrap_err(), Turned::Closing);
        assert_eq!(house.admit(&calm).await.unwrap_err(), Turned::Closing);
        assert_eq!((house.running(), house.waiting()), (1, 0));
        house.closing().await;
        drop(running);
        house.drained().await;
    }

    #[tokio::test]
    async fn drained_waits_for_the_last_permit() {
        let (house, gate) = (house(4, 4), Gate::new(4, 4));
        let running = house.admit(&gate).await.unwrap();
        house.close();
        let drained = tokio::spawn({
            let house = Arc::clone(&house);
            async move { house.drained().await }
        });
        settle().await;
        assert!(!drained.is_finished());
        drop(running);
        drained.await.unwrap();
    }
}
