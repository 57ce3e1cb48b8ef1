//! Asks the kernel which pages of a range this process has written (`PAGEMAP_SCAN`, Linux 6.7).
//!
//! A page that was written is private to this process: it is not the page cache's and not the zero page. It is
//! either present, or it is *not present but has contents*: swapped out, or on the way to another frame
//! (compaction, NUMA balancing). The second kind matters as much as the first. A scan that only asks for present
//! pages misses them, and what one tenant wrote there would be read by the next. The kernel reports both as
//! "swapped", so this scan asks for "present or swapped"; restoring such a page faults it in first.
//!
//! Source: `fs/proc/task_mmu.c`, `pagemap_page_category`.

use std::{ffi::c_void, fs::File, io, mem::MaybeUninit};

use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, ioctl, opcode};

const PAGE_IS_FILE: u64 = 1 << 2;
const PAGE_IS_PRESENT: u64 = 1 << 3;
const PAGE_IS_SWAPPED: u64 = 1 << 4;
const PAGE_IS_PFNZERO: u64 = 1 << 5;

/// Regions returned by one system call.
const REGIONS: usize = 64;

/// `struct pm_scan_arg` of `linux/fs.h`.
#[repr(C)]
#[derive(Debug, Default)]
struct ScanArg {
    size: u64,
    flags: u64,
    start: u64,
    end: u64,
    walk_end: u64,
    vec: u64,
    vec_len: u64,
    max_pages: u64,
    category_inverted: u64,
    category_mask: u64,
    category_anyof_mask: u64,
    return_mask: u64,
}

/// `struct page_region` of `linux/fs.h`: addresses `start..end`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub(super) start: u64,
    pub(super) end: u64,
    categories: u64,
}

struct Scan<'a>(&'a mut ScanArg);

// SAFETY: the opcode is `_IOWR('f', 16, struct pm_scan_arg)`; the kernel writes `walk_end` and the region vector,
// whose length it is told.
unsafe impl Ioctl for Scan<'_> {
    type Output = usize;
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        opcode::read_write::<ScanArg>(b'f', 16)
    }

    fn as_ptr(&mut self) -> *mut c_void {
        std::ptr::from_mut(self.0).cast()
    }

    unsafe fn output_from_ptr(out: IoctlOutput, _: *mut c_void) -> rustix::io::Result<usize> {
        Ok(usize::try_from(out).unwrap_or(0))
    }
}

/// This process's page map.
#[derive(Debug)]
pub(super) struct PageMap(File);

impl PageMap {
    /// Opens the page map and tries the call; an error where the kernel lacks it or forbids it.
    pub(super) fn open() -> io::Result<Self> {
        let map = Self(File::open("/proc/self/pagemap")?);
        let probe = [0_u8; 1];
        let page = probe.as_ptr() as usize & !(super::PAGE - 1);
        map.written(page, page + super::PAGE, usize::MAX, |_, _| {})?;
        Ok(map)
    }

    /// Calls `found(start, end)` for every run of written pages in the addresses `start..end`, until about
    /// `budget` pages were found. Returns the address up to which everything was reported.
    pub(super) fn written(
        &self,
        start: usize,
        end: usize,
        mut budget: usize,
        mut found: impl FnMut(usize, usize),
    ) -> io::Result<usize> {
        let mut at = start;
        let mut regions = [MaybeUninit::<Region>::uninit(); REGIONS];
        while at < end && budget > 0 {
            let mut arg = ScanArg {
                size: size_of::<ScanArg>() as u64,
                start: at as u64,
                end: end as u64,
                vec: regions.as_mut_ptr() as u64,
                vec_len: REGIONS as u64,
                max_pages: if budget == usize::MAX { 0 } else { budget as u64 },
                category_inverted: PAGE_IS_FILE | PAGE_IS_PFNZERO,
                category_mask: PAGE_IS_FILE | PAGE_IS_PFNZERO,
                category_anyof_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
                return_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
                ..ScanArg::default()
            };
            // SAFETY: `Scan` describes the call; the region vector lives through it.
            let count = unsafe { ioctl(&self.0, Scan(&mut arg))? }.min(REGIONS);
            for region in &regions[..count] {
                // SAFETY: the kernel filled the first `count` regions.
                let region = unsafe { region.assume_init() };
                let pages = (region.end - region.start) as usize / super::PAGE;
                budget = budget.saturating_sub(pages);
                found(region.start as usize, region.end as usize);
            }
            // The walk ends early when the vector is full or the budget is spent; without progress, stop.
            if arg.walk_end as usize <= at {
                return Err(io::Error::other("the page map scan makes no progress"));
            }
            at = arg.walk_end as usize;
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use rustix::mm::{MapFlags, ProtFlags};

    use super::super::PAGE;
    use super::*;

    #[test]
    fn only_written_pages_are_found_however_many_regions_there_are() {
        let Ok(map) = PageMap::open() else {
            return; // an older kernel: the runtime falls back too
        };
        let pages = 4 * REGIONS + 3;
        // SAFETY: a fresh private mapping, used only here.
        let base = unsafe {
            let p = ProtFlags::READ | ProtFlags::WRITE;
            rustix::mm::mmap_anonymous(std::ptr::null_mut(), pages * PAGE, p, MapFlags::PRIVATE).unwrap()
        };
        // SAFETY: as above.
        unsafe { rustix::mm::madvise(base, pages * PAGE, rustix::mm::Advice::LinuxNoHugepage).unwrap() };
        let base = base.cast::<u8>();
        for page in (0..pages).step_by(2) {
            // SAFETY: inside the mapping. Odd pages are only read: they become the zero page.
            unsafe {
                base.add(page * PAGE).write(1);
                if page + 1 < pages {
                    base.add((page + 1) * PAGE).read_volatile();
                }
            }
        }
        let start = base as usize;
        let mut seen = Vec::new();
        let end = map.written(start, start + pages * PAGE, usize::MAX, |a, b| {
            seen.extend((a..b).step_by(PAGE).map(|x| (x - start) / PAGE));
        });
        assert_eq!(end.unwrap(), start + pages * PAGE);
        assert_eq!(seen, (0..pages).step_by(2).collect::<Vec<_>>());

        let mut some = 0;
        let stop = map.written(start, start + pages * PAGE, 5, |a, b| some += (b - a) / PAGE).unwrap();
        assert_eq!(some, 5);
        assert!(stop < start + 12 * PAGE, "the rest is left to the caller");
        // SAFETY: nothing refers to the mapping any more.
        unsafe { rustix::mm::munmap(base.cast(), pages * PAGE).unwrap() };
    }
}
