//! Native stacks for the fibers guests run on, kept for re-use.
//!
//! A fresh stack costs a mapping and a page fault for every page touched; a used one costs neither.

use std::{io, ops::Range, ptr, sync::Arc};

use parking_lot::Mutex;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags};
use wasmtime::{StackCreator, StackMemory};

use super::PAGE;

/// Stacks kept when not in use.
const KEPT: usize = 256;

/// What a kept stack may hold in memory, counted from its top: ordinary invocations stay within, deep recursion
/// does not, and what it touched is given back.
const RESIDENT: usize = 256 << 10;

/// Stacks that wait for the next fiber.
#[derive(Debug, Default, Clone)]
pub(crate) struct StackPool(Arc<Mutex<Vec<Mapping>>>);

/// A mapping whose lowest page is the guard.
#[derive(Debug)]
struct Mapping {
    base: *mut u8,
    len: usize,
}

// SAFETY: the mapping is owned by this value alone.
unsafe impl Send for Mapping {}
// SAFETY: a shared reference gives no access to its contents.
unsafe impl Sync for Mapping {}

impl Mapping {
    fn new(size: usize) -> io::Result<Self> {
        let len = size.next_multiple_of(PAGE) + PAGE;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a fresh mapping without access at an address of the kernel's choice.
        let base = unsafe { rustix::mm::mmap_anonymous(ptr::null_mut(), len, ProtFlags::empty(), flags)? };
        let mapping = Self { base: base.cast(), len };
        // SAFETY: everything above the guard page of the mapping just made.
        unsafe {
            let above = mapping.base.add(PAGE).cast();
            rustix::mm::mprotect(above, len - PAGE, MprotectFlags::READ | MprotectFlags::WRITE)?;
        }
        Ok(mapping)
    }
}

impl Mapping {
    /// Gives back what lies deeper than [`RESIDENT`], if the stack ever got there.
    fn trim(&self) {
        let Some(deep) = self.len.checked_sub(RESIDENT).filter(|deep| *deep > 2 * PAGE) else { return };
        // SAFETY: one page inside the mapping, above the guard; no fiber runs on it any more.
        let mark = unsafe { std::slice::from_raw_parts(self.base.add(deep - PAGE), PAGE) };
        // Frames that pass through a page leave return addresses in it; an untouched page reads as zeros.
        if mark.chunks_exact(64).any(|line| line.iter().fold(0, |seen, byte| seen | byte) != 0) {
            // SAFETY: from the guard page to the mark; contents of a stack without frames.
            let _ = unsafe {
                rustix::mm::madvise(self.base.add(PAGE).cast(), deep - PAGE, Advice::LinuxDontNeed)
            };
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: made in `new` with this length; no fiber runs on it any more.
        let _ = unsafe { rustix::mm::munmap(self.base.cast(), self.len) };
    }
}

/// A stack in use by one fiber.
#[derive(Debug)]
struct Stack {
    pool: StackPool,
    /// Always there until dropped.
    mapping: Option<Mapping>,
}

impl Stack {
    fn mapping(&self) -> (*mut u8, usize) {
        self.mapping.as_ref().map_or((ptr::null_mut(), 0), |m| (m.base, m.len))
    }
}

// SAFETY: page-aligned, with an inaccessible guard page below, owned by this value until it is dropped.
unsafe impl StackMemory for Stack {
    fn top(&self) -> *mut u8 {
        let (base, len) = self.mapping();
        base.wrapping_add(len)
    }

    fn range(&self) -> Range<usize> {
        let (base, len) = self.mapping();
        base as usize + PAGE..base as usize + len
    }

    fn guard_range(&self) -> Range<*mut u8> {
        let (base, _) = self.mapping();
        base..base.wrapping_add(PAGE)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if let Some(mapping) = self.mapping.take() {
            mapping.trim();
            let mut kept = self.pool.0.lock();
            if kept.len() < KEPT {
                kept.push(mapping);
            }
        }
    }
}

// SAFETY: see `Stack`. A used stack is not zeroed: native frames of an earlier fiber are not readable by
// WebAssembly, and this pool serves engines that were configured without `async_stack_zeroing`.
unsafe impl StackCreator for StackPool {
    fn new_stack(&self, size: usize, zeroed: bool) -> Result<Box<dyn StackMemory>, wasmtime::Error> {
        let used = if zeroed { None } else { self.0.lock().pop() };
        let mapping = match used {
            Some(mapping) if mapping.len >= size + PAGE => mapping,
            _ => Mapping::new(size)?,
        };
        Ok(Box::new(Stack { pool: self.clone(), mapping: Some(mapping) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_aligned_guarded_and_used_again() {
        let pool = StackPool::default();
        let first = pool.new_stack(64 << 10, false).unwrap();
        let (top, range, guard) = (first.top() as usize, first.range(), first.guard_range());
        assert_eq!((top % PAGE, top), (0, range.end));
        assert_eq!((range.len(), guard.end as usize), (64 << 10, range.start));
        // SAFETY: the lowest and the highest word of the stack.
        unsafe {
            (range.start as *mut u64).write(1);
            (range.end as *mut u64).sub(1).write(1);
        }
        drop(first);
        let again = pool.new_stack(64 << 10, false).unwrap();
        assert_eq!(again.top() as usize, top);
        drop(again);

        let deep = pool.new_stack(1 << 20, false).unwrap();
        let range = deep.range();
        // SAFETY: inside the stack.
        unsafe { ptr::write_bytes(range.start as *mut u8, 1, range.len()) };
        drop(deep);
        let again = pool.new_stack(1 << 20, false).unwrap();
        assert_eq!(again.range(), range);
        // SAFETY: as above.
        let (low, high) =
            unsafe { ((range.start as *const u8).read(), (range.end as *const u8).sub(1).read()) };
        assert_eq!((low, high), (0, 1), "the deep part was given back, the top was kept");
        assert_ne!(pool.new_stack(1 << 20, false).unwrap().range(), range);
    }
}
