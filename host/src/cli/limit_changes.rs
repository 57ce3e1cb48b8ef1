//! `--limit NAME=VALUE`: the operator's limits, by the names `lambkin limits` shows.

use lambkin_host::AccountLimits;
use lambkin_runtime::Limits;

use super::problem::Problem;

#[derive(Debug, Default, clap::Args)]
pub(super) struct Arguments {
    /// Change a limit, in the unit `lambkin limits` shows; may be repeated
    #[arg(long = "limit", value_name = "NAME=VALUE", value_parser = parse)]
    changes: Vec<(String, u64)>,
}

impl Arguments {
    /// The default limits of an invocation with the changes applied.
    ///
    /// # Errors
    /// When there is no such limit or its value cannot be.
    pub(super) fn limits(&self) -> Result<Limits, Problem> {
        let mut limits = Limits::default();
        for (name, value) in &self.changes {
            limits.set(name, *value).map_err(refused)?;
        }
        Ok(limits)
    }

    /// All default limits, those of an invocation and those of an account, with the changes applied.
    ///
    /// # Errors
    /// When there is no such limit or its value cannot be.
    pub(super) fn apply(&self) -> Result<(Limits, AccountLimits), Problem> {
        let (mut limits, mut account) = (Limits::default(), AccountLimits::default());
        for (name, value) in &self.changes {
            match account.set(name, *value) {
                Some(outcome) => outcome.map_err(refused)?,
                None => limits.set(name, *value).map_err(refused)?,
            }
        }
        Ok((limits, account))
    }
}

fn refused(message: String) -> Problem {
    Problem::usage(message).with_hint("`lambkin limits` lists every limit with its unit")
}

fn parse(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    let value = value.replace('_', "").parse().map_err(|_| format!("`{value}` is not a whole number"))?;
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_applied_and_wrong_ones_are_named() {
        let good = Arguments {
            changes: vec![parse("wall=10_000").expect("a change"), ("fuel".to_owned(), 2_000_000)],
        };
        let limits = good.limits().expect("limits");
        assert_eq!((limits.wall.as_secs(), limits.fuel), (10, 2_000_000));
        let (_, account) = Arguments { changes: vec![("functions".to_owned(), 7)] }.apply().expect("limits");
        assert_eq!(account.functions, 7);
        assert!(Arguments { changes: vec![("functions".to_owned(), u64::MAX)] }.apply().is_err());
        assert!(parse("wall").is_err() && parse("wall=long").is_err());
        assert!(Arguments { changes: vec![("wal".to_owned(), 1)] }.limits().is_err());
    }
}
