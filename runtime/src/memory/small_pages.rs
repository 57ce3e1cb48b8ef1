//! Keeps the kernel from giving this process memory in units of 2 MiB.
//!
//! mimalloc asks for huge pages, and a server's heap is small things of many threads and sizes: with huge pages an idle
//! server holds three times the memory it uses, and every thread that has once deployed something holds megabytes more.

use std::{
    ffi::{c_int, c_ulong},
    io,
};

/// `PR_SET_THP_DISABLE` of `<linux/prctl.h>`.
const SET_THP_DISABLE: c_int = 41;

unsafe extern "C" {
    fn prctl(option: c_int, ...) -> c_int;
}

/// Turns transparent huge pages off for the whole process, for all memory it touches from now on.
///
/// # Errors
///
/// What the kernel says when it does not know the setting; nothing has changed then.
pub fn disable_huge_pages() -> io::Result<()> {
    let (on, none): (c_ulong, c_ulong) = (1, 0);
    // SAFETY: this option takes numbers only, all of the type the kernel reads, and changes nothing a program can
    // observe but time and memory.
    match unsafe { prctl(SET_THP_DISABLE, on, none, none, none) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_pages_are_off_afterwards() {
        disable_huge_pages().unwrap();
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        // Linux 5.0 and newer say so.
        let line = status.lines().find(|line| line.starts_with("THP_enabled:"));
        assert!(line.is_none_or(|line| line.ends_with('0')), "{line:?}");
    }
}
