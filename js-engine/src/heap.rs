//! The state of the memory when an image is taken. Two things matter then: what finished work left behind must not
//! become part of the image, and what invocations allocate should lie side by side. Each page an invocation touches
//! costs its host a copy, each run of pages a little more.

use std::cell::RefCell;
use std::hint::black_box;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::interpreter;

/// Stack that may hold something worth clearing.
const STACK: usize = interpreter::MAX_STACK + interpreter::STACK_RESERVE;
/// Holes in the heap are filled with blocks of these sizes, the largest first.
const BLOCKS: [usize; 14] = [65536, 32768, 16384, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8];
const PAGE: usize = 65536;

/// Kept back for reporting that memory ran out.
const RESERVE: usize = 128 << 10;

thread_local! {
    static RESERVED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// While it is true, quickjs.wasi.h clears what the interpreter frees.
#[unsafe(export_name = "lambkin_clears_freed")]
static CLEARS_FREED: AtomicBool = AtomicBool::new(false);

/// Clears everything the interpreter frees meanwhile.
pub fn clearing<R>(work: impl FnOnce() -> R) -> R {
    CLEARS_FREED.store(true, Relaxed);
    let done = work();
    CLEARS_FREED.store(false, Relaxed);
    done
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
    // Too large for any hole: the allocator takes it from the end.
    let probe = Vec::<u8>::with_capacity(1 << 20);
    let end = black_box(&probe).as_ptr() as usize;
    drop(probe);
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

/// Clears what was in use beyond `end` some time ago. All of it is looked at: zeros of any length say nothing about what
/// lies behind them, and memory that was never used is read, not written, so it stays shared.
fn clear_beyond(end: usize) {
    let len = (core::arch::wasm32::memory_size::<0>() * PAGE - end).saturating_sub(PAGE);
    let mut rest = Vec::<u64>::with_capacity(len / 8);
    for word in rest.spare_capacity_mut() {
        let word = word.as_mut_ptr();
        // SAFETY: `word` points into memory that `rest` owns; volatile, because it was not initialised since.
        unsafe {
            if ptr::read_volatile(word) != 0 {
                ptr::write_volatile(word, 0);
            }
        }
    }
}
