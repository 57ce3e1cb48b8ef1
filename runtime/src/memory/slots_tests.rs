//! What a slot shows after it was written to: a file of its own, because the ways to be wrong are many.

use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

use super::{
    super::creator::{SlotCreator, dropping},
    *,
};

fn image(pool: &Arc<Pool>, below: Option<&Arc<Mapped>>, start: usize, fill: &[u8]) -> Arc<Mapped> {
    let pages: Vec<u8> = fill.iter().flat_map(|b| [*b; PAGE]).collect();
    pool.load(below, 64, &[Run { start, count: fill.len(), arena: 0 }], &pages).unwrap()
}

fn memory(image: &Arc<Mapped>) -> Box<dyn LinearMemory> {
    assert!(image.prepare().unwrap());
    SlotCreator.new_memory(MemoryType::new(1, None), 65536, None, Some(RESERVATION), GUARD).unwrap()
}

fn bytes(memory: &dyn LinearMemory) -> &[u8] {
    // SAFETY: the memory is accessible for its size and not written meanwhile.
    unsafe { std::slice::from_raw_parts(memory.as_ptr(), memory.byte_size()) }
}

fn fill(memory: &dyn LinearMemory, byte: u8) {
    // SAFETY: the memory is accessible for its size and not read meanwhile.
    unsafe { ptr::write_bytes(memory.as_ptr(), byte, memory.byte_size()) };
}

fn expected(base: (usize, u8), own: (usize, u8)) -> Vec<u8> {
    let mut want = vec![0; 64 * PAGE];
    for (page, byte) in [base, own] {
        want[page * PAGE..(page + 1) * PAGE].fill(byte);
    }
    want
}

/// Every page is written with a secret, also pages beyond the image; the next tenant of the slot sees none.
#[test]
fn a_slot_never_shows_what_another_tenant_wrote() {
    for reset in [None, Some(Reset::Discard)] {
        let (pool, _) = Pool::new(1, reset).unwrap();
        let base = image(&pool, None, 3, &[7]);
        let a = image(&pool, Some(&base), 10, &[8]);
        let b = image(&pool, Some(&base), 11, &[9]);
        for _ in 0..3 {
            for (image, own) in [(&a, (10, 8)), (&a, (10, 8)), (&b, (11, 9))] {
                let mut memory = memory(image);
                assert_eq!(bytes(&*memory), expected((3, 7), own));
                memory.grow_to(80 * PAGE).unwrap();
                assert!(bytes(&*memory)[64 * PAGE..].iter().all(|b| *b == 0));
                fill(&*memory, 0xAA);
            }
        }
    }
}

/// Pages that are on their way to another frame while the slot is reset must be restored too.
#[test]
fn resets_hold_while_the_kernel_compacts_memory() {
    let (pool, _) = Pool::new(1, None).unwrap();
    let image = image(&pool, None, 3, &[7]);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Needs root; without it the loop below is still a test of its own.
            while !done.load(Ordering::Relaxed) {
                let _ = std::fs::write("/proc/sys/vm/compact_memory", "1");
                std::thread::yield_now();
            }
        });
        for round in 0..2_000 {
            let memory = memory(&image);
            assert!(bytes(&*memory) == expected((3, 7), (3, 7)), "round {round}");
            fill(&*memory, 0xAA);
        }
        done.store(true, Ordering::Relaxed);
    });
}

/// Whatever pages an instance writes, without a page fault they are among those that are private already.
#[test]
fn without_a_page_fault_nobody_has_to_look() {
    let (pool, _) = Pool::new(1, None).unwrap();
    let image = image(&pool, None, 3, &[7]);
    let (mut looked, mut knew) = (0, 0);
    for round in 0..400_usize {
        let mark = image.fault_mark().expect("Linux counts faults");
        let memory = memory(&image);
        // The pages of the last eight rounds have been written to, those of the next have not.
        for page in [round / 8, round % 8] {
            // SAFETY: inside the memory, which nobody reads meanwhile.
            unsafe { memory.as_ptr().add(page * PAGE).write_bytes(0xAA, PAGE) };
        }
        if mark.is_unfaulted() {
            knew += 1;
            dropping(memory.as_ptr().cast_const(), Some(mark), || drop(memory));
        } else {
            looked += 1;
            drop(memory);
        }
        let after = self::memory(&image);
        assert!(bytes(&*after) == expected((3, 7), (3, 7)), "round {round}");
    }
    // A page written to for the first time is a fault; most rounds write to none.
    assert!(looked >= 50 && knew >= 200, "looked {looked} times, knew {knew} times");
}

/// A promise of the calling thread that there are no new private pages, true or not.
fn promise(image: &Mapped) -> Option<FaultMark> {
    let mark = (0..100).find_map(|_| image.fault_mark().filter(FaultMark::is_unfaulted));
    assert!(mark.is_some(), "a moment without a page fault");
    mark
}

