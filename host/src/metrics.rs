//! The server's numbers in the text form that Prometheus reads. They are our own atomics; the text is the crate's.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet, text},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};

use crate::{host::Host, invocation::Outcome};

/// Upper ends of the buckets of durations, in microseconds; past the last one there is one more.
const ENDS_US: [u64; 14] =
    [10, 25, 50, 100, 250, 500, 1_000, 5_000, 25_000, 100_000, 500_000, 1_000_000, 5_000_000, 30_000_000];

/// How long something took, by buckets. Two additions per observation.
#[derive(Debug, Default)]
struct Durations {
    buckets: [AtomicU64; ENDS_US.len() + 1],
    sum_us: AtomicU64,
}

impl Durations {
    fn observe(&self, us: u64) {
        let at = ENDS_US.partition_point(|end| *end < us);
        self.buckets[at].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    fn encode(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> Result<(), fmt::Error> {
        let counts = self.buckets.each_ref().map(|count| count.load(Ordering::Relaxed));
        let ends = ENDS_US.iter().map(|us| seconds(*us)).chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = ends.zip(counts).collect();
        let metric = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
        let mut metric = metric;
        let sum = seconds(self.sum_us.load(Ordering::Relaxed));
        metric.encode_histogram::<NoLabelSet>(sum, counts.iter().sum(), &buckets, None)
    }
}

#[expect(clippy::cast_precision_loss, reason = "2^53 microseconds are 285 years")]
fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

/// What is measured of invocations.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    queue: Durations,
    thaw: Durations,
    run: Durations,
}

impl Metrics {
    /// Notes where the time of an invocation went, in microseconds. After its reply.
    pub(crate) fn observe(&self, queue: u64, thaw: u64, run: u64) {
        self.queue.observe(queue);
        self.thaw.observe(thaw);
        self.run.observe(run);
    }
}

/// Everything as text.
pub(crate) fn text(host: &Arc<Host>) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("lambkin");
    registry.register_collector(Box::new(House(Arc::clone(host))));
    let mut text = String::new();
    text::encode(&mut text, &registry)?;
    Ok(text)
}

#[derive(Debug)]
struct House(Arc<Host>);

impl Collector for House {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let host = &*self.0;
        let help = "Invocations that have ended, by outcome";
        let mut family = encoder.encode_descriptor("invocations", help, None, MetricType::Counter)?;
        for outcome in Outcome::ALL {
            let count = ConstCounter::new(host.counters.since_start(outcome));
            count.encode(family.encode_family(&[("outcome", outcome.name())])?)?;
        }
        let counter = |encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64| {
            ConstCounter::new(value).encode(encoder.encode_descriptor(
                name,
                help,
                None,
                MetricType::Counter,
            )?)
        };
        let gauge = |encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64| {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            ConstGauge::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
        };
        let e = &mut encoder;
        host.metrics.queue.encode(e, "queue_seconds", "Waiting for a place")?;
        host.metrics.thaw.encode(e, "thaw_seconds", "Getting an instance, loading included")?;
        host.metrics.run.encode(e, "run_seconds", "From the call of a lambda to its answer")?;
        gauge(e, "running", "Invocations in flight", host.admission.running() as u64)?;
        gauge(e, "waiting", "Calls that wait for a place", host.admission.waiting() as u64)?;
        gauge(e, "places", "Invocations that may be in flight", host.options.max_concurrency as u64)?;
        gauge(
            e,
            "warm",
            "Instances that wait for the next invocation of their function",
            host.warm.len() as u64,
        )?;
        gauge(e, "deployed", "Functions that are served", host.registry.len() as u64)?;
        gauge(e, "resident_bytes", "Memory of the process", resident())?;
        gauge(e, "log_bytes", "Logs and records of invocations on the disk", host.journal.used())?;
        counter(e, "dropped_records", "Logs that came faster than the disk", host.recorder.dropped())
    }
}

/// Resident memory of this process in bytes; 0 where the kernel does not say.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_falls_into_the_bucket_whose_end_it_does_not_pass() {
        let durations = Durations::default();
        [0, 10, 11, 30_000_000, 30_000_001].into_iter().for_each(|us| durations.observe(us));
        let counts = durations.buckets.each_ref().map(|count| count.load(Ordering::Relaxed));
        assert_eq!((counts[0], counts[1], counts[13], counts[14]), (2, 1, 1, 1));
    }
}
