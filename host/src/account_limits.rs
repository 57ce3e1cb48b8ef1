//! How much of everything one account may have: the one table of it, which the code that enforces it, the limits page
//! and the command line read.

use lambkin_runtime::LimitRow;

/// Caps on what one account may keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLimits {
    /// Functions, deployed or not.
    pub functions: usize,
    /// Functions that are deployed or being deployed.
    pub deployed: usize,
    /// Secrets.
    pub secrets: usize,
    /// Domains on its whitelist.
    pub domains: usize,
    /// Schedules, active or not.
    pub schedules: usize,
    /// Invocations it may start in a second.
    pub per_second: usize,
    /// Invocations in a calendar month. Reported; whether more are refused is another setting.
    pub per_month: usize,
    /// App installations.
    pub apps: usize,
}

impl Default for AccountLimits {
    fn default() -> Self {
        Self {
            functions: 50,
            deployed: 50,
            secrets: 200,
            domains: 200,
            schedules: 10,
            per_second: 100_000,
            per_month: 150_000,
            apps: 50,
        }
    }
}

impl AccountLimits {
    /// The table behind `lambkin limits` and the limits page.
    pub fn describe(&self) -> Vec<LimitRow> {
        let row = |name, value: usize, unit, meaning| LimitRow { name, value: value as u64, unit, meaning };
        vec![
            row("functions", self.functions, "functions", "functions of one account"),
            row("deployed", self.deployed, "functions", "deployed functions of one account"),
            row("secrets", self.secrets, "secrets", "secrets of one account"),
            row("domains", self.domains, "domains", "domains on the whitelist of one account"),
            row("schedules", self.schedules, "schedules", "schedules of one account"),
            row("per_second", self.per_second, "invocations", "invocations of one account in a second"),
            row(
                "per_month",
                self.per_month,
                "invocations",
                "invocations of one account in a month, fair use",
            ),
            row("apps", self.apps, "apps", "app installations of one account"),
        ]
    }

    /// Sets a limit by the name it has in [`AccountLimits::describe`]; `None` when there is no such limit.
    ///
    /// # Errors
    ///
    /// A sentence when the value cannot be.
    pub fn set(&mut self, name: &str, value: u64) -> Option<Result<(), String>> {
        let field = match name {
            "functions" => &mut self.functions,
            "deployed" => &mut self.deployed,
            "secrets" => &mut self.secrets,
            "domains" => &mut self.domains,
            "schedules" => &mut self.schedules,
            "per_second" => &mut self.per_second,
            "per_month" => &mut self.per_month,
            "apps" => &mut self.apps,
            _ => return None,
        };
        let most = if name == "per_month" { u32::MAX.into() } else { 1_000_000 };
        if value > most {
            return Some(Err(format!("the limit `{name}` must lie between 0 and {most}")));
        }
        *field = value as usize;
        Some(Ok(()))
    }
}
