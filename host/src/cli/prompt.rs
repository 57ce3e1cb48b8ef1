//! Passwords and other secrets that are typed or piped in: never arguments, which other users of the machine can see.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::process::{Command, Stdio};

use super::problem::Problem;

/// Longest line that is read.
const MAX_LINE: u64 = 64 << 10;

/// One line from stdin without its end. At a terminal it is asked for and not shown.
///
/// # Errors
/// When there is no line.
pub(super) fn secret_line(what: &str) -> Result<String, Problem> {
    let _hidden = match io::stdin().is_terminal() {
        true => {
            // Nowhere to ask is no reason not to listen.
            let _ = write!(io::stderr(), "{what}: ").and_then(|()| io::stderr().flush());
            Some(Hidden::new()?)
        }
        false => None,
    };
    let mut line = String::new();
    let read = io::stdin().lock().take(MAX_LINE).read_line(&mut line);
    match read {
        Ok(read) if read > 0 => {}
        Ok(_) => return Err(missing(what)),
        Err(error) => return Err(Problem::new("file", format!("cannot read the {what}: {error}"))),
    }
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() { Err(missing(what)) } else { Ok(line.to_owned()) }
}

fn missing(what: &str) -> Problem {
    Problem::usage(format!("the {what} is missing"))
        .with_hint("type it when asked, or send it as a line on stdin")
}

/// The terminal does not show what is typed as long as this lives.
struct Hidden;

impl Hidden {
    fn new() -> Result<Self, Problem> {
        if stty("-echo") {
            Ok(Self)
        } else {
            Err(Problem::new("terminal", "the terminal cannot be kept from showing what is typed")
                .with_hint("send it as a line on stdin instead"))
        }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        stty("echo");
        // The end of the line that was not shown either.
        let _ = writeln!(io::stderr());
    }
}

fn stty(setting: &str) -> bool {
    let run = Command::new("stty").arg(setting).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}
