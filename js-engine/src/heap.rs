//! The state of the memory when an image is taken. Two things matter then: what finished work left behind must not
//! become part of the image, and what invocations allocate should lie side by side. Each page an invocation touches
//! costs its host a copy, each run of pages a little more.
//!
//! Whatever is freed before an image is taken is cleared then and there ([`wipe_freed`]). Looking for it afterwards is not
//! enough: a block that is in use keeps, where it was not written, what its memory held before.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::hint::black_box;
use std::ptr;

use crate::interpreter;

/// Stack that may hold something worth clearing.
const STACK: usize = interpreter::MAX_STACK + interpreter::STACK_RESERVE;
/// Holes in the heap are filled with blocks of these sizes, the largest first.
const BLOCKS: [usize; 14] = [65536, 32768, 16384, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8];
/// Larger than most holes.
const PROBE: usize = 1 << 20;
/// The allocator keeps less than that for itself at the end of the memory.
const ALLOCATORS_OWN: usize = 128;
/// Beyond that many bytes of zeros the memory was never used, or held nothing but large blocks, which are cleared.
const UNUSED: usize = 256 << 10;
const PAGE: usize = 65536;

/// Kept back for reporting that memory ran out.
const RESERVE: usize = 128 << 10;

thread_local! {
    static RESERVED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

unsafe extern "C" {
    /// Of quickjs.wasi.h: C code frees by it too.
    static mut lambkin_is_wiping: u8;
}

/// From now on, freed blocks are cleared, or no longer. It is for the time in which an image comes to be; invocations,
/// which leave nothing behind, are spared it.
pub fn wipe_freed(is_wiping: bool) {
    // SAFETY: one byte, and there is one thread.
    unsafe { lambkin_is_wiping = is_wiping.into() }
}

/// Rust's allocator: the C library's, and a freed block is cleared while that is wanted.
struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: every block is `System`'s, which is asked for it and given it back with the same layout. What is written to a
// block before it is given back lies within its layout.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promised.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is of `layout.size()` bytes, and nobody uses it any more.
        unsafe {
            if lambkin_is_wiping != 0 {
                ptr::write_bytes(block, 0, layout.size());
                // Or the compiler would leave the zeros out, because nobody may read them.
                black_box(block);
            }
            System.dealloc(block, layout);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promised that `size` and the alignment make a layout; the old block and the new one are
        // apart, and each has as many bytes as are copied.
        unsafe {
            if lambkin_is_wiping == 0 {
                return System.realloc(block, layout, size);
            }
            let moved = System.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

/// Whether the host refuses to let the memory grow, and little is left of it; or what was kept back is in use already.
pub fn is_exhausted() -> bool {
    if RESERVED.with_borrow(|reserved| reserved.capacity() == 0) {
        return true;
    }
    let mut probe = Vec::<u8>::new();
    let is_refused = probe.try_reserve_exact(RESERVE / 2).is_err();
    // Or the compiler would leave the allocation out.
    black_box(&mut probe);
    is_refused
}

/// Gives back what was kept for the time when nothing else is left.
pub fn release_reserve() {
    RESERVED.take();
}

/// Clears the dead and closes the gaps. What is allocated from now on comes from the end of the heap.
pub fn settle() {
    RESERVED.with_borrow_mut(|reserved| reserved.reserve_exact(RESERVE));
    clear_stack();
    let end = fill_holes();
    clear_beyond(end);
}

/// Overwrites what finished calls left on the stack.
#[inline(never)]
fn clear_stack() {
    black_box(&mut [0u8; STACK]);
}

/// Gives the holes between living blocks away for good, cleared. Returns where the unused end of the heap begins.
fn fill_holes() -> usize {
    let end = fill_large_holes();
    for size in BLOCKS {
        loop {
            let block = vec![0u8; size];
            if block.as_ptr() as usize >= end {
                break;
            }
            clear_whole(black_box(block).leak());
        }
    }
    end
}

/// Gives away the holes that a large block fits into. Returns where the unused end of the heap begins.
fn fill_large_holes() -> usize {
    let mut end = 0;
    for _ in 0..=memory_size() / PROBE {
        let mut probe = Vec::<u8>::with_capacity(PROBE);
        end = black_box(&mut probe).as_mut_ptr() as usize;
        // SAFETY: behind the bytes of a block the allocator keeps the size of what follows, the lowest bits being flags;
        // something always follows. It is the unused end when it reaches as far as the memory does.
        let behind = unsafe {
            let size = (end + malloc_usable_size(probe.as_ptr())) as *const u32;
            size as usize + (ptr::read_volatile(size) & !7) as usize
        };
        if behind + ALLOCATORS_OWN >= memory_size() {
            break;
        }
        probe.resize(PROBE, 0);
        clear_whole(probe.leak());
    }
    end
}

fn memory_size() -> usize {
    core::arch::wasm32::memory_size::<0>() * PAGE
}

unsafe extern "C" {
    fn malloc_usable_size(block: *const u8) -> usize;
}

/// Clears what the allocator gave beyond the bytes that were asked for: the rest of a hole that was too small to split.
fn clear_whole(block: &'static mut [u8]) {
    // SAFETY: the block is the allocator's, which says how many bytes from its beginning are the block's alone.
    unsafe {
        let usable = malloc_usable_size(block.as_ptr());
        ptr::write_bytes(block.as_mut_ptr().add(block.len()), 0, usable.saturating_sub(block.len()));
    }
}

/// Clears what was in use beyond `end` some time ago: its content is gone, but not what the allocator noted in it, which
/// would make the image larger.
fn clear_beyond(end: usize) {
    let len = (memory_size() - end).saturating_sub(PAGE);
    let mut rest = Vec::<u64>::with_capacity(len / 8);
    let mut zeros = 0;
    for word in rest.spare_capacity_mut() {
        let word = word.as_mut_ptr();
        // SAFETY: `word` points into memory that `rest` owns; volatile, because it was not initialised since.
        unsafe {
            if ptr::read_volatile(word) == 0 {
                zeros += 8;
                if zeros > UNUSED {
                    break;
                }
            } else {
                zeros = 0;
                ptr::write_volatile(word, 0);
            }
        }
    }
}
