//! `lambkin bench`: the steps of an invocation, timed one by one in a single thread, and what they cost in memory.

use std::path::PathBuf;
use std::time::Instant;

use bytes::Bytes;
use lambkin_runtime::{Lambda, Outcome, Runtime};
use serde::Serialize;

use super::problem::Problem;
use super::report::Report;
use super::subject::{Subject, parse_variable};
use super::{engine, input};

/// Invocations before the first one that counts: caches, branch predictors and the slot's pages settle.
const WARM_UP: u32 = 200;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A source, a built module, or a function's folder
    file: PathBuf,

    #[command(flatten)]
    input: input::Arguments,

    /// Invocations to measure
    #[arg(short, long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    n: u32,

    /// Measure without fuel: what metering costs is the difference
    #[arg(long)]
    unmetered: bool,

    /// Set an environment variable; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_variable)]
    env: Vec<(String, String)>,
}

/// What is printed. Times are microseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    n: u32,
    metered: bool,
    /// Getting a fresh instance.
    thaw: Spread,
    /// From the call to the reply.
    run: Spread,
    /// The rest of the event loop, and taking the instance back.
    drop: Spread,
    /// All three.
    whole: Spread,
    /// Fuel of one invocation.
    fuel: u64,
    /// Largest linear memory, in bytes.
    peak_memory: u64,
    /// Pages of 4 KiB that one invocation changed.
    dirty_pages: u64,
    /// Minor page faults of this thread per invocation, once everything is warm.
    faults_per_call: f64,
}

#[derive(Debug, Serialize)]
struct Spread {
    p50: f64,
    p99: f64,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let subject = Subject::read(&arguments.file)?;
    let runtime = engine::start(!arguments.unmetered)?;
    let input = arguments.input.read(subject.config.as_ref(), runtime.limits())?;
    let ready = engine::prepare(&runtime, &subject, &subject.environment(&arguments.env))?;
    let executor = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::internal("cannot start an executor", error))?;
    let figures = executor.block_on(measure(&runtime, &ready.lambda, &input, arguments))?;
    let text = serde_json::to_string_pretty(&figures)
        .map_err(|error| Problem::internal("cannot write the figures", error))?;
    let notes: String = runtime.warnings().iter().map(|warning| format!("warning: {warning}\n")).collect();
    Ok(Report::new(&figures, text)?.with_notes(notes))
}

async fn measure(
    runtime: &Runtime,
    lambda: &Lambda,
    input: &Bytes,
    arguments: &Arguments,
) -> Result<Figures, Problem> {
    for _ in 0..WARM_UP.min(arguments.n) {
        once(runtime, lambda, input).await?;
    }
    // Written once before the clock starts, so that recording a sample faults no page in.
    let mut samples = vec![Sample { thaw: 1, run: 1, drop: 1, ..Sample::default() }; arguments.n as usize];
    let faults = minor_faults()?;
    for sample in &mut samples {
        *sample = once(runtime, lambda, input).await?;
    }
    let faults = minor_faults()?.saturating_sub(faults);
    let last = samples.last().copied().unwrap_or_default();
    Ok(Figures {
        n: arguments.n,
        metered: !arguments.unmetered,
        thaw: spread(&samples, |sample| sample.thaw),
        run: spread(&samples, |sample| sample.run),
        drop: spread(&samples, |sample| sample.drop),
        whole: spread(&samples, |sample| sample.thaw + sample.run + sample.drop),
        fuel: last.fuel,
        peak_memory: last.memory,
        dirty_pages: last.dirty_pages,
        faults_per_call: faults as f64 / f64::from(arguments.n),
    })
}

/// One invocation: nanoseconds of its steps, and what it used.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    thaw: u64,
    run: u64,
    drop: u64,
    fuel: u64,
    memory: u64,
    dirty_pages: u64,
}

async fn once(runtime: &Runtime, lambda: &Lambda, input: &Bytes) -> Result<Sample, Problem> {
    let start = Instant::now();
    let instance = runtime.thaw(lambda, runtime.limits())?;
    let thawed = Instant::now();
    let reply = instance.invoke(input.clone()).await;
    let replied = Instant::now();
    let finished = reply.rest.finish().await;
    let dropped = Instant::now();
    match reply.outcome {
        Outcome::Value(_) => {}
        Outcome::Failure(failure) => {
            return Err(Problem::new(
                failure.error_code,
                format!("the lambda failed: {}", failure.error_msg),
            )
            .with_hint("`lambkin run` with the same input shows its logs"));
        }
        Outcome::Broken(error) => return Err(error.into()),
    }
    Ok(Sample {
        thaw: nanoseconds(start, thawed),
        run: nanoseconds(thawed, replied),
        drop: nanoseconds(replied, dropped),
        fuel: finished.usage.fuel,
        memory: finished.usage.memory,
        dirty_pages: finished.dirty_pages,
    })
}

fn nanoseconds(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.duration_since(from).as_nanos()).unwrap_or(u64::MAX)
}

/// Nearest-rank percentiles, in microseconds.
fn spread(samples: &[Sample], of: impl Fn(&Sample) -> u64) -> Spread {
    let mut times: Vec<u64> = samples.iter().map(of).collect();
    times.sort_unstable();
    let rank = |percent: usize| {
        let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(at).copied().unwrap_or_default() as f64 / 1000.0
    };
    Spread { p50: rank(50), p99: rank(99) }
}

/// This thread's minor page faults so far: the tenth field of its `stat`. The kernel's `getrusage` counts the same, but
/// no safe binding of it is among our crates.
fn minor_faults() -> Result<u64, Problem> {
    const PATH: &str = "/proc/thread-self/stat";
    let stat = std::fs::read_to_string(PATH).map_err(|error| Problem::file("read", PATH.as_ref(), &error))?;
    // The second field is the thread's name in brackets, and a name may hold spaces and brackets.
    let field = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_ascii_whitespace().nth(7));
    field
        .and_then(|field| field.parse().ok())
        .ok_or_else(|| Problem::new("lambkin.internal", format!("`{PATH}` has no count of minor faults")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(times: impl IntoIterator<Item = u64>) -> Vec<Sample> {
        times.into_iter().map(|thaw| Sample { thaw, ..Sample::default() }).collect()
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let hundred = spread(&samples((1..=100).rev().map(|n| n * 1000)), |sample| sample.thaw);
        assert_eq!((hundred.p50, hundred.p99), (50.0, 99.0));
        let one = spread(&samples([7_000]), |sample| sample.thaw);
        assert_eq!((one.p50, one.p99), (7.0, 7.0));
    }

    #[test]
    fn faults_are_counted() {
        let before = minor_faults().expect("a count");
        // Fresh pages from the system, each touched.
        let pages = vec![1_u8; 64 << 20];
        assert!(pages.iter().step_by(4096).all(|byte| *byte == 1));
        assert!(minor_faults().expect("a count") > before);
    }
}
