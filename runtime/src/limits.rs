//! What one invocation may use, and the report that is written when it used it up.
//!
//! The numbers here are the only place where defaults are decided; every page and command that shows
//! limits reads them from [`Limits::describe`].

use std::time::Duration;

use lambkin_abi::error_code;
use serde::Serialize;

/// Caps on one invocation. All of them are enforced by the host; none of them trusts the guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time from the call to the last event-loop turn, waiting included.
    pub wall: Duration,
    /// CPU budget in fuel: about one unit per WebAssembly instruction, identical on every machine.
    /// Not enforced by an unmetered runtime.
    pub fuel: u64,
    /// Linear memory in bytes: interpreter, lambda and heap together.
    pub memory: usize,
    /// Bytes of the JSON input envelope.
    pub input: usize,
    /// Bytes of the JSON result.
    pub output: usize,
    /// Bytes of log text (messages and extras) kept of one invocation; the log says when it is full.
    pub log_bytes: usize,
    /// Calls from the guest to the host (log entries, clock readings).
    pub host_calls: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(30),
            fuel: 30_000_000_000,
            memory: 256 << 20,
            input: 6 << 20,
            output: 6 << 20,
            log_bytes: 1 << 20,
            host_calls: 10_000_000,
        }
    }
}

/// One row of the limits page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LimitRow {
    /// Stable name, also the operator's setting.
    pub name: &'static str,
    /// The value in force.
    pub value: u64,
    /// Unit of `value`.
    pub unit: &'static str,
    /// What is counted.
    pub meaning: &'static str,
}

impl Limits {
    /// The table behind `lambkin limits` and the limits page.
    pub fn describe(&self) -> Vec<LimitRow> {
        let row = |name, value, unit, meaning| LimitRow { name, value, unit, meaning };
        vec![
            row(
                "wall",
                self.wall.as_millis() as u64,
                "ms",
                "wall-clock time of one invocation, waiting included",
            ),
            row("fuel", self.fuel, "fuel", "CPU budget, about one unit per WebAssembly instruction"),
            row("memory", self.memory as u64, "bytes", "linear memory: interpreter, lambda and heap"),
            row("input", self.input as u64, "bytes", "JSON body of an invocation"),
            row("output", self.output as u64, "bytes", "JSON text of the result"),
            row("log_bytes", self.log_bytes as u64, "bytes", "log text handed over by one invocation"),
            row("host_calls", self.host_calls, "calls", "calls from the lambda to the host (logs, clock)"),
        ]
    }
}

impl Limits {
    /// Sets a limit by the name it has in [`Limits::describe`], in that unit.
    ///
    /// # Errors
    ///
    /// A sentence when there is no such limit or the value cannot be.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        let within = |least: u64, most: u64| {
            if (least..=most).contains(&value) {
                Ok(value as usize)
            } else {
                Err(format!("the limit `{name}` must lie between {least} and {most}"))
            }
        };
        match name {
            "wall" => self.wall = Duration::from_millis(within(1, 24 * 3_600_000)? as u64),
            "fuel" => self.fuel = within(1_000_000, i64::MAX as u64)? as u64,
            // The engine itself begins with 24 MiB; 32-bit addresses end at 4 GiB.
            "memory" => self.memory = within(32 << 20, 4 << 30)?,
            "input" => self.input = within(64, 1 << 30)?,
            "output" => self.output = within(2, 1 << 30)?,
            "log_bytes" => self.log_bytes = within(0, 1 << 30)?,
            "host_calls" => self.host_calls = within(100, i64::MAX as u64)? as u64,
            _ => {
                let known: Vec<_> = self.describe().iter().map(|row| format!("`{}`", row.name)).collect();
                return Err(format!("there is no limit `{name}`; there are {}", known.join(", ")));
            }
        }
        Ok(())
    }
}

/// Which limit ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LimitKind {
    /// [`Limits::wall`]; value and use in milliseconds.
    Wall,
    /// [`Limits::fuel`]; value and use in fuel.
    Fuel,
    /// [`Limits::memory`]; value and use in bytes.
    Memory,
    /// What all running lambdas together may take ([`crate::RuntimeConfig::memory`]); value and use in bytes.
    ServerMemory,
    /// [`Limits::output`]; value and use in bytes.
    Output,
    /// [`Limits::host_calls`]; value and use in calls.
    HostCalls,
    /// The native stack; value and use in bytes (the use is not measured and equals the value).
    Stack,
}

/// Why a run was ended by the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kill {
    /// The limit.
    pub limit: LimitKind,
    /// Its value, in the limit's unit.
    pub value: u64,
    /// What was used (or asked for) when the run was ended, in the same unit.
    pub used: u64,
    /// The JavaScript stack at the kill, when the interpreter could still be asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub js_stack: Option<String>,
}

impl Kill {
    /// The report as a sentence for the lambda's author: which limit, its value, what was used.
    pub fn sentence(&self) -> String {
        let Self { limit, value, used, .. } = self;
        match limit {
            LimitKind::Wall => format!("it ran for {used} ms and the limit is {value} ms"),
            LimitKind::Fuel => format!("it used {used} units of CPU fuel and the limit is {value}"),
            LimitKind::Memory => format!("it asked for {used} bytes of memory and the limit is {value}"),
            LimitKind::ServerMemory => {
                format!(
                    "it asked for {used} bytes of memory more, and the server's {value} bytes for lambdas are in use"
                )
            }
            LimitKind::Output => format!("its result is {used} bytes long and the limit is {value}"),
            LimitKind::HostCalls => format!("it called the platform {used} times and the limit is {value}"),
            LimitKind::Stack => format!("it used the whole native stack of {value} bytes"),
        }
    }

    /// The error code a lambda's caller sees.
    pub fn error_code(&self) -> &'static str {
        match self.limit {
            LimitKind::Wall | LimitKind::Fuel => error_code::EXECUTION_TIME_EXCEEDED,
            LimitKind::Memory | LimitKind::ServerMemory => error_code::MEMORY_LIMIT_EXCEEDED,
            LimitKind::Output | LimitKind::HostCalls => error_code::OUTPUT_LIMIT_EXCEEDED,
            LimitKind::Stack => error_code::RUNTIME_EXCEPTION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_on_the_page_can_be_set_by_its_name() {
        for row in Limits::default().describe() {
            let mut limits = Limits::default();
            let value = row.value / 2 + 1;
            limits.set(row.name, value).unwrap();
            let changed: Vec<_> = limits.describe().into_iter().filter(|r| r.value == value).collect();
            assert!(changed.iter().any(|r| r.name == row.name), "{}", row.name);
        }
    }

    #[test]
    fn unknown_names_and_impossible_values_are_refused_by_name() {
        let mut limits = Limits::default();
        assert!(limits.set("walls", 1).unwrap_err().contains("`wall`"));
        assert!(limits.set("memory", 5).unwrap_err().contains("33554432"));
        assert_eq!(limits, Limits::default());
    }
}
