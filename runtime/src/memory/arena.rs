//! One anonymous file that holds the pages of every loaded image, mapped copy-on-write into the slots.
//!
//! One file for all images, because a file descriptor per lambda would meet the process's limit at a thousand
//! lambdas. The file is never truncated while mapped and its descriptor never leaves this process, so a mapping
//! of it cannot raise SIGBUS.

use std::{io, os::fd::OwnedFd, ptr};

use parking_lot::Mutex;
use rustix::{
    fs::{FallocateFlags, MemfdFlags, ftruncate, memfd_create},
    mm::{MapFlags, ProtFlags},
};

use super::PAGE;

/// Most pages the arena can hold: 64 GiB of address space, of which only what is written costs memory.
const MAX_PAGES: usize = 16 << 20;
/// The file grows by this many pages at a time.
const STEP: usize = 1024;

/// Pages `start..start + count` of the arena, owned; given back when dropped through [`Arena::free`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) start: usize,
    pub(crate) count: usize,
}

/// The file, its read-only view, and which of its pages are taken.
#[derive(Debug)]
pub(crate) struct Arena {
    file: OwnedFd,
    view: *const u8,
    space: Mutex<Space>,
}

#[derive(Debug, Default)]
struct Space {
    /// Free extents below `end`, sorted by start, never adjacent.
    free: Vec<Extent>,
    /// Pages handed out so far, holes included.
    end: usize,
    /// Pages the file is long.
    len: usize,
}

// SAFETY: `view` is a mapping that lives as long as the arena. It is only read, and only extents that were
// completely written before they were published.
unsafe impl Send for Arena {}
// SAFETY: as above.
unsafe impl Sync for Arena {}

impl Arena {
    pub(crate) fn new() -> io::Result<Self> {
        let file = memfd_create("lambkin-images", MemfdFlags::CLOEXEC)?;
        // SAFETY: a fresh mapping at an address of the kernel's choice.
        let view = unsafe {
            rustix::mm::mmap(
                ptr::null_mut(),
                MAX_PAGES * PAGE,
                ProtFlags::READ,
                MapFlags::SHARED | MapFlags::NORESERVE,
                &file,
                0,
            )?
        };
        Ok(Self { file, view: view.cast_const().cast(), space: Mutex::default() })
    }

    pub(crate) fn file(&self) -> &OwnedFd {
        &self.file
    }

    /// Takes room for `bytes` (a whole number of pages) and writes them there.
    pub(crate) fn store(&self, bytes: &[u8]) -> io::Result<Extent> {
        debug_assert_eq!(bytes.len() % PAGE, 0);
        let extent = self.space.lock().take(bytes.len() / PAGE, &self.file)?;
        let mut done = 0;
        while done < bytes.len() {
            match rustix::io::pwrite(&self.file, &bytes[done..], (extent.start * PAGE + done) as u64) {
                Ok(n) => done += n,
                Err(rustix::io::Errno::INTR) => {}
                Err(e) => {
                    self.free(extent);
                    return Err(e.into());
                }
            }
        }
        Ok(extent)
    }

    /// Gives an extent back. No slot may map it any more.
    pub(crate) fn free(&self, extent: Extent) {
        if extent.count == 0 {
            return;
        }
        let _ = rustix::fs::fallocate(
            &self.file,
            FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE,
            (extent.start * PAGE) as u64,
            (extent.count * PAGE) as u64,
        );
        self.space.lock().give(extent);
    }

    /// The contents of a stored extent's page and all that follow it up to `count` pages.
    ///
    /// # Safety
    ///
    /// `page..page + count` must lie in one extent that is stored and not yet freed.
    pub(crate) unsafe fn pages(&self, page: usize, count: usize) -> *const u8 {
        debug_assert!(page + count <= self.space.lock().len);
        // SAFETY: inside the view, by the caller's promise.
        unsafe { self.view.add(page * PAGE) }
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        // SAFETY: the mapping was made in `new` with this length, and nothing borrows from it any more.
        let _ = unsafe { rustix::mm::munmap(self.view.cast_mut().cast(), MAX_PAGES * PAGE) };
    }
}

impl Space {
    fn take(&mut self, count: usize, file: &OwnedFd) -> io::Result<Extent> {
        if let Some(i) = self.free.iter().position(|e| e.count >= count) {
            let found = &mut self.free[i];
            let extent = Extent { start: found.start, count };
            found.start += count;
            found.count -= count;
            if found.count == 0 {
                self.free.remove(i);
            }
            return Ok(extent);
        }
        let extent = Extent { start: self.end, count };
        let end = self.end + count;
        if end > MAX_PAGES {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the image arena is full"));
        }
        if end > self.len {
            let len = end.next_multiple_of(STEP).min(MAX_PAGES);
            ftruncate(file, (len * PAGE) as u64)?;
            self.len = len;
        }
        self.end = end;
        Ok(extent)
    }

    fn give(&mut self, extent: Extent) {
        let i = self.free.partition_point(|e| e.start < extent.start);
        self.free.insert(i, extent);
        // Melt with the neighbours, the right one first so that `i` stays valid.
        for left in [i, i.wrapping_sub(1)] {
            if let Some([a, b]) = self.free.get(left..left.wrapping_add(2))
                && a.start + a.count == b.start
            {
                let melted = Extent { start: a.start, count: a.count + b.count };
                self.free.splice(left..left + 2, [melted]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arena: &Arena, extent: Extent) -> Vec<u8> {
        // SAFETY: the extent was stored and not freed.
        unsafe {
            std::slice::from_raw_parts(arena.pages(extent.start, extent.count), extent.count * PAGE).to_vec()
        }
    }

    #[test]
    fn freed_room_is_used_again_and_reads_as_what_was_stored_last() {
        let arena = Arena::new().unwrap();
        let a = arena.store(&[1; PAGE]).unwrap();
        let b = arena.store(&[2; 2 * PAGE]).unwrap();
        let c = arena.store(&[3; PAGE]).unwrap();
        arena.free(a);
        arena.free(b);
        let d = arena.store(&[4; 3 * PAGE]).unwrap();
        assert_eq!(d.start, a.start, "melted neighbours fit a larger extent");
        assert_eq!(read(&arena, d), vec![4; 3 * PAGE]);
        assert_eq!(read(&arena, c), vec![3; PAGE]);
    }

    #[test]
    fn give_melts_on_both_sides() {
        let mut space = Space { free: vec![], end: 30, len: 1024 };
        for start in [0, 20, 10] {
            space.give(Extent { start, count: 10 });
        }
        assert_eq!(space.free, vec![Extent { start: 0, count: 30 }]);
    }
}