/// A drop under such a promise.
fn promised(image: &Mapped, memory: Box<dyn LinearMemory>) {
    dropping(memory.as_ptr().cast_const(), promise(image), || drop(memory));
}

#[test]
fn a_promise_holds_for_the_memory_it_was_made_for() {
    let (pool, _) = Pool::new(2, None).unwrap();
    let image = image(&pool, None, 3, &[7]);
    for _ in 0..3 {
        let (one, two) = (memory(&image), memory(&image));
        fill(&*one, 0xAA);
        dropping(two.as_ptr().cast_const(), promise(&image), || drop(one));
        drop(two);
        let (one, two) = (memory(&image), memory(&image));
        assert!(bytes(&*one) == expected((3, 7), (3, 7)));
        assert!(bytes(&*two) == expected((3, 7), (3, 7)));
    }
}

/// One look, and then none for as long as only pages are written that were private then.
#[test]
fn what_is_known_of_a_slot_outlives_many_calls() {
    let (pool, _) = Pool::new(1, None).unwrap();
    let image = image(&pool, None, 3, &[7]);
    let first = memory(&image);
    for page in [3, 5, 6, 20] {
        // SAFETY: inside the memory, which nobody reads meanwhile.
        unsafe { first.as_ptr().add(page * PAGE).write_bytes(1, PAGE) };
    }
    drop(first);
    for byte in 2..30_u8 {
        let memory = memory(&image);
        assert!(bytes(&*memory) == expected((3, 7), (3, 7)), "before {byte}");
        for page in [3, 6, 20] {
            // SAFETY: as above.
            unsafe { memory.as_ptr().add(page * PAGE).write_bytes(byte, PAGE) };
        }
        promised(&image, memory);
        assert_eq!(crate::memory::last_reset().dirty_pages, 4);
    }
    let (mark, last) = (image.fault_mark().unwrap(), memory(&image));
    // SAFETY: as above.
    unsafe { last.as_ptr().add(40 * PAGE).write_bytes(1, PAGE) };
    assert!(!mark.is_unfaulted(), "a page that was not private became so");
    dropping(last.as_ptr().cast_const(), Some(mark), || drop(last));
    assert!(bytes(&*memory(&image)) == expected((3, 7), (3, 7)));
}

/// A slot that nobody has looked through since it was mapped is looked through whatever is promised.
#[test]
fn nothing_is_known_of_a_slot_that_was_mapped_anew() {
    let (pool, _) = Pool::new(1, None).unwrap();
    let (a, b) = (image(&pool, None, 3, &[7]), image(&pool, None, 4, &[8]));
    for _ in 0..3 {
        for (image, own) in [(&a, (3, 7)), (&b, (4, 8))] {
            let memory = memory(image);
            assert!(bytes(&*memory) == expected(own, own));
            fill(&*memory, 0xAA);
            promised(image, memory);
        }
    }
}

/// What a memory grew by is taken away without a look, too.
#[test]
fn growth_is_undone_without_a_look() {
    let (pool, _) = Pool::new(1, None).unwrap();
    let image = image(&pool, None, 3, &[7]);
    drop(memory(&image));
    for _ in 0..3 {
        let mut memory = memory(&image);
        memory.grow_to(80 * PAGE).unwrap();
        assert!(bytes(&*memory)[64 * PAGE..].iter().all(|b| *b == 0));
        // SAFETY: inside the memory, which nobody reads meanwhile.
        unsafe { memory.as_ptr().add(70 * PAGE).write_bytes(0xAA, PAGE) };
        promised(&image, memory);
    }
}

#[test]
fn a_full_pool_says_so_and_a_dropped_image_frees_its_slots() {
    let (pool, _) = Pool::new(2, None).unwrap();
    let a = image(&pool, None, 0, &[1]);
    let b = image(&pool, None, 0, &[2]);
    let (one, two) = (memory(&a), memory(&a));
    assert!(!b.prepare().unwrap(), "both slots are in use");
    drop(one);
    let three = memory(&b);
    assert_eq!(bytes(&*three)[0], 2, "the warm slot of another image was taken over");
    drop((two, three));
    drop(a);
    assert_eq!(pool.blank.lock().len(), 1);
}

#[test]
fn large_dirty_sets_are_restored_and_not_kept() {
    let (pool, _) = Pool::new(1, None).unwrap();
    let pages = KEEP_PAGES + 500;
    let image = pool.load(None, pages, &[], &[]).unwrap();
    for _ in 0..2 {
        let memory = memory(&image);
        assert!(bytes(&*memory).iter().all(|b| *b == 0));
        fill(&*memory, 1);
    }
}
