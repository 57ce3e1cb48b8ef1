//! Whether a thread caused a page fault: a page of a slot becomes private to this process by a fault on the thread that
//! writes it, and by nothing else. Whoever ran an instance on one thread, from before its memory was handed out, and
//! sees the thread's count of faults where it was, knows without asking the page map that the slot's private pages are
//! the ones it had. Asking costs a walk over the tables of every page the image ever showed; this costs one read of a
//! counter: what was read when the last instance ended is where the next one begins.
//!
//! Source: `mm/memory.c`, `mm_account_fault`: every fault that was handled adds one to `min_flt` or `maj_flt` of whoever
//! ran into it, also one that the kernel itself ran into when it wrote to the thread's memory. So a debugger that writes
//! to this memory, or an `mlockall` or `MADV_POPULATE_WRITE` on another thread, would not be seen; nothing here does that.
//! `khugepaged` makes pages private without a fault; slots are never given huge pages (`slots.rs`). In a child that was
//! forked and goes on without `exec` the counts begin anew behind what was read before; nothing here forks so.

use std::{
    cell::Cell,
    io,
    mem::MaybeUninit,
    ptr,
    sync::atomic::{AtomicU64, Ordering},
};

use rustix::mm::{MapFlags, ProtFlags};

use super::PAGE;

/// A thread and its count of page faults at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultMark {
    thread: u64,
    faults: u64,
}

/// The number of the calling thread; no two threads of a process ever have the same one.
fn here() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    thread_local! {
        static HERE: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    HERE.with(|here| *here)
}

thread_local! {
    /// What the calling thread's count was when it was read last.
    static LAST_READ: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Page faults of the calling thread so far, minor and major.
fn faults() -> io::Result<u64> {
    // Zeros, for a sandbox that says it has answered and has not.
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the kernel fills the structure it is given the address of; zeros are numbers, too.
    let usage = unsafe {
        if libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        usage.assume_init()
    };
    let faults = (usage.ru_minflt as u64).wrapping_add(usage.ru_majflt as u64);
    LAST_READ.set(Some(faults));
    Ok(faults)
}

impl FaultMark {
    /// The calling thread, now. `None` where it cannot be told.
    fn now() -> Option<Self> {
        Some(Self { thread: here(), faults: faults().ok()? })
    }

    /// The calling thread when its count was read last, at the latest now: the same as [`FaultMark::now`] without asking
    /// the kernel, unless there was a fault in between, and then one that errs on the side of having seen it.
    pub(super) fn latest() -> Option<Self> {
        match LAST_READ.get() {
            Some(faults) => Some(Self { thread: here(), faults }),
            None => Self::now(),
        }
    }

    /// Whether the calling thread is the one of the mark.
    pub(crate) fn is_here(&self) -> bool {
        self.thread == here()
    }

    /// Whether the calling thread is the one of the mark and no page fault has happened on it since.
    pub(crate) fn is_unfaulted(&self) -> bool {
        self.is_here() && faults().is_ok_and(|faults| faults == self.faults)
    }
}

/// Whether this kernel counts faults at all: some that only look like Linux do not.
pub(super) fn are_counted() -> bool {
    let Ok(page) = Fresh::map() else { return false };
    let Some(mark) = FaultMark::now() else { return false };
    page.write();
    !mark.is_unfaulted()
}

/// A page of memory that nobody has touched.
struct Fresh(*mut u8);

impl Fresh {
    fn map() -> io::Result<Self> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a fresh mapping at an address of the kernel's choice.
        let page = unsafe { rustix::mm::mmap_anonymous(ptr::null_mut(), PAGE, access, MapFlags::PRIVATE)? };
        Ok(Self(page.cast()))
    }

    fn write(&self) {
        // SAFETY: the page is mapped for as long as this is.
        unsafe { self.0.write_volatile(1) };
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // SAFETY: nothing refers to the page any more.
        let _ = unsafe { rustix::mm::munmap(self.0.cast(), PAGE) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_write_to_a_page_is_counted_and_the_second_is_not() {
        assert!(are_counted(), "Linux counts faults");
        let page = Fresh::map().unwrap();
        // SAFETY: the page is mapped for as long as `page` is.
        let read = unsafe { page.0.read_volatile() };
        assert_eq!(read, 0);
        let before = FaultMark::now().unwrap();
        page.write();
        assert!(!before.is_unfaulted());
        // Whatever else this thread touches for the first time between mark and look is a fault too.
        let quiet = (0..100).any(|_| {
            let after = FaultMark::now().unwrap();
            page.write();
            after.is_unfaulted()
        });
        assert!(quiet);
    }

    #[test]
    fn a_mark_that_is_not_read_anew_sees_what_came_before_it() {
        let page = Fresh::map().unwrap();
        assert!(FaultMark::now().is_some());
        page.write();
        let early = FaultMark::latest().unwrap();
        assert!(!early.is_unfaulted(), "the fault came after the last reading");
        // Looking was a reading: from there on it is the truth again.
        let quiet = (0..100).any(|_| {
            let latest = FaultMark::latest().unwrap();
            page.write();
            latest.is_unfaulted()
        });
        assert!(quiet);
        std::thread::spawn(|| {
            let (first, second) = (FaultMark::latest().unwrap(), FaultMark::latest().unwrap());
            assert!(
                first.is_here() && first.faults == second.faults,
                "a thread begins with a reading of its own"
            );
        })
        .join()
        .unwrap();
    }

    /// A fault the kernel runs into while it writes for the thread.
    #[test]
    fn a_write_by_the_kernel_is_counted() {
        let page = Fresh::map().unwrap();
        let (reader, writer) = io::pipe().unwrap();
        rustix::io::write(&writer, b"x").unwrap();
        let before = FaultMark::now().unwrap();
        // SAFETY: the page is mapped for as long as `page` is, and nobody else refers to it.
        let target = unsafe { std::slice::from_raw_parts_mut(page.0, 1) };
        assert_eq!(rustix::io::read(&reader, target), Ok(1));
        assert!(!before.is_unfaulted());
    }

    #[test]
    fn another_thread_is_not_here() {
        let mark = FaultMark::now().unwrap();
        assert!(mark.is_here());
        std::thread::spawn(move || assert!(!mark.is_here() && !mark.is_unfaulted())).join().unwrap();
    }
}
